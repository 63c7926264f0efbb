"""The worker: one acts and the other stands by, an error ends one beat only, and it stops when told."""

from __future__ import annotations

import json
import signal
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest
from structlog.testing import capture_logs

from cadence import templating
from cadence.channels import Channel
from cadence.services.context import Context
from cadence.store import open_store
from cadence.worker import ACTING, Worker
from tests.store.examples import ANA, delivery
from tests.support.command import Command
from tests.support.sqlite import fresh_sqlite
from tests.support.world import Clock

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
NO_CHANNELS: dict[str, Channel] = {}


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    store = open_store(fresh_sqlite(tmp_path))
    yield Context(store=store, channels=NO_CHANNELS, words=templating.words)
    store.close()


def worker(context: Context, alive: Clock, **more: str) -> Worker:
    return Worker(context, lambda: NOW, alive=alive, **more)  # type: ignore[arg-type]  # only the heartbeat's address


def test_on_a_file_one_worker_acts_and_the_other_stands_by_and_says_so_once(context: Context) -> None:
    alive = Clock(NOW)
    first, second = worker(context, alive), worker(context, alive)
    assert first.tick()
    with capture_logs() as logged:
        assert [second.tick() for _ in range(3)] == [None] * 3
    assert [line["event"] for line in logged] == ["standing by"]
    assert first.tick()


def test_the_second_takes_over_when_the_first_has_fallen_silent(context: Context) -> None:
    alive = Clock(NOW)
    first, second = worker(context, alive), worker(context, alive)
    first.tick()
    alive.now += ACTING - timedelta(seconds=1)
    assert second.tick() is None
    alive.now += timedelta(seconds=1)
    assert second.tick()
    assert first.tick() is None


def test_a_worker_that_stops_gives_way_at_once(context: Context) -> None:
    alive = Clock(NOW)
    first, second = worker(context, alive), worker(context, alive)
    first.start()
    first.tick()
    assert first.stop()
    assert second.tick()
    assert first.tick() is None, "nothing is begun after the end"


def test_an_error_ends_one_beat_and_the_next_goes_on(context: Context, tmp_path: Path) -> None:
    """A redirect to somebody unknown sends nothing to anybody; once the person is known, all is well."""
    from cadence.core.model import Person

    with context.store.begin() as work:
        work.people.save([Person(key="mia", identity="mail:mia@example.test", name="Mia")])
    beating = worker(replace(context, redirect="tom"), Clock(NOW))
    with capture_logs() as logged:
        assert beating.tick() is None
    assert [line["log_level"] for line in logged] == ["error"]
    assert "'tom'" in logged[0]["error"]
    with context.store.begin() as work:
        work.people.save([Person(key="tom", identity="mail:tom@example.test", name="Tom")])
    assert beating.tick()


class Watchdog(BaseHTTPRequestHandler):
    fetched: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.fetched.append(self.path)
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def test_the_watchdog_hears_of_good_beats_only_and_its_absence_harms_nothing(context: Context) -> None:
    Watchdog.fetched.clear()
    server = HTTPServer(("127.0.0.1", 0), Watchdog)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/ping"
    alive = Clock(NOW)
    acting, waiting = (worker(context, alive, heartbeat_url=address) for _ in range(2))
    assert acting.tick()
    assert waiting.tick() is None
    assert Watchdog.fetched == ["/ping"]
    server.shutdown()
    server.server_close()
    for gone in (address, "file:///etc/passwd", "nonsense"):
        with capture_logs() as logged:
            alive.now += ACTING  # whoever acted before has fallen silent
            assert worker(context, alive, heartbeat_url=gone).tick()
        assert [line["event"] for line in logged] == ["heartbeat not delivered"]


def test_the_watchdog_hears_nothing_while_the_installation_is_not_well(context: Context) -> None:
    Watchdog.fetched.clear()
    server = HTTPServer(("127.0.0.1", 0), Watchdog)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    alive = Clock(NOW)
    beating = worker(context, alive, heartbeat_url=f"http://127.0.0.1:{server.server_address[1]}/ping")
    with context.store.begin() as work:
        work.people.save([ANA])
        work.ledger.enqueue(replace(delivery(), channel="slack", not_before=NOW - timedelta(days=2)))
        work.ledger.claim(NOW, timedelta(minutes=20), 1)  # somebody has it, and nothing comes of it
    with capture_logs() as logged:
        assert beating.tick()
        assert beating.tick()
    assert [(line["event"], line["late"]) for line in logged] == [("not well", True)]
    assert Watchdog.fetched == []
    with context.store.begin() as work:
        work.ledger.drop(delivery().key, 1, NOW, "looked into")
    alive.now += timedelta(minutes=1)
    assert beating.tick()
    assert Watchdog.fetched == ["/ping"]
    server.shutdown()
    server.server_close()


PLAN = """\
plan: rides
rollout: 2027-01-11
ends: week 1
timezone: UTC
people:
  list:
    mia: {name: Mia Lang, email: mia@example.test}
activities:
  ride: {kind: training, title: Ride, owner: mia, on: 2027-01-13}
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return json.load(answer)["last_beat_seconds"] is not None
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_whole_process_ends_with_0_soon_after_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    cadence = Command(tmp_path, "2027-01-13T09:00:00Z")
    (tmp_path / "plan.yaml").write_text(PLAN)
    cadence("load", "plan.yaml", "--yes")
    port = free_port()
    process = cadence.started("run", "--port", str(port))
    try:
        deadline = time.monotonic() + 30
        while not healthy(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(number)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
    sent = cadence("sent", "--json").documents
    assert [message["to"] for message in sent] == ["mia"]
