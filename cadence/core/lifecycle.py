"""The state machine of a task: task x answer x now -> the task as it then is, or a refusal that says why.

`planned -> open -> done | skipped | missed`, and `retired` beside it. Whether somebody may act at all is
decided before (see `directory`); here it is only what an answer does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from cadence.core.forms import Mistake
from cadence.core.model import (
    Answer,
    Choice,
    DateState,
    Decision,
    DecisionKind,
    Event,
    EventType,
    Moved,
    Source,
    State,
    Task,
    Verb,
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


def take(task: Task, answer: Answer, worktime: Worktime, *, final_word: bool = False) -> Verdict:
    """What `answer` does to `task`. `worktime` is the holder's; `final_word` lets "can't" skip the task (line
    above, keepers, operator) where the holder's own keeps it open and asks."""
    if refusal := _too_late(task, answer):
        return refusal
    match answer.verb:
        case Verb.DONE:
            return _done(task, answer, worktime)
        case Verb.CANT | Verb.SKIP:
            return _skipped(task, answer) if final_word else _cannot(task, answer)
        case Verb.SNOOZE:
            return _snoozed(task, answer, worktime)
        case Verb.ON_IT:
            return _on_it(task, answer, worktime)
        case Verb.MOVE:
            return _moved_back(task, answer) if answer.back else _moved(task, answer, worktime, final_word)
        case Verb.PLACE:
            return _placed(task, answer, worktime)
        case Verb.HAND_OVER:
            return _handed(task, answer)
        case Verb.COMMENT:
            return Accepted(task, (event_of(task, answer),))
        case _:
            assert_never(answer.verb)


def _too_late(task: Task, answer: Answer) -> Refusal | None:
    if task.state.closed and not _adds(task, answer):
        return Refusal(f"already-{task.state}", {"by": task.done_by, "on": task.happened_on})
    if task.state is State.RETIRED:
        return Refusal("retired", {})
    if answer.version is not None and answer.version < task.version and answer.verb is not Verb.DONE:
        return Refusal("stale", {})
    return None


def _adds(task: Task, answer: Answer) -> bool:
    """Whether it only adds to the form of what is done already."""
    done = task.state is State.DONE and answer.verb is Verb.DONE
    return done and bool(answer.form) and answer.happened_on in (None, task.happened_on)


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


def _skipped(task: Task, answer: Answer) -> Verdict:
    if not answer.reason:
        return Refusal("reason-missing", {})
    skipped = replace(
        _touched(task, answer.at),
        state=State.SKIPPED,
        reason=answer.reason,
        recorded_at=answer.at,
        done_by=answer.actor,
    )
    return Accepted(skipped, (event_of(task, answer, reason=answer.reason),))


def _cannot(task: Task, answer: Answer) -> Verdict:
    if not answer.reason:
        return Refusal("reason-missing", {})
    kept = replace(_touched(task, answer.at), reason=answer.reason)
    return Accepted(kept, (event_of(task, answer, reason=answer.reason),), asks_line=True)


def _snoozed(task: Task, answer: Answer, worktime: Worktime) -> Verdict:
    until = answer.until or worktime.add(worktime.today(answer.at), 1)
    if until <= worktime.today(answer.at):
        return Refusal("snooze-past", {"until": until})
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way out that somebody chose for a decision, with what it needs: a day, a person, a reason, words."""

    choice: Choice
    by: str | None
    source: Source
    at: datetime
    until: date | None = None
    to_person: str | None = None
    reason: str | None = None
    text: str | None = None


def answers_to(decision: Decision, tasks: Sequence[Task], way: Way) -> tuple[Answer, ...]:
    """What carrying out a decision does to the live tasks it is about, in their order.

    To talk changes no task. Lighter drops every second one of each series that still lies ahead. Pause lets those
    go that fall due in it and quiets the rest; the tasks of an empty seat wait instead."""
    live = [task for task in tasks if task.state.live]
    match way.choice:
        case Choice.HAND_OVER:
            return tuple(_answer(task, way, Verb.HAND_OVER, to_person=way.to_person) for task in live)
        case Choice.TAKE_OVER:
            return tuple(_answer(task, way, Verb.HAND_OVER, to_person=way.by or decision.asked) for task in live)
        case Choice.EXTEND:
            return tuple(_answer(task, way, Verb.MOVE, until=way.until) for task in live)
        case Choice.PAUSE:
            waits = decision.kind is DecisionKind.VACANCY
            return tuple(_pause(task, way, waits=waits) for task in live)
        case Choice.WAIVE:
            return tuple(_answer(task, way, Verb.SKIP, reason=way.reason) for task in live)
        case Choice.LIGHTER:
            return tuple(_answer(task, way, Verb.SKIP, reason="lighter") for task in _every_second(live, way.at))
        case Choice.TALK:
            return ()
        case _:
            assert_never(way.choice)


def _pause(task: Task, way: Way, *, waits: bool) -> Answer:
    falls_in = way.until is not None and way.at < task.due and task.date < way.until
    if falls_in and not waits:
        return _answer(task, way, Verb.SKIP, reason="paused")
    return _answer(task, way, Verb.SNOOZE, until=way.until)


def _every_second(tasks: Sequence[Task], at: datetime) -> Iterator[Task]:
    """Of each series the second, fourth and so on of those not yet due."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for task in tasks:
        if task.due > at:
            seen[task.series] += 1
            if seen[task.series] % 2 == 0:
                yield task


def _answer(
    task: Task,
    way: Way,
    verb: Verb,
    *,
    until: date | None = None,
    to_person: str | None = None,
    reason: str | None = None,
) -> Answer:
    return Answer(
        task_id=task.id,
        verb=verb,
        actor=way.by,
        source=way.source,
        at=way.at,
        until=until,
        to_person=to_person,
        reason=reason,
        text=way.text,
    )
