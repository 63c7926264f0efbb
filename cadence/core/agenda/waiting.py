"""Questions that wait: whom each lies with by now, and which still want an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from operator import itemgetter

from cadence.core.agenda.situation import Situation
from cadence.core.model import Choice, Decision, DecisionKind, State, Task, Weight


def decision_id(kind: DecisionKind, *parts: str) -> str:
    return hashlib.sha256("\n".join((kind.value, *parts)).encode()).hexdigest()[:12]


def urgent(decision: Decision, situation: Situation) -> bool:
    """Whether the question may go out beside the brief: somebody cannot, nobody holds what is key, or the plan calls
    the activity urgent."""
    if decision.kind is DecisionKind.CANT:
        return True
    vacated = decision.kind is DecisionKind.VACANCY and about_key(decision, situation)
    return vacated or _about_urgent(decision, situation)


def pending(situation: Situation) -> tuple[Decision, ...]:
    """The questions that still want an answer: not answered, not overtaken by events, not held. Each is put to
    whom it lies with by now."""
    by_id = situation.by_id
    taken = taken_last(situation.decisions)
    return tuple(
        replace(decision, asked=lies_with(decision, situation))
        for decision in situation.decisions
        if decision.answered_at is None
        and overtaken_by(decision, taken) is None
        and not is_moot(decision, by_id)
        and not _is_held(decision, by_id, situation)
        and not _is_filled(decision, by_id, situation)
    )


def lies_with(decision: Decision, situation: Situation) -> str:
    """Who has to answer: whoever was asked, or once they are gone the successor, else the line above the one it is
    about, else a keeper."""
    directory = situation.directories.get(decision.plan)
    if directory is None or decision.answered_at is not None:
        return decision.asked
    day = directory.worktime(decision.asked).today(situation.now)
    if directory.is_here(decision.asked, day):
        return decision.asked
    about = decision.about_person
    above = directory.line_above(about, day) if about else directory.line_above_seat(decision.round, day)
    heirs = (directory.holder(f"person/{decision.asked}", day), above, *directory.keepers_on(day))
    return next((heir for heir in heirs if heir and heir != about), decision.asked)


def is_moot(decision: Decision, tasks: Mapping[str, Task]) -> bool:
    """Whether nothing it asks about is owed any more. What was only ever missed remains a pattern to talk about."""
    about = [tasks[task] for task in decision.tasks if task in tasks]
    if any(task.state.live for task in about):
        return False
    missed = bool(about) and all(task.state is State.MISSED for task in about)
    return not (missed and Choice.TALK in decision.choices)


Taken = Mapping[tuple[str | None, str], Decision]


def taken_last(decisions: Iterable[Decision]) -> Taken:
    """The last decision that was taken about each task and round."""
    answered = ((decision.answered_at, decision.id, decision) for decision in decisions if decision.answered_at)
    return {(one.task_id, one.round): one for _, _, one in sorted(answered, key=itemgetter(0, 1)) if one.task_id}


def overtaken_by(decision: Decision, taken: Taken) -> Decision | None:
    """The other question about the same round of the task that was decided since: that ends the ladder."""
    other = taken.get((decision.task_id, decision.round))
    since = other.answered_at if other else None
    return other if since and since >= decision.asked_at and other != decision else None


def _is_filled(decision: Decision, tasks: Mapping[str, Task], situation: Situation) -> bool:
    """Whether somebody holds by now what an empty seat left lying."""
    about = [tasks[task] for task in decision.tasks if task in tasks and tasks[task].state.live]
    seats = [situation.seat(task) for task in about if situation.directory(task)]
    return decision.kind is DecisionKind.VACANCY and all(seat.holder is not None for seat in seats)


def _is_held(decision: Decision, tasks: Mapping[str, Task], situation: Situation) -> bool:
    about = [tasks[task] for task in decision.tasks if task in tasks]
    return bool(about) and all(situation.is_held(task=task) for task in about)


def about_key(decision: Decision, situation: Situation) -> bool:
    about = (situation.by_id[task] for task in decision.tasks if task in situation.by_id)
    return any(task.occurrence.weight is Weight.KEY for task in about)


def _about_urgent(decision: Decision, situation: Situation) -> bool:
    about = (situation.activity(situation.by_id[task]) for task in decision.tasks if task in situation.by_id)
    return any(activity.urgent for activity in about if activity)
