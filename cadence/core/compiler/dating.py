"""From slots to days and instants in one calendar: rolled date, window, due. Shared by all who work by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cadence.core.model import DateState, Days, Weight
from cadence.core.planfile.schema import Activity
from cadence.core.triggers import Once, OnDates, PlanDates, Slot, roll, slots
from cadence.core.worktime import HORIZON, Worktime

MOST = 20_000
"""Slots of one series beyond which a rhythm is refused: as many as a plan may have tasks."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Dated:
    """A slot in one calendar. `number` is its place among the trigger's slots, from 0. `counted` is its day before
    rolling, the one that limits and phases are held against. `day` is final for what is fixed, and where to begin
    looking for what is proposed; of `choices` any will do, `others` are the further working days of the window."""

    number: int
    slot: str
    counted: date
    day: date
    window: Days
    due: datetime
    starts: datetime | None
    ends: datetime | None
    choices: tuple[date, ...] = ()
    others: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """All slots of one activity in one calendar, in order. `silenced` are the days of those that a quiet span leaves
    no day at all."""

    rows: tuple[Dated, ...]
    silenced: tuple[date, ...] = ()


class Dating:
    """One activity's slots by the dates of one wave, dated once per calendar. Nothing is placed inside `quiet`."""

    def __init__(self, activity: Activity, dates: PlanDates, quiet: Sequence[Days] = (), most: int = MOST) -> None:
        self.activity = activity
        self._dates = dates
        self._quiet = tuple(quiet)
        self._most = most
        self._tables: dict[Worktime, Table] = {}

    def by(self, worktime: Worktime) -> Table:
        """The slots by `worktime` (a regular one: absences are the matter of placing), in order. Raises `BadWord`
        where the trigger names a day that the plan does not have."""
        if worktime not in self._tables:
            found = slots(self.activity.trigger, self._dates, worktime, most=self._most)
            proposed = self.activity.date is DateState.PROPOSED
            dated = self._proposed(found, worktime) if proposed else self._fixed(found, worktime)
            rows = tuple(dated)
            kept = {row.number for row in rows}
            silenced = tuple(slot.period.start for number, slot in enumerate(found) if number not in kept)
            self._tables[worktime] = Table(rows, silenced)
        return self._tables[worktime]

    def times(self, day: date, worktime: Worktime) -> tuple[datetime | None, datetime | None]:
        """When it starts and ends on `day`; (None, None) for what takes no set time."""
        if self.activity.at is None:
            return None, None
        starts = worktime.instant(day, self.activity.at)
        minutes = self.activity.minutes
        return starts, starts + timedelta(minutes=minutes) if minutes is not None else None

    # -- fixed to its day ------------------------------------------------------------------------------------

    def _fixed(self, found: Sequence[Slot], worktime: Worktime) -> Iterator[Dated]:
        counted = [_first_choice(slot, worktime) for slot in found]
        rolled = [roll(day, self.activity.roll, worktime) for day in counted]
        days = [self._outside_quiet(day, slot, worktime) for day, slot in zip(rolled, found, strict=True)]
        stops = [*rolled[1:], date.max]
        for number, (slot, day, on, stop) in enumerate(zip(found, counted, days, stops, strict=False)):
            if on is not None:
                window = self._window(slot, on, stop, worktime)
                times = self.times(on, worktime)
                yield Dated(number, slot.key, day, on, window, worktime.closing(on), *times)

    def _outside_quiet(self, day: date, slot: Slot, worktime: Worktime) -> date | None:
        """`day`, or the working day next to it that no quiet span covers: onward as the activity rolls, then the
        other way. A rhythm's stays in its period, None when there is none; what is dated once is never lost."""
        if not self._is_quiet(day):
            return day
        step = -A_DAY if self.activity.roll == "previous" else A_DAY
        once = isinstance(self.activity.trigger, Once | OnDates)
        for way in (step, -step):
            for n in range(1, HORIZON):
                at = day + n * way
                if not once and at not in slot.period:
                    break
                if worktime.works(at) and not self._is_quiet(at):
                    return at
        return day if once else None

    def _is_quiet(self, day: date) -> bool:
        return any(day in span for span in self._quiet)

    def _window(self, slot: Slot, on: date, next_on: date, worktime: Worktime) -> Days:
        """When a fixed task is on time: on its day, to which it is fixed. Two may happen around it: what the plan
        dates `from` a day, on any day from there; and a light one, which stands until its window closes and is
        then missed, until the last working day of the period, or before the next of the series."""
        day = Days.inclusive(on, on)
        if isinstance(self.activity.trigger, Once) and self.activity.trigger.from_ is not None:
            return Days(min(slot.period.start, on), day.stop)
        if self.activity.weight is Weight.LIGHT:
            last = worktime.on_or_before(min(slot.period.stop, next_on) - A_DAY)
            return Days.inclusive(on, max(on, last))
        return day

    # -- proposed within its period --------------------------------------------------------------------------

    def _proposed(self, found: Sequence[Slot], worktime: Worktime) -> Iterator[Dated]:
        for number, slot in enumerate(found):
            if row := self._owed_within(number, slot, worktime):
                yield row

    def _owed_within(self, number: int, slot: Slot, worktime: Worktime) -> Dated | None:
        """The window is the period up to its last working day. A period without any is stretched to the next one
        after it, beside one that is dated once and quiet. None where all days of a rhythm's are quiet."""
        working = tuple(day for day in slot.period if worktime.works(day))
        working = working or (worktime.on_or_after(slot.period.last),)
        free = tuple(day for day in working if not self._is_quiet(day)) if self._quiet else working
        if not free:
            day = self._outside_quiet(working[-1], slot, worktime)
            if day is None or day in slot.period:
                return None
            working = free = (day,)
        window = Days.inclusive(min(slot.period.start, working[0]), max(slot.period.start, working[-1]))
        due = worktime.closing(working[-1])
        wanted = tuple(day for day in slot.days if day in free) if slot.days else free
        others = tuple(day for day in free if day not in wanted)
        return Dated(number, slot.key, window.last, window.start, window, due, None, None, wanted, others)


def _first_choice(slot: Slot, worktime: Worktime) -> date:
    """The day a fixed slot is counted on: the first choice that is a working day, else the first one, to be rolled."""
    if not slot.days:
        return worktime.on_or_after(slot.period.start)
    return next(filter(worktime.works, slot.days), slot.days[0])
