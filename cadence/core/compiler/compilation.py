"""Plan x directory -> schedule, findings and load: a pure function, same input, same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cadence.core.compiler.findings import Finding, problem
from cadence.core.compiler.holders import Holders
from cadence.core.compiler.load import Load, load_of, overload
from cadence.core.compiler.review import Reviewed, review
from cadence.core.compiler.scheduling import Scheduling
from cadence.core.directory import Directory
from cadence.core.messages import Say
from cadence.core.model import Occurrence, Problem, Severity
from cadence.core.planfile.schema import Plan
from cadence.core.triggers import PlanDates, plan_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What a plan comes to. `schedule` is ordered by date, due, id; `load` by person; findings by place. A finding
    of severity error means that the schedule is not the whole plan: do not load it."""

    schedule: tuple[Occurrence, ...]
    findings: tuple[Problem, ...]
    load: Mapping[str, Load]
    dates: PlanDates

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def compile_plan(plan: Plan, directory: Directory, say: Say, *, limit: int | None = None) -> Compilation:
    """The whole of `plan` as dated tasks. `say` puts titles into words; more than `limit` tasks are refused with
    a finding of severity error and an empty schedule."""
    dates, lost = plan_dates(
        plan.rollout, plan.milestones, plan.phases, plan.ends, directory.calendar, plan.fiscal_year
    )
    scheduling = Scheduling(plan, directory, dates, say, limit)
    schedule = scheduling.run()
    holders = Holders(directory)
    load = load_of(schedule, holders)
    found = [Finding("P205", path, f"`{path.rpartition('.')[2]}` means no day of this plan") for path in lost]
    found += [*scheduling.findings(), *overload(load, directory)]
    found += review(Reviewed(plan, holders, schedule))
    problems = {problem(plan, finding) for finding in found if not finding.accepted(plan)}
    return Compilation(
        schedule=schedule,
        findings=tuple(sorted(problems, key=lambda one: (one.place, one.code, one.path, one.message))),
        load=load,
        dates=dates,
    )
