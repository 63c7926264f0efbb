"""Stories of what people hear first, what loads change for them, and what becomes of less usual answers."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.model import Choice, DecisionKind, State, Verb
from cadence.services.gather import gather
from cadence.services.reconcile import load
from tests.support.world import World


@pytest.fixture
def newcomers(world: World) -> World:
    """Nobody has heard of anything yet."""
    world.welcomes = True
    return world


def test_a_newcomer_is_welcomed_once_before_the_first_task_in_their_own_language(newcomers: World) -> None:
    """
    plan: emea
    title: Neuer Vertrieb
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/Berlin
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, language: de, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
        kim: {name: Kim Lee, email: kim@example.test}
    roles: {vp: vic, enablement: kim}
    keepers: [kim]
    activities:
      briefing: {kind: training, owner: ana, on: 2027-03-17, at: "14:00"}
    """
    world = newcomers
    world.load().forward(to="2027-03-11 18:00")
    world.inbox("ana").nothing()
    world.forward(to="2027-03-12 09:00")
    welcome = world.inbox("ana").expect("Neuer Vertrieb soll zum Alltag werden")
    assert "Dahinter steht Vic Petrov. Kim Lee kümmert sich um den Plan" in welcome.text
    assert "für dich etwa eine in der Woche, um 08:30" in welcome.text
    assert "Ein Wort an Kim Lee genügt" in welcome.text
    assert not welcome.post.elements()
    world.forward(to="2027-03-17 09:00")
    world.inbox("ana").expect("in 2 Arbeitstagen")
    brief = world.inbox("ana").expect("Heute um 14:00")
    assert "Willkommen" not in brief.text
    world.ignore("ana", "vic", "kim").ignore_mail()


def test_what_a_load_moves_is_told_in_the_next_brief_and_a_quiet_load_is_not(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 6
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
        ben: {name: Ben Okoye, email: ben@example.test}
    roles: {coach: ana}
    activities:
      talk: {kind: training, title: Customer talk, owner: coach, on: 2027-03-18, at: "14:00"}
      far: {kind: training, title: Far talk, owner: coach, on: 2027-04-07}
    """
    world.load().forward(to="2027-03-09 12:00")
    world.ignore("ana", "ben")
    world.load(lambda text: text.replace("2027-03-18", "2027-03-19").replace("2027-04-07", "2027-04-08"), force=True)
    world.forward(to="2027-03-09 18:00")
    world.inbox("ana").nothing()
    world.forward(to="2027-03-10 09:00")
    brief = world.inbox("ana").expect("Now on Fri 19 Mar at 14:00; it was on Thu 18 Mar at 14:00.")
    assert "Far talk" not in brief.text
    world.forward(to="2027-03-11 09:00")
    world.inbox("ana").nothing()

    world.load(lambda text: text.replace("coach: ana", "coach: ben"), force=True)
    world.forward(to="2027-03-12 09:00")
    world.inbox("ana").expect("No longer yours: Ben Okoye looks after it now.")
    world.inbox("ben").expect("Now yours, on Fri 19 Mar at 14:00; Ana Silva had it before.")
    text = world.plan_text.replace("2027-03-19", "2027-03-22")
    (world.folder / "plan.yaml").write_text(text, encoding="utf-8")
    bundle, _ = gather(world.folder / "plan.yaml")
    assert bundle is not None
    load(world.context, bundle, world.clock.now, author="story", force=True, quietly=True)
    world.forward(to="2027-03-15 07:00")
    world.inbox("ben").nothing()
    world.forward(to="2027-03-16 09:00")
    assert "Now on" not in "".join(post.text for post in world.inbox("ben").all())
    world.ignore("ana", "ben").ignore_mail()


