"""What a load asks of the store: thousands of tasks at once, and only as much of the stored ones as it needs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import create_engine, event, text

from cadence.core.changes import Imprint, content, contents
from cadence.core.model import Bundle, Days, Event, EventType, Moved, Source, State, Task
from cadence.errors import Refused
from cadence.store import Store, open_store
from cadence.store.dialect import MANY
from tests.store.examples import ANA, BEN, DAY, NOW, task

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


def test_tasks_added_alike_differ_in_nothing_but_what_is_asked(store: Store) -> None:
    tasks = many()
    asked = [one.occurrence for one in tasks]
    like = replace(tasks[3], state=State.OPEN, handed_to=BEN.key)
    with store.begin() as work:
        work.tasks.add_alike(like, asked, dict(zip([one.id for one in asked], contents(asked), strict=True)))
        assert sorted(work.tasks.find(), key=lambda one: one.id) == [replace(like, occurrence=one) for one in asked]


def test_terms_stand_once_and_go_with_the_last_task_that_has_them(store: Store, url: str) -> None:
    tasks = [replace(task(f"{n:012x}"), occurrence=task(f"{n:012x}").occurrence.but(slot=str(n))) for n in range(5)]
    other = [replace(one, occurrence=one.occurrence.but(title="Other"), version=2) for one in tasks]
    with store.begin() as work:
        work.tasks.add(tasks)
    assert titles(url) == ["Field ride with Ben Ode"]
    with store.begin() as work:
        assert work.tasks.replace_all(other[:4])
        work.tasks.prune("emea")
    assert titles(url) == ["Field ride with Ben Ode", "Other"]
    with store.begin() as work:
        assert work.tasks.replace_all(other[4:])
        work.tasks.prune("apac")
    assert titles(url) == ["Field ride with Ben Ode", "Other"], "of another plan"
    with store.begin() as work:
        work.tasks.prune("emea")
        assert work.tasks.find() == tuple(other)
    assert titles(url) == ["Other"]


def titles(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = list(connection.execute(text("select title from terms order by title")).scalars())
    engine.dispose()
    return found


def test_a_load_that_comes_between_tasks_and_their_terms_is_read_again(store: Store, url: str) -> None:
    def load_comes_between(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM terms" in statement and not came:
            came.append(statement)
            with store.begin() as other:
                assert other.tasks.replace_all([newer])
                other.tasks.prune("emea")

    came: list[str] = []
    older = replace(task(), occurrence=task().occurrence.but(title=f"Read by nobody before, {url}"))
    newer = replace(older, occurrence=older.occurrence.but(title=f"Another, {url}"), version=2)
    with store.begin() as work:
        work.tasks.add([older])
    reader = open_store(url)
    if reader.bears_several:  # on SQLite whoever reads sees one state of all
        event.listen(reader._engine, "before_cursor_execute", load_comes_between)
    with reader.read() as work:
        assert work.tasks.find() == (newer if came else older,)
    assert bool(came) is reader.bears_several
    reader.close()


def test_terms_that_are_gone_are_said_to_be_gone(store: Store, url: str) -> None:
    lost = replace(task(), occurrence=task().occurrence.but(title=f"Lost, {url}"))
    with store.begin() as work:
        work.tasks.add([lost])
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("delete from terms"))
    engine.dispose()
    with pytest.raises(Refused, match="look again"), store.read() as work:
        work.tasks.find()


def test_standings_leave_out_what_is_quiet_and_the_live_are_counted(store: Store) -> None:
    rides = task("000000000001")
    talks = replace(task("000000000002"), occurrence=task("000000000002").occurrence.but(activity="talks"))
    over = task("000000000003", State.DONE)
    with store.begin() as work:
        work.tasks.add([rides, talks, over])
        assert work.tasks.standings("emea", {("rides", "rep/ben-ode")}) == {talks.id: content(talks.occurrence)}
        assert work.tasks.standings("emea").keys() == {rides.id, talks.id, over.id}
        assert (work.tasks.live("emea"), work.tasks.live("apac")) == (2, 0)


def test_what_stands_by_hand_is_what_is_live_and_was_moved_or_handed_over(store: Store) -> None:
    handed = replace(task("000000000002"), handed_to=BEN.key)
    moved = replace(task("000000000003"), moved=Moved(date=date(2027, 2, 9), due=NOW, starts=None, ends=None))
    over = replace(task("000000000004", State.DONE), handed_to=BEN.key)
    with store.begin() as work:
        work.tasks.add([task("000000000001"), handed, moved, over])
        assert work.tasks.by_hand("emea") == {handed.id, moved.id}
        assert work.tasks.by_hand("apac") == frozenset()


def test_imprints_are_kept_by_plan_until_they_are_stale(store: Store) -> None:
    one, other = Imprint("d1", 0, NOW, NOW.date()), Imprint("d2", 3, NOW, date(2027, 2, 2))
    rides, talks = ("rides", "rep/ben-ode"), ("talks", "rep/ben-ode")
    with store.begin() as work:
        work.tasks.imprint("emea", {rides: one, talks: other}, ())
        work.tasks.imprint("apac", {rides: other}, ())
        assert work.tasks.imprints("emea") == {rides: one, talks: other}
        work.tasks.imprint("emea", {rides: other}, [rides, talks])
        assert (work.tasks.imprints("emea"), work.tasks.imprints("apac")) == ({rides: other}, {rides: other})
        assert work.tasks.imprints("latam") == {}


def test_what_is_near_is_what_is_live_by_its_window_and_all_else_by_its_due(store: Store) -> None:
    def at(number: int, days: int, state: State = State.PLANNED, *, to: int | None = None) -> Task:
        day = NOW.date() + timedelta(days=days)
        asked = task(f"{number:012x}").occurrence.but(
            date=day, due=NOW + timedelta(days=days), window=Days(day, day + DAY)
        )
        due = None if to is None else NOW + timedelta(days=to)
        moved = Moved(date=due.date(), due=due, starts=None, ends=None) if due else None
        return Task(occurrence=asked, state=state, changed_at=NOW, moved=moved)

    near = [at(1, 10), at(2, -400), at(3, -20, State.DONE), at(4, 30, to=-5), at(5, -60, State.MISSED, to=-2)]
    far = [at(6, 11), at(7, -31, State.DONE), at(8, 30, State.RETIRED), at(9, 30, to=20), at(10, 5, State.DONE, to=40)]
    with store.begin() as work:
        work.tasks.add([*near, *far])
        found = work.tasks.around(NOW, ahead=timedelta(days=10), back=timedelta(days=30))
        stamps = work.tasks.stamps(NOW, ahead=timedelta(days=10), back=timedelta(days=30))
    assert {one.id for one in found} == {one.id for one in near}
    assert [key for key, _ in stamps] == [one.id for one in found]


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
