"""What is held about somebody is shown whole, and gone for good when they are forgotten."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cadence.store import personal
from tests.cli.conftest import PLAN, Cadence

MONDAY = "2027-01-11T09:00:00Z"
LATER = "2027-01-14T09:00:00Z"
ZOE = "    zoe-hart: {name: Zoe Hart, email: zoe@example.com, manager: dana-ruiz}\n"


@pytest.fixture
def lived(loaded: Cadence) -> Cadence:
    """Zoe was asked, answered in words of her own, was away, and has a calendar."""
    assert loaded("run", "--once", now=MONDAY).code == 0
    ride = next(one for one in loaded("tasks", "--json").tasks if one["about"] == "rep/zoe-hart")
    done = ("done", str(ride["id"]), "--by", "dana-ruiz", "--set", "next=Zoe Hart asks more", "--on", "2027-01-11")
    assert loaded(*done, now="2027-01-11T12:00:00Z").code == 0
    assert loaded("people", "away", "zoe-hart", "--from", "2027-01-20", "--until", "2027-01-21").code == 0
    assert loaded("feed", "add", "--person", "zoe-hart").code == 0
    assert loaded("people", "prefer", "zoe-hart", "--briefs", "weekly", "--at", "10:15").code == 0
    for now in ("2027-01-12T09:00:00Z", "2027-01-13T09:00:00Z", LATER):
        assert loaded("run", "--once", now=now).code == 0
    return loaded


def test_everything_that_is_held_is_shown_in_both_forms(lived: Cadence) -> None:
    shown = json.loads(lived("people", "show", "zoe-hart", "--all", "--json", now=LATER).out)
    held = shown["held"]
    assert held["preference"] == {"channel": None, "brief": "10:15", "briefs": "weekly"}
    assert [(one["source"], one["start"], one["stop"]) for one in held["absences"]] == [
        ("cli", "2027-01-20", "2027-01-22")
    ]
    assert [one["kind"] for one in held["feeds"]] == ["person"]
    assert (shown["briefs"], shown["brief"]) == ("weekly", "10:15")
    plain = lived("people", "show", "zoe-hart", "--all", now=LATER).out
    assert "absences: " in plain
    assert "start=2027-01-20" in plain
    assert "token" not in plain
    assert "held" not in json.loads(lived("people", "show", "zoe-hart", "--json", now=LATER).out)


def test_whoever_stands_in_a_plan_is_not_forgotten_and_nobody_without_a_yes(lived: Cadence) -> None:
    refused = lived("people", "forget", "zoe-hart", "--yes", now=LATER)
    assert (refused.code, "stands in emea" in refused.err) == (1, True)
    assert lived("people", "forget", "nobody", "--yes").code == 4
    assert lived("people", "forget", "zoe-hart", now=LATER).code == 1


def test_after_forgetting_no_byte_names_them_and_the_program_goes_on(
    lived: Cadence, plan: Path, tmp_path: Path
) -> None:
    plan.write_text(PLAN.replace(ZOE, ""))
    assert lived("load", str(plan), "--yes", "--force", now=LATER).code == 0
    counted = len(lived("tasks", "--json", now=LATER).tasks)
    forgotten = lived("people", "forget", "zoe-hart", "--yes", now=LATER)
    assert forgotten.code == 0, forgotten.err
    token = forgotten.err.split("stands as ")[1].split(" ")[0]
    files = [file for file in tmp_path.iterdir() if file.name.startswith("cadence.db")]
    held = b"".join(file.read_bytes() for file in files).lower()
    assert [
        word for word in (b"zoe-hart", b"zoe hart", b"zoe@example", b"hart, zoe", b"asks more") if word in held
    ] == []
    assert lived("people", "forget", "zoe-hart", "--yes", now=LATER).code == 4
    assert lived("people", "forget", token, "--yes", now=LATER).code == 0, "again changes nothing"
    assert token not in lived("people", "list", now=LATER).out
    tasks = lived("tasks", "--json", now=LATER).tasks
    assert len(tasks) == counted
    assert [one["about"] for one in tasks if one["state"] == "done"] == [f"rep/{token}"]
    for now in ("2027-01-15T09:00:00Z", "2027-01-18T09:00:00Z"):
        assert lived("run", "--once", now=now).code == 0
    assert lived("load", str(plan), "--yes", now=LATER).code == 0
    assert lived("sent", "--text", now=LATER).code == 0
    assert lived("people", "show", token, "--all", now=LATER).code == 0
    assert lived("db", "check", now=LATER).code == 0
    assert lived("digest", "preview", "--all", "--week", "2027-W02", now=LATER).code == 0
    plan.write_text(PLAN)
    assert lived("load", str(plan), "--yes", "--force", now=LATER).code == 0, "somebody may come back as a stranger"
    assert lived("people", "show", "zoe-hart", now=LATER).code == 0


def test_old_bytes_that_somebody_keeps_busy_are_said_and_go_with_the_next_try(
    lived: Cadence, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan.write_text(PLAN.replace(ZOE, ""))
    lived("load", str(plan), "--yes", "--force", now=LATER)
    monkeypatch.setattr(personal, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(tmp_path / "cadence.db", isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from persons").fetchall()
        busy = lived("people", "forget", "zoe-hart", "--yes", now=LATER)
    assert (busy.code, "old bytes are left" in busy.err) == (5, True)
    again = busy.err.split("cadence people forget ")[1].split(" ")[0]
    assert lived("people", "forget", again, "--yes", now=LATER).code == 0
    assert b"zoe-hart" not in (tmp_path / "cadence.db").read_bytes()


def test_words_older_than_the_plan_keeps_them_are_erased_once_a_day(cadence: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("keepers:", "privacy: {keep: 3 days}\nkeepers:"))
    loading = cadence("load", str(plan), "--yes")
    assert (loading.code, "P190" in loading.err) == (0, False)
    cadence("run", "--once", now=MONDAY)
    first = cadence("tasks", "--json").tasks[0]
    cadence("done", str(first["id"]), "--set", "next=Ask more", now=MONDAY)

    def words(now: str) -> tuple[set[bool], str]:
        cadence("run", "--once", now=now)
        messages = [one for one in cadence("sent", "--json").tasks if str(one["at"]) < "2027-01-12"]
        return {one["text"] is None for one in messages}, cadence("tasks", "--json").out

    assert words("2027-01-13T09:00:00Z")[0] == {False}
    erased, tasks = words("2027-01-18T09:00:00Z")
    assert erased == {True}
    assert "Ask more" not in tasks
