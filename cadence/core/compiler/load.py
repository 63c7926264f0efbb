"""Load: how much a schedule asks of each person, and of whom it asks too much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from cadence.core.compiler.findings import Finding, counted
from cadence.core.compiler.holders import Holders
from cadence.core.compiler.places import week
from cadence.core.compiler.runs import Run
from cadence.core.directory import Directory
from cadence.core.model import Days
from cadence.core.worktime import Worktime

ROOM = 0.5
"""The share of a working week that reinforcement may take of anybody before it is too much."""
MEETINGS_A_DAY = 4
"""More than so many for every working day of a week leave no time for the work that they are about."""

Weeks = tuple[tuple[date, int], ...]
"""Mondays in order, with how many of something their week has."""


@dataclass(frozen=True, slots=True)
class Load:
    """Tasks in all, and the minutes of the fullest calendar week. `weeks` maps a Monday to its minutes, `meetings` to
    how many tasks take a set time."""

    tasks: int
    minutes_per_week_max: int
    weeks: Weeks = ()
    meetings: Weeks = ()


def load_of(runs: Iterable[Run], holders: Holders) -> dict[str, Load]:
    """By whoever answers on the task's day (a backup carries what the backup does), ordered by person."""
    owed: defaultdict[tuple[str, int], list[date]] = defaultdict(list)
    for run in runs:
        for person, days in _by_person(run, holders):
            owed[person, run.terms.minutes or 0] += days
    tasks: Counter[str] = Counter()
    minutes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    meetings: defaultdict[str, Counter[int]] = defaultdict(Counter)
    week_of = lru_cache(maxsize=None)(week)
    for (person, length), days in owed.items():
        tasks[person] += len(days)
        tally = Counter(map(week_of, days)) if length else {}
        for number, many in tally.items():
            meetings[person][number] += many
            minutes[person][number] += length * many
    return {person: _load(tasks[person], minutes[person], meetings[person]) for person in sorted(tasks)}


def _by_person(run: Run, holders: Holders) -> Iterable[tuple[str, Sequence[date]]]:
    """The days of the run by who answers on them: all at once where the seat never changes hands."""
    directory, seat = holders.directory, run.terms.seat
    always = holders.always(seat)
    if always and not directory.worktimes[always].away:
        return ((always, run.days),)
    found: defaultdict[str, list[date]] = defaultdict(list)
    for task in run.tasks:
        holder = always or holders.on(seat, task.date)
        if holder and directory.worktimes[holder].is_away(task.date):
            holder = directory.acting(seat, task.window, task.date, task.when_absent).person
        if holder:
            found[holder].append(task.date)
    return found.items()


def _load(tasks: int, minutes: Mapping[int, int], meetings: Mapping[int, int]) -> Load:
    return Load(tasks, max(minutes.values(), default=0), _weeks(minutes), _weeks(meetings))


def _weeks(tally: Mapping[int, int]) -> Weeks:
    return tuple([(_monday(number), many) for number, many in sorted(tally.items())])


@lru_cache(maxsize=4096)
def _monday(number: int) -> date:
    return date.fromordinal(number * 7 + 1)


def overload(load: Mapping[str, Load], directory: Directory) -> Iterator[Finding]:
    """P301 for everybody whose fullest weeks leave too little room for work, holidays counted: by hours, or by the
    number of meetings however short. The fullest come first."""
    room_of, most_of = lru_cache(maxsize=None)(_room), lru_cache(maxsize=None)(_most)
    for person, (many, monday, room, weeks) in _fullest(load, directory, lambda mine: mine.weeks, room_of):
        message = (
            f"{directory.name(person)} has too much in {counted(weeks, 'week')}; most in the week of {monday}: "
            f"{_hours(many)} h, {_hours(many - room)} h more than the {_hours(room)} h there is room for"
        )
        yield Finding("P301", f"people.list.{person}", message)
    for person, (many, monday, room, weeks) in _fullest(load, directory, lambda mine: mine.meetings, most_of):
        message = (
            f"{directory.name(person)} has too many meetings in {counted(weeks, 'week')}; most in the week of {monday}:"
            f" {many}, {many - room} more than the {room} there is room for"
        )
        yield Finding("P301", f"people.list.{person}", message, bundle="meetings")


Fullest = tuple[int, date, int, int]
"""How many there are in the fullest week, its Monday, the room it has, and how many weeks are too full."""


def _fullest(
    load: Mapping[str, Load],
    directory: Directory,
    weeks_of: Callable[[Load], Weeks],
    room_of: Callable[[Worktime, date], int],
) -> list[tuple[str, Fullest]]:
    """Everybody with weeks that are too full, the fullest first."""
    found: list[tuple[str, Fullest]] = []
    for person, mine in load.items():
        worktime = directory.regular[person]
        over = [(many, monday) for monday, many in weeks_of(mine) if many > room_of(worktime, monday)]
        if over:
            many, monday = max(over, key=lambda one: (one[0], -one[1].toordinal()))
            found.append((person, (many, monday, room_of(worktime, monday), len(over))))
    return sorted(found, key=lambda one: (-one[1][0], one[0]))


def _room(worktime: Worktime, monday: date) -> int:
    minutes = (worktime.closes.hour - worktime.opens.hour) * 60 + worktime.closes.minute - worktime.opens.minute
    return int(_working(worktime, monday) * minutes * ROOM)


def _most(worktime: Worktime, monday: date) -> int:
    return _working(worktime, monday) * MEETINGS_A_DAY


def _working(worktime: Worktime, monday: date) -> int:
    return sum(map(worktime.works, Days(monday, monday + timedelta(days=7))))


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}" if minutes % 30 == 0 else f"{minutes / 60:.1f}"
