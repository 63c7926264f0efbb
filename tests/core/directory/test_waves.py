"""Waves: which part of the organisation somebody starts with, and who answers there."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.directory import Directory, plain_seat
from tests.core.compiling import directory_of, plan_of

JAN = date(2027, 1, 11)
ORG = """
plan: waves
rollout: 2027-01-11
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
activities: {hello: {kind: training, on: day 0}}
"""


@pytest.fixture(scope="module")
def org() -> Directory:
    return directory_of(plan_of(ORG))


@pytest.mark.parametrize(
    ("about", "wave"),
    [
        ("rep/ann", "east"),
        ("rep/cy", "west"),
        ("team/dustin", "east"),
        ("team/cara", "west"),
        ("person/cara", "west"),
        ("person/cy", "west"),
        ("person/dana", None),
        ("wave/west", "west"),
        ("role/vp", None),
        ("turn/managers", None),
        ("rep/nobody", None),
    ],
)
def test_everything_counts_in_the_wave_of_whom_it_is_about(org: Directory, about: str, wave: str | None) -> None:
    assert org.wave_of(about) == wave


def test_a_plan_without_waves_has_no_wave_for_anybody() -> None:
    found = directory_of(plan_of(ORG.partition("waves:")[0] + "activities: {hello: {kind: training, on: day 0}}"))
    assert found.wave_of("rep/ann") is None
    assert found.waves.left_out(found.reps) == ()


def test_the_first_wave_by_rollout_and_key_that_fits_is_a_reps() -> None:
    text = ORG.replace("only: {region: West}", "only: {region: [West, East]}").replace("01-25", "01-04")
    assert directory_of(plan_of(text)).wave_of("rep/ann") == "west"


def test_a_team_of_two_waves_counts_in_the_earliest_and_is_known_as_mixed() -> None:
    found = directory_of(plan_of(ORG.replace("bob: {name: Bob, manager: dustin, region: East", BOB_IN_THE_WEST)))
    assert found.wave_of("team/dustin") == "east"
    assert found.wave_of("rep/bob") == "west"
    assert found.waves.mixed == {"dustin": ("east", "west")}


BOB_IN_THE_WEST = "bob: {name: Bob, manager: dustin, region: West"


def test_who_fits_no_wave_is_left_out_and_has_none() -> None:
    found = directory_of(
        plan_of(ORG.replace("cy: {name: Cy, manager: cara, region: West}", "cy: {name: Cy, manager: cara}"))
    )
    assert found.waves.left_out(found.reps) == ("cy",)
    assert found.wave_of("team/cara") is None


def test_a_role_of_a_wave_has_a_holder_and_a_backup_of_its_own(org: Directory) -> None:
    assert org.waves.role("vp", "west") == "role/vp/west"
    assert org.waves.role("vp", "east") == org.waves.role("vp", None) == "role/vp"
    assert (org.holder("role/vp/west", JAN), org.holder("role/vp", JAN)) == ("tom", "dana")
    backed = directory_of(plan_of(ORG.replace("activities:", "backups: {vp: priya}\nactivities:")))
    assert backed.backup("role/vp/west", "tom", JAN) == "priya"


@pytest.mark.parametrize(
    ("person", "above"),
    [("cy", "cara"), ("cara", "tom"), ("dustin", "dana"), ("tom", "priya"), ("dana", "priya"), ("priya", None)],
)
def test_the_line_above_goes_through_the_roles_of_the_wave(org: Directory, person: str, above: str | None) -> None:
    assert org.line_above(person, JAN) == above


def test_the_line_above_an_empty_seat_goes_through_the_roles_of_its_wave() -> None:
    found = directory_of(plan_of(ORG.replace("{name: Cara}", "{name: Cara, left: 2027-01-04}")))
    assert found.line_above_seat("manager/cara", JAN) == "tom"
    assert found.line_above_seat("role/vp/west", JAN) == "priya"


def test_managers_and_reps_of_a_wave_take_turns_among_themselves(org: Directory) -> None:
    assert org.managers(JAN, "west") == ("cara",)
    assert [org.holder(f"turn/managers/west/{n}", JAN) for n in range(2)] == ["cara", "cara"]
    assert org.turns("reps/east", JAN) == ("ann", "bob")
    assert org.turns("reps", JAN) == ("ann", "bob", "cy")


@pytest.mark.parametrize(
    ("seat", "shown"),
    [
        ("role/vp/west", "role/vp"),
        ("role/vp", "role/vp"),
        ("turn/managers/west/3", "turn/managers"),
        ("turn/managers/3", "turn/managers"),
        ("manager/dustin", "manager/dustin"),
    ],
)
def test_a_document_names_a_seat_without_the_wave(seat: str, shown: str) -> None:
    assert plain_seat(seat) == shown
