"""Schedule x stored tasks -> a change set and its dangers: a value that is shown, demanded by hash and applied.

Laws kept here: what is closed is never touched; the past is closed to additions; identity decides, never the
date or the holder; an overlay laid by hand stays; `retired` comes back under the same identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from cadence.core.model import OCCURRENCE_FIELDS, DateState, Event, EventType, Occurrence, Source, State, Task

MANY_TASKS = 20
MANY_SHARE = 0.25
"""Retiring or moving more open tasks than this number, or this share of them, wants a second look."""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A live task that the plan now asks differently. `changes` maps a field to (before, after), as written in
    documents; `why` names the cause: `holder`, `date`, `plan`."""

    task: Task
    occurrence: Occurrence
    changes: Mapping[str, tuple[object, object]]
    why: str


@dataclass(frozen=True, slots=True)
class Danger:
    """Why a change set is refused without `--force`."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What one load would do. `returning` are retired tasks that the plan asks for again; `past` counts the
    occurrences whose window closed before the load; `kept` are live tasks with an overlay of a person's hand."""

    plan: str
    add: tuple[Occurrence, ...]
    returning: tuple[Amendment, ...]
    amend: tuple[Amendment, ...]
    retire: tuple[Task, ...]
    unchanged: int
    kept: tuple[Task, ...]
    past: int
    dangers: tuple[Danger, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.add or self.returning or self.amend or self.retire)

    @property
    def hash(self) -> str:
        """Names what would be done, so that what was reviewed is what is applied."""
        lines = [f"add {o!r}" for o in self.add]
        lines += [f"return {a.occurrence!r}" for a in self.returning]
        lines += [f"amend {a.task.id} {sorted(a.changes.items())!r}" for a in self.amend]
        lines += [f"retire {t.id}" for t in self.retire]
        return hashlib.sha256("\n".join([self.plan, *lines]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds each task under the plan as stored and as it would be: task id -> person's key or None."""

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]

    def change(self, task_id: str) -> tuple[str | None, str | None] | None:
        pair = (self.before.get(task_id), self.after.get(task_id))
        return pair if pair[0] != pair[1] and task_id in self.before else None


def changes(
    plan: str,
    schedule: Sequence[Occurrence],
    tasks: Sequence[Task],
    holders: Holders,
    now: datetime,
    *,
    today: date | None = None,
    backfill: bool = False,
    vanished: Sequence[str] = (),
    succeeded: Sequence[tuple[str, str]] = (),
) -> ChangeSet:
    """Compares by identity. `vanished` are persons gone from the file without `left`, `succeeded` pairs of
    managers of whom the second now leads mostly the first one's reps. `today` is the plan's own, by default UTC's."""
    day = today or now.date()
    stored = {task.id: task for task in tasks}
    wanted = {occurrence.id for occurrence in schedule}
    add: list[Occurrence] = []
    returning: list[Amendment] = []
    amend: list[Amendment] = []
    past = unchanged = 0
    for occurrence in schedule:
        task = stored.get(occurrence.id)
        if task is None or task.state is State.RETIRED:
            if _is_past(occurrence, now, day) and not backfill:
                past += 1
            elif task is None:
                add.append(occurrence)
            else:
                returning.append(Amendment(task, occurrence, differences(task.occurrence, occurrence), "plan"))
        elif task.state.live and (amendment := _amendment(task, occurrence, holders)):
            amend.append(amendment)
        else:
            unchanged += 1
    retire = tuple(task for task in tasks if task.state.live and task.id not in wanted)
    live = [task for task in tasks if task.state.live]
    return ChangeSet(
        plan=plan,
        add=tuple(add),
        returning=tuple(returning),
        amend=tuple(amend),
        retire=retire,
        unchanged=unchanged,
        kept=tuple(task for task in live if task.id in wanted and (task.moved or task.handed_to)),
        past=past,
        dangers=tuple(_dangers(len(live), retire, amend, vanished, succeeded)),
    )


def _is_past(occurrence: Occurrence, now: datetime, today: date) -> bool:
    """Its window has closed: for what is owed on the window's last day, or within it, when it is due; a light one
    stays open after its due day until the window's last day is over."""
    owed_by_last = occurrence.date_state is DateState.PROPOSED or occurrence.date >= occurrence.window.last
    return occurrence.due <= now if owed_by_last else occurrence.window.stop <= today


def _amendment(task: Task, occurrence: Occurrence, holders: Holders) -> Amendment | None:
    found = differences(task.occurrence, occurrence)
    if change := holders.change(task.id):
        found["holder"] = change
    if not found:
        return None
    why = "date" if {"date", "due", "window"} & set(found) else "holder" if "holder" in found else "plan"
    return Amendment(task, occurrence, found, why)


def differences(before: Occurrence, after: Occurrence) -> dict[str, tuple[object, object]]:
    """The fields of the two that differ, by name."""
    if before == after:
        return {}
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in OCCURRENCE_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _dangers(
    live: int,
    retire: Sequence[Task],
    amend: Sequence[Amendment],
    vanished: Sequence[str],
    succeeded: Sequence[tuple[str, str]],
) -> Iterator[Danger]:
    moved = sum(amendment.why == "date" for amendment in amend)
    for verb, count in (("retires", len(retire)), ("moves", moved)):
        if count > min(MANY_TASKS, live * MANY_SHARE):
            yield Danger(f"many-{verb}", f"{verb} {count} of {live} open tasks")
    for person in vanished:
        yield Danger("vanished", f"{person} is gone from the people without a `left` date")
    for old, new in succeeded:
        yield Danger("succession", f"{new} now leads most of {old}'s reps; did {new} replace {old}? write `replaces`")


@dataclass(frozen=True, slots=True)
class Applied:
    """What a load writes: tasks that are new, tasks as they become, and the events."""

    added: tuple[Task, ...]
    changed: tuple[Task, ...]
    events: tuple[Event, ...]


def applied(change_set: ChangeSet, now: datetime, *, source: Source = Source.CLI, today: date | None = None) -> Applied:
    """Carries the change set out on values. `today` opens tasks whose window has begun. What is over already
    (`--backfill`) is written down and never reminded of."""
    day = today or now.date()
    added = tuple(
        Task(
            occurrence=o,
            state=_state(o, day),
            changed_at=now,
            paused_until=date.max if _is_past(o, now, day) else None,
        )
        for o in change_set.add
    )
    returned = tuple(_amended(a, now, day) for a in change_set.returning)
    amended = tuple(_amended(a, now, day) for a in change_set.amend)
    retired = tuple(replace(t, state=State.RETIRED, version=t.version + 1, changed_at=now) for t in change_set.retire)
    plan = change_set.plan
    events = (
        *(_event(plan, now, source, EventType.ADDED, task) for task in added),
        *(_event(plan, now, source, EventType.RETURNED, task) for task in returned),
        *(
            _event(plan, now, source, EventType.AMENDED, t, why=a.why)
            for t, a in zip(amended, change_set.amend, strict=True)
        ),
        *(_event(plan, now, source, EventType.RETIRED, task) for task in retired),
    )
    return Applied(added, (*returned, *amended, *retired), events)


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
    if _is_past(occurrence, now, today):
        return task.paused_until if _is_past(task.occurrence, now, today) else date.max
    return None if task.paused_until == date.max else task.paused_until


def _event(plan: str, now: datetime, source: Source, kind: EventType, task: Task, **data: str) -> Event:
    return Event(at=now, type=kind, source=source, plan=plan, task_id=task.id, data=data)
