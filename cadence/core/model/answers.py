"""What people say, what is remembered of it, and what somebody above is asked to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

NOTHING: Mapping[str, str] = MappingProxyType({})


class Verb(StrEnum):
    """The answers a person can give, the same from every surface."""

    DONE = "done"
    CANT = "cant"
    SKIP = "skip"
    SNOOZE = "snooze"
    ON_IT = "on_it"
    MOVE = "move"
    HAND_OVER = "hand_over"
    PLACE = "place"
    COMMENT = "comment"
    CONFIRM = "confirm"


class Reason(StrEnum):
    """Why something was not done. The words for them are in the catalogue."""

    CUSTOMER_FIRST = "customer-first"
    REP_ABSENT = "rep-absent"
    I_WAS_ABSENT = "i-was-absent"
    NO_OCCASION = "no-occasion"
    DOES_NOT_FIT = "does-not-fit"
    NO_POINT = "no-point"
    OTHER = "other"


REASON_CODES = frozenset(
    {*(reason.value for reason in Reason), "absent", "vacant", "backfilled", "lighter", "paused", "decided"}
)
"""Every reason that a task can carry: what people choose from, and what the program itself gives."""


class Source(StrEnum):
    CLI = "cli"
    SLACK = "slack"
    PAGE = "page"
    API = "api"
    PLAN = "plan"
    BEAT = "beat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody said about a task. `actor` None is the operator at the command line or the API.

    `version` is the task's version the person was looking at; None means the newest, whatever it is.
    `at` is when it was recorded. `form` and `text` are the person's own words and live in erasable rows.
    """

    task_id: str
    verb: Verb
    actor: str | None
    source: Source
    at: datetime
    version: int | None = None
    happened_on: date | None = None
    until: date | None = None
    back: bool = False
    to_person: str | None = None
    reason: str | None = None
    text: str | None = None
    form: Mapping[str, str] = field(default_factory=lambda: NOTHING)


class EventType(StrEnum):
    LOADED = "loaded"
    ADDED = "added"
    AMENDED = "amended"
    RETIRED = "retired"
    RETURNED = "returned"
    ANSWERED = "answered"
    SETTLED = "settled"
    ASKED = "asked"
    DECIDED = "decided"
    HELD = "held"
    RELEASED = "released"
    AWAY = "away"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, kept for ever. Holds no name and no free text: `actor` and `subject` are person
    keys that the store keeps as opaque ids, `data` is codes, dates and numbers."""

    at: datetime
    type: EventType
    source: Source
    plan: str | None = None
    task_id: str | None = None
    actor: str | None = None
    subject: str | None = None
    data: Mapping[str, str] = field(default_factory=lambda: NOTHING)


class DecisionKind(StrEnum):
    KEY_LATE = "key_late"
    SPONSOR = "sponsor"
    CANT = "cant"
    PATTERN = "pattern"
    VACANCY = "vacancy"


class Choice(StrEnum):
    """The ways out of a decision. Each changes the task or the series; none is a mere acknowledgement."""

    HAND_OVER = "hand-over"
    EXTEND = "extend"
    WAIVE = "waive"
    TAKE_OVER = "take-over"
    TALK = "talk"
    LIGHTER = "lighter"
    PAUSE = "pause"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question put to one person above the holder. `id` is derived from what it is about and its round.

    `task_id` is None for a question about a manager's pattern or an empty seat; `tasks` then lists what it is
    about. `about_person` is the holder in question; `round` keeps two questions about one subject apart.
    """

    id: str
    kind: DecisionKind
    plan: str
    task_id: str | None
    tasks: tuple[str, ...]
    about_person: str | None
    asked: str
    asked_at: datetime
    round: str
    choices: tuple[Choice, ...]
    answered_at: datetime | None = None
    choice: Choice | None = None
    by: str | None = None
