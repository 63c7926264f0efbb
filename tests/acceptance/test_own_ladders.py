"""Stories about what an activity says itself: its reminders, its ladder, its ping, and what is carried to the next."""

from __future__ import annotations

from cadence.core.model import MessageKind, State, Verb
from tests.support.world import World


def test_reminders_and_a_ladder_of_its_own_are_said_once_each_and_then_it_is_quiet(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        ben: {name: Ben Ott, email: ben@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    keepers: [ben]
    backups: {ana: ben}
    activities:
      lab:
        kind: training
        title: Discovery lab
        owner: ana
        on: 2027-03-10
        remind: [4 workdays before]
        escalate:
          - {after: 2 workdays, to: backup, ask: help}
          - {after: 3 workdays, to: line, ask: decision}
          - {after: 6 workdays, to: keepers}
    """
    world.load().forward(to="2027-03-04 12:00")
    world.inbox("ana").expect("in 4 working days")
    world.forward(to="2027-03-10 12:00")
    world.inbox("ana").expect("Today")
    world.forward(to="2027-03-12 12:00")
    world.inbox("ana").expect("Is something in the way?")
    lend = world.inbox("ben").expect("Could you lend a hand")
    assert "will not come up again" not in lend.text
    world.forward(to="2027-03-15 12:00")
    world.inbox("vic").expect("How shall it go on?")
    world.forward(to="2027-03-17 18:00")
    world.ignore("ana")
    world.inbox("ben").nothing()
    world.forward(to="2027-03-18 12:00")
    world.inbox("ben").expect("It will not come up again by itself")
    world.forward(to="2027-03-19 18:00")
    world.inbox("ben").nothing()
    world.ignore("ana", "vic", "ben").ignore_mail()


def test_a_ping_comes_at_its_time_and_who_takes_part_reads_it_in_the_morning(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
        ben: {name: Ben Ott, email: ben@example.test}
    roles: {vp: ana}
    activities:
      call: {kind: training, title: Launch call, owner: ana, with: [ben], on: 2027-03-10, at: "14:00", ping: 1h before}
      note: {kind: communication, title: Field note, owner: ben, on: 2027-03-10, weight: light}
    """
    world.load().forward(to="2027-03-10 07:00").ignore("ben").forward(to="2027-03-10 12:59").ignore("ana")
    morning = world.inbox("ben").expect("You take part at 14:00, with Ana Silva")
    world.forward(to="2027-03-10 13:00")
    world.inbox("ana").expect("It begins at 14:00")
    with world.store.read() as work:
        kinds = [delivery.kind for delivery in work.ledger.sent(to="ana")]
    assert kinds.count(MessageKind.ALERT) == 1
    world.forward(to="2027-03-11 12:00")
    assert world.task("note").state is State.MISSED, "a light one ends with its day"
    morning.shows("The time for this has passed")
    world.inbox("ben").nothing()
    world.ignore("ana").ignore_mail()


def test_last_times_one_thing_is_for_the_pair_and_not_for_whoever_takes_the_ride_over(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        rae: {name: Rae Moss, email: rae@example.test, manager: ana}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks}
    """
    world.load()
    world.clock.now = world.at("2027-03-04 12:00")
    reply = world.answer(world.task("rides"), Verb.DONE, by="ana", form={"next": "Ask before you show"})
    assert reply.missing == ()
    world.clock.now = world.at("2027-03-15 08:00")
    world.ignore("ana").forward(to="2027-03-15 12:00")
    world.inbox("ana").expect("“Ask before you show”")
    world.answer(world.task("rides", 1), Verb.HAND_OVER, to_person="vic")
    world.forward(to="2027-03-17 12:00")
    handed = [post.text for post in world.inbox("vic").all()]
    assert any("Field ride" in text for text in handed)
    assert not any("Ask before" in text for text in handed)
    world.ignore("ana").ignore_mail()
