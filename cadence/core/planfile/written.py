"""The plan as it is written: every word of the language and the form of its value; the JSON Schema comes from here.

Silence is None: what stands in for it is decided in `meaning`. Words whose trigger grammar lives in
`core.triggers` are only shaped here and read there.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from cadence.core.planfile import phrases as p
from cadence.core.planfile import words as w


def _hyphens(name: str) -> str:
    return name.rstrip("_")


class Written(BaseModel):
    """What all parts share: frozen, unknown keys are mistakes, and `with_` is written `with`."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=_hyphens, arbitrary_types_allowed=True)


OnWord = Annotated[str | tuple[str, ...], BeforeValidator(w.one_or_many), WithJsonSchema(w.ONE_OR_MANY)]
"""One word or a list of words, whose grammar is that of `core.triggers`."""


class CalendarText(Written):
    country: w.CountryWord | None = None
    subdivision: w.TextWord | None = None
    workdays: w.WorkdaysWord | None = None
    hours: w.HoursWord | None = None
    closed: Annotated[tuple[w.DaysWord, ...], BeforeValidator(w.several), WithJsonSchema(w.ONE_OR_MANY)] = ()


class FilterText(Written):
    region: w.NamesWord = ()
    team: w.NamesWord = ()
    tags: w.NamesWord = ()


class ColumnsText(Written):
    """The people file's columns, by the language's own words."""

    id: w.TextWord | None = None
    name: w.NamesWord | None = None
    email: w.TextWord | None = None
    manager: w.TextWord | None = None
    team: w.TextWord | None = None
    region: w.TextWord | None = None
    place: w.TextWord | None = None
    language: w.TextWord | None = None
    timezone: w.TextWord | None = None
    country: w.TextWord | None = None
    subdivision: w.TextWord | None = None
    started: w.TextWord | None = None
    left: w.TextWord | None = None
    tags: w.TextWord | None = None
    channel: w.TextWord | None = None
    reports_to: w.TextWord | None = None


class PersonText(Written):
    """A person in `list`, or a row of the file once its columns have their names."""

    id: w.TextWord | None = None
    name: w.TextWord | None = None
    email: w.EmailWord | None = None
    manager: w.TextWord | None = None
    team: w.TextWord | None = None
    region: w.TextWord | None = None
    place: w.TextWord | None = None
    language: w.LanguageWord | None = None
    timezone: w.ZoneWord | None = None
    country: w.CountryWord | None = None
    subdivision: w.TextWord | None = None
    workdays: w.WorkdaysWord | None = None
    hours: w.HoursWord | None = None
    channel: w.TextWord | None = None
    brief: w.ClockWord | None = None
    reports_to: w.TextWord | None = None
    started: w.DayWord | None = None
    left: w.DayWord | None = None
    tags: w.TagsWord | None = None
    external: w.YesWord | None = None
    replaces: w.TextWord | None = None
    since: w.DayWord | None = None


class PlaceText(Written):
    """What everybody at a place of work has in common."""

    timezone: w.ZoneWord | None = None
    country: w.CountryWord | None = None
    subdivision: w.TextWord | None = None
    workdays: w.WorkdaysWord | None = None
    hours: w.HoursWord | None = None
    language: w.LanguageWord | None = None


class PeopleText(Written):
    file: w.TextWord | None = None
    columns: ColumnsText = ColumnsText()
    email: w.PatternWord | None = None
    where: dict[str, w.NamesWord] = Field(default_factory=dict)
    places: dict[str, PlaceText] = Field(default_factory=dict)
    list_: dict[w.KeyWord, PersonText] = Field(default_factory=dict)
    after_start: w.Lasting | None = None


class WhenText(Written):
    """What a signal or a metric has to be like."""

    signal: w.TextWord | None = None
    where: dict[str, OnWord] | None = None
    within: w.TextWord | None = None
    at_most: w.TextWord | None = None
    metric: w.TextWord | None = None
    below: w.TextWord | None = None
    above: w.TextWord | None = None
    check_on: w.TextWord | None = None
    per: w.TextWord | None = None


def _field(value: object) -> object:
    return {"off": "true"} if isinstance(value, str) and value.strip().lower() == "off" else value


