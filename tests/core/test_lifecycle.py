"""The state machine of a task: what every answer does in every state, and what every decision does to its tasks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cadence.core.agenda.asking import FOR_A_TASK, FOR_A_VACANCY
from cadence.core.agenda.patterns import FOR_A_PATTERN
from cadence.core.deciding import Way, answers_to
from cadence.core.lifecycle import Accepted, Refusal, open_up, settle, take
from cadence.core.model import Choice, Decision, DecisionKind, Source, State, Task, Verb
from cadence.core.worktime import Worktime
from tests.core.agenda.scenes import answer, at, day, scene

LONDON = Worktime("Europe/London")
NOW = "2027-03-10 10:00"
MEETING = 'm: {kind: training, owner: ana, on: 2027-03-26, at: "14:00", lasts: 60 min}'
WHOLE: dict[Verb, dict[str, Any]] = {
    Verb.DONE: {},
    Verb.CANT: {"reason": "other"},
    Verb.SKIP: {"reason": "other"},
    Verb.SNOOZE: {"until": date(2027, 3, 12)},
    Verb.ON_IT: {},
    Verb.MOVE: {"until": date(2027, 3, 29)},
    Verb.HAND_OVER: {"to_person": "ben"},
    Verb.PLACE: {},
    Verb.COMMENT: {"text": "good so far"},
    Verb.CONFIRM: {"text": "one thing was agreed"},
}
SAYS_ONLY = (Verb.COMMENT, Verb.CONFIRM)
"""What is kept and changes nothing."""
BECOMES = {Verb.DONE: State.DONE, Verb.CANT: State.SKIPPED, Verb.SKIP: State.SKIPPED}
REFUSED = {
    State.DONE: "already-done",
    State.SKIPPED: "already-skipped",
    State.MISSED: "already-missed",
    State.RETIRED: "retired",
}


def task(line: str = MEETING, state: State = State.OPEN) -> Task:
    return replace(scene(line).tasks[0], state=state)


def taken(before: Task, verb: Verb, moment: str = NOW, *, final_word: bool = False, **more: object) -> Accepted:
    verdict = take(before, answer(before, verb, moment, **more), LONDON, final_word=final_word)
    assert isinstance(verdict, Accepted), verdict
    return verdict


def refused(before: Task, verb: Verb, moment: str = NOW, **more: object) -> str:
    verdict = take(before, answer(before, verb, moment, **more), LONDON)
    assert isinstance(verdict, Refusal), verdict
    return verdict.code


def test_answers_of_a_form_are_added_to_what_is_done_without_touching_who_did_it_and_when() -> None:
    before = taken(task(), Verb.DONE, "2027-03-26 15:00").task
    added = taken(before, Verb.DONE, "2027-03-29 09:00", form={"next": "listen"})
    assert added.task == before
    assert [event.data["added"] for event in added.events] == ["yes"]
    assert (
        taken(before, Verb.DONE, "2027-03-29 09:00", form={"next": "x"}, happened_on=day("2027-03-26")).task == before
    )
    other_day = {"form": {"next": "x"}, "happened_on": day("2027-03-25")}
    assert refused(before, Verb.DONE, "2027-03-29 09:00", **other_day) == "already-done"
    assert refused(before, Verb.COMMENT, "2027-03-29 09:00", form={"next": "x"}) == "already-done"
    assert refused(task(state=State.SKIPPED), Verb.DONE, form={"next": "x"}) == "already-skipped"


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(State))
def test_every_answer_is_taken_from_planned_as_from_open_and_from_nothing_else(state: State, verb: Verb) -> None:
    before = task(state=state)
    moment = "2027-03-26 16:00" if verb is Verb.CONFIRM else NOW
    if state in REFUSED and (state, verb) != (State.DONE, Verb.CONFIRM):
        assert refused(before, verb, moment, **WHOLE[verb]) == REFUSED[state]
        return
    accepted = taken(before, verb, moment, final_word=True, **WHOLE[verb])
    assert accepted.task.state is BECOMES.get(verb, state)
    assert accepted.task.version == before.version + (verb not in SAYS_ONLY)
    assert [event.data["verb"] for event in accepted.events] == [verb.value]


@pytest.mark.parametrize(
    ("verb", "more", "code"),
    [
        (Verb.CANT, {}, "reason-missing"),
        (Verb.SKIP, {}, "reason-missing"),
        (Verb.CANT, {"reason": "no time, sorry"}, "reason-unknown"),
        (Verb.SKIP, {"reason": "no time, sorry"}, "reason-unknown"),
        (Verb.CONFIRM, {}, "future"),
        (Verb.SNOOZE, {"until": date(2027, 3, 10)}, "snooze-past"),
        (Verb.MOVE, {}, "day-missing"),
        (Verb.MOVE, {"until": date(2027, 3, 9)}, "move-past"),
        (Verb.MOVE, {"back": True}, "not-moved"),
        (Verb.HAND_OVER, {}, "person-missing"),
        (Verb.DONE, {"happened_on": date(2027, 3, 11)}, "future"),
    ],
)
def test_an_answer_that_lacks_what_it_needs_is_refused_with_a_code(verb: Verb, more: dict[str, Any], code: str) -> None:
    assert refused(task(), verb, **more) == code


@pytest.mark.parametrize("verb", [verb for verb in Verb if verb not in (Verb.DONE, Verb.CONFIRM)])
def test_a_stale_answer_changes_nothing(verb: Verb) -> None:
    seen = task()
    now = replace(seen, version=seen.version + 1)
    assert refused(now, verb, version=seen.version, **WHOLE[verb]) == "stale"


def test_done_is_done_whatever_changed_since_and_a_second_time_says_who_was_first() -> None:
    seen = task()
    done = taken(replace(seen, version=7), Verb.DONE, version=seen.version).task
    verdict = take(done, answer(done, Verb.DONE, NOW), LONDON)
    assert verdict == Refusal("already-done", {"by": "ana", "on": date(2027, 3, 10)})


@pytest.mark.parametrize(
    ("moment", "happened", "on"),
    [
        pytest.param("2027-03-10 10:00", None, "2027-03-10", id="done early is done today"),
        pytest.param("2027-03-29 10:00", None, "2027-03-26", id="recorded late: the planned day"),
        pytest.param("2027-03-29 10:00", date(2027, 3, 24), "2027-03-24", id="as said"),
        pytest.param("2027-03-10 23:30", date(2027, 3, 10), "2027-03-10", id="today is never the future"),
    ],
)
def test_it_happened_on_the_planned_day_unless_somebody_says_so(moment: str, happened: date | None, on: str) -> None:
    done = taken(task(), Verb.DONE, moment, happened_on=happened).task
    assert (done.happened_on, done.recorded_at) == (day(on), at(moment))


def test_today_is_the_holders_today() -> None:
    evening = answer(task(), Verb.DONE, "2027-03-10 23:30", happened_on=date(2027, 3, 11))
    assert isinstance(take(task(), evening, Worktime("Asia/Tokyo")), Accepted)
    assert isinstance(take(task(), evening, LONDON), Refusal)


def test_on_it_pauses_two_workdays_and_twice_at_most() -> None:
    once = taken(task(), Verb.ON_IT, "2027-03-11 10:00").task
    assert once.paused_until == day("2027-03-15"), "over the weekend"
    twice = taken(once, Verb.ON_IT, "2027-03-15 10:00").task
    assert refused(twice, Verb.ON_IT, "2027-03-17 10:00") == "on-it-again"


def test_the_holders_own_cannot_keeps_it_open_and_asks_the_line_above() -> None:
    for verb in (Verb.CANT, Verb.SKIP):
        accepted = taken(task(), verb, reason="customer-first")
        assert (accepted.task.state, accepted.asks_line) == (State.OPEN, True)
        final = taken(task(), verb, final_word=True, reason="customer-first")
        assert (final.task.state, final.asks_line) == (State.SKIPPED, False)


@pytest.mark.parametrize("to", ["2027-03-25", "2027-03-29", "2027-11-05"])
def test_what_moves_keeps_its_wall_time_and_length_across_a_change_of_the_clock(to: str) -> None:
    before = task()
    moved = taken(before, Verb.MOVE, until=day(to)).task
    assert moved.starts
    assert moved.ends
    assert moved.starts.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None) == datetime.fromisoformat(
        f"{to} 14:00"
    )
    assert moved.ends - moved.starts == timedelta(hours=1)
    assert (moved.date, moved.due) == (day(to), LONDON.closing(day(to)))


def test_what_moves_keeps_the_wall_time_of_its_own_zone_whoever_holds_it() -> None:
    tokyo = take(task(), answer(task(), Verb.MOVE, NOW, until=day("2027-03-24")), Worktime("Asia/Tokyo"))
    assert isinstance(tokyo, Accepted)
    assert tokyo.task.starts == at("2027-03-24 14:00")


def test_the_third_move_asks_the_line_above_unless_the_line_moves_it() -> None:
    moved = task()
    asks = []
    for number in range(3):
        accepted = taken(moved, Verb.MOVE, until=day(f"2027-03-{27 + number}"))
        asks.append(accepted.asks_line)
        by_the_line = taken(moved, Verb.MOVE, until=day(f"2027-03-{27 + number}"), final_word=True)
        assert not by_the_line.asks_line
        moved = accepted.task
    assert asks == [False, False, True]
    back = taken(moved, Verb.MOVE, back=True).task
    assert (back.moved, back.date) == (None, day("2027-03-26"))


RIDE = "r: {kind: one_on_one, owner: manager, with: each rep, every: week, on: [tue, wed, thu]}"


def test_a_proposed_day_is_changed_free_of_charge_inside_the_window_only() -> None:
    ride = scene(RIDE, "2027-03-01 09:00").tasks[1]
    for _ in range(4):
        accepted = taken(ride, Verb.MOVE, "2027-03-02 09:00", until=ride.occurrence.window.last)
        assert (accepted.task.times_moved, accepted.asks_line) == (0, False)
        ride = accepted.task
    beyond = taken(ride, Verb.MOVE, "2027-03-02 09:00", until=ride.occurrence.window.stop)
    assert beyond.task.times_moved == 1


def test_a_day_that_is_kept_is_due_on_that_day_and_stays_though_the_plan_proposes_another() -> None:
    ride = scene(RIDE).tasks[1]
    kept = taken(ride, Verb.PLACE, "2027-03-02 09:00").task
    assert (kept.date, kept.due) == (ride.date, LONDON.closing(ride.date))
    other = replace(kept, occurrence=replace(ride.occurrence, date=ride.occurrence.window.last))
    assert other.date == ride.date


def test_who_takes_over_is_not_paused_by_whoever_had_it_before() -> None:
    paused = taken(task(), Verb.ON_IT).task
    assert taken(paused, Verb.HAND_OVER, to_person="ben").task.paused_until is None


def test_what_nobody_answers_is_missed_and_keeps_the_reason_that_was_given() -> None:
    refused_by_holder = taken(task(), Verb.CANT, reason="no-point").task
    assert (settle(refused_by_holder, at(NOW)).task.state, settle(refused_by_holder, at(NOW)).task.reason) == (
        State.MISSED,
        "no-point",
    )
    assert settle(task(), at(NOW), "absent").task.state is State.SKIPPED


def test_a_window_that_begins_opens_what_was_planned_and_nothing_else() -> None:
    for state in State:
        opened = open_up(task(state=state))
        assert opened == task(state=State.OPEN if state is State.PLANNED else state)


# --- the ways out of a decision


def decided(kind: DecisionKind, choice: Choice, tasks: tuple[Task, ...], until: str = "2027-03-19") -> dict[str, Task]:
    """The tasks as a decision of the line above leaves them, by id."""
    ids = tuple(task.id for task in tasks)
    decision = Decision(
        id="d",
        kind=kind,
        plan="p",
        task_id=None,
        tasks=ids,
        about_person="ana",
        asked="vic",
        asked_at=at(NOW),
        round="r",
        choices=FOR_A_PATTERN,
    )
    way = Way(choice=choice, by="vic", source=Source.CLI, at=at(NOW), until=day(until), to_person="ben", reason="other")
    after = {task.id: task for task in tasks}
    for given in answers_to(decision, tasks, way):
        verdict = take(after[given.task_id], given, LONDON, final_word=True)
        assert isinstance(verdict, Accepted)
        after[given.task_id] = verdict.task
    return after


@pytest.mark.parametrize(
    ("choice", "field", "value"),
    [
        (Choice.HAND_OVER, "handed_to", "ben"),
        (Choice.TAKE_OVER, "handed_to", "vic"),
        (Choice.EXTEND, "date", date(2027, 3, 19)),
        (Choice.WAIVE, "state", State.SKIPPED),
    ],
)
def test_each_way_out_of_a_late_task_changes_it(choice: Choice, field: str, value: object) -> None:
    assert choice in FOR_A_TASK
    (after,) = decided(DecisionKind.KEY_LATE, choice, (task(),)).values()
    assert getattr(after, field) == value
    assert after.version == task().version + 1


def test_lighter_drops_every_second_task_of_each_series_that_lies_ahead() -> None:
    tasks = scene("a: {kind: team_meeting, owner: ana, every: week}\nb: {kind: team_meeting, owner: ben, every: week}")
    ahead = tuple(task for task in tasks.tasks if task.date < day("2027-04-20"))
    after = decided(DecisionKind.PATTERN, Choice.LIGHTER, ahead)
    for activity in "ab":
        states = [after[task.id].state for task in ahead if task.occurrence.activity == activity]
        assert states[:2] == [State.OPEN, State.OPEN], "two are late: they are not ahead"
        assert [state is State.SKIPPED for state in states[2:]] == [n % 2 == 1 for n in range(len(states) - 2)]


def test_a_pause_lets_go_what_falls_in_it_and_quiets_the_rest() -> None:
    tasks = tuple(t for t in scene("a: {kind: metric_review, owner: ana, every: week, on: tue}").tasks[:5])
    after = decided(DecisionKind.PATTERN, Choice.PAUSE, tasks, until="2027-03-22")
    states = [(after[task.id].state, after[task.id].paused_until) for task in tasks]
    assert states[0] == (State.OPEN, day("2027-03-22")), "late already: only quiet"
    assert [state for state, _ in states[2:3]] == [State.SKIPPED], "falls in the pause"
    assert [state for state, _ in states[3:]] == [State.OPEN, State.OPEN]


def test_the_tasks_of_an_empty_seat_wait_out_a_pause() -> None:
    assert Choice.PAUSE in FOR_A_VACANCY
    (after,) = decided(DecisionKind.VACANCY, Choice.PAUSE, (task(),), until="2027-04-05").values()
    assert (after.state, after.paused_until) == (State.OPEN, day("2027-04-05"))


def test_to_talk_changes_no_task() -> None:
    assert decided(DecisionKind.PATTERN, Choice.TALK, (task(),)) == {task().id: task()}
