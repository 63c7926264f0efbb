"""Every field of the plan language that is written as a text, found in the models themselves: a new one is found too.

A plan is held as dicts, lists and texts, and written as YAML of quoted texts, in which anything can stand.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from cadence.core.model import Bundle
from cadence.core.planfile.written import PlanText, Written

Data = str | list["Data"] | dict[str, "Data"]
Path = tuple[str | int, ...]

BASE: dict[str, Any] = {
    "plan": "canaries",
    "rollout": "2027-01-11",
    "ends": "week 2",
    "milestones": {"v2": "day 60"},
    "phases": {"start": "weeks 1-2"},
    "people": {
        "file": "people.csv",
        "list": {
            "vic": {"name": "Vic Petrov", "email": "vic@example.test", "reports_to": "kim"},
            "kim": {"name": "Kim Lee", "email": "kim@example.test"},
        },
        "places": {"Munich": {"timezone": "Europe/Berlin"}},
    },
    "roles": {"vp": "vic", "sponsor": "kim", "enablement": "kim"},
    "waves": {"west": {"rollout": "2027-01-11", "only": {"region": "East"}}},
    "metrics": {"adoption": {"unit": "percent"}},
    "activities": {
        "rides": {"kind": "field_ride", "owner": "manager", "with": "each rep", "every": "week"},
        "kick-off": {"kind": "communication", "owner": "vp", "on": "day 0", "ask": {"next": {"label": "Next"}}},
        "deals": {"kind": "deal_review", "owner": "manager", "when": {"signal": "deal.stage", "where": {"stage": "x"}}},
        "steps": {"kind": "audit", "owner": "vp", "on": "day 1", "escalate": [{"after": "1 day", "to": "line"}]},
    },
}
"""A plan in which each part of the language stands at least once, so that there is somewhere to put its fields."""

PEOPLE: tuple[dict[str, str], ...] = (
    {"name": "Ana Silva", "email": "ana@example.test", "manager": "Ben Okoye", "region": "East", "team": "One"},
    {"name": "Ben Okoye", "email": "ben@example.test", "manager": "", "region": "East", "team": "One"},
)


@dataclass(frozen=True, slots=True)
class Field:
    """Where a text can stand. `word` is its name with `*` for what authors name themselves; with `is_key` the text is
    a key of the map at `path`, beside those that are there."""

    word: str
    path: Path
    is_key: bool = False


def fields() -> tuple[Field, ...]:
    """All of them, each word once, at the first place where the base plan has room for it."""
    found: dict[str, Field] = {}
    for field in _of_model(PlanText, "", (), BASE):
        found.setdefault(field.word, field)
    return tuple(found.values())


def _of_model(model: type[BaseModel], word: str, path: Path, base: Any) -> Iterator[Field]:  # noqa: ANN401 - a part of a plan
    for name, info in model.model_fields.items():
        key = info.alias or name
        below = base.get(key) if isinstance(base, dict) else None
        yield from _of_type(info.annotation, f"{word}.{key}" if word else key, (*path, key), below)


def _of_type(kind: Any, word: str, path: Path, base: Any) -> Iterator[Field]:  # noqa: ANN401 - a type, a part of a plan
    options = list(_options(kind))
    if maps := [option for option in options if get_origin(option) is dict]:
        yield Field(f"{word}.KEY", path, is_key=True)
        for key in base or ("key",):
            yield from _of_type(get_args(maps[0])[1], f"{word}.*", (*path, key), (base or {}).get(key))
    elif lists := [option for option in options if get_origin(option) is tuple and _model_in(option)]:
        yield from _of_type(get_args(lists[0])[0], f"{word}.*", (*path, 0), base[0] if base else None)
    elif models := [option for option in options if _is_model(option)]:
        yield from _of_model(models[0], word, path, base)
    else:
        yield Field(word, path)


def _options(kind: Any) -> Iterator[Any]:  # noqa: ANN401 - a type expression
    if hasattr(kind, "__metadata__"):
        yield from _options(get_args(kind)[0])
    elif get_origin(kind) in (dict, tuple):
        yield kind
    else:
        yield kind
        for inner in get_args(kind):
            yield from _options(inner)


def _is_model(kind: Any) -> bool:  # noqa: ANN401 - a type expression
    return isinstance(kind, type) and issubclass(kind, Written)


def _model_in(option: Any) -> bool:  # noqa: ANN401 - a type expression
    return any(_is_model(inner) for arg in get_args(option) for inner in _options(arg))


def with_texts(texts: dict[Field, str]) -> dict[str, Any]:
    """The base plan with these texts in these fields. Keys come last, so that a path before them still leads there."""
    plan = copy.deepcopy(BASE)
    for field, text in sorted(texts.items(), key=lambda item: item[0].is_key):
        _put(plan, field, text)
    return plan


def _put(plan: dict[str, Any], field: Field, text: str) -> None:
    here: Any = plan
    steps = field.path if field.is_key else field.path[:-1]
    for n, step in enumerate(steps):
        following = field.path[n + 1] if n + 1 < len(field.path) else ""
        if isinstance(here, list):
            here = here[step] if isinstance(step, int) and step < len(here) else _grown(here, following)
        else:
            if not isinstance(here.get(step), (dict, list)):
                here[step] = [] if isinstance(following, int) else {}
            here = here[step]
    if field.is_key:
        here[text] = copy.deepcopy(next(iter(here.values()), "Plain words"))
    else:
        here[field.path[-1]] = text


def _grown(here: list[Any], following: object) -> Any:  # noqa: ANN401 - a part of a plan
    here.append([] if isinstance(following, int) else {})
    return here[-1]


def yaml(data: Data) -> str:
    """The data in braces and brackets, every text in double quotes: control characters are written as escapes, which
    YAML gives back as they were; lone surrogates stand there raw."""
    match data:
        case str():
            return quoted(data)
        case list():
            return f"[{', '.join(map(yaml, data))}]"
        case dict():
            return f"{{{', '.join(f'{quoted(key)}: {yaml(value)}' for key, value in data.items())}}}"


def quoted(text: str) -> str:
    safe = "".join(_escape(char) for char in text)
    return f'"{safe}"'


def _escape(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if ord(char) < 32 or 127 <= ord(char) < 160:
        return f"\\x{ord(char):02x}"
    return f"\\u{ord(char):04x}" if char in "\u2028\u2029\ufeff\ufffe\uffff" else char


def block(data: dict[str, Data]) -> str:
    """A plan, a line for each of its words and of its activities, so that a mistake has a line of its own."""
    lines = []
    for key, value in data.items():
        if key == "activities" and isinstance(value, dict):
            lines += ["activities:", *(f"  {quoted(name)}: {yaml(said)}" for name, said in value.items())]
        else:
            lines.append(f"{quoted(key)}: {yaml(value)}")
    return "\n".join(lines) + "\n"


def table(rows: list[dict[str, str]]) -> str:
    """The people file, every cell in quotes."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, *([row.get(name, "") for name in columns] for row in rows)]
    return "".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) + "\n" for line in lines)


def bundle(plan: str, people: str) -> Bundle:
    return Bundle(plan="plan.yaml", files=(("plan.yaml", plan), ("people.csv", people)), holidays=(), hash="")
