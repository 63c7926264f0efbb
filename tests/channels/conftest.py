"""Servers on the loopback and the messages that the channels' tests send through them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.slack import LoopbackSlack
from tests.support.smtp import LoopbackSmtp


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as server:
        server.register("dustin@example.com")
        yield server


@pytest.fixture
def smtp() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as server:
        yield server
