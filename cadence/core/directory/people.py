"""From the plan's rows to persons of the installation: their keys, what they inherit, their working time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta

from cadence.core.model import Days, Person, Place
from cadence.core.planfile.names import identities, slug
from cadence.core.planfile.schema import PersonRow, Plan
from cadence.core.worktime import Worktime

BRIEF = time(8, 30)
CLOSED_BEFORE, CLOSED_AFTER = timedelta(days=2 * 366), timedelta(days=10 * 366)
"""How far from the rollout the plan's closed days are looked at: a span of a thousand years costs no more."""

Absences = Mapping[str, tuple[Days, ...]]


def identity(row: PersonRow, aliases: Mapping[str, str]) -> str:
    """What the person is known by for ever: what the installation knows already, also by an address that has got an
    id since, or by the mere name that has got an address; else id, e-mail, or the key, which is only a promise."""
    names = identities(row.key, row.email, row.id)
    return next((name for name in names if name in aliases), names[0])


def assign_keys(rows: Iterable[PersonRow], aliases: Mapping[str, str]) -> dict[str, str]:
    """The key in the plan -> the key for good: an alias of the store wins, and nobody else may take it."""
    rows = sorted(rows, key=lambda row: (identity(row, aliases), row.key))
    known = {row.key: aliases[identity(row, aliases)] for row in rows if identity(row, aliases) in aliases}
    taken = set(aliases.values())
    for row in rows:
        if row.key not in known:
            known[row.key] = _free_key(row, taken)
            taken.add(known[row.key])
    return known


def _free_key(row: PersonRow, taken: set[str]) -> str:
    local = (row.email or "").partition("@")[0]
    for candidate in (row.key, f"{row.key}-{slug(row.id)}" if row.id else "", slug(local)):
        if candidate and candidate not in taken:
            return candidate
    number = 2
    while f"{row.key}-{number}" in taken:
        number += 1
    return f"{row.key}-{number}"


def renamed(row: PersonRow, keys: Mapping[str, str]) -> PersonRow:
    """The same row with every key in it the one for good."""

    def known(key: str | None) -> str | None:
        return keys.get(key, key) if key else None

    changes = {
        "key": keys[row.key],
        "manager": known(row.manager),
        "reports_to": known(row.reports_to),
        "replaces": known(row.replaces),
    }
    return row if changes == {name: getattr(row, name) for name in changes} else row.model_copy(update=changes)


def person_of(row: PersonRow, plan: Plan, away: tuple[Days, ...], ident: str) -> Person:
    """The person with the plan's zone, calendar and hours where the row is silent."""
    calendar = plan.calendar
    country, subdivision = _country(row, plan)
    return Person(
        key=row.key,
        identity=ident,
        name=row.name,
        email=row.email,
        timezone=row.timezone or plan.timezone,
        country=country,
        subdivision=subdivision,
        workdays=calendar.workdays if row.workdays is None else row.workdays,
        opens=calendar.opens if row.opens is None else row.opens,
        closes=calendar.closes if row.closes is None else row.closes,
        language=row.language or plan.language,
        channel=row.channel,
        brief=row.brief or plan.brief or BRIEF,
        reports_to=row.reports_to,
        team=row.team,
        region=row.region,
        tags=row.tags,
        started=row.started,
        left=row.left,
        external=row.external,
        away=away,
    )


def _country(row: PersonRow, plan: Plan) -> tuple[str | None, str | None]:
    """Another country does not inherit the plan's subdivision."""
    if row.country is None:
        return plan.calendar.country, row.subdivision or plan.calendar.subdivision
    same = row.country == plan.calendar.country
    return row.country, row.subdivision or (plan.calendar.subdivision if same else None)


def calendar_name(country: str | None, subdivision: str | None) -> str | None:
    """The name a bundle keeps holidays under: `US` or `US-NY`; None where there is no country."""
    return f"{country}-{subdivision}" if country and subdivision else country


def calendars_needed(plan: Plan) -> Mapping[tuple[str, str | None], tuple[Place, str]]:
    """The (country, subdivision) pairs whose holidays a compile of `plan` reads, each with a place and path where the
    plan asks for it."""
    path = "calendar.subdivision" if plan.calendar.subdivision else "calendar.country"
    found = {(plan.calendar.country, plan.calendar.subdivision): (plan.place(path), path)}
    for row in plan.people.rows:
        country = _country(row, plan)
        if country not in found:
            found[country] = _says_where(row, plan)
    return {(country, subdivision): said for (country, subdivision), said in found.items() if country}


def _says_where(row: PersonRow, plan: Plan) -> tuple[Place, str]:
    """Where the country of somebody is said: at their place of work, else in their own row."""
    path = f"people.places.{row.site}"
    place = plan.place(path)
    return (place, path) if row.site and place != plan.place("people.places") else (row.place, "")


def closed_days(plan: Plan) -> frozenset[date]:
    horizon = Days(plan.rollout - CLOSED_BEFORE, plan.rollout + CLOSED_AFTER)
    return frozenset(day for span in plan.calendar.closed for day in span.meet(horizon))


class Calendars:
    """Working times under construction: persons with one zone, rhythm and holidays share one value."""

    def __init__(self, holidays: Mapping[str, frozenset[date]], closed: frozenset[date]) -> None:
        self._holidays = holidays
        self._closed = closed
        self._off: dict[str | None, frozenset[date]] = {}
        self._regular: dict[tuple[object, ...], Worktime] = {}

    def off(self, name: str | None) -> frozenset[date]:
        if name not in self._off:
            self._off[name] = self._closed | self._holidays.get(name or "", frozenset())
        return self._off[name]

    def regular(self, person: Person) -> Worktime:
        name = calendar_name(person.country, person.subdivision)
        kind = (person.timezone, person.workdays, person.opens, person.closes, name)
        if kind not in self._regular:
            self._regular[kind] = Worktime(
                person.timezone, person.workdays, person.opens, person.closes, self.off(name)
            )
        return self._regular[kind]

    def of_plan(self, plan: Plan) -> Worktime:
        calendar = plan.calendar
        off = self.off(calendar_name(calendar.country, calendar.subdivision))
        return Worktime(plan.timezone, calendar.workdays, calendar.opens, calendar.closes, off)
