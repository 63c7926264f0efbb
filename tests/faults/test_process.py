"""What can become of a process, and what has to come of it.

| fault | expected | test |
| --- | --- | --- |
| SIGKILL before any statement, commit or byte | nothing lost, nothing twice but one mail | `crash/test_matrix.py` |
| SIGKILL twice in a row | the same, for each of them | `crash/test_matrix.py` |
| SIGKILL at each step of a message's road | the same, and who is in doubt rests | `acceptance/test_crash.py` |
| SIGKILL while an answer is written down | all or nothing; again does no harm | `crash/test_matrix.py` |
| SIGTERM, SIGINT of an idle process | it ends with 0, soon | `services/test_worker.py` |
| SIGTERM while messages are on their way | those are settled, nothing new begins, it ends with 0 within 10 s | here |
| SIGSTOP past its lease, then SIGCONT | others take over; the one that comes back settles nothing of theirs | here |
| two, four schedulers at once | each message once | here; `store/test_claims.py` for claims |
| a second worker on a file | it stands by, and takes over when the first falls silent | `services/test_worker.py` |
"""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash.stage import Stage, stage
from tests.crash.steps import TEXT
from tests.support.command import Command
from tests.support.postgres import postgres_server
from tests.support.slack import TOKEN, LoopbackSlack

__all__ = ["postgres_server"]
pytestmark = pytest.mark.timeout(600)  # whole processes, several a test: on a busy machine they take their time
WITHIN = 10
"""Seconds in which a process that is told to has to end."""


@pytest.fixture(params=["sqlite", "postgres"])
def by_slack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgres" else None
    with stage("slack", tmp_path, server) as set_up:
        yield set_up


def test_one_that_is_stopped_past_its_lease_and_goes_on_later_sends_nothing_twice(by_slack: Stage) -> None:
    wanted, _ = by_slack.undisturbed(("run", "--once"))
    for step in ("users.lookupByEmail", "chat.postMessage", "chat.update"):
        came = by_slack.stop(wanted, step)
        assert came.holds, (step, came)


def test_a_mail_on_its_way_when_the_process_is_stopped_comes_again_at_most_once(tmp_path: Path) -> None:
    with stage("mail", tmp_path) as set_up:
        wanted, _ = set_up.undisturbed(("run", "--once"))
        for step in ("RCPT", TEXT):
            came = set_up.stop(wanted, step)
            assert not came.lost, (step, came)
            assert len(came.repeats) <= 1, (step, came)


@pytest.mark.parametrize("many", [3])
def test_several_schedulers_at_once_send_each_message_once(by_slack: Stage, many: int) -> None:
    wanted, _ = by_slack.undisturbed(("run", "--once"))
    came = by_slack.together(wanted, many)
    assert came.holds, came


PEOPLE = [f"person-{number}" for number in range(12)]


def test_sigterm_under_load_settles_what_is_under_way_and_ends_with_0_in_time(tmp_path: Path) -> None:
    people = "".join(f"    {key}: {{name: Some Body{key[7:]}, email: {key}@example.test}}\n" for key in PEOPLE)
    asked = "".join(f"  call-{key}: {{kind: training, owner: {key}, on: 2027-03-03}}\n" for key in PEOPLE)
    head = "plan: p\nrollout: 2027-03-01\nends: week 1\ntimezone: UTC\npeople:\n  list:\n"
    (tmp_path / "plan.yaml").write_text(f"{head}{people}activities:\n{asked}")
    cadence = Command(tmp_path, "2027-03-03T09:00:00Z")
    cadence("load", "plan.yaml", "--yes")
    with LoopbackSlack(strict=False) as slack:
        for key in PEOPLE:
            slack.register(f"{key}@example.test")
        cadence = cadence.having(CADENCE_SLACK__BOT_TOKEN=TOKEN, CADENCE_SLACK__API_URL=slack.url)
        _told_to_end(cadence, slack, signal.SIGTERM)
        arrived = len(slack.posts)
        waiting = cadence.at("2027-03-03T09:04:00Z")("run", "--once", "--json").document["waiting"]
        assert waiting == 0, "whatever had left the house was settled before the end, so nothing is in doubt"
        assert 0 < arrived < len(PEOPLE), "some had gone, and nothing new was begun"
        assert slack.count("conversations.history") == 0
        assert Counter(post.email for post in slack.posts) == Counter(f"{key}@example.test" for key in PEOPLE)


def _told_to_end(cadence: Command, slack: LoopbackSlack, number: signal.Signals) -> None:
    """A worker, two at a time on a Slack that takes half a second for each, is told after the first has arrived."""
    slack.latency = 0.5
    worker = cadence.having(CADENCE_SLACK__AT_ONCE="2").started("worker")
    try:
        deadline = time.monotonic() + 60
        while not slack.posts:
            assert worker.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        worker.send_signal(number)
        assert worker.wait(WITHIN) == 0
    finally:
        slack.latency = 0.0
        worker.kill()
