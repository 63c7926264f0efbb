"""Places: how many tasks of one length each day and each week of a window can take, so that hours are even."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby

AN_HOUR = 60
"""Minutes that one day or week may have more than another has to: less would move many tasks to please few."""
SHARE = 420
"""Divisible by every number of days that a week has: means of minutes stay whole numbers."""

Load = tuple[tuple[int, ...], ...]
"""Minutes by week and day."""


def week(day: date) -> int:
    """Numbers calendar weeks, Monday to Sunday."""
    return (day.toordinal() - 1) // 7


@dataclass(frozen=True, slots=True, eq=False)
class Weeks:
    """Days by calendar week, in order; `week_of` leads from a day to its week's index."""

    days: tuple[tuple[date, ...], ...]
    week_of: Mapping[date, int]


@lru_cache(maxsize=65536)
def in_weeks(days: tuple[date, ...]) -> Weeks:
    """Shared by everybody whose window has the same days."""
    found = tuple(tuple(alike) for _, alike in groupby(sorted(days), key=week))
    return Weeks(found, {day: at for at, week in enumerate(found) for day in week})


@dataclass(slots=True)
class Places:
    """How many tasks each day and each week can still take."""

    of_day: dict[date, int]
    of_week: list[int]
    week_of: Mapping[date, int]

    def take(self, day: date) -> bool:
        """Whether there was a place on `day`; it is gone then."""
        at = self.week_of[day]
        if self.of_day[day] <= 0 or self.of_week[at] <= 0:
            return False
        self.of_day[day] -= 1
        self.of_week[at] -= 1
        return True


def places(many: int, minutes: int, weeks: Weeks, load: Load) -> Places:
    """Room for `many` equal tasks beside the `load` there is. All days and all weeks may become as full as the fullest
    has to, and by an hour fuller."""
    day, week = _fullest(many, minutes, load)
    of_day = {
        one: (day + AN_HOUR - there) // minutes
        for days, before in zip(weeks.days, load, strict=True)
        for one, there in zip(days, before, strict=True)
    }
    share = [SHARE // len(before) for before in load]
    of_week = [
        (week + (AN_HOUR - sum(before)) * one) // (minutes * one) for before, one in zip(load, share, strict=True)
    ]
    return Places(of_day, of_week, weeks.week_of)


@lru_cache(maxsize=65536)
def _fullest(many: int, minutes: int, load: Load) -> tuple[int, int]:
    """How full the fullest day and the fullest week become of those that get a task, the week's minutes by its share.

    One task after another is put on the day with the least minutes in the week with the least a day, of two such weeks
    the one with the emptier day. Managers of one calendar have much the same load: it is worked out once for all."""
    of_day = [list(before) for before in load]
    share = [SHARE // len(before) for before in load]
    of_week = [sum(before) * one for before, one in zip(load, share, strict=True)]
    fullest_day = fullest_week = 0
    for _ in range(many):
        least = min(of_week)
        days = min((of_day[at] for at, there in enumerate(of_week) if there == least), key=min)
        at = next(at for at, there in enumerate(of_day) if there is days)
        nth = days.index(min(days))
        days[nth] += minutes
        of_week[at] += minutes * share[at]
        fullest_day = max(fullest_day, days[nth])
        fullest_week = max(fullest_week, of_week[at])
    return fullest_day, fullest_week
