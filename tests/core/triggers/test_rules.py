"""`rrule`: which days a rule names, what its slots are called, and what is no rule of this language."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.model import Days
from cadence.core.triggers import BadWord, DateWord, Day, PlanDates, Rule, build_trigger, names_a_day, slots
from cadence.core.triggers.recurrence import parse_rrule
from tests.core.triggers.words_given import MONDAY, OFFICE, days, keys, plans, ruled, rules, the_dates, the_slots


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"rrule": "FREQ=DAILY;COUNT=3"}, ["2027-01-11", "2027-01-12", "2027-01-13"]),
        ({"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "times": "2"}, ["2027-01-15", "2027-01-29"]),
        ({"rrule": "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3"}, ["2027-01-12", "2027-01-14", "2027-01-19"]),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=31"}, ["2027-01-31", "2027-03-31", "2027-05-31"]),
        ({"rrule": "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=2"}, ["2027-01-31", "2027-02-28"]),
        ({"rrule": "FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270401"}, ["2027-01-12", "2027-02-09", "2027-03-09"]),
        ({"rrule": "FREQ=MONTHLY;BYDAY=-1FR", "until": "day 60"}, ["2027-01-29", "2027-02-26"]),
        (
            {"rrule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "from": "day 30", "times": "2"},
            ["2027-02-26", "2027-03-31"],
        ),
        ({"rrule": "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,15"}, ["2027-03-01", "2027-03-15"]),
        ({"rrule": "FREQ=YEARLY;BYYEARDAY=60,-1", "until": "2027-12-31"}, ["2027-03-01"]),
        ({"rrule": "FREQ=YEARLY;BYWEEKNO=5;BYDAY=MO"}, ["2027-02-01"]),
        ({"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU;COUNT=2"}, ["2027-01-24", "2027-02-07"]),
        ({"rrule": "FREQ=DAILY;INTERVAL=7", "during": "prep"}, ["2026-12-28", "2027-01-04"]),
        ({"rrule": "FREQ=WEEKLY;COUNT=2", "during": "later"}, ["2027-01-20", "2027-01-27"]),
        ({"rrule": "FREQ=WEEKLY;COUNT=2", "from": "day 0", "during": "later"}, []),
        ({"rrule": "FREQ=DAILY;COUNT=3", "except": ["day 1"]}, ["2027-01-11", "2027-01-13"]),
        ({"rrule": "FREQ=DAILY;COUNT=2", "from": "day -14"}, ["2026-12-28", "2026-12-29"]),
    ],
)
def test_a_rule_names_these_days_of_a_plan_of_26_weeks(words: dict[str, object], found: list[str]) -> None:
    prep, later = Days(MONDAY - timedelta(days=14), MONDAY), Days(date(2027, 1, 20), date(2027, 3, 1))
    dates = replace(the_dates(), phases={"prep": prep, "later": later})
    assert days(slots(build_trigger(words), dates, OFFICE)) == found


def test_slots_are_numbered_as_the_rule_counts_from_its_first_day_whatever_the_limits_leave() -> None:
    whole = the_slots(rrule="FREQ=WEEKLY", from_="day 0", until="day 30")
    assert keys(whole) == ["r-001", "r-002", "r-003", "r-004", "r-005"]
    assert keys(the_slots(rrule="FREQ=WEEKLY", from_="day 0", except_=["day 7"], until="day 20")) == ["r-001", "r-003"]
    moved = the_slots(the_dates(MONDAY + timedelta(days=9)), rrule="FREQ=WEEKLY", until="day 20")
    assert keys(moved) == ["r-001", "r-002", "r-003"]


def expected(rule: str, dates: PlanDates) -> list[date]:
    """What dateutil says in the plan's own years. (It would search thousands of years for a rule that names no day.)"""
    if not names_a_day(rule, dates.rollout):
        return []
    begun = (when.date() for when in rrulestr(rule, dtstart=datetime.combine(dates.rollout, datetime.min.time())))
    return list(takewhile(lambda day: day <= dates.ends, begun))


@given(rules(), st.dates(date(2001, 1, 1), date(2098, 1, 1)), st.integers(0, 3 * 366))
@settings(max_examples=150, deadline=None)
def test_a_rule_names_the_days_that_dateutil_names(rule: str, anchor: date, length: int) -> None:
    plan = the_dates(anchor, DateWord(Day(length)))
    assert [slot.days[0] for slot in slots(Rule(rule=rule), plan, OFFICE)] == expected(rule, plan)


@pytest.mark.parametrize("anchor", [date(2028, 2, 29), date(2096, 2, 29), date(2100, 2, 28), date(2000, 2, 29)])
def test_a_rule_that_begins_around_a_leap_day_is_counted_in_the_plans_own_calendar(anchor: date) -> None:
    plan = the_dates(anchor, DateWord(Day(800)))
    for rule in ("FREQ=DAILY;INTERVAL=50", "FREQ=MONTHLY;BYMONTHDAY=29", "FREQ=WEEKLY;BYDAY=TU", "FREQ=YEARLY"):
        found = [slot.days[0] for slot in slots(Rule(rule=rule), plan, OFFICE)]
        assert found == expected(rule, plan)


