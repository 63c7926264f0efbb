"""Feed items as an iCalendar file (RFC 5545, RFC 7986) that every client reads as the same events at the same instants.

Timed events are in UTC and whole days are dates, so no VTIMEZONE is needed (clients read the library's one hour
wrong); there is no METHOD, which would make it an invitation, and no VALARM: a feed is never the reminder.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from icalendar import Calendar, Event, vDuration, vText
from icalendar.enums import STATUS, TRANSP

from cadence.core.model import utc

PRODUCT = "-//cadence//EN"
REFRESH = timedelta(hours=1)
END = b"END:VCALENDAR"
TITLE = 250
TEXT = 4000
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, which the library would let through, and the marks that turn the direction of a line."""
COLOUR = re.compile("[a-z]+")
"""Colours are CSS names (RFC 7986)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One event. `uid` is the task's id; `starts` None makes it a whole-day entry on `day`.

    `busy` blocks the time, `proposed` says that the day may still change, `cancelled` that it will not take place.
    `sequence` and `changed_at` rise only when the task really changes: they decide the bytes.
    """

    uid: str
    summary: str
    description: str = ""
    day: date
    starts: datetime | None = None
    ends: datetime | None = None
    busy: bool = False
    proposed: bool = False
    cancelled: bool = False
    sequence: int = 0
    changed_at: datetime
    url: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed as it is served, and the uids of the items that could not be written, for the log."""

    content: bytes
    skipped: tuple[str, ...]


def calendar(
    name: str, uid: str, items: Iterable[FeedItem], *, color: str | None = None, product: str = PRODUCT
) -> bytes:
    """The feed alone; see `feed`."""
    return feed(name, uid, items, color=color, product=product).content


def feed(name: str, uid: str, items: Iterable[FeedItem], *, color: str | None = None, product: str = PRODUCT) -> Feed:
    """The items as one file, ordered by day, whatever order they came in; the newest of two with one uid counts.

    An item that cannot be written (a broken URL, a year beyond 9999) is left out and named, and spoils no other.
    """
    head, end, rest = _head(name, uid, color, product).to_ical().rpartition(END)
    events: list[bytes] = []
    skipped: list[str] = []
    for item in _ordered(items):
        try:
            events.append(_written(item))
        except Exception:  # whatever the library trips over, the rest of the feed has to stand
            skipped.append(item.uid)
    return Feed(b"".join((head, *events, end, rest)), tuple(skipped))


def etag(content: bytes) -> str:
    """A strong entity tag (RFC 9110) for these very bytes, quotes included."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _head(name: str, uid: str, color: str | None, product: str) -> Calendar:
    cal = Calendar.new(
        prodid=_line(product),
        uid=_line(uid),
        name=_line(name),
        color=color if color and COLOUR.fullmatch(color) else None,
        refresh_interval=REFRESH,
    )
    for key in ("NAME", "X-WR-CALNAME"):
        cal[key] = vText(_line(name))  # the library does not know that these are texts and escapes nothing
    cal["REFRESH-INTERVAL"].params["VALUE"] = "DURATION"  # RFC 7986 asks for it, the library leaves it out
    cal.add("X-PUBLISHED-TTL", vDuration(REFRESH))  # the library writes a plain timedelta as 1:00:00
    return cal


def _ordered(items: Iterable[FeedItem]) -> Sequence[FeedItem]:
    newest: dict[str, FeedItem] = {}
    for item in items:
        known = newest.get(item.uid)
        if known is None or known.sequence < item.sequence:
            newest[item.uid] = item
    return sorted(newest.values(), key=lambda item: (item.day, str(item.starts or ""), item.uid))


@lru_cache(maxsize=20_000)
def _written(item: FeedItem) -> bytes:
    """The event as it stands in every calendar that shows it so: the library is slow, and most events do not change."""
    return bytes(_event(item).to_ical())


def _event(item: FeedItem) -> Event:
    starts, ends = _span(item)
    event = Event.new(
        uid=f"{_line(item.uid)}@cadence",
        stamp=utc(item.changed_at),
        last_modified=utc(item.changed_at),
        sequence=item.sequence,
        summary=_line(item.summary),
        description=_text(item.description) or None,
        start=starts,
        end=ends,
        status=_status(item),
        transparency=TRANSP.OPAQUE if item.busy and not item.cancelled else TRANSP.TRANSPARENT,
        url=item.url,
    )
    if item.categories:  # an empty list would be written as an empty line
        event.categories = [_line(category) for category in item.categories]
    return event


def _span(item: FeedItem) -> tuple[date, date | None]:
    """Start and end. Without a stated length there is no end: RFC 5545, 3.8.2.2, wants one to be later."""
    if item.starts is None:
        return item.day, item.day + timedelta(days=1)
    return utc(item.starts), utc(item.ends) if item.ends and item.ends != item.starts else None


def _status(item: FeedItem) -> STATUS:
    if item.cancelled:
        return STATUS.CANCELLED
    return STATUS.TENTATIVE if item.proposed else STATUS.CONFIRMED


def _line(text: str) -> str:
    return _shortened(" ".join(_clean(text).split()), TITLE)


def _text(text: str) -> str:
    return _shortened(_clean(text).strip(), TEXT)


def _clean(text: str) -> str:
    """Without what no client shows. Lone surrogates, which have no bytes, become question marks; `\\N` becomes
    `\\n`, because the library takes the first for a line break."""
    whole = text.replace("\r\n", "\n").replace("\\N", "\\n").encode("utf-8", "replace").decode("utf-8")
    return UNSEEN.sub(" ", whole)


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
