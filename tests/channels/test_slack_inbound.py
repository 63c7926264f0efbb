"""What comes back from Slack: only what Slack signed is heard, and only what we gave out is understood."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.channels.slack.channel import SlackChannel
from cadence.channels.slack.inbound import Pressed, parse, signature_ok
from cadence.core.model import Choice, Reason, Verb
from cadence.templating import words
from tests.channels.samples import DUSTIN, NOW, decision, delivery, in_time, line, message
from tests.support.slack import SECRET, TOKEN, LoopbackSlack, Posted, signed

BODY = b"payload=%7B%22type%22%3A%22block_actions%22%7D"
GOOD = signed(BODY, NOW)["X-Slack-Signature"]
AT = str(int(NOW.timestamp()))


def at(seconds: int) -> tuple[str, str]:
    """A correctly signed timestamp and signature, `seconds` away from now."""
    headers = signed(BODY, NOW + timedelta(seconds=seconds))
    return headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"]


def test_what_slack_signed_is_accepted_for_five_minutes() -> None:
    for seconds in (0, -299, 299):
        assert signature_ok(SECRET, *at(seconds), BODY, NOW)


BAD: list[tuple[str, str, str | None, str | None, bytes]] = [
    ("no timestamp", SECRET, None, GOOD, BODY),
    ("no signature", SECRET, AT, None, BODY),
    ("empty timestamp", SECRET, "", GOOD, BODY),
    ("empty signature", SECRET, AT, "", BODY),
    ("timestamp in words", SECRET, "now", GOOD, BODY),
    ("timestamp with a fraction", SECRET, AT + ".5", GOOD, BODY),
    ("timestamp without end", SECRET, "9" * 5000, GOOD, BODY),
    ("timestamp infinite", SECRET, "inf", GOOD, BODY),
    ("timestamp of another second", SECRET, str(int(AT) + 1), GOOD, BODY),
    ("old", SECRET, *at(-301), BODY),
    ("from the future", SECRET, *at(301), BODY),
    ("from 1970", SECRET, "0", GOOD, BODY),
    ("another secret", "other", AT, GOOD, BODY),
    ("no secret", "", AT, GOOD, BODY),
    ("signature of another body", SECRET, AT, GOOD, BODY + b"x"),
    ("empty body", SECRET, AT, GOOD, b""),
    ("body that is no text", SECRET, AT, GOOD, b"\xff\xfe"),
    ("signature without its version", SECRET, AT, GOOD.removeprefix("v0="), BODY),
    ("signature cut short", SECRET, AT, GOOD[:-1], BODY),
    ("signature in capitals", SECRET, AT, GOOD.upper(), BODY),
    ("signature beyond ASCII", SECRET, AT, "v0=é" + GOOD[4:], BODY),
    ("two signatures", SECRET, AT, f"{GOOD}, {GOOD}", BODY),
]


@pytest.mark.parametrize(("secret", "timestamp", "signature", "body"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_a_bad_request_is_refused_without_an_exception(
    secret: str, timestamp: str | None, signature: str | None, body: bytes
) -> None:
    assert signature_ok(secret, timestamp, signature, body, NOW) is False


@settings(deadline=None)
@given(st.text(max_size=40), st.text(max_size=80), st.binary(max_size=80))
def test_nothing_made_up_is_ever_accepted(timestamp: str, signature: str, body: bytes) -> None:
    assert not signature_ok(SECRET, timestamp, signature, body, NOW)


@pytest.fixture
def posted(slack: LoopbackSlack) -> tuple[LoopbackSlack, Posted]:
    """A message with a task and a decision in it, in Dustin's inbox."""
    payload = SlackChannel("x").render(message(line(), decision()), words()).payload
    SlackChannel(TOKEN, base_url=slack.url).send(delivery(payload, "slack"), DUSTIN, in_time)
    return slack, slack.expect("dustin@example.com", "Field ride")


