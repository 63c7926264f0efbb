"""What an activity says in place of its weight: reminders, a ping, a ladder of its own, urgency, a budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cadence.core.agenda import (
    Brief,
    Situation,
    briefs,
    decisions_to_ask,
    message,
    pending,
    settled,
    standings,
    still_owed,
)
from cadence.core.agenda.escalation import escalations
from cadence.core.agenda.ladder import rungs
from cadence.core.agenda.own import after, is_last, longest_lead
from cadence.core.forms import Carried, Question
from cadence.core.model import Choice, DecisionKind, Entry, MessageKind, Rung, Section
from cadence.core.triggers import parse_duration
from tests.core.agenda.scenes import PEOPLE, asked, at, day, later, said, scene, with_task

WEDNESDAY = "owner: ana, on: 2027-03-17"
OWN_LADDER = f"""t: {{kind: training, {WEDNESDAY}, escalate: [
    {{after: 2 workdays, to: backup, ask: help}}, {{after: 4 workdays, to: line}}, {{after: 2 weeks, to: keepers}}]}}"""
ASKING = f"""t: {{kind: training, {WEDNESDAY}, escalate: [
    {{after: 1 workday, to: line, ask: decision}}, {{after: 3 workdays, to: kim, ask: decision}}]}}"""
BACKED = PEOPLE.replace("keepers:", "backups: {ana: ben}\nkeepers:")


def of(situation: Situation) -> list[Brief]:
    return list(briefs(situation, standings(situation), pending(situation)))


def stands(situation: Situation) -> dict[str, str]:
    """Who stands on which rung."""
    return {standing.recipient: standing.rung.value for standing in standings(situation)}


def through_the_day(situation: Situation, moment: str) -> list[Brief]:
    """What goes out at `moment` when the morning's brief has gone."""
    now = later(situation, moment)
    return of(replace(now, briefed=dict.fromkeys(now.persons, day(moment[:10]))))


# --- reminders


@pytest.mark.parametrize(
    ("remind", "expected"),
    [
        ("[]", {"today": "2027-03-17"}),
        ("[same day]", {"today": "2027-03-17"}),
        ("[3 workdays before]", {"before:3 workdays": "2027-03-12", "today": "2027-03-17"}),
        (
            "[1 week before, 3 days before]",
            {"before:1 week": "2027-03-10", "before:3 days": "2027-03-12", "today": "2027-03-17"},
        ),
        ("[1 month before]", {"before:1 month": "2027-02-17", "today": "2027-03-17"}),
    ],
)
@pytest.mark.parametrize("kind", ["audit", "training", "quick_win"])
def test_reminders_of_its_own_replace_those_of_the_weight_before_the_day(
    kind: str, remind: str, expected: dict[str, str]
) -> None:
    situation = scene(f"t: {{kind: {kind}, {WEDNESDAY}, remind: {remind}}}")
    (task,) = situation.tasks
    activity = situation.activity(task)
    found = {rung.value: on.isoformat() for rung, on in rungs(task, situation.seat(task).worktime, activity)}
    found.pop("help", None)
    assert found == expected, "a day that is free rolls to the working day before it"


def test_each_reminder_is_a_rung_of_its_own_and_said_once() -> None:
    situation = scene(f"t: {{kind: training, {WEDNESDAY}, remind: [1 week before, 2 workdays before]}}")
    first = later(situation, "2027-03-10 09:00")
    (brief,) = of(first)
    assert [notice.rung for notice in brief.notices] == [Rung("before:1 week")]
    first = said(first, *brief.notices)
    assert of(later(first, "2027-03-11 09:00")) == []
    (brief,) = of(later(first, "2027-03-15 09:00"))
    assert [notice.rung for notice in brief.notices] == [Rung("before:2 workdays")]


def test_an_early_reminder_is_looked_for_as_far_ahead_as_it_lies() -> None:
    situation = scene("t: {kind: training, owner: ana, on: 2027-05-12, remind: [2 months before]}", "2027-03-12 09:00")
    assert stands(situation) == {"ana": "before:2 months"}
    activity = situation.activity(situation.tasks[0])
    assert activity is not None
    assert longest_lead(activity).days == 62


