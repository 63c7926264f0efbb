"""The process is killed (SIGKILL) at every step of a message's road and started again; the servers count.

What becomes of the one in doubt, that is marked as being sent and not settled: its lease runs out, it rests for as
long as a post may still be under way, and then

- Slack is asked. The message carries the delivery's key in its metadata: found in the conversation's history, it
  counts as sent and is not posted again; not found, it is posted now. Nothing is lost and nothing comes twice.
- a mail server cannot be asked. The mail goes out again under the same Message-ID, by which the reader's program
  knows a repeat. Nothing is lost and at most one mail comes twice.

Every other message was either not decided yet, or waits in the queue, or is settled: there is no doubt about it.
"""

from __future__ import annotations

import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cadence.core.model import Delivery
from cadence.store import open_store
from tests.support.command import Command
from tests.support.postgres import postgres_server, postgres_url
from tests.support.slack import TOKEN, Fault, LoopbackSlack
from tests.support.smtp import LoopbackSmtp

__all__ = ["postgres_server", "postgres_url"]

PLAN = """\
plan: emea
rollout: 2027-03-01
ends: week 1
timezone: Europe/London
people:
  list:
    ana: {name: Ana Silva, email: ana@example.test}
    ben: {name: Ben Okoye, email: ben@example.test}
    cem: {name: Cem Acar, email: cem@example.test}
    dee: {name: Dee Marsh, email: dee@example.test}
activities:
  call-a: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
  call-b: {kind: training, title: Customer call, owner: ben, on: 2027-03-03}
  call-c: {kind: training, title: Customer call, owner: cem, on: 2027-03-03}
  call-d: {kind: training, title: Customer call, owner: dee, on: 2027-03-03}
"""
PEOPLE = ["ana@example.test", "ben@example.test", "cem@example.test", "dee@example.test"]
pytestmark = pytest.mark.timeout(300)  # whole processes, several a test: on a busy machine they take their time

EARLY, MORNING = "2027-03-03T07:00:00Z", "2027-03-03T09:00:00Z"
LEASE_OVER, RESTED = "2027-03-03T09:04:00Z", "2027-03-03T09:06:00Z"
KILLED = -signal.SIGKILL

ROAD = [
    # where it is killed, how many messages a server has by then, whether one of them is in doubt
    pytest.param("deciding:2", 0, False, id="while what is due is written down"),
    pytest.param("decided", 0, False, id="between writing down and claim"),
    pytest.param("claiming", 0, False, id="while claiming"),
    pytest.param("claimed:2", 1, False, id="between claim and mark"),
    pytest.param("marking:2", 1, False, id="while marking as being sent"),
    pytest.param("marked:2", 1, True, id="between mark and send"),
    pytest.param("sent:2", 2, True, id="between send and settle"),
    pytest.param("settling:2", 2, True, id="while settling"),
]
AROUND_THE_POST = [ROAD[3], ROAD[5], ROAD[6]]


@pytest.fixture
def slack() -> Iterator[LoopbackSlack]:
    with LoopbackSlack() as slack:
        for email in PEOPLE:
            slack.register(email)
        yield slack


