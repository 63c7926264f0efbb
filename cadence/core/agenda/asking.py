"""Decisions: which questions are put to the line above, once each, and when the sponsor hears of silence.

A question has an id made of what it is about and its round, so that asking again asks nothing new.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from operator import itemgetter

from cadence.core.agenda.ladder import (
    DECIDE_AFTER,
    TOLD_AFTER,
    due_day,
    fell_vacant,
    is_backfilled,
    line_or_keepers,
)
from cadence.core.agenda.situation import Seat, Situation
from cadence.core.directory import Directory
from cadence.core.model import Choice, Days, Decision, DecisionKind, State, Task, Weight

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
        id=decision_id(kind, task.id, task.round, *([holder] if holder and kind is DecisionKind.CANT else [])),
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


def urgent(decision: Decision, situation: Situation) -> bool:
    """Whether the question may go out beside the brief: somebody cannot, or nobody holds what is key."""
    vacated = decision.kind is DecisionKind.VACANCY and _about_key(decision, situation)
    return vacated or decision.kind is DecisionKind.CANT


def pending(situation: Situation) -> tuple[Decision, ...]:
    """The questions that still want an answer: not answered, not overtaken by events, not held. Each is put to
    whom it lies with by now."""
    by_id = {task.id: task for task in situation.tasks}
    return tuple(
        replace(decision, asked=lies_with(decision, situation))
        for decision in situation.decisions
        if decision.answered_at is None
        and not is_moot(decision, by_id)
        and not _is_held(decision, by_id, situation)
        and not _is_filled(decision, by_id, situation)
    )


def lies_with(decision: Decision, situation: Situation) -> str:
    """Who has to answer: whoever was asked, or once they are gone the successor, else the line above the one it is
    about, else a keeper."""
    directory = situation.directories.get(decision.plan)
    if directory is None or decision.answered_at is not None:
        return decision.asked
    day = directory.worktime(decision.asked).today(situation.now)
    if directory.is_here(decision.asked, day):
        return decision.asked
    about = decision.about_person
    above = directory.line_above(about, day) if about else directory.line_above_seat(decision.round, day)
    heirs = (directory.holder(f"person/{decision.asked}", day), above, *directory.keepers_on(day))
    return next((heir for heir in heirs if heir and heir != about), decision.asked)


def is_moot(decision: Decision, tasks: Mapping[str, Task]) -> bool:
    """Whether nothing it asks about is owed any more. What was only ever missed remains a pattern to talk about."""
    about = [tasks[task] for task in decision.tasks if task in tasks]
    if any(task.state.live for task in about):
        return False
    missed = bool(about) and all(task.state is State.MISSED for task in about)
    return not (missed and Choice.TALK in decision.choices)


def _is_filled(decision: Decision, tasks: Mapping[str, Task], situation: Situation) -> bool:
    """Whether somebody holds by now what an empty seat left lying."""
    about = [tasks[task] for task in decision.tasks if task in tasks and tasks[task].state.live]
    seats = [situation.seat(task) for task in about if situation.directory(task)]
    return decision.kind is DecisionKind.VACANCY and all(seat.holder is not None for seat in seats)


def _is_held(decision: Decision, tasks: Mapping[str, Task], situation: Situation) -> bool:
    about = [tasks[task] for task in decision.tasks if task in tasks]
    return bool(about) and all(situation.is_held(task=task) for task in about)


def _about_key(decision: Decision, situation: Situation) -> bool:
    return any(t.occurrence.weight is Weight.KEY for t in situation.tasks if t.id in decision.tasks)


def _live(situation: Situation) -> Iterator[Task]:
    for task in situation.tasks:
        owed = task.state.live and not is_backfilled(task)
        if owed and task.occurrence.plan in situation.directories and not situation.is_held(task=task):
            yield task


def _late_keys(situation: Situation) -> Iterator[Decision]:
    for task in _live(situation):
        if task.occurrence.weight is not Weight.KEY or task.due > situation.now or _is_asked(task, situation):
            continue
        seat = situation.seat(task)
        if seat.holder is None:
            continue
        today = situation.today(seat.holder)
        paused = task.paused_until is not None and today < task.paused_until
        if not paused and today >= _decided_on(task, seat, today, situation):
            for above in line_or_keepers(task, seat.holder, situation):
                yield about_task(DecisionKind.KEY_LATE, task, seat.holder, above, situation)


def _decided_on(task: Task, seat: Seat, today: date, situation: Situation) -> date:
    """The day on which the line is asked about a key task: counted on the wall's calendar while its holder is away,
    so that a long leave does not silence it, and from the successor's first day where it fell due to nobody."""
    since = due_day(task, seat.worktime)
    if fell_vacant(task, situation) and today > since:
        held = situation.directories[task.occurrence.plan].holders(task.occurrence.seat, Days(since, today))
        since = held[-1][0].start
    worktime = seat.worktime.regular() if seat.worktime.is_away(today) else seat.worktime
    return worktime.add(since, DECIDE_AFTER)


