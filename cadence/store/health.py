"""What is wrong with a database, said line by line: as a file, as a schema, and among its rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import Connection, func, make_url, select

from cadence.errors import NothingToActOn
from cadence.store.dialect import READS_ONLY, file_of, make_engine, translated
from cadence.store.migrations import HEAD, version
from cadence.store.schema import BUNDLES, TASKS, TERMS


def damage(url: str) -> tuple[str, ...]:
    """Everything that is wrong, without a word of ours being believed and without changing anything. Raises
    NothingToActOn where there is no database, Unreachable where none answers."""
    file = file_of(make_url(url))
    if file and not file.is_file():
        raise NothingToActOn(f"there is no database '{file}'")
    if file and (broken := tuple(_broken(str(file)))):
        return broken
    engine = make_engine(url)
    try:
        with translated(engine.url), engine.connect().execution_options(**{READS_ONLY: True}) as connection:
            return tuple(_contradictions(connection))
    finally:
        engine.dispose()


def _broken(file: str) -> Iterator[str]:
    """What SQLite itself finds in its file."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            for (line,) in connection.execute("pragma integrity_check"):
                if line != "ok":
                    yield f"the file is damaged: {line}; restore a backup"
            for table, row, parent, _ in connection.execute("pragma foreign_key_check"):
                yield f"{table}: row {row} points at nothing in {parent}"
    except sqlite3.Error as error:
        yield f"the file is damaged or something else: {error}; restore a backup"


def _contradictions(connection: Connection) -> Iterator[str]:
    found = version(connection)
    if found != HEAD:
        yield f"the schema is {found or 'not there'}, this program's is {HEAD}: run `cadence db upgrade`"
        return
    tasks = select(TERMS.c.plan, func.count()).outerjoin(TERMS, TASKS.c.terms_id == TERMS.c.id).group_by(TERMS.c.plan)
    known = set(connection.execute(select(BUNDLES.c.plan)).scalars())
    for plan, count in connection.execute(tasks.select_from(TASKS).order_by(TERMS.c.plan)):
        if plan is None:
            yield f"{count} tasks say no more what they are about; restore a backup"
        elif plan not in known:
            yield f"plan {plan}: {count} tasks and no bundle in force; load it from its file"
