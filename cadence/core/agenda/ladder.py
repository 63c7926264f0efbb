"""The ladder: which rung each live task stands on, and who hears of it.

Rungs are days counted in the holder's working time; an activity's own (see `own`) take the place of its weight's. Only
the newest rung that has fallen counts, so that an outage replays nothing; a rung already noticed in this round is not
owed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import itemgetter
from zoneinfo import ZoneInfo

from cadence.core.agenda.own import (
    after,
    has_ladder,
    is_above,
    is_pinged,
    longest_lead,
    recipients,
    reminders,
    told,
)
from cadence.core.agenda.situation import Seat, Situation
from cadence.core.model import DateState, Notice, Rung, Task, Weight
from cadence.core.planfile.schema import Activity
from cadence.core.worktime import Worktime

LOOK_AHEAD = timedelta(days=31)
"""No rung of a weight falls earlier than this before a task's date."""
HELP_AFTER, DECIDE_AFTER, TOLD_AFTER = 1, 2, 3
"""Working days after the due day."""
DAYS_OF_UNIT = {"d": 1, "w": 7}
FREQUENT_DAYS = 21
"""What comes again within so many days needs no early word."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A rung a task stands on: for whom, since when, the notice that is owed, and whether it was given (`noticed`)."""

    task: Task
    seat: Seat
    rung: Rung
    recipient: str
    since: date
    notice: Notice
    noticed: bool = False


def round_of(task: Task, rung: Rung) -> str:
    """The due day, and for what the holder hears also the pause: what fell in a pause comes once at its end."""
    if task.paused_until and not is_above(rung):
        return f"{task.round}+{task.paused_until.isoformat()}"
    return task.round


def is_rare(slot: str) -> bool:
    """Whether the series comes so seldom that its holder wants an early word: less often than every three weeks."""
    rhythm, dash, _ = slot.partition("-")
    count, unit = rhythm[:-1], rhythm[-1:]
    if not dash or unit not in DAYS_OF_UNIT or not (count.isdecimal() or rhythm == "d"):
        return True
    return int(count or 1) * DAYS_OF_UNIT[unit] > FREQUENT_DAYS


def due_day(task: Task, worktime: Worktime) -> date:
    return worktime.today(task.due)


def fell_vacant(task: Task, situation: Situation) -> bool:
    """Whether nobody held the seat on the day the task fell due: that is no debt of whoever holds it since."""
    return situation.once("fell vacant", task, _fell_vacant)


def _fell_vacant(task: Task, situation: Situation) -> bool:
    directory = situation.directory(task)
    if directory is None or task.handed_to:
        return False
    due = task.due.astimezone(ZoneInfo(task.occurrence.timezone)).date()
    return directory.holder(task.occurrence.seat, due) is None


def is_backfilled(task: Task) -> bool:
    """Whether it was over before the plan was loaded, and is only written down."""
    return task.paused_until == date.max


def rungs(task: Task, worktime: Worktime, activity: Activity | None = None) -> Iterator[tuple[Rung, date]]:
    """The holder's own rungs with the day each falls on, in order."""
    if task.date_state is DateState.PROPOSED:
        yield Rung.PLACE, worktime.on_or_after(task.occurrence.window.start)
    if activity is not None and activity.remind is not None:
        yield from reminders(activity, task.date, worktime)
    else:
        yield from _early(task, worktime)
    yield Rung.TODAY, worktime.on_or_after(task.date)
    if task.occurrence.weight is not Weight.LIGHT:
        yield Rung.HELP, worktime.add(due_day(task, worktime), HELP_AFTER)


def _early(task: Task, worktime: Worktime) -> Iterator[tuple[Rung, date]]:
    """The early words of the weight: key tasks get two, rare ones that are fixed get one."""
    weight, placing = task.occurrence.weight, task.date_state is DateState.PROPOSED
    if weight is Weight.KEY:
        yield Rung.BEFORE_10, worktime.add(task.date, -10)
    if weight is Weight.KEY or (weight is Weight.STANDARD and is_rare(task.occurrence.slot) and not placing):
        yield Rung.BEFORE_2, worktime.add(task.date, -2)


