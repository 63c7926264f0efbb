"""The console: a message as plain text on a stream, for trying things out and where nothing else is set up."""

from __future__ import annotations

from typing import TextIO

from cadence.channels import InTime, Page, Rendered
from cadence.channels.reading import one_line, read, text_of
from cadence.core.messages import Message
from cadence.core.model import Delivery, Outcome, Person, Sent
from cadence.templating import Words


class ConsoleChannel:
    """Prints to `stream`; reaches everybody, and what is printed has arrived."""

    name = "console"
    at_once = 1
    can_ask = False
    can_edit = False

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def reaches(self, person: Person) -> bool:
        return True

    def render(self, message: Message, words: Words) -> Rendered:
        reading = read(message, words.say)
        text = text_of(reading, words)
        return Rendered(reading.subject, text, text)

    def render_page(self, page: Page) -> Rendered:
        return Rendered(page.subject, page.text, page.text)

    def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
        head = f"== {one_line(person.name)} · {one_line(delivery.subject or delivery.kind)} =="
        self._stream.write(f"{head}\n{(delivery.payload or '').strip()}\n\n")
        self._stream.flush()
        return Sent({"key": delivery.key})

    def find(self, delivery: Delivery, person: Person) -> None:
        return None
