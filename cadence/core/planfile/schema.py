"""The plan as it is meant: frozen models, after parents are merged and every default of a kind is filled in.

What a person writes stands in `written`; `meaning` turns one into the other. Days are half-open in here, and
whatever is a date word is still unresolved: it moves with the rollout and the milestones.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, InstanceOf, SkipValidation

from cadence.core.model import WORKWEEK, DateState, Days, Mode, Place, Weight, WhenAbsent
from cadence.core.planfile.nodes import Node, place_of
from cadence.core.triggers import DateWord, Duration, Every, Roll, Trigger

LISTED = "people.list."
NO_WORDS: Mapping[str, str] = MappingProxyType({})


class Value(BaseModel):
    """What all parts of a plan share: frozen, nothing unknown inside, compared by content."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Text(Value):
    """A text in one or more languages; the language of a plain string is the empty one."""

    words: SkipValidation[Mapping[str, str]]

    def in_language(self, language: str) -> str:
        """In `language` (`de-AT`, else `de`), else plain, else in English, else in whatever there is."""
        for wanted in (language, language.partition("-")[0], "", "en"):
            if wanted in self.words:
                return self.words[wanted]
        return next(iter(self.words.values()), "")


class Filter(Value):
    """For whom: an empty tuple leaves that side open; otherwise one of its values has to match."""

    region: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.region or self.team or self.tags)


EVERYONE = Filter()


class PlanCalendar(Value):
    """The plan's working time, for whoever has no other. `workdays` holds weekday numbers (0 is Monday)."""

    country: str | None = None
    subdivision: str | None = None
    workdays: frozenset[int] = WORKWEEK
    opens: time = time(8)
    closes: time = time(18)
    closed: tuple[InstanceOf[Days], ...] = ()


class PersonRow(Value):
    """One person as the plan names them. None is silence: the plan's, the place's or the installation's word holds.

    `key` is the alias: the one the store knows, else the key in `list`, else the slug of the name. `source` says
    where the row stands: the people `file` (perhaps amended by `list`), `list` alone, or only the `manager` column.
    `manager` and `reports_to` are keys. `place` is where the text stands, `site` the person's place of work.
    """

    key: str
    name: str
    source: Literal["file", "list", "manager"]
    place: InstanceOf[Place]
    id: str | None = None
    email: str | None = None
    manager: str | None = None
    team: str | None = None
    region: str | None = None
    site: str | None = None
    language: str | None = None
    timezone: str | None = None
    country: str | None = None
    subdivision: str | None = None
    workdays: frozenset[int] | None = None
    opens: time | None = None
    closes: time | None = None
    channel: str | None = None
    brief: time | None = None
    reports_to: str | None = None
    started: date | None = None
    left: date | None = None
    tags: frozenset[str] = frozenset()
    external: bool = False
    replaces: str | None = None
    since: date | None = None

    @property
    def identity(self) -> str | None:
        """`id:...` or `mail:...`, what the person is known by for ever; None when there is neither."""
        if self.id:
            return f"id:{self.id}"
        return f"mail:{self.email.lower()}" if self.email else None


class PeopleSource(Value):
    """Everybody the plan names, in order of their keys, and where they came from."""

    file: str | None = None
    email: str | None = None
    rows: tuple[PersonRow, ...] = ()
    after_start: InstanceOf[Duration] | None = None


class FormField(Value):
    """One field of a form, laid over the kind's: `off` drops the kind's field of that key."""

    key: str
    off: bool = False
    label: InstanceOf[Text] | None = None
    type: str | None = None
    required: bool | None = None
    carry: bool | None = None
    many: bool | None = None
    options: tuple[str, ...] = ()
    per: str | None = None
    seen_by: str | None = None
    anonymous: bool | None = None
    collect: str | None = None


class Remind(Value):
    """One entry of `remind`: so long before the date, in the holder's working time; None is the day itself."""

    before: InstanceOf[Duration] | None = None


class Step(Value):
    """One step of an activity's own ladder: so long `after` the due day, `to` the line, the keepers, the backup, a
    role or a person. `ask` None tells; `decision` asks for one, `help` offers it."""

    after: InstanceOf[Duration]
    to: str
    ask: Literal["decision", "help"] | None = None


class Budget(Value):
    """How many messages beside the brief anybody gets in a day or a week."""

    count: int
    per: Literal["day", "week"]


class Ping(Value):
    """A message at a set time: this long before the start."""

    before: InstanceOf[Duration]


