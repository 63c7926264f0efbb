"""Any rule or rhythm, in any zone, from any start: its instants against dateutil and a walker who looks at each day.

`CADENCE_LAW_EXAMPLES=10000` tries each of the three laws that often, as a release asks for; `--timeout 0` gives it
the time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import takewhile

from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence.core.triggers import (
    DateWord,
    Day,
    Every,
    MonthDay,
    NthWeekday,
    PlanDates,
    Rhythm,
    Rule,
    Weekdays,
    names_a_day,
    slots,
)
from cadence.core.triggers.trigger import On
from cadence.core.worktime import Worktime, instant
from tests.core.calendars.test_oracles import HOUR, LAWS, WALLS, lawful
from tests.core.triggers.words_given import OFFICE, rules, the_dates

EXAMPLES = int(os.environ.get("CADENCE_LAW_EXAMPLES", "200"))
LAW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
A_DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
STARTS = st.dates(date(2024, 1, 1), date(2090, 12, 31))
ZONES = st.sampled_from(sorted(LAWS))
CLOCK = st.sampled_from((*WALLS, time(8, 45), time(23, 30)))
"""Mostly the hours in which clocks change."""


def starts(zone: str) -> st.SearchStrategy[tuple[str, date]]:
    """The zone with any day, or with one on which its clocks change."""
    winter, _, *turns = LAWS[zone]
    changes = st.builds(lambda turn, year: (turn(year) + HOUR * winter).date(), st.sampled_from(turns), YEARS)
    return st.tuples(st.just(zone), STARTS | changes)


YEARS = st.integers(2024, 2090)
SOMEWHERE = ZONES.flatmap(starts)


def by_dateutil(rule: str, dates: PlanDates) -> list[date]:
    """Every day of the rule in the plan's own years. (A rule without any would be searched for thousands of years.)"""
    if not names_a_day(rule, dates.rollout):
        return []
    begun = (when.date() for when in rrulestr(rule, dtstart=datetime.combine(dates.rollout, time())))
    return list(takewhile(lambda day: day <= dates.ends, begun))


@given(rules(), SOMEWHERE, st.integers(0, 400), CLOCK)
@LAW
def test_a_rule_in_any_zone_from_any_start_comes_when_dateutil_and_the_law_of_the_zone_say(
    rule: str, somewhere: tuple[str, date], length: int, at: time
) -> None:
    zone, start = somewhere
    dates = the_dates(start, DateWord(Day(length)))
    found = [instant(slot.days[0], at, zone) for slot in slots(Rule(rule=rule), dates, Worktime(zone))]
    assert found == [lawful(day, at, LAWS[zone]) for day in by_dateutil(rule, dates)]


