"""Places: how many tasks of one length each day and each week of a window can take, so that hours are even."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

AN_HOUR = 60
"""Minutes that one day or week may have more than another has to: less would move many tasks to please few."""
SHARE = 420
"""Divisible by every number of days that a week has: means of minutes stay whole numbers."""

T = TypeVar("T")
Weeks = tuple[tuple[date, ...], ...]


def week(day: date) -> int:
    """Numbers calendar weeks, Monday to Sunday."""
    return (day.toordinal() - 1) // 7


@lru_cache(maxsize=65536)
def in_weeks(days: tuple[date, ...], begin: int = 0) -> Weeks:
    """The days by calendar week; weeks and days both begin at their `begin`th and go round."""
    found: defaultdict[int, list[date]] = defaultdict(list)
    for day in sorted(days):
        found[week(day)].append(day)
    weeks = [tuple(_turned(found[number], begin)) for number in sorted(found)]
    return tuple(_turned(weeks, begin))


def _turned(line: list[T], begin: int) -> list[T]:
    at = begin % len(line)
    return line[at:] + line[:at]


@dataclass(slots=True)
class Places:
    """How many tasks each day and each week can still take. `week_of` leads from a day to its week's number."""

    of_day: dict[date, int]
    of_week: list[int]
    week_of: dict[date, int]

    def take(self, day: date) -> bool:
        """Whether there was a place on `day`; it is gone then."""
        at = self.week_of[day]
        if self.of_day[day] <= 0 or self.of_week[at] <= 0:
            return False
        self.of_day[day] -= 1
        self.of_week[at] -= 1
        return True


def places(many: int, minutes: int, weeks: Weeks, load: Sequence[Sequence[int]]) -> Places:
    """Room for `many` equal tasks. `load` holds the minutes there are, by week and day.

    One task after another is put on the day with the least minutes in the week with the least a day. The fullest day
    and the fullest week of those that got one say how full one has to become; all may become as full, and by an
    hour fuller."""
    of_day = [list(minutes_of) for minutes_of in load]
    share = [SHARE // len(week) for week in weeks]
    of_week = [sum(minutes_of) * one for minutes_of, one in zip(load, share, strict=True)]
    fullest_day = fullest_week = 0
    for _ in range(many):
        at = of_week.index(min(of_week))
        days = of_day[at]
        nth = days.index(min(days))
        days[nth] += minutes
        of_week[at] += minutes * share[at]
        if days[nth] > fullest_day:
            fullest_day = days[nth]
        if of_week[at] > fullest_week:
            fullest_week = of_week[at]
    room: dict[date, int] = {}
    room_in: list[int] = []
    week_of: dict[date, int] = {}
    for at, (week, before) in enumerate(zip(weeks, load, strict=True)):
        room_in.append((fullest_week + (AN_HOUR - sum(before)) * share[at]) // (minutes * share[at]))
        for day, there in zip(week, before, strict=True):
            room[day] = (fullest_day + AN_HOUR - there) // minutes
            week_of[day] = at
    return Places(room, room_in, week_of)
