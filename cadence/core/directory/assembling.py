"""A plan's rows, roles and absences put together to a `Directory`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from cadence.core.directory.people import (
    Absences,
    Calendars,
    assign_keys,
    closed_days,
    identity,
    person_of,
    renamed,
)
from cadence.core.directory.seats import KEEPING_ROLES, Directory
from cadence.core.directory.succession import succession
from cadence.core.directory.teams import reps_of, teams_of
from cadence.core.directory.waves import waves_of
from cadence.core.model import Days, Person, Problem, Severity
from cadence.core.planfile.schema import PersonRow, Plan
from cadence.core.worktime import Worktime

NOBODY: Mapping[str, str] = MappingProxyType({})
NO_ABSENCES: Absences = MappingProxyType({})


def directory(
    plan: Plan,
    holidays: Mapping[str, frozenset[date]],
    aliases: Mapping[str, str] = NOBODY,
    absences: Absences = NO_ABSENCES,
) -> tuple[Directory, tuple[Problem, ...]]:
    """Everybody in `plan`, and what is wrong among them. `aliases` maps an identity to the key the installation
    knows it by, `absences` adds those not written in the plan; both come from the store."""
    keys = assign_keys(plan.people.rows, aliases)
    originals = {keys[row.key]: row for row in plan.people.rows}
    rows = sorted((renamed(row, keys) for row in plan.people.rows), key=lambda row: row.key)
    lines, circular = succession(rows)
    away = _away(rows, plan, keys, absences)
    persons = {row.key: person_of(row, plan, away[row.key], identity(originals[row.key], aliases)) for row in rows}
    teams = {team.key: team for team in teams_of(rows, lines)}
    calendars = Calendars(holidays, closed_days(plan))
    regular = {key: calendars.regular(person) for key, person in persons.items()}
    roles = {role: keys.get(key, key) for role, key in sorted(plan.roles.items())}
    members = {rep: team.key for team in teams.values() for rep in team.reps}
    reps = tuple(row.key for row in reps_of(rows))
    found = Directory(
        persons=persons,
        teams=teams,
        members=members,
        reps=reps,
        roles=roles,
        backups={keys.get(of, of): keys.get(by, by) for of, by in sorted(plan.backups.items())},
        keepers=_keepers(plan, keys, roles),
        succession=lines,
        worktimes={key: _with_absences(regular[key], person) for key, person in persons.items()},
        regular=regular,
        calendar=calendars.of_plan(plan),
        renamed=keys,
        waves=waves_of(plan, persons, teams, members, reps, keys),
        holidays_until=_until(holidays),
    )
    return found, tuple(_circle(row, plan) for row in circular)


def _until(holidays: Mapping[str, frozenset[date]]) -> date | None:
    """Holidays are known by the year: to the end of the first that some calendar has none of any more."""
    last = min((max(days) for days in holidays.values() if days), default=None)
    return last and date(last.year, 12, 31)


def _away(
    rows: Iterable[PersonRow], plan: Plan, keys: Mapping[str, str], absences: Absences
) -> dict[str, tuple[Days, ...]]:
    written = {keys.get(key, key): spans for key, spans in plan.away.items()}
    return {row.key: tuple(sorted({*written.get(row.key, ()), *absences.get(row.key, ())})) for row in rows}


def _with_absences(regular: Worktime, person: Person) -> Worktime:
    return replace(regular, away=person.away) if person.away else regular


def _keepers(plan: Plan, keys: Mapping[str, str], roles: Mapping[str, str]) -> tuple[str, ...]:
    """Those the plan names, else whoever has the roles that keep a plan."""
    named = [keys.get(key, key) for key in plan.keepers] or [roles[role] for role in KEEPING_ROLES if role in roles]
    return tuple(dict.fromkeys(named))


def _circle(row: PersonRow, plan: Plan) -> Problem:
    path = f"people.list.{row.key}.replaces"
    return Problem(
        code="P211",
        severity=Severity.ERROR,
        place=plan.place(path) if row.source == "list" else row.place,
        path=path,
        message=f"{row.name} replaces {row.replaces}, who in the end replaces {row.name}",
        remedy="keep `replaces` on the later of them only",
    )
