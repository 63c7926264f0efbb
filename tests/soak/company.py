"""A company of three hundred in five zones, two plans over all of them, and what happens to it in the course of a year.

Everything follows from numbers and the seed. Besides the texts that are loaded it keeps its own book of who works when,
by which the messages are judged: the program's own arithmetic is not asked.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

REPS = 7
PLACES = ("Boston", "Denver", "Berlin", "Cairo", "Auckland")
ZONES = ("America/New_York", "America/Denver", "Europe/Berlin", "Africa/Cairo", "Pacific/Auckland")
SUNDAYS = frozenset({6, 0, 1, 2, 3})
WEEKDAYS = frozenset(range(5))
OPENS, CLOSES = time(8), time(18)
BRIEF = time(8, 30)
ROLLOUT = date(2027, 1, 11)
CLOSED = frozenset(date(2027, 12, day) for day in range(24, 32))
ENDS = date(2027, 12, 31)

HEAD = """\
plan: {plan}
rollout: {rollout}
ends: week 50
timezone: America/New_York
calendar: {{closed: [2027-12-24..2027-12-31]}}
people:
  file: people.csv
  places:
    Boston: {{timezone: America/New_York}}
    Denver: {{timezone: America/Denver}}
    Berlin: {{timezone: Europe/Berlin, language: de}}
    Cairo: {{timezone: Africa/Cairo, workdays: sun-thu}}
    Auckland: {{timezone: Pacific/Auckland}}
  list:
    vera: {{name: Vera Pohl, id: vera, email: vera@example.test}}
    sam: {{name: Sam Ode, id: sam, email: sam@example.test}}
    kim: {{name: Kim Lee, id: kim, email: kim@example.test}}
{heirs}roles: {{vp: vera, sponsor: sam, enablement: kim}}
activities:
"""
SELLING = """\
  rides: {{kind: field_ride, every: {rides} weeks}}
  reviews: {{kind: campaign_review, every: 4 weeks, on: {weekday}}}
  debriefs: {{kind: manager_debrief, every: 4 weeks, on: tue}}
  releases: {{kind: release, on: [week 8, week 24, week 40]}}
  figures: {{kind: metric_review, every: 2 months}}
  stories: {{kind: quick_win, rotate: reps, every: week, on: wed}}
"""
COACHING = """\
  talks: {{kind: one_on_one, every: {talks} weeks, on: thu}}
  huddles: {{kind: team_meeting, every: 8 weeks, on: mon}}
  pulse: {{kind: pulse, owner: rep, every: 12 weeks, on: tue}}
"""


@dataclass(slots=True)
class Somebody:
    """A row of the people file. `since` and `left` are the first day and the last, None without an end."""

    key: str
    id: str
    name: str
    place: str
    manager: str = ""
    since: date | None = None
    left: date | None = None
    replaces: str = ""
    away: list[tuple[date, date]] = field(default_factory=list)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(ZONES[PLACES.index(self.place)])

    def works(self, day: date) -> bool:
        week = SUNDAYS if self.place == "Cairo" else WEEKDAYS
        return day.weekday() in week and day not in CLOSED and not any(a <= day <= b for a, b in self.away)

    def working(self, now: datetime) -> bool:
        local = now.astimezone(self.zone)
        return self.works(local.date()) and OPENS <= local.time() < CLOSES

    def is_here(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.left is None or day <= self.left)

    def week(self, day: date) -> date:
        """The first day of their working week."""
        first = 6 if self.place == "Cairo" else 0
        return day - timedelta(days=(day.weekday() - first) % 7)


@dataclass(slots=True)
class Company:
    """`teams` of a manager and seven reps each. What changes is changed here first and then loaded."""

    seed: int
    teams: int = 37
    people: dict[str, Somebody] = field(default_factory=dict)
    words: dict[str, int | str] = field(default_factory=lambda: {"rides": 16, "weekday": "mon", "talks": 12})
    rollouts: dict[str, date] = field(default_factory=lambda: {"selling": ROLLOUT, "coaching": ROLLOUT})

    def __post_init__(self) -> None:
        for key, name in (("vera", "Vera Pohl"), ("sam", "Sam Ode"), ("kim", "Kim Lee")):
            self.people[key] = Somebody(key, key, name, "Boston")
        for team in range(self.teams):
            place, called = PLACES[team % len(PLACES)], _letters(team)
            self._add(f"m{team}", f"Manager {called}", place)
            for number in range(REPS):
                self._add(f"r{team}-{number}", f"Rep {called}{'abcdefg'[number]}", place, manager=f"m{team}")

    def _add(self, id_: str, name: str, place: str, manager: str = "") -> Somebody:
        key = name.lower().replace(" ", "-")
        self.people[key] = Somebody(key, id_, name, place, manager)
        return self.people[key]

    def files(self, plan: str) -> dict[str, str]:
        """`plan.yaml` and `people.csv` as they would be written today."""
        heirs = "".join(
            f"    {one.key}: {{name: {one.name}, id: {one.id}, email: {one.key}@example.test, place: {one.place}, "
            f"replaces: {one.replaces}, since: {one.since}}}\n"
            for one in self.people.values()
            if one.replaces
        )
        head = HEAD.format(plan=plan, rollout=self.rollouts[plan], heirs=heirs)
        return {
            "plan.yaml": head + (SELLING if plan == "selling" else COACHING).format(**self.words),
            "people.csv": self._rows(),
        }

    def _rows(self) -> str:
        rows = ["id,name,email,manager,place,left"]
        for one in self.people.values():
            if not one.replaces and one.key not in ("vera", "sam", "kim"):
                left = one.left.isoformat() if one.left else ""
                rows.append(f"{one.id},{one.name},{one.key}@example.test,{one.manager},{one.place},{left}")
        return "\n".join(rows) + "\n"

    # --- what happens

    def leaves(self, key: str, on: date) -> None:
        self.people[key].left = on

    def is_followed(self, key: str, on: date) -> None:
        """A manager goes, and somebody new has the team from the next day on."""
        self.leaves(key, on)
        before = self.people[key]
        name = f"Heir {before.name.split()[1]}"
        heir = Somebody(name.lower().replace(" ", "-"), f"h{before.id}", name, before.place, replaces=key)
        heir.since = on + timedelta(days=1)
        self.people[heir.key] = heir

    def dissolves(self, team: int, into: int) -> None:
        """The reps of a team go to another manager, and their own goes."""
        for one in self.people.values():
            if one.manager == f"m{team}":
                one.manager = f"m{into}"

    def luck(self, *about: object) -> float:
        """From 0 up to 1, the same for the same words."""
        return luck(self.seed, *about)

    def by_zone(self) -> dict[ZoneInfo, list[Somebody]]:
        found: dict[ZoneInfo, list[Somebody]] = defaultdict(list)
        for one in self.people.values():
            found[one.zone].append(one)
        return found


def luck(seed: int, *about: object) -> float:
    digest = hashlib.sha256("\n".join((str(seed), *map(str, about))).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def hours(day: date) -> list[datetime]:
    """When something can happen by itself on that day anywhere: the week's first hour, the briefs, after lunch."""
    local = (OPENS, BRIEF, time(13))
    found = (datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC) for zone in ZONES for at in local)
    return sorted(set(found))


def _letters(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:03}").capitalize()
