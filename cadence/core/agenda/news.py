"""What a load changed for whom, and what somebody else put at short notice on a person's desk.

Both are read from the events of the last days and held against the state as it is: what was undone meanwhile is no
news, nor is what the person never knew of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cadence.core.agenda.ladder import Standing
from cadence.core.agenda.situation import Situation
from cadence.core.model import DateState, Event, EventType, Notice, Rung, State, Task, Verb

NEAR = timedelta(days=14)
"""How far ahead of a load a day lies that is news to somebody who was never told of the task."""
OF_A_LOAD = (EventType.AMENDED, EventType.RETIRED, EventType.RETURNED, EventType.ADDED)
CAME = (EventType.RETURNED, EventType.ADDED)
AT_SHORT_NOTICE = timedelta(days=4)
"""How long ago something may have been put on a desk to be at short notice: a long weekend."""


class Change(StrEnum):
    """What became of a task for one person; names the line (`line.changed_...`)."""

    MOVED = "moved"
    GAINED = "gained"
    GIVEN = "given"
    ADDED = "added"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class News:
    """One task that a load changed for one person. `before` is when it was, or who else has or had it; None where
    neither counts."""

    task: Task
    change: Change
    before: str | None
    notice: Notice


@dataclass(frozen=True, slots=True)
class _Step:
    """One event of one task: what it was and whose before, as far as the event says."""

    at: datetime
    type: EventType
    was: str | None
    holder: str | None
    changed_hands: bool


def news(situation: Situation) -> Mapping[str, Sequence[News]]:
    """What each person has to be told of loads, by the day of the task."""
    found: dict[str, list[News]] = defaultdict(list)
    for task, steps in _of_loads(situation):
        holder = situation.seat(task).holder
        for person in dict.fromkeys((holder, *(step.holder for step in steps))):
            if person and (one := _told(task, person, holder, steps, situation)):
                found[person].append(one)
    return {who: sorted(news, key=lambda one: (one.task.date, one.task.id)) for who, news in found.items()}


def _of_loads(situation: Situation) -> Iterator[tuple[Task, Sequence[_Step]]]:
    """Each task that a load said something new about, with what was said, oldest first."""
    told = [e for e in situation.changed if e.type in OF_A_LOAD and "quietly" not in e.data and "first" not in e.data]
    steps: dict[str, list[_Step]] = defaultdict(list)
    for event in told:
        for task_id in _subjects(event, situation):
            hands = "holder" in event.data
            steps[task_id].append(_Step(event.at, event.type, event.data.get("was"), event.subject, hands))
    for task_id, said in steps.items():
        task = situation.by_id.get(task_id)
        if task and situation.directory(task) and not task.state.closed and not situation.is_held(task=task):
            yield task, said


def _subjects(event: Event, situation: Situation) -> Iterable[str]:
    """The tasks an event is about; what is added is one event for all, and each says itself since when it is there."""
    if event.task_id:
        return (event.task_id,)
    plan, at = event.plan, event.at
    return (t.id for t in situation.tasks if t.version == 1 and t.changed_at == at and t.occurrence.plan == plan)


def _told(task: Task, person: str, holder: str | None, steps: Sequence[_Step], situation: Situation) -> News | None:
    rounds = [Notice(task.id, step.at.isoformat(), Rung.CHANGED, person) for step in steps]
    said = max((n for n, one in enumerate(rounds) if one in situation.notices), default=-1)
    unsaid = steps[said + 1 :]
    directory = situation.directories[task.occurrence.plan]
    if not unsaid or person not in situation.worktimes or not directory.is_here(person, situation.today(person)):
        return None
    before = next((step.holder for step in unsaid if step.changed_hands), holder)
    had = before == person and unsaid[0].type not in CAME
    has = task.state.live and holder == person
    found = _change(task, had, has, before, holder, unsaid)
    if found is None or not _knows(task, person, unsaid, situation):
        return None
    return News(task, *found, rounds[-1])


def _change(
    task: Task, had: bool, has: bool, before: str | None, holder: str | None, unsaid: Sequence[_Step]
) -> tuple[Change, str | None] | None:
    was = next((step.was for step in unsaid if step.was), None)
    if had and has:
        return (Change.MOVED, was) if was not in (None, task.when) else None
    if has:
        return (Change.ADDED, None) if unsaid[0].type in CAME else (Change.GAINED, before)
    if not had:
        return None
    if task.state is State.RETIRED:
        return Change.GONE, was
    return (Change.GIVEN, holder) if holder else None


def _knows(task: Task, person: str, unsaid: Sequence[_Step], situation: Situation) -> bool:
    """Whether the person was told of the task before, or its old or new day lay near when the load came."""
    if any(notice.recipient == person for notice in situation.notices_of(task.id)):
        return True
    if task.date_state is DateState.PROPOSED:
        return False
    loaded = unsaid[0].at.date()
    days = [task.date, *(date.fromisoformat(step.was[:10]) for step in unsaid if step.was)]
    return any(loaded <= day <= loaded + NEAR for day in days)


def is_so(change: Change, before: str | None, task: Task, to: str, situation: Situation) -> bool:
    """Whether it is still true just before sending."""
    holder = situation.seat(task).holder
    match change:
        case Change.MOVED:
            return task.state.live and holder == to and task.when != before
        case Change.GAINED | Change.ADDED:
            return task.state.live and holder == to
        case Change.GIVEN:
            return task.state.live and holder not in (None, to)
        case Change.GONE:
            return task.state is State.RETIRED


def is_soon(task: Task, to: str, situation: Situation) -> bool:
    """Whether what was at short notice still is."""
    owed = task.state.live and situation.seat(task).holder == to and not situation.is_held(task=task)
    return owed and situation.now < begins(task)


# --- at short notice -----------------------------------------------------------------------------------------------


def at_short_notice(
    situation: Situation, who: str, last_brief: datetime | None, next_brief: datetime
) -> Iterator[Standing]:
    """What came up, was handed over or was moved so that it begins before `who` could read of it in a brief. Not what
    they put there themselves."""
    by_task: dict[str, Event] = {}
    for event in situation.changed:
        if event.at >= situation.now - AT_SHORT_NOTICE and _puts_there(event):
            by_task |= dict.fromkeys(_subjects(event, situation), event)
    for task_id, event in sorted(by_task.items()):
        task = situation.by_id.get(task_id)
        if task is None or event.actor == who or not _presses(task, who, next_brief, situation):
            continue
        if not _is_known(task, who, event, last_brief, situation):
            notice = soon_notice(task, who)
            noticed = notice in situation.notices
            yield Standing(task, situation.seat(task), Rung.SOON, who, situation.today(who), notice, noticed)


def soon_notice(task: Task, who: str) -> Notice:
    return Notice(task.id, begins(task).isoformat(), Rung.SOON, who)


def begins(task: Task) -> datetime:
    """When it begins; what has no hour is to be done by its due instant."""
    return task.starts or task.due


def _puts_there(event: Event) -> bool:
    if event.type is EventType.ANSWERED:
        return event.data.get("verb") in (Verb.MOVE, Verb.HAND_OVER)
    return event.type in CAME or (event.type is EventType.AMENDED and ("was" in event.data or "holder" in event.data))


def _presses(task: Task, who: str, next_brief: datetime, situation: Situation) -> bool:
    """It is theirs, and begins before the next brief and no later than the next working day."""
    if not task.state.live or task.date_state is DateState.PROPOSED or not situation.directory(task):
        return False
    seat, today = situation.seat(task), situation.today(who)
    if seat.holder != who or situation.is_held(task=task) or (task.paused_until and task.paused_until > today):
        return False
    soon = situation.now < begins(task) < next_brief
    return soon and situation.worktimes[who].between(today, seat.worktime.today(begins(task))) <= 1


def _is_known(task: Task, who: str, event: Event, last_brief: datetime | None, situation: Situation) -> bool:
    """Whether this round was spoken of already; another hour of the same day is news until the next brief."""
    spoken = any(n.recipient == who and n.round.startswith(task.round) for n in situation.notices_of(task.id))
    moved_since = event.type is not EventType.ADDED and (last_brief is None or event.at > last_brief)
    return spoken and not (moved_since and ("was" in event.data or event.data.get("verb") == Verb.MOVE))
