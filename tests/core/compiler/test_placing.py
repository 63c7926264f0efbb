"""A day for what may move: one ride a day where it can be helped, never a day without a task."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from cadence.core.compiler.identity import hashed
from cadence.core.compiler.places import AN_HOUR, week
from cadence.core.compiler.placing import RIDE_MINUTES, Placing, Wish, by_liking
from cadence.core.model import Days
from tests.core.compiling import Compiled, compiled

MONDAY = date(2027, 1, 11)
FORTNIGHT = Days(MONDAY, MONDAY + timedelta(days=12))
DAYS = tuple(day for day in FORTNIGHT if day.weekday() < 5)


def wish(rep: str, days: Iterable[date], owner: str = "meg", *, minutes: int = 240, window: Days = FORTNIGHT) -> Wish:
    (rank, _), days = hashed("plan", str(minutes), rep), tuple(sorted(days))
    order = by_liking(rank, tuple((day - window.start).days for day in days))
    return Wish(rank, window, days, order, (owner, rep), minutes, minutes >= RIDE_MINUTES)


def placed(wishes: Sequence[Wish], placing: Placing | None = None) -> dict[Wish, date]:
    groups: defaultdict[tuple[object, ...], list[Wish]] = defaultdict(list)
    for one in wishes:
        groups[one.people[0], one.window, one.minutes].append(one)
    (placing or Placing()).place(groups.values())
    return {one: one.day for one in wishes}


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
    found = placed([wish(f"rep-{n}", tuple(days)) for n, days in enumerate(choices)])
    assert all(day in one.days for one, day in found.items())
    assert len(found) == len(choices)
    assert len(set(found.values())) == most_that_fit([sorted(days) for days in choices])


@given(st.lists(st.sampled_from(DAYS), max_size=9, unique=True), st.integers(1, 10))
def test_no_two_rides_share_a_day_while_the_window_has_enough_free_days(taken: list[date], rides: int) -> None:
    placing = Placing()
    for day in taken:
        placing.book("meg", [day], 480)
    rides = min(rides, len(DAYS) - len(taken))
    found = placed([wish(f"rep-{n}", DAYS) for n in range(rides)], placing)
    assert len(set(found.values())) == rides
    assert not set(found.values()) & set(taken)
    assert placing.crowded_days() == {}


@given(st.data(), st.lists(some_days, min_size=1, max_size=6))
def test_the_order_of_wishes_is_irrelevant(data: st.DataObject, choices: list[set[date]]) -> None:
    wishes = [wish(f"rep-{n}", tuple(days)) for n, days in enumerate(choices)]
    turned = data.draw(st.permutations(wishes))
    first, second = placed(wishes), placed(turned)
    assert {one.people: day for one, day in first.items()} == {one.people: day for one, day in second.items()}


def test_what_is_over_is_spread_and_said() -> None:
    placing = Placing()
    found = placed([wish(f"rep-{n}", DAYS[:3]) for n in range(5)], placing)
    assert sorted(Counter(found.values()).values()) == [1, 2, 2]
    assert [person for person, days in placing.crowded_days().items()] == ["meg"]


def test_rides_are_even_over_the_weeks() -> None:
    found = placed([wish(f"rep-{n}", DAYS) for n in range(6)])
    assert sorted(Counter(map(week, found.values())).values()) == [3, 3]


def test_a_rep_has_one_ride_a_day_though_two_people_ride_along() -> None:
    found = placed([wish("ann", DAYS[:2], owner) for owner in ("meg", "dana")])
    assert len(set(found.values())) == 2


def test_a_series_keeps_its_place_in_the_rhythm() -> None:
    later = Days(FORTNIGHT.start + timedelta(days=14), FORTNIGHT.stop + timedelta(days=14))
    both = [wish("ann", DAYS), wish("ann", [day + timedelta(days=14) for day in DAYS], window=later)]
    found = placed(both)
    assert found[both[1]] - found[both[0]] == timedelta(days=14)


@given(st.integers(1, 14), st.sampled_from([15, 30, 45, 60]), st.lists(st.sampled_from(DAYS), max_size=6))
@example(8, 60, [DAYS[5], DAYS[5], DAYS[6], DAYS[6]])
def test_no_day_and_no_week_is_fuller_than_it_must_be_by_more_than_an_hour(
    many: int, minutes: int, busy: list[date]
) -> None:
    """Also where nobody comes near to a full working day."""
    placing, hours = Placing(), Counter(dict.fromkeys(DAYS, 0))
    for day in busy:
        placing.book("meg", [day], 45)
        hours[day] += 45
    filled = hours.copy()
    for _ in range(many):
        filled[min(filled, key=lambda day: (of_week(filled, day), filled[day]))] += minutes
    for day in placed([wish(f"rep-{n}", DAYS, minutes=minutes) for n in range(many)], placing).values():
        hours[day] += minutes
    assert max(hours.values()) <= max(filled.values()) + AN_HOUR
    assert max(of_week(hours, day) for day in DAYS) <= max(of_week(filled, day) for day in DAYS) + AN_HOUR


def of_week(hours: Counter[date], day: date) -> int:
    return sum(many for other, many in hours.items() if week(other) == week(day))


def test_a_ride_goes_where_there_are_the_fewest_other_hours() -> None:
    placing = Placing()
    placing.book("meg", [day for day in DAYS if day.weekday() != 2], 100)
    found = placed([wish("ann", DAYS), wish("bob", DAYS)], placing)
    assert {day.weekday() for day in found.values()} == {2}


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
