"""Three weeks of a real organisation: 35 reps and 6 managers out of a CRM's export, with a VP, a sponsor, an enablement
lead and an outside assessor added by the plan.

The export lies where `CADENCE_TEST_CRM` says, else beside the repository in `../shared/data/crm`; it is read where it
lies. One manager answers by Slack's buttons, one at the command line, one says nothing at all; the others do their
part. Most beats are driven in this process, some by the real command on the same database.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cadence.core.model import Answer, DecisionKind, Source, Task, Verb
from cadence.services.installation import look
from cadence.services.respond import respond
from cadence.store import open_store
from tests.support.command import ROOT, Command
from tests.support.slack import TOKEN, LoopbackSlack
from tests.support.smtp import LoopbackSmtp
from tests.support.world import Clock, Found, World

EXPORT = Path(os.environ.get("CADENCE_TEST_CRM") or ROOT.parent / "shared" / "data" / "crm") / "sales_teams.csv"

pytestmark = pytest.mark.skipif(
    not EXPORT.is_file(),
    reason=f"NO CRM EXPORT at {EXPORT}: set CADENCE_TEST_CRM; the road was not walked on a real org",
)

PLAN = """\
plan: maven-2027
title: Gap Selling rollout
rollout: 2027-01-11
ends: week 4
timezone: America/New_York
calendar: {country: US, subdivision: NY}
milestones: {v2: day 25}
keepers: [kim-lee]
people:
  file: "<EXPORT>"
  columns: {name: sales_agent, manager: manager, region: regional_office}
  email: "{first}.{last}@maventech.example"
  list:
    dana-ruiz: {name: Dana Ruiz, email: dana.ruiz@maventech.example, reports_to: priya-shah}
    priya-shah: {name: Priya Shah, email: priya.shah@maventech.example}
    kim-lee: {name: Kim Lee, email: kim.lee@maventech.example, reports_to: priya-shah}
    northstar: {name: Northstar Partners, email: team@northstar.example, external: true}
roles: {vp: dana-ruiz, sponsor: priya-shah, enablement: kim-lee, assessor: northstar}
backups: {vp: kim-lee, kim-lee: dana-ruiz, northstar: kim-lee}
activities:
  kick-off: {kind: communication, owner: sponsor, on: day 0}
  field-rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks, on: [tue, wed, thu], lasts: 4h}
  campaign-reviews: {kind: campaign_review, owner: manager, with: team, every: week, on: mon, at: "10:00"}
  manager-debriefs: {kind: manager_debrief, owner: vp, with: managers, every: 2 weeks, on: fri, at: "15:00"}
  health-check: {kind: audit, owner: assessor, with: enablement, on: day 17}
