"""What a load asks of the store: thousands of tasks at once, and only as much of the stored ones as it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, text

from cadence.core.changes import content
from cadence.core.model import Bundle, Event, EventType, Moved, Source, State, Task
from cadence.errors import Refused
from cadence.store import Store
from cadence.store.dialect import MANY
from tests.store.examples import ANA, BEN, NOW, task

ODD = ("a\tb", "a\\b", "\\N", "two\nlines", "carriage\rreturn", "\\t", "'; drop table tasks; --", "%s ? :x", "Zoë 山本")


def many(number: int = MANY + 20) -> list[Task]:
    """Tasks with every kind of text, number and absence of both."""
    found = [task(f"{n:012x}") for n in range(number)]
    return [
        replace(
            one,
            occurrence=one.occurrence.but(title=ODD[n % len(ODD)], minutes=n or None, attendees=(ANA.key,) * (n % 3)),
            confirmed=bool(n % 2),
            paused_until=date(2027, 3, 1 + n % 28) if n % 4 else None,
            handed_to=BEN.key if n % 5 else None,
            reason=ODD[n % len(ODD)] if n % 7 else None,
        )
        for n, one in enumerate(found)
    ]


def test_many_tasks_added_at_once_come_back_as_they_were(store: Store) -> None:
    tasks = many()
    with store.begin() as work:
        work.tasks.add(tasks)
    with store.read() as work:
        assert sorted(work.tasks.find(), key=lambda one: one.id) == tasks


def test_many_events_added_at_once_come_back_in_their_order(store: Store) -> None:
    events = [
        Event(
            at=NOW, type=EventType.RETIRED, source=Source.CLI, plan="p", task_id=str(n), data={"n": ODD[n % len(ODD)]}
        )
        for n in range(MANY + 20)
    ]
    with store.begin() as work:
        work.records.event(*events)
    with store.read() as work:
        assert list(work.records.events()) == events


def test_a_task_that_is_there_already_is_refused_however_many_come(store: Store) -> None:
    with store.begin() as work:
        work.tasks.add([task("000000000001")])
    with pytest.raises(Refused, match="look again"), store.begin() as work:
        work.tasks.add(many())
    with store.read() as work:
        assert len(work.tasks.find()) == 1


def test_a_standing_is_the_content_of_what_is_live_and_untouched_and_the_state_of_all_else(store: Store) -> None:
    plain = task("000000000001", State.OPEN)
    handed = replace(task("000000000002"), handed_to=BEN.key)
    moved = replace(task("000000000003"), moved=Moved(date=date(2027, 2, 9), due=NOW, starts=None, ends=None))
    over = [task(f"{n:012x}", state) for n, state in enumerate(State, 10) if not state.live]
    with store.begin() as work:
        work.tasks.add([plain, handed, moved, *over])
        found = work.tasks.standings("emea")
        assert work.tasks.standings("apac") == {}
    assert found == {
        plain.id: content(plain.occurrence),
        handed.id: State.PLANNED,
        moved.id: State.PLANNED,
        **{one.id: one.state for one in over},
    }
    assert {key for key, one in found.items() if isinstance(one, State)} == found.keys() - {plain.id}


def test_the_content_of_a_replaced_task_is_the_new_one(store: Store) -> None:
    other = replace(task(), occurrence=task().occurrence.but(title="Other"), version=2)
    with store.begin() as work:
        work.tasks.add([task()])
        assert work.tasks.replace_all([other])
        assert work.tasks.standings("emea")[other.id] == content(other.occurrence)
        assert work.tasks.find() == (other,)


def test_many_are_replaced_each_over_the_version_before_or_the_store_says_so(store: Store) -> None:
    tasks = many(5)
    newer = [replace(one, version=2, state=State.OPEN) for one in tasks]
    with store.begin() as work:
        work.tasks.add(tasks)
        assert work.tasks.replace_all(newer)
        assert sorted(work.tasks.find(), key=lambda one: one.id) == newer
        assert not work.tasks.replace_all([newer[0], replace(newer[1], version=3)]), (
            "one of them is not the next version"
        )
        assert work.tasks.replace_all([])


def test_a_task_written_by_an_older_version_stands_there_with_its_state(store: Store, url: str) -> None:
    with store.begin() as work:
        work.tasks.add([task()])
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("update tasks set content = null"))
        connection.execute(text("update bundles set moved = null"))
    engine.dispose()
    with store.read() as work:
        assert work.tasks.standings("emea")[task().id] is State.PLANNED


def test_a_bundle_keeps_the_milestones_that_were_moved(store: Store) -> None:
    plain = Bundle(plan="p.yaml", files=(("p.yaml", "plan: p"),), holidays=(), hash="h")
    moved = plain.with_moved({"v2": date(2027, 3, 1), "rollout": date(2027, 1, 4)})
    assert moved.hash != plain.hash
    assert moved.with_moved({}).moved == ()
    with store.begin() as work:
        work.plans.save("p", moved, "kim", NOW)
        stored = work.plans.get("p")
        assert stored is not None
        assert stored.bundle == moved


def test_a_second_load_waits_until_the_first_has_ended(store: Store) -> None:
    seen: list[int] = []
    together = Barrier(2)

    def loads(number: int) -> None:
        together.wait()
        with store.begin() as work:
            work.plans.lock()
            seen.append(len(work.tasks.find()))
            work.tasks.add([task(f"{number:012x}")])

    threads = [Thread(target=loads, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [0, 1]
