"""From a trigger to its slots: which periods there are, which of their days will do, and what each is called.

A slot is counted before anything rolls, so its key survives a holiday and a moved rollout. Expansion knows
bare dates only and is remembered, because all owners of one calendar share it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from typing import assert_never

from cadence.core.model import Days
from cadence.core.triggers.dates import PlanDates, resolve
from cadence.core.triggers.periods import Frame, candidates, periods
from cadence.core.triggers.rule import expand
from cadence.core.triggers.slot import Slot
from cadence.core.triggers.trigger import (
    Awaited,
    Every,
    On,
    Once,
    OnDates,
    Rhythm,
    Rule,
    Several,
    Trigger,
)
from cadence.core.triggers.words import BadWord, DateWord, Week, did_you_mean
from cadence.core.worktime import Worktime

MOST_SLOTS = 5000
A_DAY = timedelta(days=1)


def slots(
    trigger: Trigger, dates: PlanDates, worktime: Worktime, *, since: date | None = None, most: int = MOST_SLOTS
) -> tuple[Slot, ...]:
    """The slots of one series in order. `worktime` is the calendar of whoever owes it; absences in it change
    nothing. `since` leaves out what lies wholly before that day, without renaming the rest."""
    found = _slots(trigger, dates, worktime.regular(), most)
    if len(found) > most:
        raise BadWord(f"it happens more than {most} times", "give it an `until:`, `times:` or a longer `every:`")
    return found if since is None else tuple(slot for slot in (_since(s, since) for s in found) if slot)


def _since(slot: Slot, since: date) -> Slot | None:
    if since <= slot.period.start:
        return slot
    days = tuple(day for day in slot.days if day >= since)
    if since >= slot.period.stop or (slot.days and not days):
        return None
    return replace(slot, period=Days(since, slot.period.stop), days=days)


def _slots(trigger: Trigger, dates: PlanDates, worktime: Worktime, most: int) -> tuple[Slot, ...]:
    match trigger:
        case Once(word, from_):
            return (_once(resolve(word, dates), resolve(from_, dates) if from_ else None),)
        case OnDates(words):
            dated = ((word.slug, resolve(word, dates)) for word in words)
            found = (Slot(f"on-{slug}", Days.inclusive(day, day), (day,)) for slug, day in dated)
            return _ordered(found)
        case Rhythm():
            return _expand(trigger.every, trigger.on, trigger.times, _frame(trigger, dates), worktime, most)
        case Several():
            return _one_after_another(trigger, dates, worktime, most)
        case Rule():
            return expand(trigger.rule, _frame(trigger, dates), trigger.times, most)
        case Awaited():
            return ()
        case _:
            assert_never(trigger)


def _once(day: date, first: date | None) -> Slot:
    return Slot("once", Days.inclusive(min(first or day, day), day), (day,))


def _ordered(found: Iterable[Slot]) -> tuple[Slot, ...]:
    return tuple(sorted(found, key=lambda slot: (slot.period, slot.key)))


def _one_after_another(trigger: Several, dates: PlanDates, worktime: Worktime, most: int) -> tuple[Slot, ...]:
    limits = _span(trigger, dates)
    excepted = _excepted(trigger.except_, dates)
    found: list[Slot] = []
    for part in trigger.parts:
        frame = _frame(replace(part, from_=part.from_ or trigger.from_), dates)
        frame = replace(frame, span=frame.span.meet(limits), excepted=frame.excepted | excepted)
        found += _expand(part.every, part.on, part.times, frame, worktime, most)
    return _ordered(found)[: trigger.times]


def _frame(rhythm: Rhythm | Rule, dates: PlanDates) -> Frame:
    span = _span(rhythm, dates)
    return Frame(dates.rollout, _anchor(rhythm, span, dates), span, dates.fiscal_year, _excepted(rhythm.except_, dates))


def _anchor(rhythm: Rhythm | Rule, span: Days, dates: PlanDates) -> date:
    """Where counting begins: `from`; else day 0 for weeks, the first day inside the limits for a rule, and the earlier
    of the two for all else."""
    if rhythm.from_:
        return resolve(rhythm.from_, dates)
    if isinstance(rhythm, Rule):
        return span.start
    return dates.rollout if rhythm.every.unit == "week" else min(dates.rollout, span.start)


def _span(limits: Rhythm | Several | Rule, dates: PlanDates) -> Days:
    """The days inside all the limits: from `from`, or the phase, or day 0; to the earliest end of any."""
    start = resolve(limits.from_, dates) if limits.from_ else None
    stop = dates.ends + A_DAY
    if limits.until:
        stop = min(stop, resolve(limits.until, dates, end=True) + A_DAY)
    if limits.during:
        phase = _phase(limits.during, dates)
        start, stop = max(start or phase.start, phase.start), min(stop, phase.stop)
    start = start or dates.rollout
    return Days(start, max(start, stop))


def _phase(name: str, dates: PlanDates) -> Days:
    if name not in dates.phases:
        known = ", ".join(sorted(dates.phases)) or "none"
        hint = did_you_mean(name, dates.phases) or f"the plan's phases: {known}"
        raise BadWord(f"there is no phase `{name}`", hint, "during")
    return dates.phases[name]


def _excepted(words: tuple[DateWord, ...], dates: PlanDates) -> frozenset[date]:
    """`except: [week 3]` means all of that week."""
    days: set[date] = set()
    for word in words:
        whole_week = isinstance(word.base, Week) and not word.shift
        days.update(Days.inclusive(resolve(word, dates), resolve(word, dates, end=whole_week)))
    return frozenset(days)


@lru_cache(maxsize=4096)
def _expand(
    every: Every, on: On | None, times: int | None, frame: Frame, worktime: Worktime, most: int
) -> tuple[Slot, ...]:
    """At most one slot more than `most`: enough to see that there are too many."""
    cut = (_cut(key, period, on, frame, worktime) for key, period in periods(every, frame, worktime))
    wanted = most + 1 if times is None else min(times, most + 1)
    return tuple(islice((slot for slot in cut if slot), wanted))


def _cut(key: str, period: Days, on: On | None, frame: Frame, worktime: Worktime) -> Slot | None:
    """The period within the limits; None where no candidate is left, or only free days at an edge."""
    window = period.meet(frame.span)
    if on:
        days = tuple(day for day in candidates(on, period) if day in window and day not in frame.excepted)
        return Slot(key, window, days) if days else None
    if frame.excepted.isdisjoint(window) and window.stop - window.start > A_DAY:
        return Slot(key, window) if window == period or any(map(worktime.works, window)) else None
    left = tuple(day for day in window if worktime.works(day) and day not in frame.excepted)
    return Slot(key, window, left) if left else None
