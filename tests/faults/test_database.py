"""The faults of the database: nothing is sent that was not written down, and nothing that was sent is forgotten.

| fault | expected |
| --- | --- |
| locked by another program, before a beat and while a message is on its way | one line; then everything once |
| the disk is full, likewise | one line, no message without its row; then everything once |
| the file is read-only, likewise | the same |
| the file is damaged | it is not opened, with what to do |
| the server ends every connection, while it is written and while a message is on its way | everything once |
| the server is gone | one line, exit code 5 |
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from threading import Timer
from weakref import WeakSet

import pytest
from sqlalchemy import Engine, create_engine, event, text

from cadence.channels.slack.channel import SlackChannel
from cadence.core.model import DeliveryState
from cadence.errors import CadenceError, Unreachable
from cadence.store import open_store
from tests.faults.test_channels import CROWD, CROWD_PLAN, PLAN, Meanwhile, beat, briefs, ready
from tests.support.postgres import postgres_server, postgres_url
from tests.support.slack import TOKEN, LoopbackSlack
from tests.support.smtp import LoopbackSmtp
from tests.support.world import Clock, World, start_of

__all__ = ["postgres_server", "postgres_url"]

LIFTED_AFTER = 0.4
"""Seconds after which a fault that began while a message was on its way is over."""


@dataclass(slots=True)
class Fault:
    """Something that every transaction meets, as long as it is on."""

    engine: Engine
    file: Path
    on: bool = False
    _locking: sqlite3.Connection | None = None

    def begin(self) -> None:
        raise NotImplementedError

    def end(self) -> None:
        raise NotImplementedError


class Locked(Fault):
    def begin(self) -> None:
        self._locking = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
        self._locking.execute("begin immediate")

    def end(self) -> None:
        assert self._locking is not None
        self._locking.close()


class Pragma(Fault):
    """What a connection is told when somebody takes it up."""

    said = ("", "")

    def begin(self) -> None:
        told, self.on = self.engine in TOLD, True
        if not told:
            event.listen(self.engine, "checkout", self._say)
            TOLD.add(self.engine)

    def end(self) -> None:
        self.on = False

    def _say(self, connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(self.said[0 if self.on else 1])


TOLD: WeakSet[Engine] = WeakSet()


class Full(Pragma):
    """Not a page more than there are, and no room in those."""

    said = ("pragma max_page_count = 1", "pragma max_page_count = 1000000")

    def begin(self) -> None:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as filling:
            filling.execute(self.said[0])
            for size in (3000, 300, 30):
                with suppress(sqlite3.OperationalError):
                    for n in count():
                        filling.execute("insert into marks values (?, ?)", (f"full/{size}/{n}", "x" * size))
        Pragma.begin(self)

    def end(self) -> None:
        Pragma.end(self)
        with closing(sqlite3.connect(self.file, isolation_level=None)) as emptying:
            emptying.execute("delete from marks where name like 'full/%'")


class ReadOnly(Pragma):
    said = ("pragma query_only = on", "pragma query_only = off")


FAULTS = [Locked, Full, ReadOnly]


@pytest.fixture
def impatient(world: World) -> World:
    """Waits for a lock a twentieth of a second."""

    @event.listens_for(world.store._engine, "checkout")
    def _short(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("pragma busy_timeout = 50")

    return world


@pytest.mark.parametrize("kind", FAULTS)
def test_a_database_that_does_not_take_anything_stops_the_beat_in_one_line_and_no_message_goes(
    impatient: World, kind: type[Fault]
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(impatient, CROWD_PLAN)
    world, fault = impatient, kind(impatient.store._engine, impatient.folder / "cadence.db")
    before = len(world.slack.posts)
    fault.begin()
    for moment in ("08:30", "08:31"):
        with pytest.raises(Unreachable) as raised:
            beat(world, moment)
        assert "\n" not in str(raised.value)
    assert len(world.slack.posts) == before
    fault.end()
    for moment in ("08:36", "08:40"):
        beat(world, moment)
    assert {one.state for one in briefs(world)} == {DeliveryState.SENT}
    assert len(world.slack.posts) - before == CROWD
    world.ignore(*world.directory.persons)


@pytest.mark.parametrize("kind", FAULTS)
def test_what_was_sent_while_the_database_took_nothing_is_known_when_it_takes_again(
    impatient: World, kind: type[Fault], monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    monkeypatch.setattr("cadence.services.dispatch.DATABASE_RESTS", 0.02)
    ready(impatient)
    world, fault = impatient, kind(impatient.store._engine, impatient.folder / "cadence.db")

    broken: list[Timer] = []

    def breaks() -> None:
        if not broken:
            fault.begin()
            broken.append(Timer(LIFTED_AFTER, fault.end))
            broken[0].start()

    before = len(world.slack.posts)
    slack = Meanwhile(SlackChannel(TOKEN, base_url=world.slack.url, timeout=2, at_once=0, pause=0), breaks)
    world.context = replace(world.context, channels={"slack": slack})  # type: ignore[dict-item]  # Slack, and a fault
    beat(world, "08:30")
    assert {one.state for one in briefs(world)} == {DeliveryState.SENT}
    assert len(world.slack.posts) - before == 1
    assert world.slack.count("conversations.history") == 0, "there is no doubt about it"
    world.ignore(*world.directory.persons)


def test_a_damaged_file_is_not_opened_and_the_line_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "cadence.db"
    open_store(f"sqlite:///{file}").close()
    content = bytearray(file.read_bytes())
    content[100:4000] = b"\xff" * 3900
    file.write_bytes(content)
    with pytest.raises(CadenceError, match="restore a backup"):
        open_store(f"sqlite:///{file}")


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[World]:
    store = open_store(postgres_url)
    try:
        with LoopbackSlack() as slack, LoopbackSmtp() as smtp:
            yield ready(World(store, slack, smtp, tmp_path, PLAN, Clock(start_of(PLAN))))
    finally:
        store.close()


def end_connections(url: str) -> Callable[[], None]:
    """As a restart does it."""

    def end() -> None:
        engine = create_engine(url)
        with closing(engine.connect()) as connection:
            others = "datname = current_database() and pid <> pg_backend_pid()"
            connection.execute(text(f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"))
        engine.dispose()

    return end


def test_a_server_that_was_restarted_between_two_beats_is_found_again(on_postgres: World, postgres_url: str) -> None:
    before = len(on_postgres.slack.posts)
    end_connections(postgres_url)()
    beat(on_postgres, "08:30")
    assert len(on_postgres.slack.posts) - before == 1
    on_postgres.ignore("ana")


def test_a_server_that_is_restarted_while_a_message_is_on_its_way_loses_nothing(
    on_postgres: World, postgres_url: str
) -> None:
    world, before = on_postgres, len(on_postgres.slack.posts)
    inner = SlackChannel(TOKEN, base_url=world.slack.url, timeout=2, at_once=0, pause=0)
    slack = Meanwhile(inner, end_connections(postgres_url))
    world.context = replace(world.context, channels={"slack": slack})  # type: ignore[dict-item]  # Slack, and a restart
    beat(world, "08:30")
    assert briefs(world)[-1].state is DeliveryState.SENT
    assert len(world.slack.posts) - before == 1
    world.ignore("ana")


def test_a_server_that_is_gone_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(Unreachable) as raised:
        open_store(f"postgresql://nobody:secret@/none?host={tmp_path}")
    assert "secret" not in str(raised.value)
    assert raised.value.exit_code == 5
