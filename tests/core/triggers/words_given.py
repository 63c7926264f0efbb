"""Plan words at random, and the plan calendar that the tables of this folder share."""

from __future__ import annotations

from datetime import date

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
    Rhythm,
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
    lambda source, within, per, where: Awaited(**source, within=within, per=per, where=where),
    st.sampled_from([{"signal": "deal.stage"}, {"metric": "adoption", "below": "70%"}]),
    st.none() | DURATIONS,
    st.none() | st.just("team"),
    st.sampled_from([(), (("stage", "Proposal"),)]),
)
TRIGGERS: st.SearchStrategy[Trigger] = st.one_of(
    st.builds(Once, DATES, st.none() | DATES),
    st.lists(DATES, min_size=1, max_size=4, unique_by=lambda word: word.slug).map(tuple).map(OnDates),
    rhythms(DATES),
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
