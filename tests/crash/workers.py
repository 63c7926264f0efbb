"""Several workers on one PostgreSQL, one of them stopped for longer than its lease: nothing is lost, nothing twice.

    python -m tests.crash.workers [--runs 10] [--messages 2000] [--workers 2 4]

Each worker is a process of its own that sends what is due to a Slack on the loopback. In the middle of it the first
one is stopped (SIGSTOP), the others go on, its lease runs out, what it was sending is asked for at Slack, and then it
goes on where it stood (SIGCONT). Their clocks are put forward together, as far as a lease takes.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

from benchmarks.dispatch import NOW, Stage
from cadence import templating
from cadence.channels.slack.channel import SlackChannel
from cadence.core.model import DeliveryState
from cadence.errors import CadenceError
from cadence.services import dispatch as sending
from cadence.services.context import Context
from cadence.services.dispatch import View, dispatch, settle_doubts
from cadence.store import open_store
from tests.support import postgres
from tests.support.slack import TOKEN, LoopbackSlack

BEAT, LATE, STOPPED = 0.2, 1.0, 3.0
"""Seconds: between two beats, until a message is not begun any more, and the least that one is stopped."""
SPAWNED = get_context("spawn")  # here the servers have threads, and what has threads is not forked
STEP = 2
"""Minutes by which the clocks are put forward, until the lease is over, the doubt has rested and all is settled."""
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Counted:
    """What stands at Slack and in the ledger when everything has come to rest."""

    lost: int
    twice: int
    in_doubt: int
    stopped_with: int
    """How many the stopped worker had claimed or was sending."""


def _work(url: str, slack: str, minutes: Synchronized[int], over: Event) -> None:
    """Beats that only send, until it is over. A lease of minutes is over in seconds here, and so is the time in which
    a marked message may be begun."""
    sending.LATE = LATE
    store = open_store(url)
    channel = SlackChannel(TOKEN, base_url=slack, timeout=30, at_once=20, pause=0)
    context = Context(store=store, channels={"slack": channel}, words=templating.words)
    while not over.is_set():
        now = NOW + timedelta(minutes=minutes.value)
        with suppress(CadenceError):  # the server has hung up on who was stopped; the next beat is as any other
            with store.begin() as work:
                work.ledger.expire(now)
            settle_doubts(context, now)
            dispatch(context, now, View(), over.is_set)
        time.sleep(BEAT)
    store.close()


@contextmanager
def running(url: str, slack: str, workers: int) -> Iterator[tuple[list[int], Synchronized[int]]]:
    minutes, over = SPAWNED.Value("i", 0), SPAWNED.Event()
    processes = [SPAWNED.Process(target=_work, args=(url, slack, minutes, over)) for _ in range(workers)]
    for process in processes:
        process.start()
    try:
        yield [process.pid or 0 for process in processes], minutes
    finally:
        over.set()
        for process in processes:
            process.join(30)
            if process.is_alive():
                process.kill()


def play(server: str, messages: int, workers: int, folder: Path) -> Counted:
    """One run in a database of its own."""
    name = postgres._database(server, f"workers{next(postgres.numbers)}")
    postgres._execute(server, f'CREATE DATABASE "{name}"')
    url = postgres._at(server, name)
    try:
        with LoopbackSlack(strict=False) as slack:
            for n in range(messages):
                slack.register(f"p{n}@x.test")
            Stage(url, messages).prepare(folder, SlackChannel(TOKEN, base_url=slack.url))
            with running(url, slack.url, workers) as (pids, minutes):
                _until(lambda: len(slack.posts) > messages // 10)
                os.kill(pids[0], signal.SIGSTOP)
                stopped_with = _rest(url, minutes, held_by_one=True)
                time.sleep(STOPPED)
                os.kill(pids[0], signal.SIGCONT)
                time.sleep(1)
                _rest(url, minutes, held_by_one=False)
            return _counted(url, slack, messages, stopped_with)
    finally:
        postgres._execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _rest(url: str, minutes: Synchronized[int], *, held_by_one: bool) -> int:
    """Waits until nothing is due, then puts the clocks forward step by step; what was held when it began to rest."""
    store = open_store(url)
    held = 0

    def states() -> dict[DeliveryState, int]:
        with store.read() as work:
            return {state: n for state, n in work.ledger.waiting().items() if n}

    def idle() -> bool:
        return DeliveryState.QUEUED not in states()

    try:
        _until(idle)
        time.sleep(1)
        held = sum(states().values())
        deadline = time.monotonic() + LONGEST
        while states():
            assert time.monotonic() < deadline, states()
            minutes.value += STEP
            time.sleep(5 * BEAT)
    finally:
        store.close()
    return held if held_by_one else 0


def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONGEST
    while not done():
        assert time.monotonic() < deadline, "it does not come to rest"
        time.sleep(0.05)


def _counted(url: str, slack: LoopbackSlack, messages: int, stopped_with: int) -> Counted:
    posts = Counter(post.email for post in slack.posts)
    store = open_store(url)
    with store.read() as work:
        waiting = sum(work.ledger.waiting().values())
        assert len(work.ledger.sent()) == messages, "what the program holds for sent"
    store.close()
    twice = sum(times - 1 for times in posts.values())
    return Counted(messages - len(posts), twice, waiting, stopped_with)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--runs", type=int, default=10)
    arguments.add_argument("--messages", type=int, default=2000)
    arguments.add_argument("--workers", type=int, nargs="*", default=[2, 4])
    given = arguments.parse_args()
    with postgres._server() as server, tempfile.TemporaryDirectory() as folder:
        for workers in given.workers:
            runs = [play(server, given.messages, workers, Path(folder)) for _ in range(given.runs)]
            lost, twice = sum(one.lost for one in runs), sum(one.twice for one in runs)
            held = ", ".join(str(one.stopped_with) for one in runs)
            print(f"{workers} workers, {given.messages} messages, {given.runs} runs: ", end="")
            print(f"{lost} lost, {twice} twice (the stopped one had {held} in its hands)", flush=True)


if __name__ == "__main__":
    main()