@given(plans(), ruled(), st.integers(0, 300))
@settings(max_examples=60, deadline=None)
def test_a_shorter_rule_is_the_beginning_of_the_longer_one_and_keys_stay(
    dates: PlanDates, rule: Rule, last: int
) -> None:
    near = replace(rule, from_=None, except_=())
    shorter, longer = (replace(near, until=word, times=None) for word in (DateWord(Day(last)), None))
    few, many = (slots(one, dates, dates.worktime) for one in (shorter, longer))
    assert few == many[: len(few)]
    assert len({slot.key for slot in many}) == len(many)


NEVER = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "FREQ=MONTHLY;INTERVAL=12;BYMONTH=4",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=32",
    "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3",
    "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=12",
    "FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2",
    "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMONTHDAY=31;BYMONTH=2,4,6,9,11;BYSETPOS=366",
]


@pytest.mark.parametrize("rule", NEVER)
def test_a_rule_that_names_no_day_ends_soon_and_is_known_for_it(rule: str) -> None:
    before = time.process_time()
    assert the_slots(rrule=rule) == ()
    assert not names_a_day(rule, MONDAY)
    assert time.process_time() - before < 1


def test_29_february_is_a_day_that_comes() -> None:
    assert names_a_day("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", MONDAY)
    assert names_a_day("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2097, 1, 1))


def test_a_rule_without_end_stops_at_the_most_that_is_asked_for() -> None:
    with pytest.raises(BadWord, match="more than 40 times"):
        slots(Rule(rule="FREQ=DAILY"), the_dates(), OFFICE, most=40)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "is no part of a rule"),
        ("weekly", "is no part of a rule"),
        ("BYDAY=MO", "a rule says first how often"),
        ("FREQ=", "is no part of a rule"),
        ("FREQ=HOURLY", "more often than daily; write `FREQ=DAILY`"),
        ("FREQ=SECONDLY;COUNT=1", "more often than daily"),
        ("FREQ=WEKLY", "did you mean `WEEKLY`"),
        ("FREQ=DAILY;FREQ=WEEKLY", "`FREQ` is given twice"),
        ("FREQ=DAILY;INTERVAL=0", "a whole number from 1 to 366"),
        ("FREQ=DAILY;INTERVAL=-1", "out of range"),
        ("FREQ=DAILY;INTERVAL=367", "out of range"),
        ("FREQ=DAILY;INTERVAL=two", "out of range"),
        ("FREQ=DAILY;COUNT=0", "a whole number from 1"),
        ("FREQ=DAILY;COUNT=5;UNTIL=20271231", "keep one of them"),
        ("FREQ=DAILY;UNTIL=2027-12-31", "write `UNTIL=20271231`"),
        ("FREQ=DAILY;UNTIL=20270230", "there is no 2027-02-30"),
        ("FREQ=DAILY;UNTIL=99991231", "out of reach"),
        ("FREQ=DAILY;BYHOUR=9", 'write `at: "09:00"`'),
        ("FREQ=DAILY;BYMINUTE=9", "a time of day"),
        ("FREQ=DAILY;BYEASTER=1", "is no part of a rule"),
        ("FREQ=DAILY;DTSTART=20270101", "is no part of a rule"),
        ("FREQ=WEEKLY;BYDAY=MON", "write `MO` to `SU`"),
        ("FREQ=WEEKLY;BYDAY=MO,MO", "names something twice"),
        ("FREQ=WEEKLY;BYDAY=2MO", "write `FREQ=MONTHLY`"),
        ("FREQ=YEARLY;BYWEEKNO=3;BYDAY=2MO", "counts weekdays"),
        ("FREQ=MONTHLY;BYDAY=0MO", "no weekday of a rule"),
        ("FREQ=MONTHLY;BYDAY=54MO", "no weekday of a rule"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "from -31 to -1 or 1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "out of range"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "write `FREQ=MONTHLY`"),
        ("FREQ=YEARLY;BYMONTH=13", "from 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "from 1 to 12"),
        ("FREQ=YEARLY;BYMONTH=may", "no list of numbers"),
        ("FREQ=YEARLY;BYYEARDAY=367", "out of range"),
        ("FREQ=DAILY;BYYEARDAY=3", "write `FREQ=YEARLY`"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "write `FREQ=YEARLY`"),
        ("FREQ=YEARLY;BYWEEKNO=54", "out of range"),
        ("FREQ=MONTHLY;BYSETPOS=1", "nothing names them"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "out of range"),
        ("FREQ=DAILY;WKST=MONDAY", "is not a weekday"),
        ("FREQ=DAILY;COUNT=٣", "out of range"),
    ],
)
def test_a_bad_rule_says_what_is_wrong_and_what_to_write(rule: str, says: str) -> None:
    with pytest.raises(BadWord) as caught:
        build_trigger({"rrule": rule})
    assert says in f"{caught.value.message}; {caught.value.remedy}"
    assert caught.value.at == "rrule"


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=12;BYDAY=9FR", "FREQ=MONTHLY;BYDAY=-6MO,1FR"])
def test_a_month_has_five_of_a_weekday_at_most(rule: str) -> None:
    with pytest.raises(BadWord, match="no month has so many weeks"):
        parse_rrule(rule)
    assert parse_rrule("FREQ=YEARLY;BYDAY=53FR") == "FREQ=YEARLY;BYDAY=53FR"
