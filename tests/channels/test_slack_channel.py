"""Slack as a channel, against a strict Slack on the loopback: what arrives, and what every fault means."""

from __future__ import annotations

import json
import socket
import ssl
from dataclasses import replace
from datetime import timedelta
from http.client import IncompleteRead, RemoteDisconnected
from urllib.error import URLError

import pytest

from cadence.channels.pace import Pace
from cadence.channels.slack.channel import SlackChannel
from cadence.channels.slack.faults import OPERATORS, failure
from cadence.clock import elapsed
from cadence.core.messages import Line
from cadence.core.model import Closed, Delivery, Outcome, Permanent, Sent, Temporary, Unknown
from cadence.templating import words
from tests.channels.samples import CANARIES, DUSTIN, delivery, in_time, line, message, whole_brief
from tests.support.slack import TOKEN, Fault, LoopbackSlack

EMAIL = "dustin@example.com"


def channel(slack: LoopbackSlack, **more: object) -> SlackChannel:
    return SlackChannel(TOKEN, base_url=slack.url, timeout=1, pause=0, **more)  # type: ignore[arg-type]  # a cache, or nothing


def owed(key: str = "brief:dustin-brinkmann:2027-01-11", *lines: Line) -> Delivery:
    said = message(*(lines or (line(),)), key=key)
    return delivery(SlackChannel("x").render(said, words()).payload, "slack", key)


def rewrite(of: str, receipt: dict[str, str], *lines: Line) -> Delivery:
    return replace(owed(f"{of}#2", *lines), edits=of, receipt=receipt)


def test_a_brief_arrives_as_rendered_and_its_receipt_names_it(slack: LoopbackSlack) -> None:
    outcome = channel(slack).send(owed(), DUSTIN, in_time)
    (posted,) = slack.inbox(EMAIL)
    assert outcome == Sent({"channel": posted.channel, "ts": posted.ts})
    assert posted.payload["blocks"] == json.loads(owed().payload or "")["blocks"]
    assert posted.key == owed().key


def test_the_text_of_what_was_sent_is_the_whole_message_in_plain_words() -> None:
    rendered = SlackChannel("x").render(whole_brief(), words())
    assert "Role play\n  ✓ Done by Dustin Brinkmann" in rendered.text
    assert rendered.subject == "Your call: Deal review with Anna Snelling and 7 more"


def test_a_user_is_looked_up_once_and_remembered_in_the_given_cache(slack: LoopbackSlack) -> None:
    known: dict[str, str] = {}
    for key in ("a", "b"):
        channel(slack, user_ids=known).send(owed(key), DUSTIN, in_time)
    assert slack.count("users.lookupByEmail") == 1
    assert known == {EMAIL: "U00000001"}
    assert len(slack.inbox(EMAIL)) == 2


def test_a_remembered_user_whom_slack_no_longer_knows_is_forgotten(slack: LoopbackSlack) -> None:
    known = {EMAIL: "U99999999"}
    assert channel(slack, user_ids=known).send(owed(), DUSTIN, in_time) == Permanent("slack: user_not_found")
    assert known == {}


def test_a_rewrite_replaces_the_message_it_edits(slack: LoopbackSlack) -> None:
    first = channel(slack).send(owed("k"), DUSTIN, in_time)
    assert isinstance(first, Sent)
    done = line(status="status.done", facts={"by": "Dustin Brinkmann", "on": message().day})
    assert channel(slack).send(rewrite("k", dict(first.receipt), done), DUSTIN, in_time) == first
    (posted,) = slack.inbox(EMAIL)
    assert "Done by Dustin Brinkmann" in posted.text
    assert posted.elements() == []
    assert len(posted.earlier) == 1


