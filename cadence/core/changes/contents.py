"""What an occurrence says, as one short word: two that say the same have the same word, on every machine.

The word is stored beside each task, so that a load can tell what differs without reading the tasks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import blake2b

from cadence.core.model import Occurrence, Terms
from cadence.core.model.tasks import TERMS_FIELDS

BYTES = 10

When = tuple[date, date, date, datetime, datetime | None, datetime | None]


def contents(occurrences: Iterable[Occurrence]) -> list[str]:
    """The word of each, 20 hex digits, in order. What a series or a calendar shares is written out once."""
    terms: dict[int, str] = {}  # by identity: the occurrences keep their terms alive meanwhile
    whens: dict[When, str] = {}
    found = []
    for one in occurrences:
        shared = terms.get(id(one.terms)) or terms.setdefault(id(one.terms), _terms(one.terms))
        key = (one.date, one.window.start, one.window.stop, one.due, one.starts, one.ends)
        when = whens.get(key) or whens.setdefault(key, _when(key))
        text = f"{one.id}\n{one.slot}\n{when}\n{','.join(one.attendees)}\n{shared}"
        found.append(blake2b(text.encode(), digest_size=BYTES).hexdigest())
    return found


def content(occurrence: Occurrence) -> str:
    return contents((occurrence,))[0]


def _terms(terms: Terms) -> str:
    said = "\n".join(f"{getattr(terms, name)}" for name in TERMS_FIELDS)
    return blake2b(said.encode(), digest_size=BYTES).hexdigest()


def _when(key: When) -> str:
    """Days as days, instants as those of UTC: equal instants are written alike."""
    return " ".join(one.astimezone(UTC).isoformat() if isinstance(one, datetime) else str(one) for one in key)