def test_a_rung_of_its_own_is_found_again_by_its_words_and_a_strange_word_is_no_rung() -> None:
    own = Rung.TOLD.own("3 days", "role/vp")
    assert Rung("told:3 days:role/vp") is own
    assert (own.base, Rung.TODAY.base) == (Rung.TOLD, Rung.TODAY)
    assert own not in list(Rung), "the steps of the weights are those that are listed"
    for word in ("later:3 days", "told:", "decide:line", "shortly"):
        with pytest.raises(ValueError, match="not a valid Rung"):
            Rung(word)


# --- a ladder of its own


def test_a_ladder_of_its_own_takes_the_place_of_the_weights_above_the_holder() -> None:
    situation = scene(OWN_LADDER, head=BACKED)
    assert stands(later(situation, "2027-03-18 09:00")) == {"ana": "help"}
    assert stands(later(situation, "2027-03-19 09:00")) == {"ana": "help", "ben": "help:2 workdays:backup"}
    assert "vic" not in stands(later(situation, "2027-03-22 09:00")), "told at +3 is the weight's"
    assert stands(later(situation, "2027-03-23 09:00"))["vic"] == "told:4 workdays:line"
    assert stands(later(situation, "2027-03-31 09:00"))["kim"] == "told:2 weeks:keepers"


def test_whoever_is_told_is_told_once_and_its_last_step_is_known_as_the_last() -> None:
    situation = later(scene(OWN_LADDER, head=BACKED), "2027-03-31 09:00")
    (to_kim,) = [brief for brief in of(situation) if brief.to == "kim"]
    assert [(entry.section, entry.rung) for entry in to_kim.entries] == [(Section.TOLD, Rung("told:2 weeks:keepers"))]
    assert still_owed(to_kim.entries, "kim", situation) == to_kim.entries
    assert "kim" not in {brief.to for brief in of(said(situation, *to_kim.notices))}
    activity = situation.activity(situation.tasks[0])
    assert is_last(Rung("told:2 weeks:keepers"), activity)
    assert not is_last(Rung("told:4 workdays:line"), activity)
    assert is_last(Rung.TOLD, None)


def test_a_told_step_shows_as_escalation_under_its_base() -> None:
    situation = later(scene(OWN_LADDER, head=BACKED), "2027-03-23 09:00")
    situation = said(situation, *(standing.notice for standing in standings(situation)))
    (raised,) = escalations(situation).values()
    assert (raised.rung, raised.to, raised.since) == (Rung.TOLD, "vic", day("2027-03-23"))


def test_a_step_asks_whom_it_names_and_a_decision_ends_the_ladder() -> None:
    situation = scene(ASKING)
    assert decisions_to_ask(later(situation, "2027-03-17 19:00")) == ()
    (first,) = decisions_to_ask(later(situation, "2027-03-18 09:00"))
    assert (first.kind, first.asked) == (DecisionKind.KEY_LATE, "vic")
    situation = asked(situation, first)
    (second,) = decisions_to_ask(later(situation, "2027-03-22 09:00"))
    assert second.asked == "kim"
    taken = replace(first, answered_at=at("2027-03-22 10:00"), choice=Choice.HAND_OVER, by="vic")
    ended = later(replace(situation, decisions=(taken, second)), "2027-03-22 11:00")
    assert decisions_to_ask(ended) == ()
    assert second.asked_at < at("2027-03-22 10:00")
    assert pending(ended) == (), "nobody is asked what another has decided since"


def test_after_an_outage_only_the_newest_question_is_put() -> None:
    (only,) = decisions_to_ask(later(scene(ASKING), "2027-03-24 09:00"))
    assert only.asked == "kim"


