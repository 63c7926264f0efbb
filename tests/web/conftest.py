"""A loaded plan behind the web application, on the morning a field ride is due."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cadence.store import open_store
from tests.support.slack import LoopbackSlack
from tests.support.smtp import LoopbackSmtp
from tests.support.sqlite import fresh_sqlite
from tests.support.world import Clock, World, start_of

PLAN = """\
plan: rides
title: Rides
rollout: 2027-01-11
ends: week 8
timezone: UTC
roles: {vp: vera}
people:
  list:
    vera: {name: Vera Pohl, email: vera@example.test}
    mia: {name: Mia Lang, email: mia@example.test}
    tom: {name: Tom Reed, email: tom@example.test}
activities:
  ride: {kind: training, title: Ride with Tom, owner: mia, on: 2027-01-13}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[World]:
    """Mia has the brief that asks for the ride in front of her."""
    store = open_store(fresh_sqlite(tmp_path))
    with LoopbackSlack(strict=False) as slack, LoopbackSmtp(strict=False) as smtp:
        world = World(store, slack, smtp, tmp_path, PLAN, Clock(start_of(PLAN))).load()
        yield world.forward(to="2027-01-13 09:00")
    store.close()


def trace(house: World) -> list[tuple[object, ...]]:
    """Everything the database holds, table by table."""
    with house.store.read() as work:
        connection = work.records._connection  # a test may look below the surface
        names = connection.exec_driver_sql("select name from sqlite_master where type = 'table' order by name")
        tables = [row[0] for row in names]
        return [
            (table, *row) for table in tables for row in connection.exec_driver_sql(f'select * from "{table}"').all()
        ]
