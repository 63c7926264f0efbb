"""A part of the fuzzing that fits beside the other tests; `make fuzz` runs all of it."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.planfile import parse
from tests.hostile.fields import bundle
from tests.hostile.fuzz import Tried, _cut_off, generated, mutations


@pytest.fixture
def found() -> Iterator[Tried]:
    before = signal.signal(signal.SIGALRM, _cut_off)
    yield Tried()
    signal.signal(signal.SIGALRM, before)


def test_a_damaged_plan_is_read_or_refused_but_never_raises_or_hangs(found: Tried) -> None:
    mutations(range(300), 1, found)
    assert not found.failures, found.failures[0]
    assert min(found.endings["compiled"], found.endings["refused"]) > 60, "both happen, or little is tried"


def test_a_plan_by_chance_compiles_alike_twice_or_says_why_not(found: Tried) -> None:
    generated(range(50), 1, found)
    assert not found.failures, found.failures[0]
    assert min(found.endings["compiled"], found.endings["refused"]) > 9, "both happen, or little is tried"


@given(st.binary(max_size=200))
def test_noise_is_read_or_refused_but_never_raises(noise: bytes) -> None:
    text = noise.decode("latin-1")
    assert parse(bundle(text, ""))[0] is None
    parse(bundle("plan: x\nrollout: 2027-01-11\npeople: {file: people.csv}\n", text))