"""
BY_SLACK, BY_COMMAND, SILENT = "celia-rouche", "melvin-marxen", "dustin-brinkmann"
DILIGENT_MANAGERS = ("cara-losch", "rocco-neubert", "summer-sewald")
EVE = "2027-01-08T14:00:00Z"


@dataclass(frozen=True, slots=True)
class Org:
    """The world as this process sees it, and the command on the same database."""

    world: World
    cadence: Command


@pytest.fixture
def cadence(tmp_path: Path) -> Command:
    """The command in a folder that holds the plan; the export stays where it is."""
    export = Path(os.path.relpath(EXPORT, tmp_path)).as_posix()
    (tmp_path / "plan.yaml").write_text(PLAN.replace("<EXPORT>", export), encoding="utf-8")
    return Command(tmp_path, EVE, {"CADENCE_DATABASE_URL": f"sqlite:///{tmp_path / 'cadence.db'}"})


@pytest.fixture
def org(cadence: Command) -> Iterator[Org]:
    """The plan is loaded by the command, on Friday before the rollout; everybody of the firm is in Slack."""
    cadence("load", "plan.yaml", "--yes")
    store = open_store(cadence.settings["CADENCE_DATABASE_URL"])
    try:
        with LoopbackSlack() as slack, LoopbackSmtp() as smtp:
            world = World(store, slack, smtp, cadence.folder, "", Clock(datetime(2027, 1, 8, 14, tzinfo=UTC)))
            world.plan = "maven-2027"
            for person in world.directory.persons.values():
                if person.email and not person.external:
                    slack.register(person.email)
            by_slack = {"CADENCE_SLACK__BOT_TOKEN": TOKEN, "CADENCE_SLACK__API_URL": slack.url}
            by_mail = {"CADENCE_MAIL__HOST": smtp.host, "CADENCE_MAIL__PORT": str(smtp.port)}
            sender = {"CADENCE_MAIL__TLS": "none", "CADENCE_MAIL__SENDER": "Cadence <cadence@example.test>"}
            yield Org(world, cadence.having(**by_slack, **by_mail, **sender))
    finally:
        store.close()


def test_the_export_compiles_to_the_same_bytes_for_everybody_in_it(cadence: Command) -> None:
    checked = cadence("check", "plan.yaml")
    assert "0 errors, 0 warnings" in checked.err
    first, second = (cadence("compile", "plan.yaml", "--json") for _ in range(2))
    assert first.out == second.out
    tasks = first.document["tasks"]
    assert isinstance(tasks, list)
    rides = [task for task in tasks if task["activity"] == "field-rides"]
    assert len({task["about"] for task in rides}) == 35
    assert len({task["holder"] for task in rides}) == 6
    on_a_day = Counter((task["holder"], task["date"]) for task in rides)
    assert set(on_a_day.values()) == {1}, "nobody rides twice on a day"


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_three_weeks_are_lived_through_until_the_vp_is_told_and_asked(org: Org) -> None:
    world, cadence = org.world, org.cadence
    world.forward(to="2027-01-10 18:00")
    assert not world.slack.posts, "nothing before the rollout, nothing on a weekend"

    beat = cadence.at("2027-01-11T13:31:00Z")("run", "--once", "--json").document
    assert (beat["sent"], beat["failed"], beat["waiting"]) == (8, 0, 0), "six managers, the sponsor, the VP"
    for day in (11, 12, 13):
        a_day(org, date(2027, 1, day))
    assert "Dustin Brinkmann" not in heard(world, "dana-ruiz"), "the VP is told after three working days, not before"

    cadence.at("2027-01-14T13:31:00Z")("run", "--once")
    told = world.inbox("dana-ruiz").expect("Dustin Brinkmann had this planned for Mon 11 Jan")
    assert "Campaign review" in told.text
    assert "Nothing for you to do unless you want to help" in told.text
    assert "Celia" not in told.text
    assert "Melvin" not in told.text

    for day in (14, 15, 18, 19, 20, 21, 22, 25, 26, 27, 28, 29):
        a_day(org, date(2027, 1, day))
    asked = [decision for decision in world.decisions() if decision.asked == "dana-ruiz"]
    assert [(one.kind, one.about_person) for one in asked] == [(DecisionKind.PATTERN, SILENT)]
    assert "Campaign review: it worked out 0 of the last" in heard(world, "dana-ruiz")
    assert {decision.about_person for decision in world.decisions()} == {SILENT}, "of nobody else is there talk"

    the_command_lists_what_happened(cadence.at("2027-01-30T12:00:00Z"))
    the_digests_say_it(world)
    world.ignore(*(key for key in world.directory.persons if key != "northstar"))


def a_day(org: Org, day: date) -> None:
    """The morning of a working day with its briefs, and what people answer to them."""
    world = org.world
    world.forward(to=f"{day} 11:00")
    for task, holder in due(world, day):
        is_review = task.occurrence.activity == "campaign-reviews"
        if is_review and holder == BY_SLACK:
            press_done(world, task)
        elif is_review and holder == BY_COMMAND:
            now = f"{world.clock.now:%Y-%m-%dT%H:%M:%SZ}"
            org.cadence.at(now)("done", task.id, "--by", BY_COMMAND, "--set", "lesson=ask before you show")
        elif holder != SILENT:
            said = Answer(task_id=task.id, verb=Verb.DONE, actor=holder, source=Source.PAGE, at=world.clock.now)
            assert respond(world.context, said).refusal is None


def due(world: World, day: date) -> list[tuple[Task, str]]:
    """What is planned for a day, and who answers for it."""
    with world.store.read() as work:
        situation = look(work, world.clock.now)
    live = [task for task in situation.tasks if task.state.live and task.date == day]
    return [(task, holder) for task in live if (holder := situation.seat(task).holder)]


def press_done(world: World, task: Task) -> None:
    """Finds the message that shows the task with its button, and presses it: Slack's signed request comes in."""
    shown = [Found(world, post) for post in world.inbox(BY_SLACK).all()]
    found = next(one for one in reversed(shown) if one.has_button("Done", about=task.id))
    found.press("done", about=task.id).shows("✓ Done by Celia Rouche")


