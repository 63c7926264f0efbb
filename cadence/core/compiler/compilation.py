"""Plan x directory -> schedule, findings and load: a pure function, same input, same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cadence.core.compiler.findings import Finding, settled
from cadence.core.compiler.holders import Holders
from cadence.core.compiler.load import Load, load_of, overload
from cadence.core.compiler.review import Reviewed, review
from cadence.core.compiler.runs import in_order
from cadence.core.compiler.scheduling import Scheduling, WaveDates
from cadence.core.compiler.waves import of_waves
from cadence.core.directory import Directory
from cadence.core.messages import Say
from cadence.core.model import Occurrence, Problem, Severity
from cadence.core.planfile.schema import Plan
from cadence.core.triggers import PlanDates, plan_dates


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What a plan comes to. `schedule` is ordered by date, due, id; `load` by person; findings by place, without those
    that the plan accepts (`accepted` counts them). A finding of severity error means that the schedule is not the
    whole plan: do not load it."""

    schedule: tuple[Occurrence, ...]
    findings: tuple[Problem, ...]
    accepted: int
    load: Mapping[str, Load]
    dates: PlanDates

    @property
    def has_errors(self) -> bool:
        return any(finding.severity is Severity.ERROR for finding in self.findings)


def dates_of(plan: Plan, rollout: date, directory: Directory) -> tuple[PlanDates, tuple[str, ...]]:
    """The plan's days counted from `rollout`, its own or a wave's, and the paths of the words that mean none."""
    return plan_dates(rollout, plan.milestones, plan.phases, plan.ends, directory.calendar, plan.fiscal_year)


def waves_dates(plan: Plan, dates: PlanDates, directory: Directory) -> WaveDates:
    """The plan's own `dates` and those of each wave. What means no day counted from the plan's rollout is said once."""
    return {None: dates, **{wave.key: dates_of(plan, wave.rollout, directory)[0] for wave in plan.waves}}


def compile_plan(plan: Plan, directory: Directory, say: Say, *, limit: int | None = None) -> Compilation:
    """The whole of `plan` as dated tasks. `say` puts titles into words; more than `limit` tasks are refused with
    a finding of severity error and an empty schedule."""
    dates, lost = dates_of(plan, plan.rollout, directory)
    if lost:
        findings, _ = settled(plan, directory, (_lost(path, plan.rollout) for path in lost))
        return Compilation(schedule=(), findings=findings, accepted=0, load={}, dates=dates)
    holders = Holders(directory)
    scheduling = Scheduling(plan, directory, waves_dates(plan, dates, directory), holders, say, limit)
    runs = scheduling.run()
    schedule, reviewed = in_order(runs), Reviewed(plan, holders, runs)
    load = load_of(runs, holders)
    found = [*scheduling.findings(), *of_waves(plan, directory), *overload(load, directory), *review(reviewed)]
    findings, accepted = settled(plan, directory, found)
    return Compilation(schedule=schedule, findings=findings, accepted=len(accepted), load=load, dates=dates)


def _lost(path: str, rollout: date) -> Finding:
    """What made sense in the file, and makes none since the rollout or a milestone was moved by hand."""
    room, _, name = path.partition(".")
    if room == "milestones":
        return Finding("P205", path, f"`{name}` means no day of this plan")
    message = f"with the rollout on {rollout}, it ends before it begins"
    return Finding("P213", path, message, "count it in days or weeks in the plan's file, or choose another day")
