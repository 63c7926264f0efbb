"""Meeting: on which days of a window the two of a pair can come together, and what to say when they cannot.

The days of two calendars are worked out once for all pairs who work by these; only a window that an absence touches
is looked at by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cadence.core.compiler.dating import Dated, Table
from cadence.core.directory import Directory
from cadence.core.model import Days
from cadence.core.worktime import Worktime


@dataclass(frozen=True, slots=True)
class Pair:
    """Those whose day a task takes, the one who owes it first; one alone without a partner, nobody for an empty
    seat. `calendars` numbers their regular working times."""

    people: tuple[str, ...]
    calendars: tuple[int, ...]
    worktimes: tuple[Worktime, ...]
    away: tuple[Days, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The best days there are, in order, and how each lies in the window (days after its start): two windows of one
    shape offer the same days. `code` names the finding that they are worth, None when they are as wished."""

    days: tuple[date, ...]
    shape: tuple[int, ...]
    code: str | None = None


class Meeting:
    """The days of each window, remembered by table and calendars."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._numbers: dict[Worktime, int] = {}
        self._pairs: dict[tuple[str | None, str | None], Pair] = {}
        self._choices: dict[tuple[Table, tuple[int, ...]], tuple[Choice, ...]] = {}

    def pair(self, holder: str | None, partner: str | None) -> Pair:
        """None and a partner who is the holder are left out."""
        if (holder, partner) not in self._pairs:
            people = tuple(dict.fromkeys(person for person in (holder, partner) if person))
            regular = [self._directory.regular[person] for person in people]
            calendars = tuple(self._numbers.setdefault(worktime, len(self._numbers)) for worktime in regular)
            worktimes = tuple(self._directory.worktimes[person] for person in people)
            away = tuple(span for worktime in worktimes for span in worktime.away)
            self._pairs[holder, partner] = Pair(people, calendars, worktimes, away)
        return self._pairs[holder, partner]

    def choices(self, table: Table, pair: Pair) -> tuple[Choice, ...]:
        """For each row of `table`, the days of its whole window."""
        key = (table, pair.calendars)
        if key not in self._choices:
            regular = [worktime.regular() for worktime in pair.worktimes]
            self._choices[key] = tuple(_choice(dated, dated.window, regular) for dated in table.rows)
        found = self._choices[key]
        if not pair.away:
            return found
        mine = list(found)
        for at, dated in enumerate(table.rows):
            start, stop = dated.window.start, dated.window.stop
            for span in pair.away:
                if span.start < stop and start < span.stop:
                    mine[at] = _choice(dated, dated.window, pair.worktimes)
                    break
        return tuple(mine)

    def choice(self, dated: Dated, pair: Pair, window: Days) -> Choice:
        """The days of a part of the slot's own window."""
        return _choice(dated, window, pair.worktimes)


def _choice(dated: Dated, window: Days, pair: Sequence[Worktime]) -> Choice:
    """Its own days on which both work, else others on which both do, else the holder's alone, else the calendar's."""
    own = tuple(day for day in dated.choices if day in window)
    others = tuple(day for day in dated.others if day in window)
    for who, days, code in (
        (pair, own, None),
        (pair, others, "P308" if own else None),
        (pair[:1], own, "P303"),
        (pair[:1], others, "P303"),
    ):
        met = tuple(day for day in days if all(worktime.works(day) for worktime in who))
        if met:
            return _shaped(met, dated.window.start, code)
    return _shaped(own or others, dated.window.start, "P303" if pair else None)


def _shaped(days: tuple[date, ...], start: date, code: str | None) -> Choice:
    first = start.toordinal()
    return Choice(days, tuple(day.toordinal() - first for day in days), code)
