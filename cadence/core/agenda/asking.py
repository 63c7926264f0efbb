"""Decisions: which questions are put to the line above, once each, and when the sponsor hears of silence.

A question has an id made of what it is about and its round, so that asking again asks nothing new.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import takewhile
from operator import itemgetter

from cadence.core.agenda.ladder import DECIDE_AFTER, TOLD_AFTER, due_day, line_or_keepers
from cadence.core.agenda.situation import Situation
from cadence.core.directory import Directory
from cadence.core.model import Choice, Decision, DecisionKind, State, Task, Weight

SPONSOR_AFTER = 5
"""Working days of the person asked, after which an unanswered question goes to the sponsor."""
LAST_OF_SERIES = 4
A_WEEK = timedelta(days=7)
FOR_A_TASK = (Choice.HAND_OVER, Choice.EXTEND, Choice.WAIVE, Choice.TAKE_OVER)
FOR_A_PATTERN = (Choice.TALK, Choice.LIGHTER, Choice.HAND_OVER, Choice.PAUSE, Choice.TAKE_OVER)
FOR_A_VACANCY = (Choice.HAND_OVER, Choice.PAUSE, Choice.TAKE_OVER)


def decision_id(kind: DecisionKind, *parts: str) -> str:
    return hashlib.sha256("\n".join((kind.value, *parts)).encode()).hexdigest()[:12]


def decisions_to_ask(situation: Situation) -> tuple[Decision, ...]:
    """Every question that now has to be asked and has not been yet, ordered by id."""
    asked = {decision.id for decision in situation.decisions}
    new = {
        decision.id: decision
        for source in (_late_keys, _silences, _patterns, _vacancies)
        for decision in source(situation)
        if decision.id not in asked
    }
    return tuple(new[key] for key in sorted(new))


def about_task(kind: DecisionKind, task: Task, holder: str | None, asked: str, situation: Situation) -> Decision:
    """The question whether one task is handed over, put off, waived or taken over."""
    return Decision(
        id=decision_id(kind, task.id, task.round),
        kind=kind,
        plan=task.occurrence.plan,
        task_id=task.id,
        tasks=(task.id,),
        about_person=holder,
        asked=asked,
        asked_at=situation.now,
        round=task.round,
        choices=FOR_A_TASK,
    )


def urgent(decision: Decision) -> bool:
    """Whether the question may go out beside the brief: somebody said today that they can't."""
    return decision.kind is DecisionKind.CANT


def _live(situation: Situation) -> Iterator[Task]:
    for task in situation.tasks:
        if task.state.live and task.occurrence.plan in situation.directories and not situation.is_held(task=task):
            yield task


def _late_keys(situation: Situation) -> Iterator[Decision]:
    for task in _live(situation):
        if task.occurrence.weight is not Weight.KEY or task.due > situation.now:
            continue
        seat = situation.seat(task)
        if seat.holder is None:
            continue
        today = situation.today(seat.holder)
        paused = task.paused_until is not None and today < task.paused_until
        if not paused and today >= seat.worktime.add(due_day(task, seat.worktime), DECIDE_AFTER):
            for above in line_or_keepers(task, seat.holder, situation):
                yield about_task(DecisionKind.KEY_LATE, task, seat.holder, above, situation)


def _silences(situation: Situation) -> Iterator[Decision]:
    """Questions about key tasks and patterns that nobody answered: the sponsor decides, and then nobody further."""
    by_id = {task.id: task for task in situation.tasks}
    for decision in situation.decisions:
        if decision.answered_at or decision.kind not in (DecisionKind.KEY_LATE, DecisionKind.PATTERN):
            continue
        directory, worktime = situation.directories.get(decision.plan), situation.worktimes.get(decision.asked)
        if directory is None or worktime is None or not any(_open(by_id.get(task)) for task in decision.tasks):
            continue
        sponsor = directory.holder("role/sponsor", situation.now.date())
        since = worktime.add(worktime.today(decision.asked_at), SPONSOR_AFTER)
        if sponsor is None or sponsor == decision.asked or worktime.today(situation.now) < since:
            continue
        yield Decision(
            id=decision_id(DecisionKind.SPONSOR, decision.id),
            kind=DecisionKind.SPONSOR,
            plan=decision.plan,
            task_id=decision.task_id,
            tasks=decision.tasks,
            about_person=decision.about_person,
            asked=sponsor,
            asked_at=situation.now,
            round=decision.round,
            choices=decision.choices,
        )


