"""Sending: nothing is lost, nothing goes twice, nothing goes stale, and no row stops another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cadence.channels import Rendered
from cadence.channels.slack.channel import SlackChannel
from cadence.core.messages import Message
from cadence.core.model import DeliveryState, Hold, MessageKind, State, Verb
from cadence.templating import Words
from tests.support.slack import TOKEN, Fault
from tests.support.world import World


def states(world: World) -> dict[str, DeliveryState]:
    """Recipient and channel of every brief so far, with what has become of it; the newest wins."""
    with world.store.read() as work:
        recent = work.ledger.recent((MessageKind.BRIEF, MessageKind.ALERT), world.clock.now.replace(year=2026))
    return {f"{one.recipient} {one.channel}": one.state for one in recent}


def test_a_temporary_failure_is_tried_again_after_what_slack_asks_for(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", Fault("status", 429, retry_after=600), Fault("html", 503))
    before = world.slack.count("chat.postMessage")
    for moment, tries in (("08:30:00", 1), ("08:39:59", 1), ("08:40:00", 2), ("08:40:04", 2), ("08:40:06", 3)):
        world.clock.now = world.at(f"2027-03-03 {moment}")
        world.beat()
        assert world.slack.count("chat.postMessage") == before + tries, moment
    world.inbox("ana").expect("Today")
    world.inbox("ana").nothing()


def test_a_permanent_failure_falls_back_to_mail_exactly_once(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", Fault("error", error="cannot_dm_bot"))
    world.forward(to="2027-03-03 08:30")
    assert "Customer call" in world.mail("ana", "Customer call").text, "at once, in the same beat"
    world.forward(to="2027-03-03 18:00")
    assert not [mail for mail in world.smtp.mails if not mail.seen]
    world.inbox("ana").nothing()


@pytest.mark.parametrize("stored", [True, False])
def test_a_post_in_doubt_is_looked_up_and_goes_once(world: World, stored: bool) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", Fault("drop", stored=stored))
    world.forward(to="2027-03-03 08:30")
    world.clock.now = world.at("2027-03-03 08:31")
    world.beat()
    assert states(world)["ana slack"] is DeliveryState.UNKNOWN, "too soon to ask"
    world.clock.now = world.at("2027-03-03 08:32")
    world.beat()
    world.inbox("ana").expect("Customer call").press("done")
    assert world.task("call").state is State.DONE
    world.ignore("ana")
    assert len([p for p in world.slack.posts if "Today" in str((p.earlier or [p.payload])[0])]) == 1


def test_a_mail_in_doubt_goes_again_under_the_same_message_id(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test, channel: email}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore_mail()
    world.smtp.drop(stored=True)
    world.forward(to="2027-03-03 08:30")
    world.clock.now = world.at("2027-03-03 08:32")
    world.beat()
    first, second = (world.mail("ana", "Customer call") for _ in range(2))
    assert first.message["Message-ID"] == second.message["Message-ID"]


def test_what_an_outage_over_a_weekend_held_back_comes_as_one_brief_with_nothing_lost(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-02}
    """
    world.load().forward(to="2027-03-05 08:29")
    world.ignore("ana", "vic")
    world.slack.fail("chat.postMessage", *[Fault("html", 503)] * 40)
    world.forward(to="2027-03-07 20:00")
    world.inbox("vic").nothing()
    world.slack._faults.clear()
    world.forward(to="2027-03-08 08:29")
    world.inbox("vic").nothing()
    world.forward(to="2027-03-08 18:00")
    world.inbox("vic").expect("Ana Silva had this planned for Tue 2 Mar")
    world.inbox("vic").nothing()
    assert len(world.ignore("ana").inbox("ana").all()) <= 5
    world.ignore_mail()


def test_an_unsent_word_is_said_on_the_next_day_whose_brief_hour_comes_later(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-02}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", *[Fault("html", 503)] * 30)
    world.forward(to="2027-03-03 17:59")
    world.slack._faults.clear()
    world.clock.now = world.at("2027-03-04 00:15")
    world.beat()
    world.inbox("ana").nothing()
    world.clock.now = world.at("2027-03-04 08:31")
    world.beat()
    world.inbox("ana").expect("Is something in the way")


def test_nothing_goes_to_somebody_who_is_held_though_it_waits_in_the_queue(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", Fault("html", 503))
    world.forward(to="2027-03-03 08:30")
    with world.store.begin() as work:
        work.records.hold(Hold(scope="person/ana", until=date(2027, 3, 4), reason="x", since=world.clock.now))
    world.forward(to="2027-03-04 18:00")
    world.inbox("ana").nothing()
    world.forward(to="2027-03-05 09:00")
    world.inbox("ana").expect("Customer call")


def test_what_was_done_before_it_could_be_sent_is_not_sent(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana")
    world.slack.fail("chat.postMessage", Fault("html", 503))
    world.forward(to="2027-03-03 08:30")
    world.answer(world.task("call"), Verb.DONE)
    world.clock.now = world.at("2027-03-03 08:40")
    world.beat()
    world.inbox("ana").nothing()
    assert states(world)["ana slack"] is DeliveryState.DROPPED


def test_everything_goes_to_one_person_headed_with_whom_it_is_for(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
        ben: {name: Ben Okoye, email: ben@x.test}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load()
    world.context = replace(world.context, redirect="ben")
    world.forward(to="2027-03-03 08:31")
    world.inbox("ana").nothing()
    assert "Ana Silva" in next(post.text for post in world.inbox("ben").all() if "Today" in post.text)
    world.ignore_mail()


def test_a_redirect_to_somebody_unknown_keeps_messages_back_instead_of_reaching_real_people(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
        ben: {name: Ben Okoye, email: ben@x.test}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
    """
    world.load()
    world.context = replace(world.context, redirect="nobody")
    world.forward(to="2027-03-03 08:31")
    world.inbox("ana").nothing()
    world.context = replace(world.context, redirect="ben")
    world.forward(to="2027-03-03 08:50")
    assert any("Today" in post.text for post in world.inbox("ben").all())
    world.inbox("ana").nothing()


class Stumbling(SlackChannel):
    """Slack, but one person's messages cannot be written and another's break the line."""

    def render(self, message: Message, words: Words) -> Rendered:
        if message.to.key == "ana":
            raise ZeroDivisionError
        return super().render(message, words)


def test_a_row_that_trips_is_put_off_three_times_and_parked_and_never_stops_the_others(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
        ben: {name: Ben Okoye, email: ben@x.test}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
      note: {kind: training, title: Write it up, owner: ben, on: 2027-03-03}
    """
    world.load()
    slack = Stumbling(TOKEN, base_url=world.slack.url, timeout=2)
    world.context = replace(world.context, channels={**world.context.channels, "slack": slack})
    world.clock.now = world.at("2027-03-03 08:30")
    world.beat()
    world.inbox("ben").expect("Write it up")
    for moment, state in (("08:31", "retry"), ("08:36", "retry"), ("08:51", "failed"), ("10:00", "failed")):
        world.clock.now = world.at(f"2027-03-03 {moment}")
        world.beat()
        assert states(world)["ana slack"] == state, moment
    world.ignore_mail()
