"""Copies of a whole database: what comes back is what was there, whichever database it was and whoever wrote."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import select, text

from cadence.errors import NothingToActOn, Refused, Unreachable, WrongUsage
from cadence.store import Store, backup, open_store
from cadence.store.dialect import make_engine
from cadence.store.health import damage
from cadence.store.migrations import upgrade
from cadence.store.rows import TABLES, Digest, digests
from cadence.store.schema import LEASES
from tests.store.examples import ANA, BEN, DAY, MINUTE, NOW
from tests.store.filled import fill

WORDLESS = "delete from marks where name = 'backup'"


@contextmanager
def filled(url: str) -> Iterator[Store]:
    store = open_store(url, asked_to_upgrade=True)
    fill(store)
    try:
        yield store
    finally:
        store.close()


def held(url: str, *, leases: bool = True) -> dict[str, Digest]:
    """What every table of the database at `url` holds, but for the mark of the backup."""
    engine = make_engine(url)
    with engine.connect() as connection:
        connection.execute(text(WORDLESS))
        if not leases:
            connection.execute(LEASES.delete())
        found = digests(connection)
        connection.rollback()
    engine.dispose()
    return found


def test_a_backup_put_back_is_the_database_that_was(url: str, tmp_path: Path) -> None:
    with filled(url):
        before = held(url, leases=False)
        assert all(count for name, (count, _) in before.items() if name != "leases"), "a table without a row"
        backup.backup(url, tmp_path / "copy.db", NOW)
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith((".", "copy.db-"))] == []
    store = open_store(url)
    with store.begin() as work:
        work.records.mark("beat", "later")
    store.close()
    with backup.unpacked(tmp_path / "copy.db") as (copy, taken):
        assert taken == NOW
        kept = backup.install(copy, url, NOW, tmp_path)
    assert kept is not None
    assert held(url) == before
    with backup.unpacked(kept) as (old, _):
        store = open_store(old)
        with store.read() as work:
            assert work.records.marked("beat") == "later", "what was replaced is kept beside"
        store.close()


def test_numbers_go_on_where_they_stood(url: str, tmp_path: Path, empty_postgres_url: str) -> None:
    with filled(url):
        engine = make_engine(url)
        with engine.begin() as connection:
            connection.execute(text("insert into persons select * from persons where false"))
        engine.dispose()
        backup.backup(url, tmp_path / "copy.db", NOW)
    with backup.unpacked(tmp_path / "copy.db") as (copy, _):
        backup.install(copy, empty_postgres_url, NOW, tmp_path)
    store = open_store(empty_postgres_url)
    with store.begin() as work:
        assert work.feeds.add("team", "north", "hash-2", NOW).id == 2
        work.people.save([ANA, BEN])
    store.close()


def test_a_backup_taken_while_somebody_writes_is_of_one_instant(url: str, tmp_path: Path) -> None:
    store, enough, begun = open_store(url), Event(), Event()

    def write() -> None:
        number = 0
        while not enough.is_set():
            number += 1
            with store.begin() as work:
                work.records.mark("one", str(number))
                work.records.mark("two", str(number))
            begun.set()

    writer = Thread(target=write)
    writer.start()
    try:
        begun.wait(10)
        for number in range(5):
            backup.backup(url, tmp_path / f"{number}.db", NOW)
    finally:
        enough.set()
        writer.join()
        store.close()
    for number in range(5):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            assert copy.execute("pragma integrity_check").fetchone() == ("ok",)
            ((one,), (two,)) = copy.execute("select value from marks where name in ('one', 'two')").fetchall()
            assert one == two


def test_a_backup_is_never_written_over_anything(url: str, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(Refused, match="is there already"):
        backup.backup(url, tmp_path / "copy.db", NOW)
    assert (tmp_path / "copy.db").read_text() == "precious"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "none of cadence"),
        (b"name,manager\n" * 400, "not a database"),
        (b"SQLite format 3\0" + b"x" * 5000, "restore a"),
    ],
)
def test_what_is_no_backup_is_refused_in_one_line(tmp_path: Path, content: bytes, says: str) -> None:
    file = tmp_path / "copy.db"
    file.write_bytes(content)
    with pytest.raises(Refused, match=says) as refusal, backup.unpacked(file):
        pass
    assert str(file) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_a_damaged_file_is_found_by_the_check_and_by_the_backup(sqlite_url: str, tmp_path: Path) -> None:
    with filled(sqlite_url):
        pass
    assert damage(sqlite_url) == ()
    file = tmp_path / "cadence.db"
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 9] = b"\xff" * 4096 * 6
    file.write_bytes(content)
    assert damage(sqlite_url)[0].startswith("the file is damaged")
    with pytest.raises(Refused, match="a backup that is whole"):
        backup.backup(sqlite_url, tmp_path / "copy.db", NOW)
    assert not (tmp_path / "copy.db").exists()
    with pytest.raises(Refused, match="--yes"):
        backup.refuse_in_use(sqlite_url, NOW + DAY, yes=False)


def test_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'no.db'}"
    with pytest.raises(NothingToActOn, match="no file"):
        backup.backup(url, tmp_path / "copy.db", NOW)
    with pytest.raises(NothingToActOn), backup.unpacked(tmp_path / "no.db"):
        pass
    with pytest.raises(NothingToActOn):
        damage(url)
    with pytest.raises(NothingToActOn):
        backup.move(url, "postgresql://nowhere/db", NOW)
    with pytest.raises(Unreachable):
        damage("postgresql://postgres@/nothing?host=/nowhere")
    assert not (tmp_path / "no.db").exists()


def test_a_database_that_holds_data_wants_a_yes_and_one_at_work_a_stop(url: str) -> None:
    store = open_store(url)
    store.close()
    backup.refuse_in_use(url, NOW, yes=False)
    with filled(url):
        pass
    with pytest.raises(Refused, match="add --yes"):
        backup.refuse_in_use(url, NOW + DAY, yes=False)
    backup.refuse_in_use(url, NOW + DAY, yes=True)
    with pytest.raises(Refused, match="a worker acts"):
        backup.refuse_in_use(url, NOW + MINUTE / 2, yes=True)


def test_a_server_that_others_are_connected_to_is_not_restored_over(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with engine.connect() as connection:
        connection.execute(select(1))
        with pytest.raises(Refused, match="1 other connections"):
            backup.refuse_in_use(postgres_url, NOW, yes=True)
    engine.dispose()
    backup.refuse_in_use(postgres_url, NOW, yes=True)


def test_a_file_moves_to_a_server_and_opens_no_more(sqlite_url: str, empty_postgres_url: str) -> None:
    with filled(sqlite_url) as still_open:
        before = held(sqlite_url)
        rows = backup.move(sqlite_url, empty_postgres_url, NOW + DAY)
        assert held(empty_postgres_url) == before
        assert rows == sum(count for count, _ in before.values())
        with pytest.raises(Refused), still_open.begin() as work:
            work.records.mark("beat", "what nobody would read")
    with pytest.raises(Refused, match=r"was moved to postgresql://.*set CADENCE_DATABASE_URL"):
        open_store(sqlite_url)
    with pytest.raises(Refused, match="was moved to"):
        backup.move(sqlite_url, empty_postgres_url, NOW + DAY)


def test_a_move_that_was_broken_off_is_finished_by_the_next(sqlite_url: str, empty_postgres_url: str) -> None:
    with filled(sqlite_url), backup._engine(sqlite_url) as old, backup._engine(empty_postgres_url) as new:
        upgrade(new, asked=True)
        with old.begin() as source:
            backup._copied(source, new)  # and then the power failed
    backup.move(sqlite_url, empty_postgres_url, NOW + DAY)
    with pytest.raises(Refused, match="was moved"):
        open_store(sqlite_url)


def test_a_move_leaves_everything_as_it_was_where_it_cannot_be(
    sqlite_url: str, postgres_url: str, tmp_path: Path
) -> None:
    with filled(postgres_url) as other, other.begin() as work:
        work.records.mark("beat", "another life")
    with filled(sqlite_url):
        pass
    with pytest.raises(Refused, match="not those of the file"):
        backup.move(sqlite_url, postgres_url, NOW + DAY)
    with pytest.raises(Refused, match="a worker acts"):
        backup.move(sqlite_url, postgres_url, NOW)
    for to in (f"sqlite:///{tmp_path / 'other.db'}", sqlite_url):
        with pytest.raises(WrongUsage):
            backup.move(sqlite_url, to, NOW)
    with pytest.raises(WrongUsage):
        backup.move(postgres_url, postgres_url, NOW)
    open_store(sqlite_url).close()


def test_every_table_has_a_row_in_the_filled_database(store: Store, url: str) -> None:
    fill(store)
    assert set(held(url)) == {table.name for table in TABLES}
