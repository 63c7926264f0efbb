"""Fan-out: which series an activity has, what each is about, which seat owes it and who attends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from dateutil.relativedelta import relativedelta

from cadence.core.compiler.holders import ALWAYS
from cadence.core.directory import Directory, Traits, matches, traits
from cadence.core.kinds import KINDS
from cadence.core.model import Days
from cadence.core.planfile.schema import Activity, Plan
from cadence.core.triggers import Duration
from cadence.core.worktime import Worktime

AFTER_START = Duration(5, "workday")
"""How long a newcomer is left alone."""

MANAGER, REP = frozenset({"manager", "managers", "each manager"}), frozenset({"rep", "reps", "each rep"})


@dataclass(frozen=True, slots=True)
class Series:
    """One activity for one `about`. `attends` names the attendees as seats or groups (`team/KEY`, `managers`,
    `reps`), `partner` the one of a pair without whom it makes no sense, `days` when the series exists, `wave` in
    which wave it counts its days."""

    activity: Activity
    about: str
    seat: str
    attends: tuple[str, ...] = ()
    partner: str | None = None
    days: Days = ALWAYS
    wave: str | None = None


class FanOut:
    """All series of a plan. Reads the directory only; the order of people and activities changes nothing."""

    def __init__(self, plan: Plan, directory: Directory) -> None:
        self._plan = plan
        self._directory = directory
        self._attends: dict[tuple[str, str | None, str | None], tuple[str, ...]] = {}

    @cached_property
    def serving(self) -> Mapping[str, Days]:
        """The days on which things can be about each rep."""
        served = {rep: self._directory.serves(rep) for rep in self._directory.reps}
        return {rep: ALWAYS if days == ALWAYS else days for rep, days in served.items()}

    def series(self, activity: Activity) -> tuple[Series, ...]:
        """Ordered by what they are about; empty when nobody fits `only` and `not`."""
        found = self._all(activity)
        if activity.only.empty and activity.not_.empty:
            return tuple(found)
        return tuple(one for one in found if self._wanted(activity, one))

    def _all(self, activity: Activity) -> Iterator[Series]:
        if not activity.rotate and activity.owner in MANAGER:
            return self._of_managers(activity)
        if not activity.rotate and activity.owner in REP:
            return self._of_reps(activity)
        if "each rep" in activity.with_:
            return (self._pair(activity, rep, None) for rep in self._directory.reps)
        if "each manager" in activity.with_:
            return (self._with_manager(activity, team) for team in self._directory.teams)
        return self._of_one(activity)

    def _of_managers(self, activity: Activity) -> Iterator[Series]:
        pairs = "each rep" in activity.with_
        for key, team in self._directory.teams.items():
            if pairs:
                yield from (self._pair(activity, rep, key) for rep in team.reps)
            else:
                wave = self._directory.waves.teams.get(key)
                attends = self._attending(activity, key, wave)
                yield Series(activity, f"team/{key}", f"manager/{key}", attends, None, self._lives[key], wave)

    def _of_reps(self, activity: Activity) -> Iterator[Series]:
        for rep in self._directory.reps:
            seat, wave = f"rep/{rep}", self._directory.waves.reps.get(rep)
            attends = self._attending(activity, self._directory.members.get(rep), wave, pair=False)
            yield Series(activity, seat, seat, attends, None, self._joined[rep], wave)

    def _pair(self, activity: Activity, rep: str, team: str | None) -> Series:
        partner, wave = f"rep/{rep}", self._directory.waves.reps.get(rep)
        seat = f"manager/{team}" if team else self._seat(activity, wave)
        attends = (partner, *self._attending(activity, team, wave))
        return Series(activity, partner, seat, attends, partner, self._joined[rep], wave)

    def _with_manager(self, activity: Activity, team: str) -> Series:
        wave = self._directory.waves.teams.get(team)
        seat, manager = self._seat(activity, wave), f"manager/{team}"
        attends = (manager, *self._attending(activity, None, wave))
        return Series(activity, f"team/{team}", seat, attends, manager, self._lives[team], wave)

    def _of_one(self, activity: Activity) -> Iterator[Series]:
        """One series, or one for each wave that has anybody, where the kind happens per wave."""
        waves = self._directory.waves
        if KINDS[activity.kind].per != "wave" or not waves.order:
            seat = self._seat(activity, None)
            yield Series(activity, seat, seat, self._attending(activity, None))
            return
        for wave in sorted(set(waves.reps.values())):
            attends = self._attending(activity, None, wave, whole=True)
            yield Series(activity, f"wave/{wave}", self._seat(activity, wave), attends, wave=wave)

    def _seat(self, activity: Activity, wave: str | None) -> str:
        if activity.rotate:
            of_wave = wave and KINDS[activity.kind].per == "wave"
            return f"turn/{activity.rotate}/{wave}" if of_wave else f"turn/{activity.rotate}"
        return self._named(activity.owner, wave)

    def _named(self, word: str, wave: str | None) -> str:
        """The seat of a role or of a person. Whatever is neither is a role that nobody holds yet: filling it must
        rename nothing."""
        person = self._directory.renamed.get(word, word)
        if word in self._directory.roles or person not in self._directory.persons:
            return self._directory.waves.role(word, wave)
        return f"person/{person}"

    @cached_property
    def _lives(self) -> Mapping[str, Days]:
        """From when to when each team has reps."""
        found = {}
        for key, team in self._directory.teams.items():
            spans = [self.serving[rep] for rep in team.reps]
            days = Days(min(span.start for span in spans), max(span.stop for span in spans))
            found[key] = ALWAYS if days == ALWAYS else days
        return found

    @cached_property
    def _joined(self) -> Mapping[str, Days]:
        """The days in which each rep takes part: a newcomer is left alone at first."""
        after = self._plan.people.after_start or AFTER_START
        rollouts = {wave.key: wave.rollout for wave in self._directory.waves.order}
        joined = {}
        for rep, days in self.serving.items():
            if days.start > rollouts.get(self._directory.waves.reps.get(rep, ""), self._plan.rollout):
                start = later(days.start, after, self._directory.regular[rep])
                days = Days(start, max(start, days.stop))
            joined[rep] = days
        return joined

    # -- who takes part --------------------------------------------------------------------------------------

    def _attending(
        self, activity: Activity, team: str | None, wave: str | None = None, *, pair: bool = True, whole: bool = False
    ) -> tuple[str, ...]:
        """The attendees beside the partner of a pair, as seats and groups. Without a team of its own, `team` is
        everybody in the field, or of `wave` where the series is about the `whole` of it."""
        key = (activity.key, team, wave)
        if key not in self._attends:
            field = f"/{wave}" if whole else ""
            words = (*activity.with_, *activity.shadow)
            found = (self._attendee(word, team, wave, field, pair=pair) for word in words)
            self._attends[key] = tuple(dict.fromkeys(seat for seat in found if seat))
        return self._attends[key]

    def _attendee(self, word: str, team: str | None, wave: str | None, field: str, *, pair: bool) -> str | None:
        match word:
            case "each rep" if pair:
                return None
            case "each manager" if team is None:
                return None
            case "managers" | "each manager":
                return f"managers{field}"
            case "manager":
                return f"manager/{team}" if team else f"managers{field}"
            case "team" | "reps" | "rep" | "each rep":
                return f"team/{team}" if team else f"reps{field}"
            case _:
                return self._named(word, wave)

    # -- for whom --------------------------------------------------------------------------------------------

    def _wanted(self, activity: Activity, series: Series) -> bool:
        found = self._most_specific(series)
        keeps = activity.only.empty or matches(activity.only, found)
        return keeps and (activity.not_.empty or not matches(activity.not_, found))

    def _most_specific(self, series: Series) -> Traits:
        """Those of the person that a series is about; a team has those of its reps, and so has a wave."""
        kind, _, name = series.about.partition("/")
        if kind == "team":
            return traits(self._directory.teams[name], None)
        if kind == "wave":
            return self._of_wave(name)
        person = name if kind in ("rep", "person") else self._directory.holder(series.seat, self._plan.rollout)
        known = self._directory.persons.get(person or "")
        team = self._directory.team_of(person, self._plan.rollout) if person else None
        return traits(team, known if known and (kind == "rep" or known.region or known.tags) else None)

    def _of_wave(self, wave: str) -> Traits:
        directory = self._directory
        reps = [rep for rep, its in directory.waves.reps.items() if its == wave]
        found = [traits(directory.team_of(rep, self._plan.rollout), directory.persons[rep]) for rep in reps]
        return Traits(*(frozenset().union(*side) for side in zip(*found, strict=True)))


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
