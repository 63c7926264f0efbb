"""Who will hear of a load: for each person what is new, moved, handed to them and taken off their hands."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cadence.core.changes.comparing import Amendment, ChangeSet, is_past
from cadence.core.directory import Directory
from cadence.core.model import Occurrence


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many tasks of a load concern one person: new ones, moved ones, those that come to them from somebody else
    and go from them to somebody else, those that say something else now, and those nobody asks for any more."""

    person: str
    new: int = 0
    moved: int = 0
    gained: int = 0
    given: int = 0
    reworded: int = 0
    retired: int = 0


def told(
    change_set: ChangeSet, directory: Directory, now: datetime, before: Directory | None = None
) -> tuple[Told, ...]:
    """By person's key. Tasks that nobody holds are nobody's news, nor are new ones that are only written down because
    their time is over at `now`. What nobody asks for any more is the news of whoever held it `before`."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for person, what in _news(change_set, directory, now, before or directory):
        if person is not None:
            counts[person][what] += 1
    return tuple(Told(person=person, **counts[person]) for person in sorted(counts))


def _news(
    change_set: ChangeSet, directory: Directory, now: datetime, before: Directory
) -> Iterator[tuple[str | None, str]]:
    today = directory.calendar.today(now)
    for asked in (*change_set.add, *(one.occurrence for one in change_set.returning)):
        if not is_past(asked, now, today):
            yield acting(asked, directory), "new"
    for one in change_set.amend:
        yield from _of_amendment(one, directory)
    for task in change_set.retire:
        yield task.handed_to or acting(task.occurrence, before), "retired"


def _of_amendment(one: Amendment, directory: Directory) -> Iterator[tuple[str | None, str]]:
    if "holder" in one.changes:
        old, new = one.changes["holder"]
        yield (old if isinstance(old, str) else None), "given"
        yield (new if isinstance(new, str) else None), "gained"
    else:
        who = one.task.handed_to or acting(one.occurrence, directory)
        yield who, "moved" if one.moves else "reworded"


def acting(asked: Occurrence, directory: Directory) -> str | None:
    """Who answers for it on its day; None for an empty seat."""
    return directory.acting(asked.seat, asked.window, asked.date, asked.when_absent).person
