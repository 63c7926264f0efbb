"""Laws of slots, for any plan and any rhythm, and a second opinion from dateutil's RRULE."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.triggers import DateWord, Day, Every, MonthDay, NthWeekday, PlanDates, Rhythm, Weekdays, slots
from tests.core.triggers.words_given import OFFICE, plans, rhythms


@given(plans(), rhythms())
def test_no_key_comes_twice_and_slots_stand_in_order_without_overlap(dates: PlanDates, rhythm: Rhythm) -> None:
    found = slots(rhythm, dates, dates.worktime)
    assert len({slot.key for slot in found}) == len(found)
    assert all(one.period.stop <= other.period.start for one, other in pairwise(found))
    assert rhythm.times is None or len(found) <= rhythm.times


@given(plans(), rhythms())
def test_every_candidate_lies_inside_its_period_and_every_period_inside_the_limits(
    dates: PlanDates, rhythm: Rhythm
) -> None:
    for slot in slots(rhythm, dates, dates.worktime):
        assert slot.period.start < slot.period.stop
        assert all(day in slot.period for day in slot.days)
        assert slot.period.last <= dates.ends
        assert rhythm.during is None or slot.period.meet(dates.phases["start"]) == slot.period
        assert bool(slot.days) or rhythm.on is None


@given(plans(), rhythms(), st.integers(-30, 30))
def test_a_rollout_moved_by_whole_weeks_keeps_every_weekly_slot(dates: PlanDates, rhythm: Rhythm, weeks: int) -> None:
    step = timedelta(weeks=weeks)
    weekly = replace(rhythm, every=Every(rhythm.every.n % 6 + 1, "week"), on=Weekdays((0, 3)))
    moved = replace(
        dates,
        rollout=dates.rollout + step,
        ends=dates.ends + step,
        phases={
            name: replace(span, start=span.start + step, stop=span.stop + step) for name, span in dates.phases.items()
        },
    )
    before, after = slots(weekly, dates, dates.worktime), slots(weekly, moved, dates.worktime)
    assert [slot.key for slot in before] == [slot.key for slot in after]
    assert [tuple(day + step for day in slot.days) for slot in before] == [slot.days for slot in after]


@given(plans(), rhythms(), st.integers(0, 300))
def test_a_shorter_series_is_the_beginning_of_the_longer_one(dates: PlanDates, rhythm: Rhythm, last: int) -> None:
    shorter = replace(rhythm, until=DateWord(Day(last)), times=None)
    longer = replace(rhythm, until=None, times=None)
    few, many = (slots(one, dates, dates.worktime) for one in (shorter, longer))
    assert [slot.key for slot in few] == [slot.key for slot in many][: len(few)]


@given(plans(), rhythms(), st.integers(-50, 300))
def test_joining_late_renames_nothing(dates: PlanDates, rhythm: Rhythm, after: int) -> None:
    since = dates.rollout + timedelta(days=after)
    everything, rest = (slots(rhythm, dates, dates.worktime, since=day) for day in (None, since))
    assert {slot.key for slot in rest} <= {slot.key for slot in everything}
    assert all(slot.period.start >= since and all(day >= since for day in slot.days) for slot in rest)


def by_rrule(dates: PlanDates, **rule: object) -> list[date]:
    first = datetime.combine(dates.rollout, time.min)
    last = datetime.combine(dates.ends, time.min)
    return [when.date() for when in rrule.rrule(dtstart=first, until=last, **rule)]  # type: ignore[arg-type]  # as named


def by_slots(dates: PlanDates, rhythm: Rhythm) -> list[date]:
    return [slot.days[0] for slot in slots(rhythm, dates, OFFICE)]


@given(plans(), st.integers(1, 8), st.integers(0, 6))
def test_weeks_agree_with_an_rrule_whose_week_starts_on_the_rollout(dates: PlanDates, n: int, weekday: int) -> None:
    rhythm = Rhythm(every=Every(n, "week"), on=Weekdays((weekday,)))
    oracle = by_rrule(dates, freq=rrule.WEEKLY, interval=n, byweekday=weekday, wkst=dates.rollout.weekday())
    assert by_slots(dates, rhythm) == oracle


@given(plans(), st.integers(1, 4), st.integers(1, 31))
def test_days_of_the_month_agree_with_an_rrule_and_the_31st_with_the_last_that_there_is(
    dates: PlanDates, n: int, day: int
) -> None:
    oracle = by_rrule(dates, freq=rrule.MONTHLY, interval=n, bymonthday=range(min(day, 28), day + 1), bysetpos=-1)
    assert by_slots(dates, Rhythm(every=Every(n, "month"), on=MonthDay(day))) == oracle


@given(plans(), st.sampled_from([-1, 1, 2, 3, 4]), st.integers(0, 6))
def test_weekdays_of_the_month_agree_with_an_rrule(dates: PlanDates, nth: int, weekday: int) -> None:
    oracle = by_rrule(dates, freq=rrule.MONTHLY, byweekday=rrule.weekday(weekday, nth))
    assert by_slots(dates, Rhythm(every=Every(1, "month"), on=NthWeekday(nth, weekday))) == oracle


@given(plans())
def test_workdays_agree_with_an_rrule_of_the_working_week(dates: PlanDates) -> None:
    oracle = by_rrule(dates, freq=rrule.DAILY, byweekday=sorted(OFFICE.workdays))
    assert [slot.period.start for slot in slots(Rhythm(every=Every(1, "workday")), dates, OFFICE)] == oracle
