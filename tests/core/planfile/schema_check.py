"""As much of JSON Schema as the plan's schema uses, so that it can be tried on plans without another library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
}
SILENT = {"$schema", "$defs", "title", "description", "format", "anyOf", "$ref", "type", "enum", "const", "pattern",
          "items", "properties", "patternProperties", "additionalProperties", "required"}  # fmt: skip


class _Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: true and false, numbers and texts."""


_Core.yaml_implicit_resolvers = {}
_Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("(true|false)$"), list("tf"))
_Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("[+-]?[0-9]+$"), list("+-0123456789"))
_Core.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(r"[+-]?[0-9]+\.[0-9]+$"), list("+-0123456789"))


def as_an_editor_reads(text: str) -> object:
    return yaml.load(text, _Core)


def refusals(
    schema: Mapping[str, Any], value: object, root: Mapping[str, Any] | None = None, at: str = ""
) -> list[str]:
    """The paths at which `value` breaks `schema`; empty when it is accepted. A keyword not known here raises."""
    root = root or schema
    assert set(schema) <= SILENT, set(schema) - SILENT
    if "$ref" in schema:
        return refusals(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, at)
    found = list(_own(schema, value, at))
    if "anyOf" in schema and all(refusals(option, value, root, at) for option in schema["anyOf"]):
        found.append(at)
    if isinstance(value, list) and "items" in schema:
        found += [bad for n, item in enumerate(value) for bad in refusals(schema["items"], item, root, f"{at}.{n}")]
    if isinstance(value, dict):
        found += [bad for key, inner in value.items() for bad in _below(schema, str(key), inner, root, at)]
    return found


def _own(schema: Mapping[str, Any], value: object, at: str) -> Iterator[str]:
    types = schema.get("type")
    wanted = tuple(kind for name in ([types] if isinstance(types, str) else types or []) for kind in TYPES[name])
    wrong_type = wanted and (not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted))
    missing = isinstance(value, dict) and not set(schema.get("required", ())) <= set(value)
    other = "enum" in schema and not any(type(value) is type(one) and value == one for one in schema["enum"])
    strange = isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value)
    if wrong_type or missing or other or strange:
        yield at


def _below(schema: Mapping[str, Any], key: str, inner: object, root: Mapping[str, Any], at: str) -> Iterator[str]:
    path = f"{at}.{key}" if at else key
    if key in schema.get("properties", {}):
        yield from refusals(schema["properties"][key], inner, root, path)
        return
    matching = [sub for pattern, sub in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
    for sub in matching:
        yield from refusals(sub, inner, root, path)
    rest = schema.get("additionalProperties", True)
    if not matching and rest is False:
        yield path
    elif not matching and isinstance(rest, dict):
        yield from refusals(rest, inner, root, path)
