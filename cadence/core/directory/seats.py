"""WHO: seats, their holders over time, backups and the line above, as one value that answers for any day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from cadence.core.directory.succession import Succession
from cadence.core.directory.teams import Team
from cadence.core.directory.waves import Waves
from cadence.core.model import Days, Person, Task, WhenAbsent
from cadence.core.worktime import Worktime

KEEPING_ROLES = ("enablement", "sponsor")
"""The roles that may act for others in every plan, and keep it where it names no keepers."""

Why = Literal["holder", "handed-over", "backup", "vacant", "skipped"]


@dataclass(frozen=True, slots=True)
class Holding:
    """Who answers for a task on a day, and why. `person` is None for an empty seat alone.

    `instead_of` is the seat's holder where somebody else stands in; `until` the last day of the holder's absence.
    Under `skipped` the person is the absent holder: nobody stands in.
    """

    person: str | None
    why: Why
    instead_of: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Everybody of one plan. All keys are for good (aliases applied); mappings are ordered by key.

    `regular` and `worktimes` give a person's working time without and with absences, `calendar` the plan's own.
    `keepers` are those named at first, `keepers_on` who keeps the plan by now. `members` maps a rep to the team.
    `renamed` maps a key in the plan's text to the one the person is known by. `holidays_until` is the last day of
    which it is known whether it is one, None where nobody has any.
    """

    persons: Mapping[str, Person]
    teams: Mapping[str, Team]
    members: Mapping[str, str]
    reps: tuple[str, ...]
    roles: Mapping[str, str]
    backups: Mapping[str, str]
    keepers: tuple[str, ...]
    succession: Succession
    worktimes: Mapping[str, Worktime]
    regular: Mapping[str, Worktime]
    calendar: Worktime
    renamed: Mapping[str, str]
    waves: Waves = field(default_factory=Waves)
    holidays_until: date | None = None

    # -- who holds what --------------------------------------------------------------------------------------

    def is_here(self, person: str, day: date) -> bool:
        """Known, started and not gone; the day somebody leaves is the last one here."""
        known = self.persons.get(person)
        if known is None or (known.started and day < known.started):
            return False
        return known.left is None or day <= known.left

    def holder(self, seat: str, day: date) -> str | None:
        """The seat's regular holder on `day`, away or not; None for an empty seat and for one that is not there."""
        kind, _, name = seat.partition("/")
        if kind == "turn":
            return self._turn(name, day)
        first = self._first(kind, name)
        stays = kind == "rep" and self._stepped_down(name) is not None
        person = first if stays or not first else self.succession.at(first, day)
        return person if person and self.is_here(person, day) else None

    def holders(self, seat: str, span: Days) -> tuple[tuple[Days, str | None], ...]:
        """Who holds `seat` over `span`, in order and without gaps; one entry where nothing changes."""
        kind, _, name = seat.partition("/")
        first = self._first(kind, name)
        if first and self._always_here(first):
            return ((span, first),)
        changes = {span.start}
        if first:
            line = self.succession.followers.get(first, ())
            changes.update(tenure.since for tenure in line)
            for known in map(self.persons.get, (first, *(tenure.person for tenure in line))):
                changes.update((known.started,) if known and known.started else ())
                changes.update((known.left + timedelta(days=1),) if known and known.left else ())
        starts = sorted(day for day in changes if day in span)
        stops = [*starts[1:], span.stop]
        return tuple((Days(start, stop), self.holder(seat, start)) for start, stop in zip(starts, stops, strict=False))

    def _always_here(self, person: str) -> bool:
        """Nobody follows, and neither the first nor the last day is known."""
        known = self.persons.get(person)
        return bool(known and not known.started and not known.left and person not in self.succession.followers)

    def _first(self, kind: str, name: str) -> str | None:
        """The first of the line that holds a seat. A role or a team may name the successor already; a person's own
        seat never belonged to the predecessor."""
        match kind:
            case "role":
                person = self.waves.roles.get(name) or self.roles.get(name)
                return self.succession.origin(person) if person else None
            case "manager":
                return self.teams[name].manager if name in self.teams else None
            case _:
                return name

    def _turn(self, name: str, day: date) -> str | None:
        """`managers/3`: the fourth turn, `managers/west/3` among those of a wave. Whoever is away on `day` is passed;
        that they come next is settled when the turns are dealt out, which needs all of their days."""
        group, _, number = name.rpartition("/")
        order = self.turns(group, day)
        if not order:
            return None
        begin = int(number) % len(order)
        queue = order[begin:] + order[:begin]
        return next((person for person in queue if not self.worktimes[person].is_away(day)), queue[0])

    def turns(self, group: str, day: date) -> tuple[str, ...]:
        """The members of `managers` or `reps` (of `managers/west` those of that wave) on `day`, in the order in which
        they take turns."""
        who, _, wave = group.partition("/")
        if who == "managers":
            return self.managers(day, wave or None)
        served = self.waves.reps
        reps = (rep for rep in self.reps if not wave or served.get(rep) == wave) if who == "reps" else ()
        return tuple(rep for rep in reps if day in self.serves(rep))

    def managers(self, day: date, wave: str | None = None) -> tuple[str, ...]:
        """Everyone who manages a team (of `wave`) on `day`, once each, in the order of the teams."""
        teams = (team for team in self.teams if wave is None or self.waves.teams.get(team) == wave)
        holders = (self.holder(f"manager/{team}", day) for team in teams)
        return tuple(dict.fromkeys(holder for holder in holders if holder))

    # -- waves -----------------------------------------------------------------------------------------------

    def wave_of(self, about: str) -> str | None:
        """The wave that something about `rep/KEY`, `team/KEY`, `person/KEY` or `wave/KEY` counts in. None is the
        plan's own rollout: for what is the whole plan's, and for whom no wave wants."""
        kind, _, name = about.partition("/")
        match kind:
            case "wave":
                return name
            case "rep":
                return self.waves.reps.get(name)
            case "team":
                return self.waves.teams.get(name)
            case "person":
                return self._wave_of_person(name)
            case _:
                return None

    def _wave_of_person(self, person: str) -> str | None:
        """A rep's own, a manager's by the team that began with them or with whom they follow, else None."""
        if person in self.waves.reps or not self.waves.order:
            return self.waves.reps.get(person)
        return self.waves.managers.get(self.succession.origin(person))

    def team_of(self, person: str, day: date) -> Team | None:
        """The team of a rep, or the one that a manager holds on `day` (the first by key if there are several)."""
        if own := self.members.get(person):
            return self.teams[own]
        return next((team for key, team in self.teams.items() if self.holder(f"manager/{key}", day) == person), None)

    def serves(self, rep: str) -> Days:
        """The days on which things can be about `rep`: from the start until they leave, are replaced or replace."""
        person = self.persons[rep]
        left = person.left + timedelta(days=1) if person.left else None
        if down := self._stepped_down(rep):
            return Days(down, max(down, left or date.max))
        ends = [self.succession.followed_on(rep), left]
        first = self.succession.origin(rep)
        if first != rep and first not in self.members:
            ends.append(next(t.since for t in self.succession.followers[first] if t.person == rep))
        start = person.started or date.min
        return Days(start, max(start, min((end for end in ends if end), default=date.max)))

    def _stepped_down(self, rep: str) -> date | None:
        """The first day on which who led a team is a rep of it, under the one who followed; None for any other."""
        team = self.teams.get(self.members.get(rep, ""))
        return self.succession.followed_on(rep) if team and team.manager == self.succession.origin(rep) else None

    def keepers_on(self, day: date) -> tuple[str, ...]:
        """Who keeps the plan on `day`: those named for it, or who has followed them, as far as they are here."""
        sitting = (self.holder(f"person/{keeper}", day) for keeper in self.keepers)
        return tuple(dict.fromkeys(keeper for keeper in sitting if keeper))

    # -- who stands in, who is asked ---------------------------------------------------------------------------

    def backup(self, seat: str, holder: str | None, day: date) -> str | None:
        """Who stands in for `holder` on `seat`: the role's backup, else the person's, else the predecessor's.

        A backup who is away or gone is passed on to their own; the chain ends where it would come back."""
        kind, _, name = seat.partition("/")
        first = self._first(kind, name) if kind != "turn" else holder
        role = name.partition("/")[0] if kind == "role" else None
        named = [key for key in (role, holder, first) if key and key in self.backups]
        return self._present(self.backups[named[0]], holder, day) if named else None

    def _present(self, word: str, holder: str | None, day: date) -> str | None:
        passed: set[str] = set()
        while word not in passed:
            passed.add(word)
            person = self.holder(f"role/{word}" if word in self.roles else f"person/{word}", day)
            if person and person != holder and not self.worktimes[person].is_away(day):
                return person
            following = self.backups.get(word) or self.backups.get(person or "")
            if following is None:
                return None
            word = following
        return None

    def line_above(self, person: str, day: date) -> str | None:
        """Who is asked when `person` cannot or does not answer: the nearest one above who is there and is not
        `person`. None at the top."""
        return self._asked(self._upward(person, day), person, day)

    def line_above_seat(self, seat: str, day: date) -> str | None:
        """The line above the seat's holder; for an empty seat that of whoever would hold it."""
        return self._asked(self._upward_of(seat, day), self.holder(seat, day), day)

    def lines_above(self, seat: str, day: date, *persons: str | None) -> frozenset[str]:
        """Who may answer from above for `seat` and for `persons`: whoever is asked, and the nearest even on leave."""
        lines = [(self.holder(seat, day), tuple(self._upward_of(seat, day)))]
        lines += [(person, tuple(self._upward(person, day))) for person in persons if person]
        asked = {self._asked(line, person, day) for person, line in lines}
        nearest = {next(self._above(line, person, day), ("", None))[1] for person, line in lines}
        return frozenset(found for found in asked | nearest if found)

    def _asked(self, seats: Iterable[str], person: str | None, day: date) -> str | None:
        """The first above who is there, with the backup in the place of whoever is away; the nearest if nobody is."""
        nearest = None
        for seat, above in self._above(seats, person, day):
            nearest = nearest or above
            present = self.backup(seat, above, day) if self.worktimes[above].is_away(day) else above
            if present and present != person:
                return present
        return nearest

    def _above(self, seats: Iterable[str], person: str | None, day: date) -> Iterator[tuple[str, str]]:
        """The seats that are held, and by somebody else than `person`, with their holders."""
        held = ((seat, self.holder(seat, day)) for seat in seats)
        return ((seat, holder) for seat, holder in held if holder and holder != person)

    def _upward_of(self, seat: str, day: date) -> Iterator[str]:
        kind, _, name = seat.partition("/")
        if holder := self.holder(seat, day):
            yield from self._upward(holder, day)
        elif kind == "rep" and name in self.persons:
            yield from self._upward(name, day)
        else:
            role, _, wave = name.partition("/") if kind == "role" else ("", "", self.wave_of(f"team/{name}"))
            above = () if role == "sponsor" else ("sponsor",) if role == "vp" else ("vp", "sponsor")
            yield from (self.waves.role(one, wave or None) for one in above)

    def _upward(self, person: str, day: date) -> Iterator[str]:
        """The seats above `person`, nearest first."""
        known = self.persons.get(person)
        if known and known.external:
            yield "role/enablement"
            return
        if known and known.reports_to:
            yield f"person/{known.reports_to}"
        if self._holds("sponsor", person, day):
            return
        wave = self._wave_of_person(person)
        if person in self.members:
            yield f"manager/{self.members[person]}"
        if not self._holds("vp", person, day):
            yield self.waves.role("vp", wave)
        yield self.waves.role("sponsor", wave)

    def _holds(self, role: str, person: str, day: date) -> bool:
        """Whether `person` has the role, for the whole plan or for a wave."""
        seats = dict.fromkeys(self.waves.role(role, wave) for wave in (None, *(wave.key for wave in self.waves.order)))
        return any(self.holder(seat, day) == person for seat in seats)

    # -- one task on one day ---------------------------------------------------------------------------------

    def acting(
        self, seat: str, window: Days, day: date, when_absent: WhenAbsent, handed_to: str | None = None
    ) -> Holding:
        """Who answers on `day` (the later of the task's date and today): the holder, or who stands in and why.

        An absence counts against `move` and `backup` when it leaves the holder no working day in the rest of the
        window; after the window, the rest is `day` itself."""
        holder = self.holder(seat, day)
        if handed_to and self.is_here(handed_to, day):
            return Holding(handed_to, "handed-over", instead_of=holder if holder != handed_to else None)
        if holder is None:
            return Holding(None, "vacant")
        worktime = self.worktimes[holder]
        if not worktime.is_away(day):
            return Holding(holder, "holder")
        until = worktime.back_on(day) - timedelta(days=1)
        if any(worktime.works(left) for left in Days(day, max(window.stop, day + timedelta(days=1)))):
            present_later = when_absent is not WhenAbsent.SKIP or not worktime.is_away(window.start)
            return Holding(holder, "holder" if present_later else "skipped", until=until)
        if when_absent is WhenAbsent.SKIP:
            return Holding(holder, "skipped", until=until)
        backup = self.backup(seat, holder, day)
        return Holding(backup, "backup", holder, until) if backup else Holding(holder, "holder", until=until)

    def may_act(self, person: str, task: Task, day: date) -> bool:
        """Whether `person` may answer for `task` on `day`: its holder, a stand-in, the line above, the keepers."""
        if not self.is_here(person, day):
            return False
        seat = task.occurrence.seat
        holding = self.acting(seat, task.occurrence.window, day, task.occurrence.when_absent, task.handed_to)
        holder = self.holder(seat, day)
        allowed = {holding.person, holder, self.backup(seat, holder, day)}
        allowed.update(self.lines_above(seat, day, holding.person, holder))
        allowed.update(self.holder(f"role/{role}", day) for role in KEEPING_ROLES)
        return person in allowed or person in self.keepers_on(day)

    # -- words and calendars -----------------------------------------------------------------------------------

    def worktime(self, person: str) -> Worktime:
        """Their own working time, absences included; the plan's for somebody unknown."""
        return self.worktimes.get(person, self.calendar)

    def name(self, key: str) -> str:
        """How a person is called; the key itself for somebody unknown."""
        return self.persons[key].name if key in self.persons else key

    def title_of(self, about: str) -> str:
        """What to call the thing a series is about: a person's or team's name, a role's word."""
        kind, _, key = about.partition("/")
        if kind == "team":
            return self.teams[key].name if key in self.teams else key
        return self.name(key) if kind in ("rep", "person") else key
