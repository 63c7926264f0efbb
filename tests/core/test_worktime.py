"""Working time: wall clocks across changes of the clock, weeks that need not start on Monday, counting in days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cadence.core.model import Days
from cadence.core.worktime import Worktime, instant

SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
ZONES = (
    ("Europe/Berlin", date(2027, 3, 28), date(2027, 10, 31)),
    ("America/New_York", date(2027, 3, 14), date(2027, 11, 7)),
    ("America/Sao_Paulo", date(2018, 11, 4), date(2018, 2, 17)),
    ("Australia/Lord_Howe", date(2027, 10, 3), date(2027, 4, 4)),
    ("Pacific/Auckland", date(2027, 9, 26), date(2027, 4, 4)),
    ("Asia/Kathmandu", date(2027, 3, 28), date(2027, 10, 31)),
)
DAYS = st.dates(date(2026, 1, 1), date(2028, 12, 31))
INSTANTS = st.integers(0, 2 * 366 * 24 * 60).map(lambda m: datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=m))
CALENDARS = st.builds(
    Worktime,
    zone=st.sampled_from([zone for zone, *_ in ZONES]),
    workdays=st.frozensets(st.integers(0, 6), min_size=1),
    off=st.frozensets(DAYS, max_size=12),
    away=st.lists(st.builds(lambda d, n: Days(d, d + timedelta(days=n)), DAYS, st.integers(0, 20)), max_size=3).map(
        tuple
    ),
)


def oracle(day: date, at: time, zone: str) -> datetime:
    """Walks the minutes of UTC: the first whose local clock shows the wall time; if none does, the clock jumped over
    it, and it is as long after the jump's beginning as the wall time is after the last minute shown before it."""
    begin = datetime.combine(day, time(0), UTC) - timedelta(hours=15)
    wall, before = datetime.combine(day, at), begin
    for minute in range(54 * 60):
        now = begin + timedelta(minutes=minute)
        shown = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        if shown == wall:
            return now
        if shown > wall:
            return before + (wall - before.astimezone(ZoneInfo(zone)).replace(tzinfo=None))
        before = now
    raise AssertionError("no such minute")


@pytest.mark.parametrize(("zone", "day"), [(zone, day) for zone, *days in ZONES for day in days])
@pytest.mark.parametrize("at", [time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(2, 30), time(3), time(8)])
def test_a_wall_time_in_a_gap_moves_forward_and_in_a_fold_is_the_first(zone: str, day: date, at: time) -> None:
    assert instant(day, at, zone) == oracle(day, at, zone)


@pytest.mark.parametrize(
    ("workdays", "day", "start"),
    [
        pytest.param({0, 1, 2, 3, 4}, date(2027, 2, 14), date(2027, 2, 8), id="monday to friday: sunday ends the week"),
        pytest.param(SUNDAY_TO_THURSDAY, date(2027, 2, 14), date(2027, 2, 14), id="sunday begins the week"),
        pytest.param(SUNDAY_TO_THURSDAY, date(2027, 2, 13), date(2027, 2, 7), id="saturday ends it"),
        pytest.param({6, 0, 2, 3}, date(2027, 2, 17), date(2027, 2, 14), id="a free tuesday begins no week"),
        pytest.param({0, 1, 3, 4}, date(2027, 2, 11), date(2027, 2, 8), id="nor a free wednesday"),
        pytest.param({5, 6, 0, 1, 2}, date(2027, 2, 12), date(2027, 2, 6), id="saturday to wednesday"),
        pytest.param(set(range(7)), date(2027, 2, 14), date(2027, 2, 8), id="no free day: monday"),
        pytest.param(set(), date(2027, 2, 14), date(2027, 2, 8), id="no working day: monday"),
        pytest.param({3}, date(2027, 2, 10), date(2027, 2, 4), id="one day a week"),
    ],
)
def test_a_week_starts_after_the_longest_free_time(workdays: set[int], day: date, start: date) -> None:
    assert Worktime("UTC", frozenset(workdays)).week_start(day) == start


@given(CALENDARS, DAYS)
def test_a_week_holds_its_day_and_starts_on_one_weekday(worktime: Worktime, day: date) -> None:
    start = worktime.week_start(day)
    assert day in Days(start, start + timedelta(days=7))
    assert worktime.week_start(start) == start
    assert worktime.week_start(start + timedelta(days=7)) == start + timedelta(days=7)


@given(CALENDARS, DAYS, st.integers(0, 30))
def test_going_forward_and_back_by_as_many_working_days_is_no_step(worktime: Worktime, day: date, days: int) -> None:
    begin = worktime.on_or_after(day)
    assume(worktime.works(begin))
    after = worktime.add(begin, days)
    assert worktime.works(after)
    assert worktime.add(after, -days) == begin
    assert worktime.between(begin, after) == days


@given(CALENDARS, DAYS, st.integers(-10, 10))
def test_what_is_added_is_a_working_day_on_the_right_side(worktime: Worktime, day: date, days: int) -> None:
    after = worktime.add(day, days)
    assert worktime.works(after)
    assert after > day if days > 0 else after < day if days < 0 else after >= day
    assert after == worktime.on_or_after(day) or days != 0


@given(CALENDARS, DAYS, DAYS)
def test_between_counts_the_working_days_after_the_first_up_to_the_last(
    worktime: Worktime, start: date, stop: date
) -> None:
    days = (start + timedelta(days=n) for n in range(1, (stop - start).days + 1))
    assert worktime.between(start, stop) == len([day for day in days if worktime.works(day)])


@given(CALENDARS, INSTANTS)
def test_the_next_opening_is_working_time_with_none_before_it(worktime: Worktime, now: datetime) -> None:
    opens = worktime.next_open(now)
    assert opens >= now
    assert worktime.is_open(opens)
    assert (opens == now) == worktime.is_open(now)
    hours = int((opens - now) / timedelta(hours=1))
    assert not any(worktime.is_open(now + timedelta(hours=hour)) for hour in range(hours) if opens != now)


@pytest.mark.parametrize(("minute", "is_open"), [(-1, False), (0, True), (599, True), (600, False)])
def test_working_hours_include_the_opening_and_not_the_closing(minute: int, is_open: bool) -> None:
    worktime = Worktime("Asia/Kathmandu")
    assert worktime.is_open(worktime.opening(date(2027, 2, 10)) + timedelta(minutes=minute)) is is_open


def test_a_calendar_without_working_days_is_taken_at_its_word() -> None:
    never = Worktime("UTC", frozenset())
    day = date(2027, 2, 10)
    assert (never.on_or_after(day), never.on_or_before(day)) == (day, day)
    assert never.add(day, 3) == day + timedelta(days=3), "it ends, a day a step"


@pytest.mark.parametrize(("days_away", "found"), [(399, True), (400, False)])
def test_a_working_day_is_looked_for_as_far_as_the_horizon(days_away: int, found: bool) -> None:
    day = date(2027, 2, 10)
    worktime = Worktime("UTC", frozenset(range(7)), away=(Days(day, day + timedelta(days=days_away)),))
    assert (worktime.on_or_after(day) == day + timedelta(days=days_away)) is found


def test_the_regular_calendar_knows_no_absence() -> None:
    day = date(2027, 2, 10)
    worktime = Worktime("UTC", away=(Days.inclusive(day, day), Days.inclusive(date(2027, 2, 11), date(2027, 2, 12))))
    assert not worktime.works(day)
    assert worktime.regular().works(day)
    assert worktime.back_on(day) == date(2027, 2, 13), "adjoining absences are one"
