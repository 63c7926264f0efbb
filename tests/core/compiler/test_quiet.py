"""Quiet spans: nothing is placed in them, and what has no other day is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.compiling import Compiled, compiled

PLAN = """
plan: quiet
rollout: 2027-01-11
ends: week 6
quiet: [{{from: {first}, until: {last}{only}}}]
people:
  email: "{{first}}@example.com"
  list:
    meg: {{name: Meg}}
    ann: {{name: Ann, manager: meg}}
activities:
  it: {{{words}}}
"""


def quiet(words: str, first: object, last: object, only: str = "") -> Compiled:
    return compiled(PLAN.format(words=words, first=first, last=last, only=only))


def jan(*days: int) -> list[date]:
    return [date(2027, 1, 1) + timedelta(days=day - 1) for day in days]


@pytest.mark.parametrize(
    ("words", "first", "last", "dates"),
    [
        pytest.param("kind: campaign_review, every: week, on: mon, times: 3", "2027-01-18", "2027-01-18",
                     jan(11, 19, 25), id="onward inside its week"),
        pytest.param("kind: campaign_review, every: week, on: fri, times: 3", "2027-01-22", "2027-01-22",
                     jan(15, 21, 29), id="back when the week ends"),
        pytest.param("kind: campaign_review, every: week, on: wed, times: 3, roll: previous", "2027-01-20",
                     "2027-01-20", jan(13, 19, 27), id="as the activity rolls"),
        pytest.param("kind: campaign_review, every: week, on: mon, times: 3", "week 2", "week 2",
                     jan(11, 25), id="no day of the period is left"),
        pytest.param("kind: team_meeting, every: workday, until: day 4", "2027-01-12", "2027-01-13",
                     jan(11, 14, 15), id="a workday"),
        pytest.param("kind: training, on: day 7", "week 2", "week 2", jan(25), id="once, onward"),
        pytest.param("kind: training, on: day 7, roll: previous", "week 2", "week 2", jan(15), id="once, back"),
        pytest.param("kind: release, owner: meg, on: [day 7, day 21]", "week 2", "week 2",
                     jan(25, 32), id="on named dates"),
        pytest.param("kind: field_ride, on: day 7", "week 2", "week 2", jan(25), id="a proposed one on its day"),
    ],
)  # fmt: skip
def test_what_falls_into_a_quiet_span_moves_out_of_it(words: str, first: str, last: str, dates: list[date]) -> None:
    assert [o.date for o in quiet(words, first, last).of("it")] == dates


def test_a_proposed_day_is_looked_for_outside_and_the_window_stays() -> None:
    ride = quiet("kind: field_ride, every: 2 weeks, times: 1", "2027-01-11", "2027-01-20").of("it")[0]
    assert ride.date in jan(21, 22)
    assert (ride.window.start, ride.window.last) == (date(2027, 1, 11), date(2027, 1, 22))


def test_the_slots_that_remain_keep_their_names_and_one_note_says_how_many_are_gone() -> None:
    found = quiet("kind: one_on_one, every: week, times: 4", "week 2", "week 3")
    assert [o.slot for o in found.of("it")] == ["1w-01", "1w-04"]
    (note,) = found.found("P318")
    assert note.path == "activities.it"
    assert note.message.startswith("2 times it falls into a quiet span")
    assert "2027-01-18" in note.message
    assert found.found("P306") == ()


def test_an_activity_that_is_silenced_throughout_is_not_told_that_it_never_happens() -> None:
    found = quiet("kind: one_on_one, every: week, times: 2", "week 1", "week 4")
    assert found.of("it") == ()
    assert found.found("P318")
    assert found.found("P306") == ()


@pytest.mark.parametrize(
    ("kind", "day"), [("kind: qbr, owner: meg", date(2027, 1, 18)), ("kind: training", date(2027, 1, 25))]
)
def test_a_span_is_quiet_for_the_weights_that_it_names(kind: str, day: date) -> None:
    found = quiet(f"{kind}, on: day 7", "week 2", "week 2", ", only: [light, standard]")
    assert [o.date for o in found.of("it")] == [day]


WORDS = st.sampled_from(
    [
        "kind: one_on_one, every: week",
        "kind: field_ride, every: 2 weeks, on: [tue, thu]",
        "kind: campaign_review, every: week, on: wed",
        "kind: pulse, every: 2 weeks, on: fri, roll: previous",
        "kind: team_meeting, every: workday, until: week 2",
        "kind: training, on: day 9",
        "kind: metric_review, owner: meg, every: month, on: last fri",
    ]
)


@settings(max_examples=120, deadline=None)
@given(WORDS, st.integers(0, 40), st.integers(0, 12))
def test_nothing_is_ever_placed_on_a_quiet_day_and_no_slot_changes_its_name(
    words: str, start: int, length: int
) -> None:
    first = date(2027, 1, 11) + timedelta(days=start)
    last = first + timedelta(days=length)
    hushed, loud = quiet(words, first, last), quiet(words, "2028-01-01", "2028-01-02")
    assert not [o for o in hushed.schedule if first <= o.date <= last]
    assert {o.id for o in hushed.schedule} <= {o.id for o in loud.schedule}
    gone = len(loud.schedule) - len(hushed.schedule)
    said = hushed.found("P318")
    assert int(said[0].message.split()[0]) == gone if gone else said == ()