def test_a_long_leave_silences_no_question_and_a_key_task_of_an_empty_seat_is_asked_about_from_the_first_day() -> None:
    line = (
        "t: {kind: audit, owner: enablement, on: 2027-03-17, escalate: [{after: 2 workdays, to: line, ask: decision}]}"
    )
    gone = PEOPLE.replace("kim: {name: Kim,", "kim: {name: Kim, started: 2027-03-22, reports_to: vic,")
    assert decisions_to_ask(later(scene(line, head=gone), "2027-03-23 09:00")) == ()
    (one,) = decisions_to_ask(later(scene(line, head=gone), "2027-03-24 09:00"))
    assert one.asked == "vic"
    away = PEOPLE.replace("keepers:", "away: {ana: [2027-03-18..2027-04-30]}\nkeepers:")
    assert len(decisions_to_ask(later(scene(ASKING, head=away), "2027-03-18 09:00"))) == 1


def test_the_sponsor_decides_what_a_ladder_of_its_own_asked_in_vain() -> None:
    situation = later(scene(ASKING), "2027-03-18 09:00")
    situation = asked(situation, *decisions_to_ask(situation))
    kinds = [decision.kind for decision in decisions_to_ask(later(situation, "2027-03-25 09:00"))]
    assert DecisionKind.SPONSOR in kinds


@pytest.mark.parametrize(("owner", "to"), [("ana", "backup"), ("kim", "keepers")])
def test_a_step_to_nobody_and_one_to_the_holder_are_not_said(owner: str, to: str) -> None:
    line = f"t: {{kind: training, owner: {owner}, on: 2027-03-17, escalate: [{{after: 1 workday, to: {to}}}]}}"
    assert set(stands(later(scene(line), "2027-03-22 09:00"))) == {owner}


def test_it_ends_after_its_own_ladder_also_when_it_is_light() -> None:
    line = f"t: {{kind: quick_win, {WEDNESDAY}, escalate: [{{after: 3 weeks, to: line}}]}}"
    situation = scene(line)
    assert settled(later(situation, "2027-04-07 09:00")) == ()
    assert stands(later(situation, "2027-04-07 09:00"))["vic"] == "told:3 weeks:line"
    (over,) = settled(later(situation, "2027-04-08 09:00"))
    assert over.task.state == "missed"


def test_a_lighter_weight_than_the_kinds_asks_and_tells_nobody() -> None:
    situation = scene(f"t: {{kind: training, {WEDNESDAY}, weight: light}}")
    assert stands(later(situation, "2027-03-17 09:00")) == {"ana": "today"}
    (over,) = settled(later(situation, "2027-03-18 09:00"))
    assert over.task.state == "missed"


def test_a_question_that_another_has_decided_since_says_so_in_place_of_its_buttons() -> None:
    situation = later(scene(ASKING), "2027-03-18 09:00")
    (first,) = decisions_to_ask(situation)
    (second,) = decisions_to_ask(later(asked(situation, first), "2027-03-22 09:00"))
    taken = replace(first, answered_at=at("2027-03-22 10:00"), choice=Choice.EXTEND, by="vic")
    ended = later(replace(situation, decisions=(taken, second)), "2027-03-22 11:00")
    entry = Entry(Section.DECIDE, decision_id=second.id)
    (line,) = message("k", MessageKind.BRIEF, "kim", day("2027-03-22"), [entry], ended).lines
    assert (line.status, line.facts["by"], line.choices) == ("status.decided", "Vic", ())


@pytest.mark.parametrize(
    ("to", "rung", "note", "last"),
    [
        ("ben", "help:2 workdays:backup", "line.lend", False),
        ("vic", "told:4 workdays:line", "line.told", False),
        ("kim", "told:2 weeks:keepers", "line.told", True),
    ],
)
def test_each_step_has_its_words_and_the_last_says_that_it_is_the_last(
    to: str, rung: str, note: str, last: bool
) -> None:
    situation = later(scene(OWN_LADDER, head=BACKED), "2027-03-31 09:00")
    entry = Entry(Section.TOLD, task_id=situation.tasks[0].id, rung=Rung(rung))
    (line,) = message("k", MessageKind.BRIEF, to, day("2027-03-31"), [entry], situation).lines
    assert (line.note, line.facts["last"]) == (note, last)


