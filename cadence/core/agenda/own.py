"""What an activity says itself in place of its weight: its reminders, its ping, and its ladder above the holder.

Each entry of `remind` and each step of `escalate` is a rung of its own, named by its words, so that every one is said
once and a changed entry is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from cadence.core.agenda.situation import Situation
from cadence.core.directory import Directory
from cadence.core.model import Rung, Task
from cadence.core.planfile.schema import Activity, Step
from cadence.core.triggers import Duration
from cadence.core.worktime import Worktime

DAYS_OF = {"min": 1, "hour": 1, "day": 1, "workday": 2, "week": 7, "month": 31}
"""At most so many days of the calendar go into a unit, holidays left aside."""


def reminders(activity: Activity, day: date, worktime: Worktime) -> Iterator[tuple[Rung, date]]:
    """The rungs before `day` that the activity names, earliest first. The day itself is always said."""
    leads = [(before(day, entry.before, worktime), entry.before) for entry in activity.remind or () if entry.before]
    for falls, lead in sorted(leads, key=lambda item: item[0]):
        yield Rung.BEFORE.own(str(lead)), falls


def longest_lead(activity: Activity) -> timedelta:
    """How far before its date the first reminder of its own can fall; zero without one."""
    leads = [entry.before for entry in activity.remind or () if entry.before]
    return timedelta(days=max((lead.amount * DAYS_OF[lead.unit] for lead in leads), default=0))


def before(day: date, by: Duration, worktime: Worktime) -> date:
    """The working day that lies so long before `day`; one that is free rolls to the working day before it."""
    if by.unit == "workday":
        return worktime.add(day, -by.amount)
    return worktime.on_or_before(day - _length(by))


def after(day: date, by: Duration, worktime: Worktime) -> date:
    """The working day so long after `day`; less than a day is the next working day."""
    if by.unit == "workday":
        return worktime.add(day, by.amount)
    return worktime.add(day, 1) if by.minutes else worktime.on_or_after(day + _length(by))


def _length(by: Duration) -> timedelta | relativedelta:
    match by.unit:
        case "week":
            return timedelta(weeks=by.amount)
        case "month":
            return relativedelta(months=by.amount)
        case "day":
            return timedelta(days=by.amount)
        case _:
            return timedelta()


def is_pinged(task: Task, activity: Activity | None, now: datetime) -> bool:
    """Whether the message at a set time is due: from its instant until the start."""
    since = pinged_at(task.starts, activity)
    return since is not None and task.starts is not None and since <= now < task.starts


def pinged_at(starts: datetime | None, activity: Activity | None) -> datetime | None:
    """The instant of the message at a set time before `starts`; None without one."""
    if activity is None or activity.ping is None or starts is None:
        return None
    return starts - timedelta(minutes=activity.ping.before.minutes or 0)


def has_ladder(activity: Activity | None) -> bool:
    """Whether the plan replaces the ladder above the holder."""
    return activity is not None and bool(activity.escalate)


def told(activity: Activity | None) -> Iterator[tuple[Rung, Step]]:
    """The steps of the activity's own ladder that tell somebody or ask for a hand."""
    for step in activity.escalate if activity else ():
        if step.ask != "decision":
            base = Rung.HELP if step.ask == "help" else Rung.TOLD
            yield base.own(str(step.after), step.to), step


def questions(activity: Activity | None) -> Iterator[Step]:
    """The steps that ask for a decision."""
    return (step for step in (activity.escalate if activity else ()) if step.ask == "decision")


def is_above(rung: Rung) -> bool:
    """Whether it is for somebody above or beside the holder."""
    return rung.base is Rung.TOLD or (rung.base is Rung.HELP and rung is not Rung.HELP)


def is_last(rung: Rung, activity: Activity | None) -> bool:
    """Whether the ladder ends with it: nothing comes up by itself after this one."""
    if activity is None or not activity.escalate:
        return rung is Rung.TOLD
    last = activity.escalate[-1]
    return last.ask != "decision" and rung in {known for known, step in told(activity) if step is last}


def recipients(step: Step, task: Task, holder: str, situation: Situation) -> tuple[str, ...]:
    """Who hears a step: never the holder; nobody where the backup or the role is not there."""
    directory, day = situation.directories[task.occurrence.plan], situation.today(holder)
    return tuple(dict.fromkeys(one for one in _named(step.to, task, holder, directory, day) if one and one != holder))


def _named(to: str, task: Task, holder: str, directory: Directory, day: date) -> tuple[str | None, ...]:
    match to:
        case "line":
            return (directory.line_above(holder, day) or next(iter(_keepers(directory, holder, day)), None),)
        case "keepers":
            return _keepers(directory, holder, day)
        case "backup":
            return (directory.backup(task.occurrence.seat, holder, day),)
        case _ if to in directory.roles:
            return (directory.holder(_role(to, task.occurrence.wave, directory), day),)
        case _:
            return (directory.holder(f"person/{directory.renamed.get(to, to)}", day),)


def _role(role: str, wave: str | None, directory: Directory) -> str:
    """The seat of a role; a wave may fill it otherwise."""
    of_wave = f"{role}/{wave}"
    return f"role/{of_wave}" if wave and of_wave in directory.waves.roles else f"role/{role}"


def _keepers(directory: Directory, holder: str, day: date) -> tuple[str, ...]:
    return tuple(keeper for keeper in directory.keepers_on(day) if keeper != holder)
