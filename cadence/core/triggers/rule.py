"""`rrule`: recurrence rules of RFC 5545 as the way out where no rhythm says it; dateutil expands them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

from cadence.core.model import Days
from cadence.core.triggers.periods import Frame
from cadence.core.triggers.slot import Slot

ERA = 7600
"""The Gregorian calendar repeats every 400 years. Rules are expanded so many years later, near the end of dateutil's
calendar: one that names no day at all gives up after some centuries instead of thousands of years."""


@lru_cache(maxsize=512)
def expand(rule: str, frame: Frame, times: int | None, most: int) -> tuple[Slot, ...]:
    """The days that `rule` names within the frame, numbered from its anchor; at most one more than `most`."""
    found: list[Slot] = []
    for number, day in enumerate(_days(rule, frame.anchor), 1):
        if day >= frame.span.stop or len(found) > most or (times is not None and len(found) >= times):
            break
        if day in frame.span and day not in frame.excepted:
            found.append(Slot(f"r-{number:03}", Days(day, day + timedelta(days=1)), (day,)))
    return tuple(found)


def _days(rule: str, anchor: date) -> Iterator[date]:
    start = datetime.combine(anchor.replace(year=anchor.year + ERA), time())
    for found in rrulestr(rule, dtstart=start):
        yield found.date().replace(year=found.year - ERA)
