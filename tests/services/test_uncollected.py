"""The search for cycles stands still in the block alone."""

from __future__ import annotations

import gc

import pytest

from cadence.services.uncollected import uncollected


def test_the_search_stands_still_inside_and_goes_on_afterwards() -> None:
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_mistake_inside_leaves_it_on_too() -> None:
    with pytest.raises(ZeroDivisionError), uncollected():
        assert 1 / gc.isenabled()
    assert gc.isenabled()


def test_one_inside_another_does_not_start_it_early() -> None:
    with uncollected():
        with uncollected():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
