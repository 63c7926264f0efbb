"""Where Slack and SMTP would be: real forms, rendered by the real channels, kept instead of sent.

A sink can be out of order on some days; the ledger then does what it does for the real thing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cadence.channels import Channel, InTime, Page, Rendered
from cadence.clock import Clock
from cadence.core.messages import Message
from cadence.core.model import Delivery, Entry, MessageKind, Outcome, Person, Sent, Temporary
from cadence.templating import Words


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message as it would have arrived. `edits` is the key of the message that it rewrites, if any; `place` the
    conversation and time stamp that the channel gave it."""

    at: datetime
    to: str
    channel: str
    kind: MessageKind
    key: str
    subject: str
    text: str
    payload: str
    entries: tuple[Entry, ...]
    place: tuple[str, str]
    edits: str | None = None

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks it shows, each once, in its order."""
        return tuple(dict.fromkeys(entry.task_id for entry in self.entries if entry.task_id))


@dataclass(slots=True)
class Post:
    """Everything that was taken, and how often something was not."""

    clock: Clock
    taken: list[Recorded] = field(default_factory=list)
    refused: list[datetime] = field(default_factory=list)

    def take(self, delivery: Delivery, person: Person, channel: str, place: tuple[str, str]) -> None:
        self.taken.append(
            Recorded(
                at=self.clock(),
                to=person.key,
                channel=channel,
                kind=delivery.kind,
                key=delivery.key,
                subject=delivery.subject or "",
                text=delivery.text or "",
                payload=delivery.payload or "",
                entries=delivery.entries,
                place=place,
                edits=delivery.edits,
            )
        )


def _never(now: datetime) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Sink:
    """Has the face of `inner` and none of its network. `is_down` says when it takes nothing."""

    inner: Channel
    post: Post
    is_down: Callable[[datetime], bool] = _never

    @property
    def at_once(self) -> int:
        """One after the other: the same seed gives the same order."""
        return 0

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def can_ask(self) -> bool:
        return self.inner.can_ask

    @property
    def can_edit(self) -> bool:
        return self.inner.can_edit

    def reaches(self, person: Person) -> bool:
        return self.inner.reaches(person)

    def render(self, message: Message, words: Words) -> Rendered:
        return self.inner.render(message, words)

    def render_page(self, page: Page) -> Rendered:
        return self.inner.render_page(page)

    def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
        now = self.post.clock()
        if self.is_down(now):
            self.post.refused.append(now)
            return Temporary(f"{self.name}: service_unavailable")
        place = (delivery.receipt.get("channel", ""), delivery.receipt.get("ts", ""))
        if not delivery.edits:
            # By the key, not by a count: several senders at once must not change a byte.
            place = (f"D{_number(person.key):010X}", f"{int(now.timestamp())}.{_number(delivery.key) % 10**6:06d}")
        self.post.take(delivery, person, self.name, place)
        return Sent({"channel": place[0], "ts": place[1]})

    def find(self, delivery: Delivery, person: Person) -> Sent | None:
        return None


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:5], "big")
