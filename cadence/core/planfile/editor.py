"""The language as JSON Schema 2020-12, for editors: the models' own, without what only a program would write.

It accepts a little more than `parse` does (a child of another plan may be silent where a plan may not), never less.
"""

from __future__ import annotations

from typing import cast

from cadence.core.kinds import KINDS
from cadence.core.planfile.written import PlanText

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ADDED: Schema = {"^\\+": {"type": "array"}}
"""`+keepers` and the like add to the list of a parent."""


def json_schema() -> Schema:
    """A fresh schema of a plan file; its `$ref`s stay inside of it."""
    schema = cast("Schema", _plain(PlanText.model_json_schema(by_alias=True)))
    parts = cast("dict[str, Schema]", schema["$defs"])
    properties = cast("dict[str, Schema]", schema["properties"])
    activity = parts["ActivityText"]
    activity.pop("required", None)
    words = cast("dict[str, Schema]", activity["properties"])
    words["kind"] = {"enum": sorted(KINDS)}
    words["ask"]["additionalProperties"] = _or_off("FieldText")
    properties["activities"]["additionalProperties"] = _or_off("ActivityText")
    for part in (schema, activity):
        part["patternProperties"] = ADDED
    return {"$schema": DIALECT, "title": "A plan of cadence", **{k: v for k, v in schema.items() if k != "title"}}


def _or_off(part: str) -> Schema:
    return {"anyOf": [{"$ref": f"#/$defs/{part}"}, {"enum": ["off", False]}]}


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
