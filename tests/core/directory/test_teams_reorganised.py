"""An organisation that changes while the plan runs: what is about a rep follows the rep, with its history."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.model import Occurrence
from tests.core.compiling import Compiled, compiled

PLAN = """
plan: org
rollout: 2027-01-11
ends: week 6
people: {file: people.csv}
activities:
  rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks, lasts: 2h}
  stories: {kind: quick_win, owner: rep, every: 3 weeks, on: wed}
  reviews: {kind: campaign_review, owner: manager, with: team, every: week, on: mon}
"""
HEADER = "id,name,manager,team,started,left\n"
REPS = ("Ann Lee", "Bob Day", "Cy Ek", "Di Orr", "Eve Fry")
MANAGERS = ("Mel North", "Max South", "Mia West")
Assigned = dict[str, str]


def org(manager_of: Assigned, *, rows: str = "", team_of: Assigned | None = None) -> Compiled:
    """Every rep under the manager named, and every manager under Vera Pohl, as HR has them."""
    teams = team_of or {}
    lines = [f",{rep},{manager},{teams.get(rep, '')},," for rep, manager in manager_of.items() if manager]
    lines += [f",{name},Vera Pohl,,," for name in MANAGERS if f",{name}," not in rows]
    return compiled(PLAN, HEADER + "\n".join(lines) + "\n" + rows)


def about(found: Compiled, rep: str) -> set[tuple[str, str, str, str]]:
    """All that is about one rep, as it is known for ever."""
    return {_identity(one) for one in found.schedule if one.about == f"rep/{rep}"}


def _identity(one: Occurrence) -> tuple[str, str, str, str]:
    return one.id, one.activity, one.about, one.slot


def days_of(found: Compiled, activity: str, of: str) -> list[date]:
    return [one.date for one in found.of(activity, of)]


ASSIGNED = st.fixed_dictionaries({rep: st.sampled_from(MANAGERS) for rep in REPS})


@settings(max_examples=40, deadline=None)
@given(ASSIGNED, ASSIGNED)
def test_a_rep_who_changes_manager_keeps_every_task_and_only_the_seat_is_another(
    there: Assigned, here: Assigned
) -> None:
    before, after = org(there), org(here)
    for rep in after.directory.reps:
        if rep in before.directory.reps:
            assert about(after, rep) == about(before, rep)
        seats = {one.seat for one in after.of("rides", f"rep/{rep}")}
        assert seats == {f"manager/{after.directory.members[rep]}"}
    assert {*after.directory.reps} >= {"ann-lee", "bob-day", "cy-ek", "di-orr", "eve-fry"}


ALL = dict.fromkeys(REPS, "Mel North") | {"Di Orr": "Max South", "Eve Fry": "Max South"}


def test_a_dissolved_team_ends_and_its_reps_go_on_elsewhere() -> None:
    before, after = org(ALL), org(dict.fromkeys(REPS, "Mel North"))
    assert before.of("reviews", "team/max-south")
    assert not after.of("reviews", "team/max-south")
    assert about(after, "eve-fry") == about(before, "eve-fry")
    reviews = [{one.id for one in found.of("reviews", "team/mel-north")} for found in (before, after)]
    assert reviews[0] == reviews[1]


def test_a_manager_without_reps_is_a_rep_of_whoever_is_above() -> None:
    after = org(dict.fromkeys(REPS, "Mel North"))
    assert {"max-south", "mia-west"} <= {*after.directory.reps}
    assert after.directory.teams["vera-pohl"].reps == ("max-south", "mia-west")


def test_a_rep_promoted_to_manager_has_a_team_and_is_no_rep_any_more() -> None:
    before, after = org(ALL), org(ALL | {"Ann Lee": "Bob Day", "Cy Ek": "Bob Day", "Bob Day": "Vera Pohl"})
    assert about(before, "bob-day")
    assert not about(after, "bob-day")
    assert {one.seat for one in after.of("reviews", "team/bob-day")} == {"manager/bob-day"}
    assert about(after, "ann-lee") == about(before, "ann-lee")


def test_two_managers_who_swap_teams_swap_seats_and_every_task_stays() -> None:
    teams = {rep: "North" if manager == "Mel North" else "South" for rep, manager in ALL.items()}
    swap = {"Mel North": "Max South", "Max South": "Mel North"}
    before = org(ALL, team_of=teams)
    after = org({rep: swap[manager] for rep, manager in ALL.items()}, team_of=teams)
    mine = {"north", "south"}
    assert {key: team.reps for key, team in before.directory.teams.items() if key in mine} == {
        key: team.reps for key, team in after.directory.teams.items() if key in mine
    }
    day = date(2027, 1, 18)
    assert [found.directory.holder("manager/north", day) for found in (before, after)] == ["mel-north", "max-south"]
    there, here = (
        {_identity(one) for one in found.schedule if one.about != "rep/mia-west"} for found in (before, after)
    )
    assert there == here


def test_a_rep_who_leaves_has_nothing_after_that_day_and_keeps_what_was_before() -> None:
    left = ",Eve Fry,Max South,,,2027-02-01\n"
    before, after = org(ALL), org(ALL | {"Eve Fry": ""}, rows=left)
    assert about(after, "eve-fry") < about(before, "eve-fry")
    assert max(days_of(after, "stories", "rep/eve-fry")) <= date(2027, 2, 1)


def test_a_newcomer_joins_after_five_workdays_or_as_many_as_the_plan_says() -> None:
    newcomer = ",Eve Fry,Max South,,2027-01-25,\n"
    joined = org(ALL | {"Eve Fry": ""}, rows=newcomer)
    assert min(days_of(joined, "rides", "rep/eve-fry")) >= date(2027, 2, 1)
    assert about(joined, "eve-fry") < about(org(ALL), "eve-fry")


def test_a_person_who_comes_back_takes_up_the_same_series_again() -> None:
    """HR's row of somebody hired again: the day they left stands beside the later day they started."""
    back = ",Eve Fry,Max South,,2027-02-01,2026-11-30\n"
    after = org(ALL | {"Eve Fry": ""}, rows=back)
    assert after.directory.is_here("eve-fry", date(2027, 2, 1))
    assert not after.directory.is_here("eve-fry", date(2027, 1, 29))
    assert about(after, "eve-fry")
    assert about(after, "eve-fry") < about(org(ALL), "eve-fry")


def test_a_manager_who_steps_down_is_a_rep_of_the_team_from_that_day() -> None:
    text = """
    plan: org
    rollout: 2027-01-11
    ends: week 6
    people: {file: people.csv, list: {nina-berg: {replaces: max-south, since: 2027-02-01}}}
    activities:
      ones: {kind: one_on_one, owner: manager, with: each rep, every: week}
      stories: {kind: quick_win, owner: rep, every: week, on: wed}
    """
    people = HEADER + ",Eve Fry,Nina Berg,,,\n,Max South,Nina Berg,,,\n,Nina Berg,Vera Pohl,,2027-02-01,\n"
    found = compiled(text, people)
    since = date(2027, 2, 1)
    assert min(days_of(found, "ones", "rep/max-south")) >= since
    assert found.directory.holder("rep/max-south", since) == "max-south"
    assert {one.seat for one in found.of("stories", "rep/max-south")} == {"rep/max-south"}
    assert min(days_of(found, "ones", "rep/eve-fry")) < since
