"""What an occurrence says, as one short word: two that say the same have the same word, on every machine.

The word is stored beside each task, so that a load can tell what differs without reading the tasks. It is put
together from two: one for what the occurrence shares with others (its terms and who takes part), one for when it is.
A hundred thousand occurrences have a few thousand of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from hashlib import blake2b
from operator import attrgetter

from cadence.core.model import Occurrence, Terms
from cadence.core.model.occurrences import TERMS_FIELDS

SHARED = 24
"""So many digits of a word are about what is shared. They name it among all that was ever stored."""
TIMED_BYTES = 8
"""Of the rest, which is only ever compared with that of the same task."""

When = tuple[date, date, date, datetime, datetime | None, datetime | None]

_values = attrgetter(*TERMS_FIELDS)


def contents(occurrences: Iterable[Occurrence]) -> list[str]:
    """The word of each, in order: 24 hex digits for what is shared, 16 for when. The slot is told by the id: two of one
    id are what is compared."""
    shares: dict[tuple[int, tuple[str, ...]], str] = {}  # by identity: the occurrences keep their terms alive meanwhile
    whens: dict[When, str] = {}
    found = []
    for one in occurrences:
        window, terms, attendees = one.window, one.terms, one.attendees
        when = (one.date, window.start, window.stop, one.due, one.starts, one.ends)
        share = (id(terms), attendees)
        shared = shares.get(share) or shares.setdefault(share, _shared(terms, attendees))
        found.append(shared + (whens.get(when) or whens.setdefault(when, _when(when))))
    return found


def content(occurrence: Occurrence) -> str:
    return contents((occurrence,))[0]


def _shared(terms: Terms, attendees: tuple[str, ...]) -> str:
    return _word(json.dumps((*_values(terms), *attendees)), SHARED // 2)


def _when(when: When) -> str:
    """Days as days, instants as those of UTC: equal instants are written alike."""
    parts = [one.astimezone(UTC).isoformat() if isinstance(one, datetime) else str(one) for one in when]
    return _word("\n".join(parts), TIMED_BYTES)


def _word(text: str, size: int) -> str:
    return blake2b(text.encode(), digest_size=size).hexdigest()
