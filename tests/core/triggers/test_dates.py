"""The plan's days: milestones that lean on each other, what a date word means, which way a free day rolls."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.model import Days
from cadence.core.triggers import DEFAULT_ENDS, BadWord, parse_date, parse_span, plan_dates, resolve, roll
from cadence.core.worktime import Worktime
from tests.core.triggers.words_given import MONDAY, OFFICE, the_dates

SUNDAY_TO_THURSDAY = Worktime("UTC", workdays=frozenset({6, 0, 1, 2, 3}))


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2027-03-01", "2027-03-01", "2027-03-01"),
        ("rollout", "2027-01-11", "2027-01-11"),
        ("day 0", "2027-01-11", "2027-01-11"),
        ("day -14", "2026-12-28", "2026-12-28"),
        ("week 1", "2027-01-11", "2027-01-17"),
        ("week 3", "2027-01-25", "2027-01-31"),
        ("week 3 + 1 day", "2027-01-26", "2027-01-26"),
        ("v2", "2027-07-15", "2027-07-15"),
        ("v2 - 6 weeks", "2027-06-03", "2027-06-03"),
        ("2027-01-31 + 1 month", "2027-02-28", "2027-02-28"),
        ("2028-02-29 + 12 months", "2029-02-28", "2029-02-28"),
        ("2028-01-31 + 1 month", "2028-02-29", "2028-02-29"),
        ("2027-01-15 + 3 workdays", "2027-01-20", "2027-01-20"),
        ("2027-01-16 + 1 workday", "2027-01-18", "2027-01-18"),
        ("2027-01-18 - 1 workday", "2027-01-15", "2027-01-15"),
    ],
)
def test_a_date_word_means_a_day_and_a_week_ends_on_its_last(word: str, first: str, last: str) -> None:
    dates = the_dates(v2="2027-07-15")
    found = resolve(parse_date(word), dates), resolve(parse_date(word), dates, end=True)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


def test_an_unknown_milestone_is_named_with_the_nearest_one() -> None:
    with pytest.raises(BadWord, match="did you mean `qbr`"):
        resolve(parse_date("qrb"), the_dates(qbr="day 90"))


def test_a_day_beyond_every_calendar_is_refused() -> None:
    dates = the_dates(far="2100-01-01 + 999 months")
    for word in ("far", "2100-12-31 + 999 months"):
        resolve(parse_date(word), dates)
    with pytest.raises(BadWord, match="beyond every calendar"):
        resolve(parse_date("day 9999"), plan_dates(date(9990, 1, 1), {}, {}, DEFAULT_ENDS, OFFICE)[0])


def test_milestones_may_lean_on_each_other_in_any_order_and_roll_off_free_days() -> None:
    dates = the_dates(reported="qbr + 2 weeks", qbr="day 90", ready="reported - 1 workday")
    assert dates.milestones["qbr"] == date(2027, 4, 12), "day 90 is Sunday 11 April"
    assert dates.milestones["reported"] == date(2027, 4, 26)
    assert dates.milestones["ready"] == date(2027, 4, 23)


def test_milestones_in_a_circle_or_on_nothing_are_left_out_and_named() -> None:
    words = {"a": "b + 1 day", "b": "c", "c": "a", "d": "a", "lone": "nowhere", "good": "day 5"}
    spans = {"bad": parse_span("week 1..a"), "back": parse_span("day 9..day 3"), "fine": parse_span("weeks 1-2")}
    milestones = {name: parse_date(word) for name, word in words.items()}
    dates, lost = plan_dates(MONDAY, milestones, spans, parse_date("lone"), OFFICE)
    assert lost == (
        *(f"milestones.{name}" for name in ("a", "b", "c", "d", "lone")),
        "phases.bad",
        "phases.back",
        "ends",
    )
    assert set(dates.milestones) == {"good"}
    assert dates.phases == {"fine": Days.inclusive(MONDAY, date(2027, 1, 24))}
    assert dates.ends == date(2027, 7, 11), "week 26 stands in"


def test_ten_thousand_milestones_in_a_row_are_dated_without_recursion() -> None:
    chain = {f"m{n}": parse_date(f"m{n + 1}") for n in range(9_999)} | {"m9999": parse_date("day 3")}
    dates, lost = plan_dates(MONDAY, chain, {}, DEFAULT_ENDS, OFFICE)
    assert not lost
    assert dates.milestones["m0"] == date(2027, 1, 14)


@pytest.mark.parametrize(
    ("day", "how", "calendar", "lands"),
    [
        ("2027-01-16", "next", OFFICE, "2027-01-18"),
        ("2027-01-16", "previous", OFFICE, "2027-01-15"),
        ("2027-01-16", "keep", OFFICE, "2027-01-16"),
        ("2027-01-15", "next", OFFICE, "2027-01-15"),
        ("2027-01-15", "next", SUNDAY_TO_THURSDAY, "2027-01-17"),
        ("2027-01-16", "previous", SUNDAY_TO_THURSDAY, "2027-01-14"),
        ("2027-01-18", "next", Worktime("UTC", off=frozenset({date(2027, 1, 18)})), "2027-01-19"),
        ("2027-01-18", "next", Worktime("UTC", away=(Days(date(2027, 1, 1), date(2027, 2, 1)),)), "2027-01-18"),
    ],
)
def test_a_free_day_rolls_but_an_absence_is_no_free_day(day: str, how: str, calendar: Worktime, lands: str) -> None:
    rolled = roll(date.fromisoformat(day), how, calendar)  # type: ignore[arg-type]  # a word of the table
    assert rolled == date.fromisoformat(lands)


@pytest.mark.parametrize(
    ("day", "week"),
    [("2027-01-11", 1), ("2027-01-17", 1), ("2027-01-18", 2), ("2027-01-10", 0), ("2026-12-28", -1)],
)
def test_plan_weeks_count_from_one_and_backwards_through_zero(day: str, week: int) -> None:
    assert the_dates().week(date.fromisoformat(day)) == week
