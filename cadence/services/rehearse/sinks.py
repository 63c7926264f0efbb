"""Where Slack and SMTP would be: real forms, rendered by the real channels, kept instead of sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cadence.channels import Channel, Page, Rendered
from cadence.clock import Clock
from cadence.core.messages import Message
from cadence.core.model import Delivery, MessageKind, Outcome, Person, Sent
from cadence.templating import Words


@dataclass(frozen=True, slots=True)
class Recorded:
    """One message as it would have arrived. `edits` is the key of the message that it rewrites, if any."""

    at: datetime
    to: str
    channel: str
    kind: MessageKind
    key: str
    subject: str
    text: str
    payload: str
    tasks: tuple[str, ...]
    edits: str | None = None


@dataclass(slots=True)
class Post:
    """Everything that was taken, in order."""

    clock: Clock
    taken: list[Recorded] = field(default_factory=list)

    def take(self, delivery: Delivery, person: Person, channel: str) -> None:
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
                tasks=tuple(dict.fromkeys(entry.task_id for entry in delivery.entries if entry.task_id)),
                edits=delivery.edits,
            )
        )


@dataclass(frozen=True, slots=True)
class Sink:
    """Has the face of `inner` and none of its network."""

    inner: Channel
    post: Post

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

    def send(self, delivery: Delivery, person: Person) -> Outcome:
        self.post.take(delivery, person, self.name)
        number = f"{int(self.post.clock().timestamp())}.{len(self.post.taken):06d}"
        return Sent(delivery.receipt if delivery.edits else {"channel": f"D-{person.key}"[:64], "ts": number})

    def find(self, delivery: Delivery, person: Person) -> Sent | None:
        return None
