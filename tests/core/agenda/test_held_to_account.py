"""What nobody can be held to: what fell due to an empty seat, and what was over before the plan was loaded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cadence.core.agenda import Situation, decisions_to_ask, pending, settled, standings
from cadence.core.model import DecisionKind, Rung, State
from tests.core.agenda.scenes import PEOPLE, asked, at, later, scene, with_task

WEEKLY = "t: {kind: metric_review, owner: manager, every: week, on: tue}"
KEY = "t: {kind: audit, owner: manager, on: 2027-03-09}"
GAP = PEOPLE.replace("ana: {name: Ana,", "ana: {name: Ana, left: 2027-03-05,").replace(
    "    ben:",
    "    nina: {name: Nina, email: nina@x.test, reports_to: vic, replaces: ana, since: 2027-03-24}\n    ben:",
)
"""Ana's seat is empty from 6 to 23 March."""


def ends(situation: Situation) -> list[tuple[str, State, str | None]]:
    return [(s.task.round, s.task.state, s.task.reason) for s in settled(situation)]


def test_what_fell_due_to_an_empty_seat_is_left_out_in_the_end_and_nobody_is_told() -> None:
    situation = scene(WEEKLY, "2027-03-23 09:00", head=GAP)
    assert not [end for end in ends(situation) if end[0] > "2027-03-05"], "while nobody holds it, it waits"
    day_one = later(situation, "2027-03-25 09:00")
    mine = [end for end in ends(day_one) if end[0] > "2027-03-05"]
    assert mine == [("2027-03-09", State.SKIPPED, "vacant"), ("2027-03-16", State.SKIPPED, "vacant")]
    lately = later(situation, "2027-03-29 09:00")
    fell = [s for s in standings(lately) if "2027-03-05" < s.task.round < "2027-03-29"]
    assert {(s.recipient, s.rung) for s in fell} == {("nina", Rung.TODAY)}
    assert DecisionKind.PATTERN not in {d.kind for d in decisions_to_ask(lately)}


def test_what_was_handed_to_somebody_during_the_vacancy_is_theirs() -> None:
    situation = with_task(scene(WEEKLY, "2027-03-25 09:00", head=GAP), 1, handed_to="ben")
    assert ("2027-03-09", State.MISSED, None) in ends(situation)


@pytest.mark.parametrize(("moment", "asks"), [("2027-03-25 18:00", False), ("2027-03-26 09:00", True)])
def test_a_key_task_of_the_vacancy_counts_from_the_successors_first_day(moment: str, asks: bool) -> None:
    found = [d for d in decisions_to_ask(scene(KEY, moment, head=GAP)) if d.kind is DecisionKind.KEY_LATE]
    assert [(d.about_person, d.asked) for d in found] == ([("nina", "vic")] if asks else [])


def backfilled(line: str, moment: str) -> Situation:
    situation = scene(line, moment)
    loaded = at("2027-03-29 12:00")
    tasks = tuple(
        replace(t, paused_until=date.max, changed_at=loaded) if t.due <= loaded else t for t in situation.tasks
    )
    return replace(situation, tasks=tasks)


@pytest.mark.parametrize("line", [WEEKLY, KEY])
def test_what_was_over_before_the_load_is_left_out_after_ten_working_days_and_never_missed(line: str) -> None:
    situation = backfilled(line, "2027-04-01 09:00")
    assert not ends(situation), "there is time to write down what took place"
    assert not decisions_to_ask(situation)
    over = ends(later(situation, "2027-04-14 09:00"))
    early = [(state, reason) for due, state, reason in over if due < "2027-03-29"]
    assert early
    assert set(early) == {(State.SKIPPED, "backfilled")}


def test_a_question_lies_with_a_keeper_where_neither_successor_nor_line_is_left() -> None:
    head = PEOPLE.replace("vic: {name: Vic,", "vic: {name: Vic, left: 2027-03-12,").replace(
        "sue: {name: Sue,", "sue: {name: Sue, left: 2027-03-12,"
    )
    situation = scene("t: {kind: audit, owner: ana, on: 2027-03-09}", "2027-03-11 09:00", head=head)
    situation = asked(situation, *decisions_to_ask(situation))
    assert [d.asked for d in pending(situation)] == ["vic"]
    assert [d.asked for d in pending(later(situation, "2027-03-15 09:00"))] == ["kim"]


def test_the_sponsor_hears_of_silence_while_the_one_asked_is_on_leave() -> None:
    head = PEOPLE.replace("keepers: [kim]", "keepers: [kim]\naway: {vic: [2027-03-12..2027-05-31]}")
    situation = scene("t: {kind: audit, owner: ana, on: 2027-03-09}", "2027-03-11 09:00", head=head)
    situation = asked(situation, *decisions_to_ask(situation))
    week_on = decisions_to_ask(later(situation, "2027-03-18 09:00"))
    assert [(d.kind, d.asked) for d in week_on] == [(DecisionKind.SPONSOR, "sue")]
