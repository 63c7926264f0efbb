"""A message as the arguments of `chat.postMessage`: Block Kit that keeps Slack's limits by construction.

Plan text is escaped once and never becomes a mention, a link or a broadcast; no mention is ever written here.
The delivery's key travels in the message's metadata, so that it can be found again.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence

from cadence.channels.reading import Part, Reading, Row, one_line, read
from cadence.core.messages import Message, Say
from cadence.core.model import Choice, Reason, Verb

Block = dict[str, object]

EVENT_TYPE = "cadence_delivery"
BLOCKS = 50
LETTERS = 12_000
"""Text of all sections together; Slack refuses somewhat more with `msg_blocks_too_long`, without naming the figure."""
SECTION, HEADER, LABEL, VALUE, NOTIFICATION, MENU = 3000, 150, 75, 150, 3000, 5
UP_FRONT = (Verb.DONE, Verb.PLACE)
"""Answers with a button of their own; the others are in the overflow menu."""
PARAGRAPH = 2800
"""Of a page's text to a section: room is left for what escaping adds."""
BROKEN_ENTITY = re.compile(r"&[a-z]{0,3}$")


def fit(text: str, limit: int) -> str:
    """The text escaped for Slack, once, in at most `limit` characters; what is cut ends in an ellipsis."""
    safe = html.escape(text, quote=False)
    return safe if len(safe) <= limit else BROKEN_ENTITY.sub("", safe[: limit - 1]) + "…"


def arguments(message: Message, say: Say, reading: Reading | None = None) -> dict[str, object]:
    """Everything `chat.postMessage` (and `chat.update`) needs but the conversation. `reading` is what the message reads
    like, where that is known already."""
    reading = reading or read(message, say)
    return {
        "text": fit(reading.notification, NOTIFICATION),
        "blocks": [*_head(reading), *_body(reading, say)],
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": message.key}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def page_arguments(key: str, subject: str, text: str) -> dict[str, object]:
    """A whole page of text, such as a digest: what does not fit into four sections is cut."""
    paragraphs = [text[n : n + PARAGRAPH] for n in range(0, min(len(text), LETTERS), PARAGRAPH)]
    return {
        "text": fit(subject, NOTIFICATION),
        "blocks": [
            {"type": "header", "text": _plain(subject, HEADER)},
            *(_section(fit(p, SECTION)) for p in paragraphs),
        ],
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": key}},
        "unfurl_links": False,
        "unfurl_media": False,
    }


def in_plain_words(body: Mapping[str, object], text: str) -> dict[str, object]:
    """The same message for one that Slack cannot show: its words alone, no buttons."""
    kept = {name: value for name, value in body.items() if name != "blocks"}
    return {**kept, "text": fit(text, NOTIFICATION), "mrkdwn": False}


def _head(reading: Reading) -> Iterator[Block]:
    if reading.banner:
        yield _small(reading.banner)
    if not reading.parts:
        yield _section(fit(reading.opening, SECTION))


def _body(reading: Reading, say: Say) -> list[Block]:
    """The sections, as many lines as there is room for, and how many more there are."""
    blocks: list[Block] = []
    room, letters, left = BLOCKS - 2, LETTERS, reading.count
    for nth, (part, row) in enumerate((p, r) for p in reading.parts for r in p.rows):
        text = _text(row)
        item = [*_heading(part, row), _section(text), *_actions(row, nth, say)]
        room, letters = room - len(item), letters - len(text)
        if room < 0 or letters < 0:
            return [*blocks, _small(say("brief.more", n=left))]
        blocks += item
        left -= 1
    return blocks


def _heading(part: Part, row: Row) -> list[Block]:
    return [{"type": "header", "text": _plain(part.heading, HEADER)}] if row is part.rows[0] else []


def _text(row: Row) -> str:
    title = fit(row.title, SECTION // 3)
    # A star inside would end the bold early and turn the rest of the line inside out.
    bold = title if "*" in title else f"*{title}*"
    return f"{bold}\n{fit(row.sentence, SECTION // 2)}" if row.sentence else bold


def _actions(row: Row, nth: int, say: Say) -> list[Block]:
    """The buttons of a line, in a block whose id stays unique when a task stands in two sections."""
    line = row.line
    if line.status:
        return []
    elements: Sequence[Block] = ()
    name = ""
    if line.decision_id and line.choices:
        elements, name = _ways_out(row, say), f"d:{line.decision_id}"
    elif line.task_id and line.verbs:
        elements, name = _answers(row, say), f"t:{line.task_id}"
    return [{"type": "actions", "block_id": f"{name}:{nth}", "elements": list(elements)}] if elements else []


def _answers(row: Row, say: Say) -> list[Block]:
    line = row.line
    seen = f"{line.task_id}:{'' if line.version is None else line.version}"
    first = [verb for verb in UP_FRONT if verb in line.verbs]
    more = [verb for verb in line.verbs if verb not in UP_FRONT and verb is not Verb.CANT]
    buttons = [_button(f"answer:{verb}", say(f"button.{verb}"), seen, row) for verb in first]
    menus = [_menu(more[n : n + MENU], n // MENU, seen, row, say) for n in range(0, len(more), MENU)]
    return [
        *buttons,
        *menus,
        *([_because("answer:cant", say("button.cant"), seen, say)] if Verb.CANT in line.verbs else []),
    ]


def _menu(verbs: Sequence[Verb], nth: int, seen: str, row: Row, say: Say) -> Block:
    """Several answers as an overflow menu, one as a button."""
    if len(verbs) == 1:
        return _button(f"answer:{verbs[0]}", say(f"button.{verbs[0]}"), seen, row)
    options = [_option(say(f"button.{verb}"), f"{verb}:{seen}") for verb in verbs]
    return {"type": "overflow", "action_id": f"answer:more-{nth}", "options": options}


def _ways_out(row: Row, say: Say) -> list[Block]:
    line = row.line
    possible = [choice for choice in line.choices if choice is not Choice.HAND_OVER or line.candidate]
    return [_way_out(choice, row, say) for choice in possible]


def _way_out(choice: Choice, row: Row, say: Say) -> Block:
    """A button, naming the candidate of a hand-over; to waive asks for its reason at once."""
    label = say(f"choice.{choice}", candidate=one_line(row.line.candidate or "", LABEL))
    value = f"{row.line.decision_id}:{choice}"
    if choice is not Choice.WAIVE:
        return _button(f"decide:{choice}", label, value, row)
    return _because(f"decide:{choice}", label, value, say)


def _because(action: str, label: str, value: str, say: Say) -> Block:
    """An answer that wants its reason at once: reasons are choices, nobody has to type."""
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": _plain(label, LABEL),
        "options": [_option(say(f"reason.{reason}"), f"{value}:{reason}") for reason in Reason],
    }


def _button(action: str, label: str, value: str, row: Row) -> Block:
    return {
        "type": "button",
        "action_id": action,
        "text": _plain(label, LABEL),
        "value": value[:VALUE],
        "accessibility_label": fit(f"{label}: {row.title}", LABEL),
    }


def _option(label: str, value: str) -> Block:
    return {"text": _plain(label, LABEL), "value": value[:VALUE]}


def _section(text: str) -> Block:
    # verbatim: Slack is not to make links of whatever in a title looks like an address or a channel.
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _small(text: str) -> Block:
    return {"type": "context", "elements": [_plain(text, SECTION)]}


def _plain(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": fit(text, limit)}
