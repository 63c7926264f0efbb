"""The one place that reads the clock; everywhere else `now` is an argument."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from cadence.errors import WrongUsage

Clock = Callable[[], datetime]


def system() -> datetime:
    """The instant it is, in UTC."""
    return datetime.now(UTC)


def instant(text: str) -> datetime:
    """An RFC 3339 instant as written (`2027-01-11T08:00:00Z`), in UTC. Raises WrongUsage, zone missing included."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsage(f"'{text}' is not an instant; write it as 2027-01-11T08:00:00Z") from None
    if when.tzinfo is None:
        raise WrongUsage(f"'{text}' names no zone; add Z for UTC or an offset such as -05:00")
    return when.astimezone(UTC)


def elapsed() -> float:
    """Seconds that have really passed since some fixed moment: it never steps, and goes on while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def fixed(when: datetime) -> Clock:
    """A clock that stands still at `when`, for `CADENCE_NOW`, rehearsals and tests."""
    return lambda: when
