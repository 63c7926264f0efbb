"""The identity of a task: what it is about and which slot, never when it is due nor who owes it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable


def task_id(plan: str, activity: str, about: str, slot: str) -> str:
    """The first 12 hex digits of SHA-256 over the four, one a line. `activity` is the key it was born with."""
    return hashlib.sha256("\n".join((plan, activity, about, slot)).encode()).hexdigest()[:12]


def hashed(plan: str, activity: str, about: str) -> tuple[bytes, Callable[[str], str]]:
    """A hash of one series, and `task_id` of its slots; what these share is hashed once."""
    shared = hashlib.sha256("\n".join((plan, activity, about)).encode())
    series = shared.digest()
    shared.update(b"\n")

    def id_of(slot: str) -> str:
        mine = shared.copy()
        mine.update(slot.encode())
        return mine.hexdigest()[:12]

    return series, id_of
