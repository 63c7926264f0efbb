"""Several workers on one database: no delivery is claimed twice, no update is lost."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context

import pytest

from cadence.core.model import DeliveryState
from cadence.store import Store, open_store
from tests.store.examples import MINUTE, NOW, delivery

FORKED = get_context("forkserver")
FORKED.set_forkserver_preload(["cadence.store", "tests.store.examples"])  # imported once, not by each process
DELIVERIES = 200


def claim_all(store: Store, limit: int = 7) -> list[str]:
    """Claims small batches until there is nothing left."""
    mine: list[str] = []
    while True:
        with store.begin() as work:
            claimed = work.ledger.claim(NOW, MINUTE, limit)
        if not claimed:
            return mine
        mine += [one.key for one in claimed]


def claim_all_at(url: str, _worker: int) -> list[str]:
    store = open_store(url)
    try:
        return claim_all(store)
    finally:
        store.close()


def count_up(url: str, times: int) -> None:
    store = open_store(url)
    for _ in range(times):
        with store.begin() as work:
            work.records.mark("counter", str(int(work.records.marked("counter") or 0) + 1))
    store.close()


@pytest.fixture
def full(store: Store) -> Store:
    with store.begin() as work:
        for number in range(DELIVERIES):
            assert work.ledger.enqueue(delivery(f"brief:{number:03}"))
    return store


def test_two_threads_claim_every_delivery_and_none_twice(full: Store) -> None:
    with ThreadPoolExecutor(2) as pool:
        claims = [key for mine in pool.map(claim_all, [full, full]) for key in mine]
    assert sorted(claims) == [f"brief:{number:03}" for number in range(DELIVERIES)]


@pytest.mark.slow
def test_two_processes_claim_every_delivery_and_none_twice(full: Store, url: str) -> None:
    with ProcessPoolExecutor(2, mp_context=FORKED) as pool:
        claims = [key for mine in pool.map(partial(claim_all_at, url), range(2)) for key in mine]
    assert sorted(claims) == [f"brief:{number:03}" for number in range(DELIVERIES)]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql_a_claim_waits_for_nobody_and_takes_what_is_free(full: Store) -> None:
    with full.begin() as first, full.begin() as second:
        ours = {one.key for one in first.ledger.claim(NOW, MINUTE, 5)}
        theirs = {one.key for one in second.ledger.claim(NOW, MINUTE, 5)}
    assert len(ours) == len(theirs) == 5
    assert not ours & theirs


@pytest.mark.slow
def test_four_processes_that_read_and_then_write_lose_no_update_on_sqlite(sqlite_url: str) -> None:
    open_store(sqlite_url).close()
    with ProcessPoolExecutor(4, mp_context=FORKED) as pool:
        list(pool.map(partial(count_up, sqlite_url), [50] * 4))
    store = open_store(sqlite_url)
    with store.begin() as work:
        assert work.records.marked("counter") == "200"
    store.close()


def test_a_claim_takes_the_longest_due_first_and_no_more_than_asked(store: Store) -> None:
    with store.begin() as work:
        for key, late in (("b", 1), ("a", 1), ("c", 2), ("later", -1)):
            work.ledger.enqueue(replace(delivery(key), not_before=NOW - late * MINUTE))
        assert [one.key for one in work.ledger.claim(NOW, MINUTE, 2)] == ["c", "a"]
        assert [one.key for one in work.ledger.claim(NOW, MINUTE, 9)] == ["b"]


def test_a_claimed_delivery_carries_its_lease_and_a_new_fence(store: Store) -> None:
    with store.begin() as work:
        work.ledger.enqueue(delivery())
        (claimed,) = work.ledger.claim(NOW, MINUTE, 1)
    assert claimed == replace(delivery(), state=DeliveryState.CLAIMED, lease_until=NOW + MINUTE, fence=1)
