"""Findings: what is odd about a plan and no mistake. Each has a code, a place and a remedy, and can be accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cadence.core.model import Place, Problem, Severity
from cadence.core.planfile.schema import Plan

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

FINDINGS: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "P205": (ERROR, "name a date, a day, a week or one of the plan's milestones and phases"),
        "P301": (WARNING, "make a rhythm longer, shorten what it lasts, or share the work"),
        "P302": (WARNING, "allow more days with `on:`, or make the rhythm longer"),
        "P303": (WARNING, "move the absence or the window, or hand these over when they come up"),
        "P304": (NOTE, "choose an hour at which all of them work"),
        "P305": (WARNING, "check `only`, `not` and the columns of the people file"),
        "P306": (WARNING, "check `from`, `until` and the plan's `ends`"),
        "P307": (ERROR, "shorten the plan, make rhythms longer, or split the plan"),
        "P308": (NOTE, "allow that day in `on:`, or make the window longer"),
        "P310": (WARNING, "name a holder, or a successor with `replaces` and `since`"),
        "P311": (NOTE, "name somebody under `backups`"),
        "P312": (WARNING, "add an e-mail address"),
        "P313": (WARNING, "give `reports_to`, or name the roles `vp` and `sponsor`"),
        "P314": (WARNING, "let somebody outside assess, or give the other work to another person"),
        "P315": (WARNING, "begin with something in the first two weeks: that is when a rollout is forgotten"),
        "P316": (NOTE, "announce the release with a milestone: `milestones: {v2: day 180}`"),
        "P317": (NOTE, "add a gate in the daily systems: an activity of kind `audit` or `gate_proof`"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A code, the path it is about, a sentence that names who, when and by how much; its own remedy or the usual."""

    code: str
    path: str
    message: str
    remedy: str = ""

    def accepted(self, plan: Plan) -> bool:
        """Whether the plan, or the activity it is about, accepts it with a reason. Errors cannot be accepted."""
        if FINDINGS[self.code][0] is ERROR:
            return False
        mine = (activity.accept for activity in plan.activities if self.path.startswith(f"activities.{activity.key}."))
        at_key = (activity.accept for activity in plan.activities if self.path == f"activities.{activity.key}")
        return self.code in plan.accept or any(self.code in accept for accept in (*mine, *at_key))


def problem(plan: Plan, finding: Finding) -> Problem:
    severity, usual = FINDINGS[finding.code]
    remedy = finding.remedy or usual
    return Problem(finding.code, severity, _place(plan, finding.path), finding.path, finding.message, remedy)


def _place(plan: Plan, path: str) -> Place:
    """A person's own row where the path names one, be it in the plan or in the people file."""
    if path.startswith("people.list."):
        rows = {row.key: row.place for row in plan.people.rows}
        return rows.get(path.removeprefix("people.list."), plan.place(path))
    return plan.place(path)


def dates_in_words(days: Iterable[date], most: int = 3) -> str:
    """`2027-01-12, 2027-01-13 and 4 more`."""
    known = sorted(set(days))
    shown = ", ".join(day.isoformat() for day in known[:most])
    return f"{shown} and {len(known) - most} more" if len(known) > most else shown
