"""Days, windows and instants of what a plan asks."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cadence.core.model import DateState
from tests.core.compiling import Compiled, compiled

PLAN = """
plan: days
rollout: 2027-01-11
ends: week 10
timezone: America/New_York
calendar: {country: US, closed: [2027-02-15..2027-02-19]}
milestones: {v2: 2027-03-15}
people:
  list:
    meg: {name: Meg, email: meg@example.com}
    ann: {name: Ann, manager: meg, email: ann@example.com}
activities:
"""
HOLIDAYS = {"US": frozenset({date(2027, 1, 18), date(2027, 2, 1)})}


def activity(words: str) -> Compiled:
    return compiled(f"{PLAN}  it: {{{words}}}", holidays=HOLIDAYS)


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("kind: training, on: day 7", [date(2027, 1, 19)]),
        ("kind: training, on: day 7, roll: previous", [date(2027, 1, 15)]),
        ("kind: training, on: day 7, roll: keep", [date(2027, 1, 18)]),
        ("kind: training, on: v2 - 6 weeks", [date(2027, 1, 29)]),
        ("kind: training, every: week, on: mon, times: 3", [date(2027, 1, 11), date(2027, 1, 19), date(2027, 1, 25)]),
        ("kind: training, every: week, on: mon, times: 1, from: week 6", [date(2027, 2, 22)]),
        ("kind: training, every: week, times: 2", [date(2027, 1, 11), date(2027, 1, 19)]),
    ],
)
def test_free_days_roll(words: str, dates: list[date]) -> None:
    assert [o.date for o in activity(words).of("it")] == dates


def test_standing_tasks_are_on_time_on_their_day_alone() -> None:
    audit = activity("kind: audit, on: day 8, owner: meg").of("it")[0]
    assert audit.date_state is DateState.FIXED
    assert (audit.window.start, audit.window.last) == (date(2027, 1, 19), date(2027, 1, 19))
    assert audit.due == datetime(2027, 1, 19, 23, tzinfo=UTC)


def test_a_light_task_stands_until_the_period_ends_or_the_next_comes() -> None:
    wins = activity("kind: quick_win, every: 2 weeks, on: wed, times: 2").of("it")
    assert [(o.date, o.window.start, o.window.last) for o in wins] == [
        (date(2027, 1, 13), date(2027, 1, 13), date(2027, 1, 22)),
        (date(2027, 1, 27), date(2027, 1, 27), date(2027, 2, 5)),
    ]


def test_what_is_dated_from_a_day_is_on_time_on_any_day_from_there() -> None:
    told = activity("kind: expectation_setting, on: day 4, from: day 0, owner: meg").of("it")[0]
    assert (told.date, told.window.start, told.window.last) == (date(2027, 1, 15), date(2027, 1, 11), date(2027, 1, 15))


def test_a_proposed_task_is_owed_within_the_period_and_due_when_its_last_working_day_ends() -> None:
    ride = activity("kind: field_ride, every: 2 weeks, on: [tue, wed, thu], times: 1").of("it")[0]
    assert ride.date_state is DateState.PROPOSED
    assert (ride.window.start, ride.window.last) == (date(2027, 1, 11), date(2027, 1, 22))
    assert ride.date in ride.window
    assert ride.date.weekday() in (1, 2, 3)
    assert ride.due == datetime(2027, 1, 22, 23, tzinfo=UTC)
    assert (ride.starts, ride.ends) == (None, None)


def test_a_period_without_a_working_day_is_stretched_to_the_next_one() -> None:
    ride = activity("kind: one_on_one, every: week, from: week 6, times: 1").of("it")[0]
    assert (ride.slot, ride.date) == ("1w-06", date(2027, 2, 22))
    assert (ride.window.start, ride.window.last) == (date(2027, 2, 15), date(2027, 2, 22))


def test_a_proposed_day_rolls_inside_the_window() -> None:
    talk = activity("kind: one_on_one, every: week, on: mon, from: week 2, times: 1").of("it")[0]
    assert talk.date in talk.window
    assert talk.date != date(2027, 1, 18)


def test_a_time_is_wall_time_and_lasts_its_minutes() -> None:
    found = activity('kind: team_meeting, every: week, on: mon, at: "09:00", lasts: 10 min').of("it")
    assert {
        (o.starts.hour, (o.ends - o.starts).seconds) for o in found if o.starts and o.ends and o.date.month < 3
    } == {(14, 600)}
    assert found[-1].starts == datetime(2027, 3, 15, 13, tzinfo=UTC)


def test_a_title_cannot_break_a_line() -> None:
    plan = PLAN + '  it: {kind: training, on: day 0, title: "One\\r\\nBcc: all\\u0000 \\u2028 end"}'
    assert compiled(plan).of("it")[0].title == "One Bcc: all end"


@pytest.mark.parametrize(
    ("limit", "path"),
    [(20, "activities.it"), (60, "activities")],
)
def test_a_plan_of_too_many_tasks_is_refused(limit: int, path: str) -> None:
    words = "  it: {kind: team_meeting, every: workday}\n  too: {kind: quick_win, every: workday}"
    found = compiled(f"{PLAN}{words}", limit=limit).compilation
    assert found.schedule == ()
    assert found.has_errors
    assert path in [finding.path for finding in found.findings if finding.severity == "error"]


def test_a_plan_within_the_limit_is_not_refused() -> None:
    assert not compiled(f"{PLAN}  it: {{kind: team_meeting, every: week}}", limit=10).compilation.has_errors
