"""What is asked of whom and when: patterns before the debrief, empty seats shared out, days that begin at midnight."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.agenda import Situation, briefs, decisions_to_ask, pending, standings
from cadence.core.agenda.asking import sharers
from cadence.core.deciding import Way, answers_to
from cadence.core.model import Choice, Decision, DecisionKind, MessageKind, Section, Source, State, Task
from tests.core.agenda.scenes import PEOPLE, asked, at, day, later, scene, with_task

WEEKLY = "t: {kind: metric_review, owner: ana, every: week, on: tue}"
DEBRIEF = "d: {kind: manager_debrief, owner: vp, with: managers, every: 4 weeks, on: thu}"


def patterns(situation: Situation) -> list[Decision]:
    return [one for one in decisions_to_ask(situation) if one.kind is DecisionKind.PATTERN]


def missed(situation: Situation, *rounds: str) -> Situation:
    tasks = tuple(replace(t, state=State.MISSED) if t.round in rounds else t for t in situation.tasks)
    return replace(situation, tasks=tasks)


TWO = ("2027-03-02", "2027-03-09")


def test_two_in_a_row_are_asked_about_in_the_same_week_where_there_is_no_debrief() -> None:
    assert [d.asked for d in patterns(missed(scene(WEEKLY, "2027-03-11 09:00"), *TWO))] == ["vic"]


def test_where_a_debrief_lies_ahead_it_is_asked_with_the_first_brief_of_its_week() -> None:
    situation = missed(scene(f"{WEEKLY}\n{DEBRIEF}", "2027-03-11 09:00"), *TWO)
    debriefs = [t for t in situation.tasks if t.occurrence.kind == "manager_debrief" and t.date > day("2027-03-11")]
    assert "ana" in debriefs[0].occurrence.attendees
    assert debriefs[0].date == day("2027-04-01")
    done = replace(
        situation,
        tasks=tuple(
            replace(t, state=State.DONE, happened_on=t.date)
            if t.occurrence.activity == "d" and t.date < day("2027-03-12")
            else t
            for t in situation.tasks
        ),
    )
    assert patterns(done) == []
    assert patterns(later(done, "2027-03-28 17:00")) == []
    assert [d.asked for d in patterns(later(done, "2027-03-29 09:00"))] == ["vic"]


def test_a_debrief_on_the_first_day_of_the_week_is_prepared_on_the_working_day_before() -> None:
    monday = DEBRIEF.replace("on: thu", "on: mon")
    situation = missed(scene(f"{WEEKLY}\n{monday}", "2027-03-24 09:00"), *TWO)
    ahead = min(t.date for t in situation.tasks if t.occurrence.activity == "d" and t.date > day("2027-03-24"))
    before = situation.worktimes["ana"].add(ahead, -1)
    assert patterns(later(situation, f"{before - timedelta(days=1)} 09:00")) == []
    assert patterns(later(situation, f"{before} 09:00"))


def test_there_is_one_such_question_a_holder_and_week_over_all_series() -> None:
    two = f"{WEEKLY}\n{WEEKLY.replace('t:', 'u:').replace('tue', 'wed')}"
    situation = missed(scene(two, "2027-03-11 12:00"), *TWO, "2027-03-03", "2027-03-10")
    (one,) = patterns(situation)
    assert {situation.by_id[task].occurrence.activity for task in one.tasks} == {"t", "u"}
    other_plan = replace(one, id="another", plan="q")
    assert patterns(asked(situation, other_plan)) == [], "nor of another plan"


@pytest.mark.parametrize(
    ("over", "asks"),
    [("mdmm", True), ("mmdm", True), ("mdmd", False), ("dmdd", False), ("ddmm", True), ("mddd", False)],
)
def test_two_in_a_row_or_under_half_of_the_last_four_are_a_pattern(over: str, asks: bool) -> None:
    situation = scene(WEEKLY, "2027-03-25 09:00")
    states = {"m": State.MISSED, "d": State.DONE}
    for number, letter in enumerate(over):
        situation = with_task(situation, number, state=states[letter], happened_on=situation.tasks[number].date)
    assert bool(patterns(situation)) is asks


# --- empty seats

TEAMS = """
plan: p
rollout: 2027-03-01
ends: week 8
timezone: Europe/London
people:
  list:
    ana: {name: Ana, email: ana@x.test, left: 2027-03-05}
    ben: {name: Ben, email: ben@x.test}
    cat: {name: Cat, email: cat@x.test}
    dan: {name: Dan, email: dan@x.test}
    rae: {name: Rae, email: rae@x.test, manager: ana}
    rob: {name: Rob, email: rob@x.test, manager: ben}
    rik: {name: Rik, email: rik@x.test, manager: cat}
    ron: {name: Ron, email: ron@x.test, manager: dan}
    vic: {name: Vic, email: vic@x.test}
