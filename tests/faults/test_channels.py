"""The faults of Slack and of mail, and what becomes of the message: the table, and a story for what a row cannot say.

Each row is one message to one person, decided and sent by whole beats, and a fault at the first call of the method.
Which outcome the channel itself gives for each is told in `tests/channels`.
"""

from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Literal
from urllib.error import URLError

import pytest

from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.channels.slack.faults import failure
from cadence.core.model import Answer, Delivery, DeliveryState, MessageKind, Source, Temporary, Verb
from cadence.services.respond import respond
from tests.support.slack import TOKEN, Fault, LoopbackSlack
from tests.support.smtp import Step, free_port
from tests.support.world import World

PLAN = """\
plan: p
rollout: 2027-03-01
ends: week 2
timezone: Europe/London
people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
activities:
  call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
"""
PEOPLE = """\
people:
  list:
    ana: {name: Ana Silva, email: ana@x.test}
    ben: {name: Ben Okoye, email: ben@x.test}
    kim: {name: Kim Lund, email: kim@x.test}
roles: {enablement: kim}
"""
DAY = "2027-03-03"
End = Literal["slack", "mail", "slack, later", "slack, once asked", "mail, later"]


def ready(world: World, plan: str = PLAN) -> World:
    """One minute before the brief, everything that came before looked at."""
    world.plan_text = plan
    world.load().forward(to=f"{DAY} 08:29")
    with world.store.read() as work:
        people = work.people.all()
    return world.ignore(*people).ignore_mail()


def beat(world: World, moment: str) -> World:
    world.clock.now = world.at(f"{DAY} {moment}")
    world.beat()
    return world


def briefs(world: World) -> list[Delivery]:
    with world.store.read() as work:
        return list(work.ledger.recent([MessageKind.BRIEF], world.at(f"{DAY} 00:00")))


def posted(world: World, email: str = "ana@x.test") -> int:
    return sum(post.email == email for post in world.slack.posts)


SLACK: list[tuple[str, Fault, End]] = [
    ("429 with Retry-After", Fault("status", 429, retry_after=120), "slack, later"),
    ("429 without Retry-After", Fault("status", 429), "slack, later"),
    ("500 as html", Fault("html", 500), "slack, later"),
    ("502 as html", Fault("html", 502), "slack, later"),
    ("503 as html", Fault("html", 503), "slack, later"),
    ("html in place of JSON, kept", Fault("html", 200, stored=True), "slack, once asked"),
    ("html in place of JSON, not kept", Fault("html", 200), "slack, once asked"),
    ("half a JSON document", Fault("garbled", stored=True), "slack, once asked"),
    ("internal_error, kept", Fault("error", error="internal_error", stored=True), "slack, once asked"),
    ("internal_error, not kept", Fault("error", error="internal_error"), "slack, once asked"),
    ("fatal_error", Fault("error", error="fatal_error", stored=True), "slack, once asked"),
    ("service_unavailable", Fault("error", error="service_unavailable"), "slack, later"),
    ("reset after the send, kept", Fault("drop", stored=True), "slack, once asked"),
    ("reset after the send, not kept", Fault("drop"), "slack, once asked"),
    ("no answer in time, kept", Fault("slow", seconds=2.5, stored=True), "slack, once asked"),
    ("user_not_found", Fault("error", error="user_not_found"), "mail"),
    ("cannot_dm_bot", Fault("error", error="cannot_dm_bot"), "mail"),
    ("is_archived", Fault("error", error="is_archived"), "mail"),
    ("channel_not_found", Fault("error", error="channel_not_found"), "mail"),
    ("not_in_channel", Fault("error", error="not_in_channel"), "mail"),
    ("restricted_action", Fault("error", error="restricted_action"), "mail"),
    ("an error nobody has heard of", Fault("error", error="brand_new_error"), "mail"),
    ("msg_too_long", Fault("error", error="msg_too_long"), "slack"),
    ("invalid_blocks", Fault("error", error="invalid_blocks"), "slack"),
]


