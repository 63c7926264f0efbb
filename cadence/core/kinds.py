"""WHAT: the one table of activity kinds, their defaults and their short forms. Adding a kind touches nothing else.

Rhythms stand in plan words, read by `triggers` like a plan's own. People read a kind's and a field's name in
the catalogue: `kind.KIND.name`, `kind.KIND.title`, `form.KIND.FIELD`, `option.OPTION`, `reason.REASON`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from cadence.core.model import DateState, Mode, Reason, Weight, WhenAbsent

Per = Literal["pair", "team", "wave", "plan", "signal"]
FieldType = Literal["yes/no", "text", "choice", "score", "number", "date", "link", "person"]
Collect = Literal["wins", "recommendations", "lessons"]
PlanWords = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `carry` shows the answer on top of the next occurrence of the same pair;
    `collect` gathers the answers of all for a page; `each` asks it once per attendee."""

    key: str
    type: FieldType
    required: bool = False
    carry: bool = False
    collect: Collect | None = None
    options: tuple[str, ...] = ()
    many: bool = False
    each: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a plan need not say. `rhythms` follow one another in one series; none means that the plan names the
    day. `meeting` fills the calendar; what is no meeting is shown as free. `minutes` None is no set length."""

    name: str
    weight: Weight = Weight.STANDARD
    date: DateState = DateState.FIXED
    when_absent: WhenAbsent = WhenAbsent.BACKUP
    per: Per = "team"
    mode: Mode = Mode.ACTIVE
    rhythms: tuple[PlanWords, ...] = ()
    minutes: int | None = None
    owner: str = "manager"
    with_: tuple[str, ...] = ()
    meeting: bool = True
    form: tuple[Field, ...] = ()


def _words(**words: object) -> PlanWords:
    """Plan words; `from_` stands for `from`, which Python keeps for itself."""
    return MappingProxyType({key.rstrip("_"): word for key, word in words.items()})


CHANGED = ("yes", "partly", "not-yet", "no-occasion")
"""What became of last time's one thing."""

# "The first 30 days" of the page are plan weeks 1-4: week 5 opens the slower rhythm with an occurrence of its own,
# so that days 28-30 are served as well and no two windows overlap.

RIDE = (
    Field("changed", "choice", options=CHANGED),
    Field("objective", "yes/no"),
    Field("worked", "text"),
    Field("next", "text", required=True, carry=True),
    Field("aids", "text"),
    Field("v2", "text", collect="recommendations"),
)
CAMPAIGN = (
    Field("deals", "number", required=True),
    Field("forward", "number"),
    Field("back", "number"),
    Field("stuck", "text"),
    Field("understanding", "score"),
    Field("lesson", "text", collect="lessons"),
)
DEBRIEF = (
    Field("engaged", "score", required=True, each=True),
    Field("obstacle", "text", each=True),
    Field("step", "text", required=True, each=True),
)
WIN = (
    Field("tried", "text", required=True, collect="wins"),
    Field("customer", "text", required=True, collect="wins"),
    Field("named", "yes/no"),
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind(
                name="field_ride",
                date=DateState.PROPOSED,
                when_absent=WhenAbsent.MOVE,
                per="pair",
                rhythms=(_words(every="2 weeks", until="day 27"), _words(every="4 weeks", from_="day 28")),
                minutes=240,
                with_=("each rep",),
                form=RIDE,
            ),
            Kind(
                name="campaign_review",
                rhythms=(_words(every="week", until="day 27"), _words(every="2 weeks", from_="day 28")),
                minutes=45,
                with_=("team",),
                form=CAMPAIGN,
            ),
            Kind(
                name="manager_debrief",
                per="wave",
                rhythms=(_words(every="2 weeks"),),
                minutes=60,
                owner="vp",
                with_=("managers",),
                form=DEBRIEF,
            ),
            Kind(name="quick_win", weight=Weight.LIGHT, rhythms=(_words(every="2 weeks"),), meeting=False, form=WIN),
            Kind(
                name="qbr",
                weight=Weight.KEY,
                per="wave",
                rhythms=(_words(on="day 90"),),
                minutes=120,
                owner="vp",
                with_=("sponsor", "managers"),
            ),
            Kind(
                name="release",
                weight=Weight.KEY,
                per="plan",
                rhythms=(_words(on=("v2 - 6 weeks", "v2 - 2 weeks", "v2")),),
                owner="enablement",
                meeting=False,
            ),
            Kind(
                name="communication",
                per="plan",
                rhythms=(_words(on=("day 0", "day 14", "day 45", "day 80")),),
                owner="sponsor",
                meeting=False,
            ),
            Kind(
                name="team_meeting",
                weight=Weight.LIGHT,
                when_absent=WhenAbsent.SKIP,
                rhythms=(_words(every="week"),),
                minutes=30,
                with_=("team",),
            ),
            Kind(
                name="metric_review",
                per="wave",
                rhythms=(_words(every="month"),),
                minutes=60,
                owner="vp",
                with_=("managers",),
            ),
            Kind(
                name="deal_review",
                weight=Weight.LIGHT,
                date=DateState.PROPOSED,
                when_absent=WhenAbsent.MOVE,
                per="signal",
                rhythms=(_words(when=_words(signal="deal.stage", within="3 workdays")),),
                minutes=30,
            ),
            Kind(
                name="win_loss_review",
                weight=Weight.LIGHT,
                date=DateState.PROPOSED,
                when_absent=WhenAbsent.MOVE,
                per="signal",
                rhythms=(_words(when=_words(signal="deal.closed", within="5 workdays")),),
                minutes=30,
            ),
            Kind(
                name="one_on_one",
                weight=Weight.LIGHT,
                date=DateState.PROPOSED,
                when_absent=WhenAbsent.MOVE,
                per="pair",
                rhythms=(_words(every="week"),),
                minutes=30,
                with_=("each rep",),
            ),
            Kind(name="training", minutes=60, with_=("team",)),
            Kind(
                name="expectation_setting",
                weight=Weight.KEY,
                per="wave",
                rhythms=(_words(from_="day 0", on="day 0 + 4 workdays"),),
                minutes=60,
                owner="vp",
                with_=("managers",),
            ),
            Kind(
                name="audit",
                weight=Weight.KEY,
                per="plan",
                mode=Mode.PASSIVE,
                rhythms=(_words(on="day 60"),),
                owner="enablement",
                meeting=False,
            ),
            Kind(
                name="gate_proof",
                weight=Weight.KEY,
                per="plan",
                mode=Mode.PASSIVE,
                rhythms=(_words(every="quarter"),),
                owner="enablement",
                meeting=False,
            ),
            Kind(
                name="pulse",
                weight=Weight.LIGHT,
                when_absent=WhenAbsent.SKIP,
                rhythms=(_words(every="week"),),
                with_=("team",),
                meeting=False,
            ),
            Kind(name="custom"),
        )
    }
)

REASONS: tuple[Reason, ...] = tuple(Reason)
"""Why something was not done, in the order in which it is asked."""
