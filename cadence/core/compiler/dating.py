"""From slots to days and instants in one calendar: rolled date, window, due. Shared by all who work by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cadence.core.model import DateState, Days, Weight
from cadence.core.planfile.schema import Activity
from cadence.core.triggers import Once, PlanDates, Slot, roll, slots
from cadence.core.worktime import Worktime

MOST = 20_000
"""Slots of one series beyond which a rhythm is refused: as many as a plan may have tasks."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A slot in one calendar. `counted` is its day before rolling, the one that limits and phases are held
    against. `day` is final for what is fixed, and where to begin looking for what is proposed; of `choices`
    any will do, `others` are the further working days of the window."""

    slot: str
    counted: date
    day: date
    window: Days
    due: datetime
    starts: datetime | None
    ends: datetime | None
    choices: tuple[date, ...] = ()
    others: tuple[date, ...] = ()


class Dating:
    """One activity's slots, dated once per calendar."""

    def __init__(self, activity: Activity, dates: PlanDates, most: int = MOST) -> None:
        self.activity = activity
        self._dates = dates
        self._most = most
        self._dated: dict[Worktime, tuple[Dated, ...]] = {}

    def by(self, worktime: Worktime) -> tuple[Dated, ...]:
        """The slots by `worktime` (a regular one: absences are the matter of placing), in order. Raises `BadWord`
        where the trigger names a day that the plan does not have."""
        if worktime not in self._dated:
            found = slots(self.activity.trigger, self._dates, worktime, most=self._most)
            proposed = self.activity.date is DateState.PROPOSED
            self._dated[worktime] = self._proposed(found, worktime) if proposed else self._fixed(found, worktime)
        return self._dated[worktime]

    def times(self, day: date, worktime: Worktime) -> tuple[datetime | None, datetime | None]:
        """When it starts and ends on `day`; (None, None) for what takes no set time."""
        if self.activity.at is None:
            return None, None
        starts = worktime.instant(day, self.activity.at)
        minutes = self.activity.minutes
        return starts, starts + timedelta(minutes=minutes) if minutes is not None else None

    def _fixed(self, found: Sequence[Slot], worktime: Worktime) -> tuple[Dated, ...]:
        counted = [_first_choice(slot, worktime) for slot in found]
        rolled = [roll(day, self.activity.roll, worktime) for day in counted]
        stops = [*rolled[1:], date.max]
        return tuple(
            Dated(
                slot.key,
                day,
                on,
                self._window(slot, on, stop, worktime),
                worktime.closing(on),
                *self.times(on, worktime),
            )
            for slot, day, on, stop in zip(found, counted, rolled, stops, strict=False)
        )

    def _window(self, slot: Slot, on: date, next_on: date, worktime: Worktime) -> Days:
        """When a fixed task is on time: on its day, to which it is fixed. Two may happen around it: what the plan
        dates `from` a day, on any day from there; and a light one, which stands until its window closes and is
        then missed, until the last working day of the period, or before the next of the series."""
        day = Days.inclusive(on, on)
        if isinstance(self.activity.trigger, Once) and self.activity.trigger.from_ is not None:
            return Days(min(slot.period.start, on), day.stop)
        if self.activity.weight is Weight.LIGHT:
            last = worktime.on_or_before(min(slot.period.stop, next_on) - timedelta(days=1))
            return Days.inclusive(on, max(on, last))
        return day

    def _proposed(self, found: Sequence[Slot], worktime: Worktime) -> tuple[Dated, ...]:
        return tuple(self._owed_within(slot, worktime) for slot in found)

    def _owed_within(self, slot: Slot, worktime: Worktime) -> Dated:
        """The window is the period up to its last working day. A period without any is stretched to the next one
        after it: that is the only way a date ever leaves its period."""
        working = tuple(day for day in slot.period if worktime.works(day))
        if not working:
            working = (worktime.on_or_after(slot.period.last),)
        window = Days.inclusive(slot.period.start, max(slot.period.start, working[-1]))
        choices = tuple(day for day in slot.days if worktime.works(day)) if slot.days else working
        others = tuple(day for day in working if day not in choices)
        due = worktime.closing(working[-1])
        return Dated(slot.key, window.last, window.start, window, due, None, None, choices, others)


def _first_choice(slot: Slot, worktime: Worktime) -> date:
    """The day a fixed slot is counted on: the first choice that is a working day, else the first one, to be rolled."""
    if not slot.days:
        return worktime.on_or_after(slot.period.start)
    return next(filter(worktime.works, slot.days), slot.days[0])
