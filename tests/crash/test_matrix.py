"""A part of the crash matrix: every so manieth step of a beat, and of an answer coming in, is the last one.

`make crash` takes them all, one by one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.crash.matrix import Row, play
from tests.crash.stage import Way, stage
from tests.support.postgres import postgres_server

__all__ = ["postgres_server"]
pytestmark = pytest.mark.timeout(600)  # some dozens of processes a test: on a busy machine they take their time
EVERY = {"run": 60, "done": 13}


def proven(row: Row) -> None:
    assert not [one for one in row.kills if not one.holds]
    assert len([one for one in row.kills if one.step]) >= 3


@pytest.mark.parametrize("way", ["slack", "mail"])
def test_whatever_step_a_process_dies_before_on_a_file_nothing_is_lost_or_twice(way: Way, tmp_path: Path) -> None:
    with stage(way, tmp_path) as set_up:
        proven(play("sqlite", way, "run", set_up, EVERY["run"], twice=1, start=7))
        proven(play("sqlite", way, "done", set_up, EVERY["done"], start=3))


def test_on_postgresql_it_is_the_same(tmp_path: Path, postgres_server: str) -> None:
    with stage("slack", tmp_path, postgres_server) as set_up:
        proven(play("postgres", "slack", "run", set_up, EVERY["run"] + 10, start=11))
