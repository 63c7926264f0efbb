"""Stories of what once went wrong: each fails when it goes wrong again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cadence.core.lifecycle import Refusal
from cadence.core.model import Days, Hold, Source, State, Verb
from cadence.errors import WrongUsage
from cadence.services.quiet import away
from tests.support.slack import Fault
from tests.support.world import World


def test_a_rollout_moved_into_the_past_makes_nobody_late_for_days_they_never_heard_of(world: World) -> None:
    """
    plan: p
    rollout: 2027-02-15
    ends: week 8
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    roles: {vp: vic}
    activities:
      reviews: {kind: metric_review, title: Review, owner: ana, every: week, on: tue}
    """
    world.load()
    world.load(lambda text: text.replace("2027-02-15", "2027-01-11"), force=True)
    over = [task.id for task in world.tasks("reviews") if task.occurrence.date < date(2027, 2, 12)]
    assert over
    world.forward(to="2027-02-15 18:00")
    assert not any(task.state is State.MISSED for task in world.tasks("reviews"))
    assert world.decisions() == ()
    world.forward(to="2027-03-02 18:00")
    ended = {task.state for task in world.tasks("reviews") if task.id in over}
    assert ended == {State.SKIPPED}, "over, and nobody's fault"
    world.ignore("ana", "vic").ignore_mail()


def test_what_a_hold_took_out_of_a_waiting_brief_is_said_when_the_hold_ends(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
    activities:
      call: {kind: metric_review, title: Customer call, owner: ana, every: week, on: tue}
    """
    world.load().forward(to="2027-03-02 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", Fault("html", 503))
    world.forward(to="2027-03-02 08:30")
    with world.store.begin() as work:
        work.records.hold(Hold(scope="plan/p", until=date(2027, 3, 2), reason="quiet", since=world.clock.now))
    world.forward(to="2027-03-02 12:00")
    world.inbox("ana").nothing()
    with world.store.begin() as work:
        work.records.release("plan/p")
    world.forward(to="2027-03-03 09:00")
    world.inbox("ana").expect("Customer call")
    world.ignore("ana")


def test_a_hold_ends_with_the_persons_own_day(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: America/Los_Angeles
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-02}
    """
    world.load()
    with world.store.begin() as work:
        work.records.hold(Hold(scope="all", until=date(2027, 3, 2), reason="quiet", since=world.clock.now))
    world.forward(to="2027-03-02 08:00")
    for _ in range(20):
        world.clock.now += timedelta(minutes=30)
        world.beat()
    world.inbox("ana").nothing()
    world.forward(to="2027-03-03 08:31")
    world.inbox("ana").expect("Customer call")


def test_an_absence_of_centuries_is_refused_and_a_long_one_costs_nothing(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
    activities:
      call: {kind: metric_review, title: Customer call, owner: ana, every: week, on: tue}
    """
    world.load()
    with world.store.begin() as work:
        with pytest.raises(WrongUsage, match="five years"):
            away(work, "ana", Days(date(2027, 3, 1), date(2099, 12, 31)), Source.CLI, world.clock.now)
        away(work, "ana", Days(date(2027, 3, 1), date(2031, 12, 31)), Source.CLI, world.clock.now)
    worktime = world.directory.worktimes["ana"]
    assert worktime.back_on(date(2027, 3, 5)) == date(2031, 12, 31)
    assert replace(worktime, away=(*worktime.away, Days(date(2031, 12, 31), date(2032, 1, 3)))).back_on(
        date(2027, 3, 5)
    ) == date(2032, 1, 3)
    world.forward(to="2027-03-09 18:00")
    world.inbox("ana").nothing()


def test_whoever_said_can_not_is_not_asked_again_what_is_in_the_way(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    roles: {vp: vic}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-02}
    """
    world.load().forward(to="2027-03-02 10:00")
    world.ignore("ana", "vic")
    world.answer(world.task("call"), Verb.CANT, by="ana", reason="customer-first")
    world.ignore("ana", "vic")
    world.forward(to="2027-03-03 09:00")
    brief = world.inbox("ana").expect("You said it is not possible: a customer came first")
    assert "Is something in the way" not in brief.text
    world.ignore("ana", "vic").ignore_mail()


def test_a_ride_is_handed_over_neither_to_the_rep_it_is_about_nor_twice_to_the_same(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
        rob: {name: Rob Reed, email: rob@x.test, manager: ana}
        ben: {name: Ben Okoye, email: ben@x.test}
    activities:
      rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks}
    """
    world.load()
    ride = world.task("rides")
    assert world.answer(ride, Verb.HAND_OVER, to_person="rob").refusal == Refusal("about-them", {})
    assert world.answer(ride, Verb.HAND_OVER, to_person="ben").refusal is None
    assert world.answer(world.task("rides"), Verb.HAND_OVER, to_person="ben").refusal == Refusal("already-theirs", {})
    world.ignore("ana", "ben")
