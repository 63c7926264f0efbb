"""The tables, written as SQLModel classes and private to this room: one class, one table, nothing but columns.

Enums stand in text columns by value, instants in SQLModel's own aware UTC type, mappings and lists as JSON.
A column that ends in `_id` and points at `persons` keeps history free of names. (Postponed annotations break
SQLModel, so this module has none.)
"""

from datetime import date, datetime, time
from typing import ClassVar

from sqlalchemy import JSON, Index, MetaData, Table, UniqueConstraint, func, literal_column, or_
from sqlmodel import Field, SQLModel

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """The root of all tables, with metadata of its own: another SQLModel user in the process cannot meet it."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMES)


class BundleRow(Row, table=True):
    """Every bundle ever loaded; the newest of a plan is the current one. `moved` or `by_hand` None holds nothing."""

    __tablename__ = "bundles"
    id: int | None = Field(default=None, primary_key=True)
    plan: str = Field(index=True)
    file: str
    files: list[list[str]] = Field(sa_type=JSON)
    holidays: list[list[str | list[str]]] = Field(sa_type=JSON)
    moved: list[list[str]] | None = Field(sa_type=JSON)
    by_hand: list[list[str | None]] | None = Field(sa_type=JSON)
    hash: str = Field(index=True)
    author: str
    loaded_at: datetime


class PersonRow(Row, table=True):
    """What files say of a person, and in the last three columns what they prefer themselves; None where they do not."""

    __tablename__ = "persons"
    __table_args__ = {"sqlite_autoincrement": True}  # an id is never given twice, not even after a deletion
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    identity: str = Field(unique=True)
    name: str
    email: str | None
    timezone: str
    country: str | None
    subdivision: str | None
    workdays: list[int] = Field(sa_type=JSON)
    opens: time
    closes: time
    language: str
    channel: str | None
    brief: time
    reports_to: str | None
    team: str | None
    region: str | None
    tags: list[str] = Field(sa_type=JSON)
    started: date | None
    left: date | None
    external: bool
    own_channel: str | None
    own_brief: time | None
    briefs: str | None


class AbsenceRow(Row, table=True):
    """`source` is `plan/KEY` for those that a plan states, else where it was said."""

    __tablename__ = "absences"
    __table_args__ = (UniqueConstraint("person_id", "source", "start", "stop"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="persons.id")
    source: str
    start: date
    stop: date


class TermsRow(Row, table=True):
    """What many tasks have in common. `id` is a digest of all the rest, so a row is added once and never changed; it
    goes when no task points at it any more, because it carries names."""

    __tablename__ = "terms"
    id: str = Field(primary_key=True)
    plan: str = Field(index=True)
    activity: str
    kind: str
    weight: str
    mode: str
    about: str
    seat: str
    wave: str | None
    language: str
    title: str
    date_state: str
    timezone: str
    minutes: int | None
    when_absent: str
    attendees: list[str] = Field(sa_type=JSON)


class SeriesRow(Row, table=True):
    """What the last load that looked into a series left of it; `absent` of its occurrences were over `at` that instant,
    which was `today` to the plan, and are not stored."""

    __tablename__ = "series"
    plan: str = Field(primary_key=True)
    activity: str = Field(primary_key=True)
    about: str = Field(primary_key=True)
    digest: str
    absent: int
    at: datetime
    today: date


class TaskRow(Row, table=True):
    """One task. `terms_id` names its terms (no foreign key: loads, which alone write either, are one at a time, and a
    check of every row costs as much as a column in ten); `content` is a short word for when the plan asks it, None
    where an older version wrote the row. The day and the instant that hold are the moved ones or else the planned."""

    __tablename__ = "tasks"
    __table_args__ = (Index(None, "terms_id", "state"), Index(None, "state", "window_start"))
    id: str = Field(primary_key=True)
    terms_id: str
    slot: str
    planned_date: date
    planned_due: datetime
    planned_starts: datetime | None
    planned_ends: datetime | None
    window_start: date
    window_stop: date
    content: str | None
    state: str
    version: int
    changed_at: datetime
    moved_date: date | None
    moved_due: datetime | None
    moved_starts: datetime | None
    moved_ends: datetime | None
    confirmed: bool
    handed_to_id: int | None = Field(foreign_key="persons.id")
    paused_until: date | None
    times_on_it: int
    times_moved: int
    happened_on: date | None
    recorded_at: datetime | None
    done_by_id: int | None = Field(foreign_key="persons.id")
    reason: str | None


class NoticeRow(Row, table=True):
    __tablename__ = "notices"
    subject: str = Field(primary_key=True)
    round: str = Field(primary_key=True)
    rung: str = Field(primary_key=True)
    recipient_id: int = Field(primary_key=True, foreign_key="persons.id")
    noted_at: datetime


class TextRow(Row, table=True):
    """Words that people wrote or read; `body` is None once erased, and whoever points here still stands."""

    __tablename__ = "texts"
    id: int | None = Field(default=None, primary_key=True)
    person_id: int | None = Field(foreign_key="persons.id", index=True)
    written_at: datetime = Field(index=True)
    body: str | None


class DeliveryRow(Row, table=True):
    """`recipient_id` is a person; `room` is set instead where a message is posted to a channel."""

    __tablename__ = "deliveries"
    __table_args__ = (Index(None, "state", "not_before"), Index(None, "recipient_id", "sent_at"))
    key: str = Field(primary_key=True)
    kind: str
    recipient_id: int | None = Field(foreign_key="persons.id")
    room: str | None
    channel: str
    occasion: str
    entries: list[dict[str, str | int]] = Field(sa_type=JSON)
    state: str
    not_before: datetime
    created_at: datetime
    changed_at: datetime
    lease_until: datetime | None
    fence: int
    attempts: int
    edits: str | None
    receipt: dict[str, str] = Field(sa_type=JSON)
    shows: str
    text_id: int | None = Field(foreign_key="texts.id")
    text_hash: str | None
    template_hash: str | None
    bundle_hash: str | None
    error: str | None
    sent_at: datetime | None


class AnswerRow(Row, table=True):
    __tablename__ = "answers"
    id: int | None = Field(default=None, primary_key=True)
    task_id: str = Field(foreign_key="tasks.id", index=True)
    verb: str
    actor_id: int | None = Field(foreign_key="persons.id")
    source: str
    at: datetime
    version: int | None
    happened_on: date | None
    until: date | None
    back: bool
    to_person_id: int | None = Field(foreign_key="persons.id")
    reason: str | None
    text_id: int | None = Field(foreign_key="texts.id")


class EventRow(Row, table=True):
    __tablename__ = "events"
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    type: str
    source: str
    plan: str | None = Field(index=True)
    task_id: str | None = Field(index=True)
    actor_id: int | None = Field(foreign_key="persons.id")
    subject_id: int | None = Field(foreign_key="persons.id")
    data: dict[str, str] = Field(sa_type=JSON)


class DecisionRow(Row, table=True):
    __tablename__ = "decisions"
    id: str = Field(primary_key=True)
    kind: str
    plan: str
    task_id: str | None
    tasks: list[str] = Field(sa_type=JSON)
    about_person_id: int | None = Field(foreign_key="persons.id")
    asked_id: int = Field(foreign_key="persons.id", index=True)
    asked_at: datetime
    round: str
    choices: list[str] = Field(sa_type=JSON)
    answered_at: datetime | None
    choice: str | None
    by_id: int | None = Field(foreign_key="persons.id")


class HoldRow(Row, table=True):
    __tablename__ = "holds"
    scope: str = Field(primary_key=True)
    until: date
    reason: str
    since: datetime


class FeedRow(Row, table=True):
    """The token itself is never stored. `person_id` is set for a person's feed, `subject` for any other."""

    __tablename__ = "feeds"
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    person_id: int | None = Field(foreign_key="persons.id")
    subject: str | None
    token_hash: str = Field(unique=True)
    created_at: datetime
    fetched_at: datetime | None
    revoked_at: datetime | None


