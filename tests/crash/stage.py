"""One company on one Monday morning, with everything in it that a beat can meet, and the servers that count.

By then there are messages that arrived, one in doubt that did, others that a killed process never came to, an answer
whose message is owed a rewrite, a task whose time is over, one to be decided on, and a week to be told of in a digest.
"""

from __future__ import annotations

import asyncio
import copy
import json
import shutil
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cadence.store import open_store
from tests.crash.steps import TEXT
from tests.support.command import Command
from tests.support.postgres import copy_of, new_postgres
from tests.support.slack import TOKEN, LoopbackSlack, Posted
from tests.support.smtp import LoopbackSmtp
from tests.support.sqlite import fresh_sqlite

Way = Literal["slack", "mail"]

PLAN = """\
plan: emea
rollout: 2027-03-01
ends: week 3
timezone: Europe/London
people:
  list:
    ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
    ben: {name: Ben Okoye, email: ben@example.test, reports_to: vic}
    cem: {name: Cem Acar, email: cem@example.test, reports_to: vic}
    vic: {name: Vic Petrov, email: vic@example.test}
roles: {vp: vic}
activities:
  call-a: {kind: training, title: Customer call, owner: ana, on: [2027-03-03, 2027-03-08]}
  call-b: {kind: training, title: Customer call, owner: ben, on: [2027-03-03, 2027-03-08]}
  stories: {kind: quick_win, title: A story, owner: ana, on: [2027-03-03, 2027-03-10]}
  release: {kind: release, title: The new guide, owner: cem, on: 2027-03-04}
"""
PEOPLE = ("ana", "ben", "cem", "vic")
LOADED, WEDNESDAY, THURSDAY = "2027-03-01T07:00:00Z", "2027-03-03T10:00:00Z", "2027-03-04T10:00:00Z"
ANSWERED = "2027-03-04T11:00:00Z"
MONDAY = "2027-03-08T10:{:02}:00Z"
BEAT = MONDAY.format(0)
AGAIN = tuple(MONDAY.format(minute) for minute in range(4, 60, 2))
"""Once the leases of the killed one are over, and after that as often as it takes."""
QUIET_SECONDS = 60
KILLED = -signal.SIGKILL
LOCKED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands at the servers, how often and with what words by now, and what the program remembers."""

    posts: Mapping[str, int]
    mails: Mapping[str, int]
    texts: Mapping[str, str]
    events: Mapping[str, int]
    tasks: Mapping[str, str]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Killed:
    """What came of one kill, or of two. `step` is what the process was about to do, None when it ended before its turn;
    `handed_over` says how many of the killed had handed a mail over."""

    number: int
    step: str | None
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    repeats: tuple[str, ...]
    handed_over: int
    differs: tuple[str, ...]
    beats: int

    @property
    def holds(self) -> bool:
        """Nothing is lost, Slack has nothing twice, and a kill makes at most one mail come again, one on its way."""
        return not (self.lost or self.twice or self.differs) and len(self.repeats) <= self.handed_over

    @classmethod
    def compared(cls, wanted: Seen, found: Seen, steps: Sequence[str], again: Sequence[str], beats: int) -> Killed:
        """Against what comes of it when nobody is killed. `steps` are those up to the kill, empty where there was none,
        `again` those up to the second."""
        there, asked = {**found.posts, **found.mails}, {**wanted.posts, **wanted.mails}
        differs = [name for name, text in wanted.texts.items() if found.texts.get(name, text) != text]
        differs += [f"task {name}" for name, state in wanted.tasks.items() if found.tasks.get(name) != state]
        differs += [f"event {name}" for name in {**wanted.events, **found.events} if _differ(wanted, found, name)]
        return cls(
            number=len(steps),
            step=steps[-1] if steps else None,
            lost=tuple(sorted(asked.keys() - there.keys())),
            twice=tuple(sorted({*there.keys() - asked.keys(), *(key for key, n in found.posts.items() if n > 1)})),
            repeats=tuple(key for key, times in found.mails.items() for _ in range(times - 1)),
            handed_over=(TEXT in steps[:-1]) + (TEXT in again[:-1]),
            differs=(*differs, *found.wrong),
            beats=beats,
        )


def _differ(wanted: Seen, found: Seen, event: str) -> bool:
    return wanted.events.get(event, 0) != found.events.get(event, 0)


@dataclass(slots=True)
class Stage:
    """As it stands on that morning: the database at `url` is copied for each play."""

    slack: LoopbackSlack
    smtp: LoopbackSmtp
    folder: Path
    settings: Mapping[str, str]
    url: str
    posts: tuple[Posted, ...]
    mails: int
    threads: int
    plays: int = 0

    def undisturbed(self, arguments: Sequence[str]) -> tuple[Seen, list[str]]:
        """What comes of a command when nobody kills it, and its steps."""
        with self._anew() as cadence:
            cadence.running("tests.crash.steps", "0", "steps", "--")(*arguments)
            self._beats(cadence)
            return self._seen(cadence), _lines(cadence.folder / "steps")

    def kill(self, wanted: Seen, number: int, arguments: Sequence[str], also: int = 0) -> Killed:
        """Kills the command before its step `number`, repeats it as whoever gave it would, and lets beats follow, the
        first of which is killed before its step `also` (0: it is not)."""
        with self._anew() as cadence:
            ended = cadence.running("tests.crash.steps", str(number), "steps", "--")(*arguments, code=None)
            assert ended.code in (0, KILLED), ended
            self._rest()
            if ended.code == KILLED and arguments[0] != "run":
                repeated = cadence(*arguments, code=None)
                assert repeated.code in (0, 1), repeated
            beats = self._beats(cadence, also)
            steps = _lines(cadence.folder / "steps") if ended.code == KILLED else []
            again = _lines(cadence.folder / "steps-again") if also else []
            return Killed.compared(wanted, self._seen(cadence), steps, again, beats)

    def stop(self, wanted: Seen, step: str) -> Killed:
        """Stops a beat (SIGSTOP) when the answer to `step` has come and is not read, lets others act past its lease,
        and lets it go on as if nothing had been. On a file they may find the database locked."""
        with self._anew() as cadence:
            steps = cadence.folder / "steps"
            one_by_one = cadence.having(CADENCE_SLACK__AT_ONCE="1")
            stopped = one_by_one.running("tests.crash.steps", step, str(steps), "STOP", "--").started("run", "--once")
            try:
                _wait_until(lambda: _state(stopped.pid) == "T")
                for now in AGAIN[:2]:
                    assert cadence.at(now)("run", "--once", code=None).code in (0, LOCKED)
            finally:
                stopped.send_signal(signal.SIGCONT)
            assert stopped.wait() == 0
            beats = self._beats(cadence)
            return Killed.compared(wanted, self._seen(cadence), _lines(steps), [], beats)

    def together(self, wanted: Seen, many: int) -> Killed:
        """So many processes beat at one instant."""
        with self._anew() as cadence:
            running = [cadence.started("run", "--once") for _ in range(many)]
            assert {process.wait() for process in running} == {0}
            beats = self._beats(cadence)
            return Killed.compared(wanted, self._seen(cadence), [], [], beats)

    def _beats(self, cadence: Command, deadly: int = 0) -> int:
        """Beats until nothing waits; how many it took. The first is killed before its step `deadly`."""
        instants = iter(AGAIN)
        if deadly:
            first = cadence.at(next(instants)).running("tests.crash.steps", str(deadly), "steps-again", "--")
            first("run", "--once", code=None)
            self._rest()
            next(instants)  # its lease is over too
        for number, now in enumerate(instants, 1):
            if cadence.at(now)("run", "--once", "--json").document["waiting"] == 0:
                return number
        return len(AGAIN)

    def _seen(self, cadence: Command) -> Seen:
        texts = {str(post.key): post.text for post in self.slack.posts}
        events, tasks, wrong = _remembered(cadence.settings["CADENCE_DATABASE_URL"])
        return Seen(
            posts=Counter(str(post.key) for post in self.slack.posts),
            mails=Counter(str(mail.message["Message-ID"]) for mail in self.smtp.mails[self.mails :]),
            texts=texts,
            events=events,
            tasks=tasks,
            wrong=wrong,
        )

    @contextmanager
    def _anew(self) -> Iterator[Command]:
        """Database and servers as they stood on that morning."""
        self.slack.posts[:] = copy.deepcopy(self.posts)
        del self.smtp.mails[self.mails :]
        self.plays += 1
        folder = self.folder / str(self.plays)
        folder.mkdir()
        with _copied(self.url, folder) as url:
            yield Command(folder, BEAT, {**self.settings, "CADENCE_DATABASE_URL": url})
        shutil.rmtree(folder)

    def _rest(self) -> None:
        _rest(self.smtp, self.threads)


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines()


def _rest(smtp: LoopbackSmtp, threads: int) -> None:
    """Waits until the servers are through with what a dead one had said."""
    _wait_until(lambda: threading.active_count() <= threads and not _connections(smtp))


def _wait_until(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + QUIET_SECONDS
    while not there():
        assert time.monotonic() < deadline, "it does not come to rest"
        time.sleep(0.002)


def _state(pid: int) -> str:
    """As the system sees the process: `T` is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _connections(smtp: LoopbackSmtp) -> int:
    controller = smtp._controller
    return len(asyncio.all_tasks(controller.loop)) if controller else 0


