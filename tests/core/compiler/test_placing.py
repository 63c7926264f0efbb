"""A day for what may move: one ride a day where it can be helped, never a day without a task."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cadence.core.compiler.placing import Placing, Wish, series_hash, week
from cadence.core.model import Days
from tests.core.compiling import Compiled, compiled

MONDAY = date(2027, 1, 11)
FORTNIGHT = Days(MONDAY, MONDAY + timedelta(days=12))
DAYS = tuple(day for day in FORTNIGHT if day.weekday() < 5)


def wish(rep: str, days: Sequence[date], owner: str = "meg") -> Wish:
    digest = hashlib.sha256(rep.encode()).digest()
    return Wish(digest, FORTNIGHT, tuple(sorted(days)), (owner, rep), 240, True, 600)


def most_that_fit(choices: Sequence[Sequence[date]]) -> int:
    """How many of these can have a day of their own, by trying all (small cases only)."""
    if not choices:
        return 0
    first, rest = choices[0], choices[1:]
    without = most_that_fit(rest)
    return max(
        [without, *(1 + most_that_fit([[d for d in other if d != day] for other in rest]) for day in set(first))]
    )


some_days = st.sets(st.sampled_from(DAYS[:6]), min_size=1, max_size=3)


@given(st.lists(some_days, min_size=1, max_size=5))
def test_as_many_rides_as_can_be_have_a_day_of_their_own(choices: list[set[date]]) -> None:
    placed = Placing().place([wish(f"rep-{n}", tuple(days)) for n, days in enumerate(choices)])
    assert all(day in one.days for one, day in placed.items())
    assert len(placed) == len(choices)
    assert len(set(placed.values())) == most_that_fit([sorted(days) for days in choices])


@given(st.lists(st.sampled_from(DAYS), max_size=9, unique=True), st.integers(1, 10))
def test_no_two_rides_share_a_day_while_the_window_has_enough_free_days(taken: list[date], rides: int) -> None:
    placing = Placing()
    for day in taken:
        placing.book(["meg"], day, 480)
    rides = min(rides, len(DAYS) - len(taken))
    placed = placing.place([wish(f"rep-{n}", DAYS) for n in range(rides)])
    assert len(set(placed.values())) == rides
    assert not set(placed.values()) & set(taken)
    assert placing.crowded_days() == {}


@given(st.data(), st.lists(some_days, min_size=1, max_size=6))
def test_the_order_of_wishes_is_irrelevant(data: st.DataObject, choices: list[set[date]]) -> None:
    wishes = [wish(f"rep-{n}", tuple(days)) for n, days in enumerate(choices)]
    turned = data.draw(st.permutations(wishes))
    first, second = Placing().place(wishes), Placing().place(turned)
    assert {one.people: day for one, day in first.items()} == {one.people: day for one, day in second.items()}


def test_what_is_over_is_spread_and_said() -> None:
    placing = Placing()
    placed = placing.place([wish(f"rep-{n}", DAYS[:3]) for n in range(5)])
    assert sorted(Counter(placed.values()).values()) == [1, 2, 2]
    assert [person for person, days in placing.crowded_days().items()] == ["meg"]


def test_rides_are_even_over_the_weeks() -> None:
    placed = Placing().place([wish(f"rep-{n}", DAYS) for n in range(6)])
    assert sorted(Counter(map(week, placed.values())).values()) == [3, 3]


def test_a_rep_has_one_ride_a_day_though_two_people_ride_along() -> None:
    placed = Placing().place([wish("ann", DAYS[:2], owner) for owner in ("meg", "dana")])
    assert len(set(placed.values())) == 2


def test_a_series_keeps_its_place_in_the_rhythm() -> None:
    later = Days(FORTNIGHT.start + timedelta(days=14), FORTNIGHT.stop + timedelta(days=14))
    mine = series_hash("plan", "rides", "rep/ann")
    both = [
        Wish(mine, window, tuple(day + shift for day in DAYS), ("meg", "ann"), 240, True, 600)
        for window, shift in ((FORTNIGHT, timedelta(0)), (later, timedelta(days=14)))
    ]
    placed = Placing().place(both)
    assert placed[both[1]] - placed[both[0]] == timedelta(days=14)


@given(st.integers(1, 7))
def test_one_more_rep_moves_few_others(reps: int) -> None:
    before = Placing().place([wish(f"rep-{n}", DAYS) for n in range(reps)])
    after = Placing().place([wish(f"rep-{n}", DAYS) for n in range(reps + 1)])
    days = {one.people: day for one, day in after.items()}
    assert sum(days[one.people] != day for one, day in before.items()) <= max(2, reps // 2)


def test_days_on_which_the_pair_cannot_meet_are_avoided(planned: Compiled) -> None:
    """
    plan: pair
    rollout: 2027-01-11
    ends: week 1
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com}
    away: {meg: [2027-01-11..2027-01-12], ann: [2027-01-14..2027-01-15]}
    activities:
      rides: {kind: field_ride, every: week}
    """
    assert [o.date for o in planned.of("rides")] == [date(2027, 1, 13)]
    assert planned.found("P303") == ()


def test_a_pair_that_cannot_meet_still_gets_its_task_and_a_finding_says_who_and_when(planned: Compiled) -> None:
    """
    plan: pair
    rollout: 2027-01-11
    ends: week 1
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com}
    away: {meg: [2027-01-11..2027-01-13], ann: [2027-01-14..2027-01-15]}
    activities:
      rides: {kind: field_ride, every: week}
    """
    ride = planned.of("rides")[0]
    assert ride.date in (date(2027, 1, 14), date(2027, 1, 15))
    finding = planned.found("P303")[0]
    assert finding.place.line == 10
    assert "Meg and Ann" in finding.message
    assert "2027-01-14" in finding.message


def test_two_rides_on_a_day_are_said_with_who_and_when(planned: Compiled) -> None:
    """
    plan: pair
    rollout: 2027-01-11
    ends: week 1
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com}
        bob: {name: Bob, manager: meg, email: bob@example.com}
        cy: {name: Cy, manager: meg, email: cy@example.com}
    activities:
      rides: {kind: field_ride, every: week, on: [tue, thu]}
    """
    days = Counter(o.date for o in planned.of("rides"))
    assert sorted(days.values()) == [1, 2]
    crowded = next(day for day, many in days.items() if many == 2)
    assert crowded.isoformat() in planned.found("P302")[0].message


@given(st.integers(1, 12), st.sampled_from(["week", "2 weeks", "4 weeks"]))
def test_in_a_whole_plan_nobody_has_two_rides_on_a_day_that_could_be_helped(reps: int, every: str) -> None:
    rows = [f"rep-{n}: {{name: Rep {n}, manager: meg, email: r{n}@example.com}}" for n in range(reps)]
    people = "\n    ".join(["meg: {name: Meg, email: meg@example.com}", *rows])
    found = compiled(
        "plan: law\nrollout: 2027-01-11\nends: week 8\npeople:\n  list:\n    "
        f"{people}\nactivities:\n  rides: {{kind: field_ride, every: {every}}}\n"
    )
    for window in {o.window for o in found.schedule}:
        days = Counter(o.date for o in found.schedule if o.window == window)
        free = sum(day.weekday() < 5 for day in window)
        assert max(days.values()) == -(-reps // free)
