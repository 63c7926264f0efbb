"""Slack's limits as its reference states them, checked on what was posted: what a real Slack would refuse."""

from __future__ import annotations

from collections.abc import Iterator

Json = dict[str, object]

TEXTS = {"section": 3000, "header": 150, "button": 75, "option": 75, "context": 3000, "placeholder": 150}


def faults(payload: Json) -> list[str]:
    """Every reason to answer `invalid_blocks`; an empty list is a payload that Slack takes."""
    blocks = payload.get("blocks", [])
    if not isinstance(blocks, list):
        return ["blocks is not a list"]
    found = [] if payload.get("text") else ["no top-level text"]
    found += ["more than 50 blocks"] if len(blocks) > 50 else []
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    found += ["a block_id twice"] if len(ids) != len(set(ids)) else []
    found += ["a block_id over 255 characters"] if any(len(str(name)) > 255 for name in ids) else []
    for block in blocks:
        found += _block(block)
    return found


def texts(node: object) -> Iterator[str]:
    """Every text a reader can see, in order."""
    if isinstance(node, dict):
        if node.get("type") in ("plain_text", "mrkdwn"):
            yield str(node["text"])
        else:
            for value in node.values():
                yield from texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from texts(value)


def _block(block: Json) -> Iterator[str]:
    match block.get("type"):
        case "section":
            yield from _text(block.get("text"), "section")
        case "header":
            yield from _text(block.get("text"), "header", plain=True)
        case "context":
            elements = _list(block.get("elements"))
            if not 1 <= len(elements) <= 10:
                yield "a context without 1 to 10 elements"
            for element in elements:
                yield from _text(element, "context")
        case "actions":
            yield from _actions(_list(block.get("elements")))
        case "divider":
            pass
        case other:
            yield f"unknown block {other}"


def _actions(elements: list[Json]) -> Iterator[str]:
    if not 1 <= len(elements) <= 25:
        yield "actions without 1 to 25 elements"
    ids = [element.get("action_id") for element in elements]
    if None in ids or len(ids) != len(set(ids)):
        yield "an action_id missing or twice"
    if any(len(str(name)) > 255 for name in ids):
        yield "an action_id over 255 characters"
    for element in elements:
        yield from _element(element)


def _element(element: Json) -> Iterator[str]:
    match element.get("type"):
        case "button":
            yield from _text(element.get("text"), "button", plain=True)
            if len(str(element.get("value", ""))) > 2000 or len(str(element.get("accessibility_label", ""))) > 75:
                yield "a button's value or label too long"
        case "overflow":
            yield from _options(_list(element.get("options")), least=2, most=5)
        case "static_select":
            yield from _text(element.get("placeholder"), "placeholder", plain=True)
            yield from _options(_list(element.get("options")), least=1, most=100)
        case other:
            yield f"unknown element {other}"


def _options(options: list[Json], *, least: int, most: int) -> Iterator[str]:
    if not least <= len(options) <= most:
        yield f"{len(options)} options"
    for option in options:
        yield from _text(option.get("text"), "option", plain=True)
        if not 1 <= len(str(option.get("value", ""))) <= 150:
            yield "an option's value empty or too long"


def _text(node: object, place: str, *, plain: bool = False) -> Iterator[str]:
    if not isinstance(node, dict) or node.get("type") not in ("plain_text", "mrkdwn"):
        yield f"{place} without a text object"
        return
    if plain and node["type"] != "plain_text":
        yield f"{place} must be plain text"
    if not 1 <= len(str(node.get("text", ""))) <= TEXTS[place]:
        yield f"{place} text empty or over {TEXTS[place]} characters"


def _list(value: object) -> list[Json]:
    return value if isinstance(value, list) else []
