"""Which tasks end by themselves: light when the window closes, standard in the end, key never. One with a ladder of its
own ends like a standard one, and not before its ladder.

A seat that nobody holds is a vacancy, not a lateness: its tasks wait, and what fell due meanwhile is left out in the
end, not missed. What was over before the plan was loaded is left out too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cadence.core.agenda.ladder import due_day, fell_vacant, is_backfilled
from cadence.core.agenda.own import after, has_ladder
from cadence.core.agenda.situation import Seat, Situation
from cadence.core.lifecycle import Accepted, settle
from cadence.core.model import State, Task, Weight
from cadence.core.planfile.schema import Activity

STANDARD_AFTER = 10
"""Working days after the due day."""
ABSENT = "absent"
"""Reason of a task that its kind lets fall when the holder is away."""
VACANT = "vacant"
"""Reason of a task that fell due while nobody held its seat."""
BACKFILLED = "backfilled"
"""Reason of a task that was over before its plan was loaded."""


def settled(situation: Situation) -> tuple[Accepted, ...]:
    """The tasks whose time is over, each as it then is with its event."""
    due = [task for task in situation.tasks if task.due <= situation.now]
    late = [task for task in due if task.state.live and task.occurrence.plan in situation.directories]
    series = {task.series for task in late}
    following = _following(task for task in situation.tasks if task.series in series)
    return tuple(
        settle(task, situation.now, reason)
        for task in late
        for reason in _ending(task, following.get(task.id), situation)
    )


def _following(tasks: Iterable[Task]) -> dict[str, Task]:
    """The next of the same series to fall due after the task, by task id; what the plan no longer asks for is none."""
    next_of: dict[str, Task] = {}
    last: dict[tuple[str, str, str], tuple[Task, Task | None]] = {}
    for task in sorted((t for t in tasks if t.state is not State.RETIRED), key=lambda t: (t.due, t.id), reverse=True):
        after, beyond = last.get(task.series, (task, None))
        following = after if after.due > task.due else beyond
        if following:
            next_of[task.id] = following
        last[task.series] = (task, following)
    return next_of


def _ending(task: Task, successor: Task | None, situation: Situation) -> Iterator[str | None]:
    """Yields the reason (None: missed) exactly when the task, which is due, ends now. Those written down after the fact
    stay open to an answer as long as what was missed would."""
    now, seat = situation.now, situation.seat(task)
    if is_backfilled(task):
        if seat.worktime.today(now) >= seat.worktime.add(seat.worktime.today(task.changed_at), STANDARD_AFTER):
            yield BACKFILLED
    elif task.occurrence.weight is Weight.KEY:
        return
    elif seat.holding.why == "skipped":
        yield ABSENT
    elif seat.holder is not None and _over(task, successor, seat, situation):
        yield VACANT if fell_vacant(task, situation) else None


def _over(task: Task, successor: Task | None, seat: Seat, situation: Situation) -> bool:
    today, activity = situation.today(seat.holder or ""), situation.activity(task)
    if task.occurrence.weight is Weight.LIGHT and not has_ladder(activity):
        return today >= task.occurrence.window.stop and task.due <= situation.now
    if successor is not None and successor.due <= situation.now:
        return True
    due = due_day(task, seat.worktime)
    return today >= max(seat.worktime.add(due, STANDARD_AFTER), _ladder_over(due, activity, seat))


def _ladder_over(due: date, activity: Activity | None, seat: Seat) -> date:
    """The working day after the last step of the activity's own ladder; the due day without one."""
    steps = [after(due, step.after, seat.worktime) for step in activity.escalate] if activity else []
    return max((seat.worktime.add(day, 1) for day in steps), default=due)
