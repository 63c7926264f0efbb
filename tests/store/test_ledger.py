"""One delivery's road through the ledger, and who may take each step."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.model import (
    Delivery,
    DeliveryState,
    Entry,
    MessageKind,
    Notice,
    Outcome,
    Permanent,
    Rung,
    Section,
    Sent,
    Temporary,
    Unknown,
)
from cadence.store import Store
from tests.store.examples import ANA, BEN, DAY, MINUTE, NOW, delivery

RECEIPT = {"channel": "D1", "ts": "17.01"}
LATER = NOW + 2 * MINUTE


def claimed(store: Store, one: Delivery | None = None) -> Delivery:
    with store.begin() as work:
        assert work.ledger.enqueue(one or delivery())
        return work.ledger.claim(NOW, MINUTE, 1)[0]


def rendered(one: Delivery, text: str = "Good morning, Ana") -> Delivery:
    return replace(one, subject="Today", text=text, payload='{"text": "x"}', shows="s1", template_hash="t1")


def on_its_way(store: Store, one: Delivery | None = None) -> Delivery:
    mine = rendered(claimed(store, one))
    with store.begin() as work:
        assert work.ledger.sending([mine], NOW, MINUTE)
    return mine


def stored(store: Store, key: str) -> Delivery:
    with store.read() as work:
        found = work.ledger.get(key)
    assert found is not None
    return found


def test_a_key_is_enqueued_once_for_ever(store: Store) -> None:
    with store.begin() as work:
        assert work.ledger.enqueue(delivery())
        assert not work.ledger.enqueue(replace(delivery(), recipient=BEN.key))
        assert work.ledger.exists(delivery().key)
        assert not work.ledger.exists("brief:nobody")
    assert stored(store, delivery().key).recipient == ANA.key


def test_what_is_about_to_be_sent_is_written_down_before_it_is_sent(store: Store) -> None:
    mine = on_its_way(store)
    assert stored(store, mine.key) == replace(mine, state=DeliveryState.SENDING, attempts=1)


def test_a_claim_whose_lease_has_run_out_may_not_send(store: Store) -> None:
    mine = claimed(store)
    with store.begin() as work:
        assert not work.ledger.sending([rendered(mine)], NOW + MINUTE, MINUTE)
    assert stored(store, mine.key) == mine


def test_after_its_lease_another_worker_claims_and_the_old_fence_can_do_nothing(store: Store) -> None:
    old = claimed(store)
    with store.begin() as work:
        assert work.ledger.expire(NOW + MINUTE) == (1, 0)
        (new,) = work.ledger.claim(LATER, MINUTE, 1)
        assert new.fence == old.fence + 1
        assert not work.ledger.sending([rendered(old)], LATER, MINUTE)
        assert not work.ledger.drop(old.key, old.fence, LATER, "done meanwhile")
        assert not work.ledger.settle(old.key, old.fence, Permanent("x"), LATER, retry_at=None)
        assert work.ledger.sending([rendered(new)], LATER, MINUTE)
        assert not work.ledger.settle(old.key, old.fence, Sent(RECEIPT), LATER, retry_at=None)
        assert work.ledger.settle(new.key, new.fence, Sent(RECEIPT), LATER, retry_at=None)


def test_a_lease_still_running_is_left_alone(store: Store) -> None:
    claimed(store)
    with store.begin() as work:
        assert work.ledger.expire(NOW + MINUTE / 2) == (0, 0)


def test_a_lease_that_ends_while_sending_leaves_doubt_and_is_never_sent_again_by_itself(store: Store) -> None:
    mine = on_its_way(store)
    with store.begin() as work:
        assert work.ledger.expire(NOW + MINUTE) == (0, 1)
        assert work.ledger.claim(LATER, MINUTE, 1) == ()
        assert not work.ledger.settle(mine.key, mine.fence, Sent(RECEIPT), LATER, retry_at=None)
    assert stored(store, mine.key).state is DeliveryState.UNKNOWN


@pytest.mark.parametrize(
    ("outcome", "retry_at", "state"),
    [
        (Sent(RECEIPT), None, DeliveryState.SENT),
        (Temporary("503"), LATER, DeliveryState.RETRY),
        (Temporary("503"), None, DeliveryState.FAILED),
        (Permanent("channel_not_found"), None, DeliveryState.FAILED),
        (Unknown("timed out"), None, DeliveryState.UNKNOWN),
    ],
)
def test_an_outcome_settles_an_attempt_once(
    store: Store, outcome: Outcome, retry_at: None, state: DeliveryState
) -> None:
    mine = on_its_way(store)
    with store.begin() as work:
        assert work.ledger.settle(mine.key, mine.fence, outcome, NOW, retry_at=retry_at)
        assert not work.ledger.settle(mine.key, mine.fence, outcome, NOW, retry_at=retry_at)
    assert stored(store, mine.key).state is state
    assert stored(store, mine.key).lease_until is None


def test_a_sent_delivery_keeps_the_receipt_the_instant_and_the_words(store: Store) -> None:
    mine = on_its_way(store)
    with store.begin() as work:
        work.ledger.settle(mine.key, mine.fence, Sent(RECEIPT), LATER, retry_at=None)
    done = stored(store, mine.key)
    assert (done.receipt, done.sent_at, done.error) == (RECEIPT, LATER, None)
    assert (done.subject, done.text, done.payload) == (mine.subject, mine.text, mine.payload)


def test_a_retry_waits_for_its_time_and_then_says_what_it_says_now(store: Store) -> None:
    mine = on_its_way(store)
    with store.begin() as work:
        work.ledger.settle(mine.key, mine.fence, Temporary("429"), NOW, retry_at=LATER)
        assert work.ledger.claim(NOW, MINUTE, 1) == ()
        assert work.ledger.next_due() == LATER
        (again,) = work.ledger.claim(LATER, MINUTE, 1)
        assert work.ledger.sending([rendered(again, "Newer words")], LATER, MINUTE)
    assert (stored(store, mine.key).text, stored(store, mine.key).attempts) == ("Newer words", 2)


def test_one_that_trips_before_it_is_sent_can_be_put_off_but_not_called_sent(store: Store) -> None:
    mine = claimed(store)
    with store.begin() as work:
        assert not work.ledger.settle(mine.key, mine.fence, Sent(RECEIPT), NOW, retry_at=None)
        assert work.ledger.settle(mine.key, mine.fence, Temporary("template"), NOW, retry_at=LATER)


def test_what_no_longer_matters_is_dropped_with_the_reason(store: Store) -> None:
    mine = claimed(store)
    with store.begin() as work:
        assert work.ledger.drop(mine.key, mine.fence, NOW, "done meanwhile")
    assert (stored(store, mine.key).state, stored(store, mine.key).error) == (DeliveryState.DROPPED, "done meanwhile")


def test_a_doubt_is_shown_once_it_is_old_enough_to_ask_the_provider(store: Store) -> None:
    mine = on_its_way(store)
    with store.begin() as work:
        work.ledger.settle(mine.key, mine.fence, Unknown("timed out"), NOW, retry_at=None)
        assert work.ledger.unknown(NOW + MINUTE, older_than=2 * MINUTE) == ()
        assert [one.key for one in work.ledger.unknown(LATER, older_than=2 * MINUTE)] == [mine.key]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Sent(RECEIPT), DeliveryState.SENT),
        (Temporary("not there"), DeliveryState.RETRY),
        (Permanent("cannot be asked"), DeliveryState.FAILED),
        (Unknown("does not answer"), DeliveryState.UNKNOWN),
    ],
)
def test_the_provider_resolves_a_doubt(store: Store, answer: Outcome, state: DeliveryState) -> None:
    mine = on_its_way(store)
    with store.begin() as work:
        assert not work.ledger.resolve(mine.key, answer, NOW)
        work.ledger.settle(mine.key, mine.fence, Unknown("timed out"), NOW, retry_at=None)
        assert work.ledger.resolve(mine.key, answer, LATER)
    assert stored(store, mine.key).state is state


def test_what_was_sent_is_found_by_person_time_task_and_kind_newest_last(store: Store) -> None:
    entry = Entry(Section.TODAY, task_id="aaaa00000001", rung=Rung.TODAY)
    for number, changes in enumerate([{"entries": (entry,)}, {"recipient": BEN.key}, {"kind": MessageKind.DIGEST}]):
        sent = replace(delivery(f"k{number}"), **changes)  # type: ignore[arg-type]  # a table of different fields
        mine = on_its_way(store, sent)
        with store.begin() as work:
            work.ledger.settle(mine.key, mine.fence, Sent(RECEIPT), NOW + number * DAY, retry_at=None)
    with store.read() as work:
        found = {
            "all": work.ledger.sent(),
            "ana": work.ledger.sent(to=ANA.key),
            "task": work.ledger.sent(task_id="aaaa00000001"),
            "digest": work.ledger.sent(kinds=[MessageKind.DIGEST]),
            "second day": work.ledger.sent(since=NOW + DAY, until=NOW + 2 * DAY),
        }
    assert {name: [one.key for one in ones] for name, ones in found.items()} == {
        "all": ["k0", "k1", "k2"],
        "ana": ["k0", "k2"],
        "task": ["k0"],
        "digest": ["k2"],
        "second day": ["k1"],
    }


def test_only_recent_briefs_and_alerts_in_slack_can_be_rewritten(store: Store) -> None:
    ways = {
        "brief": delivery("brief"),
        "alert": replace(delivery("alert"), kind=MessageKind.ALERT),
        "mail": replace(delivery("mail"), channel="email"),
        "digest": replace(delivery("digest"), kind=MessageKind.DIGEST),
        "rewrite": replace(delivery("rewrite"), edits="brief"),
    }
    for one in ways.values():
        mine = on_its_way(store, one)
        with store.begin() as work:
            work.ledger.settle(mine.key, mine.fence, Sent(RECEIPT), NOW, retry_at=None)
    with store.read() as work:
        assert [one.key for one in work.ledger.editable(NOW - DAY)] == ["alert", "brief"]
        assert work.ledger.editable(NOW + timedelta(seconds=1)) == ()


def test_waiting_counts_every_state_that_is_not_an_end(store: Store) -> None:
    claimed(store, delivery("a"))
    with store.begin() as work:
        work.ledger.enqueue(delivery("b"))
        assert {state.value: count for state, count in work.ledger.waiting().items()} == {
            "queued": 1,
            "retry": 0,
            "claimed": 1,
            "sending": 0,
            "unknown": 0,
        }


def test_nothing_due_has_no_next_instant(store: Store) -> None:
    with store.read() as work:
        assert work.ledger.next_due() is None


def test_a_notice_is_given_once_and_found_by_its_subject(store: Store) -> None:
    first = Notice("aaaa00000001", "2027-02-03", Rung.TODAY, ANA.key)
    other = Notice("aaaa00000002", "2027-02-03", Rung.TODAY, BEN.key)
    with store.begin() as work:
        work.ledger.note([first, other], NOW)
        work.ledger.note([first], LATER)
        assert work.ledger.notices([first.subject]) == {first}
        assert work.ledger.notices([first.subject, other.subject, "x"]) == {first, other}
        assert work.ledger.notices([]) == frozenset()
