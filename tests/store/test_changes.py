"""What was written is counted by table, so that what was read may be kept while it holds, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from cadence.core.model import Days, Entry, Hold, MessageKind, Notice, Permanent, Rung, Section, Sent
from cadence.store import Store, Work, open_store
from tests.store.examples import ANA, DAY, MINUTE, NOW, decision, delivery, task


class GivenUp(Exception):
    """What a transaction did is not to be."""


def give_up(store: Store, write: Callable[[Work], None]) -> None:
    with store.begin() as work:
        write(work)
        raise GivenUp


def counts(store: Store) -> dict[str, int]:
    with store.read() as work:
        return dict(work.changes.counts())


def persons(work: Work) -> dict[str, str]:
    return work.changes.kept("names", ("persons",), lambda: {one.key: one.name for one in work.people.all().values()})


def test_each_transaction_counts_once_for_every_table_it_wrote(store: Store) -> None:
    before = counts(store)
    with store.begin() as work:
        work.tasks.add([task("aaaa00000001"), task("aaaa00000002")])
        work.records.ask(decision())
    with store.begin() as work:
        work.tasks.replace(replace(task("aaaa00000001"), version=2), 1)
    after = counts(store)
    assert after["tasks"] == before.get("tasks", 0) + 2
    assert after["decisions"] == before.get("decisions", 0) + 1
    assert after["persons"] == before["persons"]


def test_what_the_agenda_looks_at_is_counted_however_it_is_written(store: Store) -> None:
    with store.begin() as work:
        work.people.set_away(ANA.key, Days(date(2027, 2, 1), date(2027, 2, 3)), "cli")
        work.records.hold(Hold(scope="all", until=date(2027, 2, 3), reason="audit", since=NOW))
        work.ledger.note([Notice("aaaa00000001", "2027-02-03", Rung.TODAY, ANA.key)], NOW)
        work.ledger.enqueue(delivery())
    assert counts(store).keys() >= {"absences", "holds", "notices", "deliveries"}
    before = counts(store)
    with store.begin() as work:
        work.records.release("all")
        work.people.clear_away(ANA.key)
    assert {name for name, number in counts(store).items() if number != before.get(name)} == {"absences", "holds"}


def test_a_transaction_that_is_given_up_counts_nothing_and_one_that_reads_neither(store: Store) -> None:
    before = counts(store)
    with pytest.raises(GivenUp):
        give_up(store, lambda work: work.tasks.add([task()]))
    with store.begin() as work:
        assert work.tasks.find() == ()
        work.records.mark("beat", "now")
    assert counts(store) == before


def test_sending_decides_nothing_and_is_not_counted(store: Store) -> None:
    with store.begin() as work:
        work.ledger.enqueue(delivery())
    before = counts(store)
    with store.begin() as work:
        (mine,) = work.ledger.claim(NOW, MINUTE, 1)
    with store.begin() as work:
        assert work.ledger.sending([replace(mine, text="Good morning")], NOW, MINUTE)
    with store.begin() as work:
        work.ledger.settle(mine.key, mine.fence, Sent({"ts": "1"}), NOW, retry_at=None)
    assert counts(store) == before


def test_a_failure_for_good_has_a_number_of_its_own(store: Store) -> None:
    with store.begin() as work:
        work.ledger.enqueue(delivery())
        assert work.ledger.failures() == 0
        (mine,) = work.ledger.claim(NOW, MINUTE, 1)
        work.ledger.settle(mine.key, mine.fence, Permanent("channel_not_found"), NOW, retry_at=None)
        assert work.ledger.failures() == 1


def test_what_was_read_is_kept_until_it_is_written_by_whomever(store: Store, url: str) -> None:
    with store.read() as work:
        first = persons(work)
    with store.begin() as work:
        work.tasks.add([task()])
    with store.read() as work:
        assert persons(work) is first
    elsewhere = open_store(url)
    try:
        with elsewhere.begin() as work:
            work.people.save([replace(ANA, name="Ana Ruiz-Vega")])
    finally:
        elsewhere.close()
    with store.read() as work:
        assert persons(work)[ANA.key] == "Ana Ruiz-Vega"


def test_what_a_transaction_wrote_itself_is_seen_by_it_and_kept_for_nobody_before_it_is_committed(store: Store) -> None:
    def rename(work: Work) -> None:
        work.people.save([replace(ANA, name="Nobody")])
        assert persons(work)[ANA.key] == "Nobody"

    with pytest.raises(GivenUp):
        give_up(store, rename)
    with store.read() as work:
        assert persons(work)[ANA.key] == ANA.name


def test_whoever_looks_sees_that_somebody_wrote_meanwhile(store: Store, url: str) -> None:
    if url.startswith("sqlite"):
        pytest.skip("one transaction at a time writes")
    with store.begin() as work:
        work.changes.counts()
        assert work.changes.stands_still()
        with store.begin() as other:
            other.tasks.add([task()])
        assert not work.changes.stands_still()


def test_no_count_is_lost_among_several_who_write(store: Store) -> None:
    def write(number: int) -> None:
        with store.begin() as work:
            work.records.hold(Hold(scope=f"team/{number}", until=date(2027, 2, 3), reason="audit", since=NOW))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(40)))
    assert counts(store)["holds"] == 40


def test_only_messages_about_a_subject_are_asked_for_where_few_are(store: Store) -> None:
    about = {"a": "aaaa00000001", "b": "bbbb00000002"}
    for key, subject in about.items():
        with store.begin() as work:
            work.ledger.enqueue(replace(delivery(key), entries=(Entry(Section.TODAY, task_id=subject),)))
            (mine,) = work.ledger.claim(NOW, MINUTE, 1)
            work.ledger.sending([mine], NOW, MINUTE)
            work.ledger.settle(mine.key, mine.fence, Sent({"ts": key}), NOW, retry_at=None)
    with store.read() as work:
        assert [one.key for one in work.ledger.editable(NOW - DAY, ["bbbb00000002"])] == ["b"]
        assert [one.key for one in work.ledger.editable(NOW - DAY, [str(n) for n in range(100)])] == ["a", "b"]
        assert work.ledger.existing(["a", "c"]) == {"a"}
        assert [one[1] for one in work.ledger.lately([MessageKind.BRIEF], NOW - DAY)] == [MessageKind.BRIEF] * 2
