"""The store's contract runs on both databases: SQLite in a file, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cadence.store import Store, open_store
from tests.store.examples import ANA, BEN
from tests.support.postgres import empty_postgres_url, postgres_server, postgres_url
from tests.support.sqlite import fresh_sqlite

__all__ = ["empty_postgres_url", "postgres_server", "postgres_url"]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'cadence.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of a database with the newest schema and no rows."""
    return fresh_sqlite(tmp_path) if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Knows Ana and Ben, and nothing else."""
    store = open_store(url)
    with store.begin() as work:
        work.people.save([ANA, BEN])
    yield store
    store.close()
