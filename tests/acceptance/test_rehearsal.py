"""A rehearsal of the example organisation: what is left in the folder is what everybody would have seen."""

from __future__ import annotations

import csv
import json
import os
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from icalendar import Calendar

from cadence import bundled
from cadence.errors import Refused
from cadence.services.gather import gather
from cadence.services.rehearse import Manners, Rehearsal, WhatIf, rehearse, totals, write
from cadence.templating import words
from tests.support.slack_limits import faults

pytestmark = pytest.mark.xdist_group("rehearsal")  # the example's rehearsal is dear: once is enough

GOLDEN = Path(__file__).parent / "rehearsal-totals.json"

SMALL = """
plan: small
rollout: 2027-01-11
ends: week 3
people:
  list:
    ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
    ben: {name: Ben Okoye, email: ben@example.test, reports_to: vic}
    vic: {name: Vic Petrov, email: vic@example.test}
roles: {vp: vic}
activities:
  reviews: {kind: metric_review, title: Review, owner: ana, every: week, on: tue}
  walks: {kind: metric_review, title: Walk, owner: ben, every: week, on: wed}
"""


def rehearsed(plan: Path, days: int, manners: Manners = Manners.REALISTIC) -> Rehearsal:
    bundle, problems = gather(plan)
    assert bundle is not None, problems
    found, problems = rehearse(bundle, words, days=days, what_if=WhatIf(manners=manners))
    assert found is not None, problems
    return found


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL)
    return path


@pytest.fixture(scope="module")
def rehearsal() -> Rehearsal:
    return rehearsed(bundled.folder("plans") / "example" / "rollout.yaml", 8)


@pytest.fixture(scope="module")
def folder(rehearsal: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    write(rehearsal, words("en"), out)
    return out


def test_every_slack_message_is_one_that_slack_would_take(folder: Path) -> None:
    payloads = [json.loads(path.read_text()) for path in sorted(folder.rglob("*.slack.json"))]
    assert len(payloads) > 50
    broken = [fault for payload in payloads for fault in faults({"channel": "D1", **payload})]
    assert broken == []


def test_every_mail_is_read_back_with_a_text_that_stands_alone(folder: Path) -> None:
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in folder.glob("digests/*.eml")]
    assert mails
    for mail in mails:
        text, html = mail.get_body(("plain",)), mail.get_body(("html",))
        assert text is not None
        assert html is not None
        assert "You get this once a week" in text.get_content()
        assert "<script" not in html.get_content()


def test_the_plans_calendar_holds_every_live_task_once(rehearsal: Rehearsal, folder: Path) -> None:
    (plan,) = folder.glob("calendars/plan-*.ics")
    events = Calendar.from_ical(plan.read_bytes()).walk("VEVENT")
    uids = [str(event["UID"]) for event in events]
    assert len(uids) == len(set(uids))
    assert {f"{task.id}@cadence" for task in rehearsal.tasks if task.state.live} <= set(uids)


def test_the_silent_one_is_told_of_and_the_prompt_get_credit(rehearsal: Rehearsal) -> None:
    (silent,) = rehearsal.cast.silent
    by = {task.done_by for task in rehearsal.tasks if task.done_by}
    assert silent not in by
    assert by, "somebody answered"
    name = rehearsal.situation.persons[silent].name
    vp = rehearsal.compiled.plan.roles["vp"]
    assert any(f"{name} had this planned" in message.text for message in rehearsal.messages if message.to == vp)


def test_the_example_keeps_the_promise_and_adds_up_to_the_golden_figures(rehearsal: Rehearsal) -> None:
    figures = totals(rehearsal)
    assert figures["promise_kept"] is True
    text = json.dumps(figures, indent=1) + "\n"
    if os.environ.get("CADENCE_UPDATE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


def test_the_load_is_a_table_a_spreadsheet_can_read(folder: Path) -> None:
    rows = list(csv.DictReader((folder / "load.csv").read_text().splitlines()))
    assert {"person", "tasks", "minutes_per_week_max", "messages"} == set(rows[0])
    assert sum(int(row["tasks"]) for row in rows) == 471


def test_silent_people_do_nothing_and_are_asked_about(small: Path) -> None:
    found = rehearsed(small, 21, Manners.SILENT)
    assert totals(found)["done"] == 0
    assert {decision.about_person for decision in found.decisions} == {"ana", "ben"}


def test_perfect_people_leave_nothing_to_ask(small: Path) -> None:
    found = rehearsed(small, 21, Manners.PERFECT)
    figures = totals(found)
    assert (figures["missed"], figures["escalations"]) == (0, 0)
    assert figures["done"] == len(found.tasks)


def test_a_rehearsal_can_be_run_again_and_never_replaces_a_folder_of_somebody_elses(
    rehearsal: Rehearsal, tmp_path: Path
) -> None:
    out = tmp_path / "demo"
    write(rehearsal, words("en"), out)
    write(rehearsal, words("en"), out)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear diary")
    with pytest.raises(Refused, match="holds something else"):
        write(rehearsal, words("en"), tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").exists()
