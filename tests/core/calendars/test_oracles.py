"""Calendars against what is written here by hand: the laws of six zones, five countries' holidays, a walker of days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random

import pytest

from cadence.core.model import Days
from cadence.core.reports import week_name, week_of
from cadence.core.triggers import PlanDates, resolve
from cadence.core.triggers.words import parse_date
from cadence.core.worktime import Worktime, instant
from cadence.services.gather import _days as holidays_of
from tests.core.compiling import compiled

HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


@cache
def nth(year: int, month: int, weekday: int, n: int) -> date:
    """The nth such weekday of a month; -1 is the last."""
    days = [day for day in (date(year, month, 1) + A_DAY * k for k in range(31)) if day.month == month]
    return [day for day in days if day.weekday() == weekday][n if n < 0 else n - 1]


def at_utc(day: date, hours: float) -> datetime:
    return datetime.combine(day, time(), UTC) + HOUR * hours


Law = tuple[float, float, Callable[[int], datetime], Callable[[int], datetime]]
FRIDAY, SUNDAY = 4, 6
LAWS: dict[str, Law] = {
    # winter's and summer's hours ahead of UTC, when the clocks go forward and back, as the tz database's rules say
    "Europe/Berlin": (1, 2, lambda y: at_utc(nth(y, 3, SUNDAY, -1), 1), lambda y: at_utc(nth(y, 10, SUNDAY, -1), 1)),
    "America/New_York": (-5, -4, lambda y: at_utc(nth(y, 3, SUNDAY, 2), 7), lambda y: at_utc(nth(y, 11, SUNDAY, 1), 6)),
    "Africa/Cairo": (2, 3, lambda y: at_utc(nth(y, 4, FRIDAY, -1), -2), lambda y: at_utc(nth(y, 10, 3, -1), 21)),
    "Pacific/Auckland": (
        *(12, 13),
        lambda y: at_utc(nth(y, 9, SUNDAY, -1), -10),
        lambda y: at_utc(nth(y, 4, SUNDAY, 1), -10),
    ),
    "Australia/Lord_Howe": (
        *(10.5, 11),
        lambda y: at_utc(nth(y, 10, SUNDAY, 1), -8.5),
        lambda y: at_utc(nth(y, 4, SUNDAY, 1), -9),
    ),
    "Asia/Kolkata": (5.5, 5.5, lambda y: at_utc(date(y, 3, 1), 0), lambda y: at_utc(date(y, 9, 1), 0)),
}
WALLS = (time(0), time(0, 30), time(1, 30), time(2), time(2, 15), time(2, 45), time(3), time(12))


def lawful(day: date, at: time, law: Law) -> datetime:
    """The first instant that shows this wall time; where none does, as long after the gap as the law before it says."""
    winter, summer, forward, back = law
    wall = datetime.combine(day, at, UTC)

    def is_summer(now: datetime) -> bool:
        years = (now.year - 1, now.year, now.year + 1)
        turns = sorted((turn(year), turn is forward) for year in years for turn in (forward, back))
        return [to_summer for begins, to_summer in turns if begins <= now][-1]

    candidates = (wall - HOUR * summer, wall - HOUR * winter)
    shown = [now for now in candidates if now + HOUR * (summer if is_summer(now) else winter) == wall]
    return min(shown, default=wall - HOUR * winter)


@pytest.mark.parametrize("zone", LAWS)
def test_wall_times_around_every_change_of_the_clocks_are_as_the_law_of_the_zone_says(zone: str) -> None:
    law = LAWS[zone]
    for year in (2026, 2027, 2028):
        for turn in law[2:]:
            middle = (turn(year) + HOUR * law[0]).date()
            for day in (middle - A_DAY, middle, middle + A_DAY):
                for at in WALLS:
                    assert instant(day, at, zone) == lawful(day, at, law), (day, at)


HOLIDAYS = {
    ("US", None): (date(2027, 1, 18), date(2027, 11, 25), date(2027, 7, 5)),
    ("DE", "BY"): (date(2027, 1, 6), date(2027, 3, 26), date(2027, 10, 3), date(2027, 11, 1)),
    ("FR", None): (date(2027, 7, 14), date(2027, 5, 6)),
    ("GB", "ENG"): (date(2027, 12, 27), date(2027, 12, 28), date(2027, 8, 30)),
    ("EG", None): (date(2027, 1, 7), date(2027, 5, 3)),
}


@pytest.mark.parametrize("country", HOLIDAYS)
def test_the_holidays_of_five_countries_are_those_of_their_laws(country: tuple[str, str | None]) -> None:
    known = holidays_of(*country, 2027)
    assert [day for day in HOLIDAYS[country] if day not in known] == []


PAIR = """
plan: p
rollout: 2027-06-28
ends: week 8
people:
  list:
    mia: {name: Mia Lang, email: mia@x.test, country: US}
    tom: {name: Tom Reed, email: tom@x.test, country: DE, manager: mia}
