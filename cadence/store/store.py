"""The door of the room: a store is opened once, and all work in it is done in transactions.

What a `begin()` block did is committed when it ends and forgotten when it raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, or_, update

from cadence.store.changes import Changes, Kept, watch
from cadence.store.dialect import READS_ONLY, WRITTEN, add_new, make_engine, translated
from cadence.store.feeds import Feeds
from cadence.store.keys import Keys
from cadence.store.ledger import Ledger
from cadence.store.migrations import upgrade
from cadence.store.people import People
from cadence.store.personal import Personal, compact
from cadence.store.plans import Plans
from cadence.store.records import Records
from cadence.store.schema import LEASES
from cadence.store.tasks import Tasks


class Work:
    """One transaction, by subject."""

    def __init__(self, connection: Connection, kept: Kept) -> None:
        keys = Keys(connection)
        self._connection = connection
        self.changes = Changes(connection, kept)
        self.plans = Plans(connection)
        self.people = People(connection, keys)
        self.tasks = Tasks(connection, keys)
        self.records = Records(connection, keys)
        self.ledger = Ledger(connection, keys, self.records.texts)
        self.feeds = Feeds(connection, keys)
        self.personal = Personal(connection, keys)

    def lease(self, name: str, owner: str, now: datetime, ttl: timedelta) -> bool:
        """Takes or renews a standing role for `ttl`; False while another owner has it."""
        values = {"owner": owner, "until": now + ttl}
        if add_new(self._connection, LEASES, {"name": name, **values}):
            return True
        free = or_(LEASES.c.owner == owner, LEASES.c.until <= now)
        taken = update(LEASES).where(LEASES.c.name == name, free).values(**values)
        return self._connection.execute(taken).rowcount == 1


class Store:
    """An open database. Safe to share between threads; each transaction has a connection of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._readers = engine.execution_options(**{READS_ONLY: True})
        self._kept: Kept = {}
        watch(engine)

    @property
    def bears_several(self) -> bool:
        """Several processes may act on it at once; a file is for one, and the others stand by."""
        return self._engine.dialect.name != "sqlite"

    @contextmanager
    def begin(self) -> Iterator[Work]:
        """A transaction that may write; on SQLite the only one at a time."""
        with translated(self._engine.url), self._engine.begin() as connection:
            work = Work(connection.execution_options(**{WRITTEN: set()}), self._kept)
            yield work
            work.changes.count()

    @contextmanager
    def read(self) -> Iterator[Work]:
        """A transaction that only reads and on SQLite waits for no writer: for pages, feeds and reports."""
        with translated(self._engine.url), self._readers.begin() as connection:
            yield Work(connection, self._kept)

    def compact(self) -> None:
        """Leaves nothing of what was deleted in the database's bytes. Raises Unreachable while others are at work."""
        compact(self._engine)

    def close(self) -> None:
        self._engine.dispose()


def open_store(url: str, *, asked_to_upgrade: bool = False) -> Store:
    """Connects and brings the schema up to date; on PostgreSQL only when asked to, see `migrations`."""
    engine = make_engine(url)
    try:
        with translated(engine.url):
            upgrade(engine, asked=asked_to_upgrade)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)
