"""What people have made of an occurrence: its state, who did it, what was moved by hand."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from cadence.core.model.occurrences import DateState, Day, Occurrence


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
class Moved:
    """A person's own choice of the day, laid over the plan's until the task ends or it is taken back."""

    date: date
    due: datetime
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True, init=False)
class Task:
    """An occurrence and what people have made of it. `version` rises by one with every change.

    `moved` and `handed_to` are overlays: they survive every load. `paused_until` is the first day on which
    reminders may come again. `done_by`, `handed_to` are keys of persons.
    """

    occurrence: Occurrence
    state: State
    version: int
    changed_at: datetime
    moved: Moved | None
    confirmed: bool
    handed_to: str | None
    paused_until: date | None
    times_on_it: int
    times_moved: int
    happened_on: date | None
    recorded_at: datetime | None
    done_by: str | None
    reason: str | None

    def __init__(
        self,
        *,
        occurrence: Occurrence,
        state: State = State.PLANNED,
        version: int = 1,
        changed_at: datetime,
        moved: Moved | None = None,
        confirmed: bool = False,
        handed_to: str | None = None,
        paused_until: Day | None = None,
        times_on_it: int = 0,
        times_moved: int = 0,
        happened_on: Day | None = None,
        recorded_at: datetime | None = None,
        done_by: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Writes into the slots themselves, as an occurrence does and for the same reason."""
        _put_occurrence(self, occurrence)
        _put_state(self, state)
        _put_version(self, version)
        _put_changed_at(self, changed_at)
        _put_moved(self, moved)
        _put_confirmed(self, confirmed)
        _put_handed_to(self, handed_to)
        _put_paused_until(self, paused_until)
        _put_times_on_it(self, times_on_it)
        _put_times_moved(self, times_moved)
        _put_happened_on(self, happened_on)
        _put_recorded_at(self, recorded_at)
        _put_done_by(self, done_by)
        _put_reason(self, reason)

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
    def when(self) -> str:
        """The instant it begins, else its day, as events keep it."""
        return self.starts.isoformat() if self.starts else self.date.isoformat()

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


(
    _put_occurrence, _put_state, _put_version, _put_changed_at, _put_moved, _put_confirmed, _put_handed_to,
    _put_paused_until, _put_times_on_it, _put_times_moved, _put_happened_on, _put_recorded_at, _put_done_by,
    _put_reason,
) = (getattr(Task, field.name).__set__ for field in fields(Task))  # fmt: skip
"""What sets each slot of a task, past the lock of a frozen class. Nothing else may use them."""
