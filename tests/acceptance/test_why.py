"""`why`: what was said is traced to the plan's line and the policy, what was not said to what kept it back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cadence import templating
from cadence.core.documents import Document
from cadence.core.model import Days, Source, Verb
from cadence.errors import NothingToActOn
from cadence.services.quiet import away, hold
from cadence.services.why import why
from tests.support.command import Command
from tests.support.world import World

PLAN = """\
plan: emea
rollout: 2027-03-01
ends: week 4
timezone: Europe/London
calendar: {closed: [2027-03-12]}
people:
  list:
    ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
    vic: {name: Vic Petrov, email: vic@example.test}
roles: {vp: vic}
activities:
  review:
    kind: metric_review
    title: Pipeline review
    owner: ana
    on: 2027-03-03
"""


def asked(world: World, what: str, on: date | None = None) -> Document:
    return why(world.context, what, world.clock.now, templating.words("en"), on)


def codes(found: Document) -> list[str]:
    reasons = found["because"]
    assert isinstance(reasons, list)
    return [reason["code"] for reason in reasons]


@pytest.fixture
def told(world: World) -> World:
    """The world a day after the review was due, every message looked at."""
    world.plan_text = PLAN
    world.clock.now = world.clock.now.replace(year=2027, month=2, day=26)
    world.load().forward(to="2027-03-04 09:00").ignore("ana", "vic").ignore_mail()
    return world


def test_a_message_names_its_hour_and_for_each_line_the_rung_the_rule_and_the_person(told: World) -> None:
    """rollout: 2027-03-01"""
    with told.store.read() as work:
        (*_, brief) = work.ledger.sent(to="ana")
    found = asked(told, brief.key)
    assert (found["about"], found["to"], found["state"]) == ("delivery", "ana", "sent")
    assert codes(found) == ["brief", "channel"]
    lines = found["lines"]
    assert isinstance(lines, list)
    line = lines[0]
    assert (line["rung"], line["holder"], line["date"], line["timezone"]) == (
        "help",
        "ana",
        "2027-03-03",
        "Europe/London",
    )
    rule = line["rule"]
    assert rule["file"] == "plan.yaml"
    assert PLAN.splitlines()[rule["line"] - 1].strip() == "review:"
    assert rule["words"].startswith("review: kind: metric_review title: Pipeline review")
    assert line["policy"].startswith("standard:")


def test_a_task_tells_what_was_said_in_which_message_and_what_comes_next(told: World) -> None:
    """rollout: 2027-03-01"""
    task = told.task("review")
    found = asked(told, task.id[:6])
    assert codes(found) == ["said", "next"]
    said = found["said"]
    assert isinstance(said, list)
    assert [one["rung"] for one in said] == ["before-2", "today", "help"]
    assert {one["to"] for one in said} == {"ana"}
    reasons = found["because"]
    assert isinstance(reasons, list)
    assert (reasons[-1]["rung"], reasons[-1]["on"]) == ("told", "2027-03-08")


def test_a_pause_a_hold_and_the_end_of_a_task_are_named_as_what_keeps_it_back(told: World) -> None:
    """rollout: 2027-03-01"""
    task = told.task("review")
    told.answer(task, Verb.SNOOZE, by="ana", until=date(2027, 3, 5))
    assert codes(asked(told, task.id)) == ["paused"]
    with told.store.begin() as work:
        hold(work, "plan/emea", date(2027, 3, 9), "the fair", Source.CLI, told.clock.now)
    assert codes(asked(told, task.id)) == ["paused", "held"]
    told.answer(task, Verb.DONE, by="ana")
    assert codes(asked(told, task.id)) == ["done"]


def test_the_silence_of_a_day_is_traced_to_the_calendar_the_hour_or_that_nothing_fell(told: World) -> None:
    """rollout: 2027-03-01"""
    silence = {
        date(2027, 3, 4): [],  # the brief stands in `messages`
        date(2027, 3, 5): ["nothing-due"],
        date(2027, 3, 6): ["weekend"],
        date(2027, 3, 12): ["holiday"],
    }
    for day, expected in silence.items():
        assert codes(asked(told, "ana", day)) == expected, day
    messages = asked(told, "ana", date(2027, 3, 4))["messages"]
    assert isinstance(messages, list)
    assert [one["state"] for one in messages] == ["sent"]
    with told.store.begin() as work:
        away(work, "ana", Days.inclusive(date(2027, 3, 9), date(2027, 3, 10)), Source.CLI, told.clock.now)
        hold(work, "person/ana", date(2027, 3, 8), "a deal", Source.CLI, told.clock.now)
    assert codes(asked(told, "ana", date(2027, 3, 8))) == ["held"]
    assert codes(asked(told, "ana", date(2027, 3, 9))) == ["away"]
    told.clock.now = told.at("2027-03-05 07:00")
    assert codes(asked(told, "vic")) == ["early"]
    told.clock.now = told.at("2027-03-05 19:00")
    assert codes(asked(told, "vic")) == ["late"]


def test_what_nobody_knows_is_said_to_be_unknown(told: World) -> None:
    """rollout: 2027-03-01"""
    for what in ("nobody", ""):
        with pytest.raises(NothingToActOn):
            asked(told, what)


def test_the_command_prints_it_for_people_and_for_programs(plan_command: Command) -> None:
    for what in ("vic", "brief-2027-03-03", plan_command("tasks").out.partition("\t")[0]):
        assert "because: " in plan_command("why", what).out
        assert json.loads(plan_command("why", what, "--json").out)["because"]
    assert plan_command("why", "ana", "--on", "2027-03-06").out.count("Saturday is no working day") == 1
    assert plan_command("why", "nobody", code=4).err.count("\n") == 1


@pytest.fixture
def plan_command(tmp_path_factory: pytest.TempPathFactory) -> Command:
    folder = tmp_path_factory.mktemp("why")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    Command(folder, "2027-02-26T07:00:00Z")("load", "plan.yaml", "--yes")
    cadence = Command(folder, "2027-03-03T09:00:00Z")
    cadence("run", "--once")
    return cadence
