"""The weekly figures, counted by hand, and how weeks are called."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.model import Days, State
from cadence.core.reports import Audience, digest, period_named, week_name, week_of
from cadence.core.worktime import Worktime
from tests.core.agenda.scenes import PEOPLE, at, day, scene, with_task

MONDAY = Worktime("UTC")
SUNDAY = Worktime("UTC", frozenset({6, 0, 1, 2, 3}))
FROM_ANY_DAY = st.integers(0, 6).map(lambda n: Worktime("UTC", frozenset((n + k) % 7 for k in range(5))))


@pytest.mark.parametrize(
    ("worktime", "on", "name"),
    [
        pytest.param(MONDAY, "2027-02-21", "2027-W07", id="sunday ends a monday week"),
        pytest.param(SUNDAY, "2027-02-21", "2027-W08", id="a sunday week has the name of its wednesday"),
        pytest.param(MONDAY, "2027-01-01", "2026-W53", id="the 53rd week reaches into the new year"),
        pytest.param(SUNDAY, "2026-12-27", "2026-W53", id="and begins on its sunday"),
        pytest.param(MONDAY, "2027-01-04", "2027-W01", id="the first"),
    ],
)
def test_a_week_has_the_iso_name_of_its_fourth_day(worktime: Worktime, on: str, name: str) -> None:
    period = week_of(day(on), worktime)
    assert (week_name(period), period_named(name, worktime)) == (name, period)


@given(FROM_ANY_DAY, st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_week_is_found_again_by_its_name(worktime: Worktime, on: date) -> None:
    period = week_of(on, worktime)
    assert on in period
    assert period_named(week_name(period), worktime) == period


@pytest.mark.parametrize(
    "word", ["", "2027", "2027W07", "2027-W54", "2027-W00", "2027-W7", "2027-W-1", "27-W07", "9999-W52", "²027-W07"]
)
def test_what_is_no_week_is_refused_with_how_to_write_one(word: str) -> None:
    with pytest.raises(ValueError, match="write it as 2027-W07"):
        period_named(word, MONDAY)


def test_the_figures_of_a_small_week_are_those_counted_by_hand() -> None:
    situation = scene("a: {kind: metric_review, owner: ana, every: workday}", "2027-03-12 20:00")
    wanted: tuple[dict[str, Any], ...] = (
        {"state": State.DONE, "happened_on": day("2027-03-08"), "done_by": "ana"},  # Mon 8: on time
        {"state": State.DONE, "happened_on": day("2027-03-11"), "done_by": "ana"},  # Tue 9: late
        {"state": State.SKIPPED, "reason": "other"},
        {"state": State.MISSED, "reason": "no-point"},
        {},  # Fri 12: open and late
    )
    for number, changes in enumerate(wanted):
        situation = with_task(situation, 5 + number, **changes)
    situation = with_task(situation, 10, state=State.RETIRED)
    found = digest(
        situation.persons["vic"],
        Audience.LEADER,
        Days(day("2027-03-08"), day("2027-03-15")),
        situation.tasks,
        lambda task: task.done_by or "ana",
        lambda task: "ana",
        (),
        situation.now,
        lambda key: key.title(),
    )
    total = found.total
    assert (total.planned, total.done, total.on_time, total.kept, total.slipped, total.skipped) == (5, 2, 1, 2, 2, 1)
    assert (total.on_time_share, total.kept_share) == (50, 40)
    assert dict(found.reasons) == {"no-point": 1, "unsaid": 1}
    assert [(row.name, row.slipped) for row in found.rows] == [("ana", 2)]
    assert [row.planned for row in found.before] == [0, 5]
    assert dict(found.ahead_kinds) == {"metric_review": 4}, "the retired one is not ahead"


def test_a_task_falls_due_on_the_day_of_its_own_clocks() -> None:
    west = PEOPLE.replace("Europe/London", "Pacific/Honolulu")
    situation = scene("a: {kind: training, owner: ana, on: 2027-03-05}", head=west)
    assert situation.tasks[0].due == at("2027-03-06 04:00")
    assert situation.tasks[0].round == "2027-03-05"
    friday = day("2027-03-05")
    for start, planned in ((friday - timedelta(days=6), 1), (friday + timedelta(days=1), 0)):
        found = digest(
            situation.persons["vic"],
            Audience.LEADER,
            Days(start, start + timedelta(days=7)),
            situation.tasks,
            lambda task: "ana",
            lambda task: "ana",
            (),
            situation.now,
            str,
        )
        assert found.total.planned == planned
