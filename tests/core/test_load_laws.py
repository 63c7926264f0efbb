"""The eight laws of a load, over generated plans, organisations and histories: whatever was, one load is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence.core.model import Occurrence, State, Task
from tests.support.histories import BOOKS, DRAFTS, MENUS, MILESTONES, ORGS, SHIFTS, Book, Draft, compiled

LAW = settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
FIRST = "as it was"
REPLACED = "nia replaces ana"
USURPED = "nia instead of ana"


def lies_ahead(occurrence: Occurrence, book: Book) -> bool:
    """Neither due nor closed yet."""
    return occurrence.due > book.now and occurrence.window.stop > book.now.date()


def by_hand(tasks: Mapping[str, Task]) -> dict[str, tuple[object, object]]:
    """The overlays that people laid."""
    return {key: (task.moved, task.handed_to) for key, task in tasks.items() if task.moved or task.handed_to}


@LAW
@given(BOOKS, DRAFTS, st.booleans())
def test_1_loading_the_same_plan_twice_changes_nothing(book: Book, draft: Draft, backfill: bool) -> None:
    book.load(draft, backfill=backfill)
    before, said = dict(book.tasks), list(book.events)
    assert book.load(draft, backfill=backfill).is_empty
    assert (book.tasks, book.events) == (before, said)


@LAW
@given(BOOKS, DRAFTS)
def test_2_from_any_history_one_load_reaches_exactly_the_new_schedule_but_for_what_people_laid_over_it(
    book: Book, draft: Draft
) -> None:
    before, were_live, wanted = dict(book.tasks), book.live, compiled(draft).wanted
    assert book.compared(draft) == book.compared(draft, whole=True), "what is not read cannot matter"
    found = book.load(draft)
    for key, task in book.live.items():
        assert task.occurrence == wanted[key], "what is owed is what the plan asks for"
    for key, occurrence in wanted.items():
        if lies_ahead(occurrence, book):
            assert book.tasks[key].state is not State.RETIRED, "whatever lies ahead is there"
    assert by_hand(book.tasks) == by_hand(before), "the overlay stays"
    assert {task.id for task in found.kept} == by_hand(were_live).keys() & wanted.keys(), "and is shown"


@LAW
@given(BOOKS, DRAFTS, st.sampled_from(("coach", "replaced", "away")))
def test_3_a_new_holder_amends_open_tasks_and_creates_none_again(book: Book, draft: Draft, how: str) -> None:
    draft = replace(draft, org=FIRST)
    other = {
        "coach": replace(draft, coach="ben"),
        "replaced": replace(draft, org=REPLACED),
        "away": replace(draft, away="{ana: [2027-03-08..2027-03-19]}"),
    }[how]
    book.load(draft)
    history = book.closed
    found = book.load(other)
    assert (found.add, found.returning, found.retire) == ((), (), ())
    assert book.closed == history, "whoever did a task keeps the credit"
    assert all(book.tasks[one.task.id].occurrence == compiled(other).wanted[one.task.id] for one in found.amend)


@LAW
@given(BOOKS, DRAFTS, SHIFTS, MILESTONES, st.sampled_from((None, date(2027, 3, 29), date(2027, 4, 14))))
def test_4_a_moved_rollout_or_milestone_moves_open_tasks_and_keeps_their_identity(
    book: Book, draft: Draft, shift: int, v2: str, by_hand: date | None
) -> None:
    draft = replace(draft, org=FIRST)
    other = replace(draft, shift=shift, v2=v2, moved=by_hand)
    book.load(draft)
    before, live, wanted = dict(book.tasks), book.live, compiled(other).wanted
    found = book.load(other)
    assert not before.keys() & {one.id for one in found.add}, "nothing is created a second time"
    assert {task.id for task in found.retire} == live.keys() - wanted.keys(), "only a slot that is gone retires"
    for key in live.keys() & wanted.keys():
        assert book.tasks[key].occurrence == wanted[key]
    if (other.v2, other.moved) == ("day 21", None) == (draft.v2, draft.moved) and shift - draft.shift in (0, 7, -7):
        assert wanted.keys() == compiled(draft).wanted.keys(), "whole weeks keep every slot"


@LAW
@given(BOOKS, st.builds(Draft, menu=st.sampled_from(MENUS), org=st.sampled_from(sorted(ORGS))))
def test_5_the_order_of_activities_people_and_keys_is_irrelevant(book: Book, draft: Draft) -> None:
    book.load(draft)
    assert compiled(replace(draft, backwards=True)).schedule == compiled(draft).schedule
    assert book.load(replace(draft, backwards=True)).is_empty


@LAW
@given(BOOKS, DRAFTS, DRAFTS, st.booleans())
def test_6_what_is_closed_is_never_touched_and_what_retired_comes_back_as_it_was(
    book: Book, draft: Draft, other: Draft, backfill: bool
) -> None:
    book.load(draft)
    closed = book.closed
    ahead = {key: task for key, task in book.live.items() if lies_ahead(task.occurrence, book)}
    book.load(other, backfill=backfill)
    back = book.load(draft)
    assert {key: book.tasks[key] for key in closed} == closed
    assert not ahead.keys() & {one.id for one in back.add}
    for key, task in ahead.items():
        after = book.tasks[key]
        assert (after.state, after.occurrence, after.moved) == (task.state, task.occurrence, task.moved)


@LAW
@given(BOOKS, DRAFTS)
def test_7_retiring_or_moving_much_and_losing_people_is_a_danger(book: Book, draft: Draft) -> None:
    live, before, after = book.live, book.plan, compiled(draft)
    assert before is not None
    codes = {danger.code for danger in book.compared(draft).dangers}
    moved = [key for key in live.keys() & after.wanted.keys() if days(live[key].occurrence) != days(after.wanted[key])]
    limit = min(20, len(live) / 4)
    assert ("many-retires" in codes) == (len(live.keys() - after.wanted.keys()) > limit)
    assert ("many-moves" in codes) == (len(moved) > limit)
    was, now = before.reading.directory, after.reading.directory
    lost = {key for key in was.persons.keys() - now.persons.keys() if was.persons[key].left is None}
    assert ("vanished" in codes) == bool(lost)


def days(one: Occurrence) -> tuple[object, ...]:
    return (one.date, one.due, one.window)


@pytest.mark.parametrize("org", sorted(ORGS))
def test_7_a_new_manager_over_mostly_the_same_reps_is_asked_about(org: str) -> None:
    book = Book()
    book.load(Draft())
    codes = {danger.code for danger in book.compared(Draft(org=org)).dangers}
    assert ("succession" in codes) == (org == USURPED)
    assert ("vanished" in codes) == (org in (USURPED, "sue is gone", "rob is gone"))


@LAW
@given(BOOKS, DRAFTS, st.booleans())
def test_8_the_past_is_closed_unless_it_is_filled_in_and_then_nobody_is_reminded(
    book: Book, draft: Draft, backfill: bool
) -> None:
    draft = replace(draft, org="tom joins")
    before = dict(book.tasks)
    found = book.load(draft, backfill=backfill)
    for task in (book.tasks[one.id] for one in found.add):
        assert backfill or lies_ahead(task.occurrence, book) or task.occurrence.window.stop > book.now.date()
        over = task.occurrence.due <= book.now and task.occurrence.window.stop <= book.now.date()
        assert not over or task.paused_until == date.max
    assert len(found.add) + len(found.returning) + found.past == sum(
        key not in before or before[key].state is State.RETIRED for key in compiled(draft).wanted
    )
    assert not (backfill and found.past)
    toms = [task for task in book.live.values() if task.occurrence.about == "rep/tom"]
    assert all(task.date > date(2027, 3, 22) for task in toms), "nothing from before he joined"


@settings(LAW, max_examples=100)
@given(BOOKS, DRAFTS)
def test_a_rep_who_changes_teams_keeps_all_that_is_about_the_rep(book: Book, draft: Draft) -> None:
    book.load(replace(draft, org=FIRST))
    about = {key for key, task in book.live.items() if task.occurrence.about == "rep/rob"}
    found = book.load(replace(draft, org="rob changes teams"))
    assert about <= book.live.keys()
    assert not about & {task.id for task in found.retire}
    assert all(book.tasks[key].occurrence.seat == "manager/ben" for key in about)


def test_time_passing_alone_asks_for_no_load() -> None:
    book = Book()
    book.load(Draft())
    for _ in range(6):
        book.wait(9)
        assert book.load(Draft()).is_empty
    assert book.now.date() > date(2027, 3, 1) + timedelta(weeks=6)
