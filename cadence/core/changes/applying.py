"""A change set carried out on values: the tasks as they become, and what is remembered of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from cadence.core.changes.comparing import Amendment, ChangeSet, is_past
from cadence.core.model import Event, EventType, Occurrence, Source, State, Task


@dataclass(frozen=True, slots=True)
class Applied:
    """What a load writes: tasks that are new, tasks as they become, and the events."""

    added: tuple[Task, ...]
    changed: tuple[Task, ...]
    events: tuple[Event, ...]


def applied(change_set: ChangeSet, now: datetime, *, source: Source = Source.CLI, today: date | None = None) -> Applied:
    """Carries the change set out on values. `today` opens tasks whose window has begun. What is over already
    (`--backfill`) is written down and never reminded of.

    What is new is one event for all, with its number: each task says itself since when it is there."""
    day = today or now.date()
    added = tuple(_added(asked, now, day) for asked in change_set.add)
    returned = tuple(_amended(one, now, day) for one in change_set.returning)
    amended = tuple(_amended(one, now, day) for one in change_set.amend)
    retired = tuple(replace(t, state=State.RETIRED, version=t.version + 1, changed_at=now) for t in change_set.retire)
    plan = change_set.plan
    news = Event(at=now, type=EventType.ADDED, source=source, plan=plan, data={"tasks": str(len(added))})
    events = (
        *((news,) if added else ()),
        *(_event(plan, now, source, EventType.RETURNED, task) for task in returned),
        *(
            _event(plan, now, source, EventType.AMENDED, task, why=one.why.word.value)
            for task, one in zip(amended, change_set.amend, strict=True)
        ),
        *(_event(plan, now, source, EventType.RETIRED, task) for task in retired),
    )
    return Applied(added, (*returned, *amended, *retired), events)


def _added(asked: Occurrence, now: datetime, today: date) -> Task:
    paused = date.max if is_past(asked, now, today) else None
    return Task(occurrence=asked, state=_state(asked, today), changed_at=now, paused_until=paused)


def _state(occurrence: Occurrence, today: date) -> State:
    return State.OPEN if occurrence.window.start <= today else State.PLANNED


def _amended(amendment: Amendment, now: datetime, today: date) -> Task:
    task, occurrence = amendment.task, amendment.occurrence
    return replace(
        task,
        occurrence=occurrence,
        state=_state(occurrence, today),
        version=task.version + 1,
        changed_at=now,
        paused_until=_pause(task, occurrence, now, today),
    )


def _pause(task: Task, occurrence: Occurrence, now: datetime, today: date) -> date | None:
    """Nobody is reminded of, or blamed for, what a load moves from ahead to a day that is over; what was mute and
    now lies ahead is spoken of again."""
    if is_past(occurrence, now, today):
        return task.paused_until if is_past(task.occurrence, now, today) else date.max
    return None if task.paused_until == date.max else task.paused_until


def _event(plan: str, now: datetime, source: Source, kind: EventType, task: Task, **data: str) -> Event:
    return Event(at=now, type=kind, source=source, plan=plan, task_id=task.id, data=data)
