"""What every suite shares: the world of the stories."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cadence.store import open_store
from tests.support.slack import LoopbackSlack
from tests.support.smtp import LoopbackSmtp
from tests.support.sqlite import fresh_sqlite
from tests.support.world import Clock, World, plan_of, start_of

LONG = ("tests/crash/", "tests/soak/", "tests/faults/test_process.py", "tests/services/test_rehearse.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever takes long begins first, so that no worker ends long after the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The world of one story, on the plan in the test's docstring. Whatever nobody looked at fails the test."""
    plan = plan_of(request.function)
    store = open_store(fresh_sqlite(tmp_path))
    try:
        with LoopbackSlack() as slack, LoopbackSmtp() as smtp:
            yield World(store, slack, smtp, tmp_path, plan, Clock(start_of(plan)))
    finally:
        store.close()
