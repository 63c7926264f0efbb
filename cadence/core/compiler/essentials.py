"""Findings about what a reinforcement needs to hold: an early start, expectations face to face, gates, indicators,
a review from outside, and a date on which what people recommend is built in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cadence.core.compiler.findings import Finding, counted
from cadence.core.compiler.reviewed import Reviewed
from cadence.core.model import Mode

EARLY = timedelta(days=14)
NEXT_RELEASE = "v2"


def essentials(reviewed: Reviewed) -> Iterator[Finding]:
    """All findings of this module, in no order."""
    yield from _start(reviewed)
    yield from _waves(reviewed)
    yield from _expectations(reviewed)
    yield from _metrics(reviewed)
    yield from _reviews(reviewed)
    yield from _beyond_holidays(reviewed)
    if NEXT_RELEASE not in reviewed.plan.milestones:
        yield Finding("P316", "milestones", "no date is announced on which what people recommend is built in")
    if not any(activity.mode is Mode.PASSIVE for activity in reviewed.plan.activities):
        yield Finding("P317", "activities", "nothing in the daily systems asks for it: all reinforcement is meetings")


def _start(reviewed: Reviewed) -> Iterator[Finding]:
    """By wave where there are any: each has a rollout of its own."""
    plan = reviewed.plan
    rollouts: list[tuple[str, str | None, date]] = [(f"waves.{one.key}", one.key, one.rollout) for one in plan.waves]
    for path, wave, rollout in rollouts or [("activities", None, plan.rollout)]:
        days = [run.first for run in reviewed.runs if wave is None or run.terms.wave == wave]
        if wave is not None and not days:
            continue
        if not any(day < rollout + EARLY for day in days):
            whose = f" of wave {wave}" if wave else ""
            first = f"the first is on {min(days)}" if days else "there is no task at all"
            yield Finding("P315", path, f"nothing happens in the 14 days after the rollout{whose}; {first}")


def _waves(reviewed: Reviewed) -> Iterator[Finding]:
    taken = set(reviewed.directory.waves.reps.values())
    for wave in reviewed.plan.waves:
        if wave.key not in taken and reviewed.directory.reps:
            yield Finding("P340", f"waves.{wave.key}.only", f"no rep belongs to wave {wave.key}")


def _expectations(reviewed: Reviewed) -> Iterator[Finding]:
    """Only where the plan speaks to people in writing, or sets expectations with nobody there."""
    said = [activity for activity in reviewed.plan.activities if activity.kind == "expectation_setting"]
    written = [activity for activity in reviewed.plan.activities if activity.kind == "communication"]
    if said and not any(activity.with_ for activity in said):
        message = "expectations are set with nobody there: it names no attendees"
        yield Finding("P336", f"activities.{said[0].key}", message)
    elif written and not said:
        message = "it speaks to people in writing, and nothing says face to face what is expected of them"
        yield Finding("P336", f"activities.{written[0].key}", message)


def _metrics(reviewed: Reviewed) -> Iterator[Finding]:
    if not reviewed.plan.metrics:
        yield Finding("P335", "metrics", "the plan watches no indicator: nobody can say later whether it worked")
    for metric in reviewed.plan.metrics:
        missing = [word for word in ("baseline", "target") if getattr(metric, word) is None]
        if missing:
            message = f"{metric.key} has no {' and no '.join(missing)}: nobody can say later whether it moved"
            yield Finding("P334", f"metrics.{metric.key}", message)


def _reviews(reviewed: Reviewed) -> Iterator[Finding]:
    """A QBR is formal because somebody without a stake in the answer takes part."""
    present: dict[str, set[str]] = {}
    when: dict[str, date] = {}
    for run in reviewed.runs:
        if run.terms.kind == "qbr":
            here = present.setdefault(run.terms.activity, set())
            here.update(reviewed.holders_of(run), *(made.attendees for made in run.tasks))
            when[run.terms.activity] = min(run.first, when.get(run.terms.activity, run.first))
    persons = reviewed.directory.persons
    for activity, people in sorted(present.items()):
        if people and not any(persons[key].external for key in people if key in persons):
            message = f"nobody from outside takes part on {when[activity]}: all {len(people)} are your own"
            yield Finding("P338", f"activities.{activity}.owner", message)


def _beyond_holidays(reviewed: Reviewed) -> Iterator[Finding]:
    """Where a rollout or milestone was moved by years: holidays were looked up when the file was read."""
    until = reviewed.directory.holidays_until
    beyond = [day for run in reviewed.runs if until and run.last > until for day in run.days if day > until]
    if beyond:
        many = f"{counted(len(beyond), 'task')} from {min(beyond)} on"
        yield Finding("P342", "rollout", f"no holidays are known after {until}: {many} may stand on one")
