"""Who holds what under two plans: which tasks change hands, and which seats need a look at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from cadence.core.directory import Directory
from cadence.core.model import Days, Occurrence, Task

ALWAYS = Days(date.min, date.max)
NOBODY: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Holders:
    """Who holds each task under the plan as stored and as it would be: task id -> person's key or None."""

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]

    def change(self, task_id: str) -> tuple[str | None, str | None] | None:
        pair = (self.before.get(task_id), self.after.get(task_id))
        return pair if pair[0] != pair[1] and task_id in self.before else None


def holders(
    tasks: Iterable[Task], schedule: Iterable[Occurrence], before: Directory | None, after: Directory, now: datetime
) -> Holders:
    """Who answers for each live task, on the later of its date and today: before as it is stored, after as the
    `schedule` asks for it, so that a rep who changes teams takes the task to another seat and to other hands."""
    live = {task.id: task for task in tasks if task.state.live}
    asked = {one.id: one for one in schedule if one.id in live}
    return Holders(
        before={key: holder(task, task.occurrence, before, now) for key, task in live.items()} if before else NOBODY,
        after={key: holder(task, asked.get(key, task.occurrence), after, now) for key, task in live.items()},
    )


def holder(task: Task, asked: Occurrence, directory: Directory, now: datetime) -> str | None:
    """Who answers for `task` where the plan asks for it as `asked`; what a person laid over it stays."""
    today = now.astimezone(ZoneInfo(asked.timezone)).date()
    day = max(task.moved.date if task.moved else asked.date, today)
    return directory.acting(asked.seat, asked.window, day, asked.when_absent, task.handed_to).person


def changed_seats(seats: Iterable[str], before: Directory, after: Directory) -> frozenset[str]:
    """Those of `seats` whose tasks may change hands: somebody else sits there, or whoever does is away otherwise.

    Where a backup changed, or the time of anybody who stands in, every seat may; a turn always may."""
    if before == after:
        return frozenset()
    wanted = frozenset(seats)
    if before.backups != after.backups or any(_differ(who, before, after) for who in _stand_ins(before, after)):
        return wanted
    return frozenset(seat for seat in wanted if _seat_differs(seat, before, after))


def _stand_ins(before: Directory, after: Directory) -> frozenset[str]:
    """Everybody named as a backup, and whoever has followed them."""
    words = {*before.backups.values(), *after.backups.values()}
    seats = {f"role/{word}" if word in known.roles else f"person/{word}" for word in words for known in (before, after)}
    return frozenset(who for seat in seats for known in (before, after) for who in _sitting(seat, known))


def _seat_differs(seat: str, before: Directory, after: Directory) -> bool:
    if seat.startswith("turn/") or before.holders(seat, ALWAYS) != after.holders(seat, ALWAYS):
        return True
    return any(_differ(who, before, after) for who in _sitting(seat, after))


def _sitting(seat: str, directory: Directory) -> frozenset[str]:
    return frozenset(who for _, who in directory.holders(seat, ALWAYS) if who)


def _differ(person: str, before: Directory, after: Directory) -> bool:
    """Known to one plan only, or at work on other days."""
    same = before.persons.get(person) == after.persons.get(person)
    return not same or before.worktimes.get(person) != after.worktimes.get(person)
