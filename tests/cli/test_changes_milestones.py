"""`cadence milestone`: which milestones a plan has, and moving one, which is a load like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, Cadence

WITH_V2 = PLAN.replace("ends: week 2", "ends: week 12").replace(
    "keepers:", "milestones: {v2: 2027-02-15, words: v2 - 2 weeks}\nkeepers:"
)
TEXT = WITH_V2 + "  release: {kind: release, owner: vp, on: v2}\n  word: {kind: communication, owner: vp, on: words}\n"


@pytest.fixture
def released(cadence: Cadence, plan: Path) -> Cadence:
    """A plan with a milestone and two activities that lean on it is loaded."""
    plan.write_text(TEXT)
    assert cadence("load", str(plan), "--yes").code == 0
    return cadence


def days(cadence: Cadence) -> dict[str, tuple[object, object]]:
    """The id and the day of what leans on v2."""
    tasks = cadence("tasks", "--json").tasks
    return {str(t["activity"]): (t["id"], t["date"]) for t in tasks if t["activity"] in ("release", "word")}


def listed(cadence: Cadence) -> list[list[str]]:
    return [line.split("\t") for line in cadence("milestone", "emea").out.splitlines()]


def test_the_list_says_what_is_written_what_it_means_and_what_was_moved(released: Cadence) -> None:
    assert listed(released) == [
        ["rollout", "2027-01-11", "2027-01-11", ""],
        ["words", "v2 - 2 weeks", "2027-02-01", ""],
        ["v2", "2027-02-15", "2027-02-15", ""],
    ]
    document = json.loads(released("milestone", "emea", "--json").out)
    assert document["milestones"][2] == {"name": "v2", "written": "2027-02-15", "day": "2027-02-15", "moved": None}


def test_a_moved_milestone_moves_what_leans_on_it_and_keeps_the_ids(released: Cadence) -> None:
    before = days(released)
    shown = released("milestone", "emea", "v2", "--to", "2027-03-15", "--yes")
    assert shown.code == 0
    assert "2 move" in shown.err
    assert "milestone moved: v2 2027-03-15" in shown.err
    assert "milestone v2" in shown.out
    after = days(released)
    assert after == {"release": (before["release"][0], "2027-03-15"), "word": (before["word"][0], "2027-03-01")}
    assert ["v2", "2027-02-15", "2027-03-15", "2027-03-15"] in listed(released)


def test_a_move_survives_every_load_of_the_file_and_is_mentioned(released: Cadence, plan: Path) -> None:
    released("milestone", "emea", "v2", "--to", "2027-03-15", "--yes")
    again = released("diff", str(plan), "--exit-code")
    assert again.code == 0
    assert "note[P360] milestones.v2: 'v2' was moved to 2027-03-15 by hand; the file says 2027-02-15" in again.err
    plan.write_text(TEXT.replace("2027-02-15", "2027-02-22"))
    assert released("load", str(plan), "--yes").code == 0
    assert days(released)["release"][1] == "2027-03-15"


def test_a_move_is_taken_back(released: Cadence, plan: Path) -> None:
    before = days(released)
    released("milestone", "emea", "v2", "--to", "2027-03-15", "--yes")
    assert "milestone moved: v2 back" in released("milestone", "emea", "v2", "--back", "--yes").err
    assert days(released) == before
    assert "P360" not in released("diff", str(plan)).err


def test_what_nobody_moved_cannot_be_taken_back(released: Cadence) -> None:
    refused = released("milestone", "emea", "v2", "--back", "--yes")
    assert (refused.code, "nobody moved v2 by hand" in refused.err) == (1, True)


def test_a_file_that_says_the_same_day_ends_the_move(released: Cadence, plan: Path) -> None:
    released("milestone", "emea", "v2", "--to", "2027-03-15", "--yes")
    plan.write_text(TEXT.replace("2027-02-15", "2027-03-15"))
    assert "P360" not in released("load", str(plan), "--yes").err
    assert ["v2", "2027-03-15", "2027-03-15", ""] in listed(released)
    plan.write_text(TEXT)
    released("load", str(plan), "--yes")
    assert days(released)["release"][1] == "2027-02-15", "the file counts again"


def test_a_move_of_a_milestone_that_is_gone_is_dropped_with_a_note(released: Cadence, plan: Path) -> None:
    released("milestone", "emea", "v2", "--to", "2027-03-15", "--yes")
    plan.write_text(PLAN.replace("ends: week 2", "ends: week 12"))
    assert "note[P361]" in released("load", str(plan), "--yes", "--force").err
    assert [row[0] for row in listed(released)] == ["rollout"]
    assert "P361" not in released("load", str(plan), "--yes").err


def test_the_rollout_moves_like_a_milestone_and_dangers_count(released: Cadence) -> None:
    before = {one["id"] for one in released("tasks", "--json").tasks}
    refused = released("milestone", "emea", "rollout", "--to", "2027-01-18", "--yes")
    assert refused.code == 1
    assert "--force" in refused.err
    assert released("milestone", "emea", "rollout", "--to", "2027-01-18", "--yes", "--force").code == 0
    assert {one["id"] for one in released("tasks", "--json").tasks if one["state"] != "retired"} == before
    assert ["rollout", "2027-01-11", "2027-01-18", "2027-01-18"] in listed(released)


def test_a_moved_rollout_says_which_waves_it_leaves_where_they_are(cadence: Cadence, plan: Path) -> None:
    wave = "waves: {north: {rollout: 2027-01-25, only: {tags: north}}}\nkeepers:"
    plan.write_text(PLAN.replace("ends: week 2", "ends: week 12").replace("keepers:", wave))
    cadence("load", str(plan), "--yes")
    moved = cadence("milestone", "emea", "rollout", "--to", "2027-01-18", "--yes", "--force").err
    assert "the file says 2027-01-11; what rolls out in waves keeps the days of its own: north" in moved


def test_json_is_the_document_of_a_load(released: Cadence) -> None:
    document = json.loads(released("milestone", "emea", "v2", "--to", "2027-03-15", "--json").out)
    assert {one["why"] for one in document["amend"]} == {"milestone v2"}
    assert days(released)["release"][1] == "2027-03-15"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["emae"], 4, "did you mean emea?"),
        (["nothing"], 4, "`cadence plans` lists"),
        (["emea", "v3", "--to", "2027-03-15"], 4, "it has rollout, words, v2"),
        (["emea", "word", "--back"], 4, "did you mean words?"),
        (["emea", "v2"], 2, "--to 2027-03-01"),
        (["emea", "v2", "--to", "2027-03-15", "--back"], 2, "exclude each other"),
        (["emea", "--back"], 2, "which milestone?"),
        (["emea", "v2", "--to", "soon"], 2, "'soon' is not a day"),
        (["emea", "v2", "--to", "2027-03-15"], 1, "add --yes"),
        (["emea", "v2", "--to", "2026-03-15", "--yes"], 1, "2026-03-15 is over, so v2 stays where it is"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(released: Cadence, arguments: list[str], code: int, says: str) -> None:
    ended = released("milestone", *arguments)
    assert (ended.code, says in ended.err.splitlines()[-1]) == (code, True)
    assert days(released)["release"][1] == "2027-02-15"


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2130-01-01"])
def test_a_milestone_stays_in_the_years_of_plans_whatever_is_forced(released: Cadence, day: str) -> None:
    ended = released("milestone", "emea", "rollout", "--to", day, "--yes", "--force")
    assert (ended.code, ended.err) == (2, f"cadence: {day} is out of reach; plans live between 2000 and 2100\n")


def test_a_rollout_moved_by_years_says_that_no_holidays_are_known(released: Cadence) -> None:
    ended = released("milestone", "emea", "rollout", "--to", "2035-01-08", "--yes", "--force")
    assert ended.code == 0
    assert "warning[P342] rollout: no holidays are known after" in ended.err
