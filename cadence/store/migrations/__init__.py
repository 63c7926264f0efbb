"""The schema's versions: SQLite is brought up to date by itself, a server only when its operator asks.

Alembic takes half a second to import and is therefore only imported when there is something to upgrade.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from cadence.errors import Refused
from cadence.store.dialect import READS_ONLY, file_of

VERSIONS = ("0001", "0002", "0003", "0004")
"""Every version this program knows, oldest first; a test compares them with the folder `versions`."""

HEAD = VERSIONS[-1]
ADVISORY_LOCK = 0x_CADE_0CE
MOVED = "moved to "
"""Stands with an address in the place of the version of a file whose rows are elsewhere now."""


def version(connection: Connection) -> str | None:
    """The version a database says it has; None when it has none of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()
    return None if found is None else str(found)


def upgrade(engine: Engine, *, asked: bool = False) -> bool:
    """Brings the schema to this program's version in one transaction; True when there was something to do.

    SQLite: always, after copying a file that holds data. PostgreSQL: only when `asked`, else `Refused`.
    """
    with engine.connect().execution_options(**{READS_ONLY: True}) as connection:
        found = version(connection)
    _refuse_newer(found)
    if found == HEAD:
        return False
    if engine.dialect.name == "postgresql" and not asked:
        raise Refused("the database is not up to date: run `cadence db upgrade`")
    with engine.begin() as connection:
        return _upgrade_alone(connection)


def _upgrade_alone(connection: Connection) -> bool:
    """With everybody else shut out, looks again: another process may have done it meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
    found = version(connection)
    _refuse_newer(found)
    if found == HEAD:
        return False
    file = file_of(connection.engine.url)
    if file and inspect(connection).get_table_names():
        copy_aside(file)
    _run(connection)
    return True


def _refuse_newer(found: str | None) -> None:
    if found is not None and found.startswith(MOVED):
        raise Refused(f"the database was {found}: set CADENCE_DATABASE_URL to that")
    if found is not None and found not in VERSIONS:
        raise Refused(
            f"the database has version {found}, this program knows {HEAD}: install the newer cadence that wrote it"
        )


def copy_aside(file: Path) -> Path:
    """A consistent copy beside the file, readable by its owner alone; an earlier copy is written over."""
    copy = file.with_name(f"{file.name}.before-{HEAD}")
    copy.unlink(missing_ok=True)
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    command.upgrade(config, "head")
