"""Waves: each counts its days from a rollout of its own, and what happens per wave happens in each."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.compiler import task_id
from cadence.core.documents import occurrence
from tests.core.compiling import Compiled, compiled

ORG = """
plan: waves
rollout: 2027-01-11
ends: week 8
phases: {activation: weeks 1-2}
milestones: {ninety: day 21, v2: 2027-06-01}
people:
  email: "{first}@example.com"
  list:
    cara: {name: Cara}
    dustin: {name: Dustin}
    ann: {name: Ann, manager: dustin, region: East}
    bob: {name: Bob, manager: dustin, region: East}
    cy: {name: Cy, manager: cara, region: West}
    dana: {name: Dana}
    tom: {name: Tom}
    priya: {name: Priya}
roles: {vp: dana, sponsor: priya}
waves:
  east: {rollout: 2027-01-11, only: {region: East}}
  west: {rollout: 2027-01-25, only: {region: West}, roles: {vp: tom}}
activities:
"""


def waved(words: str, org: str = ORG) -> Compiled:
    return compiled(f"{org}  it: {{{words}}}")


EAST, WEST = date(2027, 1, 11), date(2027, 1, 25)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        pytest.param("kind: training, on: day 0", (EAST, WEST), id="day"),
        pytest.param("kind: training, on: week 2", (date(2027, 1, 18), date(2027, 2, 1)), id="week"),
        pytest.param("kind: training, on: ninety", (date(2027, 2, 1), date(2027, 2, 15)), id="milestone by days"),
        pytest.param("kind: training, on: v2", (date(2027, 6, 1), date(2027, 6, 1)), id="milestone by date"),
        pytest.param("kind: training, on: 2027-02-03", (date(2027, 2, 3), date(2027, 2, 3)), id="date"),
    ],
)
def test_a_teams_days_count_in_its_wave_and_dates_are_the_same_for_all(words: str, days: tuple[date, date]) -> None:
    found = waved(words)
    assert [o.date for about in ("team/dustin", "team/cara") for o in found.of("it", about)] == list(days)
    assert [o.wave for about in ("team/dustin", "team/cara") for o in found.of("it", about)] == ["east", "west"]


def test_phases_and_the_end_count_in_the_wave() -> None:
    found = waved("kind: team_meeting, every: week, on: mon, during: activation")
    assert [o.date for o in found.of("it", "team/cara")] == [WEST, date(2027, 2, 1)]
    ends = waved("kind: one_on_one, every: week")
    assert max(o.window.last for o in ends.of("it", "rep/ann")) == date(2027, 3, 5)
    assert max(o.window.last for o in ends.of("it", "rep/cy")) == date(2027, 3, 19)


def test_slots_and_ids_never_tell_the_wave() -> None:
    found = waved("kind: one_on_one, every: week, times: 2")
    assert [o.slot for o in found.of("it", "rep/cy")] == [o.slot for o in found.of("it", "rep/ann")]
    without = compiled(ORG.partition("waves:")[0] + "activities:\n  it: {kind: one_on_one, every: week, times: 2}")
    assert {o.id for o in found.schedule} == {o.id for o in without.schedule}


def test_what_happens_per_wave_has_a_series_about_each() -> None:
    found = waved("kind: manager_debrief, every: 2 weeks, on: fri, times: 1")
    assert [(o.about, o.seat, o.attendees, o.date, o.wave) for o in found.of("it")] == [
        ("wave/east", "role/vp", ("dustin",), date(2027, 1, 15), "east"),
        ("wave/west", "role/vp/west", ("cara",), date(2027, 1, 29), "west"),
    ]
    assert found.of("it", "wave/west")[0].id == task_id("waves", "it", "wave/west", "2w-01")


def test_documents_name_the_seat_without_the_wave() -> None:
    west = waved("kind: manager_debrief, every: 2 weeks, times: 1").of("it", "wave/west")[0]
    shown = occurrence(west, "tom")
    assert (shown["seat"], shown["wave"]) == ("role/vp", "west")


def test_what_is_the_whole_plans_counts_from_the_plans_own_rollout() -> None:
    found = waved("kind: communication, on: day 0, owner: sponsor, with: managers").of("it")
    assert [(o.about, o.date, o.wave, o.attendees) for o in found] == [("role/sponsor", EAST, None, ("cara", "dustin"))]


def test_a_pair_with_a_role_meets_whoever_has_it_in_the_reps_wave() -> None:
    found = waved("kind: one_on_one, owner: vp, with: each rep, every: week, times: 1")
    assert {o.about: o.seat for o in found.of("it")} == {
        "rep/ann": "role/vp",
        "rep/bob": "role/vp",
        "rep/cy": "role/vp/west",
    }
    guests = waved("kind: training, owner: manager, with: vp, on: day 0")
    assert {o.about: o.attendees for o in guests.of("it")} == {"team/dustin": ("dana",), "team/cara": ("tom",)}


def test_who_rotates_through_a_wave_is_of_the_wave() -> None:
    found = waved("kind: metric_review, rotate: managers, every: week, times: 2")
    holders = {o.about: found.directory.holder(o.seat, o.date) for o in found.of("it")}
    assert holders == {"wave/east": "dustin", "wave/west": "cara"}
    assert {o.seat for o in found.of("it", "wave/west")} == {"turn/managers/west/0", "turn/managers/west/1"}


def test_a_wave_is_filtered_by_the_regions_of_its_reps() -> None:
    found = waved("kind: manager_debrief, every: 2 weeks, times: 1, only: {region: West}")
    assert [o.about for o in found.of("it")] == ["wave/west"]


def test_a_newcomer_joins_after_the_rollout_of_their_wave() -> None:
    org = ORG.replace("region: West}", "region: West, started: 2027-01-20}", 1)
    found = waved("kind: training, owner: rep, on: day 0", org)
    assert [o.date for o in found.of("it", "rep/cy")] == [WEST]


def test_who_fits_no_wave_counts_by_the_plans_rollout_and_is_named() -> None:
    found = waved("kind: training, owner: rep, on: day 0", ORG.replace(", region: West}", "}", 1))
    assert [(o.date, o.wave) for o in found.of("it", "rep/cy")] == [(EAST, None)]
    assert "Cy fits into no wave" in found.found("P320")[0].message


def test_a_team_of_two_waves_counts_in_the_earliest_and_is_named() -> None:
    org = ORG.replace(
        "bob: {name: Bob, manager: dustin, region: East", "bob: {name: Bob, manager: dustin, region: West"
    )
    found = waved("kind: training, on: day 0", org)
    assert [o.date for o in found.of("it", "team/dustin")] == [EAST]
    assert "Dustin are of east and west" in found.found("P321")[0].message


def test_who_is_in_no_wave_gets_no_turn_and_is_named() -> None:
    nowhere = ORG.replace(", region: West}", "}", 1)
    for group, name in (("reps", "Cy"), ("managers", "Cara")):
        rotated = f"kind: metric_review, rotate: {group}, every: week"
        found = [one for one in waved(rotated, nowhere).found("P320") if one.path == "activities.it.rotate"]
        assert [one.message for one in found] == [f"no turn for {name}, because the turns go round each wave"]
        assert not [one for one in waved(rotated).found("P320") if one.path == "activities.it.rotate"]
    assert not [
        o for o in waved("kind: custom, rotate: reps, every: week", nowhere).found("P320") if "turn" in o.message
    ]
