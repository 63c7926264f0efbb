"""Who a task is: what keeps its id, and what the order of things must not change."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cadence.core.compiler import compile_plan, task_id
from cadence.core.compiler.identity import hashed
from tests.core.compiling import compiled, directory_of, plan_of, say

PLAN = """
plan: org
rollout: {rollout}
ends: week 12
milestones: {{v2: week 10}}
people: {{file: people.csv}}
roles: {{vp: meg}}
activities:
"""
ACTIVITIES = (
    "  rides: {kind: field_ride, every: 2 weeks}\n",
    "  talks: {kind: one_on_one, every: week}\n",
    "  debriefs: {kind: manager_debrief, on: fri}\n",
    "  standups: {kind: team_meeting, every: workday, until: week 2}\n",
    "  release: {kind: release, owner: vp}\n",
    "  reviews: {kind: metric_review, owner: vp, every: month, on: first mon}\n",
)
ORG = {"Ann": "Meg", "Bob": "Meg", "Cy": "Otto", "Di": "Otto", "Ed": "Meg", "Meg": "", "Otto": ""}
ROWS = tuple(f"{name},{manager},{name.lower()}@example.com\n" for name, manager in ORG.items())
HEAD = "name,manager,email\n"


def ids(rollout: str = "2027-01-11", activities: str = "".join(ACTIVITIES), rows: str = "".join(ROWS)) -> set[str]:
    return {o.id for o in compiled(PLAN.format(rollout=rollout) + activities, HEAD + rows).schedule}


@given(st.text(), st.text(), st.text(), st.text())
def test_an_id_is_the_first_12_hex_digits_of_sha_256_over_plan_activity_about_and_slot(
    plan: str, activity: str, about: str, slot: str
) -> None:
    whole = hashlib.sha256(f"{plan}\n{activity}\n{about}\n{slot}".encode()).hexdigest()
    assert task_id(plan, activity, about, slot) == whole[:12] == hashed(plan, activity, about)[1](slot)


def test_an_occurrence_carries_the_id_of_what_it_is() -> None:
    for o in compiled(PLAN.format(rollout="2027-01-11") + "".join(ACTIVITIES), HEAD + "".join(ROWS)).schedule:
        assert o.id == task_id("org", o.activity, o.about, o.slot)


def test_no_two_tasks_have_one_id() -> None:
    found = compiled(PLAN.format(rollout="2027-01-11") + "".join(ACTIVITIES), HEAD + "".join(ROWS))
    assert len(ids()) == len(found.schedule) > 100


@given(st.permutations(ACTIVITIES), st.permutations(ROWS))
def test_the_order_of_activities_and_people_is_irrelevant(activities: list[str], rows: list[str]) -> None:
    plan = PLAN.format(rollout="2027-01-11")
    turned = compiled(plan + "".join(activities), HEAD + "".join(rows)).compilation
    straight = compiled(plan + "".join(ACTIVITIES), HEAD + "".join(ROWS)).compilation
    assert turned.schedule == straight.schedule
    assert turned.load == straight.load
    assert {(f.code, f.path, f.message) for f in turned.findings} == {
        (f.code, f.path, f.message) for f in straight.findings
    }


def test_the_same_plan_compiles_to_the_same_bytes() -> None:
    plan = plan_of(PLAN.format(rollout="2027-01-11") + "".join(ACTIVITIES), HEAD + "".join(ROWS))
    first, second = (compile_plan(plan, directory_of(plan), say) for _ in range(2))
    assert repr(first) == repr(second)


def test_one_more_rep_adds_tasks_and_renames_none() -> None:
    more = ids(rows="".join(ROWS) + "Flo,Meg,flo@example.com\n")
    assert ids() < more


def test_a_moved_rollout_keeps_every_slot_counted_from_it() -> None:
    counted = "".join(line for line in ACTIVITIES if "month" not in line)
    assert ids("2027-01-11", counted) == ids("2027-01-18", counted)


def test_a_new_manager_changes_no_id_of_what_is_about_the_rep() -> None:
    rides = ACTIVITIES[0]
    assert ids(activities=rides) == ids(activities=rides, rows="".join(ROWS).replace("Ann,Meg", "Ann,Otto"))


def test_a_renamed_activity_keeps_its_ids_by_was() -> None:
    renamed = "  rides-along: {was: rides, kind: field_ride, every: 2 weeks}\n"
    assert ids(activities=ACTIVITIES[0]) == ids(activities=renamed)


def test_a_changed_rhythm_is_a_new_identity() -> None:
    assert not ids(activities=ACTIVITIES[0]) & ids(activities=ACTIVITIES[0].replace("2 weeks", "week"))


def test_the_schedule_is_ordered_by_date_due_and_id() -> None:
    found = compiled(PLAN.format(rollout="2027-01-11") + "".join(ACTIVITIES), HEAD + "".join(ROWS)).schedule
    assert list(found) == sorted(found, key=lambda o: (o.date, o.due, o.id))


def test_a_persons_new_name_changes_no_id_when_the_installation_knows_them() -> None:
    plan = plan_of(PLAN.format(rollout="2027-01-11") + ACTIVITIES[0], HEAD + "".join(ROWS).replace("Ann,", "Anna Roe,"))
    renamed = directory_of(plan, aliases={"mail:ann@example.com": "ann"})
    married = compile_plan(plan, renamed, say).schedule
    assert {o.id for o in married} == ids(activities=ACTIVITIES[0])
    assert replace(married[0]) == married[0]
