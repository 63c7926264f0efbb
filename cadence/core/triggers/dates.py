"""The days of one plan: its rollout, milestones, phases and end, and what a date word means among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from cadence.core.model import Days
from cadence.core.triggers.trigger import Roll
from cadence.core.triggers.words import BadWord, DateWord, Day, Name, Shift, Week, did_you_mean
from cadence.core.worktime import Worktime

DEFAULT_ENDS = DateWord(Week(26))


@dataclass(frozen=True, slots=True)
class PlanDates:
    """`ends` is the plan's last day, inclusive. `worktime` is the plan's own calendar: it counts workdays in
    date words and rolls milestones. `fiscal_year` is the month (1-12) in which quarters begin to count."""

    rollout: date
    milestones: Mapping[str, date]
    phases: Mapping[str, Days]
    ends: date
    worktime: Worktime
    fiscal_year: int = 1

    def week(self, day: date) -> int:
        """The plan week `day` lies in: week 1 is days 0-6, week 0 the seven days before."""
        return plan_week(self.rollout, day)


def plan_week(rollout: date, day: date) -> int:
    return (day - rollout).days // 7 + 1


def roll(day: date, how: Roll, worktime: Worktime) -> date:
    """`day`, or the working day next to it. Absences do not count: who is away is the matter of `when absent`."""
    match how:
        case "next":
            return worktime.regular().on_or_after(day)
        case "previous":
            return worktime.regular().on_or_before(day)
        case "keep":
            return day


def resolve(word: DateWord, dates: PlanDates, *, end: bool = False) -> date:
    """The day `word` means; as an `end`, a week is its last day, else (and under an offset) its first."""
    try:
        day = _base_day(word, dates)
        if word.shift:
            return _shifted(day, word.shift, dates.worktime)
        return day + timedelta(days=6) if end and isinstance(word.base, Week) else day
    except OverflowError:
        raise BadWord(f"`{word}` lies beyond every calendar", "name a day nearer to the rollout") from None


def _base_day(word: DateWord, dates: PlanDates) -> date:
    match word.base:
        case Day(n):
            return dates.rollout + timedelta(days=n)
        case Week(n):
            return dates.rollout + timedelta(weeks=n - 1)
        case Name(name):
            return _milestone(name, dates)
        case day:
            return day


def _milestone(name: str, dates: PlanDates) -> date:
    if name == "rollout":
        return dates.rollout
    if name in dates.milestones:
        return dates.milestones[name]
    known = ", ".join(sorted(dates.milestones)) or "none"
    hint = did_you_mean(name, (*dates.milestones, "rollout"))
    raise BadWord(f"there is no milestone `{name}`", hint or f"the plan's milestones: {known}")


def _shifted(day: date, shift: Shift, worktime: Worktime) -> date:
    match shift.unit:
        case "day":
            return day + timedelta(days=shift.amount)
        case "workday":
            return worktime.regular().add(day, shift.amount)
        case "week":
            return day + timedelta(weeks=shift.amount)
        case "month":
            return day + relativedelta(months=shift.amount)


def plan_dates(
    rollout: date,
    milestones: Mapping[str, DateWord],
    phases: Mapping[str, tuple[DateWord, DateWord]],
    ends: DateWord,
    worktime: Worktime,
    fiscal_year: int = 1,
) -> tuple[PlanDates, tuple[str, ...]]:
    """The plan's days, and the paths (`milestones.v2`, `phases.start`, `ends`) of the words that mean none:
    they name an unknown milestone, stand in a circle, or end before they begin. Those are left out."""
    known, lost = _milestone_days(rollout, milestones, worktime)
    dates = PlanDates(rollout, known, {}, rollout, worktime, fiscal_year)
    spans = {name: _span_days(first, last, dates) for name, (first, last) in phases.items()}
    last_day = _span_days(DateWord(Day(0)), ends, dates)
    bad = [*(f"milestones.{name}" for name in milestones if name in lost)]
    bad += [f"phases.{name}" for name, span in spans.items() if span is None]
    bad += [] if last_day else ["ends"]
    there = {name: span for name, span in spans.items() if span is not None}
    final = last_day.last if last_day else resolve(DEFAULT_ENDS, dates, end=True)
    return PlanDates(rollout, known, there, final, worktime, fiscal_year), tuple(bad)


def _span_days(first: DateWord, last: DateWord, dates: PlanDates) -> Days | None:
    try:
        span = Days.inclusive(resolve(first, dates), resolve(last, dates, end=True))
    except (BadWord, OverflowError):
        return None
    return span if span.start < span.stop else None


def _milestone_days(
    rollout: date, milestones: Mapping[str, DateWord], worktime: Worktime
) -> tuple[dict[str, date], set[str]]:
    """Each milestone leans on at most one other: follow the chain to its foot, then date it from there up."""
    known: dict[str, date] = {}
    lost: set[str] = set()
    so_far = PlanDates(rollout, known, {}, rollout, worktime)
    for name in milestones:
        for link in reversed(_chain(name, milestones, known, lost)):
            try:
                known[link] = roll(resolve(milestones[link], so_far), "next", worktime)
            except (BadWord, OverflowError):
                lost.add(link)
    return known, lost


def _chain(name: str, milestones: Mapping[str, DateWord], known: Mapping[str, date], lost: set[str]) -> list[str]:
    links: dict[str, None] = {}
    while name in milestones and name not in known and name not in lost and name not in links:
        links[name] = None
        base = milestones[name].base
        name = base.name if isinstance(base, Name) else ""
    return list(links)
