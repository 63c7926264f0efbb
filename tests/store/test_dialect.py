"""Opening a database: private, durable, and with complaints a person can act on."""

from __future__ import annotations

import os
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from cadence.errors import Unreachable, WrongUsage
from cadence.store import Store, dialect, open_store
from tests.store.examples import ANA

ROOT = Path(__file__).parents[2]
DRIVERS = ("psycopg", "psycopg2")


def test_a_new_sqlite_file_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = open_store(f"sqlite:///{tmp_path / 'cadence.db'}")
        with store.begin() as work:
            work.records.mark("a", "b")
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
        store.close()
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    ("setting", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 10_000)]
)
def test_sqlite_is_durable_and_keeps_references(sqlite_url: str, setting: str, value: object) -> None:
    engine = dialect.make_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.execute(text(f"pragma {setting}")).scalar_one() == value
    engine.dispose()


@pytest.mark.parametrize(
    ("setting", "value"), [("lock_timeout", "10s"), ("idle_in_transaction_session_timeout", "2min")]
)
def test_a_server_lets_nobody_wait_for_ever_for_a_program_that_hangs(
    postgres_url: str, setting: str, value: str
) -> None:
    engine = dialect.make_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text(f"show {setting}")).scalar_one() == value
    engine.dispose()


def test_who_meets_a_row_that_a_hanging_program_locked_is_told_to_try_again(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hanging = open_store(postgres_url)
    monkeypatch.setitem(dialect.SERVER, "options", "-c lock_timeout=100ms")
    waiting = open_store(postgres_url)
    with hanging.begin() as work:
        work.people.save([ANA])
    with hanging.begin() as work:
        work.people.save([replace(ANA, name="Ana")])
        with pytest.raises(Unreachable, match="try again in a moment"), waiting.begin() as other:
            other.people.save([replace(ANA, name="Anna")])
    hanging.close()
    waiting.close()


def test_what_a_block_did_is_forgotten_when_it_raises(store: Store) -> None:
    def fail() -> None:
        with store.begin() as work:
            work.records.mark("a", "b")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.read() as work:
        assert work.records.marked("a") is None


def test_a_database_in_memory_is_one_for_all_threads() -> None:
    store = open_store("sqlite://")
    with store.begin() as work:
        work.people.save([ANA])

    def names(_: int) -> list[str]:
        with store.read() as work:
            return list(work.people.all())

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(names, range(6))) == [[ANA.key]] * 6
    store.close()


def test_reading_waits_for_no_writer(store: Store) -> None:
    with store.begin() as writer, store.read() as reader:
        writer.records.mark("a", "b")
        assert reader.records.marked("a") is None


def test_a_missing_driver_is_got_the_way_the_guide_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for driver in [name for name in sys.modules if name.partition(".")[0] in ("psycopg", "psycopg2")] + list(DRIVERS):
        monkeypatch.setitem(sys.modules, driver, None)
    with pytest.raises(WrongUsage) as refused:
        dialect.make_engine("postgresql+psycopg://nowhere/none")
    remedy = str(refused.value).rpartition(": ")[2]
    assert remedy == "pip install '.[postgres]'"
    assert f"\n{remedy}\n" in (ROOT / "docs" / "howto" / "postgresql.md").read_text()


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="its folder must exist"):
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'cadence.db'}")


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "cadence.db").write_text("dear diary, " * 1000)
    with pytest.raises(Unreachable, match="restore a backup"):
        open_store(f"sqlite:///{tmp_path / 'cadence.db'}")


def test_a_locked_database_is_said_after_a_wait(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "BUSY_SECONDS", 0.05)
    store = open_store(sqlite_url)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(Unreachable, match="another program is writing"), store.begin():
            pass
    store.close()


def test_a_server_that_is_not_there_is_said_in_one_line_without_the_password() -> None:
    with pytest.raises(Unreachable) as complaint:
        open_store("postgresql://cadence:s3cret@127.0.0.1:1/cadence")
    assert "CADENCE_DATABASE_URL" in str(complaint.value)
    assert "s3cret" not in str(complaint.value)
    assert "\n" not in str(complaint.value)


@pytest.mark.parametrize("url", ["cadence.db", "mysql://localhost/cadence", "postgres://localhost/cadence"])
def test_an_address_of_another_form_is_wrong_usage(url: str) -> None:
    with pytest.raises(WrongUsage, match="CADENCE_DATABASE_URL"):
        open_store(url)
