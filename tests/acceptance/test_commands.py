"""The commands that scripts and other programs rely on, run as they run them: what is promised of documents and codes.

What single options do, and every way to end with 1, 2, 4 and 5, is told in `tests/cli`; here each command is used for
what it is there for, by real processes on one database, and its document is held against the promise.
"""

from __future__ import annotations

import csv
import email
import email.policy
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest

from tests.cli.conftest import PLAN
from tests.support.command import Command, Document
from tests.support.slack import TOKEN, LoopbackSlack
from tests.support.smtp import LoopbackSmtp, free_port

pytestmark = pytest.mark.timeout(300)  # whole processes, several a test: on a busy machine they take their time

EVE, MONDAY, LATER = "2027-01-10T12:00:00Z", "2027-01-11T09:00:00Z", "2027-01-11T09:06:00Z"


def keys(names: str) -> list[str]:
    return names.split()


ASKED = keys(
    "id activity kind weight mode about seat holder with slot wave title date window date_state due starts ends"
    " timezone minutes"
)
TASK = [*ASKED, *keys("plan state version happened_on recorded_at done_by on_time escalation answers")]
COMPILED = keys("plan hash from until tasks findings load")
FINDING = keys("code severity file line column path message remedy")
CHANGES = keys("plan hash changes add amend retire unchanged kept past dangers findings told")
BEAT = keys("now sent failed waiting next")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plan, loaded on the eve of the rollout."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "emea.yaml").write_text(PLAN, encoding="utf-8")
    Command(folder, EVE)("load", "emea.yaml", "--yes")
    return folder


@pytest.fixture
def loaded(template: Path, tmp_path: Path) -> Command:
    """A copy of it, on the morning of day 0."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Command(tmp_path, MONDAY)


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack(strict=False) as slack:
        slack.register("sam@example.com")
        slack.register("dana@example.com")
        slack.register("vera@example.com")
        yield slack


def first_of_each(cadence: Command) -> dict[str, str]:
    """The id of each activity's first task."""
    found = cadence("tasks", "--json").documents
    assert {tuple(task) for task in found} == {tuple(TASK)}
    return {str(task["activity"]): str(task["id"]) for task in reversed(found)}


def listed(value: object) -> list[Document]:
    assert isinstance(value, list)
    return value


def test_from_nothing_to_a_loaded_plan(tmp_path: Path) -> None:
    cadence = Command(tmp_path, EVE)
    cadence("init", "plan.yaml", "--id", "emea", "--rollout", "2027-01-11")

    checked = cadence("check", "plan.yaml", "--json")
    assert {"plan", "hash", "findings"} <= set(checked.document)
    assert all(list(one) == FINDING for one in listed(checked.document["findings"]))
    assert listed(checked.document["findings"]), "even a good plan has something worth knowing"

    compiled = cadence("compile", "plan.yaml", "--json").document
    tasks = listed(compiled["tasks"])
    assert list(compiled) == COMPILED
    assert {tuple(task) for task in tasks} == {tuple(ASKED)}
    assert (compiled["plan"], compiled["from"]) == ("emea", "2027-01-11")
    assert isinstance(compiled["load"], dict)
    assert all(set(load) == {"tasks", "minutes_per_week_max"} for load in compiled["load"].values())
    rows = list(csv.DictReader(io.StringIO(cadence("compile", "plan.yaml", "--csv").out)))
    assert [row["id"] for row in rows] == [task["id"] for task in tasks]

    pending = cadence("diff", "plan.yaml", "--json", "--exit-code", code=3).document
    assert list(pending) == CHANGES
    loaded = cadence("load", "plan.yaml", "--yes", "--json", "--expect", str(pending["changes"])).document
    assert loaded == pending
    again = cadence("diff", "plan.yaml", "--json", "--exit-code").document
    assert (again["add"], again["amend"], again["retire"]) == ([], [], [])
    assert again["unchanged"] == len(listed(loaded["add"])) > 0
    assert again["hash"] == compiled["hash"]


def test_every_answer_gives_the_task_as_it_then_is(loaded: Command) -> None:
    ids = first_of_each(loaded)
    ride, debrief, kick_off = ids["rides"], ids["debriefs"], ids["kick-off"]

    def answered(*arguments: str) -> Document:
        document = loaded(*arguments, "--json").document
        assert list(document) == TASK
        return document

    assert answered("snooze", kick_off, "--until", "2027-01-12")["version"] == 2
    moved = answered("move", kick_off, "--to", "2027-01-12")
    assert (moved["date"], moved["window"]) == ("2027-01-12", ["2027-01-11", "2027-01-11"])
    assert answered("hand-over", kick_off, "--to", "kim-lee")["holder"] == "kim-lee"
    done = answered("done", kick_off[:8], "--by", "kim-lee", "--on", "2027-01-11", "--at", "2027-01-11T08:30:00Z")
    facts = ("state", "done_by", "happened_on", "recorded_at", "on_time")
    assert [done[name] for name in facts] == ["done", "kim-lee", "2027-01-11", "2027-01-11T08:30:00Z", True]
    assert [answer["verb"] for answer in listed(done["answers"])] == ["snooze", "move", "hand_over", "done"]

    kept = answered("cant", ride, "--reason", "customer-first", "--by", "dana-ruiz")
    escalation = kept["escalation"]
    assert isinstance(escalation, dict)
    assert list(escalation) == ["rung", "since", "to", "decision"]
    shown = loaded("show", debrief, "--json").document
    assert list(shown)[: len(TASK)] == TASK
    assert shown["state"] == "planned"
    assert loaded("done", kick_off, code=1).err.count("\n") == 1


