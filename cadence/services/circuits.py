"""Circuits: which channels take nothing at the moment, why, and until when. Written down, so that all workers know.

A channel that asks to be left alone is left alone for so long. One that somebody has to mend (a key that was revoked, a
certificate that is wrong) is tried with one message every five minutes, and is open again when it takes one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cadence.channels import ways
from cadence.core.agenda import Situation
from cadence.core.model import Closed, Delivery, Entry, MessageKind, Section
from cadence.services.context import Context
from cadence.store import Work

PROBED = timedelta(minutes=5)
SKEW = timedelta(minutes=1)
"""By how much two hosts' clocks may differ, at the very most."""
NAMES = {"slack": "Slack", "email": "Mail"}


@dataclass(frozen=True, slots=True)
class Circuit:
    """`broken`: until somebody mends it. `since` is when it was first met so."""

    channel: str
    error: str
    since: datetime
    until: datetime
    broken: bool

    def is_shut(self, now: datetime) -> bool:
        """Not for a clock that was put back behind its beginning: it would be shut for as long as it went back."""
        return self.since - SKEW <= now < self.until


def circuits(work: Work, channels: Iterable[str]) -> dict[str, Circuit]:
    """Those that are shut or were last met broken, by channel."""
    written = ((name, work.records.marked(_mark(name))) for name in channels)
    return {name: _read(name, text) for name, text in written if text}


def shut(work: Work, channel: str, closed: Closed, now: datetime, before: Circuit | None) -> Circuit:
    """Shuts it, for longer where it was shut already; the circuit as it is now."""
    known = before if before and (before.broken or before.is_shut(now)) else None
    until = now + (PROBED if closed.after is None else closed.after)
    circuit = Circuit(
        channel,
        closed.error,
        since=known.since if known else now,
        until=max(until, known.until) if known and known.is_shut(now) else until,
        broken=closed.after is None or bool(known and known.broken),
    )
    text = {"error": circuit.error, "since": circuit.since.isoformat(), "until": circuit.until.isoformat()}
    work.records.mark(_mark(channel), json.dumps({**text, "broken": circuit.broken}))
    return circuit


def mend(work: Work, channel: str) -> None:
    work.records.mark(_mark(channel), "")


def tell_keepers(work: Work, context: Context, circuit: Circuit, situation: Situation, now: datetime) -> None:
    """Once for each time that a channel breaks, to every keeper whom another channel reaches."""
    keepers = {k for known in situation.directories.values() for k in known.keepers_on(now.date())}
    line = Entry(Section.EXCEPTIONS, code="closed", subject=NAMES.get(circuit.channel, circuit.channel))
    for key in sorted(keepers & situation.worktimes.keys()):
        person, worktime = situation.persons[key], situation.worktimes[key]
        way = next((way.name for way in ways(context.channels, person) if way.name != circuit.channel), None)
        if way is None:
            continue
        at = now if worktime.is_open(now) else worktime.next_open(now)
        about = f"{circuit.channel}\n{circuit.since.isoformat()}\n{person.identity}"
        work.ledger.enqueue(
            Delivery(
                key=f"alert-closed-{hashlib.sha256(about.encode()).hexdigest()[:12]}",
                kind=MessageKind.ALERT,
                recipient=key,
                channel=way,
                occasion=worktime.today(at).isoformat(),
                entries=(line,),
                not_before=at,
                created_at=now,
            )
        )


def _mark(channel: str) -> str:
    return f"circuit/{channel}"


def _read(channel: str, text: str) -> Circuit:
    found = json.loads(text)
    since, until = (datetime.fromisoformat(found[name]) for name in ("since", "until"))
    return Circuit(channel, found["error"], since, until, found["broken"])