def heard(world: World, person: str) -> str:
    """Everything that a person was told in Slack, as it stands there now."""
    return "\n".join(post.text for post in world.inbox(person).all())


def the_command_lists_what_happened(cadence: Command) -> None:
    tasks = cadence("tasks", "--json", "--activity", "campaign-reviews", "--until", "2027-01-29").documents
    by = {holder: [task for task in tasks if task["holder"] == holder] for holder in (BY_SLACK, BY_COMMAND, SILENT)}
    assert {len(found) for found in by.values()} == {3}
    for holder, source in ((BY_SLACK, "slack"), (BY_COMMAND, "cli")):
        assert {(task["state"], task["done_by"], task["on_time"]) for task in by[holder]} == {("done", holder, True)}
        answers = [answer for task in by[holder] for answer in listed(task["answers"])]
        assert [(answer["verb"], answer["source"]) for answer in answers] == [("done", source)] * 3
    assert [task["state"] for task in by[SILENT]] == ["missed", "missed", "open"]
    raised = by[SILENT][-1]["escalation"]
    assert isinstance(raised, dict)
    assert (raised["to"], raised["rung"]) == ("dana-ruiz", "pattern"), "asked before the debrief"

    sent = cadence("sent", "--json", "--to", "dana-ruiz", "--task", str(by[SILENT][0]["id"])).documents
    told = sent[0]
    assert (told["at"], told["kind"], told["channel"]) == ("2027-01-14T13:31:00Z", "brief", "slack")
    assert "Dustin Brinkmann had this planned for Mon 11 Jan" in str(told["text"])
    assert isinstance(told["receipt"], dict)
    assert set(told["receipt"]) == {"channel", "ts"}


def listed(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value


def the_digests_say_it(world: World) -> None:
    """Two Mondays, and Martin Luther King's day off between them: for each manager, the VP, the sponsor, the keeper."""
    readers = {BY_SLACK, BY_COMMAND, SILENT, "dana-ruiz", "priya-shah", "kim-lee", *DILIGENT_MANAGERS}
    digests = {key: world.smtp.inbox(world.email(key)) for key in readers}
    assert {key: len(mails) for key, mails in digests.items()} == dict.fromkeys(readers, 2)
    everything = [mail for mails in digests.values() for mail in mails]
    assert len({mail.message["Message-ID"] for mail in everything}) == len(everything)
    for mail in everything:
        assert mail.message.get_content_type() == "multipart/alternative"
        assert not mail.message.defects
        assert mail.html.lstrip().lower().startswith("<!doctype html")
    assert [mail.subject for mail in digests[SILENT]] == ["Week 2: 0 of 1 done", "Week 3: 0 of 6 done"]
    first, second = digests["dana-ruiz"]
    assert first.subject == "Week 2: 7 of 8 done"
    assert "Dustin Brinkmann" in second.text
    assert "Dustin Brinkmann" in second.html
    assert "Moses Frase" not in second.text, "above a manager's line nobody reads of single reps"
    assert "Campaign review" in digests[BY_SLACK][0].text
    assessor = world.smtp.inbox("team@northstar.example")
    assert assessor, "an outsider hears by mail"
    assert all("Health check" in mail.text or "audit" in mail.text.lower() for mail in assessor)
