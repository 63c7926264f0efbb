"""A change set: what one load would do, when it is dangerous, and what carrying it out leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cadence.core.changes import ChangeSet, Holders, applied, changes
from cadence.core.model import Occurrence, State, Task
from tests.core.agenda.scenes import at, day, scene

NOBODY = Holders({}, {})
NOW = at("2027-03-01 09:00")
DAILY = scene("s: {kind: metric_review, owner: ana, every: workday, at: '09:00'}").tasks


def compared(
    schedule: tuple[Occurrence, ...], tasks: tuple[Task, ...], *, moment: str = "2027-03-01 09:00"
) -> ChangeSet:
    return changes("p", schedule, tasks, NOBODY, at(moment))


def asked(tasks: tuple[Task, ...]) -> tuple[Occurrence, ...]:
    return tuple(task.occurrence for task in tasks)


def shifted(occurrence: Occurrence, days: int) -> Occurrence:
    return replace(occurrence, date=occurrence.date + timedelta(days=days), due=occurrence.due + timedelta(days=days))


@pytest.mark.parametrize(
    ("live", "gone", "code"),
    [
        pytest.param(60, 15, None, id="a quarter"),
        pytest.param(60, 16, "many-retires", id="more than a quarter"),
        pytest.param(4, 1, None, id="a quarter of few"),
        pytest.param(4, 2, "many-retires", id="more than a quarter of few"),
    ],
)
def test_retiring_more_than_a_quarter_is_a_danger(live: int, gone: int, code: str | None) -> None:
    stored = DAILY[:live]
    assert len(stored) == min(live, len(DAILY))
    live = len(stored)
    found = compared(asked(stored[gone:]), stored)
    assert [danger.code for danger in found.dangers] == ([code] if code else [])


@pytest.mark.parametrize(("count", "dangers"), [(20, []), (21, ["many-moves"])])
def test_moving_more_than_twenty_is_a_danger_however_many_there_are(count: int, dangers: list[str]) -> None:
    copies = [replace(task.occurrence, id=f"{n}{task.id}") for n in range(2) for task in DAILY]
    stored = tuple(Task(occurrence=o, changed_at=NOW) for o in copies)
    assert len(stored) > 84
    moved = tuple(shifted(o, 7) if n < count else o for n, o in enumerate(copies))
    assert [danger.code for danger in compared(moved, stored).dangers] == dangers


def test_a_first_load_is_never_a_danger() -> None:
    found = compared(asked(DAILY), ())
    assert (len(found.add), found.dangers) == (len(DAILY), ())


def test_somebody_gone_and_a_new_manager_over_the_same_reps_are_dangers() -> None:
    found = changes("p", (), (), NOBODY, NOW, vanished=["ana"], succeeded=[("ben", "cy")])
    assert [danger.code for danger in found.dangers] == ["vanished", "succession"]


@pytest.mark.parametrize(
    ("line", "moment", "created"),
    [
        pytest.param("metric_review, on: 2027-03-10", "2027-03-10 17:59", True, id="its day is not over"),
        pytest.param("metric_review, on: 2027-03-10", "2027-03-10 18:00", False, id="its day is over"),
        pytest.param(
            "team_meeting, every: week, on: tue, until: 2027-03-05", "2027-03-05 17:59", True, id="still open"
        ),
        pytest.param("team_meeting, every: week, on: tue, until: 2027-03-05", "2027-03-06 00:01", False, id="closed"),
    ],
)
def test_a_load_creates_nothing_whose_window_closed_before_it(line: str, moment: str, created: bool) -> None:
    schedule = asked(scene(f"a: {{kind: {line.replace(', ', ', owner: ana, ', 1)}}}").tasks)[:1]
    found = compared(schedule, (), moment=moment)
    assert (len(found.add), found.past) == ((1, 0) if created else (0, 1))


def test_what_is_backfilled_is_written_down_and_never_reminded_of() -> None:
    schedule = asked(DAILY[:1])
    moment = at("2027-05-03 09:00")
    task = applied(changes("p", schedule, (), NOBODY, moment, backfill=True), moment).added[0].like
    assert (task.state, task.paused_until) == (State.OPEN, date.max)
    new = applied(changes("p", schedule, (), NOBODY, NOW, backfill=True), NOW).added[0].like
    assert new.paused_until is None


@pytest.mark.parametrize("state", [State.DONE, State.SKIPPED, State.MISSED])
def test_what_is_closed_is_never_touched(state: State) -> None:
    stored = tuple(replace(task, state=state) for task in DAILY[:3])
    assert compared(tuple(shifted(o, 7) for o in asked(stored)), stored).is_empty
    assert compared((), stored).is_empty


def test_what_was_retired_comes_back_under_the_same_identity() -> None:
    stored = (replace(DAILY[0], state=State.RETIRED, version=4),)
    found = compared(asked(stored), stored)
    (back,) = applied(found, NOW).changed
    assert (found.add, back.id, back.state, back.version) == ((), stored[0].id, State.OPEN, 5)


def test_what_moves_into_the_future_is_planned_again_until_its_window_begins() -> None:
    stored = (DAILY[0],)
    ahead = replace(shifted(stored[0].occurrence, 14), window=DAILY[10].occurrence.window)
    (moved,) = applied(compared((ahead,), stored), NOW, today=day("2027-03-01")).changed
    assert (moved.state, moved.occurrence) == (State.PLANNED, ahead)


def test_the_hash_names_what_would_be_done() -> None:
    some, more = compared(asked(DAILY[:2]), ()), compared(asked(DAILY[:3]), ())
    assert some.hash == compared(asked(DAILY[:2]), ()).hash
    assert some.hash != more.hash


def test_a_new_holder_amends_and_says_why() -> None:
    stored = DAILY[:2]
    before = {task.id: "ana" for task in stored}
    found = changes("p", asked(stored), stored, Holders(before, {**before, stored[0].id: "ben"}), NOW)
    (amended,) = found.amend
    assert (str(amended.why), dict(amended.changes), found.unchanged) == ("holder", {"holder": ("ana", "ben")}, 1)
    assert not found.dangers
