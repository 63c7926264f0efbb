"""A beat at which nothing can have fallen due reads no task; what goes out is the same as if every beat decided."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta

from sqlalchemy import event

from cadence.core.model import Days, Verb
from cadence.services import horizon
from cadence.store import open_store
from tests.support.slack import LoopbackSlack
from tests.support.smtp import LoopbackSmtp
from tests.support.sqlite import fresh_sqlite
from tests.support.world import Clock, World

MINUTE = timedelta(minutes=1)


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """Everything that is asked of the database meanwhile."""
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(world.store._engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(world.store._engine, "before_cursor_execute", note)


def reads_tasks(world: World) -> bool:
    with statements(world) as asked:
        world.beat()
    assert asked
    return any("FROM tasks" in statement for statement in asked)


def settled(world: World) -> None:
    """Beats until one has decided nothing: what it found holds from then on."""
    world.beat()
    world.beat()
    assert not reads_tasks(world)


def test_only_an_hour_that_comes_and_a_change_make_a_beat_look_again(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      talks: {kind: metric_review, owner: ana, every: week, on: wed}
    """
    world.load().forward(to="2027-03-03 08:31")
    world.inbox("ana").expect("Today")
    settled(world)
    world.clock.now += 3 * MINUTE
    assert not reads_tasks(world)
    world.clock.now -= 30 * MINUTE  # the clock was put back: what was found says nothing of that time
    assert reads_tasks(world)
    world.clock.now += 31 * MINUTE
    settled(world)
    world.answer(world.task("talks"), Verb.DONE)
    world.inbox("ana").all()
    settled(world)
    with world.store.begin() as work:
        work.people.set_away("vic", Days(date(2027, 3, 4), date(2027, 3, 6)), "cli")
    assert reads_tasks(world)
    settled(world)
    world.clock.now = world.at("2027-03-03 18:00")  # their day ends
    assert reads_tasks(world)
    settled(world)


def test_beats_at_every_turn_say_the_same_with_and_without_looking_each_time(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic, timezone: America/New_York}
        ben: {name: Ben Ode, email: ben@example.test, reports_to: vic, timezone: Asia/Kolkata}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      stand: {kind: metric_review, owner: ana, every: workday, at: "10:00", ping: 25 min before}
      talks: {kind: metric_review, owner: ben, every: week, on: tue, weight: key}
    """
    seen = {look_each_time: lived_through(world, look_each_time) for look_each_time in (False, True)}
    assert len(seen[False]) > 5
    assert seen[False] == seen[True]


def lived_through(world: World, look_each_time: bool) -> list[tuple[str, str, str]]:
    """Three days with a beat every twenty minutes, an answer among them: when what was said to whom."""
    folder = world.folder / str(look_each_time)
    folder.mkdir()
    with closing(open_store(fresh_sqlite(folder))) as store, LoopbackSlack() as slack, LoopbackSmtp() as smtp:
        own = World(store, slack, smtp, folder, world.plan_text, Clock(world.clock.now))
        own.load()
        quiet = 0
        for turn in range(3 * 24 * 3):
            own.clock.now = own.at("2027-03-02 00:05") + turn * 20 * MINUTE
            if turn == 3 * 33:
                own.answer(own.task("talks"), Verb.ON_IT)
            if look_each_time:
                with store.begin() as work:
                    work.records.mark(horizon.MARK, '["9999-01-01T00:00:00+00:00", "9999-01-01T00:00:00+00:00"]')
            quiet += not reads_tasks(own)
        assert quiet == 0 if look_each_time else quiet > 120
        own.ignore_mail()
        return [
            (post.ts.partition(".")[0], post.email, post.text)
            for who in ("ana", "ben", "vic")
            for post in own.inbox(who).all()
        ]
