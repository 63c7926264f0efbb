"""Plans of a few lines, read and compiled as the program does it, with titles in plain words."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cadence.core.compiler import Compilation, compile_plan
from cadence.core.directory import Directory, directory
from cadence.core.model import Bundle, Days, Occurrence, Problem
from cadence.core.planfile import Plan, parse

NO_HOLIDAYS: Mapping[str, frozenset[date]] = {}
NOBODY: Mapping[str, str] = {}
NO_ABSENCES: Mapping[str, tuple[Days, ...]] = {}


def say(key: str, /, **facts: object) -> str:
    """A catalogue of two sentences."""
    if key == "task.topic":
        return f"{facts['title']}: {facts['topic']}"
    return f"{facts['title'] or key} with {facts['about']}" if facts["about"] else str(facts["title"] or key)


def plan_of(text: str | None, people: str = "") -> Plan:
    """The plan in `text`, with `people` as its `people.csv`; fails with its mistakes."""
    files = (("plan.yaml", inspect.cleandoc(text or "")), ("people.csv", people))
    plan, problems = parse(Bundle(plan="plan.yaml", files=files, holidays=(), hash=""))
    assert plan is not None, "\n".join(map(str, problems))
    return plan


def directory_of(
    plan: Plan,
    holidays: Mapping[str, frozenset[date]] = NO_HOLIDAYS,
    aliases: Mapping[str, str] = NOBODY,
    absences: Mapping[str, tuple[Days, ...]] = NO_ABSENCES,
) -> Directory:
    found, problems = directory(plan, holidays, aliases, absences)
    assert not problems
    return found


@dataclass(frozen=True)
class Compiled:
    plan: Plan
    directory: Directory
    compilation: Compilation

    @property
    def schedule(self) -> tuple[Occurrence, ...]:
        return self.compilation.schedule

    def of(self, activity: str, about: str | None = None) -> tuple[Occurrence, ...]:
        return tuple(o for o in self.schedule if o.activity == activity and about in (None, o.about))

    def found(self, code: str) -> tuple[Problem, ...]:
        return tuple(finding for finding in self.compilation.findings if finding.code == code)


def compiled(
    text: str | None,
    people: str = "",
    holidays: Mapping[str, frozenset[date]] = NO_HOLIDAYS,
    absences: Mapping[str, tuple[Days, ...]] = NO_ABSENCES,
    limit: int | None = None,
) -> Compiled:
    plan = plan_of(text, people)
    known = directory_of(plan, holidays, absences=absences)
    return Compiled(plan, known, compile_plan(plan, known, say, limit=limit))