activities:
  ride: {kind: field_ride, owner: manager, with: each rep, every: week, on: [mon, tue, thu]}
"""


def test_a_pair_in_two_countries_meets_on_the_holidays_of_neither() -> None:
    holidays = {"US": frozenset({date(2027, 7, 5)}), "DE": frozenset({date(2027, 7, 6), date(2027, 7, 15)})}
    days = {task.date for task in compiled(PAIR, holidays=holidays).of("ride")}
    assert len(days) == 8
    assert not days & {date(2027, 7, 5), date(2027, 7, 6), date(2027, 7, 15)}


@pytest.mark.parametrize(
    ("rollout", "word", "day"),
    [
        ("2027-12-02", "day 90", "2028-03-01"),
        ("2027-11-30", "day 91", "2028-02-29"),
        ("2028-02-29", "rollout + 12 months", "2029-02-28"),
        ("2027-01-31", "rollout + 1 month", "2027-02-28"),
        ("2028-01-31", "rollout + 1 month", "2028-02-29"),
        ("2026-12-28", "week 2", "2027-01-04"),
    ],
)
def test_dates_go_over_leap_days_and_the_ends_of_months_and_years(rollout: str, word: str, day: str) -> None:
    first = date.fromisoformat(rollout)
    dates = PlanDates(first, {}, {}, first + A_DAY * 900, Worktime("UTC"))
    assert resolve(parse_date(word), dates).isoformat() == day


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2028-01-02", "2027-W52"),
        ("2024-12-30", "2025-W01"),
    ],
)
def test_weeks_around_new_year_have_the_names_of_iso_8601(day: str, name: str) -> None:
    assert week_name(week_of(date.fromisoformat(day), Worktime("UTC"))) == name


def walked(worktime: Worktime, day: date, workdays: int) -> date:
    """One day at a time."""
    step = A_DAY if workdays > 0 else -A_DAY
    left = abs(workdays)
    while left:
        day += step
        away = any(day in span for span in worktime.away)
        left -= day.weekday() in worktime.workdays and day not in worktime.off and not away
    return day


def test_going_by_working_days_is_walking_day_by_day() -> None:
    luck = Random(7)
    begin = date(2026, 12, 1)
    for _ in range(3_000):
        off = frozenset(begin + A_DAY * luck.randrange(200) for _ in range(luck.randrange(20)))
        first = begin + A_DAY * luck.randrange(150)
        away = (Days(first, first + A_DAY * luck.randrange(1, 20)),) if luck.random() < 0.5 else ()
        week = luck.choice(({0, 1, 2, 3, 4}, {6, 0, 1, 2, 3}, {1, 3}, {5}, set(range(7))))
        worktime = Worktime("UTC", frozenset(week), off=off, away=away)
        day, workdays = begin + A_DAY * luck.randrange(120), luck.choice((1, 2, 5, 11, -1, -3, -9))
        assert worktime.add(day, workdays) == walked(worktime, day, workdays)
