"""Why somebody hears something and why not: the rules as they stand, as codes with facts.

A code names a sentence of the catalogue (`why.CODE`). Nothing here decides: it asks the same functions as the beat.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cadence.core.agenda.briefing import brief_at, briefs
from cadence.core.agenda.ladder import TOLD_AFTER, due_day, is_backfilled, rungs, standings, standings_of
from cadence.core.agenda.own import after, has_ladder, is_above
from cadence.core.agenda.situation import Situation
from cadence.core.agenda.waiting import pending
from cadence.core.messages import Fact
from cadence.core.model import Hold, MessageKind, Rung, Task, Weight
from cadence.core.worktime import Worktime


@dataclass(frozen=True, slots=True)
class Because:
    """One reason. `code` is `why.CODE` in the catalogue, `facts` fill that sentence."""

    code: str
    facts: Mapping[str, Fact]


def of_task(task: Task, situation: Situation) -> tuple[Because, ...]:
    """Why a task is being said, or kept quiet, at `situation.now`; what comes next stands last."""
    stopped = tuple(_stopped(task, situation))
    return stopped or (*_spoken(task, situation), *_next(task, situation))


def _stopped(task: Task, situation: Situation) -> Iterator[Because]:
    """What keeps every rung of the task back; nothing when nothing does."""
    directory = situation.directory(task)
    if directory is None:
        yield Because("plan-gone", {"plan": task.occurrence.plan})
        return
    if not task.state.live:
        facts = {"by": situation.name_of(task.done_by), "on": task.happened_on, "reason": task.reason}
        yield Because(task.state.value, facts)
        return
    if is_backfilled(task):
        yield Because("backfilled", {})
        return
    seat = situation.seat(task)
    if seat.holder is None:
        yield Because("vacant", {"seat": directory.title_of(task.occurrence.seat)})
    elif seat.holding.why == "skipped":
        yield Because("let-fall", {"person": situation.name_of(seat.holder), "until": seat.holding.until})
    elif task.paused_until and situation.today(seat.holder) < task.paused_until:
        yield Because("paused", {"until": task.paused_until})
    for hold in situation.holds:
        if situation.is_held(task=task) and replace(situation, holds=(hold,)).is_held(task=task):
            yield _held(hold)


def _spoken(task: Task, situation: Situation) -> Iterator[Because]:
    """The rungs it stands on: said already, or to be said in the next brief."""
    for standing in standings_of(task, situation):
        facts = {"rung": standing.rung.value, "to": situation.name_of(standing.recipient), "since": standing.since}
        yield Because("said" if standing.noticed else "due", facts)


def _next(task: Task, situation: Situation) -> Iterator[Because]:
    """The nearest rung that has not fallen yet, by whom it is held today; the ladder's end when there is none."""
    seat = situation.seat(task)
    holder = seat.holder
    if holder is None:
        return
    ahead = [(day, rung) for rung, day in _all_rungs(task, seat.worktime, situation) if day > situation.today(holder)]
    if ahead:
        day, rung = min(ahead, key=lambda item: item[0])
        yield Because("next", {"rung": rung.value, "on": day})
    else:
        yield Because("ladder-over", {})


def _all_rungs(task: Task, worktime: Worktime, situation: Situation) -> Iterator[tuple[Rung, date]]:
    activity = situation.activity(task)
    yield from rungs(task, worktime, activity)
    due = due_day(task, worktime)
    if activity is not None and has_ladder(activity):
        for step in activity.escalate:
            base = {"help": Rung.HELP, "decision": Rung.DECIDE}.get(step.ask or "", Rung.TOLD)
            yield base, after(due, step.after, worktime)
    elif task.occurrence.weight is Weight.STANDARD:
        yield Rung.TOLD, worktime.add(due, TOLD_AFTER)


def _held(hold: Hold) -> Because:
    return Because("held", {"scope": hold.scope, "until": hold.until, "reason": hold.reason})


def of_silence(who: str, day: date, situation: Situation) -> tuple[Because, ...]:
    """Why `who` has or gets no brief on `day`, by what is known at `situation.now`; empty when one is due.

    Another day than today is judged at the hour of its brief, with the tasks as they now are."""
    worktime, person = situation.worktimes[who], situation.persons[who]
    if day != worktime.today(situation.now):
        situation = replace(situation, now=brief_at(person, worktime, day), briefed={}, waiting=())
    here = [known for known in situation.directories.values() if known.is_here(who, day)]
    if not here:
        return (Because("not-here", {"started": person.started, "left": person.left}),)
    if not worktime.works(day):
        return (_free(worktime, day),)
    holds = [hold for hold in situation.holds if replace(situation, holds=(hold,)).is_held(person=who)]
    if holds:
        return tuple(map(_held, holds))
    if situation.briefed.get(who) == day:
        return (Because("had-one", {}),)
    opens = brief_at(person, worktime, day)
    if situation.now < opens:
        return (Because("early", {"at": _clock(opens, worktime)}),)
    if not worktime.is_open(situation.now):
        return (Because("late", {"at": _clock(worktime.closing(day), worktime)}),)
    return _nothing_due(who, situation)


def _free(worktime: Worktime, day: date) -> Because:
    if worktime.is_away(day):
        return Because("away", {"back": worktime.back_on(day)})
    return Because("weekend" if day.weekday() not in worktime.workdays else "holiday", {"day": day})


def _clock(at: datetime, worktime: Worktime) -> str:
    return at.astimezone(ZoneInfo(worktime.zone)).strftime("%H:%M")


def _nothing_due(who: str, situation: Situation) -> tuple[Because, ...]:
    owed = standings(situation)
    if any(one.to == who and one.kind is MessageKind.BRIEF for one in briefs(situation, owed, pending(situation))):
        return ()
    said = [one for one in owed if one.recipient == who and one.noticed and not is_above(one.rung)]
    return (Because("nothing-due", {"open": len(said), "paused": sum(1 for _ in _paused(who, situation))}),)


def _paused(who: str, situation: Situation) -> Iterable[Task]:
    for task in situation.tasks:
        waits = task.state.live and task.paused_until and situation.directory(task) and not is_backfilled(task)
        if waits and situation.seat(task).holder == who and situation.today(who) < (task.paused_until or date.min):
            yield task
