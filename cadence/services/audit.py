"""The program looks at itself: what must never be is counted, before anybody outside is told that all is well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cadence.store import Work

STUCK_AFTER = timedelta(minutes=10)
"""A lease that ran out is taken up by the next beat; one that is over for so long, nobody takes up."""
OLDEST = timedelta(hours=24)
"""No delivery that is due waits longer: by then it has gone, failed, or given up its day."""


@dataclass(frozen=True, slots=True)
class Audit:
    """`twice` are messages sent again for one occasion, `stuck` deliveries in hands that let them lie, `oldest` the
    instant since when the oldest unsettled delivery is due, None when none is."""

    at: datetime
    twice: int
    stuck: int
    oldest: datetime | None

    @property
    def is_late(self) -> bool:
        """Something that is due has been waiting for too long."""
        return self.oldest is not None and self.at - self.oldest > OLDEST

    @property
    def is_well(self) -> bool:
        return not (self.twice or self.stuck or self.is_late)


def audit(work: Work, now: datetime) -> Audit:
    return Audit(
        at=now,
        twice=work.ledger.doubles(),
        stuck=work.ledger.stuck(now - STUCK_AFTER),
        oldest=work.ledger.oldest_due(now),
    )
