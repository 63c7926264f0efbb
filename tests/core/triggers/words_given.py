"""Plan words at random, and the plan calendar that the tables of this folder share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from cadence.core.triggers import (
    DEFAULT_ENDS,
    Awaited,
    DateWord,
    Day,
    Duration,
    Every,
    MonthDay,
    Name,
    NthWeekday,
    Once,
    OnDates,
    PlanDates,
    Quantity,
    Rhythm,
    Rule,
    Shift,
    Slot,
    Trigger,
    Week,
    Weekdays,
    build_trigger,
    parse_date,
    plan_dates,
    slots,
)
from cadence.core.worktime import Worktime

OFFICE = Worktime("UTC")
MONDAY = date(2027, 1, 11)


def the_dates(rollout: date = MONDAY, ends: DateWord = DEFAULT_ENDS, **more: str) -> PlanDates:
    """A plan with the milestones `more` and no phases."""
    words = {name: parse_date(word) for name, word in more.items()}
    dates, lost = plan_dates(rollout, words, {}, ends, OFFICE)
    assert not lost
    return dates


def the_slots(dates: PlanDates | None = None, worktime: Worktime = OFFICE, /, **words: object) -> tuple[Slot, ...]:
    """The slots of the plan words given, `from_` and `except_` standing for `from` and `except`."""
    return slots(build_trigger({key.rstrip("_"): word for key, word in words.items()}), dates or the_dates(), worktime)


def keys(found: tuple[Slot, ...]) -> list[str]:
    return [slot.key for slot in found]


def days(found: tuple[Slot, ...]) -> list[str]:
    """The first candidate of each slot."""
    return [slot.days[0].isoformat() for slot in found]


NAMES = st.sampled_from(["v2", "qbr", "go-live", "Kick_off", "v2-6"])
BASES = st.one_of(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    st.integers(-9999, 9999).map(Day),
    st.integers(1, 9999).map(Week),
    NAMES.map(Name),
    st.just(Name("rollout")),
)
SHIFTS = st.builds(Shift, st.integers(-999, 999).filter(bool), st.sampled_from(["day", "workday", "week", "month"]))
DATES = st.builds(DateWord, BASES, st.none() | SHIFTS)
DURATIONS = st.builds(
    Duration, st.integers(1, 9999), st.sampled_from(["min", "hour", "day", "workday", "week", "month"])
)
NEAR = st.builds(DateWord, st.one_of(st.integers(-60, 200).map(Day), st.integers(1, 30).map(Week)))
CHOICES = st.lists(st.integers(0, 6), min_size=1, max_size=7, unique=True).map(tuple).map(Weekdays)
IN_MONTH = st.one_of(
    CHOICES,
    st.integers(1, 31).map(MonthDay),
    st.builds(NthWeekday, st.sampled_from([-1, 1, 2, 3, 4]), st.integers(0, 6)),
)


@st.composite
def rhythms(draw: st.DrawFn, dates: st.SearchStrategy[DateWord] = NEAR) -> Rhythm:
    every = draw(
        st.one_of(
            st.builds(Every, st.integers(1, 20), st.just("workday")),
            st.builds(Every, st.integers(1, 8), st.just("week")),
            st.builds(Every, st.integers(1, 4), st.sampled_from(["month", "quarter"])),
        )
    )
    on = {"workday": st.none(), "week": st.none() | CHOICES}.get(every.unit, st.none() | IN_MONTH)
    return Rhythm(
        every=every,
        on=draw(on),
        from_=draw(st.none() | dates),
        until=draw(st.none() | dates),
        during=draw(st.none() | st.just("start")),
        times=draw(st.none() | st.integers(1, 40)),
        except_=tuple(draw(st.lists(dates, max_size=3))),
    )


AWAITED = st.builds(
    lambda source, within, at_most: Awaited(**source, within=within, at_most=at_most),
    st.sampled_from(
        [
            {"signal": "deal.stage"},
            {"signal": "deal.stage", "where": (("region", ("East", "West")), ("stage", ("Proposal",)))},
            {"metric": "adoption", "below": Quantity(Decimal("70.5"), "percent"), "per": "team"},
            {"metric": "deal-size", "above": Quantity(Decimal(12000), "EUR"), "check_on": DateWord(Day(35))},
        ]
    ),
    st.none() | DURATIONS.filter(lambda lasts: lasts.minutes is None),
    st.none() | st.tuples(st.integers(1, 999), st.sampled_from(["day", "week", "month"])),
)
PARTS = {
    "INTERVAL": st.integers(1, 9).map(str),
    "COUNT": st.integers(1, 40).map(str),
    "UNTIL": st.dates(date(2020, 1, 1), date(2040, 1, 1)).map("{:%Y%m%d}".format),
    "WKST": st.sampled_from(["MO", "SU", "WE"]),
    "BYMONTH": st.sampled_from(["1", "2,7", "3,6,9,12"]),
    "BYMONTHDAY": st.sampled_from(["1", "31", "-1", "13,-2", "29"]),
    "BYDAY": st.sampled_from(["MO", "TU,TH", "MO,TU,WE,TH,FR", "SU"]),
    "BYYEARDAY": st.sampled_from(["1", "100,-1", "366"]),
    "BYWEEKNO": st.sampled_from(["1", "53", "10,20,-1"]),
    "BYSETPOS": st.sampled_from(["1", "-1", "2,-2"]),
}
BESIDE = {"BYMONTHDAY": "WEEKLY", "BYYEARDAY": "DAILY WEEKLY MONTHLY", "BYWEEKNO": "DAILY WEEKLY MONTHLY"}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """A recurrence rule in its one spelling; many name few days or none."""
    often = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    names = draw(st.lists(st.sampled_from(sorted(PARTS)), unique=True, max_size=4))
    if "COUNT" in names and "UNTIL" in names:
        names.remove("COUNT")
    names = [name for name in names if often not in BESIDE.get(name, "")]
    if not any(name.startswith("BY") and name != "BYSETPOS" for name in names):
        names = [name for name in names if name != "BYSETPOS"]
    return ";".join([f"FREQ={often}", *(f"{name}={draw(PARTS[name])}" for name in names)])


@st.composite
def ruled(draw: st.DrawFn) -> Rule:
    """A rule within the limits of some rhythm."""
    limits = draw(rhythms(DATES))
    told = {name: getattr(limits, name) for name in ("from_", "until", "during", "times", "except_")}
    return Rule(rule=draw(rules()), **told)


TRIGGERS: st.SearchStrategy[Trigger] = st.one_of(
    st.builds(Once, DATES, st.none() | DATES),
    st.lists(DATES, min_size=1, max_size=4, unique_by=lambda word: word.slug).map(tuple).map(OnDates),
    rhythms(DATES),
    ruled(),
    AWAITED,
)


@st.composite
def plans(draw: st.DrawFn) -> PlanDates:
    """Any rollout, weekend, holiday and end, with a phase called `start`."""
    rollout = draw(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
    first, length = draw(st.integers(-40, 60)), draw(st.integers(1, 90))
    workdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    off = frozenset(
        date.fromordinal(rollout.toordinal() + n) for n in draw(st.lists(st.integers(-60, 250), max_size=9))
    )
    dates, lost = plan_dates(
        rollout,
        {},
        {"start": (DateWord(Day(first)), DateWord(Day(first + length)))},
        DateWord(Day(draw(st.integers(0, 300)))),
        Worktime("UTC", workdays=workdays, off=off),
        draw(st.integers(1, 12)),
    )
    assert not lost
    return dates
