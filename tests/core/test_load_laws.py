"""The eight laws of a load, over generated plans, organisations and histories: whatever was, one load is enough.

Every law is a function of one `Case`. The cases are shared: what costs time is a history, not a law about it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from cadence.core.changes import ChangeSet
from cadence.core.model import Occurrence, State, Task
from tests.support.histories import BOOKS, DRAFTS, MILESTONES, ORGS, SHIFTS, Book, Draft, compiled

LAW = settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
FIRST = "as it was"
REPLACED = "nia replaces ana"
USURPED = "nia instead of ana"


@dataclass(frozen=True)
class Case:
    """A history, the plan that is loaded next, what that load found and what it left.

    `backfill` fills in the past; `other` is any further plan. `holder` names how somebody else comes to hold a seat;
    `shift`, `v2` and `by_hand` say where the rollout and the milestone move."""

    before: Book
    draft: Draft
    backfill: bool
    found: ChangeSet
    after: Book
    other: Draft
    holder: str
    shift: int
    v2: str
    by_hand: date | None

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        printer.pretty(self.before)
        names = ("draft", "backfill", "other", "holder", "shift", "v2", "by_hand")
        printer.text("".join(f"; {name}: {getattr(self, name)}" for name in names))

    @property
    def wanted(self) -> dict[str, Occurrence]:
        return compiled(self.draft).wanted

    def settled(self) -> tuple[Draft, Book]:
        """The plan and what is left of it in the organisation as it was: where only one thing is to change."""
        draft, book = replace(self.draft, org=FIRST), self.after.copy()
        book.load(draft)
        return draft, book


@st.composite
def cases(draw: st.DrawFn) -> Case:
    before, draft, backfill = draw(BOOKS), draw(DRAFTS), draw(st.booleans())
    after = before.copy()
    found = after.load(draft, backfill=backfill)
    return Case(
        before,
        draft,
        backfill,
        found,
        after,
        other=draw(DRAFTS),
        holder=draw(st.sampled_from(("coach", "replaced", "away", "passed", "other team"))),
        shift=draw(SHIFTS),
        v2=draw(MILESTONES),
        by_hand=draw(st.sampled_from((None, date(2027, 3, 29), date(2027, 4, 14)))),
    )


def lies_ahead(occurrence: Occurrence, book: Book) -> bool:
    """Neither due nor closed yet."""
    return occurrence.due > book.now and occurrence.window.stop > book.now.date()


def by_hand(tasks: Mapping[str, Task]) -> dict[str, tuple[object, object]]:
    """The overlays that people laid."""
    return {key: (task.moved, task.handed_to) for key, task in tasks.items() if task.moved or task.handed_to}


def law_1_loading_the_same_plan_twice_changes_nothing(case: Case) -> None:
    book = case.after.copy()
    assert book.load(case.draft, backfill=case.backfill).is_empty
    assert (book.tasks, book.events) == (case.after.tasks, case.after.events)


def law_2_one_load_reaches_exactly_the_new_schedule_but_for_what_people_laid_over_it(case: Case) -> None:
    whole = case.before.compared(case.draft, backfill=case.backfill, whole=True)
    assert case.found == whole, "what is not read cannot matter"
    for key, task in case.after.live.items():
        assert task.occurrence == case.wanted[key], "what is owed is what the plan asks for"
    for key, occurrence in case.wanted.items():
        if lies_ahead(occurrence, case.after):
            assert case.after.tasks[key].state is not State.RETIRED, "whatever lies ahead is there"
    assert by_hand(case.after.tasks) == by_hand(case.before.tasks), "the overlay stays"
    shown = by_hand(case.before.live).keys() & case.wanted.keys()
    assert {task.id for task in case.found.kept} == shown, "and is shown"


def law_3_a_new_holder_amends_open_tasks_and_creates_none_again(case: Case) -> None:
    draft, book = case.settled()
    other = {
        "coach": replace(draft, coach="ben"),
        "replaced": replace(draft, org=REPLACED),
        "away": replace(draft, away="{ana: [2027-03-08..2027-03-19]}"),
        "passed": replace(draft, away="{rob: [2027-03-08..2027-03-12]}"),
        "other team": replace(draft, org="rob changes teams"),
    }[case.holder]
    history = book.closed
    found = book.load(other)
    assert (found.add, found.returning, found.retire) == ((), (), ())
    assert book.closed == history, "whoever did a task keeps the credit"
    assert all(book.tasks[one.task.id].occurrence == compiled(other).wanted[one.task.id] for one in found.amend)
    for one in found.amend:
        moved = one.occurrence.seat != one.task.occurrence.seat and not one.task.handed_to
        assert "holder" in one.changes or not moved, "another seat means other hands"
    robs = [task.occurrence for task in book.live.values() if task.occurrence.about == "rep/rob"]
    assert {one.seat for one in robs} <= {"manager/ben" if case.holder == "other team" else "manager/ana"}


def law_4_a_moved_rollout_or_milestone_moves_open_tasks_and_keeps_their_identity(case: Case) -> None:
    draft, book = case.settled()
    other = replace(draft, shift=case.shift, v2=case.v2, moved=case.by_hand)
    before, live, wanted = dict(book.tasks), book.live, compiled(other).wanted
    found = book.load(other)
    assert not before.keys() & {one.id for one in found.add}, "nothing is created a second time"
    assert {task.id for task in found.retire} == live.keys() - wanted.keys(), "only a slot that is gone retires"
    for key in live.keys() & wanted.keys():
        assert book.tasks[key].occurrence == wanted[key]
    same = (other.v2, other.moved) == ("day 21", None) == (draft.v2, draft.moved)
    if same and case.shift - draft.shift in (0, 7, -7):
        assert wanted.keys() == compiled(draft).wanted.keys(), "whole weeks keep every slot"
    gates = [task for key, task in book.live.items() if key in live and task.occurrence.activity == "gate"]
    assert not case.by_hand or all(task.occurrence.date == case.by_hand - timedelta(weeks=1) for task in gates)


def law_5_the_order_of_activities_people_and_keys_is_irrelevant(case: Case) -> None:
    backwards = replace(case.draft, backwards=True)
    assert compiled(backwards).schedule == compiled(case.draft).schedule
    assert case.after.copy().load(backwards).is_empty


def law_6_what_is_closed_is_never_touched_and_what_retired_comes_back_as_it_was(case: Case) -> None:
    book = case.after.copy()
    ahead = {key: task for key, task in book.live.items() if lies_ahead(task.occurrence, book)}
    book.load(case.other, backfill=case.backfill)
    back = book.load(case.draft)
    assert {key: book.tasks[key] for key in case.before.closed} == case.before.closed
    assert not ahead.keys() & {one.id for one in back.add}
    for key, task in ahead.items():
        after = book.tasks[key]
        assert (after.state, after.occurrence, after.moved) == (task.state, task.occurrence, task.moved)


def law_7_retiring_or_moving_much_and_losing_people_is_a_danger(case: Case) -> None:
    assert case.before.plan is not None
    live, codes = case.before.live, {danger.code for danger in case.found.dangers}
    moved = [key for key in live.keys() & case.wanted.keys() if days(live[key].occurrence) != days(case.wanted[key])]
    limit = min(20, len(live) / 4)
    assert ("many-retires" in codes) == (len(live.keys() - case.wanted.keys()) > limit)
    assert ("many-moves" in codes) == (len(moved) > limit)
    was, now = case.before.plan.reading.directory, compiled(case.draft).reading.directory
    lost = {key for key in was.persons.keys() - now.persons.keys() if was.persons[key].left is None}
    assert ("vanished" in codes) == bool(lost)


def days(one: Occurrence) -> tuple[object, ...]:
    return (one.date, one.due, one.window)


def law_8_the_past_is_closed_unless_it_is_filled_in_and_then_nobody_is_reminded(case: Case) -> None:
    found, book = case.found, case.after
    for task in (book.tasks[one.id] for one in found.add):
        over = task.occurrence.due <= book.now and task.occurrence.window.stop <= book.now.date()
        assert case.backfill or task.occurrence.window.stop > book.now.date()
        assert not over or task.paused_until == date.max
    unknown = [key for key in case.wanted if key not in case.before.live and key not in case.before.closed]
    assert len(found.add) + len(found.returning) + found.past == len(unknown)
    assert not (case.backfill and found.past)
    toms = [task for task in book.live.values() if task.occurrence.about == "rep/tom"]
    assert all(task.occurrence.date > date(2027, 3, 22) for task in toms), "nothing from before he joined"


LAWS = (
    law_1_loading_the_same_plan_twice_changes_nothing,
    law_2_one_load_reaches_exactly_the_new_schedule_but_for_what_people_laid_over_it,
    law_3_a_new_holder_amends_open_tasks_and_creates_none_again,
    law_4_a_moved_rollout_or_milestone_moves_open_tasks_and_keeps_their_identity,
    law_5_the_order_of_activities_people_and_keys_is_irrelevant,
    law_6_what_is_closed_is_never_touched_and_what_retired_comes_back_as_it_was,
    law_7_retiring_or_moving_much_and_losing_people_is_a_danger,
    law_8_the_past_is_closed_unless_it_is_filled_in_and_then_nobody_is_reminded,
)


@LAW
@given(cases())
def test_the_eight_laws_hold_whatever_was_and_whatever_is_loaded(case: Case) -> None:
    for law in LAWS:
        law(case)


@pytest.mark.parametrize("org", sorted(ORGS))
def test_7_a_new_manager_over_mostly_the_same_reps_is_asked_about(org: str) -> None:
    book = Book()
    book.load(Draft())
    codes = {danger.code for danger in book.compared(Draft(org=org)).dangers}
    assert ("succession" in codes) == (org == USURPED)
    assert ("vanished" in codes) == (org in (USURPED, "sue is gone", "rob is gone"))


def test_time_passing_alone_asks_for_no_load() -> None:
    book = Book()
    book.load(Draft())
    for _ in range(6):
        book.wait(9)
        assert book.load(Draft()).is_empty
    assert book.now.date() > date(2027, 3, 1) + timedelta(weeks=6)
