"""The beat: looks at everything, decides what is due, writes it down in one transaction, then sends.

It can be run at any time, by any number of processes, as often as one likes: what was decided once is decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from cadence.channels import ways
from cadence.core.agenda import Brief, Situation, briefs, decisions_to_ask, pending, settled, standings
from cadence.core.lifecycle import open_up
from cadence.core.model import Decision, Delivery, MessageKind, Person, Rung, State, Task
from cadence.services.context import Context
from cadence.services.dispatch import View, dispatch, settle_doubts
from cadence.services.horizon import is_quiet, keep
from cadence.services.installation import is_stale, look
from cadence.services.privacy import erase_old
from cadence.services.report import digests_due, has_something
from cadence.services.respond import asked_event
from cadence.services.rewriting import owe_rewrites
from cadence.store import Work

LOOK_AGAIN = timedelta(minutes=15)
"""When nothing is known to come sooner, the agenda is worth another look after this time."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What one beat did: messages sent and failed for good, those still waiting, and when something is next due."""

    now: datetime
    sent: int
    failed: int
    waiting: int
    next: datetime


def beat(context: Context, now: datetime, stopping: Callable[[], bool] = lambda: False) -> Beat:
    """One beat at `now`. Once `stopping` says so, nothing more is sent."""
    with context.store.begin() as work:
        work.ledger.expire(now)
        view = View() if is_quiet(work, now) else _decided(work, context, now)
    settle_doubts(context, now)
    tally = dispatch(context, now, view, stopping)
    with context.store.begin() as work:
        work.records.mark("beat", now.isoformat())
        erase_old(work, now)
        waiting = sum(work.ledger.waiting().values())
        upcoming = work.ledger.next_due()
    return Beat(now, tally.sent, tally.failed, waiting, max(now, upcoming or now + LOOK_AGAIN))


def _decided(work: Work, context: Context, now: datetime) -> View:
    situation = decide_and_enqueue(work, context, now)
    keep(work, situation)
    return View.of_now(work, situation)


def decide_and_enqueue(work: Work, context: Context, now: datetime) -> Situation:
    """Everything the agenda says at `now`, written: tasks opened and settled, questions asked, messages owed. Gives
    the situation as it then is."""
    situation = _supersede(work, look(work, now))
    situation = _open_windows(work, situation)
    situation = _settle(work, situation)
    situation = _ask(work, situation)
    for brief in briefs(situation, standings(situation), pending(situation)):
        _enqueue(work, context, situation, brief)
    _owe_digests(work, context, situation)
    return situation


def _open_windows(work: Work, situation: Situation) -> Situation:
    today = {plan: people.calendar.today(situation.now) for plan, people in situation.directories.items()}
    planned = [task for task in situation.tasks if task.state is State.PLANNED]
    due = [t for t in planned if t.occurrence.window.start <= today.get(t.occurrence.plan, date.min)]
    for task in due:
        work.tasks.replace(open_up(task), task.version)
    return _with_tasks(situation, (open_up(task) for task in due))


def _settle(work: Work, situation: Situation) -> Situation:
    over = settled(situation)
    for accepted in over:
        work.tasks.replace(accepted.task, accepted.task.version - 1)
        work.records.event(*accepted.events)
    owe_rewrites(work, (accepted.task.id for accepted in over), situation.now)
    return _with_tasks(situation, (accepted.task for accepted in over))


def _with_tasks(situation: Situation, changed: Iterable[Task]) -> Situation:
    by_id = {task.id: task for task in changed}
    if not by_id:
        return situation
    return replace(situation, tasks=tuple(by_id.get(task.id, task) for task in situation.tasks))


def _ask(work: Work, situation: Situation) -> Situation:
    new: list[Decision] = []
    for decision in decisions_to_ask(situation):
        if work.records.ask(decision):
            work.records.event(asked_event(decision))
            new.append(decision)
    return replace(situation, decisions=(*situation.decisions, *new)) if new else situation


def _supersede(work: Work, situation: Situation) -> Situation:
    """A brief of an earlier day that never went out is not sent late: the next one takes over what it owed."""
    stale = [d for d in situation.waiting if is_stale(d, situation.worktimes, situation.now)]
    unsaid: set[tuple[str, Rung | None, str]] = set()
    for delivery in stale:
        if work.ledger.abandon(delivery.key, situation.now, "superseded by a later day's brief"):
            work.ledger.unsay(delivery)
            unsaid.update(
                (e.task_id or e.decision_id or f"person/{e.subject}", e.rung, delivery.recipient)
                for e in delivery.entries
            )
    if not unsaid:
        return situation
    said = (n for n in situation.notices if (n.subject, n.rung, n.recipient) not in unsaid)
    return replace(situation, notices=frozenset(said))


def _enqueue(work: Work, context: Context, situation: Situation, brief: Brief) -> None:
    delivery = Delivery(
        key=delivery_key(brief.kind, brief.day.isoformat(), situation.persons[brief.to], _discriminator(brief)),
        kind=brief.kind,
        recipient=brief.to,
        channel=_first_way(context, situation.persons[brief.to]),
        occasion=brief.day.isoformat(),
        entries=brief.entries,
        not_before=situation.now,
        created_at=situation.now,
    )
    if work.ledger.enqueue(delivery):
        work.ledger.note(brief.notices, situation.now)


def _discriminator(brief: Brief) -> str:
    """Tells two alerts of one day apart; a brief needs nothing, there is only one."""
    return "" if brief.kind is MessageKind.BRIEF else ",".join(sorted(notice.subject for notice in brief.notices))


def delivery_key(kind: MessageKind, occasion: str, person: Person, more: str = "") -> str:
    """The same message for the same occasion has the same key, which says nothing about who it is for."""
    digest = hashlib.sha256("\n".join((person.identity, more)).encode()).hexdigest()[:12]
    return f"{kind}-{occasion}-{digest}"


def _first_way(context: Context, person: Person) -> str:
    return next((channel.name for channel in ways(context.channels, person)), "none")


def _owe_digests(work: Work, context: Context, situation: Situation) -> None:
    due = tuple(digests_due(situation))
    owed = work.ledger.existing(key for key, _, _ in due)
    for key, person, week in due:
        if key not in owed and has_something(situation, person, week):
            _owe_digest(work, context, situation, key, person, week)


def _owe_digest(work: Work, context: Context, situation: Situation, key: str, person: Person, week: str) -> None:
    by_mail = [way.name for way in ways(context.channels, person) if way.name != "slack"]
    delivery = Delivery(
        key=key,
        kind=MessageKind.DIGEST,
        recipient=person.key,
        channel=next(iter(by_mail), _first_way(context, person)),
        occasion=week,
        not_before=situation.now,
        created_at=situation.now,
    )
    work.ledger.enqueue(delivery)
