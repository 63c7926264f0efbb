"""SQLite and PostgreSQL: engines that lose no update, and the few statements in which the two differ.

Every exception of the driver that a user can cause is turned here into one of ours, with its remedy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Insert,
    QueuePool,
    RowMapping,
    Select,
    Table,
    create_engine,
    event,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError, OperationalError

from cadence.errors import Refused, Unreachable, WrongUsage

if TYPE_CHECKING:
    from psycopg import Connection as PostgresConnection

BUSY_SECONDS = 10
IDLE_SECONDS = 120
"""How long a program that stopped in the middle of its work keeps what it has locked; no compile takes so long."""
SERVER = {
    "connect_timeout": BUSY_SECONDS,
    "options": f"-c lock_timeout={BUSY_SECONDS}s -c idle_in_transaction_session_timeout={IDLE_SECONDS}s",
}
CHUNK = 5_000
READS_ONLY = "cadence_reads_only"
"""Execution option of a connection that will not write and must not wait for those that do."""
WRITTEN = "cadence_written"
"""Execution option of one that does: the set of tables written so far, see `changes`."""

Values = Mapping[str, Any]
Stored = Mapping[str, Any] | RowMapping
"""A row on its way in, and one on its way out."""
Parts = Mapping[tuple[str, ...], Sequence[tuple[Any, ...]]]
"""Many rows on their way in: columns that belong together, and of every row its values for them. Rows that share a part
share the tuple, which is then converted once."""
T = TypeVar("T")

MANY = 100
"""From so many rows on PostgreSQL gets them by COPY."""
COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
CLASH = "somebody else changed the same thing at the same time; look again and repeat"

REMEDIES = {
    "database is locked": "another program is writing; try again in a moment",
    "unable to open database file": "its folder must exist and be yours to write",
    "readonly database": "the file and its folder must be yours to write",
    "lock timeout": "another program is writing and keeps others waiting; try again in a moment",
    "deadlock detected": "two programs changed the same rows; try again",
    "disk is full": "make room on the disk; nothing was half written",
    "malformed": "the file is damaged: restore a backup",
    "not a database": "the file is damaged or something else: restore a backup",
}


def make_engine(url: str) -> Engine:
    """An engine for a file, for memory (one connection, shared by all threads) or for a PostgreSQL server."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        if parsed.get_backend_name() == "postgresql":
            return create_engine(parsed, pool_pre_ping=True, connect_args=SERVER)
    except (ArgumentError, NoSuchModuleError) as error:
        raise WrongUsage("CADENCE_DATABASE_URL must look like sqlite:///FILE or postgresql://HOST/NAME") from error
    except ImportError as error:
        raise WrongUsage("PostgreSQL needs its driver: pip install '.[postgres]'") from error
    raise WrongUsage(f"CADENCE_DATABASE_URL names {parsed.get_backend_name()}; use sqlite:///FILE or postgresql://")


def _sqlite(url: URL) -> Engine:
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    if file := file_of(url):
        _keep_private(file, url)
        engine = create_engine(url, connect_args=arguments)
    else:
        engine = create_engine(url, connect_args=arguments, poolclass=QueuePool, pool_size=1, max_overflow=0)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory or on a server."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def _keep_private(file: Path, url: URL) -> None:
    """A new file is made readable by its owner alone; SQLite gives its -wal and -shm the same mode."""
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise _unreachable(url, f"unable to open database file ({error.strerror})") from error


def _on_connect(connection: SQLiteConnection, _record: object) -> None:
    # With the driver's own transaction control off, `begin` below is the only thing that opens one: a
    # deferred transaction that reads and then writes would lose updates or fail at once.
    connection.isolation_level = None
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma foreign_keys = on")
    connection.execute("pragma synchronous = full")  # a message is sent on the strength of a commit


def _on_begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql("BEGIN DEFERRED" if reads else "BEGIN IMMEDIATE")


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Runs the block; the driver's complaints leave it as ours, in one line and without the password."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(CLASH) from error
    except OperationalError as error:
        raise _unreachable(url, str(error.orig)) from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:  # the subclasses left over are mistakes in our own statements
            raise
        raise _unreachable(url, str(error.orig)) from error


def _unreachable(url: URL, complaint: str) -> Unreachable:
    remedy = next((remedy for sign, remedy in REMEDIES.items() if sign in complaint), None)
    remedy = remedy or "see that the server runs and CADENCE_DATABASE_URL names it"
    line = " ".join(complaint.split())
    return Unreachable(f"the database {url.render_as_string(hide_password=True)} does not answer: {line}; {remedy}")


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """The distinct values in lists that fit into one statement's parameters on either database."""
    remaining = iter(dict.fromkeys(values))
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def insert_new(table: Table, dialect: str) -> Insert:
    """An insert that leaves what is already there alone; it returns only what was new."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def add_new(connection: Connection, table: Table, values: Values) -> bool:
    """Adds a row unless one of its unique keys is taken; True when it was added."""
    added = insert_new(table, connection.dialect.name).values(**values).returning(*table.primary_key)
    return connection.execute(added).first() is not None


def add_all(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Adds rows that all have the same columns."""
    if rows:
        add_parts(connection, table, {tuple(rows[0]): [tuple(row.values()) for row in rows]})