roles: {vp: vic}
away: {dan: [2027-03-01..2027-03-31]}
activities:
"""


def vacancy(situation: Situation) -> Decision:
    (one,) = (one for one in decisions_to_ask(situation) if one.kind is DecisionKind.VACANCY)
    return one


def test_an_empty_managers_seat_can_be_shared_out_among_the_managers_who_are_there() -> None:
    situation = scene("t: {kind: metric_review, owner: manager, every: week}", "2027-03-08 09:00", head=TEAMS)
    decision = vacancy(situation)
    assert decision.choices == (Choice.HAND_OVER, Choice.SPREAD, Choice.PAUSE, Choice.TAKE_OVER)
    among = sharers("p", decision.round, situation)
    assert among == ("ben", "cat")
    tasks = [situation.by_id[key] for key in decision.tasks]
    way = Way(choice=Choice.SPREAD, by="vic", source=Source.CLI, at=situation.now, among=among)
    dealt = [one.to_person for one in answers_to(decision, tasks, way)]
    assert dealt == [among[n % 2] for n in range(len(tasks))], "in turn, by date"


def test_sharing_is_not_offered_where_there_is_nobody_beside() -> None:
    lone = TEAMS.replace("    rob: {name: Rob, email: rob@x.test, manager: ben}\n", "").replace(
        "    rik: {name: Rik, email: rik@x.test, manager: cat}\n", ""
    )
    situation = scene("t: {kind: metric_review, owner: manager, every: week}", "2027-03-08 09:00", head=lone)
    assert Choice.SPREAD not in vacancy(situation).choices


def test_what_is_key_is_asked_about_at_once_and_the_rest_when_it_comes_up() -> None:
    key = scene("t: {kind: audit, owner: manager, on: 2027-04-21}", "2027-03-08 09:00", head=TEAMS)
    assert {d.kind for d in decisions_to_ask(key)} == {DecisionKind.VACANCY}
    light = scene("t: {kind: training, owner: manager, on: 2027-04-21}", "2027-03-08 09:00", head=TEAMS)
    assert decisions_to_ask(light) == ()


def test_a_key_seat_that_falls_empty_goes_up_beside_the_brief_inside_the_budget() -> None:
    situation = scene("t: {kind: audit, owner: manager, on: 2027-04-21}", "2027-03-08 11:00", head=TEAMS)
    situation = replace(situation, briefed={"vic": day("2027-03-08")})
    situation = asked(situation, *decisions_to_ask(situation))
    (alert,) = [b for b in briefs(situation, standings(situation), pending(situation)) if b.to == "vic"]
    assert (alert.kind, [e.section for e in alert.entries]) == (MessageKind.ALERT, [Section.DECIDE])
    spent = replace(situation, alerted={"vic": (0, 2)})
    assert not [b for b in briefs(spent, standings(spent), pending(spent)) if b.to == "vic"]
    tomorrow = later(spent, "2027-03-09 08:30")
    (brief,) = [b for b in briefs(tomorrow, standings(tomorrow), pending(tomorrow)) if b.to == "vic"]
    assert brief.kind is MessageKind.BRIEF, "what exceeds waits for the brief"


# --- whose midnight

ABROAD = PEOPLE.replace("ana: {name: Ana,", "ana: {name: Ana, timezone: ZONE, left: 2027-03-09,")


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Pacific/Auckland", "2027-03-09 10:59", "2027-03-09 11:00"),
        ("America/Los_Angeles", "2027-03-10 07:59", "2027-03-10 08:00"),
        ("Europe/London", "2027-03-09 23:59", "2027-03-10 00:00"),
    ],
)
def test_a_leaver_holds_the_seat_until_their_own_midnight(zone: str, before: str, after: str) -> None:
    line = "t: {kind: training, owner: ana, on: 2027-03-08}"
    situation = scene(line, head=ABROAD.replace("ZONE", zone))

    def holder(moment: str) -> str | None:
        now = replace(situation, now=at(moment))
        return now.seat(now.tasks[0]).holder

    assert (holder(before), holder(after)) == ("ana", None)


def test_who_follows_sits_from_the_predecessors_midnight_on() -> None:
    head = PEOPLE.replace("ana: {name: Ana,", "ana: {name: Ana, timezone: Pacific/Auckland,").replace(
        "    ben:", "    nina: {name: Nina, email: nina@x.test, replaces: ana, since: 2027-03-10}\n    ben:"
    )
    situation = scene("t: {kind: training, owner: manager, on: 2027-03-08}", head=head)
    tasks: tuple[Task, ...] = situation.tasks
    moments = ("2027-03-09 10:59", "2027-03-09 11:00")
    assert [replace(situation, now=at(m)).seat(tasks[0]).holder for m in moments] == ["ana", "nina"]