class Activity(Value):
    """One activity with nothing left to default. `owner` is a role, a person's key, `manager` or `rep`; `with_` the
    same and `each rep`, `each manager`, `team`, `managers`, `reps`. `minutes` None is no set length."""

    key: str
    was: str | None = None
    kind: str
    title: Text | None = None
    agenda: Text | None = None
    owner: str
    rotate: str | None = None
    with_: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    trigger: SkipValidation[Trigger]
    roll: Roll = "next"
    at: time | None = None
    minutes: int | None = None
    weight: Weight
    mode: Mode = Mode.ACTIVE
    when_absent: WhenAbsent
    date: DateState
    only: Filter = EVERYONE
    not_: Filter = EVERYONE
    accept: SkipValidation[Mapping[str, str]] = NO_WORDS
    ask: tuple[FormField, ...] = ()
    topics: tuple[Text, ...] = ()
    remind: tuple[Remind, ...] | None = None
    ping: Ping | None = None
    escalate: tuple[Step, ...] = ()
    urgent: bool = False
    channel: str | None = None

    @property
    def identity(self) -> str:
        """The key it was born with: what ids are made of."""
        return self.was or self.key


class Quiet(Value):
    """A span in which nothing new of these weights is placed."""

    from_: SkipValidation[DateWord]
    until: SkipValidation[DateWord]
    only: tuple[Weight, ...] = tuple(Weight)


class Digest(Value):
    """When the weekly digest goes: `weekday` 0 is Monday."""

    weekday: int = 0
    at: time = time(8)


class Wave(Value):
    """A part of the organisation that starts on a day of its own."""

    key: str
    rollout: date
    only: Filter = EVERYONE
    roles: SkipValidation[Mapping[str, str]] = NO_WORDS


class Metric(Value):
    """An indicator that the plan watches. `baseline` and `target` are in `unit` (70% is 70 with unit `percent`)."""

    key: str
    title: Text | None = None
    unit: str | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    per: Literal["rep", "team", "plan"] = "plan"
    better: Literal["higher", "lower"] = "higher"
    owner: str | None = None
    every: SkipValidation[Every | None] = None


class Plan(Value):
    """A whole plan. `ends` is inclusive; `roles`, `backups` and `keepers` hold keys of persons.

    `keepers` are persons' keys, whatever role named them. Mappings are read-only and ordered by key.
    """

    id: str
    title: str
    file: str
    rollout: date
    ends: SkipValidation[DateWord]
    timezone: str = "UTC"
    language: str = "en"
    calendar: PlanCalendar = PlanCalendar()
    milestones: SkipValidation[Mapping[str, DateWord]] = Field(default_factory=dict)
    phases: SkipValidation[Mapping[str, tuple[DateWord, DateWord]]] = Field(default_factory=dict)
    keepers: tuple[str, ...] = ()
    roles: SkipValidation[Mapping[str, str]] = NO_WORDS
    people: PeopleSource = PeopleSource()
    away: SkipValidation[Mapping[str, tuple[Days, ...]]] = Field(default_factory=dict)
    backups: SkipValidation[Mapping[str, str]] = NO_WORDS
    brief: time | None = None
    digest: Digest = Digest()
    channel: str | None = None
    budget: Budget | None = None
    keep: InstanceOf[Duration] | None = None
    accept: SkipValidation[Mapping[str, str]] = NO_WORDS
    fiscal_year: int = 1
    quiet: tuple[Quiet, ...] = ()
    waves: tuple[Wave, ...] = ()
    metrics: tuple[Metric, ...] = ()
    activities: tuple[Activity, ...] = ()
    root: SkipValidation[Node | None] = Field(default=None, exclude=True, repr=False)

    def place(self, path: str) -> Place:
        """Where `activities.field-rides.owner` stands in the user's text; the nearest known parent if it is silent.

        `people.list.KEY` of somebody in the people file, or whom the plan calls otherwise, is their own line."""
        if path.startswith(LISTED):
            key = path.removeprefix(LISTED).partition(".")[0]
            row = next((row for row in self.people.rows if row.key == key), None)
            if row is not None and (row.source != "list" or self._stands(LISTED + key) != row.place):
                return row.place
        return self._stands(path)

    def _stands(self, path: str) -> Place:
        return place_of(self.root, path) if self.root else Place(self.file)

    def accepts(self, code: str, *paths: str) -> bool:
        """Whether a finding of this code may stand: anywhere, or in an activity that one of the paths is about."""
        about = {path.split(".")[1] for path in paths if path.startswith("activities.")}
        own = (activity.accept for activity in self.activities if activity.key in about)
        return code in self.accept or any(code in accept for accept in own)


V = TypeVar("V")


def read_only(items: Mapping[str, V]) -> Mapping[str, V]:
    """A mapping that nobody can change, ordered by key, so that the order in the file decides nothing."""
    return MappingProxyType({key: items[key] for key in sorted(items)})
