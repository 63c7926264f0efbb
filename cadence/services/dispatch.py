"""Sends what is queued: claims, looks once more whether it is still true, writes down what goes, sends, settles.

Between the claim and the settling nothing is held open: a process that dies leaves a lease behind, and what was
being sent becomes doubtful, never forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from cadence.channels import Channel, Rendered, ways
from cadence.core.agenda import Situation, message, still_owed
from cadence.core.messages import Message
from cadence.core.model import (
    Delivery,
    Entry,
    MessageKind,
    Outcome,
    Permanent,
    Person,
    Sent,
    Temporary,
    Unknown,
)
from cadence.services.context import Context
from cadence.services.installation import is_stale, look
from cadence.services.report import digest_page
from cadence.store import Work
from cadence.templating import Words

LEASE = timedelta(minutes=3)
BATCH = 20
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 60, 120, 240, 480, 480))
"""Pauses after each temporary failure; after the last one it counts as permanent."""
TRIPS = 3
"""How often a delivery that cannot even be written is put off before it is parked."""
DOUBT_RESTS = timedelta(seconds=90)
"""How long a doubtful post may still be on its way: an HTTP time-out and a margin."""


@dataclass(slots=True)
class Tally:
    sent: int = 0
    failed: int = 0


@dataclass(slots=True)
class View:
    """The situation as last looked at. Looking is dear, so it is done again only after something has happened."""

    situation: Situation
    stamp: int
    bundles: dict[str, str]

    @classmethod
    def of_now(cls, work: Work, situation: Situation) -> View:
        """A situation that is what the store says in this transaction."""
        bundles = {stored.plan: stored.bundle.hash for stored in work.plans.current()}
        return cls(situation, work.records.newest(), bundles)

    def renewed(self, work: Work, now: datetime) -> Situation:
        """The situation, looked at again when there is a newer event than it knows."""
        if work.records.newest() != self.stamp:
            new = View.of_now(work, look(work, now))
            self.situation, self.stamp, self.bundles = new.situation, new.stamp, new.bundles
        return self.situation


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery as written down for sending, and the address it goes to."""

    delivery: Delivery
    to: Person
    channel: Channel


