"""Series that slip again and again: one question per holder and week, for the line above."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import takewhile
from operator import itemgetter

from cadence.core.agenda.ladder import TOLD_AFTER, due_day, fell_vacant, is_backfilled, line_or_keepers
from cadence.core.agenda.situation import Situation
from cadence.core.agenda.waiting import decision_id
from cadence.core.model import Choice, Decision, DecisionKind, State, Task

LAST_OF_SERIES = 4
A_WEEK = timedelta(days=7)
FOR_A_PATTERN = (Choice.TALK, Choice.LIGHTER, Choice.HAND_OVER, Choice.PAUSE, Choice.TAKE_OVER)


def patterns(situation: Situation) -> Iterator[Decision]:
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
