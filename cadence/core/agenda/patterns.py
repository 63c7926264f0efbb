"""Series that slip again and again: one question per holder and week, for the line above, before the debrief in which
the two can talk about it."""

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
DEBRIEF = "manager_debrief"
DEBRIEF_WITHIN = timedelta(days=28)
"""A debrief further ahead than this is not waited for."""
FOR_A_PATTERN = (Choice.TALK, Choice.LIGHTER, Choice.HAND_OVER, Choice.PAUSE, Choice.TAKE_OVER)


def patterns(situation: Situation) -> Iterator[Decision]:
    """One question per holder and week, over all plans, about series that stopped happening. A series is judged anew
    after each. Where a manager debrief lies ahead the question waits for the brief of its week."""
    asked = _last_asked(situation)
    slipping: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for series in _series(situation.tasks).values():
        plan = series[0].occurrence.plan
        if plan not in situation.directories or situation.is_held(task=series[0]):
            continue
        since = max((asked[task.id] for task in series if task.id in asked), default=None)
        missed = _pattern([task for task in series if since is None or task.due > since], situation)
        if missed and (holder := situation.seat(series[-1]).holder):
            slipping[holder, plan] += [*missed, *_ahead(series, situation.plan_day(plan))]
    done = {(d.about_person, d.round) for d in situation.decisions if d.kind is DecisionKind.PATTERN}
    for (holder, plan), tasks in sorted(slipping.items()):
        week = _week(situation.today(holder))
        if (holder, week) in done or _waits_for_the_debrief(holder, plan, situation):
            continue
        done.add((holder, week))
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


def _waits_for_the_debrief(holder: str, plan: str, situation: Situation) -> bool:
    """Whether the next debrief with the holder has a better brief before it than today's: the first of its week, or
    that of the working day before where it stands on the week's first day."""
    today = situation.today(holder)
    ahead = (
        task.date
        for task in situation.tasks
        if task.occurrence.kind == DEBRIEF and task.state.live and task.occurrence.plan == plan
        if holder in task.occurrence.attendees and today <= task.date <= today + DEBRIEF_WITHIN
    )
    if (debrief := min(ahead, default=None)) is None:
        return False
    worktime = situation.worktimes[holder].regular()
    first = worktime.on_or_after(worktime.week_start(debrief))
    return today < (first if first < debrief else worktime.add(debrief, -1))


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
    if task.state.live and task.due > situation.now:
        return None
    return situation.once("missed", task, _is_missed)


def _is_missed(task: Task, situation: Situation) -> bool | None:
    if task.state is State.DONE:
        return False
    if is_backfilled(task) or fell_vacant(task, situation):
        return None
    if task.state is State.MISSED:
        return True
    if not task.state.live:
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
