"""The collector rests while a block runs, and goes on afterwards whatever happened."""

from __future__ import annotations

import gc

import pytest

from cadence.services.uncollected import uncollected


@uncollected()
def fails() -> None:
    assert not gc.isenabled()
    raise ValueError("broken")


def test_the_collector_rests_inside_and_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"):
        fails()
    assert gc.isenabled()


def test_only_the_outermost_block_wakes_the_collector() -> None:
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
