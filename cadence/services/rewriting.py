"""Rewrites: a sent message that shows a task is owed the truth when that task changes.

They go through the same ledger as every message; the newest state wins because it is read when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from cadence.core.model import Delivery, Entry, Section
from cadence.store import Work

REWRITTEN_FOR = timedelta(days=14)
"""How long a sent message is kept true."""


def owe_rewrites(work: Work, subjects: Iterable[str], now: datetime) -> int:
    """Enqueues a rewrite of every young message that shows one of these tasks or decisions, or asks about one of the
    tasks; how many are new."""
    changed = frozenset(subjects)
    if not changed:
        return 0
    changed |= {asked.id for asked in work.records.decisions(open_only=True) if changed.intersection(asked.tasks)}
    sent = work.ledger.editable(now - REWRITTEN_FOR, changed)
    touched = [delivery for delivery in sent if any(_shows(entry, changed) for entry in delivery.entries)]
    return sum(work.ledger.enqueue(_rewrite(delivery, now)) for delivery in touched)


def _shows(entry: Entry, changed: frozenset[str]) -> bool:
    answerable = entry.section is not Section.COMING and entry.code is None
    return answerable and (entry.task_id in changed or entry.decision_id in changed)


def _rewrite(delivery: Delivery, now: datetime) -> Delivery:
    return Delivery(
        key=f"{delivery.key}~{now:%Y%m%d%H%M%S%f}",
        kind=delivery.kind,
        recipient=delivery.recipient,
        channel=delivery.channel,
        occasion=delivery.occasion,
        entries=delivery.entries,
        not_before=now,
        created_at=now,
        edits=delivery.key,
        receipt=delivery.receipt,
    )
