"""The state machine of a task: task x answer x now -> the task as it then is, or a refusal that says why.

`planned -> open -> done | skipped | missed`, and `retired` beside it. Whether somebody may act at all is
decided before (see `directory`); here it is only what an answer does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from cadence.core.forms import Mistake
from cadence.core.model import (
    REASON_CODES,
    Answer,
    DateState,
    Event,
    EventType,
    Moved,
    Source,
    State,
    Task,
    Verb,
    Weight,
)
from cadence.core.worktime import Worktime, instant

ON_IT_DAYS = 2
"""Working days that "on it" keeps reminders away."""
ON_IT_TIMES = 2
"""How often one task may be put off by "on it"."""
MOVES_ASK = 3
"""The move with which the line above is asked."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The task after the answer and what to remember. `asks_line` wants a decision of the line above."""

    task: Task
    events: tuple[Event, ...]
    asks_line: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing changed. `code` names a sentence of the catalogue (`refused.CODE`), `facts` fill it; `mistakes` are those
    of a form."""

    code: str
    facts: Mapping[str, str | date | None]
    mistakes: tuple[Mistake, ...] = ()


Verdict = Accepted | Refusal


def take(
    task: Task, answer: Answer, worktime: Worktime, *, final_word: bool = False, last: date | None = None
) -> Verdict:
    """What `answer` does to `task`. `worktime` is the holder's; `final_word` lets "can't" skip the task (line
    above, keepers, operator) where the holder's own keeps it open and asks. `last` is the last day to which it can be
    put off (`last_to_snooze`); None sets no limit."""
    if refusal := _too_late(task, answer):
        return refusal
    match answer.verb:
        case Verb.DONE:
            return _done(task, answer, worktime)
        case Verb.CANT | Verb.SKIP:
            return _skipped(task, answer) if final_word else _cannot(task, answer)
        case Verb.SNOOZE:
            return _snoozed(task, answer, worktime, last)
        case Verb.ON_IT:
            return _on_it(task, answer, worktime)
        case Verb.MOVE:
            return _moved_back(task, answer) if answer.back else _moved(task, answer, worktime, final_word)
        case Verb.PLACE:
            return _placed(task, answer, worktime)
        case Verb.HAND_OVER:
            return _handed(task, answer)
        case Verb.CONFIRM:
            return _confirmed(task, answer, worktime)
        case Verb.COMMENT:
            return Accepted(task, (event_of(task, answer),))
        case _:
            assert_never(answer.verb)


def _too_late(task: Task, answer: Answer) -> Refusal | None:
    if task.state.closed and not _adds(task, answer):
        return Refusal(f"already-{task.state}", {"by": task.done_by, "on": task.happened_on})
    if task.state is State.RETIRED:
        return Refusal("retired", {})
    if answer.version is not None and answer.version < task.version and answer.verb not in (Verb.DONE, Verb.CONFIRM):
        return Refusal("stale", {})
    return None


def _adds(task: Task, answer: Answer) -> bool:
    """Whether it only adds to what is done already: to its form, or the counterpart's word that it took place."""
    if task.state is not State.DONE:
        return False
    said_more = answer.verb is Verb.DONE and bool(answer.form) and answer.happened_on in (None, task.happened_on)
    return said_more or answer.verb is Verb.CONFIRM


def event_of(task: Task, answer: Answer, **data: str) -> Event:
    """The trace an answer leaves: codes, dates and opaque people; its words stay with the answer."""
    return Event(
        at=answer.at,
        type=EventType.ANSWERED,
        source=answer.source,
        plan=task.occurrence.plan,
        task_id=task.id,
        actor=answer.actor,
        subject=answer.to_person,
        data={"verb": answer.verb.value, **data},
    )


def _touched(task: Task, at: datetime) -> Task:
    return replace(task, version=task.version + 1, changed_at=at)


def _done(task: Task, answer: Answer, worktime: Worktime) -> Verdict:
    if _adds(task, answer):
        return Accepted(task, (event_of(task, answer, added="yes"),))
    today = worktime.today(answer.at)
    happened = answer.happened_on or min(task.date, today)
    if happened > today:
        return Refusal("future", {"on": happened})
    done = replace(
        _touched(task, answer.at),
        state=State.DONE,
        happened_on=happened,
        recorded_at=answer.at,
        done_by=answer.actor,
        reason=None,
    )
    return Accepted(done, (event_of(task, answer, on=happened.isoformat()),))


def _confirmed(task: Task, answer: Answer, worktime: Worktime) -> Verdict:
    """The counterpart says that it took place. It stands beside the holder's word and changes nothing."""
    if task.state.live and task.date > worktime.today(answer.at):
        return Refusal("future", {"on": task.date})
    return Accepted(task, (event_of(task, answer),))


def _reason(answer: Answer) -> str | Refusal:
    """Reasons are codes, so that they can be counted; what somebody says beside it goes into the text."""
    if not answer.reason:
        return Refusal("reason-missing", {})
    return answer.reason if answer.reason in REASON_CODES else Refusal("reason-unknown", {"reason": answer.reason})


