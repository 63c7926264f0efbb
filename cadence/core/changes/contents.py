"""What an occurrence says, as one short word: two that say the same have the same word, on every machine.

The word is stored beside each task, so that a load can tell what differs without reading the tasks. It is put
together from the words of its parts: a hundred thousand occurrences share a few thousand of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import blake2b

from cadence.core.model import Occurrence, Terms
from cadence.core.model.occurrences import TERMS_FIELDS

BYTES = 8
"""Of each part; two words are only ever compared when they are of the same task."""

When = tuple[date, date, date, datetime, datetime | None, datetime | None]


def contents(occurrences: Iterable[Occurrence]) -> list[str]:
    """The word of each, in order: 16 hex digits for what the series shares, 16 for when, then the slot. The id counts
    by its slot and its series; two of one id are what is compared."""
    shares: dict[tuple[int, tuple[str, ...]], str] = {}  # by identity: the occurrences keep their terms alive meanwhile
    whens: dict[When, str] = {}
    found = []
    for one in occurrences:
        window, terms, attendees = one.window, one.terms, one.attendees
        when = (one.date, window.start, window.stop, one.due, one.starts, one.ends)
        share = (id(terms), attendees)
        shared = shares.get(share) or shares.setdefault(share, _shared(terms, attendees))
        found.append(shared + (whens.get(when) or whens.setdefault(when, _when(when))) + one.slot)
    return found


def content(occurrence: Occurrence) -> str:
    return contents((occurrence,))[0]


def _shared(terms: Terms, attendees: tuple[str, ...]) -> str:
    return _word([*(f"{getattr(terms, name)}" for name in TERMS_FIELDS), *attendees])


def _when(when: When) -> str:
    """Days as days, instants as those of UTC: equal instants are written alike."""
    return _word([one.astimezone(UTC).isoformat() if isinstance(one, datetime) else str(one) for one in when])


def _word(parts: Iterable[str]) -> str:
    return blake2b("\n".join(parts).encode(), digest_size=BYTES).hexdigest()
