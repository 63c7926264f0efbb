"""A change set as a person reads it: by name, grouped, many of a kind as a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from cadence.cli.output import UNSEEN

if TYPE_CHECKING:
    from cadence.core.changes import Amendment, ChangeSet
    from cadence.core.directory import Directory
    from cadence.core.model import Occurrence, Task

FEW = 4
"""So many of one activity are named one by one; more are counted."""
WHY = {"date": "another day", "holder": "another holder", "plan": "the plan's words"}

T = TypeVar("T")


def lines(changes: ChangeSet, directory: Directory) -> Iterator[str]:
    """What the load would do, line by line, the dangers last."""
    for found in _lines(changes, directory):
        yield UNSEEN.sub(" ", found)


def summary(changes: ChangeSet) -> str:
    counts = (
        (len(changes.add) + len(changes.returning), "to add"),
        (len(changes.amend), "to change"),
        (len(changes.retire), "to retire"),
        (changes.unchanged, "unchanged"),
    )
    return f"{changes.plan}: {', '.join(f'{count} {word}' for count, word in counts)}"


def _lines(changes: ChangeSet, directory: Directory) -> Iterator[str]:
    added = sorted((*changes.add, *(one.occurrence for one in changes.returning)), key=lambda one: (one.date, one.id))
    yield from _grouped(added, lambda one: one.activity, lambda one: _added(one, directory), _added_many)
    amended = sorted(changes.amend, key=lambda one: (one.occurrence.date, one.task.id))
    yield from _grouped(
        amended, lambda one: (one.occurrence.activity, one.why), lambda one: _amended(one, directory), _amended_many
    )
    retired = sorted(changes.retire, key=lambda one: (one.date, one.id))
    yield from _grouped(retired, lambda one: one.occurrence.activity, _retired, _retired_many)
    for task in changes.kept:
        yield f"= {task.occurrence.title}: stays as laid by hand{_by_hand(task, directory)}"
    if changes.past:
        yield f"  {changes.past} whose time is over are left out (--backfill records them)"
    yield from (f"! {danger.message}" for danger in changes.dangers)


def _grouped(
    found: Iterable[T],
    key: Callable[[T], object],
    one: Callable[[T], str],
    many: Callable[[Sequence[T]], str],
) -> Iterator[str]:
    """In the order in which the groups first come up."""
    groups: dict[object, list[T]] = defaultdict(list)
    for item in found:
        groups[key(item)].append(item)
    for group in groups.values():
        yield from map(one, group) if len(group) <= FEW else [many(group)]


def _who(person: str | None, directory: Directory) -> str:
    return directory.name(person) if person else "nobody"


def _added(asked: Occurrence, directory: Directory) -> str:
    holding = directory.acting(asked.seat, asked.window, asked.date, asked.when_absent)
    return f"+ {asked.date}  {asked.title} ({_who(holding.person, directory)})"


def _added_many(group: Sequence[Occurrence]) -> str:
    return f"+ {group[0].activity}: {len(group)} from {group[0].date} to {group[-1].date}"


def _amended(one: Amendment, directory: Directory) -> str:
    parts = []
    if one.task.occurrence.date != one.occurrence.date:
        parts.append(f"{one.task.occurrence.date} -> {one.occurrence.date}")
    if "holder" in one.changes:
        old, new = one.changes["holder"]
        parts.append(f"{_who(_key(old), directory)} -> {_who(_key(new), directory)}")
    others = sorted(one.changes.keys() - {"holder", "date", "due", "window", "starts", "ends"})
    parts += [f"another {word}" for word in others]
    return f"~ {one.occurrence.title}: {'; '.join(parts) or 'another time'} ({WHY.get(one.why, one.why)})"


def _key(person: object) -> str | None:
    return person if isinstance(person, str) else None


def _amended_many(group: Sequence[Amendment]) -> str:
    first, why = group[0], WHY.get(group[0].why, group[0].why)
    step = ""
    if first.why == "date":
        days = {(one.occurrence.date - one.task.occurrence.date).days for one in group}
        step = f", by {min(days)} to {max(days)} days" if len(days) > 1 else f", by {min(days)} days"
    return f"~ {first.occurrence.activity}: {len(group)} change ({why}{step})"


def _retired(task: Task) -> str:
    return f"- {task.date}  {task.occurrence.title}"


def _retired_many(group: Sequence[Task]) -> str:
    return f"- {group[0].occurrence.activity}: {len(group)} retire, from {group[0].date} to {group[-1].date}"


def _by_hand(task: Task, directory: Directory) -> str:
    moved = f", on {task.moved.date}" if task.moved else ""
    return moved + (f", with {directory.name(task.handed_to)}" if task.handed_to else "")