@pytest.mark.parametrize(("fault", "end"), [row[1:] for row in SLACK], ids=[row[0] for row in SLACK])
def test_each_fault_of_slack_loses_nothing_and_says_nothing_twice(world: World, fault: Fault, end: End) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world).slack.fail("chat.postMessage", fault)
    before = posted(world)
    beat(world, "08:30")
    at_once = end in ("slack", "mail")
    assert [one.state for one in briefs(world)][-1] is DeliveryState.SENT or not at_once
    for moment in ("08:33", "08:35", "09:00", "11:00"):
        beat(world, moment)
    assert posted(world) - before == (0 if end == "mail" else 1)
    assert len([mail for mail in world.smtp.mails if not mail.seen]) == (1 if end == "mail" else 0)
    assert bool(world.slack.count("conversations.history")) is (end == "slack, once asked")
    world.ignore("ana").ignore_mail()


MAIL: list[tuple[str, Step, str, End]] = [
    ("421 too many connections", "mail", "421 4.7.0 too many", "mail, later"),
    ("450 greylisted", "rcpt", "450 4.2.0 greylisted, come again", "mail, later"),
    ("451 local error", "data", "451 4.3.0 try later", "mail, later"),
    ("452 no room", "data", "452 4.3.1 full", "mail, later"),
    ("550 nobody of that name", "rcpt", "550 5.1.1 unknown", "slack"),
    ("552 mailbox full", "rcpt", "552 5.2.2 full", "slack"),
    ("554 refused for what it says", "data", "554 5.7.1 spam", "slack"),
]


@pytest.mark.parametrize(("step", "reply", "end"), [row[1:] for row in MAIL], ids=[row[0] for row in MAIL])
def test_each_refusal_of_a_mail_server_is_waited_out_or_gone_around(
    world: World, step: Step, reply: str, end: End
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world, PLAN.replace("email: ana@x.test", "email: ana@x.test, channel: email"))
    world.smtp.refuse(step, reply)
    before = posted(world)
    for moment in ("08:30", "08:34", "08:36"):
        beat(world, moment)
    assert posted(world) - before == (1 if end == "slack" else 0)
    assert len([mail for mail in world.smtp.mails if not mail.seen]) == (0 if end == "slack" else 1)
    world.ignore("ana").ignore_mail()


def test_a_greylisting_server_is_asked_again_after_5_15_and_60_minutes_with_one_message_id(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world, PLAN.replace("email: ana@x.test", "email: ana@x.test, channel: email"))
    world.smtp.refuse("rcpt", *["450 4.2.0 greylisted"] * 3)
    payloads = []
    for moment, attempts in (("08:30", 1), ("08:34", 1), ("08:36", 2), ("08:50", 2), ("08:54", 3), ("09:53", 3)):
        beat(world, moment)
        (brief,) = briefs(world)
        with world.store.read() as work:
            whole = work.ledger.get(brief.key)
        assert whole is not None
        assert whole.attempts == attempts, moment
        payloads.append(whole.payload or "")
    beat(world, "10:02")
    sent = world.mail("ana", "Customer call")
    assert {payload.split("Message-ID: ")[1].split("\n")[0].strip() for payload in payloads} == {
        str(sent.message["Message-ID"])
    }


@pytest.mark.parametrize("stored", [True, False])
def test_a_line_that_breaks_after_the_text_repeats_under_the_same_name_and_not_for_ever(
    world: World, stored: bool
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world, PLAN.replace("email: ana@x.test", "email: ana@x.test, channel: email"))
    for _ in range(9):
        world.smtp.drop(stored=stored)
    for minute in range(30, 60):
        beat(world, f"08:{minute}")
    mails = [mail for mail in world.smtp.mails if not mail.seen]
    assert len(mails) == (5 if stored else 0)
    assert len({mail.message["Message-ID"] for mail in mails}) <= 1
    assert briefs(world)[-1].state is DeliveryState.FAILED
    world.ignore("ana").ignore_mail()


