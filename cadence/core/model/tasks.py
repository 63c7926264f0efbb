"""What the plan asks once, and what people have made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
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
class Occurrence:
    """What the plan asks once: the compiler's output. `id` depends on plan, activity, about and slot alone.

    `date` is the fixed or proposed day after rolling; `window` the days inside which it is on time; `due` the
    end of the working day of the date (fixed) or of the window's last working day (proposed). `starts` and
    `ends` are None for all-day entries. `minutes` None means the length is not stated.
    """

    id: str
    plan: str
    activity: str
    kind: str
    weight: Weight
    mode: Mode
    about: str
    seat: str
    attendees: tuple[str, ...]
    slot: str
    wave: str | None
    language: str
    title: str
    date: date
    window: Days
    date_state: DateState
    due: datetime
    starts: datetime | None
    ends: datetime | None
    timezone: str
    minutes: int | None
    when_absent: WhenAbsent


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