@pytest.mark.parametrize(
    ("length", "falls"),
    [
        ("4h", "2027-03-15"),
        ("1 workday", "2027-03-15"),
        ("1 day", "2027-03-15"),
        ("1 week", "2027-03-19"),
        ("1 month", "2027-04-12"),
    ],
)
def test_a_step_falls_on_a_working_day_of_the_holder(length: str, falls: str) -> None:
    office = scene("t: {kind: training, owner: ana, on: 2027-03-12}").worktimes["ana"]
    assert after(day("2027-03-12"), parse_duration(length), office) == day(falls)


def test_a_step_to_a_role_goes_to_whoever_has_it_in_the_wave() -> None:
    head = """
plan: p
rollout: 2027-03-01
ends: week 6
timezone: Europe/London
waves: {west: {rollout: 2027-03-08, only: {region: West}, roles: {vp: tom}}}
people:
  list:
    ana: {name: Ana, email: ana@x.test}
    ben: {name: Ben, email: ben@x.test}
    rae: {name: Rae, email: rae@x.test, manager: ana, region: West}
    ron: {name: Ron, email: ron@x.test, manager: ben, region: East}
    vic: {name: Vic, email: vic@x.test}
    tom: {name: Tom, email: tom@x.test}
roles: {vp: vic}
activities:
"""
    line = "t: {kind: training, owner: manager, on: day 3, escalate: [{after: 2 workdays, to: vp}]}"
    situation = later(scene(line, head=head), "2027-03-17 09:00")
    told = {s.task.occurrence.about: s.recipient for s in standings(situation) if s.rung.base is Rung.TOLD}
    assert told == {"team/ana": "tom", "team/ben": "vic"}


# --- carried over

RIDES = "t: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks}"


@pytest.mark.parametrize(("to", "reads"), [("ana", True), ("rae", True), ("vic", False), ("kim", False)])
def test_last_times_one_thing_stands_in_the_line_for_the_pair_only(to: str, reads: bool) -> None:
    situation = scene(RIDES, "2027-03-15 09:00")
    (task,) = [task for task in situation.tasks if task.occurrence.slot == "2w-03"]
    one = Carried(Question(key="next", carry=True, seen_by="pair"), "ask\nlisten", "ana", day("2027-03-04"))
    situation = replace(situation, carried={task.series: (one,)})
    entry = Entry(Section.PLACE, task_id=task.id, rung=Rung.PLACE)
    (line,) = message("k", MessageKind.BRIEF, to, day("2027-03-15"), [entry], situation).lines
    assert line.facts.get("carried") == ("ask, listen" if reads else None)


# --- beside the brief

PINGED = f't: {{kind: training, {WEDNESDAY}, at: "14:00", ping: 1h before}}'


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2027-03-17 12:59", False),
        ("2027-03-17 13:00", True),
        ("2027-03-17 13:59", True),
        ("2027-03-17 14:00", False),
    ],
)
def test_a_ping_goes_out_from_its_time_until_the_start(moment: str, goes: bool) -> None:
    found = through_the_day(scene(PINGED), moment)
    assert [(brief.kind, brief.to) for brief in found] == ([(MessageKind.ALERT, "ana")] if goes else [])
    assert [entry.rung for brief in found for entry in brief.entries] == [Rung.PING] * goes


def test_a_ping_is_said_once_and_dropped_when_the_task_is_done_or_moved() -> None:
    situation = later(scene(PINGED), "2027-03-17 13:00")
    (alert,) = through_the_day(situation, "2027-03-17 13:00")
    assert through_the_day(said(situation, *alert.notices), "2027-03-17 13:10") == []
    assert still_owed(alert.entries, "ana", situation) == alert.entries
    assert still_owed(alert.entries, "ana", with_task(situation, 0, state="done")) == ()
    assert still_owed(alert.entries, "ana", later(situation, "2027-03-17 14:00")) == ()


