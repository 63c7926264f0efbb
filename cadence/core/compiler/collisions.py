"""Findings about meetings of set times: two at once for one person, and hours at which somebody does not work.

A wall time comes back week after week. Two series are therefore compared by their time of day first, and task by
task only when that overlaps; people who take part in the very same series are looked at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from itertools import combinations
from zoneinfo import ZoneInfo

from cadence.core.compiler.findings import Finding, counted, dates_in_words, few
from cadence.core.compiler.reviewed import Reviewed
from cadence.core.compiler.runs import Run
from cadence.core.model import DateState, Occurrence
from cadence.core.planfile.schema import Activity
from cadence.core.triggers.trigger import NthWeekday, Rhythm, Several, Weekdays
from cadence.core.worktime import Worktime

DAY, DST = 24 * 60, 120
"""Minutes: of a day, and by how much two zones may drift apart in a year when each puts its clocks forward or back."""
NO_LENGTH = 1
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

Span = tuple[datetime, datetime]


def at_set_times(reviewed: Reviewed) -> Iterator[Finding]:
    """All findings of this module, in no order."""
    yield from _collisions(reviewed)
    yield from _outside_hours(reviewed)
    yield from _free_weekdays(reviewed)


# -- two at once -----------------------------------------------------------------------------------------------------


def _collisions(reviewed: Reviewed) -> Iterator[Finding]:
    """P330 for each pair of activities. What may still move (a proposed day) collides with nothing."""
    meetings = [run for run in reviewed.runs if run.tasks[0].starts and run.terms.date_state is DateState.FIXED]
    overlapping = cache(lambda one, other: tuple(both(meetings[one], meetings[other])))
    found: defaultdict[tuple[str, str], dict[str, set[date]]] = defaultdict(dict)
    for numbers, people in _together(meetings, reviewed).items():
        for one, other in combinations(numbers, 2):
            pair = _pair(meetings[one], meetings[other])
            for mine, theirs in overlapping(one, other):
                here = _present(mine, reviewed) & _present(theirs, reviewed)
                for person in here.intersection(people):
                    found[pair].setdefault(person, set()).add(mine.date)
    for (first, second), when in sorted(found.items()):
        message = _at_once(first, second, when, reviewed)
        yield Finding("P330", f"activities.{second}.at", message, also=f"activities.{first}")


def _pair(one: Run, other: Run) -> tuple[str, str]:
    first, second = sorted((one.terms.activity, other.terms.activity))
    return first, second


def _present(made: Occurrence, reviewed: Reviewed) -> frozenset[str]:
    holder = reviewed.seated.on(made.seat, made.date)
    return frozenset((*made.attendees, holder) if holder else made.attendees)


def _together(meetings: Sequence[Run], reviewed: Reviewed) -> dict[tuple[int, ...], list[str]]:
    """People by the meetings (their numbers) in which they ever take part; only who has two or more."""
    mine: defaultdict[str, list[int]] = defaultdict(list)
    for number, run in enumerate(meetings):
        groups = {made.attendees for made in run.tasks}
        for person in reviewed.holders_of(run).union(*groups):
            mine[person].append(number)
    found: defaultdict[tuple[int, ...], list[str]] = defaultdict(list)
    for person, numbers in sorted(mine.items()):
        if len(numbers) > 1:
            found[tuple(numbers)].append(person)
    return found


def both(one: Run, other: Run) -> Iterator[tuple[Occurrence, Occurrence]]:
    """The tasks of two runs that overlap in time, in order."""
    if _after(one, other) or _after(other, one) or not _may_meet(one, other):
        return
    left, right = iter(one.tasks), iter(other.tasks)
    mine, theirs = next(left, None), next(right, None)
    while mine is not None and theirs is not None:
        if overlap(span_of(mine), span_of(theirs)):
            yield mine, theirs
        if span_of(mine)[1] <= span_of(theirs)[1]:
            mine = next(left, None)
        else:
            theirs = next(right, None)


def _after(one: Run, other: Run) -> bool:
    """Whether `one` begins when `other` is over. By the clock: one evening is the next day elsewhere."""
    return span_of(one.tasks[0])[0] >= span_of(other.tasks[-1])[1]


def _may_meet(one: Run, other: Run) -> bool:
    """Whether the times of day overlap. Two zones may drift apart by what their clocks are put forward and back."""
    same = one.terms.timezone == other.terms.timezone
    zone = ZoneInfo(one.terms.timezone) if same else UTC
    apart = (_minute(other, zone) - _minute(one, zone)) % DAY
    slack = 0 if same else DST
    return apart < (one.terms.minutes or NO_LENGTH) + slack or DAY - apart < (other.terms.minutes or NO_LENGTH) + slack


def _minute(run: Run, zone: tzinfo) -> int:
    """The minute of the day at which the first of the run starts."""
    starts = _local(run.tasks[0], zone)
    return starts.hour * 60 + starts.minute


def span_of(made: Occurrence) -> Span:
    """From when to when a meeting of a set time lasts; one of no length takes a minute."""
    starts = made.starts or made.due
    return starts, made.ends or starts + timedelta(minutes=NO_LENGTH)


def overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _at_once(one: str, other: str, when: dict[str, set[date]], reviewed: Reviewed) -> str:
    often = sorted(when, key=lambda person: (-len(when[person]), person))
    names = few([reviewed.directory.name(person) for person in often])
    days = {day for mine in when.values() for day in mine}
    are = "is" if len(often) == 1 else "are"
    what = f"in more than one of {one}" if one == other else f"in {one} and in {other}"
    return f"{names} {are} {what} at the same time on {counted(len(days), 'day')}: {dates_in_words(days)}"


# -- outside of somebody's hours -------------------------------------------------------------------------------------


def _outside_hours(reviewed: Reviewed) -> Iterator[Finding]:
    """By the first of each series: the others have the same wall time, and clocks that differ for a week are no
    reason to move it. A weekday counts when somebody works on it in none of the dates."""
    late: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for run in reviewed.runs:
        if run.tasks[0].starts is None:
            continue
        told: dict[int, str] = {}
        for person in dict.fromkeys((*sorted(reviewed.holders_of(run)), *run.tasks[0].attendees)):
            worktime = reviewed.directory.regular.get(person, reviewed.directory.calendar)
            if id(worktime) not in told:
                told[id(worktime)] = _not_working(run.tasks, worktime)
            if told[id(worktime)]:
                late[run.terms.activity].setdefault(reviewed.directory.name(person), told[id(worktime)])
    for activity, people in sorted(late.items()):
        named = few([f"{name} ({when})" for name, when in sorted(people.items())])
        yield Finding("P304", f"activities.{activity}.at", f"outside the working hours of {named}")


def _not_working(tasks: Sequence[Occurrence], worktime: Worktime) -> str:
    """The hour or the weekday of `tasks` at which nobody of this working time works; empty when somebody does."""
    zone = ZoneInfo(worktime.zone)
    local = _local(tasks[0], zone)
    if not worktime.opens <= local.time() < worktime.closes:
        return f"{local:%H:%M}"
    days: Iterable[int] = (_local(made, zone).weekday() for made in tasks)
    if any(day in worktime.workdays for day in days):
        return ""
    return Counter(WEEKDAYS[_local(made, zone).weekday()] for made in tasks).most_common(1)[0][0]


def _local(made: Occurrence, zone: tzinfo) -> datetime:
    return (made.starts or made.due).astimezone(zone)


# -- weekdays on which the holder never works ------------------------------------------------------------------------


def _free_weekdays(reviewed: Reviewed) -> Iterator[Finding]:
    """By activity, for those who owe it and work on none of the weekdays that `on:` names: it stands on another day
    every time."""
    off: defaultdict[str, set[str]] = defaultdict(set)
    for run in reviewed.runs:
        wanted = _weekdays(reviewed.activities[run.terms.activity])
        for person in reviewed.holders_of(run) if wanted else ():
            if wanted.isdisjoint(reviewed.directory.regular[person].workdays):
                off[run.terms.activity].add(reviewed.directory.name(person))
    for activity, people in sorted(off.items()):
        days = few([WEEKDAYS[day] for day in sorted(_weekdays(reviewed.activities[activity]))])
        message = f"no working day of {few(sorted(people))}: {days}; it stands on another every time"
        yield Finding("P304", f"activities.{activity}.on", message, "name a day on which they work")


def _weekdays(activity: Activity) -> frozenset[int]:
    """The weekdays that a rhythm names; none where it names none, or keeps to them whoever works."""
    trigger = activity.trigger
    found: set[int] = set()
    for part in trigger.parts if isinstance(trigger, Several) else (trigger,):
        match part.on if isinstance(part, Rhythm) and activity.roll != "keep" else None:
            case Weekdays(days):
                found.update(days)
            case NthWeekday(_, weekday):
                found.add(weekday)
            case _:
                return frozenset()
    return frozenset(found)