def _remembered(url: str) -> tuple[Mapping[str, int], Mapping[str, str], tuple[str, ...]]:
    """Events by kind and task, each task's state and version, and what the program itself holds for wrong."""
    store = open_store(url)
    try:
        with store.read() as work:
            waiting = [f"{count} {state}" for state, count in work.ledger.waiting().items() if count]
            doubles = [f"{many} doubles"] if (many := work.ledger.doubles()) else []
            events = Counter(f"{one.type} {one.task_id} {one.subject}" for one in work.records.events())
            tasks = {task.id: f"{task.state} {task.version}" for task in work.tasks.find()}
            return events, tasks, (*doubles, *waiting)
    finally:
        store.close()


@contextmanager
def _copied(url: str, folder: Path) -> Iterator[str]:
    if not url.startswith("sqlite"):
        with copy_of(url) as copied:
            yield copied
        return
    shutil.copyfile(url.removeprefix("sqlite:///"), folder / "cadence.db")
    yield f"sqlite:///{folder / 'cadence.db'}"


@contextmanager
def stage(way: Way, folder: Path, postgres: str | None = None) -> Iterator[Stage]:
    """The stage set, on a SQLite file or on a PostgreSQL server. By `slack`, briefs go there and digests by mail; by
    `mail` there is no Slack."""
    with LoopbackSlack(strict=False) as slack, LoopbackSmtp(strict=False) as smtp, _empty(folder, postgres) as url:
        for person in PEOPLE:
            slack.register(f"{person}@example.test")
        threads, settings = threading.active_count(), _settings(way, slack, smtp)
        _history(Command(folder, LOADED, {**settings, "CADENCE_DATABASE_URL": url}))
        _rest(smtp, threads)
        posts = tuple(copy.deepcopy(slack.posts))
        yield Stage(slack, smtp, folder, settings, url, posts, len(smtp.mails), threads)
        assert not slack.surprises, slack.surprises


