"""What was written, counted by table: whoever read something may keep it for as long as its tables were not written.

Every transaction that writes to a counted table raises that table's number as its last step. The statements themselves
are watched, so that nobody who writes has to think of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event, select, update

from cadence.store.dialect import WRITTEN, add_new
from cadence.store.schema import MARKS

COUNTED = frozenset(
    {
        *("tasks", "bundles", "persons", "absences", "holds"),
        *("notices", "deliveries", "decisions", "answers", "texts"),
    }
)
UNCOUNTED = frozenset({("UPDATE", "deliveries"), ("INSERT", "texts")})
"""What sending does to a delivery and to its words decides nothing; every message would wait for the one before it."""
WRITES = re.compile(r'(INSERT|UPDATE|DELETE)(?: INTO| FROM)? +"?(\w+)')
MARK = "changes"

Counts = Mapping[str, int]
Kept = dict[str, tuple[tuple[int, ...], Any]]
"""By name: the numbers at which something was read, and what was read. It belongs to one process."""
T = TypeVar("T")


def watch(engine: Engine) -> None:
    """Has every statement on this engine noted in its connection's `WRITTEN`, where that is set."""
    event.listen(engine, "before_cursor_execute", _noted)


def _noted(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    written = connection.get_execution_options().get(WRITTEN)
    if written is None or statement[:1] not in "IUD":
        return
    found = WRITES.match(statement)
    if found and found[2] in COUNTED and found.groups() not in UNCOUNTED:
        written.add(found[2])


class Changes:
    """The numbers of one transaction: as they were when it first asked, and what it has written since it began."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        self._connection = connection
        self._kept = kept
        self._counts: Counts | None = None
        self.written: set[str] = connection.get_execution_options().get(WRITTEN, set())

    def counts(self) -> Counts:
        """How often each table was written until this transaction first asked; a table never written is left out."""
        if self._counts is None:
            self._counts = self._read()
        return self._counts

    def stands_still(self) -> bool:
        """Whether nothing was written since `counts` was first asked, neither here nor by anybody who has committed."""
        return not self.written and self._read() == self.counts()

    def count(self) -> None:
        """Raises the numbers of what was written here; the last step of every transaction, because whoever else writes
        waits from here on until it is committed."""
        if not self.written:
            return
        counts = self._read(lock=True)
        if not counts:
            add_new(self._connection, MARKS, {"name": MARK, "value": "{}"})
            counts = self._read(lock=True)
        raised = {table: counts.get(table, 0) + 1 for table in self.written}
        value = json.dumps({**counts, **raised}, sort_keys=True)
        self._connection.execute(update(MARKS).where(MARKS.c.name == MARK).values(value=value))

    def kept(self, name: str, tables: tuple[str, ...], read: Callable[[], T]) -> T:
        """What `read` gives, or gave when these tables were last written. What this transaction has written itself is
        read anew and not kept: it may yet be given up."""
        if self.written.intersection(tables):
            return read()
        counts = self.counts()
        numbers = tuple(counts.get(table, 0) for table in tables)
        known = self._kept.get(name)
        if known is None or known[0] != numbers:
            known = self._kept[name] = (numbers, read())
        value: T = known[1]
        return value

    def _read(self, *, lock: bool = False) -> Counts:
        wanted = select(MARKS.c.value).where(MARKS.c.name == MARK)
        value = self._connection.execute(wanted.with_for_update() if lock else wanted).scalar_one_or_none()
        counts: Counts = json.loads(value) if value else {}
        return counts
