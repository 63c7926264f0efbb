"""What pydantic refuses, in the words of the plan language: each mistake at its place, with what to write instead.

A mistake is cut out and the rest is read again, so that one does not hide those that only show in a whole plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from cadence.core.model import Problem, Severity
from cadence.core.planfile.nodes import Data, Map, place_of
from cadence.core.planfile.synonyms import key_meant
from cadence.core.planfile.traps import error
from cadence.core.triggers.words import BadWord, did_you_mean

ROUNDS = 8
MOST = 200
"""Mistakes shown of one plan; whoever has more has one, many times over."""

LINE = 500

EXAMPLES: Mapping[str, str] = {
    "plan": "write `plan: my-plan`",
    "rollout": "write the first working day after the training event: `rollout: 2027-01-11`",
    "kind": "write `kind: field_ride`, or `kind: custom`",
}
STAND_INS: Mapping[str, Data] = {"plan": "plan", "rollout": "2027-01-04", "kind": "custom"}
"""What is read on with where one of these is missing or wrong; nothing of it leaves this package."""

M = TypeVar("M", bound=BaseModel)
Loc = tuple[int | str, ...]


def spoken(problem: Problem) -> Problem:
    """The same on one line, not endless, and with the quotes that a terminal shows as such."""
    path, message, remedy = (_line(text) for text in (problem.path, problem.message, problem.remedy))
    return Problem(problem.code, problem.severity, problem.place, path, message, remedy)


def _line(text: str) -> str:
    text = " ".join(text.replace("`", "'").split())
    return text if len(text) <= LINE else f"{text[: LINE - 1]}…"


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By place, each once and at most `MOST`; the last line says that there are more."""
    found = sorted({spoken(p) for p in problems}, key=lambda p: (p.place, p.code, p.path, p.message))
    found.sort(key=lambda p: p.severity is not Severity.ERROR)
    if len(found) > MOST:
        last = found[MOST]
        found = [*found[:MOST], Problem(last.code, last.severity, last.place, "", "and more like these")]
    return tuple(sorted(found, key=lambda p: (p.place, p.code, p.path, p.message)))


def bad_word(root: Map, path: str, mistake: BadWord, code: str = "P203") -> Problem:
    """The problem at `path`, or below it where the mistake itself knows better."""
    at = f"{path}.{mistake.at}" if mistake.at else path
    return error(code, place_of(root, at), mistake.message, mistake.remedy, at)


def validated(model: type[M], root: Map, data: dict[str, Data], below: str = "") -> tuple[M | None, list[Problem]]:
    """The model of all that is right in `data`, and a problem for each thing that is not.

    `data` is used up. Paths begin at `below`. None when nothing sensible is left, or more is wrong than is shown."""
    problems: list[Problem] = []
    cut: set[Loc] = set()
    for _ in range(ROUNDS):
        try:
            return model.model_validate(data), problems
        except ValidationError as refused:
            wrong = {_loc(detail): detail for detail in reversed(refused.errors(include_url=False))}
        for loc, detail in reversed(wrong.items()):
            follows = detail["type"] == "missing" and any(loc[:n] in cut for n in range(len(loc) + 1))
            if not follows:
                problems.append(_problem(model, root, detail, loc, below))
            if len(problems) > MOST:
                return None, problems
            cut.add(loc)
        for loc in sorted(wrong, key=_deepest_first):
            _cut(data, loc)
    return None, problems


def _deepest_first(loc: Loc) -> tuple[int, list[tuple[bool, int, str]]]:
    """Children before parents and later items before earlier ones, so that cutting moves nothing still to be cut."""
    return -len(loc), [(isinstance(part, str), -part if isinstance(part, int) else 0, str(part)) for part in loc]


def _loc(detail: ErrorDetails) -> Loc:
    loc = detail["loc"]
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _cut(data: Data, loc: Loc) -> None:
    """Takes out what stands at `loc`; a missing word gets its stand-in, or its parent goes."""
    parent: Any = data
    for part in loc[:-1]:
        try:
            parent = parent[part]
        except (KeyError, IndexError, TypeError):
            return
    name = loc[-1] if loc else ""
    if name in STAND_INS and isinstance(parent, dict) and (len(loc) == 1 or loc[0] == "activities"):
        parent[name] = STAND_INS[str(name)]
    elif isinstance(parent, list) and isinstance(name, int):
        parent.pop(name)
    elif isinstance(parent, dict) and name in parent:
        del parent[name]
    elif len(loc) > 1:
        _cut(data, loc[:-1])


def _problem(model: type[BaseModel], root: Map, detail: ErrorDetails, loc: Loc, below: str) -> Problem:
    path = ".".join([below, *map(str, loc)] if below else [*map(str, loc)])
    place = place_of(root, path)
    name = str(loc[-1]) if loc else ""
    match detail["type"]:
        case "extra_forbidden":
            known = words_of(_model_at(model, loc[:-1]))
            likely = key_meant(name, known)
            hint = f"did you mean `{likely}`?" if likely else did_you_mean(name, known)
            hint = hint or f"known here: {', '.join(known)}"
            return error("P201", place, f"`{name[:60]}` is not a word of the plan language here", hint, path)
        case "missing":
            return error("P202", place, f"`{name}` is missing", EXAMPLES.get(name, f"add `{name}: ...`"), path)
    mistake = detail.get("ctx", {}).get("error")
    if isinstance(mistake, BadWord):
        code = "P212" if name in ("timezone", "country") else "P203"
        return bad_word(root, path, mistake, code)
    return error("P203", place, _shape(detail), _example(detail), path)


def _shape(detail: ErrorDetails) -> str:
    given = detail["input"]
    found = "a map" if isinstance(given, dict) else "a list" if isinstance(given, list) else f"`{str(given)[:60]}`"
    return f"{found} stands where {_wanted(detail)} belongs"


def _wanted(detail: ErrorDetails) -> str:
    kind = detail["type"]
    return "a list" if "tuple" in kind or "list" in kind else "a map of `key: value`"


def _example(detail: ErrorDetails) -> str:
    return "write `[one, two]`" if _wanted(detail) == "a list" else "write `key: value` lines, indented under it"


def words_of(model: type[BaseModel] | None) -> tuple[str, ...]:
    """The keys that a model takes, as they are written."""
    return tuple(field.alias or name for name, field in model.model_fields.items()) if model else ()


def _model_at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    """The model that reads what stands at `loc`: down through fields, values of maps and items of lists."""
    here: Any = model
    for part in loc:
        here = _below(here, part)
    return _model_in(here)


def _below(here: Any, part: int | str) -> Any:  # noqa: ANN401 - a type expression, which typing does not type
    found = _model_in(here)
    if found is not None:
        return next((f.annotation for n, f in found.model_fields.items() if part in (f.alias, n)), None)
    for option in _options(here):
        if get_origin(option) is dict:
            return get_args(option)[1]
        if get_origin(option) is tuple:
            return get_args(option)[0]
    return None


def _options(here: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a type expression, which typing does not type
    """What is inside of Annotated and unions, itself first."""
    if hasattr(here, "__metadata__"):
        return _options(get_args(here)[0])
    if get_origin(here) in (dict, tuple):
        return (here,)
    return (here, *(inner for arg in get_args(here) for inner in _options(arg)))


def _model_in(here: Any) -> type[BaseModel] | None:  # noqa: ANN401 - a type expression, which typing does not type
    return next((o for o in _options(here) if isinstance(o, type) and issubclass(o, BaseModel)), None)
