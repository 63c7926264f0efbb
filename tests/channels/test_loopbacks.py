"""The loopback servers are strict: what no test expected fails it."""

from __future__ import annotations

from contextlib import suppress

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.clock import fixed
from cadence.templating import words
from tests.channels.samples import DUSTIN, NOW, delivery, in_time, line, message
from tests.support.slack import TOKEN, LoopbackSlack
from tests.support.smtp import LoopbackSmtp


def posted(slack: LoopbackSlack) -> None:
    slack.register("dustin@example.com")
    here = SlackChannel(TOKEN, base_url=slack.url)
    here.send(delivery(here.render(message(line()), words()).payload, "slack"), DUSTIN, in_time)


def mailed(smtp: LoopbackSmtp) -> None:
    mail = EmailChannel(Server(smtp.host, smtp.port, "none"), Sender("c@example.com"), fixed(NOW))
    mail.send(delivery(mail.render(message(line()), words()).payload, "email"), DUSTIN, in_time)


def told(slack: LoopbackSlack, method: str, asked: dict[str, object]) -> None:
    """Calls it as the SDK does, while it runs; an error that Slack answers comes out, its own at the end does not."""
    with suppress(AssertionError), slack:
        WebClient(TOKEN, base_url=slack.url).api_call(method, json=asked)


def test_a_slack_message_nobody_looked_at_fails_the_test_unless_told_otherwise() -> None:
    with pytest.raises(AssertionError, match="nobody expected"), LoopbackSlack() as slack:
        posted(slack)
    with LoopbackSlack(strict=False) as slack:
        posted(slack)


def test_a_mail_nobody_looked_at_fails_the_test_unless_told_otherwise() -> None:
    with pytest.raises(AssertionError, match="nobody expected"), LoopbackSmtp() as smtp:
        mailed(smtp)
    with LoopbackSmtp(strict=False) as smtp:
        mailed(smtp)


def test_an_expected_text_that_is_not_there_fails_and_says_what_is() -> None:
    with LoopbackSlack(strict=False) as slack:
        posted(slack)
        with pytest.raises(AssertionError, match="Field ride with Moses Frase"):
            slack.expect("dustin@example.com", "Certification")


def test_a_method_nobody_taught_it_fails_the_test() -> None:
    slack = LoopbackSlack(strict=False)
    with pytest.raises(SlackApiError, match="unknown_method"):
        told(slack, "chat.delete", {"channel": "D1", "ts": "1"})
    with pytest.raises(AssertionError, match=r"chat\.delete"):
        slack.settle()


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        [{"type": "divider"}] * 51,
        [{"type": "divider", "block_id": "a"}] * 2,
        [{"type": "actions", "elements": []}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    ],
)
def test_blocks_over_slack_s_limits_are_refused_and_fail_the_test(blocks: list[dict[str, object]]) -> None:
    slack = LoopbackSlack(strict=False)
    user = slack.register("dustin@example.com")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        told(slack, "chat.postMessage", {"channel": f"D{user}", "text": "x", "blocks": blocks})
    with pytest.raises(AssertionError, match="invalid blocks"):
        slack.settle()
