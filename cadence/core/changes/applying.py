"""A change set carried out on values: the tasks as they become, and what is remembered of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cadence.core.changes.comparing import Amendment, ChangeSet, is_past
from cadence.core.model import NOTHING, Event, EventType, Occurrence, Source, State, Task


@dataclass(frozen=True, slots=True)
class Added:
    """Occurrences that become tasks alike: each as `like`, but for what is asked."""

    like: Task
    occurrences: tuple[Occurrence, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What a load writes: tasks that are new, tasks as they become, and the events."""

    added: tuple[Added, ...]
    changed: tuple[Task, ...]
    events: tuple[Event, ...]


def applied(
    change_set: ChangeSet,
    now: datetime,
    *,
    source: Source = Source.CLI,
    today: date | None = None,
    said: Mapping[str, str] = NOTHING,
) -> Applied:
    """Carries the change set out on values. `today` opens tasks whose window has begun. What is over already
    (`--backfill`) is written down and never reminded of.

    What is new is one event for all, with its number: each task says itself since when it is there. `said` goes into
    each event: `first` for a plan's first load, `quietly` for one that nobody is to be told of."""
    day = today or now.date()
    added = tuple(_added(change_set.add, now, day))
    returned = tuple(_amended(one, now, day) for one in change_set.returning)
    amended = tuple(_amended(one, now, day) for one in change_set.amend)
    retired = tuple(replace(t, state=State.RETIRED, version=t.version + 1, changed_at=now) for t in change_set.retire)
    plan = change_set.plan
    news = {"tasks": str(len(change_set.add)), **said}
    events = (
        *((Event(at=now, type=EventType.ADDED, source=source, plan=plan, data=news),) if added else ()),
        *(_event(plan, now, source, EventType.RETURNED, task, **said) for task in returned),
        *(
            replace(_event(plan, now, source, EventType.AMENDED, task, **_before(one), **said), subject=_handed(one))
            for task, one in zip(amended, change_set.amend, strict=True)
        ),
        *(
            _event(plan, now, source, EventType.RETIRED, task, was=before.when, **said)
            for task, before in zip(retired, change_set.retire, strict=True)
        ),
    )
    return Applied(added, (*returned, *amended, *retired), events)


def _added(asked: Sequence[Occurrence], now: datetime, today: date) -> Iterator[Added]:
    alike: defaultdict[tuple[State, date | None], list[Occurrence]] = defaultdict(list)
    for one in asked:
        alike[_state(one, today), date.max if is_past(one, now, today) else None].append(one)
    for (state, paused), own in alike.items():
        yield Added(Task(occurrence=own[0], state=state, changed_at=now, paused_until=paused), tuple(own))


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


def _before(amendment: Amendment) -> dict[str, str]:
    """Why it was amended, when it was to be before where it moves, and that it changed hands."""
    was = {"was": amendment.task.when} if amendment.moves or "starts" in amendment.changes else {}
    hands = {"holder": "changed"} if "holder" in amendment.changes else {}
    return {"why": amendment.why.word.value, **was, **hands}


def _handed(amendment: Amendment) -> str | None:
    """Who held what changes hands; None for an empty seat, and for what stays where it is."""
    before, _ = amendment.changes.get("holder", (None, None))
    return before if isinstance(before, str) else None


def _event(plan: str, now: datetime, source: Source, kind: EventType, task: Task, **data: str) -> Event:
    return Event(at=now, type=kind, source=source, plan=plan, task_id=task.id, data=data)
