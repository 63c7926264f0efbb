"""A fortnight of the soak, with a small company: every beat is held against what was promised. `make soak` lives
through the whole year with three hundred people.
"""

from __future__ import annotations

import re

import pytest

from tests.soak.year import lived

pytestmark = pytest.mark.timeout(900)
TEAMS = 4


def test_a_fortnight_with_faults_and_kills_keeps_every_promise() -> None:
    year, _ = lived(seed=7, days=14, kills=5, teams=TEAMS)
    assert (year.counts["abandoned"], year.counts["killed for real"]) == (4, 1)
    assert year.office.faults >= 10
    assert year.trouble.faults >= 10
    assert len(year.office.taken) > 100
    assert year.judge.checks >= year.counts["beats"]


def test_the_same_seed_makes_the_same_events_and_another_seed_makes_others() -> None:
    first, again = (lived(seed=3, days=6, kills=2, teams=1) for _ in range(2))
    _, other = lived(seed=4, days=6, kills=2, teams=1)
    assert first[0].log == again[0].log
    assert re.fullmatch("[0-9a-f]{16}", first[1])
    assert first[1] == again[1] != other