def _settings(way: Way, slack: LoopbackSlack, smtp: LoopbackSmtp) -> dict[str, str]:
    mail = {"CADENCE_MAIL__HOST": smtp.host, "CADENCE_MAIL__PORT": str(smtp.port), "CADENCE_MAIL__TLS": "none"}
    mail["CADENCE_MAIL__SENDER"] = "cadence@example.test"
    by_slack = {"CADENCE_SLACK__BOT_TOKEN": TOKEN, "CADENCE_SLACK__API_URL": slack.url}
    return mail | (by_slack if way == "slack" else {})


@contextmanager
def _empty(folder: Path, postgres: str | None) -> Iterator[str]:
    if postgres is None:
        yield fresh_sqlite(folder)
        return
    with new_postgres(postgres) as url:
        yield url


def _history(cadence: Command) -> None:
    """Wednesday's messages arrive; on Thursday a process is killed after its first post or mail, and Ana says done."""
    (cadence.folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    cadence("load", "plan.yaml", "--yes")
    cadence.at(WEDNESDAY)("run", "--once")
    first = "chat.postMessage" if "CADENCE_SLACK__API_URL" in cadence.settings else TEXT
    cadence.at(THURSDAY).running("tests.crash.steps", first, "steps", "--")("run", "--once", code=KILLED)
    cadence.at(ANSWERED)("done", call_of(cadence, "ana", "2027-03-03"), "--by", "ana")


def call_of(cadence: Command, person: str, day: str) -> str:
    """The id of somebody's call on that day."""
    tasks = json.loads(cadence("tasks", "--json", "--holder", person, "--from", day, "--until", day).out)
    return next(str(task["id"]) for task in tasks if task["kind"] == "training")
