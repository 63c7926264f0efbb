"""All that the agenda looks at, gathered into one value before anything is decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from cadence.core.directory import Directory, Holding
from cadence.core.forms import Carried
from cadence.core.model import Decision, Delivery, Event, Hold, Notice, Person, Task
from cadence.core.planfile.schema import Activity, Plan
from cadence.core.worktime import Worktime


@dataclass(frozen=True, slots=True)
class Seat:
    """Who answers for a task today, and by which calendar. `holder` is None for an empty seat."""

    holder: str | None
    holding: Holding
    worktime: Worktime


@dataclass(slots=True, eq=False)
class Today:
    """What was worked out of single tasks on one day (`dates`: by each calendar), by what it is and the task itself."""

    dates: tuple[date, ...]
    found: dict[str, dict[int, tuple[Task, Any]]] = field(default_factory=lambda: defaultdict(dict))


@dataclass(slots=True, eq=False)
class Memo:
    """What was worked out of plans, people and calendars, and holds for as long as these do. Several situations may
    share it, also at the same time."""

    directories: Mapping[str, Directory]
    worktimes: Mapping[str, Worktime]
    plans: Mapping[str, Plan]
    activities: dict[str, Mapping[str, Activity]] = field(default_factory=dict)
    zones: tuple[str, ...] = ()
    newest: Today = field(default_factory=lambda: Today(()))

    def fits(self, situation: Situation) -> bool:
        """Whether it was worked out of the very same."""
        same_people = self.directories is situation.directories and self.worktimes is situation.worktimes
        return same_people and self.plans is situation.plans

    def today(self, now: datetime) -> Today:
        """What was worked out already on the day that it is everywhere at `now`."""
        if not self.zones:
            clocks = (*self.worktimes.values(), *(people.calendar for people in self.directories.values()))
            self.zones = tuple(sorted({"UTC", *(clock.zone for clock in clocks)}))
        dates = tuple(now.astimezone(ZoneInfo(zone)).date() for zone in self.zones)
        newest = self.newest
        if newest.dates != dates:
            newest = self.newest = Today(dates)
        return newest


NOTHING_YET = Memo({}, {}, {})
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """The state of the installation at `now`. `tasks` holds the live ones and the recent history of each series.

    `briefed` maps a person to the last day with a brief; `waiting` are deliveries decided earlier and not yet
    sent; `alerted` counts a person's alerts of today and of this week; `unreachable` are persons whom no channel
    reached lately. `plans` are what the plans say, `carried` what each series carries to its next task,
    `changed` what lately became of tasks by a load or by somebody's answer, in order.
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
    changed: tuple[Event, ...] = ()
    memo: Memo = field(default=NOTHING_YET, repr=False, compare=False)
    _todays: dict[str, date] = field(default_factory=dict, init=False, repr=False, compare=False)
    _by_id: dict[str, Task] = field(default_factory=dict, init=False, repr=False, compare=False)
    _said: dict[str, list[Notice]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _worked_out: list[Today] = field(default_factory=list, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.memo.fits(self):
            object.__setattr__(self, "memo", Memo(self.directories, self.worktimes, self.plans))

    @property
    def by_id(self) -> Mapping[str, Task]:
        """The tasks by their ids."""
        if len(self._by_id) < len(self.tasks):
            self._by_id.update((task.id, task) for task in self.tasks)
        return self._by_id

    def notices_of(self, subject: str) -> Sequence[Notice]:
        """What was said about a task or a decision."""
        if not self._said:
            for notice in self.notices:
                self._said.setdefault(notice.subject, []).append(notice)
        return self._said.get(subject, ())

    def directory(self, task: Task) -> Directory | None:
        """None once the task's plan is gone."""
        return self.directories.get(task.occurrence.plan)

    def activity(self, task: Task) -> Activity | None:
        """The line of the plan that asks for it; None once the plan no longer has it."""
        name, known = task.occurrence.plan, self.memo.activities
        if name not in known:
            plan = self.plans.get(name)
            known[name] = {one.key: one for one in plan.activities} if plan else {}
        return known[name].get(task.occurrence.activity)

    def once(self, what: str, task: Task, work_out: Callable[[Task, Situation], T]) -> T:
        """What `work_out` says of `task`, which may hang on the task, plans, people and their days, and on nothing
        else; then it is worked out once a day. `what` is its name."""
        if not self._worked_out:
            self._worked_out.append(self.memo.today(self.now))
        if task.occurrence.timezone not in self.memo.zones:  # whose days are not among those that were compared
            return work_out(task, self)
        known = self._worked_out[0].found[what]
        found = known.get(id(task))
        if found is None or found[0] is not task:
            found = known[id(task)] = (task, work_out(task, self))
        said: T = found[1]
        return said

    def seat(self, task: Task) -> Seat:
        """Who answers for `task` on the later of its date and today; who answered for one that is closed on the day
        it happened. An empty seat keeps the plan's calendar."""
        return self.once("seat", task, _seat)

    def day_of(self, task: Task) -> date:
        """The day on which is asked who answers for it: the later of its date and today, where it is owed."""
        zone = task.occurrence.timezone
        if zone not in self._todays:
            self._todays[zone] = self.now.astimezone(ZoneInfo(zone)).date()
        return max(task.date, self._todays[zone])

    def plan_day(self, plan: str) -> date:
        """Today by the plan's own calendar."""
        return self.directories[plan].calendar.today(self.now)

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


def _seat(task: Task, situation: Situation) -> Seat:
    asked, directory = task.occurrence, situation.directories[task.occurrence.plan]
    day = situation.day_of(task) if not task.state.closed else task.happened_on or task.date
    holding = directory.acting(asked.seat, asked.window, day, asked.when_absent, task.handed_to)
    return Seat(holding.person, holding, situation.worktimes.get(holding.person or "", directory.calendar))


def _words(task: Task) -> tuple[str, str]:
    """Whose task it is and what it is about: either makes it a team's."""
    return task.occurrence.seat, task.occurrence.about
