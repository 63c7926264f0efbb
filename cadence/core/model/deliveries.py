"""What is owed to whom and what became of it: rungs, notices, lines, deliveries, outcomes, holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from cadence.core.model.answers import NOTHING


class Rung(StrEnum):
    """The steps of the ladder, in order within a weight (see `agenda`).

    A rung of an activity's own is a base with its words, such as `before:3 days` or `told:5 workdays:role/vp`. It is a
    member like the others, made when it is first named: the same words are the same rung, and are stored by value."""

    BEFORE = "before"
    BEFORE_10 = "before-10"
    BEFORE_2 = "before-2"
    PLACE = "place"
    TODAY = "today"
    PING = "ping"
    HELP = "help"
    TOLD = "told"
    DECIDE = "decide"
    SPONSOR = "sponsor"
    PATTERN = "pattern"
    CANT = "cant"
    VACANT = "vacant"
    SOON = "soon"
    CHANGED = "changed"
    WELCOME = "welcome"

    @classmethod
    def _missing_(cls, value: object) -> Rung | None:
        base, colon, words = str(value).partition(":")
        if not (colon and words) or base not in {rung.value for rung in (cls.BEFORE, cls.HELP, cls.TOLD)}:
            return None
        own = str.__new__(cls, value)
        own._name_, own._value_ = str(value).upper(), str(value)
        return cls._value2member_map_.setdefault(own._value_, own)  # type: ignore[return-value]  # a map of rungs

    def own(self, *words: str) -> Rung:
        """The rung of this base that an activity's own `words` name."""
        return Rung(":".join((self.value, *words)))

    @property
    def base(self) -> Rung:
        """What kind of rung it is; one that is nobody's own is its own base."""
        return Rung(self.value.partition(":")[0])


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """One rung said to one person about one subject (a task or a decision) in one round: owed once, ever."""

    subject: str
    round: str
    rung: Rung
    recipient: str


class MessageKind(StrEnum):
    BRIEF = "brief"
    ALERT = "alert"
    DIGEST = "digest"
    POST = "post"
    TEST = "test"


class Section(StrEnum):
    """The parts of a brief, in the order in which they stand."""

    DECIDE = "decide"
    WELCOME = "welcome"
    PLACE = "place"
    TODAY = "today"
    OVERDUE = "overdue"
    COMING = "coming"
    TOLD = "told"
    CHANGED = "changed"
    EXCEPTIONS = "exceptions"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line owed in a message: which section, which task or decision, at which rung (None: listed, not due).

    `code` names an exception of the keepers' section in place of a task; `subject` is then a person's key. With a task
    it says why the line is there: `attends` to whoever takes part and owes nothing, what is held of an empty seat, or
    what a load did to it (`subject` is then the day or the person before).
    `version` is the task's when the line was decided, so that a later change of it can be seen."""

    section: Section
    task_id: str | None = None
    decision_id: str | None = None
    rung: Rung | None = None
    code: str | None = None
    subject: str | None = None
    version: int | None = None


class DeliveryState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one recipient through one channel for one occasion; `key` is unique for ever.

    `occasion` is the day of a brief or the ISO week of a digest. `fence` rises with every claim: only the
    holder of the newest may settle. `edits` is the key of the delivery that this one rewrites. `receipt` is
    what the provider gave back (Slack: `channel` and `ts`; mail: `message_id`). `shows` is the hash of what it
    shows, so that a rewrite is owed when that changes. `subject`, `text`, `payload` are what was really sent.
    """

    key: str
    kind: MessageKind
    recipient: str
    channel: str
    occasion: str
    entries: tuple[Entry, ...] = ()
    state: DeliveryState = DeliveryState.QUEUED
    not_before: datetime
    created_at: datetime
    lease_until: datetime | None = None
    fence: int = 0
    attempts: int = 0
    edits: str | None = None
    receipt: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    shows: str = ""
    subject: str | None = None
    text: str | None = None
    payload: str | None = None
    template_hash: str | None = None
    bundle_hash: str | None = None
    error: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider took it; `receipt` finds it again."""

    receipt: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Temporary:
    """It may go through later; `after` is the provider's own wish, None where it has none."""

    error: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never go through this way to this person: try the next channel."""

    error: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Bytes left, no answer came: it may or may not have arrived. Ask the provider before trying again."""

    error: str


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing was said, and not because of this message: the channel takes none. `after` is how long it asks to be
    left alone; None where somebody has to mend it first."""

    error: str
    after: timedelta | None = None


Outcome = Sent | Temporary | Permanent | Unknown | Closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Messages stopped for a scope (`all`, `plan/KEY`, `team/KEY`, `person/KEY`) through `until`, the last day."""

    scope: str
    until: date
    reason: str
    since: datetime
