"""How few other tasks move when something changes: what cannot move at all, exactly, and how many do, as figures.

Three things can change a proposed day beside its own: one more rep, an absence, one more activity. Days are chosen
among those of the same people: whoever shares no pair with the one who changed keeps every day. Of the others, one
task more in a window takes no place away, so that few change places.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.compiler import compile_plan
from cadence.core.model import Days, Occurrence
from cadence.core.planfile import Plan
from tests.core.compiling import directory_of, plan_of, say

MONDAY = date(2027, 1, 11)
TWO_WEEKS = timedelta(weeks=2)
"""The widest window: as far as a change on one day reaches into it, and it into the days around."""
BOSSES, MOST = ("Ann", "Bob", "Cy"), 13
PLAN = """
plan: stable
rollout: 2027-01-11
ends: week 4
people: {file: people.csv}
activities:
  rides: {kind: field_ride, every: 2 weeks}
  talks: {kind: one_on_one, every: week}
  reviews: {kind: campaign_review, every: 2 weeks, on: mon}
"""
ONE_TALK = "  extra: {kind: one_on_one, every: week, from: week 2, times: 1}\n"
MEETINGS = "  extra: {kind: team_meeting, every: week, on: wed, lasts: 45 min}\n"

KINDS = ("one_on_one", "team_meeting", "field_ride")

Org = dict[str, int]
"""Teams by their managers' names, and how many reps each has."""


@cache
def everybody(more: str) -> Plan:
    rows = [f"{boss},,{boss.lower()}@example.com\n" for boss in BOSSES]
    rows += [f"{boss}{n},{boss},{boss.lower()}{n}@example.com\n" for boss in BOSSES for n in range(MOST)]
    return plan_of(PLAN + more, "name,manager,email\n" + "".join(rows))


def tasks(org: Org, more: str = "", away: tuple[str, Days] | None = None) -> dict[str, Occurrence]:
    plan = everybody(more)
    wanted = {boss.lower() for boss in org} | {f"{boss.lower()}{n}" for boss, many in org.items() for n in range(many)}
    rows = tuple(row for row in plan.people.rows if row.key in wanted)
    plan = plan.model_copy(update={"people": plan.people.model_copy(update={"rows": rows})})
    directory = directory_of(plan, absences={away[0]: (away[1],)} if away else {})
    return {made.id: made for made in compile_plan(plan, directory, say).schedule}


def moved(before: dict[str, Occurrence], after: dict[str, Occurrence]) -> list[Occurrence]:
    """What stood before, stands still, and has another day."""
    assert before.keys() <= after.keys()
    return [made for key, made in before.items() if after[key].date != made.date]


orgs = st.dictionaries(st.sampled_from(BOSSES), st.integers(1, 6), min_size=2, max_size=2)
weeks_off = st.tuples(st.integers(0, 26), st.integers(1, 10)).map(
    lambda given: Days(MONDAY + timedelta(given[0]), MONDAY + timedelta(sum(given)))
)


@settings(max_examples=220, deadline=None)
@given(orgs, st.sampled_from(["rep", "absence of a rep", "absence of the manager", *KINDS]), weeks_off)
def test_a_change_in_one_team_moves_nothing_of_another_nor_anything_that_lies_far_from_it(
    org: Org, change: str, around: Days
) -> None:
    boss = min(org).lower()
    match change:
        case "rep":
            after, around = tasks(org | {min(org): org[min(org)] + 1}), Days(date.min + TWO_WEEKS, date.max - TWO_WEEKS)
        case "absence of a rep":
            after = tasks(org, away=(f"{boss}0", around))
        case "absence of the manager":
            after = tasks(org, away=(boss, around))
        case kind:
            words = f"kind: {kind}, on: {around.start}, only: {{team: {boss}}}"
            after = tasks(org, f"  extra: {{{words}}}\n")
    others = moved(tasks(org), after)
    assert {made.seat for made in others} <= {f"manager/{boss}"}
    assert all(around.start - TWO_WEEKS <= made.window.last for made in others)
    assert all(made.window.start <= around.stop + TWO_WEEKS for made in others)


@pytest.mark.parametrize(
    ("change", "mean", "most"),
    [
        pytest.param("one more rep", 0.08, 0.15, id="one more rep"),
        pytest.param("a rep is away", 0.05, 0.1, id="a rep is away for a week"),
        pytest.param("the manager is away", 0.12, 0.2, id="the manager is away for a week"),
        pytest.param(ONE_TALK, 0.06, 0.12, id="one more talk with each rep in one week"),
        pytest.param(MEETINGS, 0.12, 0.3, id="one more meeting every week"),
    ],
)
def test_few_of_a_teams_other_tasks_move(change: str, mean: float, most: float) -> None:
    """Of 3 to 9 reps each, the share of all the team's tasks: its mean over the teams, and the worst of them."""
    shares = [share(change, reps) for reps in range(3, 10)]
    assert sum(shares) / len(shares) <= mean
    assert max(shares) <= most


def share(change: str, reps: int) -> float:
    start = MONDAY + timedelta(weeks=random.Random(reps).randrange(1, 4))
    off = Days(start, start + timedelta(days=5))
    shares = []
    for boss in BOSSES[:2]:
        before = tasks({boss: reps})
        match change:
            case "one more rep":
                after = tasks({boss: reps + 1})
            case "a rep is away":
                after = tasks({boss: reps}, away=(f"{boss.lower()}0", off))
            case "the manager is away":
                after = tasks({boss: reps}, away=(boss.lower(), off))
            case more:
                after = tasks({boss: reps}, more)
        shares.append(len(moved(before, after)) / len(before))
    return sum(shares) / len(shares)
