"""Turns: who is away is passed and comes next, and in the end everybody has had as many."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.compiler.turns import dealt
from cadence.core.directory import Directory
from cadence.core.model import Days
from tests.core.compiling import compiled, directory_of, plan_of

MONDAY = date(2027, 1, 11)
MONDAYS = [MONDAY + timedelta(weeks=n) for n in range(8)]
PLAN = """
plan: turns
rollout: 2027-01-11
ends: week 8
people:
  email: "{first}@example.com"
  list:
    ann: {name: Ann}
    bob: {name: Bob}
    cy: {name: Cy}
    x: {name: X, manager: ann}
    y: {name: Y, manager: bob}
    z: {name: Z, manager: cy}
activities:
  it: {kind: team_meeting, rotate: managers, every: week, on: mon}
"""


def org(away: dict[str, list[int]]) -> Directory:
    """The weeks (from 0) in which each is away on Monday."""
    spans = {key: tuple(Days.inclusive(MONDAYS[n], MONDAYS[n]) for n in weeks) for key, weeks in away.items()}
    return directory_of(plan_of(PLAN), absences=spans)


def taken(away: dict[str, list[int]], weeks: int = 6) -> list[str | None]:
    found = org(away)
    numbers = dealt(found, "managers", MONDAYS[:weeks])
    return [found.holder(f"turn/managers/{n}", day) for n, day in zip(numbers, MONDAYS, strict=False)]


@pytest.mark.parametrize(
    ("away", "order"),
    [
        ({}, "ann bob cy ann bob cy"),
        ({"bob": [1]}, "ann cy bob ann bob cy"),
        ({"bob": [1, 2]}, "ann cy ann bob bob cy"),
        ({"ann": [0], "bob": [1]}, "bob ann cy ann bob cy"),
        ({"ann": [0], "bob": [0]}, "cy ann bob ann bob cy"),
        ({"bob": [1, 2, 3, 4]}, "ann cy ann cy ann bob"),
        ({"ann": [0], "bob": [0], "cy": [0]}, "ann bob cy ann bob cy"),
    ],
)
def test_who_is_away_is_passed_and_comes_next(away: dict[str, list[int]], order: str) -> None:
    assert taken(away) == order.split()


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["ann", "bob", "cy"]), st.lists(st.integers(0, 7), max_size=2), max_size=2))
def test_nobody_takes_a_turn_while_away_and_nobody_gets_two_more_than_another(away: dict[str, list[int]]) -> None:
    order = taken(away, 8)
    for number, person in enumerate(order):
        assert number not in away.get(person or "", [])
    had = Counter(order)
    assert max(had.values()) - min(had[key] for key in ("ann", "bob", "cy")) <= 2


def test_a_compiled_turn_keeps_its_slot_whoever_takes_it() -> None:
    found = compiled(PLAN, absences={"bob": (Days(MONDAYS[1], MONDAYS[2]),)})
    assert [o.slot for o in found.of("it")] == [f"1w-0{n}" for n in range(1, 9)]
    assert [o.seat for o in found.of("it")[:4]] == [f"turn/managers/{n}" for n in (0, 2, 1, 3)]
    assert {o.about for o in found.of("it")} == {"turn/managers"}


def test_a_group_that_nobody_is_in_has_turns_all_the_same() -> None:
    assert list(dealt(org({}), "nobody", MONDAYS[:3])) == [0, 1, 2]
