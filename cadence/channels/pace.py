"""Pace: so many seconds at least between two things of the same name, however many threads there are."""

from __future__ import annotations

import time
from threading import Lock

from cadence.clock import elapsed

MANY = 10_000


class Pace:
    """Remembers when each name's next turn is; names whose turn is long over are forgotten."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next: dict[str, float] = {}
        self._lock = Lock()

    def wait(self, name: str) -> None:
        """Comes back when it is this name's turn."""
        if self._seconds <= 0:
            return
        with self._lock:
            now = elapsed()
            if len(self._next) > MANY:
                self._next = {known: turn for known, turn in self._next.items() if turn > now}
            turn = max(now, self._next.get(name, now))
            self._next[name] = turn + self._seconds
        if turn > now:
            time.sleep(turn - now)
