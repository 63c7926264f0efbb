"""How a message reads, whatever the channel: its sections in order, each line as a title and one sentence.

Everything that comes out is plain text on one line, free of control characters, and short enough for a phone;
a channel only has to escape it for its own markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from cadence.core.messages import Line, Message, Say
from cadence.core.model import REASON_CODES, Choice, Section
from cadence.templating import Words

TITLE = 150
SENTENCE = 600
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+")
"""Control characters, and the marks that turn the direction of all text after them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line as it reads; `line` keeps what can be done about it."""

    title: str
    sentence: str
    line: Line


@dataclass(frozen=True, slots=True)
class Part:
    section: Section
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A message in words. `notification` stands alone, on a lock screen; `banner` says whom it was meant for."""

    subject: str
    notification: str
    opening: str
    banner: str | None
    parts: tuple[Part, ...]

    @property
    def count(self) -> int:
        return sum(len(part.rows) for part in self.parts)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters, the last an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def one_line(text: str, limit: int = SENTENCE) -> str:
    """The text on one line, without controls, direction marks or lone surrogates, at most `limit` characters."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return shortened(" ".join(UNSEEN.sub(" ", whole).split()), limit)


def read(message: Message, say: Say) -> Reading:
    """The message in words. Sections stand in the order of `Section`, lines within one as they were given."""
    rows = tuple(_row(line, say) for line in message.lines)
    parts = tuple(
        Part(section, say(f"section.{section}"), here)
        for section in Section
        if (here := tuple(row for row in rows if row.line.section is section))
    )
    new = [part for part in parts if part.section is not Section.WELCOME]
    pending = tuple(row.title for part in new for row in part.rows if row.line.status is None)
    facts = {
        "name": one_line(message.to.name, TITLE),
        "day": message.day,
        "titles": pending,
        "welcome": next((row.line.facts["plan"] for row in rows if row.line.section is Section.WELCOME), None),
        "decisions": sum(1 for row in rows if row.line.decision_id and row.line.status is None),
    }
    return Reading(
        subject=one_line(say(f"{message.kind}.subject", **facts), 200),
        notification=one_line(say(f"{message.kind}.notification", **facts), 1000),
        opening=one_line(say(f"{message.kind}.opening", **facts)),
        banner=one_line(say("brief.for", name=one_line(message.instead_of, TITLE))) if message.instead_of else None,
        parts=parts,
    )


def text_of(reading: Reading, words: Words) -> str:
    """The message as a text page: what a terminal shows and the text part of a mail holds."""
    return words.page("brief.txt", reading=reading)


def _row(line: Line, say: Say) -> Row:
    title = say(line.heading) if line.heading else one_line(line.title, TITLE) or say("brief.untitled")
    return Row(title, one_line(" ".join(_sentences(line, say))), line)


def _sentences(line: Line, say: Say) -> list[str]:
    facts = _facts(line, say)
    if line.status:
        return [say(line.status, **facts)]
    stand_in = [say("line.for", person=facts["for_person"], until=facts.get("until"))] if "for_person" in facts else []
    last_time = [say("line.carried", **facts)] if "carried" in facts else []
    return [say(line.note, **facts), *stand_in, *last_time]


def _facts(line: Line, say: Say) -> dict[str, str | int | date | None]:
    """The facts of a line with the codes among them (reasons, choices) put into words."""
    facts = {name: one_line(fact, TITLE) if isinstance(fact, str) else fact for name, fact in line.facts.items()}
    if (reason := facts.get("reason")) in REASON_CODES:
        facts["reason"] = say(f"reason.{reason}")
    if (choice := facts.get("choice")) in {*Choice}:
        facts["choice"] = say(f"decided.{choice}")
    return facts