def _is_asked(task: Task, situation: Situation) -> bool:
    """Whether the line is being asked about this task already, or has decided since it is late."""
    return any(
        decision.task_id == task.id
        and decision.round == task.round
        and (decision.answered_at is None or decision.answered_at >= task.due)
        for decision in situation.decisions
    )


def _silences(situation: Situation) -> Iterator[Decision]:
    """Questions about key tasks and patterns that nobody answered: the sponsor decides, and then nobody further."""
    for decision in pending(situation):
        if decision.kind is DecisionKind.SPONSOR:
            continue
        if decision.kind is not DecisionKind.PATTERN and not _about_key(decision, situation):
            continue
        directory, worktime = situation.directories.get(decision.plan), situation.worktimes.get(decision.asked)
        if directory is None or worktime is None:
            continue
        sponsor = directory.holder("role/sponsor", situation.now.date())
        since = worktime.regular().add(worktime.today(decision.asked_at), SPONSOR_AFTER)
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


def _patterns(situation: Situation) -> Iterator[Decision]:
    """One question per holder and week about series that stopped happening. A series is judged anew after each."""
    asked = _last_asked(situation)
    slipping: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for series in _series(situation.tasks).values():
        plan = series[0].occurrence.plan
        if plan not in situation.directories or situation.is_held(task=series[0]):
            continue
        since = max((asked[task.id] for task in series if task.id in asked), default=None)
        missed = _pattern([task for task in series if since is None or task.due > since], situation)
        if missed and (holder := situation.seat(series[-1]).holder):
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


def _last_asked(situation: Situation) -> dict[str, datetime]:
    """When each task last stood in a question about a pattern."""
    asked = [d for d in situation.decisions if d.kind is DecisionKind.PATTERN]
    return {task: d.asked_at for d in sorted(asked, key=lambda d: d.asked_at) for task in d.tasks}


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
    """None while it cannot be judged: still inside its time, skipped for a reason, nobody's, over before the load."""
    if task.state is State.DONE:
        return False
    if is_backfilled(task) or fell_vacant(task, situation):
        return None
    if task.state is State.MISSED:
        return True
    if not task.state.live or task.due > situation.now:
        return None
    seat = situation.seat(task)
    if seat.holder is None:
        return None
    today = situation.today(seat.holder)
    paused = task.paused_until is not None and today < task.paused_until
    late = not paused and today >= seat.worktime.add(due_day(task, seat.worktime), TOLD_AFTER)
    return True if late else None


def _ahead(series: Sequence[Task], today: date) -> list[Task]:
    """The next tasks of the series that a decision about it can still change."""
    return [task for task in series if task.state.live and task.occurrence.window.last >= today][:LAST_OF_SERIES]


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def _vacancies(situation: Situation) -> Iterator[Decision]:
    """One question per empty seat at a time, when the first of its tasks comes up, or at once where one is key. It is
    about all that lies ahead; what a decision pauses is asked about again when the pause is over."""
    before = [d for d in situation.decisions if d.kind is DecisionKind.VACANCY]
    still_open = {decision.id for decision in pending(situation)}
    empty: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in _live(situation):
        if situation.seat(task).holding.why == "vacant":
            empty[task.occurrence.plan, task.occurrence.seat].append(task)
    for (plan, seat), tasks in sorted(empty.items()):
        earlier = {d.id for d in before if (d.plan, d.round) == (plan, seat)}
        if earlier & still_open or not any(_comes_up(task, situation) for task in tasks):
            continue
        for asked in _above_seat(seat, situation.directories[plan], situation.now.date()):
            yield Decision(
                id=decision_id(DecisionKind.VACANCY, plan, seat, *([str(len(earlier))] if earlier else [])),
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


def _comes_up(task: Task, situation: Situation) -> bool:
    today = situation.seat(task).worktime.today(situation.now)
    if task.paused_until and today < task.paused_until:
        return False
    return task.occurrence.weight is Weight.KEY or task.occurrence.window.start <= today


def _above_seat(seat: str, directory: Directory, day: date) -> tuple[str, ...]:
    """Whom an empty seat is reported to: the line above it, else a keeper."""
    above = directory.line_above_seat(seat, day)
    return (above,) if above else directory.keepers_on(day)[:1]