def test_what_is_moved_to_before_the_next_brief_goes_beside_todays(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      review: {kind: metric_review, title: Pipeline review, owner: ana, every: week, on: fri, at: "08:15"}
      call: {kind: metric_review, title: Customer call, owner: ana, every: week, on: thu}
    """
    world.load().forward(to="2027-03-11 10:00")
    world.ignore("ana", "vic")
    review = next(task for task in world.tasks("review") if task.date > date(2027, 3, 12))
    world.answer(review, Verb.MOVE, by="vic", until=date(2027, 3, 12))
    alert = world.inbox("ana").expect("It came up at short notice: on Fri 12 Mar at 08:15.")
    assert "At short notice" in alert.post.text or "Pipeline review" in alert.text
    other = world.tasks("review")[-1]
    world.answer(other, Verb.MOVE, by="vic", until=date(2027, 3, 12))
    world.inbox("ana").nothing()
    world.ignore("ana", "vic").ignore_mail()


def test_who_took_part_confirms_once_and_nobody_else(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        rae: {name: Rae Quinn, email: rae@example.test, manager: ana}
        rob: {name: Rob Hart, email: rob@example.test, manager: ana}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      rides: {kind: field_ride, every: 2 weeks}
    """
    world.load().forward(to="2027-03-12 12:00")
    ride = world.task("rides", about="rae")
    world.answer(ride, Verb.DONE, by="ana", form={"next": "listen"})
    done = world.task("rides", about="rae")
    assert done.state is State.DONE
    refusal = world.answer(done, Verb.CONFIRM, by="rob").refusal
    assert refusal is not None
    assert refusal.code == "not-counterpart"
    own = world.answer(done, Verb.CONFIRM, by="ana").refusal
    assert own is not None, "who did it cannot confirm it"
    nobody = world.answer(done, Verb.CONFIRM).refusal
    assert nobody is not None, "nor can the operator for them"
    assert world.answer(done, Verb.CONFIRM, by="rae", text="we agreed on one thing").refusal is None
    again = world.answer(done, Verb.CONFIRM, by="rae").refusal
    assert again is not None
    assert again.code == "already-confirmed"
    assert world.task("rides", about="rae") == done, "it changes nothing"
    with world.store.read() as work:
        said = work.records.answers(done.id)
    assert [(one.verb, one.actor) for one in said] == [(Verb.DONE, "ana"), (Verb.CONFIRM, "rae")]
    world.ignore("ana", "vic", "rae", "rob").ignore_mail()


def test_a_snooze_is_refused_beyond_the_window_and_beyond_the_plan_with_the_last_possible_day(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
        rae: {name: Rae Quinn, email: rae@example.test, manager: ana}
    activities:
      talks: {kind: one_on_one, every: week}
      last: {kind: training, owner: ana, on: 2027-03-12}
    """
    world.load().forward(to="2027-03-02 12:00")
    talk, last = world.task("talks"), world.task("last")
    window = talk.occurrence.window.last
    far = world.answer(talk, Verb.SNOOZE, by="ana", until=date(2027, 3, 30)).refusal
    assert far is not None
    assert (far.code, far.facts["last"]) == ("snooze-far", window)
    assert world.answer(talk, Verb.SNOOZE, by="ana", until=window).refusal is None
    assert world.answer(last, Verb.SNOOZE, by="ana", until=date(2027, 3, 12)).refusal is None
    world.forward(to="2027-03-12 12:00")
    none = world.answer(world.task("last"), Verb.SNOOZE, by="ana", until=date(2027, 3, 15)).refusal
    assert none is not None
    assert none.code == "snooze-far"
    world.ignore("ana", "rae").ignore_mail()


def test_an_empty_seat_is_shared_out_by_one_decision(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, left: 2027-03-05}
        ben: {name: Ben Okoye, email: ben@example.test}
        cat: {name: Cat Lowe, email: cat@example.test}
        rae: {name: Rae Quinn, email: rae@example.test, manager: ana}
        rob: {name: Rob Hart, email: rob@example.test, manager: ben}
        rik: {name: Rik Voss, email: rik@example.test, manager: cat}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      huddles: {kind: metric_review, title: Huddle, owner: manager, every: week, on: wed}
    """
    world.load().forward(to="2027-03-08 09:00")
    question = world.inbox("vic").expect("Nobody holds the seat")
    (decision,) = [one for one in world.decisions() if one.kind is DecisionKind.VACANCY]
    mine = [task.id for task in world.tasks("huddles") if task.id in decision.tasks]
    question.press("decide:spread")
    question.shows("Vic Petrov decided: it is shared out")
    holders = [world.holder(task) for task in world.tasks("huddles") if task.id in mine and task.state.live]
    assert sorted(map(str, set(holders))) == ["ben", "cat"]
    assert abs(holders.count("ben") - holders.count("cat")) <= 1
    ruling = world.decide(decision, Choice.SPREAD, by="vic")
    assert ruling.refusal is not None, "taken once"
    world.ignore("ana", "ben", "cat", "vic", "rae", "rob", "rik").ignore_mail()
