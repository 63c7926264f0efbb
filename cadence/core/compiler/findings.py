"""Findings: what is odd about a plan and no mistake. Each has a code, a place and a remedy, and can be accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from cadence.core.directory import Directory
from cadence.core.model import Problem, Severity
from cadence.core.planfile.schema import LISTED, Plan

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
FEW = 3
"""So many people are named, and so many findings of one sort stand side by side, before they are counted only."""
LONGEST = 500
"""Letters of a message: a name may have thousands."""

FINDINGS: Mapping[str, tuple[Severity, str]] = MappingProxyType(
    {
        "P205": (ERROR, "name a date, a day, a week or one of the plan's milestones and phases"),
        "P213": (ERROR, "write the earlier day first"),
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
        "P312": (WARNING, "add an e-mail address, or the pattern of all with `email:` under `people`"),
        "P313": (WARNING, "give `reports_to`, or name the roles `vp` and `sponsor`"),
        "P314": (WARNING, "let somebody outside assess, or give the other work to another person"),
        "P315": (WARNING, "begin with something in the first two weeks: that is when a rollout is forgotten"),
        "P316": (NOTE, "announce the release with a milestone: `milestones: {v2: day 180}`"),
        "P317": (NOTE, "add a gate in the daily systems: an activity of kind `audit` or `gate_proof`"),
        "P318": (NOTE, "shorten the span, or give its weights with `only`"),
        "P320": (WARNING, "name their region, team or tag in the `only` of a wave"),
        "P321": (NOTE, "part the waves by team, or give all of the team the same region"),
        "P330": (WARNING, "give one of the two another time with `at:`, or another day with `on:`"),
        "P331": (WARNING, "give one of the two another time with `at:`, or let somebody else attend"),
        "P332": (WARNING, "say the same in both plans: what belongs to a person is the same everywhere"),
        "P333": (WARNING, "move one of the plans by a few weeks, make a rhythm longer, or share the work"),
        "P334": (NOTE, "write what it is now and what it shall be: `{baseline: 20%, target: 70%}`"),
        "P335": (NOTE, "add a leading indicator: `metrics: {adoption: {baseline: 20%, target: 70%}}`"),
        "P336": (NOTE, "add an activity of kind `expectation_setting`, in person or by video, with those it is about"),
        "P337": (WARNING, "keep `ping` and `urgent` for what is rare, or raise `budget`"),
        "P338": (NOTE, "let an assessor from outside own it or take part: a person with `external: true`"),
        "P339": (WARNING, "name them: `keepers: [KEY]`, or give the role `enablement` a holder"),
        "P340": (WARNING, "check its `only` and the columns of the people file; the first wave that fits a rep counts"),
        "P341": (WARNING, "move the absence or the activity, or let somebody else own it"),
        "P342": (WARNING, "write the new day into the plan's file and load it: holidays are looked up then"),
    }
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A code, the path it is about, a sentence that names who, when and by how much; its own remedy or the usual.

    `also` is a second path that has its part in it and may accept it. Findings of one code and one `bundle` become one
    problem when there are more than `most`: the first speaks for the others, which are named by `name`.
    """

    code: str
    path: str
    message: str
    remedy: str = ""
    also: str = ""
    bundle: str = ""
    most: int = FEW
    name: str = ""

    def accepted(self, plan: Plan) -> bool:
        """Whether the plan, or an activity it is about, accepts it with a reason. Errors cannot be accepted."""
        return FINDINGS[self.code][0] is not ERROR and plan.accepts(self.code, self.path, self.also)


def settled(
    plan: Plan, directory: Directory, found: Iterable[Finding]
) -> tuple[tuple[Problem, ...], tuple[Finding, ...]]:
    """The problems that `found` comes to, by place, and the findings that the plan accepts."""
    unique = tuple(dict.fromkeys(found))
    accepted = {finding for finding in unique if finding.accepted(plan)}
    standing = (finding for finding in unique if finding not in accepted)
    problems = {problem(plan, finding) for finding in bundled(standing, directory)}
    ordered = sorted(problems, key=lambda one: (one.place, one.code, one.path, one.message))
    return tuple(ordered), tuple(bundled(filter(accepted.__contains__, unique), directory))


def bundled(found: Iterable[Finding], directory: Directory) -> Iterator[Finding]:
    """A few of one sort as they are; of many, one that names or counts the others."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in found:
        sort = LISTED if finding.path.startswith(LISTED) else finding.path
        groups.setdefault((finding.code, finding.bundle or sort), []).append(finding)
    for alike in groups.values():
        if len(alike) <= alike[0].most:
            yield from alike
        else:
            first, *others = alike
            names = tuple(dict.fromkeys(name for one in others if (name := _name(one, directory))))
            rest = f"the same goes for {few(names)}" if names else f"and {len(others)} more like it"
            yield replace(first, message=f"{first.message}; {rest}")


def _name(finding: Finding, directory: Directory) -> str:
    person = finding.path.removeprefix(LISTED) if finding.path.startswith(LISTED) else ""
    return finding.name or (directory.name(person) if person else "")


def problem(plan: Plan, finding: Finding) -> Problem:
    """The finding at its place in the user's text, with the usual remedy where it has none of its own."""
    severity, usual = FINDINGS[finding.code]
    place = plan.place(finding.path)
    said = finding.message if len(finding.message) <= LONGEST else f"{finding.message[: LONGEST - 1]}…"
    return Problem(finding.code, severity, place, finding.path, said, finding.remedy or usual)


def few(names: Iterable[str], most: int = FEW) -> str:
    """`Ann, Bob and Cy`; beyond `most` the others are counted: `Ann, Bob, Cy and 12 more`."""
    known = tuple(names)
    if len(known) > most:
        return f"{', '.join(known[:most])} and {len(known) - most} more"
    return " and ".join((", ".join(known[:-1]), known[-1]) if len(known) > 1 else known)


def dates_in_words(days: Iterable[date], most: int = 3) -> str:
    """`2027-01-12, 2027-01-13 and 4 more`."""
    known = sorted(set(days))
    shown = ", ".join(day.isoformat() for day in known[:most])
    return f"{shown} and {len(known) - most} more" if len(known) > most else shown


def counted(many: int, what: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{many} {what}" if many == 1 else f"{many} {what}s"
