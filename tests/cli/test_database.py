"""The database on the command line: backed up, restored, checked, moved."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence
from tests.support.postgres import empty_postgres_url, postgres_server

__all__ = ["empty_postgres_url", "postgres_server"]

MONDAY = "2027-01-11T09:00:00Z"
TUESDAY = "2027-01-12T09:00:00Z"


def test_a_backup_is_put_back_only_with_a_yes_and_then_everything_is_held(loaded: Cadence, tmp_path: Path) -> None:
    assert loaded("db", "backup", "copy.db").code == 0
    sent = json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"]
    assert sent > 0
    refused = loaded("db", "restore", "copy.db", now=MONDAY)
    assert (refused.code, "add --yes" in refused.err) == (1, True)
    restored = loaded("db", "restore", "copy.db", "--yes", now=MONDAY)
    assert restored.code == 0
    assert "cadence.db.2027-01-11T090000Z" in restored.err
    assert (tmp_path / "cadence.db.2027-01-11T090000Z").stat().st_mode & 0o777 == 0o600
    assert json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"] == 0
    (hold,) = loaded("hold", "--list", "--json", now=MONDAY).tasks
    assert (hold["scope"], "2027-01-10 12:00 UTC was restored" in str(hold["reason"])) == ("all", True)
    assert loaded("release", now=MONDAY).code == 0
    assert json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"] == 0, "it may have been sent"
    assert json.loads(loaded("run", "--once", "--json", now=TUESDAY).out)["sent"] >= 0
    assert loaded("db", "check", now=MONDAY).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["backup", "emea.yaml"], 1, "is there already"),
        (["restore", "emea.yaml", "--yes"], 1, "not a database"),
        (["restore", "nix.db", "--yes"], 4, "no file"),
        (["move", "sqlite:///other.db"], 2, "postgresql://"),
        (["move", "nonsense"], 2, "postgresql://"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line_and_changes_nothing(
    loaded: Cadence, tmp_path: Path, arguments: list[str], code: int, says: str
) -> None:
    before = (tmp_path / "cadence.db").read_bytes()
    ended = loaded("db", *arguments)
    assert (ended.code, says in ended.err, ended.err.count("\n")) == (code, True, 1), ended.err
    assert (tmp_path / "cadence.db").read_bytes() == before


def test_the_check_names_each_thing_that_is_wrong(loaded: Cadence, tmp_path: Path) -> None:
    assert loaded("db", "check").code == 0
    with closing(sqlite3.connect(tmp_path / "cadence.db")) as raw:
        raw.execute("update bundles set plan = 'other'")
        raw.commit()
    orphaned = loaded("db", "check")
    assert orphaned.code == 1
    assert "plan emea:" in orphaned.out
    assert "no bundle in force" in orphaned.out
    with closing(sqlite3.connect(tmp_path / "cadence.db")) as raw:
        raw.execute("update bundles set plan = 'emea', files = '[[\"emea.yaml\", \"plan: [\"]]'")
        raw.commit()
    assert "cannot be read any more" in loaded("db", "check").out
    with closing(sqlite3.connect(tmp_path / "cadence.db")) as raw:
        raw.execute("update alembic_version set version_num = '0001'")
        raw.commit()
    old = loaded("db", "check")
    assert (old.code, "the schema is 0001" in old.out) == (1, True)


def test_messages_left_behind_or_sent_twice_are_found(loaded: Cadence, tmp_path: Path) -> None:
    loaded("run", "--once", now=MONDAY)
    with closing(sqlite3.connect(tmp_path / "cadence.db")) as raw:
        names = ", ".join(name for (name,) in raw.execute("select name from pragma_table_info('deliveries')"))
        copied = names.replace("key,", "key || '-2',", 1)
        one = "kind = 'brief' and state = 'sent' limit 1"
        raw.execute(f"insert into deliveries ({names}) select {copied} from deliveries where {one}")
        stuck = names.replace("key,", "key || '-3',", 1).replace("state", "'sending'", 1)
        stuck = stuck.replace("lease_until", "'2027-01-11 07:00:00.000000'", 1)
        raw.execute(f"insert into deliveries ({names}) select {stuck} from deliveries where {one}")
        raw.commit()
    found = loaded("db", "check", now=MONDAY)
    assert found.code == 1
    assert "1 messages were sent twice" in found.out
    assert "1 messages are in hands that let them lie" in found.out


def test_a_task_of_a_seat_that_nobody_knows_is_found(loaded: Cadence, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cadence.db")) as raw:
        (files,) = raw.execute("select files from bundles").fetchone()
        raw.execute(
            "update bundles set files = ?", (files.replace("dana-ruiz", "dora-ruiz").replace("dana@", "dora@"),)
        )
        raw.commit()
    found = loaded("db", "check")
    assert found.code == 1
    assert "owed by manager/dana-ruiz, which is not in it" in found.out


def test_a_file_moves_to_a_server_and_the_program_goes_on_there(
    loaded: Cadence, empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = loaded("tasks", "--json").out
    assert loaded("db", "move", empty_postgres_url).code == 0
    gone = loaded("tasks", "--json")
    assert (gone.code, "was moved to postgresql://" in gone.err) == (1, True)
    monkeypatch.setenv("CADENCE_DATABASE_URL", empty_postgres_url)
    assert loaded("tasks", "--json").out == before
    assert loaded("db", "check").code == 0
    assert json.loads(loaded("run", "--once", "--json", now=MONDAY).out)["sent"] > 0
    assert loaded("db", "backup", "copy.db").code == 0
    assert loaded("db", "restore", "copy.db", "--yes", now=MONDAY).code == 0
    assert loaded("tasks", "--json").out == loaded("tasks", "--json").out
