"""The tasks: found by what they are, added by a load, and replaced only by whoever saw the newest version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import ColumnElement, Connection, Select, and_, case, or_, select, update

from cadence.core.changes import Standing
from cadence.core.compiler.neighbours import Engagement
from cadence.core.model import DateState, State, Task
from cadence.store.dialect import add_columns, as_they_come, change_columns, chunks
from cadence.store.keys import Keys
from cadence.store.mapping import task_columns, task_of, task_row
from cadence.store.schema import TASKS

LIVE = tuple(state.value for state in State if state.live)
STATES = {state.value: state for state in State}


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
        if found := tuple(tasks):
            add_columns(self._connection, TASKS, task_columns(found, self._keys))

    def replace(self, task: Task, expected_version: int) -> bool:
        """Writes the whole task over the stored one if that still has the expected version; False if not."""
        unchanged = (TASKS.c.id == task.id, TASKS.c.version == expected_version)
        values = task_row(task, self._keys)
        return self._connection.execute(update(TASKS).where(*unchanged).values(**values)).rowcount == 1

    def replace_all(self, tasks: Sequence[Task]) -> bool:
        """The same for many, each over the version before its own; False when somebody was quicker with any of
        them, and then the transaction is to be given up."""
        if not tasks:
            return True
        columns = task_columns(tasks, self._keys)
        before = {"id": columns["id"], "version": [version - 1 for version in columns["version"]]}
        return change_columns(self._connection, TASKS, columns, before) == len(tasks)

    def standings(self, plan: str) -> dict[str, Standing]:
        """Of every task of a plan just enough to see whether a load would change it, by id. Says in SQL what `standing`
        says of one: two columns of most rows are all that is fetched."""
        untouched = and_(TASKS.c.moved_date.is_(None), TASKS.c.handed_to_id.is_(None))
        as_left = and_(TASKS.c.state.in_(LIVE), untouched, TASKS.c.content.is_not(None))
        found = case((as_left, TASKS.c.content), else_=TASKS.c.state)
        rows = as_they_come(self._connection, select(TASKS.c.id, found).where(TASKS.c.plan == plan))
        return {key: STATES.get(said, said) for key, said in rows}

    def diary(self, plan: str) -> tuple[Engagement, ...]:
        """Of every live task of a plan just enough to see when it takes whose time."""
        moved = TASKS.c.moved_date.is_not(None)
        settled = or_(moved, TASKS.c.confirmed, TASKS.c.date_state != DateState.PROPOSED.value)
        rows = self._connection.execute(
            select(
                *(TASKS.c.activity, TASKS.c.seat, TASKS.c.day, TASKS.c.minutes, TASKS.c.attendees),
                case((moved, TASKS.c.moved_starts), (settled, TASKS.c.planned_starts)),
                case((moved, TASKS.c.moved_ends), (settled, TASKS.c.planned_ends)),
                TASKS.c.handed_to_id,
            ).where(TASKS.c.plan == plan, TASKS.c.state.in_(LIVE))
        )
        known = self._keys.key_or_none
        return tuple(
            Engagement(activity, seat, day, minutes, tuple(attendees), starts, ends, known(handed))
            for activity, seat, day, minutes, attendees, starts, ends, handed in rows.all()
        )

    def _read(self, statement: Select[tuple[object, ...]]) -> tuple[Task, ...]:
        ordered = statement.order_by(TASKS.c.day, TASKS.c.due, TASKS.c.id)
        return tuple(task_of(row, self._keys) for row in self._connection.execute(ordered).mappings().all())