@pytest.mark.parametrize("stored", [True, False])
def test_a_rewrite_without_an_answer_can_be_repeated_and_is_never_unknown(slack: LoopbackSlack, stored: bool) -> None:
    first = channel(slack).send(owed("k"), DUSTIN, in_time)
    assert isinstance(first, Sent)
    slack.fail("chat.update", Fault("drop", stored=stored))
    assert isinstance(channel(slack).send(rewrite("k", dict(first.receipt)), DUSTIN, in_time), Temporary)
    assert len(slack.inbox(EMAIL)) == 1


def test_a_rewrite_of_a_message_that_is_gone_is_permanent(slack: LoopbackSlack) -> None:
    gone = rewrite("k", {"channel": "D1", "ts": "1.000001"})
    assert channel(slack).send(gone, DUSTIN, in_time) == Permanent("slack: message_not_found")


POST_FAULTS: list[tuple[Fault, Outcome]] = [
    (Fault("status", 429, retry_after=30), Closed("slack: ratelimited", timedelta(seconds=30))),
    (Fault("status", 429), Closed("slack: ratelimited", timedelta(seconds=30))),
    (Fault("status", 429, retry_after=999_999_999), Closed("slack: ratelimited", timedelta(days=1))),
    (Fault("error", error="ratelimited"), Closed("slack: ratelimited", timedelta(seconds=30))),
    (Fault("html", 500), Temporary("slack: status 500 without a reason")),
    (Fault("html", 503), Temporary("slack: status 503 without a reason")),
    (Fault("html", 200), Unknown("slack: status 200 without a reason")),
    (Fault("garbled"), Unknown("slack: status 200 without a reason")),
    (Fault("drop", stored=True), Unknown("slack: ConnectionResetError")),
    (Fault("drop", stored=False), Unknown("slack: ConnectionResetError")),
    (Fault("slow", seconds=1.5, stored=True), Unknown("slack: TimeoutError")),
    (Fault("slow", seconds=1.5), Unknown("slack: TimeoutError")),
    *(
        (Fault("error", error=name, stored=stored), Unknown(f"slack: {name}"))
        for name in ("internal_error", "fatal_error")
        for stored in (True, False)
    ),
    *((Fault("error", error=name), Temporary(f"slack: {name}")) for name in ("service_unavailable", "request_timeout")),
    *((Fault("error", error=name), Closed(f"slack: {name}")) for name in sorted(OPERATORS)),
    *(
        (Fault("error", error=name), Permanent(f"slack: {name}"))
        for name in (
            "channel_not_found",
            "users_not_found",
            "user_not_found",
            "cannot_dm_bot",
            "is_archived",
            "not_in_channel",
            "restricted_action",
            "an_error_nobody_heard_of",
        )
    ),
]


@pytest.mark.parametrize(("fault", "outcome"), POST_FAULTS, ids=lambda value: str(value)[:60])
def test_each_fault_of_posting_has_its_outcome(slack: LoopbackSlack, fault: Fault, outcome: Outcome) -> None:
    slack.fail("chat.postMessage", fault)
    assert channel(slack).send(owed(), DUSTIN, in_time) == outcome
    assert slack.count("chat.postMessage") == 1, "nothing here tries twice"
    assert len(slack.inbox(EMAIL)) == (1 if fault.stored else 0)


@pytest.mark.parametrize("name", ["msg_too_long", "msg_blocks_too_long", "invalid_blocks", "invalid_blocks_format"])
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.update"])
def test_what_slack_cannot_show_is_said_once_more_in_plain_words(slack: LoopbackSlack, name: str, method: str) -> None:
    here, mine = channel(slack), replace(owed("k"), text="Field ride <today> & tomorrow")
    if method == "chat.update":
        first = here.send(mine, DUSTIN, in_time)
        assert isinstance(first, Sent)
        mine = replace(mine, key="k~2", edits="k", receipt=first.receipt)
    slack.fail(method, Fault("error", error=name))
    outcome = here.send(mine, DUSTIN, in_time)
    assert isinstance(outcome, Sent)
    assert outcome.receipt["plain"] == name
    (posted,) = slack.inbox(EMAIL)
    assert (posted.notification, posted.key, posted.elements()) == ("Field ride <today> & tomorrow", "k", [])
    assert slack.count(method) == 2


