"""How long a beat need not decide: until time alone changes something, and while nothing is written.

What a beat found is one mark in the database, so that it holds for every worker and for the next process.
"""

from __future__ import annotations

import json
from datetime import datetime

from cadence import __version__
from cadence.core.agenda import Situation, next_change
from cadence.store import Work

MARK = "horizon"


def is_quiet(work: Work, now: datetime) -> bool:
    """Whether an earlier beat of this program decided nothing, nothing was written since, and nothing falls due by
    itself before `now`. A clock that was put back says nothing. To be asked before anything is read."""
    found = work.records.marked(MARK)
    if found is None:
        return False
    since, until, *then = json.loads(found)
    return datetime.fromisoformat(since) <= now < datetime.fromisoformat(until) and then == _state(work)


def keep(work: Work, situation: Situation) -> None:
    """Marks that the beat at `situation.now` decided nothing, if it wrote nothing and nobody else did meanwhile."""
    if work.changes.stands_still():
        until = next_change(situation).isoformat()
        work.records.mark(MARK, json.dumps([situation.now.isoformat(), until, *_state(work)]))


def _state(work: Work) -> list[object]:
    """All that the agenda looks at, by numbers that change with it: a failure is the one step of a delivery that is
    not among the changes and counts."""
    return [__version__, work.ledger.failures(), dict(work.changes.counts())]