@dataclass(frozen=True)
class Plain:
    """A rule whose every day can be told by looking at that day and at the start alone."""

    often: str
    step: int
    weekdays: frozenset[int]
    monthdays: frozenset[int]
    months: frozenset[int]

    def __str__(self) -> str:
        days = ",".join(WEEKDAYS[n] for n in sorted(self.weekdays))
        parts = {
            "FREQ": self.often,
            "INTERVAL": str(self.step),
            "BYDAY": days,
            "BYMONTHDAY": ",".join(map(str, sorted(self.monthdays))),
            "BYMONTH": ",".join(map(str, sorted(self.months))),
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def names(self, day: date, start: date) -> bool:
        from_the_end = day.day - 1 - last_of_month(day).day
        return (
            (not self.months or day.month in self.months)
            and (not self.weekdays or day.weekday() in self.weekdays)
            and (not self.monthdays or not self.monthdays.isdisjoint({day.day, from_the_end}))
            and (bool(self.weekdays or self.monthdays) or self.is_like(day, start))
            and self.turns(day, start) % self.step == 0
        )

    def is_like(self, day: date, start: date) -> bool:
        """Whether a rule that names no days means this one, because it began on that one."""
        match self.often:
            case "DAILY":
                return True
            case "WEEKLY":
                return day.weekday() == start.weekday()
            case "MONTHLY":
                return day.day == start.day
            case _:
                return day.day == start.day and (bool(self.months) or day.month == start.month)

    def turns(self, day: date, start: date) -> int:
        """How many days, weeks from Monday, months or years after the start the day lies."""
        monday = start - A_DAY * start.weekday()
        months = (day.year - start.year) * 12 + day.month - start.month
        return {
            "DAILY": (day - start).days,
            "WEEKLY": (day - monday).days // 7,
            "MONTHLY": months,
            "YEARLY": day.year - start.year,
        }[self.often]


@cache
def last_of_month(day: date) -> date:
    while (day + A_DAY).month == day.month:
        day += A_DAY
    return day


def some(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[frozenset[int]]:
    return st.just(frozenset()) | st.frozensets(numbers, min_size=1, max_size=3)


@st.composite
def plain_rules(draw: st.DrawFn) -> Plain:
    often = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    monthdays = st.integers(1, 31) | st.integers(-31, -1)
    return Plain(
        often,
        draw(st.integers(1, 5)),
        draw(some(st.integers(0, 6))),
        draw(some(monthdays)) if often != "WEEKLY" else frozenset(),
        draw(some(st.integers(1, 12))),
    )


def walked(dates: PlanDates) -> list[date]:
    """The days of a plan, one after the other."""
    return [dates.rollout + A_DAY * n for n in range((dates.ends - dates.rollout).days + 1)]


@given(plain_rules(), STARTS, st.integers(0, 400))
@LAW
def test_a_plain_rule_names_the_days_that_a_walker_finds(rule: Plain, start: date, length: int) -> None:
    dates = the_dates(start, DateWord(Day(length)))
    found = [slot.days[0] for slot in slots(Rule(rule=str(rule)), dates, OFFICE)]
    assert found == [day for day in walked(dates) if rule.names(day, start)]


ONS: st.SearchStrategy[On] = st.one_of(
    st.frozensets(st.integers(0, 6), min_size=1, max_size=1).map(tuple).map(Weekdays),
    st.integers(1, 31).map(MonthDay),
    st.builds(NthWeekday, st.sampled_from([-1, 1, 2, 3, 4]), st.integers(0, 6)),
)


def is_meant(on: On, day: date) -> bool:
    last = last_of_month(day).day
    match on:
        case Weekdays(days):
            return day.weekday() in days
        case MonthDay(n):
            return day.day == min(n, last)
        case NthWeekday(n, weekday):
            turn = -1 if n == -1 and day.day > last - 7 else (day.day + 6) // 7
            return day.weekday() == weekday and turn == n
    raise AssertionError(on)


@given(ONS, st.integers(1, 6), SOMEWHERE, st.integers(0, 400), CLOCK)
@LAW
def test_a_rhythm_in_any_zone_comes_on_the_days_that_a_walker_finds_at_the_instants_of_the_law(
    on: On, step: int, somewhere: tuple[str, date], length: int, at: time
) -> None:
    """Weeks are counted from the start, months are the calendar's; the last Monday is that of the last month."""
    zone, start = somewhere
    weekly = isinstance(on, Weekdays)
    month = step - 1 if isinstance(on, NthWeekday) and on.nth == -1 else 0
    dates = the_dates(start, DateWord(Day(length)))

    def turn(day: date) -> int:
        return (day - start).days // 7 if weekly else (day.year - start.year) * 12 + day.month - start.month

    wanted = [day for day in walked(dates) if turn(day) % step == month and is_meant(on, day)]
    rhythm = Rhythm(every=Every(step, "week" if weekly else "month"), on=on)
    found = [instant(slot.days[0], at, zone) for slot in slots(rhythm, dates, Worktime(zone))]
    assert found == [lawful(day, at, LAWS[zone]) for day in wanted]
