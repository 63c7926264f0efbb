"""What the plan asks once, and what it shares with the rest of its series."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cadence.core.model.days import Days

Day = date
"""The type, where a class calls one of its fields `date`."""


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


@dataclass(frozen=True, slots=True, init=False)
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

    def __init__(
        self,
        id: str,
        terms: Terms,
        slot: str,
        date: Day,
        window: Days,
        due: datetime,
        starts: datetime | None,
        ends: datetime | None,
        attendees: tuple[str, ...],
    ) -> None:
        """Writes into the slots themselves. What `dataclass` makes for a frozen class looks each field up by its name,
        and a schedule of a million tasks takes twice as long to make."""
        _put_id(self, id)
        _put_terms(self, terms)
        _put_slot(self, slot)
        _put_date(self, date)
        _put_window(self, window)
        _put_due(self, due)
        _put_starts(self, starts)
        _put_ends(self, ends)
        _put_attendees(self, attendees)

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


(
    _put_id, _put_terms, _put_slot, _put_date, _put_window, _put_due, _put_starts, _put_ends, _put_attendees,
) = (getattr(Occurrence, field.name).__set__ for field in fields(Occurrence))  # fmt: skip
"""What sets each slot of an occurrence, past the lock of a frozen class. Nothing else may use them."""

TERMS_FIELDS = tuple(field.name for field in fields(Terms))
OCCURRENCE_FIELDS = (
    "id", "plan", "activity", "kind", "weight", "mode", "about", "seat", "attendees", "slot", "wave", "language",
    "title", "date", "window", "date_state", "due", "starts", "ends", "timezone", "minutes", "when_absent",
)  # fmt: skip
"""Everything an occurrence says, in the order in which documents say it."""