def dispatch(context: Context, now: datetime, view: View, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """Sends everything due at `now`, in batches, and says how much went and how much failed for good. Once `stopping`
    says so nothing more is begun; what was claimed goes back when its lease is over."""
    tally = Tally()
    while not stopping():
        with context.store.begin() as work:
            claimed = work.ledger.claim(now, LEASE, BATCH)
        if not claimed:
            break
        for delivery in takewhile(lambda _: not stopping(), claimed):
            _deliver(context, delivery, now, view, tally)
    return tally


def _deliver(context: Context, delivery: Delivery, now: datetime, view: View, tally: Tally) -> None:
    ready = _prepared(context, delivery, now, view)
    if ready is None:
        return
    outcome = _send(ready)
    with context.store.begin() as work:
        _settle(work, context, ready, outcome, now)
    tally.sent += isinstance(outcome, Sent)
    tally.failed += isinstance(outcome, Permanent)


def _prepared(context: Context, delivery: Delivery, now: datetime, view: View) -> Ready | None:
    """What `_prepare` says. A delivery that trips over itself is put off, three times, then parked: it never stops
    the others."""
    try:
        with context.store.begin() as work:
            return _prepare(work, context, delivery, now, view)
    except Exception as error:  # anything may be wrong with one row, and all the others must still go
        retry_at = now + BACK_OFF[delivery.attempts] if delivery.attempts < TRIPS else None
        with context.store.begin() as work:
            said = f"cannot be written: {type(error).__name__}"
            work.ledger.put_off(delivery.key, delivery.fence, said, now, retry_at=retry_at)
        return None


def _send(ready: Ready) -> Outcome:
    """The channel's outcome; a channel that raises against its promise may or may not have sent."""
    try:
        return ready.channel.send(ready.delivery, ready.to)
    except Exception as error:  # as above
        return Unknown(f"{ready.channel.name}: {type(error).__name__}")


def _prepare(work: Work, context: Context, delivery: Delivery, now: datetime, view: View) -> Ready | None:
    """Renders what is true at this moment and marks the delivery as being sent; None when there is nothing to send."""
    situation = view.renewed(work, now)
    person = situation.persons.get(delivery.recipient)
    channel = context.channels.get(delivery.channel)
    if person is None:
        work.ledger.drop(delivery.key, delivery.fence, now, "nobody to send to")
        return None
    if channel is None:
        work.ledger.settle(delivery.key, delivery.fence, Permanent("no channel"), now, retry_at=None)
        work.ledger.unsay(delivery)
        return None
    if context.redirect is not None and context.redirect not in situation.persons:
        # A trial run must not reach real people because its one reader is gone.
        retry_at = now + BACK_OFF[1]
        work.ledger.settle(delivery.key, delivery.fence, Temporary("redirected to nobody"), now, retry_at=retry_at)
        return None
    if (rest := _not_now(delivery, person, situation, now)) is not None:
        work.ledger.settle(delivery.key, delivery.fence, Temporary("waits for working time"), now, retry_at=rest)
        return None
    if is_stale(delivery, situation.worktimes, now):
        work.ledger.drop(delivery.key, delivery.fence, now, "its day is over")
        work.ledger.unsay(delivery)
        return None
    rendered = _render(work, context, delivery, person, channel, situation, now)
    said = () if isinstance(rendered, str) else rendered.entries
    if not delivery.edits:  # what a hold or an absence took out at the last moment is owed again when that ends
        work.ledger.unsay(replace(delivery, entries=tuple(e for e in delivery.entries if e not in said)))
    if isinstance(rendered, str):
        work.ledger.drop(delivery.key, delivery.fence, now, rendered)
        return None
    marked = replace(rendered, bundle_hash=_bundles(rendered, situation, view))
    to = situation.persons[context.redirect or person.key]
    return Ready(marked, to, channel) if work.ledger.sending(marked, now) else None


def _bundles(delivery: Delivery, situation: Situation, view: View) -> str:
    """The hashes of the plans it speaks of."""
    shown = {entry.task_id for entry in delivery.entries}
    plans = sorted({task.occurrence.plan for task in situation.tasks if task.id in shown})
    return ",".join(view.bundles[plan] for plan in plans if plan in view.bundles)


def _not_now(delivery: Delivery, person: Person, situation: Situation, now: datetime) -> datetime | None:
    """When it may go, if that is not now: nothing reaches a person outside their working time or while held. A rewrite
    is silent."""
    worktime = situation.worktimes[person.key]
    if delivery.edits or is_stale(delivery, situation.worktimes, now):
        return None
    if situation.is_held(person=person.key):
        return worktime.opening(worktime.add(worktime.today(now), 1))
    return None if worktime.is_open(now) else worktime.next_open(now)


def _render(
    work: Work,
    context: Context,
    delivery: Delivery,
    person: Person,
    channel: Channel,
    situation: Situation,
    now: datetime,
) -> Delivery | str:
    """The delivery with what it says now, or why there is nothing left to say."""
    words = context.words(person.language)
    if delivery.kind is MessageKind.DIGEST:
        page = digest_page(context, situation, delivery, person, now)
        return _written(delivery, channel.render_page(page), words, "")
    entries = delivery.entries
    if not delivery.edits:
        entries = still_owed(entries, person.key, situation)
        if not entries or (any(e.rung for e in delivery.entries) and not any(e.rung for e in entries)):
            return "nothing left to say"
    said = _message(delivery, person, situation, context, entries)
    if delivery.edits and work.ledger.shows(delivery.edits) == said.shows:
        return "says the same as before"
    return _written(replace(delivery, entries=entries), channel.render(said, words), words, said.shows)


def _message(
    delivery: Delivery, person: Person, situation: Situation, context: Context, entries: tuple[Entry, ...]
) -> Message:
    day = date.fromisoformat(delivery.occasion)
    redirected = context.redirect in situation.persons and context.redirect != person.key
    if redirected:  # what a pair told each other is not for whoever reads along
        situation = replace(situation, carried={})
    said = message(delivery.edits or delivery.key, delivery.kind, person.key, day, entries, situation)
    return replace(said, instead_of=person.name) if redirected else said


def _written(delivery: Delivery, rendered: Rendered, words: Words, shows: str) -> Delivery:
    return replace(
        delivery,
        subject=rendered.subject,
        text=rendered.text,
        payload=rendered.payload,
        shows=shows,
        template_hash=words.digest_of_templates,
    )


def _settle(work: Work, context: Context, ready: Ready, outcome: Outcome, now: datetime) -> None:
    delivery = ready.delivery
    retry_at = _retry_at(delivery, outcome, now)
    if not work.ledger.settle(delivery.key, delivery.fence, outcome, now, retry_at=retry_at):
        return
    if isinstance(outcome, Sent) and delivery.edits:
        work.ledger.shown(delivery.edits, delivery.shows)
    gone = isinstance(outcome, Permanent) or (isinstance(outcome, Temporary) and retry_at is None)
    if gone and not delivery.edits:
        _fall_back(work, context, ready, now)


def _retry_at(delivery: Delivery, outcome: Outcome, now: datetime) -> datetime | None:
    if not isinstance(outcome, Temporary) or delivery.attempts >= len(BACK_OFF):
        return None
    return now + max(BACK_OFF[delivery.attempts], outcome.after or timedelta())


def _fall_back(work: Work, context: Context, ready: Ready, now: datetime) -> None:
    """The same message by the person's next channel that has not been tried, as a delivery of its own."""
    failed = ready.delivery
    first = failed.key.partition(":")[0]
    origin = work.ledger.get(first) or failed
    for way in ways(context.channels, ready.to):
        again = Delivery(
            key=f"{first}:{way.name}",
            kind=failed.kind,
            recipient=failed.recipient,
            channel=way.name,
            occasion=failed.occasion,
            entries=failed.entries,
            not_before=now,
            created_at=now,
        )
        if way.name != origin.channel and work.ledger.enqueue(again):
            return
    work.ledger.unsay(failed)  # nobody heard it: the next brief says it, should the address be mended


def settle_doubts(context: Context, now: datetime) -> None:
    """Asks the provider about each doubtful delivery, once it can know; where nobody can be asked, sends again under
    the same name, so that the receiver can tell a repeat."""
    with context.store.begin() as work:
        doubtful = work.ledger.unknown(now, DOUBT_RESTS)
        persons = work.people.all() if doubtful else {}
    for delivery in doubtful:
        channel, person = context.channels.get(delivery.channel), persons.get(delivery.recipient)
        if channel is None or person is None:
            continue
        found = channel.find(delivery, persons.get(context.redirect or "", person)) if channel.can_ask else None
        outcome = found if found is not None else Temporary("it had not arrived")
        if not isinstance(outcome, Unknown):
            with context.store.begin() as work:
                work.ledger.resolve(delivery.key, outcome, now)
