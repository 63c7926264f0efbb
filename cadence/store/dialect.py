"""SQLite and PostgreSQL: engines that lose no update, and the few statements in which the two differ.

Every exception of the driver that a user can cause is turned here into one of ours, with its remedy.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from sqlite3 import Connection as SQLiteConnection
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Dialect,
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
CHUNK = 5_000
READS_ONLY = "cadence_reads_only"
"""Execution option of a connection that will not write and must not wait for those that do."""

Values = Mapping[str, Any]
Stored = Mapping[str, Any] | RowMapping
"""A row on its way in, and one on its way out."""

MANY = 100
"""From so many rows on PostgreSQL gets them by COPY."""
COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
CLASH = "somebody else changed the same thing at the same time; look again and repeat"

REMEDIES = {
    "database is locked": "another program is writing; try again in a moment",
    "unable to open database file": "its folder must exist and be yours to write",
    "readonly database": "the file and its folder must be yours to write",
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
            return create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": BUSY_SECONDS})
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
        add_columns(connection, table, {name: [row[name] for row in rows] for name in rows[0]})


def add_columns(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Adds rows given column by column, nearly as fast as the database takes them: each column is converted as a
    whole and equal values once, and a column that is None in every row is left out."""
    used = {name: values for name, values in columns.items() if values.count(None) < len(values)}
    many = len(next(iter(used.values()), ())) >= MANY
    if many and connection.dialect.name == "postgresql":
        copied(connection, table, used)
        return
    names = ", ".join(f'"{name}"' for name in used)
    marks = ", ".join(_mark(connection) for _ in used)
    statement = f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our own schema
    connection.exec_driver_sql(statement, _rows(connection, table, used))


def change_columns(
    connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]], where: Mapping[str, Sequence[Any]]
) -> int:
    """Writes rows given column by column over those that have the values of `where`; how many there were."""
    mark = _mark(connection)
    written = ", ".join(f'"{name}" = {mark}' for name in columns)
    wanted = " AND ".join(f'"{name}" = {mark}' for name in where)
    statement = f'UPDATE "{table.name}" SET {written} WHERE {wanted}'  # noqa: S608 - names of our own schema
    rows = zip(_rows(connection, table, columns), _rows(connection, table, where), strict=True)
    return connection.exec_driver_sql(statement, [(*new, *old) for new, old in rows]).rowcount


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.paramstyle == "qmark" else "%s"


def _rows(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    """The rows as the driver takes them."""
    bound = [_bound(table.columns[name], values, connection.dialect) for name, values in columns.items()]
    return list(zip(*bound, strict=True))


class _Converted(dict[Any, Any]):
    """Values in the form that goes to the database, each converted the first time it is asked for."""

    def __init__(self, convert: Callable[[Any], Any]) -> None:
        self._convert = convert

    def __missing__(self, value: Any) -> Any:  # noqa: ANN401 - whatever a column holds
        found = self[value] = self._convert(value)
        return found


def _bound(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    convert = column.type.dialect_impl(dialect).bind_processor(dialect)
    return values if convert is None else _converted(values, convert)


def _converted(values: Sequence[Any], convert: Callable[[Any], Any]) -> list[Any]:
    if isinstance(values[0], (list, dict)):  # which cannot be looked up
        return [convert(value) for value in values]
    converted = _Converted(convert)
    return [converted[value] for value in values]


def copied(connection: Connection, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
    """Adds rows to PostgreSQL by COPY, which is to `INSERT` as a lorry to a wheelbarrow."""
    texts = [_converted(values, _copy_form(table.columns[name])) for name, values in columns.items()]
    body = "".join(f"{line}\n" for line in map("\t".join, zip(*texts, strict=True)))
    names = ", ".join(f'"{name}"' for name in columns)
    server = cast("PostgresConnection[Any]", connection.connection.driver_connection)
    assert connection.dialect.loaded_dbapi is not None
    try:
        with server.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
            copy.write(body)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise Refused(CLASH) from error


def _copy_form(column: Column[Any]) -> Callable[[Any], str]:
    """How a value of that column is written in COPY's text format."""
    if isinstance(column.type, JSON):
        return lambda value: json.dumps(value).translate(COPY_ESCAPES)
    return lambda value: r"\N" if value is None else str(value).translate(COPY_ESCAPES)


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
