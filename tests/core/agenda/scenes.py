"""Scenes for the agenda: a plan's tasks and people at one instant, with what was said and asked before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cadence.core.agenda import Situation
from cadence.core.model import Answer, Decision, Notice, Rung, Source, State, Task, Verb
from tests.core.compiling import compiled

PEOPLE = """
plan: p
rollout: 2027-03-01
ends: week 12
timezone: Europe/London
people:
  list:
    ana: {name: Ana, email: ana@x.test, reports_to: vic}
    ben: {name: Ben, email: ben@x.test, reports_to: vic}
    rae: {name: Rae, email: rae@x.test, manager: ana}
    vic: {name: Vic, email: vic@x.test}
    sue: {name: Sue, email: sue@x.test}
    kim: {name: Kim, email: kim@x.test}
roles: {vp: vic, sponsor: sue, enablement: kim}
keepers: [kim]
activities:
"""
LOADED = datetime(2027, 2, 1, tzinfo=UTC)


def at(moment: str) -> datetime:
    """`2027-03-17 09:00` in London."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)


def scene(activities: str, moment: str = "2027-03-01 09:00", *, head: str = PEOPLE) -> Situation:
    """The tasks of these activities, nothing said yet."""
    found = compiled(head + "\n".join(f"  {line}" for line in activities.strip().splitlines()))
    people = found.directory
    return Situation(
        now=at(moment),
        tasks=tuple(Task(occurrence=o, state=State.OPEN, changed_at=LOADED) for o in found.schedule),
        notices=frozenset(Notice(f"person/{key}", "", Rung.WELCOME, key) for key in people.persons),
        decisions=(),
        plans={"p": found.plan},
        directories={"p": people},
        persons=people.persons,
        worktimes=people.worktimes,
        briefed={},
        alerted={},
    )


def later(situation: Situation, moment: str) -> Situation:
    return replace(situation, now=at(moment))


def said(situation: Situation, *notices: Notice) -> Situation:
    return replace(situation, notices=situation.notices | set(notices))


def asked(situation: Situation, *decisions: Decision) -> Situation:
    return replace(situation, decisions=(*situation.decisions, *decisions))


def with_task(situation: Situation, number: int, **changes: object) -> Situation:
    tasks = list(situation.tasks)
    tasks[number] = replace(tasks[number], version=tasks[number].version + 1, **changes)  # type: ignore[arg-type]  # fields of Task
    return replace(situation, tasks=tuple(tasks))


def answer(task: Task, verb: Verb, moment: str, **more: object) -> Answer:
    return Answer(task_id=task.id, verb=verb, actor="ana", source=Source.PAGE, at=at(moment), **more)  # type: ignore[arg-type]  # fields of Answer


def day(text: str) -> date:
    return date.fromisoformat(text)