def standings(situation: Situation) -> tuple[Standing, ...]:
    """Every rung that has fallen and is the newest for its recipient, ordered by task."""
    found: list[Standing] = []
    today = situation.now.date()
    for task in situation.tasks:
        if task.state.live and min(task.date, task.occurrence.window.start) - today <= _looked_ahead(task, situation):
            found += standings_of(task, situation)
    return tuple(found)


def _looked_ahead(task: Task, situation: Situation) -> timedelta:
    activity = situation.activity(task)
    return max(LOOK_AHEAD, longest_lead(activity)) if activity and activity.remind else LOOK_AHEAD


def standings_of(task: Task, situation: Situation) -> tuple[Standing, ...]:
    """The same for one live task; none in an empty seat, in a plan that is gone, and while held."""
    if situation.directory(task) is None or situation.is_held(task=task):
        return ()
    found = situation.once("fallen", task, _fallen)
    if _is_pinged(task, situation) and (holder := situation.seat(task).holder):
        own = [one for one in found if one.recipient == holder]
        above = [one for one in found if one.recipient != holder]
        ping = _standing(task, situation, Rung.PING, holder, situation.today(holder))
        found = (*own, ping, *above)
    return tuple(replace(one, noticed=True) if one.notice in situation.notices else one for one in found)


def _is_pinged(task: Task, situation: Situation) -> bool:
    paused = task.paused_until is not None and situation.once("paused", task, _is_paused)
    return not paused and is_pinged(task, situation.activity(task), situation.now)


def _is_paused(task: Task, situation: Situation) -> bool:
    holder = situation.seat(task).holder
    return bool(holder and task.paused_until and situation.today(holder) < task.paused_until)


def _fallen(task: Task, situation: Situation) -> tuple[Standing, ...]:
    """The newest rung for each that the day itself has brought, as if none were noticed: the holder's own first."""
    seat = situation.seat(task)
    holder = seat.holder
    if holder is None or _is_paused(task, situation):
        return ()
    today, activity, excused = situation.today(holder), situation.activity(task), fell_vacant(task, situation)
    fallen = [(day, rung) for rung, day in rungs(task, seat.worktime, activity) if day <= today]
    fallen = [(day, rung) for day, rung in fallen if not (excused and rung is Rung.HELP)]
    own = {holder: max(fallen, key=itemgetter(0))} if fallen else {}
    above = {} if excused else _above(task, seat, holder, situation)
    return tuple(_standing(task, situation, rung, to, day) for to, (day, rung) in (own | above).items())


def _above(task: Task, seat: Seat, holder: str, situation: Situation) -> dict[str, tuple[date, Rung]]:
    """Who beside the holder has been told by now: by the activity's own ladder, else the line of a standard task. What
    fell last counts for each."""
    due, today, activity = due_day(task, seat.worktime), situation.today(holder), situation.activity(task)
    if not has_ladder(activity):
        day = seat.worktime.add(due, TOLD_AFTER)
        fell = task.occurrence.weight is Weight.STANDARD and day <= today
        return dict.fromkeys(line_or_keepers(task, holder, situation) if fell else (), (day, Rung.TOLD))
    found: dict[str, tuple[date, Rung]] = {}
    for rung, step in told(activity):
        if (day := after(due, step.after, seat.worktime)) <= today:
            found |= dict.fromkeys(recipients(step, task, holder, situation), (day, rung))
    return found


def _standing(task: Task, situation: Situation, rung: Rung, to: str, since: date) -> Standing:
    return Standing(task, situation.seat(task), rung, to, since, Notice(task.id, round_of(task, rung), rung, to))


def line_or_keepers(task: Task, holder: str, situation: Situation) -> tuple[str, ...]:
    """The line above the holder; at the top of the line the first keeper who is not the holder; else nobody."""
    directory = situation.directory(task)
    if directory is None:
        return ()
    day = situation.today(holder)
    above = directory.line_above(holder, day)
    if above is not None:
        return (above,)
    return tuple(keeper for keeper in directory.keepers_on(day) if keeper != holder)[:1]
