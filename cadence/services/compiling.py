"""Bundle -> plan, people and schedule, with all that is wrong or worth knowing. Pure; remembered by content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType

from cadence.core.changes import Wording, wording
from cadence.core.compiler import Compilation, compile_plan
from cadence.core.directory import Directory, directory
from cadence.core.messages import Say
from cadence.core.model import Bundle, Days, Problem, Severity
from cadence.core.planfile import parse
from cadence.core.planfile.schema import Plan
from cadence.core.triggers import PlanDates, plan_dates
from cadence.services.uncollected import uncollected

MOST_TASKS = 20_000
"""Of one plan, where no setting says otherwise; more is taken for a slip."""
NO_ALIASES: Mapping[str, str] = MappingProxyType({})
NO_ABSENCES: Mapping[str, tuple[Days, ...]] = MappingProxyType({})

Aliases = tuple[tuple[str, str], ...]
Absences = tuple[tuple[str, tuple[Days, ...]], ...]


@dataclass(frozen=True)
class Compiled:
    """One plan compiled: what it says, who is who, what is to be done. `problems` holds no error."""

    bundle: Bundle
    plan: Plan
    directory: Directory
    compilation: Compilation
    problems: tuple[Problem, ...]

    @cached_property
    def wording(self) -> Wording:
        """The schedule as a load compares it: what was shown is not put into words again when it is loaded."""
        return wording(self.compilation.schedule)


def read(
    bundle: Bundle,
    aliases: Mapping[str, str] = NO_ALIASES,
    absences: Mapping[str, tuple[Days, ...]] = NO_ABSENCES,
) -> tuple[tuple[Plan, Directory] | None, tuple[Problem, ...]]:
    """The plan and its people; None when some problem is an error."""
    return _read(bundle, tuple(sorted(aliases.items())), tuple(sorted(absences.items())))


@lru_cache(maxsize=32)
def _read(
    bundle: Bundle, aliases: Aliases, absences: Absences
) -> tuple[tuple[Plan, Directory] | None, tuple[Problem, ...]]:
    plan, problems = parse(bundle, dict(aliases))
    if plan is None:
        return None, problems
    people, strange = directory(plan, _holidays(bundle), dict(aliases), dict(absences))
    found = (*problems, *strange)
    return (None if has_errors(found) else (plan, people)), found


def _holidays(bundle: Bundle) -> dict[str, frozenset[date]]:
    return {name: frozenset(days) for name, days in bundle.holidays}


def compiled(
    bundle: Bundle,
    say: Say,
    aliases: Mapping[str, str] = NO_ALIASES,
    absences: Mapping[str, tuple[Days, ...]] = NO_ABSENCES,
    *,
    limit: int = MOST_TASKS,
) -> tuple[Compiled | None, tuple[Problem, ...]]:
    """The whole road of the compiler; None when some problem is an error. `limit` is the most tasks it may make."""
    known, away = tuple(sorted(aliases.items())), tuple(sorted(absences.items()))
    return _compiled(bundle, say, known, away, limit)  # type: ignore[arg-type]  # whatever can be called has a hash


@lru_cache(maxsize=1)
@uncollected()
def _compiled(
    bundle: Bundle, say: Say, aliases: Aliases, absences: Absences, limit: int
) -> tuple[Compiled | None, tuple[Problem, ...]]:
    """The last one is kept: what was shown is compiled again when it is loaded."""
    result, problems = _read(bundle, aliases, absences)
    if result is None:
        return None, problems
    plan, people = result
    compilation = compile_plan(plan, people, say, limit=limit)
    found = (*problems, *compilation.findings)
    if has_errors(found):
        return None, found
    return Compiled(bundle, plan, people, compilation, found), found


def dates_of(plan: Plan, people: Directory) -> PlanDates:
    """The days of a plan without compiling it."""
    return plan_dates(plan.rollout, plan.milestones, plan.phases, plan.ends, people.calendar, plan.fiscal_year)[0]


def has_errors(problems: tuple[Problem, ...]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)
