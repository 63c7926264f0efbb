"""The tasks: found by what they are, added by a load, and replaced only by whoever saw the newest version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, update

from cadence.core.model import State, Task
from cadence.store.dialect import add_all, chunks
from cadence.store.keys import Keys
from cadence.store.mapping import task_of, task_row
from cadence.store.schema import TASKS

LIVE = tuple(state.value for state in State if state.live)


class Tasks:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def find(
        self, *, plan: str | None = None, states: Iterable[State] | None = None, ids: Iterable[str] | None = None
    ) -> tuple[Task, ...]:
        """Those that meet every condition given, by date, due instant and id."""
        conditions: list[ColumnElement[bool]] = []
        if plan is not None:
            conditions.append(TASKS.c.plan == plan)
        if states is not None:
            conditions.append(TASKS.c.state.in_([state.value for state in states]))
        if ids is None:
            return self._read(select(TASKS).where(*conditions))
        parts = (self._read(select(TASKS).where(*conditions, TASKS.c.id.in_(chunk))) for chunk in chunks(ids))
        return tuple(sorted(chain.from_iterable(parts), key=lambda task: (task.date, task.due, task.id)))

    def around(self, now: datetime, *, ahead: timedelta, back: timedelta) -> tuple[Task, ...]:
        """The live ones whose window begins within `ahead`, and those of any state that were due within `back`."""
        near = (TASKS.c.state.in_(LIVE), TASKS.c.window_start <= (now + ahead).date())
        recent = TASKS.c.due.between(now - back, now + ahead)
        return self._read(select(TASKS).where(or_(and_(*near), recent)))

    def by_prefix(self, text: str) -> tuple[Task, ...]:
        """Those whose id begins with `text`."""
        return self._read(select(TASKS).where(TASKS.c.id.startswith(text, autoescape=True)))

    def add(self, tasks: Iterable[Task]) -> None:
        add_all(self._connection, TASKS, [task_row(task, self._keys) for task in tasks])

    def replace(self, task: Task, expected_version: int) -> bool:
        """Writes the whole task over the stored one if that still has the expected version; False if not."""
        unchanged = (TASKS.c.id == task.id, TASKS.c.version == expected_version)
        values = task_row(task, self._keys)
        return self._connection.execute(update(TASKS).where(*unchanged).values(**values)).rowcount == 1

    def _read(self, statement: Select[tuple[object, ...]]) -> tuple[Task, ...]:
        ordered = statement.order_by(TASKS.c.day, TASKS.c.due, TASKS.c.id)
        return tuple(task_of(row, self._keys) for row in self._connection.execute(ordered).mappings())