def _open(task: Task | None) -> bool:
    return task is not None and task.state.live


def _patterns(situation: Situation) -> Iterator[Decision]:
    """One question per holder and week about series that stopped happening, each miss asked about once."""
    asked_about = {task for d in situation.decisions if d.kind is DecisionKind.PATTERN for task in d.tasks}
    slipping: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for series in _series(situation.tasks).values():
        plan = series[0].occurrence.plan
        if plan not in situation.directories or situation.is_held(task=series[0]):
            continue
        missed = _pattern(series, situation)
        if missed and missed[-1].id not in asked_about and (holder := situation.seat(series[-1]).holder):
            slipping[plan, holder] += [*missed, *_ahead(series, situation.now.date())]
    for (plan, holder), tasks in sorted(slipping.items()):
        week = _week(situation.today(holder))
        for above in line_or_keepers(tasks[0], holder, situation):
            yield Decision(
                id=decision_id(DecisionKind.PATTERN, plan, holder, week),
                kind=DecisionKind.PATTERN,
                plan=plan,
                task_id=None,
                tasks=tuple(task.id for task in tasks),
                about_person=holder,
                asked=above,
                asked_at=situation.now,
                round=week,
                choices=FOR_A_PATTERN,
            )


def _series(tasks: Sequence[Task]) -> dict[tuple[str, str, str], list[Task]]:
    series: dict[tuple[str, str, str], list[Task]] = defaultdict(list)
    for task in sorted(tasks, key=lambda t: (t.occurrence.window.start, t.id)):
        if task.state is not State.RETIRED:
            series[task.series].append(task)
    return series


def _pattern(series: Sequence[Task], situation: Situation) -> list[Task]:
    """The missed ones among the last of a series, when two in a row or more than half were missed; else none.

    What comes daily is judged over days that span a week: two bad mornings are no pattern."""
    over = [(task, _was_missed(task, situation)) for task in series]
    judged = [(task, missed) for task, missed in over if missed is not None]
    in_a_row = [task for task, _ in reversed(list(takewhile(itemgetter(1), reversed(judged))))]
    last = judged[-LAST_OF_SERIES:]
    missed = [task for task, was in last if was]
    if len(in_a_row) >= 2 and _span(in_a_row) >= A_WEEK:
        return in_a_row[-LAST_OF_SERIES:]
    under_half = len(last) == LAST_OF_SERIES and len(missed) > LAST_OF_SERIES / 2
    return missed if under_half and _span([task for task, _ in last]) >= A_WEEK else []


def _span(tasks: Sequence[Task]) -> timedelta:
    return tasks[-1].occurrence.window.start - tasks[0].occurrence.window.start


def _was_missed(task: Task, situation: Situation) -> bool | None:
    """None while it cannot be judged: still inside its time, skipped for a reason, or nobody's."""
    if task.state is State.DONE:
        return False
    if task.state is State.MISSED:
        return True
    if not task.state.live or task.due > situation.now:
        return None
    seat = situation.seat(task)
    if seat.holder is None:
        return None
    late = situation.today(seat.holder) >= seat.worktime.add(due_day(task, seat.worktime), TOLD_AFTER)
    return True if late else None


def _ahead(series: Sequence[Task], today: date) -> list[Task]:
    """The next tasks of the series that a decision about it can still change."""
    return [task for task in series if task.state.live and task.occurrence.window.last >= today][:LAST_OF_SERIES]


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _vacancies(situation: Situation) -> Iterator[Decision]:
    """One question per empty seat, when the first of its tasks comes up."""
    empty: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in _live(situation):
        if task.occurrence.window.start <= situation.now.date() and situation.seat(task).holding.why == "vacant":
            empty[task.occurrence.plan, task.occurrence.seat].append(task)
    for (plan, seat), tasks in sorted(empty.items()):
        for asked in _above_seat(seat, situation.directories[plan], situation.now.date()):
            yield Decision(
                id=decision_id(DecisionKind.VACANCY, plan, seat),
                kind=DecisionKind.VACANCY,
                plan=plan,
                task_id=None,
                tasks=tuple(task.id for task in tasks),
                about_person=None,
                asked=asked,
                asked_at=situation.now,
                round=seat,
                choices=FOR_A_VACANCY,
            )


def _above_seat(seat: str, directory: Directory, day: date) -> tuple[str, ...]:
    """Whom an empty seat is reported to: the line above it, else a keeper."""
    above = directory.line_above_seat(seat, day)
    return (above,) if above else directory.keepers[:1]