def test_a_beat_what_it_sent_and_what_is_held_back(loaded: Command) -> None:
    held = loaded("hold", "--until", "2027-01-15", "--reason", "quarter end", "--json").documents
    assert [(one["scope"], one["until"]) for one in held] == [("all", "2027-01-15")]
    assert loaded("run", "--once", "--json").document["sent"] == 0
    assert loaded("release", "--json").documents == []
    beat = loaded("run", "--once", "--json")
    assert list(beat.document) == BEAT
    assert beat.document["now"] == MONDAY
    assert str(beat.document["next"]) > MONDAY
    sent = loaded("sent", "--json").documents
    assert beat.document["sent"] == len(sent) > 0
    assert all({"at", "to", "channel", "kind", "subject", "text", "receipt", "answers"} <= set(one) for one in sent)
    assert "neither Slack nor mail is set up" in beat.err, "the console says that it reaches nobody"
    assert loaded("sent", "--text", "--to", "dana-ruiz").out.startswith("== ")
    checks = loaded("doctor", "--json").documents
    assert {tuple(one) for one in checks} == {("check", "ok", "says")}


def test_people_come_and_go(loaded: Command) -> None:
    known = [str(one["key"]) for one in loaded("people", "list", "--json").documents]
    assert known == sorted(known)
    away = loaded("people", "away", "dana-ruiz", "--from", "2027-01-12", "--until", "2027-01-13", "--json").document
    assert away["away"] == [["2027-01-12", "2027-01-13"]]
    assert loaded("people", "back", "dana-ruiz", "--json").document["away"] == []


def test_calendars_and_digests_are_files_that_others_read(loaded: Command) -> None:
    shown = loaded("feed", "show", "--team", "dana-ruiz").out
    assert icalendar.Calendar.from_ical(shown).walk("VEVENT")
    url = str(
        loaded.having(CADENCE_BASE_URL="https://x.example/")("feed", "add", "--plan", "emea", "--json").document["url"]
    )
    assert url.startswith("https://x.example/feeds/")
    assert url.endswith(".ics")
    (feed,) = loaded("feed", "list", "--json").documents
    assert (feed["kind"], feed["subject"], feed["revoked_at"]) == ("plan", "emea", None)

    written = loaded("digest", "preview", "--for", "vera-pohl", "--week", "2027-W02", "--out", "out", "--json")
    files = written.document["files"]
    assert isinstance(files, list)
    assert {Path(file).name for file in files} == {"vera-pohl.eml", "vera-pohl.html", "vera-pohl.txt"}
    raw = (loaded.folder / "out" / "vera-pohl.eml").read_bytes()
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail.get_content_type() == "multipart/alternative"


def test_a_slack_that_cannot_be_reached_is_no_error_but_a_message_that_waits(
    loaded: Command, slack: LoopbackSlack
) -> None:
    by_slack = loaded.having(CADENCE_SLACK__BOT_TOKEN=TOKEN, CADENCE_SLACK__API_URL=f"http://127.0.0.1:{free_port()}/")
    beat = by_slack("run", "--once", "--json").document
    assert (beat["sent"], beat["failed"]) == (0, 0)
    waiting = beat["waiting"]
    assert isinstance(waiting, int)
    assert waiting > 0
    assert MONDAY < str(beat["next"]) <= LATER, "and it says when it will be tried again"

    back = by_slack.having(CADENCE_SLACK__API_URL=slack.url).at(LATER)("run", "--once", "--json").document
    assert (back["sent"], back["waiting"]) == (waiting, 0)
    assert len(slack.posts) == waiting


def test_a_mail_server_that_cannot_be_reached_is_no_error_either(loaded: Command) -> None:
    nowhere = {"CADENCE_MAIL__HOST": "127.0.0.1", "CADENCE_MAIL__TLS": "none"}
    beat = loaded.having(**nowhere, CADENCE_MAIL__PORT=str(free_port()))("run", "--once", "--json").document
    assert (beat["sent"], beat["failed"]) == (0, 0)
    with LoopbackSmtp(strict=False) as smtp:
        back = loaded.having(**nowhere, CADENCE_MAIL__PORT=str(smtp.port)).at(LATER)("run", "--once", "--json")
        assert back.document["sent"] == beat["waiting"] == len(smtp.mails) > 0
