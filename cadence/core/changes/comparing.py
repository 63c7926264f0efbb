"""Schedule x stored tasks -> a change set and its dangers: a value that is shown, demanded by hash and applied.

Laws kept here: what is closed is never touched; the past is closed to additions; identity decides, never the
date or the holder; an overlay laid by hand stays; `retired` comes back under the same identity.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from cadence.core.changes.causes import Cause, Differences, Word
from cadence.core.changes.contents import contents
from cadence.core.changes.holding import Holders
from cadence.core.changes.surveying import NONE_QUIET, Quiet, Series, Standing, series_of
from cadence.core.model import OCCURRENCE_FIELDS, DateState, Occurrence, State, Task

MANY_TASKS = 20
MANY_SHARE = 0.25
"""Retiring or moving more open tasks than this number, or this share of them, wants a second look."""

MOVED = frozenset({"date", "due", "window"})
"""A difference in one of these puts a task on other days."""

Because = Callable[[Occurrence, Differences], Cause]
"""From an occurrence and the fields that differ to the cause."""


def plainly(_occurrence: Occurrence, found: Differences) -> Cause:
    """The cause as far as the fields alone tell it."""
    return Cause(Word.HOLDER if "holder" in found and not MOVED.intersection(found) else Word.PLAN)


NOTHING: Mapping[str, Standing] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Amendment:
    """A live task that the plan now asks differently. `changes` maps a field to (before, after)."""

    task: Task
    occurrence: Occurrence
    changes: Differences
    why: Cause

    @property
    def moves(self) -> bool:
        """It lies on other days than before."""
        return not MOVED.isdisjoint(self.changes)


@dataclass(frozen=True, slots=True)
class Danger:
    """Why a change set is refused without `--force`."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What one load would do. `returning` are retired tasks that the plan asks for again; `past` counts the
    occurrences whose window closed before the load, `absent` those of them in the series looked into; `kept` are live
    tasks with an overlay of a person's hand."""

    plan: str
    add: tuple[Occurrence, ...]
    returning: tuple[Amendment, ...]
    amend: tuple[Amendment, ...]
    retire: tuple[Task, ...]
    unchanged: int
    kept: tuple[Task, ...]
    past: int
    absent: Mapping[Series, int] = field(compare=False, repr=False)
    dangers: tuple[Danger, ...]
    milestones: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.add or self.returning or self.amend or self.retire)

    @property
    def hash(self) -> str:
        """Names what would be done, so that what was reviewed is what is applied."""
        lines = [f"add {word}" for word in _named(self.add)]
        lines += [f"return {word}" for word in _named([one.occurrence for one in self.returning])]
        lines += [f"amend {a.task.id} {sorted(a.changes.items())!r}" for a in self.amend]
        lines += [f"retire {t.id}" for t in self.retire]
        lines += [f"milestone {one}" for one in self.milestones]
        lines += [f"person {one}" for one in self.people]
        return hashlib.sha256("\n".join([self.plan, *lines]).encode()).hexdigest()[:16]


def _named(occurrences: Sequence[Occurrence]) -> list[str]:
    return [one.id + word for one, word in zip(occurrences, contents(occurrences), strict=True)]


