"""Ways to reach a person: every channel takes a message, gives its own form of it, and reports what became of it.

A new channel is one module or folder here and one name in `FALLBACK`. Channels know nothing of each other; what
they share is how a message reads (`reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cadence.core.messages import Message
from cadence.core.model import Delivery, Outcome, Person, Sent, Unknown
from cadence.templating import Words

FALLBACK: tuple[str, ...] = ("slack", "email", "console")
"""The names of the channels, in the order in which they are tried for one person."""


def _pauses(*minutes: float) -> tuple[timedelta, ...]:
    return tuple(timedelta(minutes=m) for m in minutes)


PAUSES: Mapping[str, tuple[timedelta, ...]] = {
    "slack": _pauses(1 / 12, 0.5, 2, 5, 15, 15, 30),
    "email": _pauses(5, 15, 60, 120, 240, 480, 480),
    "console": _pauses(1),
}
"""How long a channel is left alone after each failure of one message that may pass: Slack for an hour in all, mail for
most of a day (a server that does not know us yet lets us wait). After the last the next channel is tried."""

InTime = Callable[[], bool]
"""Whether a message may still be handed over: asked as late as can be, when the connection stands."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in a channel's form. `text` is what a reader sees in plain words, `payload` what is transmitted."""

    subject: str
    text: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A whole page for one person, already in words: a digest. `series` names the kind of mail it is."""

    key: str
    to: Person
    subject: str
    text: str
    html: str
    series: str
    date: datetime


class Channel(Protocol):
    """One way to reach people. `render` is pure; `send` and `find` talk to the provider and never raise for it.

    `send` is called by several threads, but never by two for the same person."""

    @property
    def name(self) -> str: ...

    @property
    def at_once(self) -> int:
        """How many messages may be under way at the same time: a process that dies leaves so many in doubt. 0: as they
        come, in the thread of whoever sends, for what has no network behind it."""

    @property
    def can_ask(self) -> bool:
        """After an unknown outcome `find` can tell whether the message arrived."""

    @property
    def can_edit(self) -> bool:
        """A sent message can be rewritten: a delivery with `edits` set, its `receipt` the first one's."""

    def reaches(self, person: Person) -> bool:
        """There is an address of this person's for this channel, whether or not it works."""

    def render(self, message: Message, words: Words) -> Rendered: ...

    def render_page(self, page: Page) -> Rendered: ...

    def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
        """Transmits `delivery.payload` once, without any retry of its own; nothing once it is no longer `in_time`."""

    def find(self, delivery: Delivery, person: Person) -> Sent | Unknown | None:
        """Whether this very delivery arrived: its receipt, None when it did not, Unknown when nobody can say."""


def ways(channels: Mapping[str, Channel], person: Person) -> tuple[Channel, ...]:
    """The channels that reach the person, in the order of trying: the one chosen first, then the fallbacks."""
    order = dict.fromkeys((person.channel, *FALLBACK) if person.channel else FALLBACK)
    return tuple(channels[name] for name in order if name in channels and channels[name].reaches(person))