class FieldText(Written):
    """A field of a form; `off` in its place drops the kind's field of that key."""

    off: Annotated[w.YesWord, WithJsonSchema({"const": True})] = False
    label: p.TitleWord | None = None
    type: p.AnswerWord | None = None
    required: w.YesWord | None = None
    carry: w.YesWord | None = None
    many: w.YesWord | None = None
    options: w.NamesWord = ()
    per: p.AttendeeWord | None = None
    seen_by: p.SeenWord | None = None
    anonymous: w.YesWord | None = None
    collect: p.CollectWord | None = None


class StepText(Written):
    """A step of a ladder of one's own."""

    after: p.DelayWord
    to: w.TextWord
    ask: p.StepAsk | None = None


class ActivityText(Written):
    kind: p.KindWord
    was: w.KeyWord | None = None
    title: p.TitleWord | None = None
    agenda: w.TextsWord | None = None
    owner: w.TextWord | None = None
    rotate: w.TextWord | None = None
    with_: w.NamesWord | None = None
    shadow: w.NamesWord = ()
    on: OnWord | None = None
    every: w.TextWord | None = None
    from_: w.TextWord | None = None
    until: w.TextWord | None = None
    during: w.TextWord | None = None
    times: w.TextWord | None = None
    except_: OnWord | None = None
    when: WhenText | None = None
    rrule: w.TextWord | None = None
    at: w.ClockWord | None = None
    lasts: w.Length | None = None
    roll: p.RollWord | None = None
    weight: p.WeightWord | None = None
    only: FilterText | None = None
    not_: FilterText | None = None
    ask: dict[w.KeyWord, Annotated[FieldText, BeforeValidator(_field)]] = Field(default_factory=dict)
    topics: p.TopicsWord = ()
    remind: p.RemindWord | None = None
    ping: p.PingWord | None = None
    escalate: tuple[StepText, ...] = ()
    urgent: w.YesWord = False
    channel: p.RoomWord | None = None
    accept: dict[str, p.ReasonWord] = Field(default_factory=dict)


class WaveText(Written):
    rollout: w.DayWord
    only: FilterText | None = None
    roles: dict[str, w.TextWord] = Field(default_factory=dict)


class MetricText(Written):
    title: p.TitleWord | None = None
    unit: p.UnitWord | None = None
    baseline: p.QuantityWord | None = None
    target: p.QuantityWord | None = None
    per: p.PerWord = "plan"
    better: p.BetterWord = "higher"
    owner: w.TextWord | None = None
    every: p.EveryWord | None = None

    @property
    def counted_in(self) -> str | None:
        """Its unit, else that of the first of its amounts which has one."""
        amounts = (amount.unit for amount in (self.baseline, self.target) if amount)
        return self.unit or next((unit for unit in amounts if unit), None)


class QuietText(Written):
    from_: w.Date
    until: w.Date
    only: p.WeightsWord = ()


class DigestText(Written):
    on: w.WeekdayWord = 0
    at: w.ClockWord = w.clock("08:00")


class PrivacyText(Written):
    keep: w.Lasting | None = None


class PlanText(Written):
    """A whole plan file, parents merged."""

    plan: w.KeyWord
    title: p.TitleWord | None = None
    extends: w.NamesWord = ()
    rollout: w.DayWord
    ends: w.Date | None = None
    timezone: w.ZoneWord | None = None
    language: w.LanguageWord | None = None
    calendar: CalendarText = CalendarText()
    milestones: dict[w.DateNameWord, w.Date] = Field(default_factory=dict)
    phases: dict[w.DateNameWord, w.PhaseWord] = Field(default_factory=dict)
    keepers: w.NamesWord = ()
    people: PeopleText = PeopleText()
    roles: dict[w.KeyWord, w.TextWord] = Field(default_factory=dict)
    away: dict[str, Annotated[tuple[w.DaysWord, ...], BeforeValidator(w.several), WithJsonSchema(w.ONE_OR_MANY)]] = (
        Field(default_factory=dict)
    )
    backups: dict[str, w.TextWord] = Field(default_factory=dict)
    waves: dict[w.KeyWord, WaveText] = Field(default_factory=dict)
    metrics: dict[w.KeyWord, MetricText] = Field(default_factory=dict)
    quiet: tuple[QuietText, ...] = ()
    brief: w.ClockWord | None = None
    digest: DigestText = DigestText()
    channel: p.RoomWord | None = None
    budget: p.BudgetWord | None = None
    accept: dict[str, p.ReasonWord] = Field(default_factory=dict)
    fiscal_year: w.MonthWord | None = None
    privacy: PrivacyText = PrivacyText()
    activities: dict[w.KeyWord, ActivityText] = Field(default_factory=dict)