class MarkRow(Row, table=True):
    __tablename__ = "marks"
    name: str = Field(primary_key=True)
    value: str


class LeaseRow(Row, table=True):
    __tablename__ = "leases"
    name: str = Field(primary_key=True)
    owner: str
    until: datetime


class SeenRow(Row, table=True):
    __tablename__ = "seen"
    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


def _table(name: str) -> Table:
    return Row.metadata.tables[name]


BUNDLES = _table("bundles")
PERSONS = _table("persons")
ABSENCES = _table("absences")
TERMS = _table("terms")
SERIES = _table("series")
TASKS = _table("tasks")
NOTICES = _table("notices")
TEXTS = _table("texts")
DELIVERIES = _table("deliveries")
ANSWERS = _table("answers")
EVENTS = _table("events")
DECISIONS = _table("decisions")
HOLDS = _table("holds")
FEEDS = _table("feeds")
MARKS = _table("marks")
LEASES = _table("leases")
SEEN = _table("seen")

DUE = func.coalesce(TASKS.c.moved_due, TASKS.c.planned_due)
BY_HAND = or_(TASKS.c.moved_date.is_not(None), TASKS.c.handed_to_id.is_not(None))
IS_OVER = TASKS.c.state.not_in([literal_column("'planned'"), literal_column("'open'")])
"""What the partial indexes hold; a query has to say the same word for word."""
Index("ix_tasks_over_due", DUE, postgresql_where=IS_OVER, sqlite_where=IS_OVER)
Index("ix_tasks_by_hand", TASKS.c.state, DUE, postgresql_where=BY_HAND, sqlite_where=BY_HAND)