# --- circuits: not one failure a message, but one for all


def two_and_a_keeper(world: World) -> World:
    plan = PLAN.replace("people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}\n", PEOPLE)
    return ready(world, plan + "  note: {kind: training, title: Write it up, owner: ben, on: 2027-03-03}\n")


@pytest.mark.parametrize("name", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope"])
def test_a_revoked_token_is_tried_once_in_five_minutes_told_once_by_mail_and_mended_by_itself(
    world: World, name: str
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    two_and_a_keeper(world)
    world.slack.fail("chat.postMessage", *[Fault("error", error=name)] * 50)
    before = world.slack.count("chat.postMessage")
    beat(world, "08:30")
    first = world.slack.count("chat.postMessage") - before
    assert first <= 2, "whoever was under way already, and nobody else"
    for second in range(0, 300, 30):
        beat(world, f"08:{30 + second // 60}:{second % 60:02}")
    assert world.slack.count("chat.postMessage") - before == first, "not before five minutes are over"
    for minute in range(35, 50):
        beat(world, f"08:{minute}:01")
    assert world.slack.count("chat.postMessage") - before <= first + 3
    told = [mail for mail in world.smtp.mails if mail.to == "kim@x.test" and not mail.seen]
    assert len(told) == 1
    assert "Slack takes no messages from here" in told[0].text
    world.ignore_mail()
    with world.store.read() as work:
        assert {one.attempts for one in work.ledger.unsent([MessageKind.BRIEF])} == {0}, "no attempt is counted"
    world.slack._faults.clear()
    for minute in range(50, 57):
        beat(world, f"08:{minute}:01")
    world.inbox("ana").expect("Customer call")
    world.inbox("ben").expect("Write it up")
    world.ignore("kim", "ana", "ben")
    assert not [mail for mail in world.smtp.mails if not mail.seen]


def test_what_has_waited_for_slack_for_an_hour_goes_by_mail_and_not_by_both(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    two_and_a_keeper(world)
    world.slack.fail("chat.postMessage", *[Fault("error", error="token_revoked")] * 500)
    for minute in range(30, 60, 5):
        beat(world, f"08:{minute}")
    assert not [mail for mail in world.smtp.mails if mail.to == "ana@x.test" and not mail.seen]
    for minute in range(0, 60, 5):
        beat(world, f"09:{minute:02}")
    assert "Customer call" in world.mail("ana", "Customer call").text
    assert "Write it up" in world.mail("ben", "Write it up").text
    world.slack._faults.clear()
    world.forward(to=f"{DAY} 18:00")
    world.inbox("ana").nothing()
    world.inbox("ben").nothing()
    world.ignore("kim").ignore_mail()


def test_a_backlog_of_a_day_is_folded_into_one_brief_when_the_token_is_good_again(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    two_and_a_keeper(world)
    world.context = replace(world.context, channels={"slack": world.context.channels["slack"]})
    world.slack.fail("chat.postMessage", *[Fault("error", error="token_revoked")] * 2000)
    world.forward(to="2027-03-05 08:00")
    world.inbox("ana").nothing()
    world.slack._faults.clear()
    world.forward(to="2027-03-05 18:00")
    world.inbox("ana").expect("Is something in the way")
    world.inbox("ana").nothing()
    world.ignore("ana", "ben", "kim")


def test_429_stops_slack_for_everybody_until_then_and_mail_goes_on(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    plan = PLAN.replace("people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}\n", PEOPLE)
    plan = plan.replace("ben@x.test}", "ben@x.test, channel: email}")
    plan += "  note: {kind: training, title: Write it up, owner: ben, on: 2027-03-03}\n"
    ready(world, plan + "  desk: {kind: training, title: The desk, owner: kim, on: 2027-03-03}\n")
    before = world.slack.count("chat.postMessage")
    world.slack.fail("chat.postMessage", Fault("status", 429, retry_after=120))
    beat(world, "08:30")
    assert world.mail("ben", "Write it up")
    assert world.slack.count("chat.postMessage") == before + 1
    beat(world, "08:31:59")
    assert world.slack.count("chat.postMessage") == before + 1
    beat(world, "08:32:01")
    world.inbox("ana").expect("Customer call")
    world.inbox("kim").expect("The desk")


MAIL_CLOSED: list[tuple[str, Callable[[World, Path], Server]]] = [
    ("535 wrong password", lambda world, _: Server(world.smtp.host, world.smtp.port, "none", "u", "p", timeout=2)),
    ("TLS is not offered", lambda world, _: Server(world.smtp.host, world.smtp.port, "starttls", timeout=2)),
    (
        "TLS from the first byte",
        lambda world, _: Server(world.smtp.host, world.smtp.port, "tls", timeout=2),
    ),
    ("the certificate is nobody's", lambda _, folder: Server("127.0.0.1", self_signed(folder), "tls", timeout=2)),
]


@pytest.mark.parametrize("server", [row[1] for row in MAIL_CLOSED], ids=[row[0] for row in MAIL_CLOSED])
def test_a_mail_server_that_refuses_us_is_left_alone_and_nothing_is_said_in_clear_text(
    world: World, tmp_path: Path, server: Callable[[World, Path], Server]
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    plan = PLAN.replace("people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}\n", PEOPLE)
    ready(world, plan.replace("ana@x.test}", "ana@x.test, channel: email}"))
    refused = EmailChannel(server(world, tmp_path), Sender("a@b.test"), world.clock, at_once=0)
    world.context = replace(world.context, channels={**world.context.channels, "email": refused})
    beat(world, "08:30")
    assert [post.text for post in world.inbox("kim").all() if "Mail takes no messages from here" in post.text]
    world.inbox("ana").nothing()
    for minute in range(0, 60, 5):
        beat(world, f"09:{minute:02}")
    world.inbox("ana").expect("Customer call")
    world.ignore("kim")
    assert not [mail for mail in world.smtp.mails if not mail.seen]


def self_signed(folder: Path) -> int:
    """The port of a server whose certificate nobody has signed but itself."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return _answering(context)


def _answering(context: ssl.SSLContext) -> int:
    import socket

    listening = socket.create_server(("127.0.0.1", 0))

    def shake() -> None:
        while True:
            connection, _ = listening.accept()
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                connection.close()

    Thread(target=shake, daemon=True).start()
    return int(listening.getsockname()[1])


# --- what cannot be reached at all


@pytest.mark.parametrize(
    ("reason", "name"),
    [
        (ConnectionRefusedError(), "ConnectionRefusedError"),
        (ssl.SSLCertVerificationError(), "SSLCertVerificationError"),
        (__import__("socket").gaierror(), "gaierror"),
    ],
)
def test_a_slack_that_was_never_reached_is_tried_again_without_asking_whether_it_arrived(
    reason: OSError, name: str
) -> None:
    assert failure(URLError(reason), repeatable=False) == Temporary(f"slack: {name}")


def test_a_slack_that_is_not_there_is_tried_for_an_hour_and_then_it_goes_by_mail(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world)
    gone = SlackChannel(TOKEN, base_url=f"http://127.0.0.1:{free_port()}/api/", timeout=2, at_once=0)
    world.context = replace(world.context, channels={**world.context.channels, "slack": gone})
    for hour, minute in [(8, m) for m in range(30, 60)] + [(9, m) for m in range(0, 60)]:
        beat(world, f"{hour:02}:{minute:02}")
    assert world.mail("ana", "Customer call")
    assert not [mail for mail in world.smtp.mails if not mail.seen]
    (first, _second) = briefs(world)
    assert (first.channel, first.state, first.attempts) == ("slack", DeliveryState.FAILED, 8)


# --- many at once


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A Slack channel to which something happens while a message is on its way."""

    inner: SlackChannel
    happens: Callable[[], object]

    def __getattr__(self, name: str) -> object:
        return getattr(self.inner, name)

    def send(self, delivery: Delivery, *more: object) -> object:
        if not delivery.edits:
            self.happens()
        return self.inner.send(delivery, *more)  # type: ignore[arg-type]  # handed on as it came


def test_what_is_answered_while_the_message_is_on_its_way_is_put_right_at_once(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world)
    task = world.task("call")
    answer = Answer(task_id=task.id, verb=Verb.DONE, actor=None, source=Source.CLI, at=world.at(f"{DAY} 08:30"))
    inner = SlackChannel(TOKEN, base_url=world.slack.url, timeout=2, at_once=0, pause=0)
    slack = Meanwhile(inner, lambda: respond(world.context, answer))
    world.context = replace(world.context, channels={"slack": slack})  # type: ignore[dict-item]  # a Slack with a day of its own
    beat(world, "08:30")
    brief = world.inbox("ana").all()[-1]
    assert "✓ Done" in brief.text
    assert not brief.elements()


def through_eight_lines(world: World) -> LoopbackSlack:
    slack = SlackChannel(TOKEN, base_url=world.slack.url, timeout=2, at_once=8, pause=0)
    world.context = replace(world.context, channels={**world.context.channels, "slack": slack})
    return world.slack


CROWD = 40
NAMES = "".join(f"    p{n:02}: {{name: P {n}, email: p{n:02}@x.test}}\n" for n in range(CROWD))
CALLS = "".join(f"  c{n:02}: {{kind: training, title: Call {n:02}, owner: p{n:02}, on: {DAY}}}\n" for n in range(CROWD))
CROWD_PLAN = "\n".join(PLAN.splitlines()[:4]) + f"\npeople:\n  list:\n{NAMES}activities:\n{CALLS}"


def test_forty_at_once_through_eight_lines_with_faults_between_reach_each_once(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world, CROWD_PLAN)
    slack = through_eight_lines(world)
    wrong = (Fault("html", 503), Fault("drop", stored=True), Fault("drop"), Fault("html", 500))
    slack.fail("chat.postMessage", *wrong)
    before = len(slack.posts)
    beat(world, "08:30")
    beat(world, "08:33")
    beat(world, "08:36")
    texts = [post.text for post in slack.posts[before:]]
    assert sorted(text for text in texts) == sorted(set(texts))
    assert len(texts) == 40
    world.ignore(*(f"p{n:02}" for n in range(40)))


def test_once_it_is_told_to_stop_nothing_is_begun_and_what_was_claimed_waits_in_the_queue(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    from cadence.services.beat import beat as one_beat

    ready(world, CROWD_PLAN)
    slack = through_eight_lines(world)
    before = len(slack.posts)
    world.clock.now = world.at(f"{DAY} 08:30")
    one_beat(world.context, world.clock.now, lambda: len(slack.posts) > before)
    gone = len(slack.posts) - before
    assert 0 < gone < 40
    with world.store.read() as work:
        states = {state: n for state, n in work.ledger.waiting().items() if n}
    assert states == {DeliveryState.QUEUED: 40 - gone}
    beat(world, "08:31")
    assert len(slack.posts) - before == 40
    world.ignore(*(f"p{n:02}" for n in range(40)))


def test_a_doubt_that_cannot_be_settled_is_asked_for_again_and_not_at_every_beat(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    """
    ready(world).slack.fail("chat.postMessage", Fault("drop", stored=True))
    beat(world, "08:30")
    world.slack.fail("conversations.history", *[Fault("html", 503)] * 50)
    for second in range(0, 600, 5):
        world.clock.now = world.at(f"{DAY} 08:32") + timedelta(seconds=second)
        world.beat()
    assert 5 <= world.slack.count("conversations.history") <= 8
    world.slack._faults.clear()
    beat(world, "08:44")
    assert briefs(world)[-1].state is DeliveryState.SENT
    assert len([post for post in world.inbox("ana").all() if "Today" in post.text]) == 1
