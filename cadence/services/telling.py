"""Who will hear of a load, through which channel, when at the earliest, and which sent messages it makes untrue."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from cadence.channels import ways
from cadence.core.agenda.briefing import brief_at
from cadence.core.changes import ChangeSet, Told, told
from cadence.core.directory import Directory
from cadence.core.model import Section
from cadence.services.context import Context
from cadence.services.reconcile import Prepared
from cadence.services.rewriting import REWRITTEN_FOR
from cadence.store import Work


@dataclass(frozen=True, slots=True)
class Telling:
    """What one person will be told. `channel` None means that nothing reaches them; `brief` is the instant of their
    next brief, in which whatever is due by then stands; `rewritten` counts sent messages that will say the truth."""

    told: Told
    channel: str | None
    brief: datetime
    rewritten: int


def tellings(work: Work, context: Context, prepared: Prepared, now: datetime) -> tuple[Telling, ...]:
    """By person's key."""
    asked = prepared.compiled.directory
    directory = replace(asked, persons=work.people.as_they_prefer(asked.persons))
    rewritten = _rewritten(work, prepared.change_set, now)
    return tuple(
        Telling(
            told=one,
            channel=_channel(context, directory, one.person),
            brief=next_brief(directory, one.person, now),
            rewritten=rewritten[one.person],
        )
        for one in told(prepared.change_set, directory, now, prepared.before)
    )


def _channel(context: Context, directory: Directory, person: str) -> str | None:
    known = directory.persons.get(person)
    return next((way.name for way in ways(context.channels, known)), None) if known else None


def next_brief(directory: Directory, person: str, now: datetime) -> datetime:
    """The first brief after `now`: on a working day, at the person's hour."""
    worktime, known = directory.worktime(person), directory.persons.get(person)
    day = worktime.on_or_after(worktime.today(now))
    if known is None:
        opens = worktime.opening(day)
        return opens if opens > now else worktime.opening(worktime.add(day, 1))
    at = brief_at(known, worktime, day)
    return at if at > now else brief_at(known, worktime, worktime.add(day, 1))


def _rewritten(work: Work, change_set: ChangeSet, now: datetime) -> Counter[str]:
    """How many young messages of each person show a task that changes."""
    changed = {one.task.id for one in (*change_set.amend, *change_set.returning)}
    changed |= {task.id for task in change_set.retire}
    sent = work.ledger.editable(now - REWRITTEN_FOR, changed) if changed else ()
    return Counter(
        delivery.recipient
        for delivery in sent
        if any(entry.task_id in changed for entry in delivery.entries if entry.section is not Section.COMING)
    )
