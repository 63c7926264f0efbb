"""The periods of a rhythm, each with the key its slot will carry, and the days in a period that a word means.

A key counts from the rollout or names a calendar month, never the limits of the rhythm: shortening a series
renames nothing. Plan weeks before the rollout are `00`, `m01`, `m02` backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, pairwise
from typing import assert_never

from dateutil.relativedelta import relativedelta
from dateutil.relativedelta import weekday as nth

from cadence.core.model import Days
from cadence.core.triggers.dates import plan_week
from cadence.core.triggers.trigger import Every, MonthDay, NthWeekday, On, Weekdays
from cadence.core.triggers.words import WEEKDAYS
from cadence.core.worktime import Worktime


@dataclass(frozen=True, slots=True)
class Frame:
    """All that shapes a rhythm's periods beside its own words, as plain days. `anchor` is where counting
    begins, `span` the days inside the limits."""

    rollout: date
    anchor: date
    span: Days
    fiscal_year: int
    excepted: frozenset[date]


def periods(every: Every, frame: Frame, worktime: Worktime) -> Iterator[tuple[str, Days]]:
    """Every period that touches the span, whole, in order."""
    match every.unit:
        case "workday":
            return _workdays(frame, worktime) if every.n == 1 else _runs(every.n, frame, worktime)
        case "week":
            return _weeks(every.n, frame)
        case "month" | "quarter":
            return _months(every, frame)
        case _:
            assert_never(every.unit)


def _week_key(frame: Frame, day: date) -> str:
    week = plan_week(frame.rollout, day)
    return f"{week:02}" if week >= 0 else f"m{-week:02}"


def _workdays(frame: Frame, worktime: Worktime) -> Iterator[tuple[str, Days]]:
    for day in frame.span:
        if worktime.works(day):
            yield f"d-{_week_key(frame, day)}-{WEEKDAYS[day.weekday()]}", Days.inclusive(day, day)


def _runs(n: int, frame: Frame, worktime: Worktime) -> Iterator[tuple[str, Days]]:
    """Runs of `n` working days, counted and numbered from the anchor; each lasts until the next begins."""
    working = (day for day in Days(frame.anchor, frame.span.stop) if worktime.works(day))
    starts = [day for number, day in enumerate(working) if number % n == 0]
    for number, (start, stop) in enumerate(pairwise([*starts, frame.span.stop]), 1):
        if stop > frame.span.start:
            yield f"{n}d-{number:02}", Days(start, stop)


def _weeks(n: int, frame: Frame) -> Iterator[tuple[str, Days]]:
    length = timedelta(weeks=n)
    first = frame.rollout + timedelta(weeks=plan_week(frame.rollout, frame.anchor) - 1)
    start = first + (frame.span.start - first) // length * length
    while start < frame.span.stop:
        yield f"{n}w-{_week_key(frame, start)}", Days(start, start + length)
        start += length


def _months(every: Every, frame: Frame) -> Iterator[tuple[str, Days]]:
    length = every.n * (1 if every.unit == "month" else 3)
    first = frame.anchor.replace(day=1)
    if every.unit == "quarter":
        first -= relativedelta(months=(first.month - frame.fiscal_year) % 3)
    many = "" if every.n == 1 else str(every.n)
    for number in count():
        start, stop = (first + relativedelta(months=length * step) for step in (number, number + 1))
        if start >= frame.span.stop:
            return
        if stop > frame.span.start:
            yield f"{many}{every.unit[0]}-{_month_key(every, start, frame.fiscal_year)}", Days(start, stop)


def _month_key(every: Every, start: date, fiscal_year: int) -> str:
    """A fiscal year is called after the calendar year in which it begins."""
    if every.unit == "month":
        return f"{start:%Y-%m}"
    opened = start - relativedelta(months=fiscal_year - 1)
    return f"{opened.year}-{(opened.month - 1) // 3 + 1}"


def candidates(on: On, period: Days) -> tuple[date, ...]:
    """The days of a whole period that `on` means, the best first."""
    match on:
        case Weekdays((day,)):
            return (period.start + timedelta(days=(day - period.start.weekday()) % 7),)
        case Weekdays(days):
            return tuple(_choice(days, period))
        case MonthDay(n):
            return (period.start + relativedelta(day=n),)
        case NthWeekday(-1, weekday):
            return (period.last + relativedelta(weekday=nth(weekday, -1)),)
        case NthWeekday(number, weekday):
            return (period.start + relativedelta(weekday=nth(weekday, number)),)
        case _:
            assert_never(on)


def _choice(days: tuple[int, ...], period: Days) -> Iterator[date]:
    """Week by week, within a week in the order of the list."""
    for week in range(0, (period.stop - period.start).days, 7):
        start = period.start + timedelta(days=week)
        for day in days:
            candidate = start + timedelta(days=(day - start.weekday()) % 7)
            if candidate in period:
                yield candidate
