"""The ladder: which rung falls on which day, for whom, and that each is said once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.agenda import Situation, briefs, decisions_to_ask, is_rare, pending, settled, standings, still_owed
from cadence.core.agenda.ladder import rungs
from cadence.core.lifecycle import Accepted, take
from cadence.core.model import DecisionKind, Hold, Rung, Section, State, Task, Verb
from tests.core.agenda.scenes import PEOPLE, answer, asked, at, day, later, said, scene, with_task

RARE = "t: {kind: training, owner: ana, on: 2027-03-17}"
KEY = "t: {kind: audit, owner: ana, on: 2027-03-17}"
WEEKLY = "t: {kind: metric_review, owner: ana, every: week, on: wed}"
LIGHT = "t: {kind: quick_win, owner: ana, on: 2027-03-17}"
PROPOSED = "t: {kind: one_on_one, owner: manager, with: each rep, every: week, on: [tue, wed, thu]}"


@pytest.mark.parametrize(
    ("line", "number", "expected"),
    [
        pytest.param(RARE, 0, {"before-2": "2027-03-15", "today": "2027-03-17", "help": "2027-03-18"}, id="standard"),
        pytest.param(WEEKLY, 2, {"today": "2027-03-17", "help": "2027-03-18"}, id="frequent standard: no early word"),
        pytest.param(LIGHT, 0, {"today": "2027-03-17"}, id="light: its day only"),
        pytest.param(
            KEY,
            0,
            {"before-10": "2027-03-03", "before-2": "2027-03-15", "today": "2027-03-17", "help": "2027-03-18"},
            id="key",
        ),
    ],
)
def test_each_weight_has_its_rungs_on_its_days(line: str, number: int, expected: dict[str, str]) -> None:
    situation = scene(line)
    task = situation.tasks[number]
    assert {rung.value: d.isoformat() for rung, d in rungs(task, situation.seat(task).worktime)} == expected


def test_what_is_proposed_is_to_be_placed_on_the_first_working_day_of_its_window() -> None:
    situation = scene(PROPOSED)
    task = situation.tasks[1]
    assert next(rungs(task, situation.seat(task).worktime)) == (Rung.PLACE, day("2027-03-08"))
    placed = replace(task, confirmed=True)
    assert Rung.PLACE not in dict(rungs(placed, situation.seat(task).worktime))


@pytest.mark.parametrize(
    ("slot", "rare"),
    [
        ("once", True),
        ("d-03-tue", False),
        ("1w-03", False),
        ("3w-03", False),
        ("4w-03", True),
        ("10d-03", False),
        ("21d-01", False),
        ("22d-01", True),
        ("m-2027-02", True),
        ("q-2027-1", True),
        ("on-day-14", True),
        ("r-003", True),
    ],
)
def test_an_early_word_is_for_what_comes_less_often_than_every_three_weeks(slot: str, rare: bool) -> None:
    assert is_rare(slot) is rare


def moved_to_day(situation: Situation, moment: str, to: str) -> Task:
    """The first task as its holder moves it."""
    task = situation.tasks[0]
    verdict = take(task, answer(task, Verb.MOVE, moment, until=day(to)), situation.seat(task).worktime)
    assert isinstance(verdict, Accepted)
    return verdict.task


def stands(situation: Situation) -> set[tuple[str, Rung, bool]]:
    return {(one.recipient, one.rung, one.noticed) for one in standings(situation)}


def test_after_an_outage_only_the_newest_rung_counts() -> None:
    late = later(scene(KEY), "2027-03-18 09:00")
    assert stands(late) == {("ana", Rung.HELP, False)}


@pytest.mark.parametrize(("moment", "told"), [("2027-03-19 09:00", False), ("2027-03-22 09:00", True)])
def test_the_line_above_is_told_of_a_standard_task_three_workdays_late(moment: str, told: bool) -> None:
    assert (("vic", Rung.TOLD, False) in stands(later(scene(RARE), moment))) is told
    assert ("vic", Rung.TOLD, False) not in stands(later(scene(LIGHT), moment))


def test_at_the_top_of_the_line_a_keeper_is_told() -> None:
    top = later(scene("t: {kind: training, owner: sue, on: 2027-03-17}"), "2027-03-22 09:00")
    assert ("kim", Rung.TOLD, False) in stands(top)


def test_a_rung_is_owed_once_ever_in_one_round() -> None:
    situation = later(scene(RARE), "2027-03-17 09:00")
    (brief,) = (b for b in briefs(situation, standings(situation), ()) if b.to == "ana")
    again = said(situation, *brief.notices)
    assert stands(again) == {("ana", Rung.TODAY, True)}
    assert not [b for b in briefs(again, standings(again), ()) if b.to == "ana"]


def test_another_due_day_begins_another_round() -> None:
    situation = later(scene(RARE), "2027-03-17 09:00")
    notices = [one.notice for one in standings(situation)]
    later_on = moved_to_day(situation, "2027-03-17 10:00", "2027-03-24")
    moved = replace(said(later(situation, "2027-03-24 09:00"), *notices), tasks=(later_on,))
    assert stands(moved) == {("ana", Rung.TODAY, False)}


def test_what_fell_in_a_pause_comes_once_at_its_end() -> None:
    paused = with_task(scene(RARE), 0, paused_until=day("2027-03-24"))
    assert stands(later(paused, "2027-03-23 09:00")) == set()
    at_its_end = later(paused, "2027-03-24 09:00")
    assert stands(at_its_end) == {("ana", Rung.HELP, False), ("vic", Rung.TOLD, False)}
    assert stands(said(at_its_end, *(s.notice for s in standings(at_its_end)))) == {
        ("ana", Rung.HELP, True),
        ("vic", Rung.TOLD, True),
    }


def test_what_was_moved_far_ahead_of_its_window_is_reminded_of_all_the_same() -> None:
    early = with_task(scene("t: {kind: training, owner: ana, on: 2027-05-12}"), 0)
    later_on = moved_to_day(early, "2027-03-01 09:00", "2027-03-02")
    assert stands(replace(later(early, "2027-03-02 09:00"), tasks=(later_on,))) == {("ana", Rung.TODAY, False)}


# --- settling


def ended(situation: Situation, moment: str) -> list[tuple[str, State]]:
    return [(a.task.occurrence.slot, a.task.state) for a in settled(later(situation, moment))]


@pytest.mark.parametrize(
    ("line", "moment", "ends"),
    [
        pytest.param(RARE, "2027-03-30 17:00", False, id="standard: nine workdays, easter aside"),
        pytest.param(RARE, "2027-03-31 09:00", True, id="standard: ten workdays after due"),
        pytest.param(LIGHT, "2027-03-17 18:00", False, id="light: its day is not over"),
        pytest.param(LIGHT, "2027-03-18 00:00", True, id="light: its window has closed"),
        pytest.param(KEY, "2027-05-17 18:00", False, id="key: never"),
    ],
)
def test_what_nobody_answers_settles_by_its_weight(line: str, moment: str, ends: bool) -> None:
    assert [state for _, state in ended(scene(line), moment)] == ([State.MISSED] if ends else [])


def test_a_standard_one_settles_when_the_next_of_its_series_falls_due() -> None:
    first = scene(WEEKLY).tasks[0].occurrence.slot
    assert ended(scene(WEEKLY), "2027-03-10 17:59") == []
    assert ended(scene(WEEKLY), "2027-03-10 18:00") == [(first, State.MISSED)]


def test_a_successor_the_plan_no_longer_asks_for_settles_nothing() -> None:
    gone = with_task(scene(WEEKLY), 1, state=State.RETIRED)
    assert ended(gone, "2027-03-10 18:00") == []


def test_what_was_moved_behind_its_successor_has_its_own_time() -> None:
    situation = scene(WEEKLY)
    task = situation.tasks[0]
    later_on = moved_to_day(situation, "2027-03-02 09:00", "2027-03-12")
    moved = replace(situation, tasks=(later_on, *situation.tasks[1:]))
    assert (task.occurrence.slot, State.MISSED) not in ended(moved, "2027-03-12 18:00")
    assert (task.occurrence.slot, State.MISSED) in ended(moved, "2027-03-17 18:00")


# --- questions


def questions(situation: Situation, moment: str) -> list[tuple[DecisionKind, str]]:
    return [(d.kind, d.asked) for d in decisions_to_ask(later(situation, moment))]


def test_the_line_decides_on_a_key_task_two_workdays_late_and_the_sponsor_five_after_that() -> None:
    situation = scene(KEY)
    assert questions(situation, "2027-03-18 18:00") == []
    assert questions(situation, "2027-03-19 09:00") == [(DecisionKind.KEY_LATE, "vic")]
    open_one = asked(situation, *decisions_to_ask(later(situation, "2027-03-19 09:00")))
    assert questions(open_one, "2027-03-25 18:00") == []
    assert questions(open_one, "2027-03-26 09:00") == [(DecisionKind.SPONSOR, "sue")]
    higher = asked(open_one, *decisions_to_ask(later(open_one, "2027-03-26 09:00")))
    assert questions(higher, "2027-05-26 09:00") == [], "and nobody further"


@pytest.mark.parametrize("state", [State.DONE, State.SKIPPED, State.RETIRED])
def test_a_question_about_what_is_over_wants_no_answer(state: State) -> None:
    situation = later(scene(KEY), "2027-03-19 09:00")
    open_one = asked(situation, *decisions_to_ask(situation))
    assert pending(open_one)
    over = with_task(open_one, 0, state=state, happened_on=day("2027-03-19"))
    assert not pending(over)
    assert not [b for b in briefs(later(over, "2027-03-22 09:00"), (), pending(over)) if b.to == "vic"]


@pytest.mark.parametrize(("missed", "asks"), [(1, False), (2, True)])
def test_two_windows_missed_in_a_row_are_a_pattern(missed: int, asks: bool) -> None:
    situation = scene(WEEKLY)
    for number in range(missed):
        situation = with_task(situation, number, state=State.MISSED)
    assert (questions(situation, "2027-03-12 09:00") == [(DecisionKind.PATTERN, "vic")]) is asks


def test_two_bad_mornings_are_no_pattern_and_a_bad_week_is() -> None:
    daily = scene("t: {kind: team_meeting, owner: ana, every: workday}")
    for number in range(5):
        daily = with_task(daily, number, state=State.MISSED)
    assert questions(daily, "2027-03-08 07:00") == []
    assert questions(with_task(daily, 5, state=State.MISSED), "2027-03-09 07:00") == [(DecisionKind.PATTERN, "vic")]


def test_under_half_of_the_last_four_is_a_pattern_and_half_is_none() -> None:
    states = (State.MISSED, State.DONE, State.MISSED, State.DONE)
    half = scene(WEEKLY)
    for number, state in enumerate(states):
        half = with_task(half, number, state=state, happened_on=None)
    assert questions(half, "2027-03-25 09:00") == []
    under = with_task(scene(WEEKLY), 0, state=State.MISSED)
    for number, state in ((1, State.MISSED), (2, State.DONE), (3, State.MISSED)):
        under = with_task(under, number, state=state)
    assert questions(under, "2027-03-25 09:00") == [(DecisionKind.PATTERN, "vic")]


def test_after_a_question_a_series_is_judged_anew() -> None:
    situation = with_task(with_task(scene(WEEKLY), 0, state=State.MISSED), 1, state=State.MISSED)
    first = asked(situation, *decisions_to_ask(later(situation, "2027-03-12 09:00")))
    answered = replace(first, decisions=tuple(replace(d, answered_at=d.asked_at) for d in first.decisions))
    third = with_task(answered, 2, state=State.MISSED)
    assert questions(third, "2027-03-19 09:00") == [], "one more is not two in a row"
    assert questions(with_task(third, 3, state=State.MISSED), "2027-03-26 09:00") == [(DecisionKind.PATTERN, "vic")]


def left(line: str) -> Situation:
    """Ana has left the company; nobody follows."""
    return scene(line, head=PEOPLE.replace("{name: Ana,", "{name: Ana, left: 2027-03-02,"))


@pytest.mark.parametrize(
    ("line", "moment", "asks"),
    [
        pytest.param(RARE, "2027-03-16 09:00", False, id="standard: before its window"),
        pytest.param(RARE, "2027-03-17 09:00", True, id="standard: when it comes up"),
        pytest.param(KEY, "2027-03-04 09:00", True, id="key: at once"),
    ],
)
def test_an_empty_seat_asks_the_line_above_once_and_its_tasks_are_not_late(line: str, moment: str, asks: bool) -> None:
    situation = left(line)
    assert questions(situation, moment) == ([(DecisionKind.VACANCY, "vic")] if asks else [])
    assert stands(later(situation, "2027-03-29 09:00")) == set(), "held, not late"
    assert ended(situation, "2027-05-29 09:00") == []
    open_one = asked(situation, *decisions_to_ask(later(situation, moment)))
    assert not asks or [k for k, _ in questions(open_one, moment)] == []


def test_an_empty_seat_is_asked_about_again_when_a_pause_is_over() -> None:
    situation = left(RARE)
    first = asked(situation, *decisions_to_ask(later(situation, "2027-03-17 09:00")))
    answered = replace(first, decisions=tuple(replace(d, answered_at=d.asked_at) for d in first.decisions))
    paused = with_task(answered, 0, paused_until=day("2027-03-24"))
    assert questions(paused, "2027-03-23 09:00") == []
    assert questions(paused, "2027-03-24 09:00") == [(DecisionKind.VACANCY, "vic")]


# --- briefs


def sections(situation: Situation, who: str) -> list[Section]:
    found = [b for b in briefs(situation, standings(situation), pending(situation)) if b.to == who]
    return [entry.section for brief in found for entry in brief.entries]


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        pytest.param("2027-03-17 08:29", False, id="before the hour"),
        pytest.param("2027-03-17 08:30", True, id="at the hour"),
        pytest.param("2027-03-17 18:00", False, id="after work"),
        pytest.param("2027-03-16 09:00", False, id="nothing falls on that day"),
    ],
)
def test_a_brief_goes_in_working_time_when_a_rung_falls(moment: str, goes: bool) -> None:
    situation = later(scene(RARE), moment)
    early = [s.notice for s in standings(later(situation, "2027-03-15 09:00"))]
    assert bool(sections(said(situation, *early), "ana")) is goes


def test_on_the_first_working_day_of_the_week_what_is_open_is_reason_enough_and_few_lines_lie_ahead() -> None:
    daily = scene("\n".join(f"t{n}: {{kind: training, owner: ana, on: 2027-03-11}}" for n in range(9)))
    assert sections(later(daily, "2027-03-08 09:00"), "ana") == [Section.COMING] * 5
    assert sections(later(daily, "2027-03-05 09:00"), "ana") == []


@pytest.mark.parametrize(("alerted", "goes"), [((0, 0), True), ((0, 1), True), ((1, 1), False), ((0, 2), False)])
def test_beside_the_brief_one_alert_a_day_and_two_a_week(alerted: tuple[int, int], goes: bool) -> None:
    situation = replace(left(KEY), now=at("2027-03-04 12:00"))
    open_one = asked(situation, *decisions_to_ask(situation))
    busy = replace(open_one, briefed={"vic": day("2027-03-04")}, alerted={"vic": alerted})
    assert bool(sections(busy, "vic")) is goes


@pytest.mark.parametrize(
    ("scope", "held"),
    [("all", True), ("plan/p", True), ("plan/q", False), ("person/ana", True), ("person/ben", False)],
)
def test_a_hold_stops_the_messages_of_its_scope_until_its_last_day(scope: str, held: bool) -> None:
    situation = later(scene(RARE), "2027-03-17 09:00")
    hold = Hold(scope=scope, until=day("2027-03-17"), reason="x", since=situation.now)
    assert bool(sections(replace(situation, holds=(hold,)), "ana")) is not held
    over = replace(hold, until=hold.until - timedelta(days=1))
    assert sections(replace(situation, holds=(over,)), "ana")


def owed(situation: Situation, changed: Situation, who: str = "ana") -> int:
    (brief,) = (b for b in briefs(situation, standings(situation), ()) if b.to == who)
    return len(still_owed(brief.entries, who, changed))


def test_a_line_is_dropped_right_before_sending_when_it_is_no_longer_true() -> None:
    situation = later(scene(RARE), "2027-03-17 09:00")
    task: Task = situation.tasks[0]
    elsewhere = replace(task.occurrence, date=day("2027-03-24"), due=task.due + timedelta(days=7))
    earlier = replace(task.occurrence, date=day("2027-03-16"), due=task.due - timedelta(days=1))
    assert owed(situation, situation) == 1
    for changes in (
        {"state": State.DONE, "happened_on": day("2027-03-17")},
        {"handed_to": "ben"},
        {"paused_until": day("2027-03-19")},
        {"occurrence": elsewhere},
        {"occurrence": earlier},
    ):
        assert owed(situation, with_task(situation, 0, **changes)) == 0, changes
