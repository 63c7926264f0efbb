"""The laws of `load` through the real store; over many more histories they stand in `tests/core/test_load_laws.py`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence import templating
from cadence.core.model import Answer, Bundle, Occurrence, Source, State, Task, Verb
from cadence.services.compiling import compiled
from cadence.services.context import Context
from cadence.services.reconcile import Prepared, load, prepare
from cadence.services.respond import respond
from cadence.store import open_store

HEAD = """plan: law
rollout: {rollout}
ends: week 8
timezone: Europe/London
people:
  list:
{people}
roles: {{vp: vic, coach: {coach}}}
activities:
{activities}
"""
PEOPLE = {
    "ana": "{name: Ana Silva, email: ana@x.test, reports_to: vic}",
    "ben": "{name: Ben Okoye, email: ben@x.test, reports_to: vic}",
    "rae": "{name: Rae Lind, email: rae@x.test, manager: ana}",
    "vic": "{name: Vic Petrov, email: vic@x.test}",
}
ACTIVITIES = {
    "huddle": "{kind: metric_review, owner: coach, every: week, on: %s}",
    "note": "{kind: quick_win, owner: ana, every: 2 weeks, on: %s}",
    "check": "{kind: audit, owner: vic, on: [day 14, day 35]}",
    "ride": "{kind: one_on_one, owner: manager, with: each rep, every: 2 weeks}",
    "daily": "{kind: team_meeting, owner: coach, on: day 3}",
}
CLOSED = (State.DONE, State.SKIPPED, State.MISSED)
LAW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@dataclass(frozen=True)
class Draft:
    """A plan of a few lines, in the order in which it is written."""

    rollout: date
    coach: str
    activities: tuple[tuple[str, str], ...]
    people: tuple[str, ...] = tuple(PEOPLE)

    def bundle(self) -> Bundle:
        people = "\n".join(f"    {key}: {PEOPLE[key]}" for key in self.people)
        lines = "\n".join(f"  {key}: {text}" for key, text in self.activities)
        text = HEAD.format(rollout=self.rollout, coach=self.coach, people=people, activities=lines)
        return Bundle(plan="law.yaml", files=(("law.yaml", text),), holidays=(), hash=str(hash(text)))


def activity(key: str) -> st.SearchStrategy[tuple[str, str]]:
    weekday = st.sampled_from(("mon", "tue", "wed", "thu", "fri"))
    return weekday.map(lambda day: (key, ACTIVITIES[key] % day if "%s" in ACTIVITIES[key] else ACTIVITIES[key]))


DRAFTS = st.builds(
    Draft,
    rollout=st.integers(0, 40).map(lambda days: date(2027, 3, 1) + timedelta(days=days)),
    coach=st.sampled_from(("ana", "ben")),
    activities=st.lists(st.sampled_from(sorted(ACTIVITIES)), min_size=1, unique=True).flatmap(
        lambda keys: st.tuples(*map(activity, keys))
    ),
)
ANSWERS = st.lists(
    st.tuples(st.integers(0, 99), st.sampled_from((Verb.DONE, Verb.CANT, Verb.MOVE, Verb.HAND_OVER, Verb.PLACE))),
    max_size=8,
)
MOMENTS = st.integers(0, 60).map(lambda days: datetime(2027, 2, 20, 9, tzinfo=UTC) + timedelta(days=days))


@contextmanager
def installed() -> Iterator[Context]:
    store = open_store("sqlite://")
    try:
        yield Context(store=store, channels={}, words=templating.words)
    finally:
        store.close()


def loaded(context: Context, draft: Draft, now: datetime) -> Prepared:
    prepared, problems = load(context, draft.bundle(), now, force=True)
    assert prepared is not None, [str(problem) for problem in problems]
    return prepared


def tasks_of(context: Context) -> dict[str, Task]:
    with context.store.read() as work:
        return {task.id: task for task in work.tasks.find(plan="law")}


def lived(context: Context, answers: list[tuple[int, Verb]], now: datetime) -> None:
    """People answer for some of the live tasks."""
    for number, verb in answers:
        live = [task for task in tasks_of(context).values() if task.state.live]
        if live:
            task = live[number % len(live)]
            until = now.date() + timedelta(days=number % 9) if verb is Verb.MOVE else None
            more = Answer(task_id=task.id, verb=verb, actor=None, source=Source.CLI, at=now, until=until)
            respond(context, replace(more, reason="other", to_person="vic" if verb is Verb.HAND_OVER else None))


def schedule_of(draft: Draft) -> Mapping[str, Occurrence]:
    result, _ = compiled(draft.bundle(), templating.words("en").say)
    assert result is not None
    return {occurrence.id: occurrence for occurrence in result.compilation.schedule}


@LAW
@given(DRAFTS, ANSWERS, MOMENTS, st.integers(0, 30))
def test_loading_the_same_plan_twice_changes_nothing(
    draft: Draft, answers: list[tuple[int, Verb]], now: datetime, days: int
) -> None:
    with installed() as context:
        loaded(context, draft, now)
        lived(context, answers, now)
        before = tasks_of(context)
        again = loaded(context, draft, now + timedelta(minutes=1))
        assert again.change_set.is_empty
        assert tasks_of(context) == before
        with context.store.read() as work:
            events = work.records.events()
        loaded(context, draft, now + timedelta(days=days))
        with context.store.read() as work:
            assert work.records.events() == events


@LAW
@given(DRAFTS, DRAFTS, ANSWERS, MOMENTS, st.integers(0, 30))
def test_from_any_earlier_plan_one_load_reaches_exactly_the_new_schedule(
    first: Draft, second: Draft, answers: list[tuple[int, Verb]], start: datetime, days: int
) -> None:
    now = start + timedelta(days=days)
    with installed() as context:
        loaded(context, first, start)
        lived(context, answers, start)
        before = tasks_of(context)
        loaded(context, second, now)
        after, wanted = tasks_of(context), schedule_of(second)
        for task in after.values():
            was = before.get(task.id)
            if was and was.state in CLOSED:
                assert task == was, "history is never touched"
            elif task.state.live:
                assert task.occurrence == wanted[task.id], "what is owed is what the plan asks for"
                assert (task.moved, task.handed_to) == ((was.moved, was.handed_to) if was else (None, None))
            else:
                assert task.state is State.RETIRED
                assert task.id not in wanted or (was and was.state is State.RETIRED and wanted[task.id].due <= now)
        for occurrence in wanted.values():
            if occurrence.window.stop > now.date() and occurrence.due > now:
                assert after[occurrence.id].state is not State.RETIRED, "whatever lies ahead is there"
            elif occurrence.id not in before and occurrence.window.stop <= now.date():
                assert occurrence.id not in after, "the past is closed"


@LAW
@given(DRAFTS, MOMENTS, st.integers(-20, 40))
def test_a_moved_rollout_and_a_new_holder_keep_the_identity_of_every_slot(
    draft: Draft, now: datetime, days: int
) -> None:
    other = replace(draft, rollout=draft.rollout + timedelta(days=days), coach="ben" if draft.coach == "ana" else "ana")
    with installed() as context:
        loaded(context, draft, now)
        before = tasks_of(context)
        change = loaded(context, other, now).change_set
        wanted = schedule_of(other)
        kept = {task for task in before if task in wanted}
        assert not kept & {occurrence.id for occurrence in change.add}, "nothing is created a second time"
        assert {task.id for task in change.retire} == set(before) - set(wanted)
        assert len(wanted) == len(schedule_of(draft)) or days % 7, "whole weeks keep every slot"
        if days % 7 == 0:
            assert set(wanted) == set(schedule_of(draft))


@LAW
@given(DRAFTS, MOMENTS, st.randoms(use_true_random=False))
def test_the_order_of_activities_and_people_is_irrelevant(draft: Draft, now: datetime, chance: object) -> None:
    other = replace(draft, activities=tuple(reversed(draft.activities)), people=tuple(reversed(draft.people)))
    with installed() as context:
        loaded(context, draft, now)
        assert loaded(context, other, now).change_set.is_empty


@LAW
@given(DRAFTS, DRAFTS, MOMENTS)
def test_there_and_back_again_is_the_first_plan_under_the_same_identities(
    first: Draft, second: Draft, now: datetime
) -> None:
    with installed() as context:
        loaded(context, first, now)
        before = tasks_of(context)
        loaded(context, second, now)
        loaded(context, first, now)
        after = tasks_of(context)
        for key, task in before.items():
            over = task.occurrence.due <= now
            assert over or (after[key].state, after[key].occurrence) == (task.state, task.occurrence)


class Undone(Exception):
    """Ends a transaction without a trace."""


def compared(
    context: Context, draft: Draft, now: datetime, *, backfill: bool, moved: Mapping[str, date], whole: bool
) -> Prepared | None:
    """What a load would find; `whole` without what earlier loads left of the series."""
    prepared: Prepared | None = None
    with suppress(Undone), context.store.begin() as work:
        if whole:
            work.tasks.imprint("law", {}, work.tasks.imprints("law"))
        prepared, _ = prepare(work, context, draft.bundle(), now, backfill=backfill, moved=moved)
        raise Undone
    return prepared


@settings(LAW, max_examples=30)
@given(st.lists(DRAFTS, min_size=1, max_size=3), DRAFTS, ANSWERS, MOMENTS, st.data())
def test_what_is_not_looked_into_cannot_matter(
    earlier: list[Draft], draft: Draft, answers: list[tuple[int, Verb]], start: datetime, data: st.DataObject
) -> None:
    """Loads, answers and more loads; then one that looks only into what may differ finds what one that reads everything
    finds: whenever it comes, before the last one even, with `--backfill` or without, with a rollout moved by hand."""
    draft = data.draw(st.sampled_from((*earlier, draft)))
    with installed() as context:
        for number, one in enumerate(earlier):
            backfill = data.draw(st.booleans(), label="backfill")
            load(context, one.bundle(), start + timedelta(days=9 * number), force=True, backfill=backfill)
            lived(context, answers, start + timedelta(days=9 * number))
        now = start + timedelta(days=data.draw(st.integers(-20, 60), label="days"))
        moved = data.draw(st.sampled_from(({}, {"rollout": draft.rollout + timedelta(days=7)})), label="moved")
        backfill = data.draw(st.booleans(), label="backfill")
        short = compared(context, draft, now, backfill=backfill, moved=moved, whole=False)
        whole = compared(context, draft, now, backfill=backfill, moved=moved, whole=True)
        assert short is not None
        assert whole is not None
        assert not whole.survey.quiet
        assert short.change_set == whole.change_set
        assert short.change_set.hash == whole.change_set.hash


@LAW
@given(DRAFTS, ANSWERS, MOMENTS)
def test_of_the_same_plan_loaded_again_no_series_is_looked_into(
    draft: Draft, answers: list[tuple[int, Verb]], now: datetime
) -> None:
    with installed() as context:
        loaded(context, draft, now)
        lived(context, answers, now)
        with context.store.read() as work:
            known = work.tasks.imprints("law")
        again = loaded(context, draft, now + timedelta(days=3))
        assert again.survey.quiet == known.keys() == again.survey.said.digests.keys()
        with context.store.read() as work:
            assert work.tasks.imprints("law") == known
