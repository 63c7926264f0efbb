"""What slipped in a rehearsal and how it was caught: who was offered help, who was told, who was asked and decided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from cadence.core.model import Decision, Rung, State, Task
from cadence.services.rehearse.running import Rehearsal
from cadence.templating import Words


@dataclass(frozen=True, slots=True)
class Escalation:
    """One question to somebody above, as a line: when, who was asked, about what, and what came of it."""

    at: datetime
    to: str
    kind: str
    about: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to what slipped; `key` names its sentence, `facts` and the tasks' `titles` fill it."""

    at: datetime
    key: str
    facts: Mapping[str, str]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """All that slipped with one person, or in one empty seat. `ends` counts the tasks by what became of them."""

    name: str
    tasks: int
    ends: Mapping[State, int]
    steps: tuple[Step, ...]


def escalations(rehearsal: Rehearsal, words: Words) -> tuple[Escalation, ...]:
    """Every question that was put to somebody above, in order."""
    tasks = {task.id: task for task in rehearsal.tasks}
    return tuple(
        Escalation(
            at=decision.asked_at,
            to=_name(rehearsal, decision.asked),
            kind=words.say(f"escalation.{decision.kind}"),
            about=_about(rehearsal, decision, tasks),
            answer=words.say(f"decided.{decision.choice}") if decision.choice else None,
        )
        for decision in rehearsal.decisions
    )


def slips(rehearsal: Rehearsal, words: Words) -> tuple[Slip, ...]:
    """By person, where most was asked of somebody above first, then where most slipped."""
    tasks = {task.id: task for task in rehearsal.tasks}
    steps: dict[str, list[Step]] = defaultdict(list)
    slipped: dict[str, set[str]] = defaultdict(set)
    for who, task, step in (*_said(rehearsal, tasks), *_asked(rehearsal, tasks, words)):
        steps[who].append(step)
        slipped[who].update([task] if task else ())
    for who, ids in slipped.items():
        steps[who] += [done for one in sorted(ids) for done in _after_all(tasks[one])]
    questions = Counter(decision.about_person or decision.round for decision in rehearsal.decisions)
    order = sorted(steps, key=lambda who: (-questions[who], -len(slipped[who]), who))
    return tuple(
        Slip(
            name=_name(rehearsal, who),
            tasks=len(slipped[who]),
            ends=Counter(tasks[one].state for one in slipped[who]),
            steps=tuple(_together(steps[who])),
        )
        for who in order
    )


def _said(rehearsal: Rehearsal, tasks: Mapping[str, Task]) -> Iterator[tuple[str, str | None, Step]]:
    """Offers of help to holders, and what others were told of them: whose it is, the task, the step."""
    for message in rehearsal.first:
        for entry in message.entries:
            task = tasks.get(entry.task_id or "")
            base = entry.rung.base if entry.rung else None
            if task is None or base not in (Rung.HELP, Rung.TOLD):
                continue
            holder = rehearsal.situation.seat(task).holder or task.occurrence.seat
            key = "story.help" if message.to == holder else "story.told"
            facts = {} if message.to == holder else {"to": _name(rehearsal, message.to)}
            yield holder, task.id, Step(message.at, key, facts, (task.occurrence.title,))


def _asked(rehearsal: Rehearsal, tasks: Mapping[str, Task], words: Words) -> Iterator[tuple[str, str | None, Step]]:
    for decision in rehearsal.decisions:
        who = decision.about_person or decision.round
        facts = {
            "to": _name(rehearsal, decision.asked),
            "what": words.say(f"escalation.{decision.kind}"),
            "about": _about(rehearsal, decision, tasks),
        }
        yield who, decision.task_id, Step(decision.asked_at, "story.asked", facts)
        if decision.answered_at and decision.choice:
            chosen = {"by": _name(rehearsal, decision.by), "choice": words.say(f"decided.{decision.choice}")}
            yield who, decision.task_id, Step(decision.answered_at, "story.decided", {**facts, **chosen})


def _after_all(task: Task) -> Iterator[Step]:
    if task.state is State.DONE and task.recorded_at:
        yield Step(task.recorded_at, "story.done", {}, (task.occurrence.title,))


def _together(steps: Iterable[Step]) -> Iterator[Step]:
    """What was said at one instant about several tasks, as one step, in order."""

    def same(step: Step) -> tuple[datetime, str, str]:
        return step.at, step.key, repr(sorted(step.facts.items()))

    for _, group in groupby(sorted(steps, key=same), key=same):
        first, *others = group
        yield replace(first, titles=tuple(dict.fromkeys(title for step in (first, *others) for title in step.titles)))


def _about(rehearsal: Rehearsal, decision: Decision, tasks: Mapping[str, Task]) -> str:
    """The person, the task or the empty seat that a question is about."""
    task = tasks.get(decision.task_id or "")
    parts = (rehearsal.situation.name_of(decision.about_person), task.occurrence.title if task else None)
    return " · ".join(part for part in parts if part) or _name(rehearsal, decision.round)


def _name(rehearsal: Rehearsal, who: str | None) -> str:
    """A person's name; for an empty seat what it is called."""
    if who and "/" in who:
        return rehearsal.compiled.directory.title_of(who.replace("manager/", "team/"))
    return rehearsal.situation.name_of(who) or ""