def test_what_slack_cannot_show_in_plain_words_either_is_permanent(slack: LoopbackSlack) -> None:
    slack.fail("chat.postMessage", *[Fault("error", error="msg_too_long")] * 2)
    assert channel(slack).send(owed(), DUSTIN, in_time) == Permanent("slack: msg_too_long")
    assert slack.count("chat.postMessage") == 2


def test_nothing_is_said_once_the_time_is_over_even_when_the_connection_stands(slack: LoopbackSlack) -> None:
    here = channel(slack)
    here.send(owed("a"), DUSTIN, in_time)
    slack.inbox(EMAIL)
    assert here.send(owed("b"), DUSTIN, lambda: False) == Temporary("slack: TooLate")
    assert slack.count("chat.postMessage") == 1


def test_two_messages_in_one_conversation_are_a_pause_apart_and_those_in_two_are_not() -> None:
    pace, began = Pace(0.05), elapsed()
    for name in ("D1", "D2", "D1"):
        pace.wait(name)
    assert elapsed() - began >= 0.05


def test_a_conversation_is_opened_once_and_forgotten_when_slack_no_longer_has_it(slack: LoopbackSlack) -> None:
    here = channel(slack)
    for key in ("a", "b"):
        assert isinstance(here.send(owed(key), DUSTIN, in_time), Sent)
    assert slack.count("conversations.open") == 1
    slack.fail("chat.postMessage", Fault("error", error="channel_not_found"))
    assert here.send(owed("c"), DUSTIN, in_time) == Permanent("slack: channel_not_found")
    assert isinstance(here.send(owed("d"), DUSTIN, in_time), Sent)
    assert (slack.count("users.lookupByEmail"), slack.count("conversations.open")) == (2, 2)
    slack.inbox(EMAIL)


@pytest.mark.parametrize("method", ["users.lookupByEmail", "conversations.open"])
@pytest.mark.parametrize("fault", [Fault("drop"), Fault("html", 500), Fault("status", 429, retry_after=1)])
def test_a_fault_before_posting_is_temporary_because_nothing_was_said(
    slack: LoopbackSlack, method: str, fault: Fault
) -> None:
    slack.fail(method, fault)
    outcome = channel(slack).send(owed(), DUSTIN, in_time)
    assert isinstance(outcome, Closed if fault.status == 429 else Temporary)
    assert slack.count("chat.postMessage") == 0


def test_a_closed_port_is_temporary() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    closed = SlackChannel(TOKEN, base_url=f"http://127.0.0.1:{port}/api/", timeout=1, user_ids={EMAIL: "U1"})
    assert closed.send(owed(), DUSTIN, in_time) == Temporary("slack: ConnectionRefusedError")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (URLError(ConnectionRefusedError()), Temporary("slack: ConnectionRefusedError")),
        (URLError(socket.gaierror()), Temporary("slack: gaierror")),
        (URLError(ssl.SSLCertVerificationError()), Temporary("slack: SSLCertVerificationError")),
        (URLError(TimeoutError()), Unknown("slack: TimeoutError")),
        (URLError(BrokenPipeError()), Unknown("slack: BrokenPipeError")),
        (URLError(ssl.SSLEOFError()), Unknown("slack: SSLEOFError")),
        (RemoteDisconnected(""), Unknown("slack: RemoteDisconnected")),
        (IncompleteRead(b""), Unknown("slack: IncompleteRead")),
        (AttributeError(), Unknown("slack: AttributeError")),
    ],
)
def test_a_post_is_unknown_unless_it_is_certain_that_nothing_left(error: Exception, outcome: Outcome) -> None:
    assert failure(error, repeatable=False) == outcome
    assert failure(error, repeatable=True) == Temporary(outcome.error)


