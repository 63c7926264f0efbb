"""A database that version 0.1.0 made, with a plan that people have worked with: it is upgraded, and loaded again."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, Cadence

DUMP = Path(__file__).parent / "golden" / "schema-0001.sql"
"""Written by that version: `PLAN` was loaded, then one task done, one moved and one handed over by hand."""
LATER = "2027-01-12T10:00:00Z"
DONE, MOVED, HANDED, RIDE = "e13aa9a56ce8", "12199408db3e", "e66b1e6c25ca", "0d6c95d98191"


@pytest.fixture
def upgraded(cadence: Cadence, plan: Path) -> Cadence:
    with closing(sqlite3.connect(plan.parent / "cadence.db")) as old:
        old.executescript(DUMP.read_text())
    return lambda *arguments: cadence(*arguments, now=LATER)


def by_id(cadence: Cadence) -> dict[object, dict[str, object]]:
    return {task["id"]: task for task in cadence("tasks", "--json").tasks}


def test_the_same_plan_loaded_after_the_upgrade_changes_nothing(upgraded: Cadence, plan: Path) -> None:
    before = by_id(upgraded)
    assert {key for key, task in before.items() if task["state"] == "planned"} == {MOVED, HANDED, RIDE}
    change = json.loads(upgraded("load", str(plan), "--yes", "--json").out)
    assert (change["add"], change["amend"], change["retire"], change["unchanged"]) == ([], [], [], 4)
    assert {one["id"]: (one["moved_to"], one["handed_to"]) for one in change["kept"]} == {
        MOVED: ("2027-01-20", None),
        HANDED: (None, "kim-lee"),
    }
    assert by_id(upgraded) == before


def test_another_holder_after_the_upgrade_amends_what_is_open_and_nothing_else(upgraded: Cadence, plan: Path) -> None:
    upgraded("load", str(plan), "--yes")
    new = "dana-ruiz: {name: Dana Ruiz, email: dana@example.com}\n    nia-cole: {name: Nia Cole, replaces: dana-ruiz}"
    plan.write_text(PLAN.replace("dana-ruiz: {name: Dana Ruiz, email: dana@example.com}", new))
    change = json.loads(upgraded("load", str(plan), "--yes", "--force", "--json").out)
    assert (change["add"], change["retire"]) == ([], [])
    rides = {one["id"]: one["changes"]["holder"] for one in change["amend"] if "holder" in one["changes"]}
    assert rides == {MOVED: ["dana-ruiz", "nia-cole"], RIDE: ["dana-ruiz", "nia-cole"]}
    after = by_id(upgraded)
    assert (after[DONE]["done_by"], after[MOVED]["date"]) == ("sam-osei", "2027-01-20")


def test_a_backup_of_before_the_upgrade_is_restored_and_upgraded(upgraded: Cadence, tmp_path: Path) -> None:
    (tmp_path / "cadence.db").rename(tmp_path / "old.db")
    restored = upgraded("db", "restore", "old.db")
    assert (restored.code, restored.err.count("put aside")) == (0, 1)
    assert by_id(upgraded).keys() == {DONE, MOVED, HANDED, RIDE}
    assert upgraded("db", "check").code == 0


def test_a_milestone_moves_in_a_plan_of_before_the_upgrade(upgraded: Cadence) -> None:
    moved = upgraded("milestone", "emea", "rollout", "--to", "2027-01-18", "--yes", "--force")
    assert moved.code == 0, moved.err
    assert by_id(upgraded).keys() == {DONE, MOVED, HANDED, RIDE}
    assert by_id(upgraded)[RIDE]["date"] != "2027-01-12"
