"""The language as JSON Schema 2020-12, for editors: the models' own, without what only a program would write.

It accepts a little more than `parse` does (a child of another plan may be silent where a plan may not), never less.
"""

from __future__ import annotations

from typing import cast

from cadence.core.planfile.written import PlanText

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
OFF: Schema = {"enum": ["off", False]}
"""Drops what a parent says. An editor that reads YAML 1.1 takes the word for a no."""
ADDED: Schema = {"^\\+": {}}
"""`+keepers` and the like add to the list of a parent."""


def json_schema() -> Schema:
    """A fresh schema of a plan file; its `$ref`s stay inside of it."""
    schema = cast("Schema", _plain(PlanText.model_json_schema(by_alias=True)))
    parts = cast("dict[str, Schema]", schema["$defs"])
    for part in (schema, *parts.values()):
        words = cast("dict[str, Schema]", part["properties"])
        part["properties"] = {word: _or_off(_names_dropped(value)) for word, value in words.items()}
        part["patternProperties"] = ADDED
    for name in ("ActivityText", "WaveText"):
        parts[name].pop("required", None)
    schema["anyOf"] = [{"required": ["extends"]}, {"required": schema.pop("required")}]
    return {"$schema": DIALECT, "title": "A plan of cadence", **{k: v for k, v in schema.items() if k != "title"}}


def _names_dropped(value: Schema) -> Schema:
    """A map of names, in which each may be `off`."""
    inner = value.get("additionalProperties")
    return {**value, "additionalProperties": _or_off(inner)} if isinstance(inner, dict) else value


def _or_off(value: Schema) -> Schema:
    """What may also be dropped; texts take the word as it is."""
    options = cast("list[Schema]", value.get("anyOf", [value]))
    return value if "string" in _types(value) else {"anyOf": [*options, OFF]}


def _types(value: Schema) -> str:
    """The types a value may have at its top, written out."""
    options = [*cast("list[Schema]", value.get("anyOf", [])), value]
    return " ".join(str(option.get("type", "")) for option in options if "pattern" not in option)


def _plain(part: object) -> object:
    """Without null (silence is leaving a key out), defaults and titles made of field names; merge keys allowed."""
    if isinstance(part, list):
        return [_plain(item) for item in part if item != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    if "properties" in part:
        rest = {key: _plain(value) for key, value in part.items() if key not in ("properties", "title")}
        return {**rest, "properties": {name: _plain(value) for name, value in part["properties"].items()}}
    plain = {key: _plain(value) for key, value in part.items() if key not in ("default", "title")}
    options = plain.get("anyOf")
    if isinstance(options, list) and len(options) == 1 and isinstance(options[0], dict):
        plain.pop("anyOf")
        return {**plain, **options[0]}
    return plain
