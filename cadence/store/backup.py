"""Copies of a whole database: to a file while others write, back again, and from a file to a server for good.

A backup is always one SQLite file, whatever the database is. It is written beside its name and renamed when it is
whole. Nothing that was there is ever lost: what a restore replaces stays beside it under its date.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, make_url, select, text

from cadence.core.model import utc
from cadence.errors import NothingToActOn, Refused, WrongUsage
from cadence.store.dialect import file_of, make_engine, put, translated
from cadence.store.migrations import HEAD, MOVED, upgrade, version
from cadence.store.rows import TABLES, clear, copy_rows, digests, is_empty
from cadence.store.schema import LEASES, MARKS, PERSONS

TAKEN = "backup"
"""The mark that says in a backup when it was taken."""


# --- taking one


def backup(url: str, file: Path, now: datetime) -> None:
    """Writes the database as it is at this instant to the new `file`, readable by its owner alone. Raises Refused
    where there is something of that name, and for a database that is damaged or not of this program's schema."""
    if file.exists():
        raise Refused(f"{file} is there already; name a file that is not, or remove that one")
    part = file.with_name(f".{file.name}.part")
    try:
        _private(part)
        if source := file_of(make_url(url)):
            _copy_file(source, part)
        else:
            _copy_server(url, part)
        with _sqlite(part) as copy:
            copy.execute("pragma journal_mode = delete")  # one file, with nothing beside it
            _refuse_damaged(part, copy)
            copy.execute("insert or replace into marks values (?, ?)", (TAKEN, utc(now).isoformat()))
        os.replace(part, file)
    finally:
        for rest in (part, *_beside(part)):
            rest.unlink(missing_ok=True)


