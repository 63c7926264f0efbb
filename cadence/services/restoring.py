"""What becomes of a backup before it is put back: nothing that fell due goes out by itself, and nothing twice.

The days since it was taken are lived through without a word. What the program would have said in them it may have
said: where the channel can be asked it is asked, elsewhere it counts as said. Then everybody's messages are held.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from cadence.clock import instant
from cadence.core.agenda.briefing import brief_at
from cadence.core.model import Days, Source
from cadence.services.beat import decide_and_enqueue
from cadence.services.context import Context
from cadence.services.installation import look
from cadence.services.quiet import hold
from cadence.store import Work

LIVED_THROUGH = timedelta(days=14)
"""How far back at most; what was to be said before that is in the briefs as it stands now."""
HELD_UNTIL = date(2199, 12, 31)
"""The hold ends when it is released, not by itself."""
WHY = "a backup was restored"


def quieten(context: Context, taken: datetime | None, now: datetime) -> int:
    """Puts aside what waits in the installation of `context`, which is a backup taken at `taken`, and what would have
    been said since (None: since its last beat); then holds all messages. How many were put aside."""
    asked = frozenset(name for name, channel in context.channels.items() if channel.can_ask)
    with context.store.begin() as work:
        aside = work.ledger.put_aside(now, WHY, asked)
        for moment in _moments(work, taken or _last_beat(work) or now, now):
            decide_and_enqueue(work, context, moment)
            aside += work.ledger.put_aside(moment, WHY, asked)
        reason = f"a backup of {taken or _last_beat(work) or now:%Y-%m-%d %H:%M} UTC was restored; look, then release"
        hold(work, "all", HELD_UNTIL, reason, Source.CLI, now)
    return aside


def _last_beat(work: Work) -> datetime | None:
    marked = work.records.marked("beat")
    return instant(marked) if marked else None


def _moments(work: Work, since: datetime, now: datetime) -> Iterator[datetime]:
    """When anybody's brief was due since then, and now."""
    start = max(since, now - LIVED_THROUGH)
    situation = look(work, start)
    days = Days.inclusive(start.date() - timedelta(days=1), now.date() + timedelta(days=1))
    due = {
        brief_at(person, situation.worktimes[key], day)
        for key, person in situation.persons.items()
        for day in days
        if situation.worktimes[key].works(day)
    }
    yield from sorted(moment for moment in due if start < moment < now)
    yield now
