"""Load: how much a schedule asks of each person, and of whom it asks too much."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from cadence.core.compiler.findings import Finding
from cadence.core.compiler.holders import Holders
from cadence.core.compiler.placing import week
from cadence.core.directory import Directory
from cadence.core.model import Days, Occurrence
from cadence.core.worktime import Worktime

ROOM = 0.5
"""The share of a working week that reinforcement may take of anybody before it is too much."""


@dataclass(frozen=True, slots=True)
class Load:
    """Tasks in all, and the minutes of the fullest calendar week. `weeks` maps a Monday to its minutes."""

    tasks: int
    minutes_per_week_max: int
    weeks: tuple[tuple[date, int], ...] = ()


def load_of(schedule: Iterable[Occurrence], holders: Holders) -> dict[str, Load]:
    """By whoever answers on the task's day (a backup carries what the backup does), ordered by person."""
    tasks: Counter[str] = Counter()
    minutes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    directory = holders.directory
    for occurrence in schedule:
        holder = holders.on(occurrence.seat, occurrence.date)
        if holder and directory.worktimes[holder].away:
            holder = _acting(directory, occurrence)
        if holder:
            tasks[holder] += 1
            minutes[holder][week(occurrence.date)] += occurrence.minutes or 0
    return {person: _load(tasks[person], minutes[person]) for person in sorted(tasks)}


def _acting(directory: Directory, occurrence: Occurrence) -> str | None:
    return directory.acting(occurrence.seat, occurrence.window, occurrence.date, occurrence.when_absent).person


def _load(tasks: int, minutes: Counter[int]) -> Load:
    weeks = tuple((date.fromordinal(number * 7 + 1), many) for number, many in sorted(minutes.items()))
    return Load(tasks, max(minutes.values(), default=0), weeks)


def overload(load: Mapping[str, Load], directory: Directory) -> Iterator[Finding]:
    """P301 for everybody whose fullest weeks leave too little room for work, holidays counted."""
    room_of = lru_cache(maxsize=None)(_room)
    for person, mine in load.items():
        worktime = directory.regular[person]
        over = [(monday, many) for monday, many in mine.weeks if many > room_of(worktime, monday)]
        if over:
            monday, many = max(over, key=lambda one: (one[1], -one[0].toordinal()))
            room = room_of(worktime, monday)
            weeks = "1 week" if len(over) == 1 else f"{len(over)} weeks"
            message = (
                f"{directory.name(person)} has too much in {weeks}; most in the week of {monday}: "
                f"{_hours(many)} h, {_hours(many - room)} h more than the {_hours(room)} h there is room for"
            )
            yield Finding("P301", f"people.list.{person}", message)


def _room(worktime: Worktime, monday: date) -> int:
    minutes = (worktime.closes.hour - worktime.opens.hour) * 60 + worktime.closes.minute - worktime.opens.minute
    working = sum(map(worktime.works, Days(monday, monday + timedelta(days=7))))
    return int(working * minutes * ROOM)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}" if minutes % 30 == 0 else f"{minutes / 60:.1f}"