def _skipped(task: Task, answer: Answer) -> Verdict:
    if isinstance(reason := _reason(answer), Refusal):
        return reason
    skipped = replace(
        _touched(task, answer.at),
        state=State.SKIPPED,
        reason=reason,
        recorded_at=answer.at,
        done_by=answer.actor,
    )
    return Accepted(skipped, (event_of(task, answer, reason=reason),))


def _cannot(task: Task, answer: Answer) -> Verdict:
    if isinstance(reason := _reason(answer), Refusal):
        return reason
    kept = replace(_touched(task, answer.at), reason=reason)
    return Accepted(kept, (event_of(task, answer, reason=reason),), asks_line=True)


def last_to_snooze(task: Task, today: date, worktime: Worktime, ends: date) -> date:
    """The last day on which a snoozed task may come back: within its window, and before the plan ends at `ends`. What
    outlives its window can always be put off to the next working day; more than that is a move."""
    by = max(task.occurrence.window.last, task.date)
    if task.occurrence.weight is not Weight.LIGHT:
        by = max(by, worktime.add(today, 1))
    return min(by, ends)


def _snoozed(task: Task, answer: Answer, worktime: Worktime, last: date | None) -> Verdict:
    today = worktime.today(answer.at)
    until = answer.until or worktime.add(today, 1)
    if until <= today:
        return Refusal("snooze-past", {"until": until})
    if last is not None and until > last:
        return Refusal("snooze-far", {"until": until, "last": last if last > today else None})
    return Accepted(
        replace(_touched(task, answer.at), paused_until=until), (event_of(task, answer, until=until.isoformat()),)
    )


def _on_it(task: Task, answer: Answer, worktime: Worktime) -> Verdict:
    if task.times_on_it >= ON_IT_TIMES:
        return Refusal("on-it-again", {})
    until = worktime.add(worktime.today(answer.at), ON_IT_DAYS)
    paused = replace(_touched(task, answer.at), paused_until=until, times_on_it=task.times_on_it + 1)
    return Accepted(paused, (event_of(task, answer, until=until.isoformat()),))


def _moved(task: Task, answer: Answer, worktime: Worktime, final_word: bool) -> Verdict:
    """Free of charge inside the window of what is only proposed; any other move counts, and the third asks the line,
    unless it is the line that moves."""
    if answer.until is None:
        return Refusal("day-missing", {})
    if answer.until < worktime.today(answer.at):
        return Refusal("move-past", {"until": answer.until})
    free = task.occurrence.date_state is DateState.PROPOSED and answer.until in task.occurrence.window
    times = task.times_moved + (not free)
    moved = moved_to(task, answer.until, worktime)
    changed = replace(_touched(task, answer.at), moved=moved, times_moved=times, paused_until=None)
    asks_line = not free and not final_word and times >= MOVES_ASK
    return Accepted(changed, (event_of(task, answer, to=answer.until.isoformat()),), asks_line)


def moved_to(task: Task, day: date, worktime: Worktime) -> Moved:
    """The overlay that puts `task` on `day`: same wall time, same length, due when that working day ends."""
    starts = ends = None
    if task.occurrence.starts is not None:
        zone = task.occurrence.timezone
        starts = instant(day, task.occurrence.starts.astimezone(ZoneInfo(zone)).time(), zone)
        length = (task.occurrence.ends or task.occurrence.starts) - task.occurrence.starts
        ends = starts + length
    return Moved(date=day, due=worktime.closing(day), starts=starts, ends=ends)


def _moved_back(task: Task, answer: Answer) -> Verdict:
    if task.moved is None:
        return Refusal("not-moved", {})
    back = replace(_touched(task, answer.at), moved=None, confirmed=False)
    return Accepted(back, (event_of(task, answer, back="yes"),))


def _placed(task: Task, answer: Answer, worktime: Worktime) -> Verdict:
    """The proposed day is a person's own from now on: due on that day, and no load chooses another."""
    placed = replace(_touched(task, answer.at), confirmed=True, moved=task.moved or moved_to(task, task.date, worktime))
    return Accepted(placed, (event_of(task, answer, on=task.date.isoformat()),))


def _handed(task: Task, answer: Answer) -> Verdict:
    if answer.to_person is None:
        return Refusal("person-missing", {})
    if task.occurrence.about == f"rep/{answer.to_person}" and not task.occurrence.seat.startswith("rep/"):
        return Refusal("about-them", {})
    if task.handed_to == answer.to_person:
        return Refusal("already-theirs", {})
    handed = replace(_touched(task, answer.at), handed_to=answer.to_person, paused_until=None)
    return Accepted(handed, (event_of(task, answer),))


def settle(task: Task, now: datetime, reason: str | None = None) -> Accepted:
    """Nobody answered and nobody will: the task is missed, or skipped where there is a `reason` for it."""
    state = State.SKIPPED if reason else State.MISSED
    event = Event(
        at=now,
        type=EventType.SETTLED,
        source=Source.BEAT,
        plan=task.occurrence.plan,
        task_id=task.id,
        data={"state": state.value, **({"reason": reason} if reason else {})},
    )
    return Accepted(replace(_touched(task, now), state=state, reason=reason or task.reason), (event,))


def open_up(task: Task) -> Task:
    """Its window has begun. The version stays: nothing that anybody was shown has changed."""
    return replace(task, state=State.OPEN) if task.state is State.PLANNED else task
