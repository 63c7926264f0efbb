"""Text to plan: from the files of a bundle to the plan they mean, or to every mistake in them with its place.

`loader` reads YAML into `nodes` and answers its `traps`; `extends` lays a plan over its parents; `written` holds the
words of the language and `translate` says what pydantic refuses; `people` reads the table and the list of people;
`references` looks names up; `meaning` fills in what the kinds say and makes the `schema.Plan`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from cadence.core.model import Bundle, Place, Problem, Severity
from cadence.core.planfile.byhand import with_people_by_hand
from cadence.core.planfile.codes import CODES, Code
from cadence.core.planfile.editor import json_schema
from cadence.core.planfile.extends import parents_of, with_parents
from cadence.core.planfile.loader import BUDGET, Budget, load
from cadence.core.planfile.meaning import meant
from cadence.core.planfile.moving import with_milestones_moved
from cadence.core.planfile.nodes import Data, Leaf, Map, plain
from cadence.core.planfile.people import read_people
from cadence.core.planfile.schema import Activity, PersonRow, Plan
from cadence.core.planfile.translate import sorted_problems, validated
from cadence.core.planfile.traps import error
from cadence.core.planfile.written import PlanText

__all__ = [
    "BUDGET",
    "CODES",
    "Activity",
    "Budget",
    "Code",
    "Outline",
    "PersonRow",
    "Plan",
    "json_schema",
    "outline",
    "parse",
]

NO_ALIASES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Outline:
    """Which other files one plan text asks for, as it names them."""

    parents: tuple[str, ...]
    people_file: str | None


def outline(name: str, text: str, budget: Budget = BUDGET) -> tuple[Outline | None, tuple[Problem, ...]]:
    """What must be fetched beside the plan; None, with the mistakes, where the text is not readable."""
    root, problems = load(name, text, budget)
    if root is None:
        return None, sorted_problems(problems)
    people = root.entries["people"].node if "people" in root.entries else None
    file = people.entries["file"].node if isinstance(people, Map) and "file" in people.entries else None
    parents = tuple(dict.fromkeys(parent for parent, _ in parents_of(root)))
    return Outline(parents, file.text.strip() if isinstance(file, Leaf) else None), sorted_problems(problems)


def parse(
    bundle: Bundle,
    aliases: Mapping[str, str] = NO_ALIASES,
    budget: Budget = BUDGET,
    *,
    plans: Iterable[str] = (),
) -> tuple[Plan | None, tuple[Problem, ...]]:
    """The plan of a bundle; None exactly when one of the problems is an error. Problems stand in order of place.

    `aliases` maps a person's identity to the key the installation knows them by; `plans` are the names that `extends`
    may mean, for whoever misspells one."""
    files = dict(bundle.files)
    if bundle.plan not in files:
        return None, (error("P100", Place(bundle.plan), "the plan is not there", "name a plan file"),)
    root, problems = with_parents(bundle.plan, files, budget, plans)
    if root is None:
        return None, sorted_problems(problems)
    found = list(problems)
    text, mistakes = validated(PlanText, root, cast("dict[str, Data]", plain(root)))
    found.extend(mistakes)
    plan = None
    if text is not None:
        people = read_people(text.people, root, files, aliases, budget)
        plan, more = meant(bundle.plan, root, text, people)
        plan = with_milestones_moved(plan, dict(bundle.moved))
        plan = with_people_by_hand(plan, bundle.by_hand, aliases)
        found.extend((*people.problems, *more))
    if plan is None or any(problem.severity is Severity.ERROR for problem in found):
        return None, sorted_problems(found)
    return plan, sorted_problems(problem for problem in found if not plan.accepts(problem.code, problem.path))
