"""Rows to tasks and back. Law: what is written comes back equal.

Thousands of tasks share their terms, their dates and their status. So rows are written in parts, each a few columns,
and read column by column: whatever many have in common is converted once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

from cadence.core.changes.contents import SHARED
from cadence.core.model import DateState, Days, Mode, Moved, Occurrence, State, Task, Terms, Weight, WhenAbsent
from cadence.store.dialect import Parts, Stored
from cadence.store.keys import Keys
from cadence.store.schema import TASKS

Shared = tuple[Terms, tuple[str, ...]]
"""Terms, and who takes part."""

OWN = ("id", "slot", "terms_id")
TIMED = (*("planned_date", "planned_due", "planned_starts", "planned_ends", "window_start", "window_stop", "content"),)
SAME = (
    *("version", "changed_at", "confirmed", "paused_until", "times_on_it", "times_moved", "happened_on"),
    *("recorded_at", "reason"),
)
"""Columns of the status that hold a field under its own name and as it is."""
MOVING = ("date", "due", "starts", "ends")
STATUS = (*SAME, "state", "handed_to_id", "done_by_id", *(f"moved_{name}" for name in MOVING))
READ = tuple(TASKS.c[name] for name in (*OWN, *TIMED[:-1], "state", *SAME, "handed_to_id", "done_by_id")) + tuple(
    TASKS.c[f"moved_{name}"] for name in MOVING
)
"""The columns from which `tasks_of` makes tasks, in its order."""
WORDS: Mapping[str, Callable[[str], Any]] = {
    "weight": Weight, "mode": Mode, "date_state": DateState, "when_absent": WhenAbsent,
}  # fmt: skip
TERMS_FIELDS = tuple(field.name for field in fields(Terms))
STATES = {state.value: state for state in State}

_same = attrgetter(*SAME)
_said = attrgetter(*TERMS_FIELDS)


def terms_row(key: str, one: Occurrence) -> dict[str, Any]:
    """The row of what an occurrence shares with others; `key` is the digest of it."""
    return {"id": key, **dict(zip(TERMS_FIELDS, _said(one.terms), strict=True)), "attendees": list(one.attendees)}


def shared_of(row: Stored) -> Shared:
    said = {name: WORDS[name](row[name]) if name in WORDS else row[name] for name in TERMS_FIELDS}
    return Terms(**said), tuple(row["attendees"])


def asked_parts(asked: Iterable[Occurrence], words: Iterable[str]) -> Parts:
    """What the plan asks, as parts of rows. `words` are the contents of the occurrences, in order."""
    own, timed = [], []
    known: dict[str, tuple[Any, ...]] = {}
    for one, word in zip(asked, words, strict=True):
        own.append((one.id, one.slot, word[:SHARED]))
        when = word[SHARED:]
        row = known.get(when)
        if row is None:
            window = one.window
            row = known[when] = (one.date, one.due, one.starts, one.ends, window.start, window.stop, when)
        timed.append(row)
    return {OWN: own, TIMED: timed}


def status(task: Task, keys: Keys) -> tuple[Any, ...]:
    """What people have made of it, in the order of `STATUS`."""
    moved = task.moved
    laid = (None,) * len(MOVING) if moved is None else (moved.date, moved.due, moved.starts, moved.ends)
    return (*_same(task), task.state.value, keys.id_or_none(task.handed_to), keys.id_or_none(task.done_by), *laid)


def tasks_of(columns: Sequence[Sequence[Any]], shared: Mapping[str, Shared], keys: Keys) -> tuple[Task, ...]:
    """The tasks of rows given column by column, in the order of `READ`."""
    known = keys.key_or_none
    spans: dict[tuple[date, date], Days] = {}
    found = []
    # fmt: off
    for (
        key, slot, terms_id, day, due, starts, ends, start, stop, state,
        version, changed_at, confirmed, paused_until, on_it, times_moved, happened_on, recorded_at, reason,
        handed_to, done_by, *moved,
    ) in zip(*columns, strict=True):
        window = spans.get((start, stop)) or spans.setdefault((start, stop), Days(start, stop))
        terms, attendees = shared[terms_id]
        found.append(Task(
            occurrence=Occurrence(key, terms, slot, day, window, due, starts, ends, attendees),
            state=STATES[state], version=version, changed_at=changed_at, confirmed=confirmed,
            paused_until=paused_until, times_on_it=on_it, times_moved=times_moved, happened_on=happened_on,
            recorded_at=recorded_at, reason=reason, moved=_moved_of(moved),
            handed_to=known(handed_to), done_by=known(done_by),
        ))
    # fmt: on
    return tuple(found)


def _moved_of(row: Sequence[Any]) -> Moved | None:
    return None if row[0] is None else Moved(date=row[0], due=row[1], starts=row[2], ends=row[3])
