"""What a person, a team, a role or a whole plan sees of the tasks in a calendar.

No coaching text and nothing that somebody wrote stands in a feed: its address is a secret that people pass on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, assert_never

from cadence.core.directory import Directory, plain_seat
from cadence.core.kinds import KINDS
from cadence.core.messages import Say
from cadence.core.model import DateState, State, Task
from cadence.feeds.ical import FeedItem

FADES = timedelta(days=30)
"""How long a cancelled event is still served, so that every client has heard of it."""

GONE = (State.SKIPPED, State.RETIRED)

HolderOf = Callable[[Task], str | None]
"""Who answers for a task as things stand; None for an empty seat."""

AgendaOf = Callable[[Task], str]
"""What the plan says is to be talked about; empty where it says nothing."""

LinkTo = Callable[[Task], str | None]
"""The address of a task's page; None where there are no pages."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose calendar it is. `subject` is a person's or team's key, a role's word or a plan's id."""

    kind: Literal["person", "team", "role", "plan"]
    subject: str


def items(
    tasks: Iterable[Task],
    directory: Directory,
    say: Say,
    now: datetime,
    audience: Audience,
    *,
    holder: HolderOf,
    agenda: AgendaOf = lambda task: "",
    link: LinkTo = lambda task: None,
) -> tuple[FeedItem, ...]:
    """One item per task that concerns the audience, in the tasks' order. What was left out or retired stays for
    `FADES` as cancelled; what was done stands on the day it happened."""
    return tuple(
        _item(task, directory, say, audience, holder(task), agenda(task), link(task))
        for task in tasks
        if not _faded(task, now) and _concerns(task, directory, audience, holder)
    )


def _faded(task: Task, now: datetime) -> bool:
    return task.state in GONE and task.changed_at + FADES <= now


def _concerns(task: Task, directory: Directory, audience: Audience, holder: HolderOf) -> bool:
    match audience.kind:
        case "person":
            return holder(task) == audience.subject or audience.subject in task.occurrence.attendees
        case "team":
            return _team(task, directory) == audience.subject
        case "role":
            return plain_seat(task.occurrence.seat) == f"role/{audience.subject}"
        case "plan":
            return task.occurrence.plan == audience.subject
        case _:
            assert_never(audience.kind)


def _team(task: Task, directory: Directory) -> str | None:
    """The team whose manager or rep owes the task."""
    kind, _, key = task.occurrence.seat.partition("/")
    return key if kind == "manager" else directory.members.get(key) if kind == "rep" else None


def _item(
    task: Task,
    directory: Directory,
    say: Say,
    audience: Audience,
    holder: str | None,
    agenda: str,
    link: str | None,
) -> FeedItem:
    occurrence = task.occurrence
    moved_when_done = task.happened_on is not None and task.happened_on != task.date
    starts, ends = (None, None) if moved_when_done else (task.starts, task.ends)
    name = directory.name(holder) if holder else say("feed.nobody")
    return FeedItem(
        uid=task.id,
        summary=occurrence.title if audience.kind == "person" else _title(occurrence.title, name, say),
        description="\n".join((*_notes(task, say, name, holder == audience.subject), *filter(None, [agenda.strip()]))),
        day=task.happened_on or task.date,
        starts=starts,
        ends=ends,
        busy=starts is not None and _meeting(occurrence.kind),
        proposed=task.state.live and task.date_state is DateState.PROPOSED,
        cancelled=task.state in GONE,
        sequence=task.version - 1,
        changed_at=task.changed_at,
        url=link,
        categories=(say(f"kind.{occurrence.kind}.name"),),
    )


def _title(title: str, holder: str, say: Say) -> str:
    """With the holder's name, unless the title says it already (a team is often called after its manager)."""
    return say("feed.title", title=title, holder="" if holder in title else holder)


def _meeting(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].meeting


def _notes(task: Task, say: Say, holder: str, is_mine: bool) -> Iterable[str]:
    if not task.state.live:
        yield say(f"feed.{task.state}")
        return
    if not is_mine:
        yield say("feed.holder", holder=holder)
    if task.date_state is DateState.PROPOSED:
        yield say("feed.proposed", by=task.occurrence.window.last)
