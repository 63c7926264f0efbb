"""Tasks x period -> figures: the weekly digest of one person, as numbers and lists without words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cadence.core.model import Days, Decision, Person, State, Task, Weight
from cadence.core.worktime import Worktime

DONE_LINES = 8
SLIPPED_LINES = 12
NEXT_LINES = 15
NEEDY_LINES = 5
TOGETHER = "*"
"""The name of the row of those who are not shown one by one."""
SMALL = 5
"""A group of fewer is shown together to whoever is not their line."""
UNSAID = "unsaid"
"""Stands for the reason where nobody gave one."""


class Audience(StrEnum):
    MANAGER = "manager"
    LEADER = "leader"
    KEEPER = "keeper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How a group did in the period. `name` is the key it was grouped by.

    `planned` fell due in it and `kept` of those were done; `done` happened in it, whenever it was due, and
    `on_time` of those inside their window. `open_kinds` says what slipped, by kind, the most first.
    """

    name: str
    planned: int = 0
    done: int = 0
    on_time: int = 0
    kept: int = 0
    slipped: int = 0
    skipped: int = 0
    open_kinds: tuple[tuple[str, int], ...] = ()

    @property
    def on_time_share(self) -> int | None:
        """Percent of the done ones, rounded; None when nothing was done."""
        return round(100 * self.on_time / self.done) if self.done else None

    @property
    def kept_share(self) -> int | None:
        """Percent of what fell due that was done; None when nothing fell due."""
        return round(100 * self.kept / self.planned) if self.planned else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a list: what, whose, which day, and why not (a reason's code, None when nobody said). `times`
    counts the tasks of one series that share the line; the day is then the first one's."""

    task_id: str
    title: str
    holder: str | None
    day: date
    state: State
    reason: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One person's week. `week` is the ISO week of its fourth day; `before` are the two weeks before, oldest first.

    `more_done`, `more_slipped` and `more_ahead` count what was cut from the lists; `vacant` counts what falls due
    next week in a seat that nobody holds, `ahead_kinds` what is planned for it, by kind. Who leads or keeps many is
    shown one by one what is key, and what is their own.
    """

    to: Person
    audience: Audience
    week: str
    period: Days
    total: Row
    before: tuple[Row, ...]
    rows: tuple[Row, ...]
    done: tuple[Item, ...]
    slipped: tuple[Item, ...]
    reasons: tuple[tuple[str, int], ...]
    ahead: tuple[Item, ...]
    ahead_kinds: tuple[tuple[str, int], ...]
    decisions: tuple[Decision, ...]
    vacant: int = 0
    more_done: int = 0
    more_slipped: int = 0
    more_ahead: int = 0

    @property
    def steady(self) -> tuple[Row, ...]:
        """Those who did all that fell due."""
        return tuple(row for row in self.rows if row.planned and row.kept == row.planned and row.name != TOGETHER)

    @property
    def needy(self) -> tuple[Row, ...]:
        """Those with the most left open, the most first: whom a call would help."""
        alone = (row for row in self.rows if row.slipped and row.name != TOGETHER)
        left = sorted(alone, key=lambda row: (-row.slipped, row.name))
        return tuple(left[:NEEDY_LINES])


def week_of(day: date, worktime: Worktime) -> Days:
    """The person's week that `day` lies in."""
    start = worktime.week_start(day)
    return Days(start, start + timedelta(days=7))


def week_name(period: Days) -> str:
    """The ISO week of the fourth day, so that a week beginning on Sunday has the name of its Wednesday."""
    year, week, _ = (period.start + timedelta(days=3)).isocalendar()
    return f"{year}-W{week:02d}"


def period_named(week: str, worktime: Worktime) -> Days:
    """The person's week called `2027-W07`. Raises ValueError for anything else."""
    year, sep, number = week.partition("-W")
    if sep and len(year) == 4 and len(number) == 2 and (year + number).isdecimal():
        with suppress(ValueError, OverflowError):  # there is no such week, or it ends after the last of all days
            return week_of(date.fromisocalendar(int(year), int(number), 4), worktime)
    raise ValueError(f"'{week}' is not a week; write it as 2027-W07")


def digest(
    to: Person,
    audience: Audience,
    period: Days,
    tasks: Sequence[Task],
    holder_of: Callable[[Task], str | None],
    group_of: Callable[[Task], str | None],
    decisions: Sequence[Decision],
    now: datetime,
    name: Callable[[str], str],
) -> Digest:
    """The figures of `period` over `tasks`, which are those the person may see, in groups as `group_of` says."""
    mine = [task for task in tasks if task.state is not State.RETIRED]
    coming = Days(period.stop, period.stop + timedelta(days=7))
    done = [task for task in mine if _happened(task, period)]
    slipped = [task for task in mine if _due_day(task) in period and _slipped(task, now)]
    ahead = [task for task in mine if task.state.live and task.date in coming]

    def shown(task: Task) -> bool:
        own = audience is Audience.MANAGER or holder_of(task) == to.key
        return own or task.occurrence.weight is Weight.KEY

    def lines(some: Iterable[Task]) -> list[Item]:
        return _lines(filter(shown, some), holder_of, name)

    done_lines, slipped_lines, ahead_lines = lines(done), lines(slipped), lines(ahead)
    return Digest(
        to=to,
        audience=audience,
        week=week_name(period),
        period=period,
        total=_row("", mine, period, now),
        before=tuple(_row(week_name(p), mine, p, now) for p in _weeks_before(period)),
        rows=tuple(_rows(mine, group_of, period, now)),
        done=tuple(done_lines[:DONE_LINES]),
        slipped=tuple(slipped_lines[:SLIPPED_LINES]),
        reasons=tuple(Counter(task.reason or UNSAID for task in slipped).most_common()),
        ahead=tuple(ahead_lines[:NEXT_LINES]),
        ahead_kinds=_kinds(ahead),
        decisions=tuple(d for d in decisions if d.answered_at is None),
        vacant=sum(holder_of(task) is None for task in ahead),
        more_done=max(0, len(done_lines) - DONE_LINES),
        more_slipped=max(0, len(slipped_lines) - SLIPPED_LINES),
        more_ahead=max(0, len(ahead_lines) - NEXT_LINES),
    )


def _lines(tasks: Iterable[Task], holder_of: Callable[[Task], str | None], name: Callable[[str], str]) -> list[Item]:
    """The tasks in order, those of one series, holder and reason on one line."""
    lines: dict[tuple[object, ...], Item] = {}
    for task in tasks:
        holder = holder_of(task)
        same = (*task.series, holder, task.reason)
        if same in lines:
            lines[same] = replace(lines[same], times=lines[same].times + 1)
        else:
            lines[same] = _item(task, holder, name)
    return list(lines.values())


def _item(task: Task, holder: str | None, name: Callable[[str], str]) -> Item:
    return Item(
        task_id=task.id,
        title=task.occurrence.title,
        holder=name(holder) if holder else None,
        day=task.happened_on or task.date,
        state=task.state,
        reason=task.reason,
    )


def _kinds(tasks: Iterable[Task]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(task.occurrence.kind for task in tasks).most_common())


def _weeks_before(period: Days) -> Iterable[Days]:
    for weeks in (2, 1):
        back = timedelta(days=7 * weeks)
        yield Days(period.start - back, period.stop - back)


def _happened(task: Task, period: Days) -> bool:
    return task.state is State.DONE and task.happened_on is not None and task.happened_on in period


def touches(task: Task, period: Days) -> bool:
    """Whether it fell due or happened in the period."""
    return _happened(task, period) or _due_day(task) in period


def _due_day(task: Task) -> date:
    """By the task's own clocks: the evening in the west is tomorrow in UTC."""
    return task.due.astimezone(ZoneInfo(task.occurrence.timezone)).date()


def _slipped(task: Task, now: datetime) -> bool:
    return task.state is State.MISSED or (task.state.live and task.due <= now)


def _rows(tasks: Sequence[Task], group_of: Callable[[Task], str | None], period: Days, now: datetime) -> Iterable[Row]:
    """By group, in the order of their keys; a group without anything in the period is left out."""
    groups: dict[str, list[Task]] = defaultdict(list)
    for task in tasks:
        if group := group_of(task):
            groups[group].append(task)
    for key, own in sorted(groups.items()):
        row = _row(key, own, period, now)
        if row.planned or row.done:
            yield row


def _row(name: str, tasks: Sequence[Task], period: Days, now: datetime) -> Row:
    done = [task for task in tasks if _happened(task, period)]
    due = [task for task in tasks if _due_day(task) in period]
    slipped = [task for task in due if _slipped(task, now)]
    return Row(
        name=name,
        planned=len(due),
        done=len(done),
        on_time=sum(bool(task.on_time) for task in done),
        kept=sum(task.state is State.DONE for task in due),
        slipped=len(slipped),
        skipped=sum(task.state is State.SKIPPED for task in due),
        open_kinds=_kinds(slipped),
    )
