"""What carrying out a decision does: the way out that somebody chose -> an answer to each task it is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never

from cadence.core.model import Answer, Choice, Decision, DecisionKind, Source, Task, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The way out that somebody chose for a decision, with what it needs: a day, a person, those among whom it is
    spread, a reason, words."""

    choice: Choice
    by: str | None
    source: Source
    at: datetime
    until: date | None = None
    to_person: str | None = None
    among: tuple[str, ...] = ()
    reason: str | None = None
    text: str | None = None


def answers_to(decision: Decision, tasks: Sequence[Task], way: Way) -> tuple[Answer, ...]:
    """What carrying out a decision does to the live tasks it is about, in their order.

    To talk changes no task. Lighter drops every second one of each series that still lies ahead. Pause lets those
    go that fall due in it and quiets the rest; the tasks of an empty seat wait instead. Spread deals
    them out evenly."""
    live = [task for task in tasks if task.state.live]
    match way.choice:
        case Choice.HAND_OVER:
            return tuple(_answer(task, way, Verb.HAND_OVER, to_person=way.to_person) for task in live)
        case Choice.TAKE_OVER:
            return tuple(_answer(task, way, Verb.HAND_OVER, to_person=way.by or decision.asked) for task in live)
        case Choice.SPREAD:
            return tuple(_shared(live, way))
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


def _shared(tasks: Sequence[Task], way: Way) -> Iterator[Answer]:
    """Each task to whoever of `among` has got the fewest so far, in their order; nobody gets what is about them."""
    shares = dict.fromkeys(way.among, 0)
    for task in tasks:
        able = [person for person in shares if task.occurrence.about != f"rep/{person}"]
        if able:
            person = min(able, key=lambda one: shares[one])
            shares[person] += 1
            yield _answer(task, way, Verb.HAND_OVER, to_person=person)


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
