"""Slots: which periods a rhythm has, which days will do, what each is called; tables for the calendar's corners."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cadence.core.kinds import KINDS
from cadence.core.model import Days
from cadence.core.triggers import BadWord, build_trigger, parse_date, parse_span, plan_dates, slots, trigger_for
from cadence.core.worktime import Worktime
from tests.core.triggers.words_given import MONDAY, OFFICE, days, keys, the_dates, the_slots

SUNDAY_TO_THURSDAY = Worktime("UTC", workdays=frozenset({6, 0, 1, 2, 3}))
WEDNESDAY = date(2027, 1, 13)


def test_once_is_one_slot_on_its_day() -> None:
    (slot,) = the_slots(on="day 28")
    assert (slot.key, slot.period, slot.days) == (
        "once",
        Days.inclusive(date(2027, 2, 8), date(2027, 2, 8)),
        (date(2027, 2, 8),),
    )


def test_once_with_from_is_on_time_anywhere_between() -> None:
    (slot,) = the_slots(from_="day 0", on="day 0 + 4 workdays")
    assert slot.period == Days.inclusive(MONDAY, date(2027, 1, 15))
    assert slot.days == (date(2027, 1, 15),)


def test_each_date_of_a_list_is_called_after_its_word() -> None:
    dates = the_dates(v2="2027-07-15")
    assert keys(the_slots(dates, on=["v2", "v2 - 6 weeks", "day -3", "day 14"])) == [
        "on-day-m3",
        "on-day-14",
        "on-v2-6-weeks",
        "on-v2",
    ]


def test_a_named_date_beyond_the_end_of_the_plan_stands() -> None:
    assert days(the_slots(on="2028-01-03")) == ["2028-01-03"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"every": "week", "on": "mon"}, {"1w-01": "2027-01-11", "1w-02": "2027-01-18", "1w-03": "2027-01-25"}),
        ({"every": "2 weeks", "on": "fri"}, {"2w-01": "2027-01-15", "2w-03": "2027-01-29"}),
        ({"every": "2 weeks", "on": "fri", "from": "day 8"}, {"2w-02": "2027-01-22"}),
        ({"every": "week", "on": "mon", "from": "day 1"}, {"1w-02": "2027-01-18", "1w-03": "2027-01-25"}),
        ({"every": "week", "on": "fri", "until": "day 10"}, {"1w-01": "2027-01-15"}),
        ({"every": "week", "on": "fri", "until": "day 11"}, {"1w-01": "2027-01-15", "1w-02": "2027-01-22"}),
        ({"every": "week", "on": "fri", "until": "week 1"}, {"1w-01": "2027-01-15"}),
        ({"every": "week", "on": "fri", "times": "2"}, {"1w-01": "2027-01-15", "1w-02": "2027-01-22"}),
        ({"every": "week", "on": "mon", "except": ["day 7"]}, {"1w-01": "2027-01-11", "1w-03": "2027-01-25"}),
        ({"every": "week", "on": "tue", "except": "week 2"}, {"1w-01": "2027-01-12", "1w-03": "2027-01-26"}),
        ({"every": "week", "on": "thu", "during": "prep"}, {"1w-m01": "2026-12-31", "1w-00": "2027-01-07"}),
        (
            {"every": "week", "on": "mon", "from": "day -7", "times": "2"},
            {"1w-00": "2027-01-04", "1w-01": "2027-01-11"},
        ),
        ({"every": "month", "on": "31st", "until": "day 90"}, {"m-2027-01": "2027-01-31"}),
        ({"every": "quarter", "on": "last fri"}, {}),
        ({"every": "workday", "until": "day 1"}, {"d-01-mon": "2027-01-11", "d-01-tue": "2027-01-12"}),
    ],
)
def test_a_rhythm_falls_on_these_days_of_a_plan_of_three_weeks(words: dict[str, object], found: dict[str, str]) -> None:
    dates, lost = plan_dates(MONDAY, {}, PREP, parse_date("week 3"), OFFICE)
    assert not lost
    got = slots(build_trigger(words), dates, OFFICE)
    assert {slot.key: slot.days[0].isoformat() for slot in got} == found


PREP = {"prep": (parse_date("day -14"), parse_date("day -1"))}


def test_the_weeks_of_a_plan_begin_on_the_weekday_of_its_rollout() -> None:
    found = the_slots(the_dates(WEDNESDAY), every="week", on="mon", times="2")
    assert days(found) == ["2027-01-18", "2027-01-25"]
    assert keys(found) == ["1w-01", "1w-02"]
    assert found[0].period == Days.inclusive(WEDNESDAY, date(2027, 1, 19))


def test_a_choice_offers_its_days_in_order_in_every_week_of_the_period() -> None:
    (slot, *_) = the_slots(every="2 weeks", on=["thu", "tue"])
    assert [day.day for day in slot.days] == [14, 12, 21, 19]


def test_a_choice_loses_only_the_candidates_outside_the_limits_or_excepted() -> None:
    (slot,) = the_slots(every="week", on=["tue", "wed", "thu"], from_="day 2", until="day 4", except_="day 2")
    assert [day.day for day in slot.days] == [14]
    assert slot.period == Days(date(2027, 1, 13), date(2027, 1, 16))


def test_without_a_weekday_any_working_day_will_do_unless_some_are_excepted() -> None:
    first, second = the_slots(every="week", until="week 3", except_=["2027-01-19", "week 3"])
    assert first.days == ()
    assert [day.day for day in second.days] == [18, 20, 21, 22]


def test_an_edge_with_free_days_only_is_no_period_but_a_closed_week_is_one() -> None:
    assert keys(the_slots(every="week", from_="day 5", until="week 2")) == ["1w-02"]
    closed = Worktime("UTC", off=frozenset(Days(MONDAY, MONDAY + timedelta(days=7))))
    assert keys(the_slots(None, closed, every="week", until="week 2")) == ["1w-01", "1w-02"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"every": "month", "on": "15th"}, ["2028-01-15", "2028-02-15", "2028-03-15"]),
        ({"every": "month", "on": "29th"}, ["2028-01-29", "2028-02-29", "2028-03-29"]),
        ({"every": "month", "on": "31st"}, ["2028-01-31", "2028-02-29", "2028-03-31"]),
        ({"every": "month", "on": "first mon"}, ["2028-01-03", "2028-02-07", "2028-03-06"]),
        ({"every": "month", "on": "mon"}, ["2028-01-03", "2028-02-07", "2028-03-06"]),
        ({"every": "month", "on": "last tue"}, ["2028-01-25", "2028-02-29", "2028-03-28"]),
        ({"every": "2 months", "on": "1st"}, ["2028-01-01", "2028-03-01"]),
        ({"every": "quarter", "on": "15th"}, ["2028-01-15"]),
        ({"every": "quarter", "on": "last fri"}, ["2028-03-31"]),
        ({"every": "quarter", "on": "31st", "from": "2028-01-31"}, ["2028-01-31"]),
        ({"every": "quarter", "on": "31st", "from": "2028-02-01"}, []),
    ],
)
def test_months_and_quarters_are_calendar_ones_also_in_a_leap_year(words: dict[str, object], found: list[str]) -> None:
    dates = the_dates(date(2028, 1, 1), parse_date("2028-03-31"))
    assert days(slots(build_trigger(words), dates, OFFICE)) == found


def test_the_31st_of_a_quarter_that_opens_with_a_short_month_is_its_30th() -> None:
    dates = the_dates(date(2027, 4, 1))
    assert days(the_slots(dates, every="quarter", on="31st", times="1")) == ["2027-04-30"]


@pytest.mark.parametrize(
    ("fiscal_year", "named"),
    [(1, ["q-2027-1", "q-2027-2"]), (2, ["q-2026-4", "q-2027-1"]), (10, ["q-2026-2", "q-2026-3"])],
)
def test_a_fiscal_year_moves_the_quarters_and_is_called_after_the_year_it_begins_in(
    fiscal_year: int, named: list[str]
) -> None:
    dates, _ = plan_dates(MONDAY, {}, {}, parse_date("week 26"), OFFICE, fiscal_year)
    found = the_slots(dates, every="quarter", times="2")
    assert keys(found) == named
    assert found[0].period.start == MONDAY
    assert found[1].period.start.day == 1


def test_plan_weeks_run_through_iso_week_53_without_a_break() -> None:
    found = the_slots(the_dates(date(2026, 12, 21)), every="week", on="thu", times="3")
    assert [day.isocalendar().week for slot in found for day in slot.days] == [52, 53, 1]
    assert keys(found) == ["1w-01", "1w-02", "1w-03"]


def test_every_workday_skips_weekends_and_holidays_of_the_calendar_given() -> None:
    holiday = Worktime("UTC", workdays=SUNDAY_TO_THURSDAY.workdays, off=frozenset({date(2027, 1, 12)}))
    found = the_slots(None, holiday, every="workday", until="day 6")
    assert keys(found) == ["d-01-mon", "d-01-wed", "d-01-thu", "d-01-sun"]


def test_every_ten_workdays_counts_working_days_and_numbers_its_runs() -> None:
    holiday = Worktime("UTC", off=frozenset({date(2027, 1, 18)}))
    found = the_slots(None, holiday, every="10 workdays", times="2")
    assert keys(found) == ["10d-01", "10d-02"]
    assert found[1].period.start == date(2027, 1, 26), "one working day later than without the holiday"


def test_an_absence_removes_no_slot() -> None:
    away = Worktime("UTC", away=(Days(MONDAY, MONDAY + timedelta(days=30)),))
    for every in ("workday", "3 workdays", "week"):
        assert the_slots(None, away, every=every) == the_slots(None, OFFICE, every=every)


def test_since_leaves_out_what_lies_before_and_renames_nothing() -> None:
    trigger = build_trigger({"every": "2 weeks", "on": ["tue", "thu"], "until": "week 6"})
    found = slots(trigger, the_dates(), OFFICE, since=date(2027, 1, 27))
    assert keys(found) == ["2w-03", "2w-05"]
    assert found[0].days[0] == date(2027, 1, 28)
    assert found[0].period.start == date(2027, 1, 27)


def test_an_endless_rhythm_is_refused() -> None:
    dates = the_dates(MONDAY, parse_date("2100-01-01"))
    with pytest.raises(BadWord, match="more than 5000 times"):
        the_slots(dates, every="workday")
    with pytest.raises(BadWord, match="more than 3 times"):
        slots(build_trigger({"every": "week"}), dates, OFFICE, most=3)


def test_an_unknown_phase_is_named_with_the_nearest_one() -> None:
    dates, _ = plan_dates(MONDAY, {}, {"activation": parse_span("weeks 1-2")}, parse_date("week 26"), OFFICE)
    with pytest.raises(BadWord, match="did you mean `activation`"):
        the_slots(dates, every="week", during="activaton")


@pytest.mark.parametrize(
    ("kind", "given", "named"),
    [
        ("field_ride", {"until": "week 12"}, ["2w-01", "2w-03", "4w-05", "4w-09"]),
        ("campaign_review", {"until": "week 8"}, ["1w-01", "1w-02", "1w-03", "1w-04", "2w-05", "2w-07"]),
        ("campaign_review", {"until": "week 2"}, ["1w-01", "1w-02"]),
        ("campaign_review", {"from": "week 4", "times": "3"}, ["1w-04", "2w-05", "2w-07"]),
        ("campaign_review", {"from": "week 6", "until": "week 9"}, ["2w-05", "2w-07", "2w-09"]),
    ],
)
def test_rhythms_in_a_row_hand_over_without_a_gap_or_a_double(
    kind: str, given: dict[str, object], named: list[str]
) -> None:
    assert keys(slots(trigger_for(KINDS[kind].rhythms, given), the_dates(), OFFICE)) == named


def test_a_weekday_refines_rhythms_in_a_row_into_an_even_series() -> None:
    found = slots(trigger_for(KINDS["campaign_review"].rhythms, {"on": "mon", "until": "day 60"}), the_dates(), OFFICE)
    assert [(slot.days[0] - MONDAY).days for slot in found] == [0, 7, 14, 21, 28, 42, 56]