@pytest.fixture
def smtp() -> Iterator[LoopbackSmtp]:
    with LoopbackSmtp() as smtp:
        yield smtp


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file in which the plan is loaded and nothing was sent yet."""
    folder = tmp_path_factory.mktemp("template")
    _loaded(Command(folder, EARLY), "sqlite:///cadence.db")
    return folder / "cadence.db"


@pytest.fixture
def on_sqlite(template: Path, tmp_path: Path) -> Command:
    shutil.copyfile(template, tmp_path / "cadence.db")
    return Command(tmp_path, MORNING, {"CADENCE_DATABASE_URL": f"sqlite:///{tmp_path / 'cadence.db'}"})


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Command:
    return _loaded(Command(tmp_path, EARLY), postgres_url).at(MORNING)


def _loaded(cadence: Command, url: str) -> Command:
    (cadence.folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    opened = cadence.having(CADENCE_DATABASE_URL=url)
    opened("load", "plan.yaml", "--yes")
    return opened


def by_slack(cadence: Command, slack: LoopbackSlack) -> Command:
    """One after the other: at which step how many had gone is then no matter of chance."""
    slack_settings = {"CADENCE_SLACK__API_URL": slack.url, "CADENCE_SLACK__AT_ONCE": "1"}
    return cadence.having(CADENCE_SLACK__BOT_TOKEN=TOKEN, **slack_settings)


def by_mail(cadence: Command, smtp: LoopbackSmtp) -> Command:
    server = {"CADENCE_MAIL__HOST": smtp.host, "CADENCE_MAIL__PORT": str(smtp.port), "CADENCE_MAIL__TLS": "none"}
    return cadence.having(**server, CADENCE_MAIL__SENDER="cadence@example.test")


def killed_at(cadence: Command, point: str) -> None:
    cadence.running("tests.support.crash", point, "--")("run", "--once", code=KILLED)


def started_again(cadence: Command, *, in_doubt: bool) -> None:
    """A beat of a new process when the lease is over and, where one is in doubt, another when that one has rested."""
    beats = [cadence.at(now)("run", "--once", "--json") for now in (LEASE_OVER, RESTED)[: 1 + in_doubt]]
    assert [beat.document["waiting"] for beat in beats] == [1, 0][1 - in_doubt :], "only the one in doubt has to rest"


def ledger(cadence: Command) -> tuple[Delivery, ...]:
    """What the program holds for sent."""
    store = open_store(cadence.settings["CADENCE_DATABASE_URL"])
    try:
        with store.read() as work:
            assert work.ledger.doubles() == 0
            return work.ledger.sent()
    finally:
        store.close()


def counted_by_slack(slack: LoopbackSlack) -> Counter[str]:
    assert len({post.key for post in slack.posts}) == len(slack.posts), "the same delivery stands there twice"
    return Counter(post.email for email in PEOPLE for post in slack.inbox(email))


@pytest.mark.parametrize(("point", "arrived", "in_doubt"), ROAD)
def test_in_slack_nothing_is_lost_and_nothing_comes_twice(
    on_sqlite: Command, slack: LoopbackSlack, point: str, arrived: int, in_doubt: bool
) -> None:
    _killed_and_started_again(by_slack(on_sqlite, slack), slack, point, arrived, in_doubt)


@pytest.mark.parametrize(("point", "arrived", "in_doubt"), [ROAD[3], ROAD[6]])
def test_on_postgresql_it_is_the_same(
    on_postgres: Command, slack: LoopbackSlack, point: str, arrived: int, in_doubt: bool
) -> None:
    _killed_and_started_again(by_slack(on_postgres, slack), slack, point, arrived, in_doubt)


def _killed_and_started_again(cadence: Command, slack: LoopbackSlack, point: str, arrived: int, in_doubt: bool) -> None:
    killed_at(cadence, point)
    assert len(slack.posts) == arrived
    started_again(cadence, in_doubt=in_doubt)
    assert counted_by_slack(slack) == Counter(PEOPLE)
    assert slack.count("chat.postMessage") == len(PEOPLE)
    assert bool(slack.count("conversations.history")) is in_doubt, "Slack is asked when there is a doubt, else never"
    receipts = {(str(one.receipt["channel"]), str(one.receipt["ts"])) for one in ledger(cadence)}
    assert receipts == {(post.channel, post.ts) for post in slack.posts}, "each is known by where it stands"


@pytest.mark.parametrize(("point", "arrived", "in_doubt"), AROUND_THE_POST)
def test_by_mail_nothing_is_lost_and_at_most_one_comes_again_under_its_own_message_id(
    on_sqlite: Command, smtp: LoopbackSmtp, point: str, arrived: int, in_doubt: bool
) -> None:
    cadence = by_mail(on_sqlite, smtp)
    killed_at(cadence, point)
    assert len(smtp.mails) == arrived
    started_again(cadence, in_doubt=in_doubt)
    mails = [mail for email in PEOPLE for mail in smtp.inbox(email)]
    ids = {mail.to: str(mail.message["Message-ID"]) for mail in mails}
    assert sorted(ids) == PEOPLE
    assert len(set(ids.values())) == len(PEOPLE)
    repeated = [one for one, times in Counter(mail.message["Message-ID"] for mail in mails).items() if times > 1]
    assert len(repeated) == (arrived == 2), "only what the server had taken before its settling was written down"
    assert len(mails) == len(PEOPLE) + len(repeated)
    assert {one.receipt["message_id"] for one in ledger(cadence)} == set(ids.values())


def test_a_process_killed_while_slack_holds_back_its_answer_posts_nothing_twice(
    on_sqlite: Command, slack: LoopbackSlack
) -> None:
    cadence = by_slack(on_sqlite, slack)
    slack.fail("chat.postMessage", Fault("slow", seconds=9, stored=True))
    process = cadence.started("run", "--once")
    try:
        deadline = time.monotonic() + 60
        while not slack.posts and time.monotonic() < deadline:
            time.sleep(0.02)
    finally:
        process.kill()
    assert process.wait() == KILLED
    assert len(slack.posts) == 1
    started_again(cadence, in_doubt=True)
    assert counted_by_slack(slack) == Counter(PEOPLE)
    assert slack.count("chat.postMessage") == len(PEOPLE)


def test_a_rewrite_in_doubt_is_written_once_more_in_the_same_place(on_sqlite: Command, slack: LoopbackSlack) -> None:
    cadence = by_slack(on_sqlite, slack)
    cadence("run", "--once")
    brief_to_ana = next(one for one in ledger(cadence) if one.recipient == "ana")
    shown = next(entry.task_id for entry in brief_to_ana.entries if entry.task_id)
    cadence("done", str(shown), "--by", "ana")
    killed_at(cadence, "sent")
    assert slack.count("chat.update") == 1
    started_again(cadence, in_doubt=True)
    assert slack.count("chat.update") == 2
    assert counted_by_slack(slack) == Counter(PEOPLE)
    (brief,) = slack.inbox("ana@example.test")
    assert "✓ Done by Ana Silva" in brief.text
