"""The values that travel the road: people, occurrences, tasks, answers, events, messages owed.

Everything here is frozen. Persons are named by their key (an alias, see the glossary); only the store knows
the opaque ids behind it. Instants are aware and in UTC, ranges of days are half-open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

NOTHING: Mapping[str, str] = MappingProxyType({})


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the user's text: lines and columns count from 1; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake or a finding in what the user wrote: what is wrong, where, and what to write instead."""

    code: str
    severity: Severity
    place: Place
    path: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}:{self.place.column}"
        path = f" {self.path}" if self.path else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{where}: {self.severity}[{self.code}]{path}: {self.message}{remedy}"


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days from `start` up to but not including `stop`. Empty when they are equal."""

    start: date
    stop: date

    @classmethod
    def inclusive(cls, first: date, last: date) -> Days:
        return cls(first, last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day inside; plans and JSON name this one."""
        return self.stop - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.stop

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range((self.stop - self.start).days))

    def meet(self, other: Days) -> Days:
        """What both cover; possibly empty, never negative."""
        start = max(self.start, other.start)
        return Days(start, max(start, min(self.stop, other.stop)))


WORKWEEK = frozenset({0, 1, 2, 3, 4})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone of the installation. `identity` is `id:...` or `mail:...` and never changes; `key` is the alias.

    `workdays` holds weekday numbers (0 is Monday). `reports_to` is another person's key, or None where the
    plan's roles decide the line above. `channel` None means Slack where it is set up, else mail.
    """

    key: str
    identity: str
    name: str
    email: str | None = None
    timezone: str = "UTC"
    country: str | None = None
    subdivision: str | None = None
    workdays: frozenset[int] = WORKWEEK
    opens: time = time(8)
    closes: time = time(18)
    language: str = "en"
    channel: str | None = None
    brief: time = time(8, 30)
    reports_to: str | None = None
    team: str | None = None
    region: str | None = None
    tags: frozenset[str] = frozenset()
    started: date | None = None
    left: date | None = None
    external: bool = False
    away: tuple[Days, ...] = ()


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


class Reason(StrEnum):
    """Why something was not done. The words for them are in the catalogue."""

    CUSTOMER_FIRST = "customer-first"
    REP_ABSENT = "rep-absent"
    I_WAS_ABSENT = "i-was-absent"
    NO_OCCASION = "no-occasion"
    DOES_NOT_FIT = "does-not-fit"
    NO_POINT = "no-point"
    OTHER = "other"


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
    OPENED = "opened"
    ANSWERED = "answered"
    SETTLED = "settled"
    NOTIFIED = "notified"
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


class Rung(StrEnum):
    """The steps of the ladder, in order within a weight (see `agenda`)."""

    BEFORE_10 = "before-10"
    BEFORE_2 = "before-2"
    PLACE = "place"
    TODAY = "today"
    HELP = "help"
    TOLD = "told"
    DECIDE = "decide"
    SPONSOR = "sponsor"
    PATTERN = "pattern"
    CANT = "cant"
    VACANT = "vacant"


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
    PLACE = "place"
    TODAY = "today"
    OVERDUE = "overdue"
    COMING = "coming"
    TOLD = "told"
    EXCEPTIONS = "exceptions"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line owed in a message: which section, which task or decision, at which rung (None: listed, not due).

    `code` names an exception of the keepers' section in place of a task; `subject` is then a person's key.
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


Outcome = Sent | Temporary | Permanent | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Messages stopped for a scope (`all`, `plan/KEY`, `team/KEY`, `person/KEY`) through `until`, the last day."""

    scope: str
    until: date
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that a compile reads, verbatim: the plan's text, its parents', the people file, resolved holidays.

    `files` maps the name as written to its text, the plan itself first; `holidays` maps a calendar (`US`,
    `US-NY`) to its days; `plan` is the file name of the plan. `hash` names the whole.
    """

    plan: str
    files: tuple[tuple[str, str], ...]
    holidays: tuple[tuple[str, tuple[date, ...]], ...]
    hash: str


def utc(when: datetime) -> datetime:
    """The same instant in UTC; refuses a naive one."""
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC)
