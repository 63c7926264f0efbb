"""Absences, holds, messages sent, digests, feeds and the doctor."""

from __future__ import annotations

import email
import email.policy
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence

MONDAY = "2027-01-11T09:00:00Z"


def test_an_absence_is_told_and_taken_back(loaded: Cadence) -> None:
    away = loaded("people", "away", "dana-ruiz", "--from", "2027-01-18", "--until", "2027-01-20", "--json")
    assert json.loads(away.out)["away"] == [["2027-01-18", "2027-01-20"]]
    assert json.loads(loaded("people", "back", "dana-ruiz", "--json").out)["away"] == []
    assert loaded("people", "back", "dana-ruiz").code == 4
    assert loaded("people", "away", "dana-ruiz", "--from", "2027-01-18", "--until", "2027-01-17").code == 2
    events = json.loads(loaded("people", "show", "dana-ruiz", "--all", "--json").out)["events"]
    assert [one["type"] for one in events if one["subject"] == "dana-ruiz"] == ["away", "away"]


def test_people_are_listed_and_a_near_miss_is_offered(loaded: Cadence) -> None:
    assert [one["key"] for one in loaded("people", "list", "--json").tasks] == [
        "dana-ruiz",
        "kim-lee",
        "moses-frase",
        "sam-osei",
        "vera-pohl",
        "zoe-hart",
    ]
    missed = loaded("people", "show", "dana-riuz")
    assert missed.code == 4
    assert "did you mean dana-ruiz?" in missed.err


def test_a_hold_stops_messages_and_its_release_lets_them_go(loaded: Cadence) -> None:
    assert loaded("hold", "--until", "2027-01-15", "--reason", "quarter end", now=MONDAY).code == 0
    assert json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"] == 0
    assert loaded("release", now=MONDAY).code == 0
    assert json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"] > 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["hold"], 2),
        (["hold", "--until", "2027-01-01", "--reason", "x"], 2),
        (["hold", "--plan", "nix", "--until", "2027-02-01", "--reason", "x"], 4),
        (["hold", "--team", "nix", "--until", "2027-02-01", "--reason", "x"], 4),
        (["hold", "--team", "dana-ruiz", "--plan", "emea", "--until", "2027-02-01", "--reason", "x"], 2),
        (["release", "--plan", "emea"], 4),
    ],
)
def test_a_hold_names_a_scope_a_day_and_a_reason(loaded: Cadence, arguments: list[str], code: int) -> None:
    assert loaded(*arguments).code == code


def test_one_beat_is_one_document_and_what_it_sent_can_be_read(loaded: Cadence) -> None:
    beat = json.loads(loaded("run", "--once", "--json", now=MONDAY).out)
    assert list(beat) == ["now", "sent", "failed", "waiting", "next"]
    assert beat["now"] == MONDAY
    messages = loaded("sent", "--json", "--to", "sam-osei").tasks
    brief = next(one for one in messages if one["kind"] == "brief")
    assert (brief["at"], brief["to"], brief["channel"]) == (MONDAY, "sam-osei", "console")
    task = loaded("tasks", "--json", "--activity", "kick-off").tasks[0]
    assert brief["tasks"] == [task["id"]]
    loaded("done", str(task["id"]), "--by", "sam-osei", now="2027-01-11T10:00:00Z")
    (again,) = [one for one in loaded("sent", "--json", "--task", str(task["id"])).tasks if one["to"] == "sam-osei"]
    assert isinstance(again["answers"], list)
    assert [(one["verb"], one["by"]) for one in again["answers"]] == [("done", "sam-osei")]
    assert loaded("sent", "--json", "--from", "2027-02-01").tasks == []


def test_a_second_beat_sends_nothing_again(loaded: Cadence) -> None:
    loaded("run", "--once", now=MONDAY)
    assert json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"] == 0


def test_a_digest_preview_writes_three_files_and_sends_nothing(loaded: Cadence, tmp_path: Path) -> None:
    assert loaded("digest", "preview", "--all", "--week", "2027-W02", "--out", "out").code == 0
    mail = email.message_from_bytes((tmp_path / "out" / "vera-pohl.eml").read_bytes(), policy=email.policy.default)
    assert mail["To"] == "Vera Pohl <vera@example.com>"
    assert "<!doctype html>" in (tmp_path / "out" / "vera-pohl.html").read_text()
    assert (tmp_path / "out" / "vera-pohl.txt").exists()
    assert loaded("sent", "--json").tasks == []
    assert loaded("digest", "preview", "--for", "vera-pohl", "--week", "soon").code == 2
    assert loaded("digest", "preview", "--week", "2027-W02").code == 2


@pytest.mark.parametrize(
    ("now", "week"), [("2027-01-17T23:00:00Z", "2027-W01"), (MONDAY, "2027-W01"), ("2027-01-18T08:00:00Z", "2027-W02")]
)
def test_a_digest_preview_is_of_the_last_complete_week_unless_told(loaded: Cadence, now: str, week: str) -> None:
    untold = json.loads(loaded("digest", "preview", "--for", "vera-pohl", "--json", now=now).out)
    told = json.loads(loaded("digest", "preview", "--for", "vera-pohl", "--week", week, "--json", now=now).out)
    assert untold == told
    assert untold["week"] == week


def test_a_feed_has_stable_bytes_and_a_secret_that_is_shown_once(loaded: Cadence) -> None:
    shown = loaded("feed", "show", "--person", "dana-ruiz")
    assert shown.out.startswith("BEGIN:VCALENDAR")
    assert loaded("feed", "show", "--person", "dana-ruiz", now=MONDAY).out == shown.out
    address = json.loads(loaded("feed", "add", "--team", "dana-ruiz", "--json").out)["url"]
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert len(token) >= 22
    assert token not in loaded("feed", "list", "--json").out
    assert loaded("feed", "rotate", "1").code == 0
    assert [one["revoked_at"] is None for one in loaded("feed", "list", "--json").tasks] == [False, True]
    assert loaded("feed", "revoke", "2").code == 0
    assert loaded("feed", "revoke", "2").code == 4


@pytest.mark.parametrize("kind", ["person", "team", "role", "plan"])
def test_a_calendar_of_nobody_is_nothing_to_act_on(loaded: Cadence, kind: str) -> None:
    assert loaded("feed", "show", f"--{kind}", "nix").code == 4
    assert loaded("feed", "add", f"--{kind}", "nix").code == 4


def test_the_doctor_names_no_secret_and_says_when_nobody_beats(
    loaded: Cadence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_SECRET_KEY", "very-secret")
    assert loaded("doctor").code == 0
    loaded("run", "--once", now=MONDAY)
    well = loaded("doctor", "--json", now=MONDAY)
    assert well.code == 0
    assert "very-secret" not in well.out
    late = loaded("doctor", "--json", now="2027-01-11T12:00:00Z")
    assert late.code == 1
    assert [one["check"] for one in late.tasks if one["ok"] is False] == ["last beat"]
