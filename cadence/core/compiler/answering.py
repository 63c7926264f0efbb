"""Findings about who answers: seats without a holder, people without a backup, an address or anybody above them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from cadence.core.compiler.findings import Finding, counted, few
from cadence.core.compiler.reviewed import Reviewed
from cadence.core.compiler.runs import Run
from cadence.core.directory import plain_seat
from cadence.core.model import Occurrence, Weight, WhenAbsent

JUDGING = frozenset({"qbr", "audit"})
"""What an assessor may well own: to do it is to assess."""
NEEDS_NO_ADDRESS = "console"


def who_answers(reviewed: Reviewed) -> Iterator[Finding]:
    """All findings of this module, in no order."""
    yield from _vacancies(reviewed)
    yield from _left_out(reviewed)
    yield from _without_backup(reviewed)
    yield from _unreachable(reviewed)
    yield from _nobody_above(reviewed)
    yield from _assessors(reviewed)
    yield from _keepers(reviewed)


def _vacancies(reviewed: Reviewed) -> Iterator[Finding]:
    """One for each activity and seat; those of one seat are of one sort."""
    empty: dict[tuple[str, str], list[date]] = {}
    held = {seat for seat, tenures in reviewed.tenures.items() if all(holder for _, holder in tenures)}
    for run in reviewed.runs:
        seat = run.terms.seat
        if seat not in held:
            days = [day for day in run.days if reviewed.seated.on(seat, day) is None]
            if days:
                named = plain_seat(seat) if seat.startswith("turn/") else seat
                empty.setdefault((run.terms.activity, named), []).extend(days)
    for (activity, seat), days in sorted(empty.items()):
        when = f"{min(days)} to {max(days)}" if len(days) > 1 else f"on {days[0]}"
        message = f"nobody holds {seat} for {counted(len(days), 'task')} of {activity}, {when}"
        yield Finding("P310", f"activities.{activity}.owner", message, bundle=seat, most=1, name=activity)


def _left_out(reviewed: Reviewed) -> Iterator[Finding]:
    """Activities that an absence skips on every date. Most have a first task that somebody is there for."""
    skipping = [run for run in reviewed.runs if run.terms.when_absent is WhenAbsent.SKIP]
    for activity, runs in groupby(sorted(skipping, key=_activity), key=_activity):
        own = list(runs)
        if all(_is_skipped(made, reviewed) for run in own for made in run.tasks):
            names = sorted({reviewed.directory.name(key) for run in own for key in reviewed.holders_of(run)})
            first, last = min(run.first for run in own), max(run.last for run in own)
            message = f"{few(names)} would be away on every date, {first} to {last}, and it is left out then"
            yield Finding("P341", f"activities.{activity}", message)


def _activity(run: Run) -> str:
    return run.terms.activity


def _is_skipped(made: Occurrence, reviewed: Reviewed) -> bool:
    holding = reviewed.directory.acting(made.seat, made.window, made.date, made.when_absent)
    return holding.why == "skipped"


def _without_backup(reviewed: Reviewed) -> Iterator[Finding]:
    named: set[str] = set()
    for (activity, seat), (first, _, _) in reviewed.seats.items():
        holder = reviewed.seated.on(seat, first)
        if reviewed.activities[activity].weight is not Weight.KEY or not holder or seat in named:
            continue
        if reviewed.directory.backup(seat, holder, first) is None:
            named.add(seat)
            name = reviewed.directory.name(holder)
            message = f"nobody stands in for {name}, who owes key tasks"
            yield Finding("P311", f"activities.{activity}.owner", message, bundle="backups", name=name)


def _unreachable(reviewed: Reviewed) -> Iterator[Finding]:
    """Slack finds people by their e-mail address as well; only the console needs none."""
    for key in reviewed.holders:
        person = reviewed.directory.persons[key]
        if not person.email and person.channel != NEEDS_NO_ADDRESS:
            yield Finding("P312", f"people.list.{key}", f"{person.name} owes tasks and has no e-mail address")


def _nobody_above(reviewed: Reviewed) -> Iterator[Finding]:
    """The sponsor is the top and needs nobody above for what a sponsor owes; in any other seat they would be asked to
    decide about themselves."""
    directory = reviewed.directory
    for key, owed in reviewed.holders.items():
        person = directory.persons[key]
        day = max(reviewed.plan.rollout, person.started or date.min)
        if directory.line_above(key, day) is not None:
            continue
        is_top = directory.holder("role/sponsor", day) == key
        own = ("role/sponsor", f"person/{key}")
        below = [(activity, seat) for activity, seat in owed if not (is_top and seat.startswith(own))]
        if below:
            activity, seat = below[0]
            alone = f"nobody is above {person.name}, who owes tasks of {activity}: nobody can be asked to decide"
            twice = f"{person.name} holds {seat}, and is the sponsor above it too: what slips has nobody else to decide"
            yield Finding("P313", f"people.list.{key}", twice if is_top else alone)


def _assessors(reviewed: Reviewed) -> Iterator[Finding]:
    """Whoever judges a rollout should not answer for it."""
    roles = reviewed.directory.roles
    assessor = roles.get("assessor")
    if assessor is None:
        return
    other = sorted(role for role, person in roles.items() if person == assessor and role != "assessor")
    owned = dict.fromkeys(
        activity
        for activity, seat in reviewed.holders.get(assessor, ())
        if plain_seat(seat) != "role/assessor" and reviewed.activities[activity].kind not in JUDGING
    )
    if other or owned:
        owns = [f"owns {few(owned)}"] if owned else []
        what = " and ".join([*(f"is also {role}" for role in other), *owns])
        yield Finding("P314", "roles.assessor", f"{reviewed.directory.name(assessor)} assesses, and {what}")


def _keepers(reviewed: Reviewed) -> Iterator[Finding]:
    """A plan of seats alone is a draft: it has nobody yet who could keep it."""
    if reviewed.directory.persons and not reviewed.directory.keepers_on(reviewed.plan.rollout):
        yield Finding("P339", "keepers", "nobody keeps this plan: exceptions and vacancies reach no one")
