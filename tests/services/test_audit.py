"""The self-audit: what was sent twice, what lies and what waits too long are each found, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cadence.core.model import Sent
from cadence.services.audit import OLDEST, STUCK_AFTER, audit
from cadence.store import Store
from tests.store.conftest import postgres_server, postgres_url, store, url
from tests.store.examples import MINUTE, NOW, delivery

__all__ = ["postgres_server", "postgres_url", "store", "url"]


def test_all_is_well_while_deliveries_wait_for_their_time_or_have_gone(store: Store) -> None:
    with store.begin() as work:
        work.ledger.enqueue(delivery("a"))
        (claimed,) = work.ledger.claim(NOW, MINUTE, 1)
        work.ledger.sending([claimed], NOW, MINUTE)
        work.ledger.settle("a", claimed.fence, Sent({}), NOW, retry_at=None)
        work.ledger.enqueue(replace(delivery("b"), occasion="2027-02-02", not_before=NOW + timedelta(days=9)))
        found = audit(work, NOW + timedelta(days=8))
    assert (found.is_well, found.oldest) == (True, None)


def test_one_that_is_due_for_more_than_a_day_is_late(store: Store) -> None:
    with store.begin() as work:
        work.ledger.enqueue(delivery("a"))
        assert audit(work, NOW + OLDEST).is_well
        found = audit(work, NOW + OLDEST + MINUTE)
    assert (found.is_well, found.is_late, found.oldest) == (False, True, NOW)


def test_one_whose_lease_ran_out_long_ago_is_stuck(store: Store) -> None:
    with store.begin() as work:
        work.ledger.enqueue(delivery("a"))
        work.ledger.claim(NOW, MINUTE, 1)
        assert audit(work, NOW + MINUTE + STUCK_AFTER).stuck == 0
        found = audit(work, NOW + 2 * MINUTE + STUCK_AFTER)
    assert (found.stuck, found.is_well) == (1, False)


def test_two_briefs_of_one_day_are_one_too_many(store: Store) -> None:
    with store.begin() as work:
        for key in ("a", "b"):
            work.ledger.enqueue(delivery(key))
            (claimed,) = work.ledger.claim(NOW, MINUTE, 1)
            work.ledger.sending([claimed], NOW, MINUTE)
            work.ledger.settle(key, claimed.fence, Sent({}), NOW, retry_at=None)
        found = audit(work, NOW)
    assert (found.twice, found.is_well) == (1, False)
