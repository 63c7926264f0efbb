"""Working time: a person's zone, working days, hours, holidays and absences as arithmetic on days.

Days are counted first and turned into instants last, so that a changed clock law changes no plan.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from cadence.core.model import WORKWEEK, Days

HORIZON = 400
"""Days looked ahead for a working day before a calendar without any is taken at its word."""


@lru_cache(maxsize=65536)
def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a local wall time. In a DST gap it moves forward by the gap, in a fold it is the first."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Worktime:
    """When one person works. `off` holds holidays and closed days, `away` absences."""

    zone: str
    workdays: frozenset[int] = WORKWEEK
    opens: time = time(8)
    closes: time = time(18)
    off: frozenset[date] = field(default=frozenset())
    away: tuple[Days, ...] = ()

    def regular(self) -> Worktime:
        """The same without absences: what the calendar on the wall says."""
        return replace(self, away=()) if self.away else self

    def works(self, day: date) -> bool:
        return day.weekday() in self.workdays and day not in self.off and not (self.away and self.is_away(day))

    def is_away(self, day: date) -> bool:
        for span in self.away:  # noqa: SIM110  # asked of every day of every calendar: a generator costs more than all
            if span.start <= day < span.stop:
                return True
        return False

    def back_on(self, day: date) -> date:
        """The first day from `day` on that no absence covers."""
        for span in sorted(self.away):
            if day in span:
                day = span.stop
        return day

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on; `day` itself when there is none within the horizon."""
        return self._search(day, 1)

    def on_or_before(self, day: date) -> date:
        return self._search(day, -1)

    def _search(self, day: date, step: int) -> date:
        for n in range(HORIZON):
            candidate = day + timedelta(days=n * step)
            if self.works(candidate):
                return candidate
        return day

    def add(self, day: date, workdays: int) -> date:
        """`workdays` working days after `day` (before it when negative); 0 rolls forward to a working day."""
        if workdays == 0:
            return self.on_or_after(day)
        step = 1 if workdays > 0 else -1
        for _ in range(abs(workdays)):
            day = self._search(day + timedelta(days=step), step)
        return day

    def between(self, start: date, stop: date) -> int:
        """How many working days lie after `start` up to and including `stop`; 0 when `stop` is not later."""
        return sum(self.works(day) for day in Days.inclusive(start + timedelta(days=1), stop)) if stop > start else 0

    def week_start(self, day: date) -> date:
        """The first day of the week `day` lies in: the working weekday after the longest run of free ones (the
        earliest of several such, Monday when no day is free)."""
        first = max(sorted(self.workdays), key=self._free_before, default=0)
        return day - timedelta(days=(day.weekday() - first) % 7)

    def _free_before(self, weekday: int) -> int:
        return next(n for n in range(7) if n == 6 or (weekday - n - 1) % 7 in self.workdays)

    def today(self, now: datetime) -> date:
        return now.astimezone(ZoneInfo(self.zone)).date()

    def instant(self, day: date, at: time) -> datetime:
        return instant(day, at, self.zone)

    def opening(self, day: date) -> datetime:
        return instant(day, self.opens, self.zone)

    def closing(self, day: date) -> datetime:
        return instant(day, self.closes, self.zone)

    def is_open(self, now: datetime) -> bool:
        """Whether `now` lies inside working hours of a working day."""
        day = self.today(now)
        return self.works(day) and self.opening(day) <= now < self.closing(day)

    def next_open(self, now: datetime) -> datetime:
        """`now` when it is working time, else the next opening."""
        if self.is_open(now):
            return now
        day = self.today(now)
        if self.works(day) and now < self.opening(day):
            return self.opening(day)
        return self.opening(self.on_or_after(day + timedelta(days=1)))
