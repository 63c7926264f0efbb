"""All rows of one database put into another, whichever of the two each is, and proof that they are the same.

Rows go through the columns' own types on both sides: instants, days and JSON mean the same there and here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Column, Connection, RowMapping, Table, func, insert, select, text

from cadence.core.model import utc
from cadence.store.dialect import CHUNK
from cadence.store.schema import LEASES, Row

TABLES: tuple[Table, ...] = tuple(Row.metadata.sorted_tables)
"""Every table, after those that its rows point at."""

Digest = tuple[int, str]
"""How many rows a table has, and a word for all that they hold."""


def copy_rows(source: Connection, target: Connection) -> None:
    """Puts every row of `source` into the empty tables of `target`, with its id; numbers go on where they stood."""
    for table in TABLES:
        for batch in _batches(source, table):
            target.execute(insert(table), [dict(row) for row in batch])
        if table.autoincrement_column is not None:
            _go_on_after(target, table, _last_number(source, table))


def clear(connection: Connection) -> None:
    """Takes every row out of every table."""
    for table in reversed(TABLES):
        connection.execute(table.delete())


def is_empty(connection: Connection) -> bool:
    """No table has a row; leases do not count."""
    return all(connection.execute(select(table).limit(1)).first() is None for table in TABLES if table is not LEASES)


def digests(connection: Connection) -> dict[str, Digest]:
    """What every table holds, by its name: equal exactly where all rows are."""
    return {table.name: _digest(connection, table) for table in TABLES}


def _digest(connection: Connection, table: Table) -> Digest:
    count, held = 0, hashlib.sha256()
    for batch in _batches(connection, table):
        for row in batch:
            held.update(json.dumps([_plain(value) for value in row.values()], sort_keys=True, default=str).encode())
        count += len(batch)
    return count, held.hexdigest()


def _plain(value: object) -> object:
    return utc(value).isoformat() if isinstance(value, datetime) else value


def _batches(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """The rows by primary key, some thousands at a time; texts are ordered by code point everywhere."""
    order = [column.collate("C") if _is_text(column, connection) else column for column in table.primary_key]
    rows = connection.execute(select(table).order_by(*order).execution_options(yield_per=CHUNK)).mappings()
    yield from rows.partitions()


def _is_text(column: Column[object], connection: Connection) -> bool:
    return connection.dialect.name == "postgresql" and column.type.python_type is str


def _last_number(connection: Connection, table: Table) -> int:
    """The highest id that was ever given, also to a row that is gone by now."""
    assert table.autoincrement_column is not None
    highest = connection.execute(select(func.max(table.autoincrement_column))).scalar() or 0
    if connection.dialect.name == "sqlite":
        counted = text("select seq from sqlite_sequence where name = :name")
        given = connection.execute(counted, {"name": table.name}).scalar() or 0
    else:
        called = text(f"select case when is_called then last_value else 0 end from {_counter(connection, table)}")  # noqa: S608 - a name of our own schema
        given = connection.execute(called).scalar_one()
    return max(highest, given)


def _go_on_after(connection: Connection, table: Table, number: int) -> None:
    if connection.dialect.name == "sqlite":
        counted = text("update sqlite_sequence set seq = :number where name = :name")
        connection.execute(counted, {"number": number, "name": table.name})
    elif number:
        connection.execute(select(func.setval(_counter(connection, table), number)))


def _counter(connection: Connection, table: Table) -> str:
    assert table.autoincrement_column is not None
    found = select(func.pg_get_serial_sequence(table.name, table.autoincrement_column.name))
    return str(connection.execute(found).scalar_one())
