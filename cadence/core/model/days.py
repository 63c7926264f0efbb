"""Spans of days, half-open inside and inclusive where people read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """The days from `start` up to but not including `stop`. Empty when they are equal."""

    start: date
    stop: date

    @classmethod
    def inclusive(cls, first: date, last: date) -> Days:
        return cls(first, last + timedelta(days=1))

    @property
    def last(self) -> date:
        """The last day inside; plans and JSON name this one."""
        return self.stop - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.stop

    def __iter__(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range((self.stop - self.start).days))

    def meet(self, other: Days) -> Days:
        """What both cover; possibly empty, never negative."""
        start = max(self.start, other.start)
        return Days(start, max(start, min(self.stop, other.stop)))


def utc(when: datetime) -> datetime:
    """The same instant in UTC; refuses a naive one."""
    if when.tzinfo is None:
        raise ValueError(f"{when} has no time zone")
    return when.astimezone(UTC)
