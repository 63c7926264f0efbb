"""What a reader of the whole plan would ask: seats, people, and what a reinforcement needs to hold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from cadence.core.compiler.findings import Finding
from cadence.core.compiler.holders import Holders
from cadence.core.directory import Directory
from cadence.core.model import Mode, Occurrence, Weight
from cadence.core.planfile.schema import Plan

EARLY = timedelta(days=14)
NEXT_RELEASE = "v2"


@dataclass(frozen=True)
class Reviewed:
    """A plan with all that the compile made of it."""

    plan: Plan
    seated: Holders
    schedule: tuple[Occurrence, ...]

    @property
    def directory(self) -> Directory:
        return self.seated.directory

    @cached_property
    def seats(self) -> Mapping[tuple[str, str], tuple[date, date, int]]:
        """Per activity and seat: the first and the last date, and how many tasks."""
        dates: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
        for made in self.schedule:
            dates[made.activity, made.seat].append(made.date)
        return {key: (days[0], days[-1], len(days)) for key, days in sorted(dates.items())}

    @cached_property
    def holders(self) -> Mapping[str, str]:
        """Everybody who ever holds something, and the first activity they hold it for."""
        found: dict[str, str] = {}
        for (activity, seat), (first, last, _) in self.seats.items():
            for day in (first, last):
                if holder := self.directory.holder(seat, day):
                    found.setdefault(holder, activity)
        return found


def review(reviewed: Reviewed) -> Iterator[Finding]:
    """All findings about the plan as a whole, in no order."""
    yield from _vacancies(reviewed)
    yield from _without_backup(reviewed)
    yield from _people(reviewed)
    yield from _outside_hours(reviewed)
    yield from _assessors(reviewed)
    yield from _content(reviewed)


def _vacancies(reviewed: Reviewed) -> Iterator[Finding]:
    empty: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for made in reviewed.schedule:
        if reviewed.seated.on(made.seat, made.date) is None:
            empty[made.activity, made.seat].append(made.date)
    for (activity, seat), days in sorted(empty.items()):
        tasks = f"{len(days)} task{'s' * (len(days) > 1)}"
        message = f"nobody holds {seat} for {tasks}, {days[0]} to {days[-1]}"
        yield Finding("P310", f"activities.{activity}.owner", message)


def _without_backup(reviewed: Reviewed) -> Iterator[Finding]:
    weights = {activity.key: activity.weight for activity in reviewed.plan.activities}
    named: set[str] = set()
    for (activity, seat), (first, _, _) in reviewed.seats.items():
        holder = reviewed.directory.holder(seat, first)
        if weights[activity] is not Weight.KEY or not holder or seat in named:
            continue
        if reviewed.directory.backup(seat, holder, first) is None:
            named.add(seat)
            message = f"nobody stands in for {reviewed.directory.name(holder)}, who owes key tasks"
            yield Finding("P311", f"activities.{activity}.owner", message)


def _people(reviewed: Reviewed) -> Iterator[Finding]:
    directory = reviewed.directory
    for key, activity in sorted(reviewed.holders.items()):
        person = directory.persons[key]
        if not person.email and not person.channel:
            message = f"{person.name} owes tasks and has no e-mail address"
            yield Finding("P312", f"people.list.{key}", message)
        first = reviewed.plan.rollout if not person.started else max(reviewed.plan.rollout, person.started)
        if directory.holder("role/sponsor", first) != key and directory.line_above(key, first) is None:
            message = f"nobody is above {person.name}, who owes tasks of {activity}: nobody can be asked to decide"
            yield Finding("P313", f"people.list.{key}", message)


def _outside_hours(reviewed: Reviewed) -> Iterator[Finding]:
    """By the first of each series: the others have the same wall time, and clocks that differ for a week are no
    reason to move it."""
    first: dict[tuple[str, str], Occurrence] = {}
    for made in reviewed.schedule:
        if made.starts:
            first.setdefault((made.activity, made.about), made)
    late: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for (activity, _), made in sorted(first.items()):
        for person in made.attendees:
            worktime = reviewed.directory.worktime(person)
            local = made.starts.astimezone(ZoneInfo(worktime.zone)).time() if made.starts else worktime.opens
            if not worktime.opens <= local < worktime.closes:
                late[activity].setdefault(reviewed.directory.name(person), f"{local:%H:%M}")
    for activity, people in late.items():
        named = ", ".join(f"{name} ({at})" for name, at in sorted(people.items())[:3])
        more = f" and {len(people) - 3} more" if len(people) > 3 else ""
        yield Finding("P304", f"activities.{activity}.at", f"outside the working hours of {named}{more}")


def _assessors(reviewed: Reviewed) -> Iterator[Finding]:
    """Whoever judges a rollout should not answer for it."""
    roles = reviewed.directory.roles
    assessor = roles.get("assessor")
    if assessor is None:
        return
    other = sorted(role for role, person in roles.items() if person == assessor and role != "assessor")
    day = reviewed.plan.rollout
    owned = Counter(
        activity
        for activity, seat in reviewed.seats
        if seat != "role/assessor" and reviewed.directory.holder(seat, day) == assessor
    )
    if other or owned:
        what = " and ".join([*(f"is also {role}" for role in other), *(f"owns {activity}" for activity in owned)])
        yield Finding("P314", "roles.assessor", f"{reviewed.directory.name(assessor)} assesses, and {what}")


def _content(reviewed: Reviewed) -> Iterator[Finding]:
    plan = reviewed.plan
    if not any(made.date < plan.rollout + EARLY for made in reviewed.schedule):
        first = f"the first is on {reviewed.schedule[0].date}" if reviewed.schedule else "there is no task at all"
        yield Finding("P315", "activities", f"nothing happens in the 14 days after the rollout; {first}")
    if NEXT_RELEASE not in plan.milestones:
        yield Finding("P316", "milestones", "no date is announced on which what people recommend is built in")
    if not any(activity.mode is Mode.PASSIVE for activity in plan.activities):
        yield Finding("P317", "activities", "nothing in the daily systems asks for it: all reinforcement is meetings")
