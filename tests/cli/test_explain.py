"""`cadence explain`: every code with its example and cure, and a list of all. `check` counts what a plan accepts."""

from __future__ import annotations

from pathlib import Path

from cadence.core.planfile import CODES
from tests.cli.conftest import PLAN, Cadence


def test_a_code_is_explained_with_an_example_and_its_cure(cadence: Cadence) -> None:
    told = cadence("explain", "p204").out
    assert told.startswith("P204: An unknown name (error)\n\nThe owner, attendee,")
    assert "\nFor example:\n\n    activities:\n      talk: {kind: training, owner: mangaer, on: day 3}\n" in told
    assert "\nWrite instead:\n\n    activities:\n      talk: {kind: training, on: day 3}\n" in told
    assert told.endswith("\nIt cannot be accepted: a mistake has to be corrected.\n")


def test_a_finding_is_explained_with_the_way_to_accept_it(cadence: Cadence) -> None:
    told = cadence("explain", "P311").out
    assert "\nWhat to do: name somebody under `backups`.\n" in told
    assert "To accept it: `accept: {P311: why}`, at the top of the plan or in the activity it is about." in told


def test_without_a_code_all_are_listed(cadence: Cadence) -> None:
    rows = [row.split("\t") for row in cadence("explain").out.splitlines()]
    assert [row[0] for row in rows] == list(CODES)
    assert ["P310", "warning", "A seat nobody holds"] in rows


def test_an_unknown_code_is_answered_with_the_nearest(cadence: Cadence) -> None:
    asked = cadence("explain", "P309")
    assert asked.code == 4
    assert "there is no code 'P309'; did you mean P3" in asked.err


def test_check_is_silent_about_what_the_plan_accepts_and_counts_it(cadence: Cadence, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(PLAN)
    open_ = cadence("check", str(plan)).err
    assert "note[P316]" in open_
    assert " accepted;" not in open_
    plan.write_text(f"{PLAN}accept: {{P316: there will be no second version}}\n")
    accepted = cadence("check", str(plan)).err
    assert "P316" not in accepted
    assert ", 1 accepted; " in accepted
