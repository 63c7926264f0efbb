"""All that the agenda looks at, gathered into one value before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cadence.core.directory import Directory, Holding
from cadence.core.forms import Carried
from cadence.core.model import Decision, Delivery, Hold, Notice, Person, Task
from cadence.core.planfile.schema import Activity, Plan
from cadence.core.worktime import Worktime


@dataclass(frozen=True, slots=True)
class Seat:
    """Who answers for a task today, and by which calendar. `holder` is None for an empty seat."""

    holder: str | None
    holding: Holding
    worktime: Worktime


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The state of the installation at `now`. `tasks` holds the live ones and the recent history of each series.

    `briefed` maps a person to the last day with a brief; `waiting` are deliveries decided earlier and not yet
    sent; `alerted` counts a person's alerts of today and of this week; `unreachable` are persons whom no channel
    reached lately. `plans` are what the plans say, `carried` what each series carries to its next task.
    """

    now: datetime
    tasks: tuple[Task, ...]
    notices: frozenset[Notice]
    decisions: tuple[Decision, ...]
    directories: Mapping[str, Directory]
    persons: Mapping[str, Person]
    worktimes: Mapping[str, Worktime]
    holds: tuple[Hold, ...] = ()
    briefed: Mapping[str, date]
    waiting: tuple[Delivery, ...] = ()
    alerted: Mapping[str, tuple[int, int]]
    unreachable: tuple[str, ...] = ()
    plans: Mapping[str, Plan] = field(default_factory=dict)
    carried: Mapping[tuple[str, str, str], tuple[Carried, ...]] = field(default_factory=dict)
    _activities: dict[str, Mapping[str, Activity]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _seats: dict[tuple[object, ...], Seat] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Seats worked out already: a beat asks for each several times."""

    def directory(self, task: Task) -> Directory | None:
        """None once the task's plan is gone."""
        return self.directories.get(task.occurrence.plan)

    def activity(self, task: Task) -> Activity | None:
        """The line of the plan that asks for it; None once the plan no longer has it."""
        name = task.occurrence.plan
        if name not in self._activities:
            plan = self.plans.get(name)
            self._activities[name] = {one.key: one for one in plan.activities} if plan else {}
        return self._activities[name].get(task.occurrence.activity)

    def seat(self, task: Task) -> Seat:
        """Who answers for `task` on the later of its date and today; who answered for one that is closed on the day
        it happened. An empty seat keeps the plan's calendar."""
        asked = task.occurrence
        day = max(task.date, self.now.date()) if not task.state.closed else task.happened_on or task.date
        key = (asked.plan, asked.seat, asked.window, day, asked.when_absent, task.handed_to)
        if key not in self._seats:
            directory = self.directories[asked.plan]
            holding = directory.acting(asked.seat, asked.window, day, asked.when_absent, task.handed_to)
            worktime = self.worktimes.get(holding.person or "", directory.calendar)
            self._seats[key] = Seat(holding.person, holding, worktime)
        return self._seats[key]

    def today(self, person: str) -> date:
        return self.worktimes[person].today(self.now)

    def name_of(self, person: str | None) -> str | None:
        """Their name; the key of somebody who is not known any more."""
        if person is None:
            return None
        return self.persons[person].name if person in self.persons else person

    def is_held(self, *, person: str | None = None, task: Task | None = None) -> bool:
        """Whether a hold stops messages for this person, or about this task; its last day is theirs, not UTC's."""
        if not self.holds:
            return False
        clock = self.worktimes.get(person or "") or (self.seat(task).worktime if task else None)
        today = clock.today(self.now) if clock else self.now.date()
        return any(self._covers(hold, person, task) for hold in self.holds if today <= hold.until)

    def _covers(self, hold: Hold, person: str | None, task: Task | None) -> bool:
        kind, _, name = hold.scope.partition("/")
        if kind == "all" or (kind == "person" and name == person):
            return True
        if task is None:
            return False
        if kind == "plan":
            return name == task.occurrence.plan
        return kind == "team" and any(self._is_of_team(word, name, task) for word in _words(task))

    def _is_of_team(self, word: str, team: str, task: Task) -> bool:
        kind, _, name = word.partition("/")
        directory = self.directory(task)
        if kind == "rep" and directory is not None:
            return directory.members.get(name) == team
        return kind in ("manager", "team") and name == team


def _words(task: Task) -> tuple[str, str]:
    """Whose task it is and what it is about: either makes it a team's."""
    return task.occurrence.seat, task.occurrence.about