def changes(
    plan: str,
    schedule: Sequence[Occurrence],
    tasks: Sequence[Task],
    holders: Holders,
    now: datetime,
    *,
    stored: Mapping[str, Standing] = NOTHING,
    quiet: Quiet = NONE_QUIET,
    live: int | None = None,
    because: Because = plainly,
    today: date | None = None,
    backfill: bool = False,
    vanished: Sequence[str] = (),
    succeeded: Sequence[tuple[str, str]] = (),
    milestones: Sequence[str] = (),
    people: Sequence[str] = (),
) -> ChangeSet:
    """Compares by identity. `tasks` are the stored ones that may change, read whole; of all others in `stored` it is
    known that they stay as they are, and so of what is `quiet`. `live` is how many open tasks the plan has, by default
    those given.

    `vanished` are persons gone from the file without `left`, `succeeded` pairs of managers of whom the second now
    leads mostly the first one's reps, by name. `today` is the plan's own, by default UTC's. `milestones` are those
    that this load moves, as `v2 2027-08-02`."""
    day = today or now.date()
    known = {task.id: task for task in tasks}
    open_to_change = [one for one in schedule if one.id not in stored or one.id in known]
    wanted = {occurrence.id for occurrence in open_to_change}
    add: list[Occurrence] = []
    returning: list[Amendment] = []
    amend: list[Amendment] = []
    absent: Counter[Series] = Counter()
    unchanged = quiet.unchanged + len(schedule) - len(open_to_change)
    for occurrence in open_to_change:
        task = known.get(occurrence.id)
        if task is None or task.state is State.RETIRED:
            if is_past(occurrence, now, day) and not backfill:
                absent[series_of(occurrence)] += 1
            elif task is None:
                add.append(occurrence)
            else:
                returning.append(_returning(task, occurrence))
        elif task.state.live and (amendment := _amendment(task, occurrence, holders, because)):
            amend.append(amendment)
        else:
            unchanged += 1
    owed = [task for task in tasks if task.state.live]
    retire = tuple(task for task in owed if task.id not in wanted)
    many = len(owed) if live is None else live
    return ChangeSet(
        plan=plan,
        add=tuple(add),
        returning=tuple(returning),
        amend=tuple(amend),
        retire=retire,
        unchanged=unchanged,
        kept=tuple(task for task in owed if task.id in wanted and (task.moved or task.handed_to)),
        past=quiet.past + absent.total(),
        absent=absent,
        dangers=tuple(_dangers(many, retire, amend, vanished, succeeded)),
        milestones=tuple(milestones),
        people=tuple(people),
    )


def is_past(occurrence: Occurrence, now: datetime, today: date) -> bool:
    """Its window has closed: for what is owed on the window's last day, or within it, when it is due; a light one
    stays open after its due day until the window's last day is over."""
    due, window = occurrence.due, occurrence.window
    if due > now and window.stop > today:  # ahead by either measure: most of a schedule
        return False
    owed_by_last = occurrence.date_state is DateState.PROPOSED or occurrence.date >= window.last
    return due <= now if owed_by_last else window.stop <= today


def _returning(task: Task, occurrence: Occurrence) -> Amendment:
    return Amendment(task, occurrence, differences(task.occurrence, occurrence), Cause(Word.PLAN))


def _amendment(task: Task, occurrence: Occurrence, holders: Holders, because: Because) -> Amendment | None:
    found = differences(task.occurrence, occurrence)
    if change := holders.change(task.id):
        found["holder"] = change
    return Amendment(task, occurrence, found, because(occurrence, found)) if found else None


def differences(before: Occurrence, after: Occurrence) -> dict[str, tuple[object, object]]:
    """The fields of the two that differ, by name."""
    if before == after:
        return {}
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in OCCURRENCE_FIELDS}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _dangers(
    live: int,
    retire: Sequence[Task],
    amend: Sequence[Amendment],
    vanished: Sequence[str],
    succeeded: Sequence[tuple[str, str]],
) -> Iterator[Danger]:
    moved = sum(amendment.moves for amendment in amend)
    for verb, count in (("retires", len(retire)), ("moves", moved)):
        if count > min(MANY_TASKS, live * MANY_SHARE):
            yield Danger(f"many-{verb}", f"{verb} {count} of {live} open tasks")
    for person in vanished:
        message = f"{person} is gone from the people without a `left` date; write `left`, or who `replaces` them"
        yield Danger("vanished", message)
    for old, new in succeeded:
        yield Danger("succession", f"{new} now leads most of {old}'s reps; did {new} replace {old}? write `replaces`")