def test_a_ping_before_the_day_begins_waits_for_it_and_one_at_the_hour_of_the_brief_is_in_it() -> None:
    early = scene(PINGED.replace("14:00", "08:20"))
    assert of(later(early, "2027-03-17 07:30")) == []
    (alert,) = of(later(early, "2027-03-17 08:05"))
    assert alert.kind is MessageKind.ALERT
    (brief,) = of(later(scene(PINGED.replace("14:00", "09:00")), "2027-03-17 08:30"))
    assert brief.kind is MessageKind.BRIEF
    assert {notice.rung for notice in brief.notices} == {Rung.TODAY, Rung.PING}
    assert len(brief.entries) == 1


def test_a_ping_goes_out_also_on_a_day_without_a_brief() -> None:
    situation = later(scene(PINGED), "2027-03-17 13:00")
    today = [standing.notice for standing in standings(situation) if standing.rung is Rung.TODAY]
    (alert,) = of(said(situation, *today))
    assert (alert.kind, [entry.rung for entry in alert.entries]) == (MessageKind.ALERT, [Rung.PING])


def test_only_what_is_urgent_goes_beside_the_brief() -> None:
    line = f"t: {{kind: training, {WEDNESDAY}, urgent: %s}}"
    assert through_the_day(scene(line % "false"), "2027-03-17 11:00") == []
    (alert,) = through_the_day(scene(line % "true"), "2027-03-17 11:00")
    assert [entry.rung for entry in alert.entries] == [Rung.TODAY]


@pytest.mark.parametrize(
    ("budget", "alerted", "goes"),
    [
        ("", (0, 1), True),
        ("", (1, 1), False),
        ("", (0, 2), False),
        ("budget: 2 per day\n", (1, 5), True),
        ("budget: 2 per day\n", (2, 2), False),
        ("budget: 3 per week\n", (2, 2), True),
        ("budget: 3 per week\n", (0, 3), False),
    ],
)
def test_the_plans_budget_takes_the_place_of_one_a_day_and_two_a_week(
    budget: str, alerted: tuple[int, int], goes: bool
) -> None:
    situation = scene(PINGED, head=PEOPLE.replace("keepers:", f"{budget}keepers:"))
    found = through_the_day(replace(situation, alerted={"ana": alerted}), "2027-03-17 13:00")
    assert bool(found) is goes


def test_the_smallest_budget_of_a_persons_plans_counts() -> None:
    situation = scene(PINGED, head=PEOPLE.replace("keepers:", "budget: 5 per day\nkeepers:"))
    silent = situation.plans["p"].model_copy(update={"id": "q", "budget": None})
    both = replace(
        situation,
        plans={"p": situation.plans["p"], "q": silent},
        directories={"p": situation.directories["p"], "q": situation.directories["p"]},
        alerted={"ana": (1, 1)},
    )
    assert through_the_day(both, "2027-03-17 13:00") == []


# --- who takes part


def test_who_takes_part_finds_it_in_the_brief_of_the_day_and_is_never_sent_one_for_it() -> None:
    line = f"t: {{kind: training, {WEDNESDAY}, with: [ben], shadow: kim}}\n"
    situation = later(scene(line), "2027-03-17 09:00")
    assert [brief.to for brief in of(situation)] == ["ana"]
    with_own = later(scene(line + "u: {kind: training, owner: kim, on: 2027-03-17}"), "2027-03-17 09:00")
    (kims,) = [brief for brief in of(with_own) if brief.to == "kim"]
    assert [(entry.section, entry.code, entry.rung) for entry in kims.entries] == [
        (Section.TODAY, None, Rung.TODAY),
        (Section.TODAY, "attends", None),
    ]
    assert still_owed(kims.entries, "kim", with_own) == kims.entries
    assert len(kims.notices) == 1


def test_on_the_first_day_of_the_week_taking_part_is_still_no_reason_to_write() -> None:
    situation = scene("t: {kind: training, owner: ana, on: 2027-03-15, with: [ben]}", "2027-03-15 09:00")
    assert [brief.to for brief in of(situation)] == ["ana"]