def _private(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextmanager
def _sqlite(file: Path) -> Iterator[sqlite3.Connection]:
    """A file that is there, as SQLite sees it; each statement is committed. Raises Refused for what is no database."""
    if not file.is_file():
        raise NothingToActOn(f"there is no file '{file}'")
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise Refused(f"{file} cannot be copied: {error}; restore a backup that is whole") from error


def _copy_file(source: Path, target: Path) -> None:
    with _sqlite(source) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def _copy_server(url: str, target: Path) -> None:
    """One snapshot of all tables, whoever writes meanwhile."""
    with _engine(url) as server, _engine(f"sqlite:///{target}") as copy:
        upgrade(copy)
        snapshot = server.connect().execution_options(isolation_level="REPEATABLE READ")
        with snapshot as source, copy.begin() as destination:
            if version(source) != HEAD:
                raise Refused("the database is not up to date: run `cadence db upgrade`")
            copy_rows(source, destination)


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    try:
        with translated(engine.url):
            yield engine
    finally:
        engine.dispose()


def _refuse_damaged(file: Path, connection: sqlite3.Connection) -> None:
    """Raises Refused, naming the first thing that is wrong."""
    found = connection.execute("pragma integrity_check").fetchone()[0]
    if found != "ok":
        raise Refused(f"{file} is damaged: {found}; restore a backup that is whole")
    if not connection.execute("select count(*) from sqlite_master where name = 'alembic_version'").fetchone()[0]:
        raise Refused(f"{file} is a database, but none of cadence")


# --- putting one back


@contextmanager
def unpacked(file: Path) -> Iterator[tuple[str, datetime | None]]:
    """The URL of a private copy of a backup in this program's schema, and when it was taken (None where it does not
    say). Raises NothingToActOn for a file that is not there, Refused for one that is damaged or no backup."""
    with TemporaryDirectory(prefix="cadence-restore-") as folder:
        copy = Path(folder) / "cadence.db"
        _private(copy)
        with _sqlite(file) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            _refuse_damaged(file, target)
        url = f"sqlite:///{copy}"
        with _engine(url) as engine:
            upgrade(engine)
            with engine.begin() as connection:
                connection.execute(LEASES.delete())
                said = connection.execute(select(MARKS.c.value).where(MARKS.c.name == TAKEN)).scalar_one_or_none()
        yield url, None if said is None else datetime.fromisoformat(said)


def refuse_in_use(url: str, alive: datetime, *, yes: bool) -> None:
    """Raises Refused while somebody acts on the database, and without `yes` where it knows people. `alive` is the
    instant by the clock on the wall."""
    file = file_of(make_url(url))
    if file and not file.exists():
        return
    try:
        with _engine(url) as engine, engine.begin() as connection:
            if version(connection) is None:
                return
            _refuse_company(connection, alive)
            known = connection.execute(select(PERSONS.c.id).limit(1)).first() is not None
    except Refused:
        raise
    except Exception as error:  # whatever is wrong with it: it may be the very reason to restore
        known, why = True, f" (it cannot be read: {type(error).__name__})"
    else:
        why = ""
    if known and not yes:
        raise Refused(f"the database holds data{why}; add --yes, and it stays beside under its date")


def _refuse_company(connection: Connection, alive: datetime) -> None:
    if connection.dialect.name == "postgresql":
        others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        if count := connection.execute(text(others)).scalar_one():
            raise Refused(f"{count} other connections are open to the database; stop cadence everywhere first")
    acting = select(LEASES.c.until).where(LEASES.c.name == "acting", LEASES.c.until > alive)
    if connection.execute(acting).first() is not None:
        raise Refused("a worker acts on the database; stop it, or wait half a minute after it was killed")


def install(copy: str, url: str, now: datetime, folder: Path) -> Path | None:
    """Puts a prepared copy in the place of the database at `url`. Where that was not empty it stays beside it under
    its date (that of a server goes into `folder`): the path of what was kept, else None."""
    file = file_of(make_url(url))
    if file is None:
        return _install_on_server(copy, url, now, folder)
    source, kept = file_of(make_url(copy)), None
    assert source is not None
    _private(part := file.with_name(f".{file.name}.part"))
    _copy_file(source, part)
    if file.exists():
        kept = _dated(file, now)
        _set_aside(file, kept)
    os.replace(part, file)
    return kept


def _dated(file: Path, now: datetime) -> Path:
    stamp = f"{file.name}.{utc(now):%Y-%m-%dT%H%M%SZ}"
    names = (file.with_name(f"{stamp}{more}") for more in ("", *(f"-{number}" for number in range(2, 1000))))
    return next(name for name in names if not name.exists())


def _set_aside(file: Path, kept: Path) -> None:
    """The old file whole under its new name, with what its log still held; a damaged one goes as it is."""
    with suppress(Refused), _sqlite(file) as old:
        old.execute("pragma wal_checkpoint(truncate)")
    os.replace(file, kept)
    kept.chmod(0o600)
    for rest in _beside(file):
        if rest.exists():
            os.replace(rest, kept.with_name(kept.name + rest.name.removeprefix(file.name)))


def _beside(file: Path) -> tuple[Path, ...]:
    return tuple(file.with_name(f"{file.name}-{end}") for end in ("wal", "shm", "journal"))


def _install_on_server(copy: str, url: str, now: datetime, folder: Path) -> Path | None:
    with _engine(url) as server:
        upgrade(server, asked=True)
        with server.begin() as connection:
            held = not is_empty(connection)
    kept = None
    if held:
        backup(url, kept := _dated(folder / f"{make_url(url).database}.db", now), now)
    with _engine(url) as server, _engine(copy) as source, source.begin() as rows, server.begin() as connection:
        clear(connection)
        copy_rows(rows, connection)
    return kept


# --- moving to a server


def move(url: str, to: str, alive: datetime) -> int:
    """Moves a SQLite file to an empty PostgreSQL: all rows with their ids, compared table by table. The file is marked
    and opens no more. How many rows there were. Raises Refused for a file that is in use, and for a server that holds
    anything else than this very copy."""
    file = file_of(make_url(url))
    if file is None or not to.startswith("postgresql"):
        raise WrongUsage("a database moves from a SQLite file to postgresql://HOST/NAME")
    if not file.exists():
        raise NothingToActOn(f"there is no database '{file}' to move")
    with _engine(url) as old, _engine(to) as new:
        upgrade(old)
        upgrade(new, asked=True)
        with old.begin() as source:  # which keeps everybody else from writing
            _refuse_company(source, alive)
            rows = _copied(source, new)
            put(source, MARKS, {"name": "moved", "value": (where := _without_password(to))})
            for table in TABLES:  # who has it open still, and would write to what nobody reads any more
                for verb in ("insert", "update", "delete"):
                    source.exec_driver_sql(
                        f'create trigger "moved_{table.name}_{verb}" before {verb} on "{table.name}" '
                        "begin select raise(abort, 'this database was moved'); end"
                    )
            source.execute(text("update alembic_version set version_num = :said"), {"said": f"{MOVED}{where}"})
    return rows


def _copied(source: Connection, new: Engine) -> int:
    """Copies and compares. What was copied before, by a move that was broken off, is compared alone."""
    with new.begin() as target:
        wanted = digests(source)
        if is_empty(target):
            copy_rows(source, target)
        if (found := digests(target)) != wanted:
            other = next(name for name in wanted if found[name] != wanted[name])
            raise Refused(f"the rows of {other} are not those of the file; name an empty database, nothing was moved")
    return sum(count for count, _ in wanted.values())


def _without_password(url: str) -> str:
    return make_url(url).set(password=None, query={}).render_as_string()
