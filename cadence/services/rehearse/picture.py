"""Messages as Slack shows them, for a page: Block Kit -> pieces that a template draws. Understands what we send."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A button, a menu of three dots or a list to choose from; `options` are what the last two offer."""

    sort: Literal["button", "menu", "list"]
    label: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """One block: a heading, a section, the small print or a row of controls."""

    sort: Literal["heading", "text", "small", "controls"]
    lines: tuple[Line, ...] = ()
    controls: tuple[Control, ...] = ()


def pieces(payload: str) -> tuple[Piece, ...]:
    """The blocks of `chat.postMessage` arguments, in order."""
    return tuple(_pieces(json.loads(payload).get("blocks", ())))


def _pieces(blocks: Sequence[Mapping[str, object]]) -> Iterator[Piece]:
    for block in blocks:
        match block:
            case {"type": "header", "text": {"text": str(text)}}:
                yield Piece("heading", (Line(html.unescape(text)),))
            case {"type": "section", "text": {"text": str(text)}}:
                yield Piece("text", tuple(map(_line, text.splitlines())))
            case {"type": "context", "elements": list(elements)}:
                yield Piece("small", tuple(Line(_label(element)) for element in elements))
            case {"type": "actions", "elements": list(elements)}:
                yield Piece("controls", controls=tuple(map(_control, elements)))


def _line(text: str) -> Line:
    bold = len(text) > 2 and text.startswith("*") and text.endswith("*")
    return Line(html.unescape(text[1:-1] if bold else text), bold)


def _control(element: Mapping[str, object]) -> Control:
    listed = element.get("options")
    options = tuple(map(_label, listed)) if isinstance(listed, list) else ()
    if element.get("type") == "overflow":
        return Control("menu", "⋯", options)
    if element.get("type") == "static_select":
        return Control("list", _label({"text": element.get("placeholder")}), options)
    return Control("button", _label(element))


def _label(thing: Mapping[str, object]) -> str:
    """The plain text of an element, an option or a context line."""
    text = thing.get("text")
    if isinstance(text, Mapping):
        text = text.get("text")
    return html.unescape(text) if isinstance(text, str) else ""
