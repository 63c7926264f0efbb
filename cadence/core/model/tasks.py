"""What the plan asks once, and what people have made of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from cadence.core.model.days import Days


class Weight(StrEnum):
    LIGHT = "light"
    STANDARD = "standard"
    KEY = "key"


class Mode(StrEnum):
    """Active reinforcement is something people do together; passive is a gate in the daily systems."""

    ACTIVE = "active"
    PASSIVE = "passive"


class WhenAbsent(StrEnum):
    """What becomes of a task whose seat's holder is away on its day."""

    MOVE = "move"
    BACKUP = "backup"
    SKIP = "skip"


class DateState(StrEnum):
    FIXED = "fixed"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"


class State(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    MISSED = "missed"
    RETIRED = "retired"

    @property
    def live(self) -> bool:
        """Somebody still owes it."""
        return self in (State.PLANNED, State.OPEN)

    @property
    def closed(self) -> bool:
        """It is history: no load ever touches it. `retired` is neither live nor closed; it may come back."""
        return self in (State.DONE, State.SKIPPED, State.MISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the tasks of one series have in common, settled once and shared by them all.

    `timezone` is that of whoever holds the seat; `minutes` None means the length is not stated; `wave` None that the
    plan starts everywhere at once, or the task is the whole plan's.
    """

    plan: str
    activity: str
    kind: str
    weight: Weight
    mode: Mode
    about: str
    seat: str
    wave: str | None
    language: str
    title: str
    date_state: DateState
    timezone: str
    minutes: int | None
    when_absent: WhenAbsent


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What the plan asks once: the compiler's output. `id` depends on plan, activity, about and slot alone.

    `date` is the fixed or proposed day after rolling; `window` the days inside which it is on time; `due` the
    end of the working day of the date (fixed) or of the window's last working day (proposed). `starts` and
    `ends` are None for all-day entries. What it shares with its series (`terms`) is read as if it were its own.
    """

    id: str
    terms: Terms
    slot: str
    date: date
    window: Days
    due: datetime
    starts: datetime | None
    ends: datetime | None
    attendees: tuple[str, ...]

    @classmethod
    def of(cls, **told: Any) -> Occurrence:  # noqa: ANN401  # each has the type of its field
        """From all of `OCCURRENCE_FIELDS` by name."""
        terms = Terms(**{name: told.pop(name) for name in TERMS_FIELDS})
        return cls(terms=terms, **told)

    def but(self, **changes: Any) -> Occurrence:  # noqa: ANN401  # as in `of`
        """The same with other values, whichever part they live in."""
        shared = {name: changes.pop(name) for name in TERMS_FIELDS if name in changes}
        return replace(self, terms=replace(self.terms, **shared), **changes)

    @property
    def plan(self) -> str:
        return self.terms.plan

    @property
    def activity(self) -> str:
        return self.terms.activity

    @property
    def kind(self) -> str:
        return self.terms.kind

    @property
    def weight(self) -> Weight:
        return self.terms.weight

    @property
    def mode(self) -> Mode:
        return self.terms.mode

    @property
    def about(self) -> str:
        return self.terms.about

    @property
    def seat(self) -> str:
        return self.terms.seat

    @property
    def wave(self) -> str | None:
        return self.terms.wave

    @property
    def language(self) -> str:
        return self.terms.language

    @property
    def title(self) -> str:
        return self.terms.title

    @property
    def date_state(self) -> DateState:
        return self.terms.date_state

    @property
    def timezone(self) -> str:
        return self.terms.timezone

    @property
    def minutes(self) -> int | None:
        return self.terms.minutes

    @property
    def when_absent(self) -> WhenAbsent:
        return self.terms.when_absent


TERMS_FIELDS = tuple(field.name for field in fields(Terms))
OCCURRENCE_FIELDS = (
    "id", "plan", "activity", "kind", "weight", "mode", "about", "seat", "attendees", "slot", "wave", "language",
    "title", "date", "window", "date_state", "due", "starts", "ends", "timezone", "minutes", "when_absent",
)  # fmt: skip
"""Everything an occurrence says, in the order in which documents say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A person's own choice of the day, laid over the plan's until the task ends or it is taken back."""

    date: date
    due: datetime
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An occurrence and what people have made of it. `version` rises by one with every change.

    `moved` and `handed_to` are overlays: they survive every load. `paused_until` is the first day on which
    reminders may come again. `done_by`, `handed_to` are keys of persons.
    """

    occurrence: Occurrence
    state: State = State.PLANNED
    version: int = 1
    changed_at: datetime
    moved: Moved | None = None
    confirmed: bool = False
    handed_to: str | None = None
    paused_until: date | None = None
    times_on_it: int = 0
    times_moved: int = 0
    happened_on: date | None = None
    recorded_at: datetime | None = None
    done_by: str | None = None
    reason: str | None = None

    @property
    def id(self) -> str:
        return self.occurrence.id

    @property
    def date(self) -> date:
        return self.moved.date if self.moved else self.occurrence.date

    @property
    def due(self) -> datetime:
        return self.moved.due if self.moved else self.occurrence.due

    @property
    def starts(self) -> datetime | None:
        return self.moved.starts if self.moved else self.occurrence.starts

    @property
    def ends(self) -> datetime | None:
        return self.moved.ends if self.moved else self.occurrence.ends

    @property
    def date_state(self) -> DateState:
        if self.occurrence.date_state is DateState.PROPOSED and (self.moved or self.confirmed):
            return DateState.CONFIRMED
        return self.occurrence.date_state

    @property
    def on_time(self) -> bool | None:
        """It happened inside the original window. None while it has not happened."""
        return None if self.happened_on is None else self.happened_on in self.occurrence.window

    @property
    def series(self) -> tuple[str, str, str]:
        """What it repeats: plan, activity, about."""
        return (self.occurrence.plan, self.occurrence.activity, self.occurrence.about)

    @property
    def round(self) -> str:
        """Names the round of reminders: a new due day begins a new one."""
        return self.due.astimezone(ZoneInfo(self.occurrence.timezone)).date().isoformat()