def add_parts(connection: Connection, table: Table, parts: Parts) -> None:
    """Adds rows given part by part, nearly as fast as the database takes them. What is None in every row is left
    out."""
    used = dict(_used(names, values) for names, values in parts.items())
    names = ", ".join(f'"{name}"' for part in used for name in part)
    many = len(next(iter(used.values()))) >= MANY
    if many and connection.dialect.name == "postgresql":
        copied(connection, table, names, used)
        return
    marks = ", ".join(_mark(connection) for part in used for _ in part)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own schema
    connection.exec_driver_sql(statement, _rows(connection, table, used))


def change_parts(connection: Connection, table: Table, parts: Parts, where: Parts) -> int:
    """Writes rows given part by part over those that have the values of `where`; how many there were."""
    mark = _mark(connection)
    written = ", ".join(f'"{name}" = {mark}' for part in parts for name in part)
    wanted = " AND ".join(f'"{name}" = {mark}' for part in where for name in part)
    statement = f'UPDATE "{table.name}" SET {written} WHERE {wanted}'  # noqa: S608 - names of our own schema
    return connection.exec_driver_sql(statement, _rows(connection, table, {**parts, **where})).rowcount


def _used(names: tuple[str, ...], values: Sequence[tuple[Any, ...]]) -> tuple[tuple[str, ...], Sequence[Any]]:
    """A part without the columns that are None in every row."""
    rows = dict(zip(map(id, values), values, strict=True))
    kept = [n for n, column in enumerate(zip(*rows.values(), strict=True)) if column.count(None) < len(column)]
    if len(kept) == len(names):
        return names, values
    cut = {key: tuple([row[n] for n in kept]) for key, row in rows.items()}
    return tuple(names[n] for n in kept), list(map(cut.__getitem__, map(id, values)))


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _rows(connection: Connection, table: Table, parts: Parts) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    dialect = connection.dialect
    bound = []
    for names, values in parts.items():
        binds = [table.columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
        bound.append(values if not any(binds) else _each_once(values, partial(_bound, binds)))
    return list(map(tuple, map(chain.from_iterable, zip(*bound, strict=True)))) if len(bound) > 1 else list(bound[0])


def _bound(binds: Sequence[Callable[[Any], Any] | None], row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple([value if bind is None else bind(value) for bind, value in zip(binds, row, strict=True)])


def _each_once(rows: Sequence[tuple[Any, ...]], convert: Callable[[tuple[Any, ...]], T]) -> list[T]:
    """The rows converted, each tuple once however often it stands there."""
    distinct = dict(zip(map(id, rows), rows, strict=True))
    converted = {key: convert(row) for key, row in distinct.items()}
    return list(map(converted.__getitem__, map(id, rows)))


def copied(connection: Connection, table: Table, names: str, parts: Parts) -> None:
    """Adds rows to PostgreSQL by COPY, which is to `INSERT` as a lorry to a wheelbarrow."""
    texts = []
    for part, values in parts.items():
        forms = [_copy_form(table.columns[name]) for name in part]
        texts.append(_each_once(values, partial(_copy_text, forms)))
    body = "".join([f"{line}\n" for line in map("\t".join, zip(*texts, strict=True))])
    connection.get_execution_options().get(WRITTEN, set()).add(table.name)  # which no listener of ours sees
    server = cast("PostgresConnection[Any]", connection.connection.driver_connection)
    assert connection.dialect.loaded_dbapi is not None
    try:
        with server.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            copy.write(body)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise Refused(CLASH) from error


def _copy_text(forms: Sequence[Callable[[Any], str]], row: tuple[Any, ...]) -> str:
    return "\t".join([form(value) for form, value in zip(forms, row, strict=True)])


def _copy_form(column: Column[Any]) -> Callable[[Any], str]:
    """How a value of that column is written in COPY's text format."""
    if isinstance(column.type, JSON):
        return lambda value: _escaped(json.dumps(value))
    return lambda value: r"\N" if value is None else _escaped(str(value))


def _escaped(text: str) -> str:
    """Most need none of it, which is quickly seen."""
    return text if text.isprintable() and "\\" not in text else text.translate(COPY_ESCAPES)


class _Converted(dict[Any, Any]):
    """Values as the program has them, each converted the first time it is asked for."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        self._convert = convert

    def __missing__(self, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
        found = self[value] = self._convert(value)
        return found


def in_columns(connection: Connection, statement: Select[Any]) -> list[Sequence[Any]]:
    """What a statement selects, column by column; equal values are converted once. Empty when there is no row."""
    found: list[Sequence[Any]] = []
    for column, values in zip(
        statement.selected_columns, zip(*as_they_come(connection, statement), strict=True), strict=False
    ):
        convert = column.type.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
        found.append(values if convert is None else list(map(_Converted(convert).__getitem__, values)))
    return found


def as_they_come(connection: Connection, statement: Select[Any]) -> list[tuple[Any, ...]]:
    """The rows as the driver makes them, for texts and numbers alone: nothing is converted, and no object is put
    around a row."""
    with closing(connection.execute(statement)) as result:
        assert result.cursor is not None
        return list(result.cursor.fetchall())


def put(connection: Connection, table: Table, values: Values) -> None:
    """Writes a row over the one with the same primary key, or adds it; the last writer wins."""
    same = [column == values[column.name] for column in table.primary_key]
    if not connection.execute(update(table).where(*same).values(**values)).rowcount:
        add_new(connection, table, values)