def heard(slack: LoopbackSlack, posted: Posted, action: str, now: datetime = NOW) -> Pressed:
    """What is understood of a press, after its signature was checked as the web does it."""
    body, headers = slack.press(posted, action)
    assert signature_ok(SECRET, headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"], body, now)
    pressed = parse(parse_qs(body.decode())["payload"][0])
    assert pressed is not None
    return pressed


@pytest.mark.parametrize(
    ("action", "verb"),
    [("answer:done", Verb.DONE), ("Done", Verb.DONE), ("on_it", Verb.ON_IT), ("snooze", Verb.SNOOZE)],
)
def test_an_answer_comes_back_with_its_task_and_the_version_seen(
    posted: tuple[LoopbackSlack, Posted], action: str, verb: Verb
) -> None:
    pressed = heard(*posted, action)
    assert (pressed.action, pressed.task_id, pressed.version) == (verb, "3f2a91c0b7de", 2)
    assert (pressed.user_id, pressed.ts, pressed.choice) == ("U00000001", posted[1].ts, None)
    assert pressed.trigger


def test_can_not_comes_back_with_the_reason_that_was_chosen(slack: LoopbackSlack) -> None:
    payload = SlackChannel("x").render(message(line(verbs=(Verb.CANT,))), words()).payload
    SlackChannel(TOKEN, base_url=slack.url).send(delivery(payload, "slack"), DUSTIN, in_time)
    pressed = heard(slack, slack.expect("dustin@example.com", "Field ride"), "rep-absent")
    assert (pressed.action, pressed.task_id, pressed.reason) == (Verb.CANT, "3f2a91c0b7de", Reason.REP_ABSENT)


@pytest.mark.parametrize(
    ("action", "choice", "reason"),
    [
        ("Hand over to Anna Snelling", Choice.HAND_OVER, None),
        ("extend", Choice.EXTEND, None),
        ("no-occasion", Choice.WAIVE, Reason.NO_OCCASION),
    ],
)
def test_a_decision_comes_back_with_its_choice_and_reason(
    posted: tuple[LoopbackSlack, Posted], action: str, choice: Choice, reason: Reason | None
) -> None:
    pressed = heard(*posted, action)
    assert (pressed.decision_id, pressed.choice, pressed.reason) == ("9a0c1d2e3f40", choice, reason)
    assert pressed.task_id is None


def press(**changes: object) -> str:
    """A minimal press of Done, with parts of it said otherwise; None leaves a part out."""
    action = {"type": "button", "action_id": "answer:done", "value": "abc:1"}
    other = changes.pop("action", {})
    assert isinstance(other, dict)
    told: dict[str, object] = {
        "type": "block_actions",
        "user": {"id": "U1"},
        "container": {"channel_id": "D1", "message_ts": "1.000001"},
        "actions": [action | other],
    }
    return json.dumps({name: value for name, value in (told | changes).items() if value is not None})


def test_a_button_without_a_version_is_about_the_newest() -> None:
    pressed = parse(press(action={"value": "abc:"}))
    assert pressed is not None
    assert pressed.version is None


@pytest.mark.parametrize("told", [press(type="view_submission"), press(action={"action_id": "home:open"}), "{}"])
def test_what_is_not_ours_is_nothing(told: str) -> None:
    assert parse(told) is None


MALFORMED = [
    "",
    "null",
    "[]",
    "1",
    "{",
    "[" * 100_000,
    '{"type": "block_actions"}',
    press(actions=[]),
    press(actions={}),
    press(actions=[1]),
    press(user=None),
    press(user={"id": 1}),
    press(user={"id": "\ud800"}),
    press(container=None),
    press(container={"channel_id": "D1", "message_ts": "yesterday"}),
    press(trigger_id="\n"),
    press(action={"action_id": None}),
    press(action={"value": None}),
    press(action={"value": ""}),
    press(action={"value": "abc"}),
    press(action={"value": "abc:1:2"}),
    press(action={"value": "abc:-1"}),
    press(action={"value": "abc:" + "9" * 5000}),
    press(action={"value": "../etc:1"}),
    press(action={"action_id": "answer:explode"}),
    press(action={"action_id": "answer:more-0", "value": "explode:abc:1"}),
    press(action={"selected_option": "x"}),
    press(action={"action_id": "decide:waive", "value": "d1"}),
    press(action={"action_id": "decide:waive", "value": "d1:explode"}),
    press(action={"action_id": "decide:waive", "value": "d1:waive:because"}),
    press(action={"action_id": "decide:waive", "value": "d1:waive:other:more"}),
]


@pytest.mark.parametrize("told", MALFORMED, ids=lambda text: text[:40])
def test_what_is_malformed_raises_a_value_error_and_nothing_else(told: str) -> None:
    with pytest.raises(ValueError):
        parse(told)


NODES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "user", "id", "actions", "container", "value"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(NODES, st.sampled_from(["user", "container", "actions", "trigger_id", "type"]))
def test_no_payload_does_more_than_a_value_error(node: object, place: str) -> None:
    with suppress(ValueError):
        parse(press(**{place: node}))
