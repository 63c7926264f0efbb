"""What becomes of a message after an attempt: settled, tried again later, sent another way, rewritten at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from cadence.channels import PAUSES, Channel, ways
from cadence.core.agenda import Situation
from cadence.core.model import (
    Closed,
    Delivery,
    MessageKind,
    Outcome,
    Permanent,
    Person,
    Sent,
    Temporary,
)
from cadence.services.circuits import Circuit, circuits, mend, shut, tell_keepers
from cadence.services.context import Context
from cadence.store import Work

GIVEN_UP = timedelta(days=1)
"""How long one is tried to whom no other way leads."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A delivery as written down for sending, the address it goes to, and the newest event that it knows of."""

    delivery: Delivery
    to: Person
    channel: Channel
    stamp: int


@dataclass(slots=True)
class Tally:
    sent: int = 0
    failed: int = 0


def settle_all(
    work: Work, context: Context, done: Sequence[tuple[Ready, Outcome]], situation: Situation, now: datetime
) -> Tally:
    """Writes down how each attempt ended, and all that follows from it; how many were sent, and failed for good."""
    known = circuits(work, context.channels)
    closed = frozenset(name for name, circuit in known.items() if circuit.is_shut(now))
    closed |= {ready.channel.name for ready, outcome in done if isinstance(outcome, Closed)}
    plain = [(r.delivery, o) for r, o in done if isinstance(o, Sent) and not r.delivery.edits]
    if len(plain) > 1:
        work.ledger.arrived(plain, now)
    for ready, outcome in done:
        if len(plain) == 1 or not isinstance(outcome, Sent) or ready.delivery.edits:
            _settle(work, context, ready, outcome, now, closed)
    _judge_channels(work, context, done, known, situation, now)
    _rewrite_what_changed(work, [ready for ready, outcome in done if isinstance(outcome, Sent)], now)
    outcomes = [outcome for _, outcome in done]
    return Tally(sum(isinstance(o, Sent) for o in outcomes), sum(isinstance(o, Permanent) for o in outcomes))


def _settle(work: Work, context: Context, ready: Ready, outcome: Outcome, now: datetime, closed: Set[str]) -> None:
    delivery = ready.delivery
    retry_at = _retry_at(work, context, ready, outcome, now, closed)
    if not work.ledger.settle(delivery.key, delivery.fence, outcome, now, retry_at=retry_at):
        return
    if isinstance(outcome, Sent) and delivery.edits:
        work.ledger.shown(delivery.edits, delivery.shows)
    gone = isinstance(outcome, Permanent) or (isinstance(outcome, Temporary) and retry_at is None)
    if gone and not delivery.edits and not fall_back(work, context, delivery, ready.to, now, closed):
        work.ledger.unsay(delivery)  # nobody heard it: the next brief says it, should the address be mended


def _retry_at(
    work: Work, context: Context, ready: Ready, outcome: Outcome, now: datetime, closed: Set[str]
) -> datetime | None:
    """When it is tried again; None when it is not. One that met a closed channel is as due as it was: the circuit says
    when the channel is asked again."""
    if isinstance(outcome, Closed):
        return ready.delivery.not_before
    if not isinstance(outcome, Temporary):
        return None
    delivery, pauses = ready.delivery, PAUSES[ready.channel.name]
    if delivery.attempts >= len(pauses):
        given_up = delivery.edits or now - delivery.created_at >= GIVEN_UP
        if given_up or _next_way(work, context, delivery, ready.to, closed):
            return None
    pause = pauses[min(delivery.attempts, len(pauses) - 1)]
    return now + max(pause * (1 + _jitter(delivery)), outcome.after or timedelta())


def _jitter(delivery: Delivery) -> float:
    """Up to a tenth, another one for each message: what failed together does not come back together."""
    said = f"{delivery.key} {delivery.attempts}".encode()
    return int.from_bytes(hashlib.sha256(said).digest()[:2], "big") / 65536 / 10


def _next_way(work: Work, context: Context, delivery: Delivery, to: Person, closed: Set[str]) -> str | None:
    """The person's next channel, in the order of trying, that is open and has not been tried with this message."""
    first = delivery.key.partition(":")[0]
    tried = {delivery.channel, (work.ledger.get(first) or delivery).channel}
    open_ways = (w.name for w in ways(context.channels, to) if w.name not in tried and w.name not in closed)
    return next((name for name in open_ways if not work.ledger.exists(f"{first}:{name}")), None)


def fall_back(work: Work, context: Context, failed: Delivery, to: Person, now: datetime, closed: Set[str]) -> bool:
    """Owes the same message by the person's next channel, as a delivery of its own; False when there is none."""
    way = _next_way(work, context, failed, to, closed)
    return way is not None and work.ledger.enqueue(
        Delivery(
            key=f"{failed.key.partition(':')[0]}:{way}",
            kind=failed.kind,
            recipient=failed.recipient,
            channel=way,
            occasion=failed.occasion,
            entries=failed.entries,
            not_before=now,
            created_at=now,
        )
    )


def _judge_channels(
    work: Work,
    context: Context,
    done: Sequence[tuple[Ready, Outcome]],
    known: Mapping[str, Circuit],
    situation: Situation,
    now: datetime,
) -> None:
    """Shuts what is closed, and opens what was broken and has taken a message that was begun since."""
    for name in {ready.channel.name for ready, _ in done}:
        outcomes = [outcome for ready, outcome in done if ready.channel.name == name]
        before = known.get(name)
        closing = [outcome for outcome in outcomes if isinstance(outcome, Closed)]
        takes = any(isinstance(outcome, Sent | Permanent) for outcome in outcomes)
        if closing:
            worst = max(closing, key=lambda one: (one.after is None, one.after or timedelta()))
            circuit = shut(work, name, worst, now, before)
            if circuit.broken and not (before and before.broken):
                tell_keepers(work, context, circuit, situation, now)
        elif takes and before and before.broken and not before.is_shut(now):
            mend(work, name)


def _rewrite_what_changed(work: Work, sent: Sequence[Ready], now: datetime) -> None:
    """What was answered while a message was on its way, the message does not know: it is rewritten at once."""
    can = [ready for ready in sent if ready.channel.can_edit and ready.stamp != work.records.newest()]
    for stamp in {ready.stamp for ready in can}:
        touched = work.records.touched(stamp)
        for ready in can:
            shown = {name for e in ready.delivery.entries for name in (e.task_id, e.decision_id)}
            if ready.stamp == stamp and (touched is None or touched & shown):
                owe_rewrite(work, ready.delivery.key, now)


def owe_rewrite(work: Work, key: str, now: datetime) -> None:
    """Owes one rewrite of a brief or alert that has just arrived, or of the message that the rewrite `key` rewrote."""
    sent = work.ledger.get(key)
    if sent is not None and sent.kind in (MessageKind.BRIEF, MessageKind.ALERT):
        again = Delivery(
            key=f"{key}~again",
            kind=sent.kind,
            recipient=sent.recipient,
            channel=sent.channel,
            occasion=sent.occasion,
            entries=sent.entries,
            not_before=now,
            created_at=now,
            edits=sent.edits or key,
            receipt=sent.receipt,
        )
        work.ledger.enqueue(again)
