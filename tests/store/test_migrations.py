"""The schema's versions: the migrations build what the classes say, once, and never touch what is newer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from cadence.errors import Refused
from cadence.store import migrations, open_store
from cadence.store.dialect import make_engine
from cadence.store.schema import TASKS, Row
from tests.store.examples import ANA


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database that the migrations have built."""
    engine = make_engine(url)
    migrations.upgrade(engine, asked=True)
    yield engine
    engine.dispose()


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # which SQLAlchemy cannot read back from SQLite
def test_the_migrations_build_exactly_what_the_classes_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
        made, said = _indexes(connection, "tasks"), {str(index.name) for index in TASKS.indexes}
        assert made >= said


def _indexes(connection: Connection, table: str) -> set[str]:
    stored = {
        "sqlite": "select name from sqlite_master where type = 'index' and tbl_name = :name",
        "postgresql": "select indexname from pg_indexes where tablename = :name",
    }
    return set(connection.execute(text(stored[connection.dialect.name]), {"name": table}).scalars())


def test_the_versions_known_are_the_versions_there(engine: Engine) -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert tuple(one.revision for one in reversed(list(script.walk_revisions()))) == migrations.VERSIONS


def test_upgrading_again_does_nothing(engine: Engine) -> None:
    assert migrations.upgrade(engine) is False


def test_a_database_from_a_newer_program_is_refused_in_one_line(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(Refused, match="9999") as refusal:
        open_store(url, asked_to_upgrade=True)
    assert "\n" not in str(refusal.value)


def test_an_empty_postgresql_is_upgraded_only_when_asked(empty_postgres_url: str) -> None:
    with pytest.raises(Refused, match="cadence db upgrade"):
        open_store(empty_postgres_url)
    open_store(empty_postgres_url, asked_to_upgrade=True).close()
    open_store(empty_postgres_url).close()


def test_of_four_upgrades_at_once_on_postgresql_one_does_it(empty_postgres_url: str) -> None:
    engine = make_engine(empty_postgres_url)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: migrations.upgrade(engine, asked=True), range(4)))
    engine.dispose()
    assert sorted(done) == [False, False, False, True]


def test_a_sqlite_file_with_data_is_copied_before_it_is_upgraded(tmp_path: Path) -> None:
    file = tmp_path / "cadence.db"
    with closing(sqlite3.connect(file)) as before:
        before.execute("create table precious (word text)")
        before.execute("insert into precious values ('gold')")
        before.commit()
    open_store(f"sqlite:///{file}").close()
    copy = tmp_path / f"cadence.db.before-{migrations.HEAD}"
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("select word from precious").fetchall() == [("gold",)]
        assert kept.execute("select count(*) from sqlite_master where name = 'persons'").fetchone() == (0,)
    assert copy.stat().st_mode & 0o777 == 0o600


def test_of_four_first_starts_at_once_on_sqlite_all_succeed(sqlite_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: open_store(sqlite_url), range(4)))
    for store in stores:
        with store.begin() as work:
            assert work.people.all() == {}
        store.close()


def test_a_new_sqlite_file_leaves_no_copy(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path / 'cadence.db'}").close()
    assert [file.name for file in tmp_path.iterdir()] == ["cadence.db"]


def test_the_id_of_a_deleted_person_is_never_given_again(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.begin() as work:
        work.people.save([ANA])
    store.close()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
        raw.execute("delete from persons")
        raw.commit()
        assert raw.execute("select seq from sqlite_sequence where name = 'persons'").fetchone() == (1,)
