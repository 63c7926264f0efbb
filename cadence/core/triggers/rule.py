"""`rrule`: recurrence rules of RFC 5545 as the way out where no rhythm says it; dateutil expands them.

A rule that names no day would be searched to the end of dateutil's calendar, the year 9999. So a rule is expanded in
the last years of that calendar that run exactly like the years of the plan, and the days are moved back.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

from cadence.core.model import Days
from cadence.core.triggers.periods import Frame
from cadence.core.triggers.recurrence import endless, last_day
from cadence.core.triggers.slot import Slot

A_DAY = timedelta(days=1)
SIGHT = 12
"""Years in which a rule must name a day: 29 February needs eight across a century."""


@lru_cache(maxsize=512)
def expand(rule: str, frame: Frame, times: int | None, most: int) -> tuple[Slot, ...]:
    """The days that `rule` names within the frame, numbered from its anchor; at most one more than `most`."""
    found: list[Slot] = []
    for number, day in enumerate(_days(rule, frame.anchor, frame.span.stop), 1):
        if len(found) > most or (times is not None and len(found) >= times):
            break
        if day in frame.span and day not in frame.excepted:
            found.append(Slot(f"r-{number:03}", Days(day, day + A_DAY), (day,)))
    return tuple(found)


@lru_cache(maxsize=512)
def names_a_day(rule: str, anchor: date) -> bool:
    """Whether a rule counted from `anchor` names any day within `SIGHT` years."""
    return next(_search(endless(rule), anchor, anchor.year + SIGHT), None) is not None


def _days(rule: str, anchor: date, stop: date) -> Iterator[date]:
    """The days from `anchor` on and before `stop`, in order."""
    last = min(stop - A_DAY, last_day(rule) or stop)
    for day in _search(endless(rule), anchor, stop.year):
        if day > last:
            return
        yield day


def _search(rule: str, anchor: date, last_year: int) -> Iterator[date]:
    """What the rule names from `anchor` on; true to the calendar up to the end of `last_year`."""
    moved = date(_twin(anchor.year, max(0, last_year - anchor.year)), 1, 1) - date(anchor.year, 1, 1)
    for found in rrulestr(rule, dtstart=datetime.combine(anchor + moved, time())):
        yield found.date() - moved


@lru_cache(maxsize=256)
def _twin(year: int, more: int) -> int:
    """The latest year from which the calendar runs as it does from `year` on for that year and `more` years after it.
    There is one at every 28 years, except across a century, and in any case at every 400."""
    reach = range(-1, more + 2)
    shapes = [_shape(year + n) for n in reach]
    last = MAXYEAR - more - 1
    return next(
        y for y in range(last, year - 1, -1) if all(_shape(y + n) == s for n, s in zip(reach, shapes, strict=True))
    )


def _shape(year: int) -> tuple[int, bool]:
    """All that tells one year's calendar from another's."""
    return date(year, 1, 1).weekday(), isleap(year)
