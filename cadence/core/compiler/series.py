"""Fan-out: which series an activity has, what each is about, which seat owes it and who attends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from dateutil.relativedelta import relativedelta

from cadence.core.directory import Directory, Team
from cadence.core.model import Days, Person
from cadence.core.planfile.schema import Activity, Filter, Plan
from cadence.core.triggers import Duration
from cadence.core.worktime import Worktime

AFTER_START = Duration(5, "workday")
"""How long a newcomer is left alone."""

ALWAYS = Days(date.min, date.max)
MANAGER, REP = frozenset({"manager", "managers", "each manager"}), frozenset({"rep", "reps", "each rep"})


@dataclass(frozen=True, slots=True)
class Series:
    """One activity for one `about`. `attends` names the attendees as seats or groups (`team/KEY`, `managers`,
    `reps`), `partner` the one of a pair without whom it makes no sense, `days` when the series exists."""

    activity: Activity
    about: str
    seat: str
    attends: tuple[str, ...] = ()
    partner: str | None = None
    days: Days = ALWAYS


class FanOut:
    """All series of a plan. Reads the directory only; the order of people and activities changes nothing."""

    def __init__(self, plan: Plan, directory: Directory) -> None:
        self._plan = plan
        self._directory = directory
        self._serving = {rep: directory.serves(rep) for rep in directory.reps}
        self._attending: dict[tuple[tuple[str, ...], date], tuple[str, ...]] = {}

    def series(self, activity: Activity) -> tuple[Series, ...]:
        """Ordered by what they are about; empty when nobody fits `only` and `not`."""
        return tuple(one for one in self._all(activity) if self._wanted(activity, one))

    def _all(self, activity: Activity) -> Iterator[Series]:
        owner = activity.rotate or activity.owner
        if not activity.rotate and owner in MANAGER:
            yield from self._of_managers(activity)
        elif not activity.rotate and owner in REP:
            for rep in self._directory.reps:
                team = self._directory.members.get(rep)
                yield self._about_rep(activity, rep, f"rep/{rep}", self._attends(activity, team, rep))
        else:
            yield from self._of_one(activity, self._seat(activity))

    def _seat(self, activity: Activity) -> str:
        if activity.rotate:
            return f"turn/{activity.rotate}"
        person = self._directory.renamed.get(activity.owner, activity.owner)
        if activity.owner in self._directory.roles or person not in self._directory.persons:
            return f"role/{activity.owner}"  # also a role that nobody holds yet: filling it must rename nothing
        return f"person/{person}"

    def _of_managers(self, activity: Activity) -> Iterator[Series]:
        for key, team in self._directory.teams.items():
            seat = f"manager/{key}"
            if "each rep" in activity.with_:
                for rep in team.reps:
                    yield self._pair(activity, rep, seat, self._attends(activity, key, None))
            else:
                yield self._about_team(activity, team, seat, self._attends(activity, key, None))

    def _of_one(self, activity: Activity, seat: str) -> Iterator[Series]:
        attends = self._attends(activity, None, None)
        if "each rep" in activity.with_:
            for rep in self._directory.reps:
                yield self._pair(activity, rep, seat, attends)
        elif "each manager" in activity.with_:
            for key, team in self._directory.teams.items():
                manager = f"manager/{key}"
                paired = self._about_team(activity, team, seat, (manager, *attends))
                yield replace(paired, partner=manager)
        else:
            yield Series(activity, seat, seat, attends)

    def _pair(self, activity: Activity, rep: str, seat: str, attends: tuple[str, ...]) -> Series:
        partner = f"rep/{rep}"
        return replace(self._about_rep(activity, rep, seat, (partner, *attends)), partner=partner)

    def _about_rep(self, activity: Activity, rep: str, seat: str, attends: tuple[str, ...]) -> Series:
        return Series(activity, f"rep/{rep}", seat, attends, days=self._joined[rep])

    def _about_team(self, activity: Activity, team: Team, seat: str, attends: tuple[str, ...]) -> Series:
        spans = [self._serving[rep] for rep in team.reps]
        days = Days(min(span.start for span in spans), max(span.stop for span in spans))
        return Series(activity, f"team/{team.key}", seat, attends, days=days)

    @cached_property
    def _joined(self) -> Mapping[str, Days]:
        """The days in which each rep takes part: a newcomer is left alone at first."""
        after = self._plan.people.after_start or AFTER_START
        joined = {}
        for rep in self._directory.reps:
            days = self._serving[rep]
            if days.start > self._plan.rollout:
                start = later(days.start, after, self._directory.regular[rep])
                days = Days(start, max(start, days.stop))
            joined[rep] = days
        return joined

    def _attends(self, activity: Activity, team: str | None, rep: str | None) -> tuple[str, ...]:
        """The attendees beside the partner of a pair, as seats and groups. Without a team of its own, `team` is
        everybody in the field."""
        found = []
        for word in (*activity.with_, *activity.shadow):
            match word:
                case "each rep" if rep is None:
                    continue
                case "each manager" if team is None:
                    continue
                case "managers" | "each manager":
                    found.append("managers")
                case "manager":
                    found.append(f"manager/{team}" if team else "managers")
                case "team" | "reps" | "rep" | "each rep":
                    found.append(f"team/{team}" if team else "reps")
                case _ if word in self._directory.roles:
                    found.append(f"role/{word}")
                case _:
                    found.append(f"person/{self._directory.renamed.get(word, word)}")
        return tuple(dict.fromkeys(found))

    def attendees(self, series: Series, day: date, holder: str | None) -> tuple[str, ...]:
        """The persons who attend on `day`, each once, without the holder."""
        if not series.attends:
            return ()
        key = (series.attends, day)
        if key not in self._attending:
            persons = (person for word in series.attends for person in self._persons(word, day))
            self._attending[key] = tuple(dict.fromkeys(persons))
        found = self._attending[key]
        return tuple(person for person in found if person != holder) if holder in found else found

    def _persons(self, word: str, day: date) -> tuple[str, ...]:
        directory = self._directory
        kind, _, name = word.partition("/")
        if kind == "managers":
            return directory.managers(day)
        if kind in ("team", "reps"):
            reps = directory.teams[name].reps if name else directory.reps
            return tuple(rep for rep in reps if day in self._serving[rep])
        person = directory.holder(word, day)
        return (person,) if person else ()

    def _wanted(self, activity: Activity, series: Series) -> bool:
        if activity.only.empty and activity.not_.empty:
            return True
        person = self._most_specific(series)
        keeps = activity.only.empty or matches(activity.only, *person)
        return keeps and (activity.not_.empty or not matches(activity.not_, *person))

    def _most_specific(self, series: Series) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Regions, teams and tags of the person that a series is about, in small letters."""
        kind, _, name = series.about.partition("/")
        if kind == "team":
            return _traits(self._directory.teams[name], None)
        person = name if kind in ("rep", "person") else self._directory.holder(series.seat, self._plan.rollout)
        known = self._directory.persons.get(person or "")
        team = self._directory.team_of(person, self._plan.rollout) if person else None
        return _traits(team, known if known and (kind == "rep" or known.region or known.tags) else None)


def _traits(team: Team | None, person: Person | None) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    teams = _small((team.key, team.name) if team else ())
    if person is None:
        return _small(team.regions if team else ()), teams, _small(team.tags if team else ())
    return _small((person.region,) if person.region else ()), teams, _small(person.tags)


def _small(words: tuple[str, ...] | frozenset[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)


def matches(wanted: Filter, regions: frozenset[str], teams: frozenset[str], tags: frozenset[str]) -> bool:
    """Whether every side that `wanted` names has one of its values here."""
    sides = ((wanted.region, regions), (wanted.team, teams), (wanted.tags, tags))
    return all(not words or any(word.casefold() in here for word in words) for words, here in sides)


def later(day: date, by: Duration, worktime: Worktime) -> date:
    """`day` plus a length in whole days; minutes and hours are less than one."""
    match by.unit:
        case "workday":
            return worktime.add(day, by.amount) if by.amount else day
        case "day":
            return day + timedelta(days=by.amount)
        case "week":
            return day + timedelta(weeks=by.amount)
        case "month":
            return day + relativedelta(months=by.amount)
        case _:
            return day
