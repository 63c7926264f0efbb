"""Triggers as values: once, on dates, a rhythm, several rhythms in a row, or whatever a signal brings about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cadence.core.triggers.quantities import Quantity
from cadence.core.triggers.words import DateWord, Duration, counted

RhythmUnit = Literal["workday", "week", "month", "quarter"]
Roll = Literal["next", "previous", "keep"]


@dataclass(frozen=True, slots=True)
class Every:
    """How often: every `n` workdays, weeks, months or quarters."""

    n: int
    unit: RhythmUnit

    def __str__(self) -> str:
        return self.unit if self.n == 1 else counted(self.n, self.unit)


@dataclass(frozen=True, slots=True)
class Weekdays:
    """One weekday is an appointment: the first such day of the period. Several are a choice, one a period, and
    stand in order of preference. 0 is Monday."""

    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MonthDay:
    """`15th` of the period's first month; in a month that has no such day, its last day."""

    n: int


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """`first mon` to `fourth mon` or `last mon` (-1) of the month or quarter."""

    nth: int
    weekday: int


On = Weekdays | MonthDay | NthWeekday


@dataclass(frozen=True, slots=True)
class Once:
    """On one day; with `from_` it may happen on any day from there to it, and is on time."""

    date: DateWord
    from_: DateWord | None = None


@dataclass(frozen=True, slots=True)
class OnDates:
    """On each of several days, each with an identity of its own."""

    dates: tuple[DateWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Every so often, between `from_` (else the phase's first day, else day 0) and `until` (else the plan's
    end), both inclusive. `on` None means any working day of the period."""

    every: Every
    on: On | None = None
    from_: DateWord | None = None
    until: DateWord | None = None
    during: str | None = None
    times: int | None = None
    except_: tuple[DateWord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Rhythms that follow one another in one series ("weekly to day 30, then every 2 weeks"), within common
    limits. Each has its own `every`, so that no two can ever make the same slot key."""

    parts: tuple[Rhythm, ...]
    from_: DateWord | None = None
    until: DateWord | None = None
    during: str | None = None
    times: int | None = None
    except_: tuple[DateWord, ...] = ()

    def __post_init__(self) -> None:
        if len({part.every for part in self.parts}) < len(self.parts):
            raise ValueError("rhythms of one series need each an `every` of their own")


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """Whatever a signal or a metric brings about; it has no slots of its own. Exactly one of the two is set.

    A signal counts when it says what `where` wants; a metric when its value on `check_on` (else whenever one comes)
    is `below` or `above`, of which exactly one is set. The task is owed `within` so long, and no seat gets more than
    `at_most` of them in a day, week or month."""

    signal: str | None = None
    metric: str | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    below: Quantity | None = None
    above: Quantity | None = None
    check_on: DateWord | None = None
    within: Duration | None = None
    at_most: tuple[int, Literal["day", "week", "month"]] | None = None
    per: Literal["rep", "team", "plan"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A recurrence rule of RFC 5545, daily or slower, counted from `from_` (else the phase's first day, else day 0)
    within the same limits as a rhythm. Its slots are numbered: `r-003` is the third day that the rule names."""

    rule: str
    from_: DateWord | None = None
    until: DateWord | None = None
    during: str | None = None
    times: int | None = None
    except_: tuple[DateWord, ...] = ()


Trigger = Once | OnDates | Rhythm | Several | Rule | Awaited