@pytest.mark.parametrize("known", [{}, {EMAIL: "U1"}])
def test_a_name_that_does_not_resolve_is_temporary(known: dict[str, str]) -> None:
    lost = SlackChannel(TOKEN, base_url="http://slack.invalid/api/", timeout=1, user_ids=known)
    assert lost.send(owed(), DUSTIN, in_time) == Temporary("slack: gaierror")


def test_strangers_and_the_deactivated_are_permanent(slack: LoopbackSlack) -> None:
    slack.register("gone@example.com", deleted=True)
    gone = replace(DUSTIN, email="gone@example.com")
    stranger = replace(DUSTIN, email="nobody@example.com")
    assert channel(slack).send(owed(), gone, in_time) == Permanent("slack: user_disabled")
    assert channel(slack).send(owed(), stranger, in_time) == Permanent("slack: users_not_found")


def test_a_person_without_an_address_is_not_reached() -> None:
    nobody = replace(DUSTIN, email=None)
    assert not SlackChannel("x").reaches(nobody)
    assert isinstance(SlackChannel("x").send(owed(), nobody, in_time), Permanent)


def test_a_wrong_token_closes_the_channel_and_is_named_and_never_printed(
    slack: LoopbackSlack, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = SlackChannel("xoxb-secret", base_url=slack.url)
    assert wrong.send(owed(), DUSTIN, in_time) == Closed("slack: invalid_auth")
    assert "xoxb-secret" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(("stored", "found"), [(True, 1), (False, 0)])
def test_an_unknown_message_is_found_exactly_when_it_arrived(slack: LoopbackSlack, stored: bool, found: int) -> None:
    here = channel(slack)
    here.send(owed("before"), DUSTIN, in_time)
    slack.fail("chat.postMessage", Fault("drop", stored=stored))
    assert isinstance(here.send(owed("lost"), DUSTIN, in_time), Unknown)
    here.send(owed("after"), DUSTIN, in_time)
    posts = [post for post in slack.inbox(EMAIL) if post.key == "lost"]
    assert len(posts) == found
    assert here.find(owed("lost"), DUSTIN) == (
        Sent({"channel": posts[0].channel, "ts": posts[0].ts}) if posts else None
    )


def test_a_message_is_found_many_pages_back(slack: LoopbackSlack) -> None:
    here = channel(slack)
    for n in range(230):
        here.send(owed(f"k{n}"), DUSTIN, in_time)
    assert isinstance(here.find(owed("k0"), DUSTIN), Sent)
    assert len(slack.inbox(EMAIL)) == 230


@pytest.mark.parametrize("fault", [Fault("drop"), Fault("html", 502), Fault("error", error="missing_scope")])
def test_when_slack_cannot_be_asked_the_outcome_stays_unknown(slack: LoopbackSlack, fault: Fault) -> None:
    slack.fail("conversations.history", fault)
    assert isinstance(channel(slack).find(owed(), DUSTIN), Unknown)


def test_a_rewrite_is_found_by_its_own_key(slack: LoopbackSlack) -> None:
    here = channel(slack)
    first = here.send(owed("k"), DUSTIN, in_time)
    assert isinstance(first, Sent)
    edit = rewrite("k", dict(first.receipt))
    assert here.find(edit, DUSTIN) is None
    here.send(edit, DUSTIN, in_time)
    assert here.find(edit, DUSTIN) == first
    slack.inbox(EMAIL)


@pytest.mark.parametrize("canary", CANARIES, ids=lambda text: ascii(text)[:30])
def test_a_strict_slack_takes_every_hostile_title(slack: LoopbackSlack, canary: str) -> None:
    hostile = line(canary, facts={"at": canary})
    assert isinstance(channel(slack).send(owed("k", hostile), DUSTIN, in_time), Sent)
    assert len(slack.inbox(EMAIL)) == 1
