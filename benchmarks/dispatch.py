"""Sending beside other ways to do it: APScheduler's own job store firing as many date jobs, and the ideal.

    python benchmarks/dispatch.py [--quick] [--messages N] [--turns N]

Everything of the ledger is on: the claim, the look whether a message is still true, the durable mark before its bytes
leave, the settling. What is sent and fired takes no time by itself, except where it says so. APScheduler's store is on
the same engine, with the same pragmas.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from threading import Semaphore
from time import perf_counter

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from cadence import templating
from cadence.channels import Channel, InTime, Page, Rendered
from cadence.channels.slack.channel import SlackChannel
from cadence.core.messages import Message
from cadence.core.model import Delivery, Entry, MessageKind, Outcome, Person, Rung, Section, Sent, Task
from cadence.services.context import Context
from cadence.services.dispatch import View, dispatch
from cadence.services.gather import gather
from cadence.services.reconcile import load
from cadence.store import Store, open_store
from cadence.store.dialect import make_engine
from cadence.templating import Words
from tests.support import postgres

LOADED, NOW = datetime(2027, 3, 1, 6, tzinfo=UTC), datetime(2027, 3, 3, 9, tzinfo=UTC)
AT_ONCE, ANSWER_SECONDS = 50, 0.2
fired = Semaphore(0)


class Instant:
    """A channel that takes everything at once; with `words` what it takes was written by the real Slack channel."""

    name, at_once, can_ask, can_edit = "slack", AT_ONCE, True, False

    def __init__(self, *, words: bool) -> None:
        self._words = SlackChannel("x") if words else None

    def reaches(self, person: Person) -> bool:
        return True

    def render(self, message: Message, words: Words) -> Rendered:
        return self._words.render(message, words) if self._words else Rendered("Today", "A line of text", "{}")

    def render_page(self, page: Page) -> Rendered:
        return Rendered(page.subject, page.text, page.text)

    def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
        return Sent({"channel": "D1", "ts": delivery.key})

    def find(self, delivery: Delivery, person: Person) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Stage:
    """A database in which as many people as there are messages have something to do today."""

    url: str
    messages: int

    @contextmanager
    def open(self, channel: Channel) -> Iterator[tuple[Context, Store]]:
        store = open_store(self.url, asked_to_upgrade=True)
        try:
            yield (
                Context(
                    store=store, channels={channel.name: channel}, words=templating.words, most_tasks=3 * self.messages
                ),
                store,
            )
        finally:
            store.close()

    def prepare(self, folder: Path, channel: Channel, later: int = 0) -> None:
        """Loads the plan and decides; with `later` as many messages lie in the queue for another day."""
        path = folder / "plan.yaml"
        path.write_text(_plan(self.messages), encoding="utf-8")
        bundle, problems = gather(path)
        assert bundle is not None, problems
        with self.open(channel) as (context, store):
            prepared, problems = load(context, bundle, LOADED)
            assert prepared is not None, problems
            with store.begin() as work:
                for task in work.tasks.find(plan="p"):
                    work.ledger.enqueue(_reminder(task, channel))
                far = NOW + timedelta(days=30)
                one = _reminder(task, channel)
                for n in range(later):
                    work.ledger.enqueue(replace(one, key=f"later-{n}", not_before=far + timedelta(seconds=n)))

    def seconds(self, channel: Channel) -> float:
        """Of one round that sends everything; the situation is known before, as after the deciding in a beat."""
        with self.open(channel) as (context, store):
            with store.begin() as work:
                view = View()
                view.renewed(work, NOW)
            gc.collect()
            start = perf_counter()
            tally = dispatch(context, NOW, view)
            taken = perf_counter() - start
            assert tally.sent == self.messages, (tally, self.messages)
            return taken


def _reminder(task: Task, channel: Channel) -> Delivery:
    """That it is for today."""
    return Delivery(
        key=f"brief-{task.id}",
        kind=MessageKind.BRIEF,
        recipient=task.occurrence.seat.removeprefix("person/"),
        channel=channel.name,
        occasion="2027-03-03",
        entries=(Entry(Section.TODAY, task_id=task.id, rung=Rung.TODAY),),
        not_before=NOW,
        created_at=NOW,
    )


def _plan(people: int) -> str:
    names = "".join(f"    p{n}: {{name: P {n}, email: p{n}@x.test}}\n" for n in range(people))
    calls = "".join(
        f"  c{n}: {{kind: training, title: Call {n}, owner: p{n}, on: 2027-03-03}}\n" for n in range(people)
    )
    head = "plan: p\nrollout: 2027-03-01\nends: week 1\ntimezone: Europe/London\n"
    return f"{head}people:\n  list:\n{names}activities:\n{calls}"


def fire() -> None:
    fired.release()


def scheduler_seconds(url: str, jobs: int) -> float:
    """APScheduler's job store, until every one of so many date jobs that are due has been fired."""
    engine = make_engine(url)
    kept = SQLAlchemyJobStore(engine=engine)
    settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = BackgroundScheduler(
        jobstores={"default": kept}, executors={"default": ThreadPoolExecutor(AT_ONCE)}, job_defaults=settings
    )
    scheduler.start(paused=True)
    for n in range(jobs):
        scheduler.add_job(fire, "date", run_date=datetime(2020, 1, 1, tzinfo=UTC), id=f"j{n}")
    gc.collect()
    start = perf_counter()
    scheduler.resume()
    for _ in range(jobs):
        fired.acquire()
    taken = perf_counter() - start
    scheduler.shutdown()
    engine.dispose()
    return taken


# --- a Slack that thinks for a while


async def _slack(ready: Event, port: object) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next((int(x.split(":")[1]) for x in head.split("\r\n") if x.lower().startswith("content-length")), 0)
        asked = await reader.readexactly(length)
        if "chat.postMessage" in head:
            await asyncio.sleep(ANSWER_SECONDS)
        said = {"ok": True, "user": {"id": "U1"}, "channel": {"id": "D1"}, "ts": "1.1"}
        if "chat.postMessage" in head:
            said["channel"] = json.loads(asked)["channel"]
        elif "conversations.open" in head:
            said["channel"] = {"id": "D" + json.loads(asked)["users"]}
        elif "users.lookupByEmail" in head:
            said["user"] = {"id": "U" + asked.decode().split("=")[-1].split("%")[0]}
        body = json.dumps(said).encode()
        kind = b"Content-Type: application/json\r\nConnection: close\r\n"
        writer.write(b"HTTP/1.1 200 OK\r\n" + kind + f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=200)
    port.value = server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]  # a shared number
    ready.set()
    await server.serve_forever()


def _serve(ready: Event, port: object) -> None:
    asyncio.run(_slack(ready, port))


@contextmanager
def slow_slack() -> Iterator[str]:
    ready, port = multiprocessing.Event(), multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=_serve, args=(ready, port), daemon=True)
    server.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{port.value}/api/"
    finally:
        server.terminate()
        server.join()


def slack_seconds(folder: Path, messages: int, turn: int, *, known: bool) -> tuple[float, float]:
    """Beside the ideal. `known`: who is whom in Slack was found out before; else two look-ups a person come first."""
    stage = Stage(f"sqlite:///{folder / f'slack-{known}-{turn}.db'}", messages)
    with slow_slack() as url:
        channel = SlackChannel("xoxb-1", base_url=url, at_once=AT_ONCE)
        stage.prepare(folder, channel)
        if known:
            with stage.open(channel) as (_, store), store.read() as work:
                for person in work.people.all().values():
                    assert isinstance(channel._conversation(person), str)
        return stage.seconds(channel), messages * ANSWER_SECONDS / AT_ONCE


# --- workers side by side


def _work(url: str, messages: int, start: Event, ready: Event) -> None:
    stage = Stage(url, messages)
    with stage.open(Instant(words=True)) as (context, store):
        with store.begin() as work:
            view = View()
            view.renewed(work, NOW)
        ready.set()
        start.wait()
        dispatch(context, NOW, view)


def workers_seconds(url: str, messages: int, workers: int) -> float:
    start = multiprocessing.Event()
    there = [multiprocessing.Event() for _ in range(workers)]
    running = [multiprocessing.Process(target=_work, args=(url, messages, start, one)) for one in there]
    for process in running:
        process.start()
    for one in there:
        one.wait()
    began = perf_counter()
    start.set()
    for process in running:
        process.join()
    return perf_counter() - began


# --- the table


def say(what: str, ours: list[float], theirs: list[float], messages: int, bar: str, *, peer: str) -> None:
    """Ratios above 1: we are faster."""
    ratio = median(b / a for a, b in zip(ours, theirs, strict=True))
    rate, other = messages / median(ours), messages / median(theirs)
    print(f"{what:46} ours {rate:6.0f}/s   {peer} {other:6.0f}/s   {ratio:5.2f} x   ({bar})", flush=True)


def on_sqlite(folder: Path, messages: int, turn: int, *, words: bool) -> float:
    stage = Stage(f"sqlite:///{folder / f'ours-{words}-{turn}.db'}", messages)
    stage.prepare(folder, Instant(words=words))
    return stage.seconds(Instant(words=words))


def on_postgres(server: str, folder: Path, messages: int, run: Callable[[str], float], later: int = 0) -> float:
    """In a database of its own."""
    name = postgres._database(server, f"dispatch{next(postgres.numbers)}")
    postgres._execute(server, f'CREATE DATABASE "{name}"')
    url = postgres._at(server, name)
    try:
        Stage(url, messages).prepare(folder, Instant(words=True), later)
        return run(url)
    finally:
        postgres._execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--messages", type=int)
    arguments.add_argument("--turns", type=int)
    given = arguments.parse_args()
    messages, turns = given.messages or (400 if given.quick else 2000), given.turns or (3 if given.quick else 7)
    later = 5_000 if given.quick else 100_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs = [scheduler_seconds(f"sqlite:///{folder / f'jobs-{n}.db'}", messages) for n in range(turns)]
        for words, what in ((False, "ledger alone"), (True, "with words for Slack")):
            ours = [on_sqlite(folder, messages, n, words=words) for n in range(turns)]
            say(f"{messages} on SQLite, {what}", ours, theirs, messages, "bar 1 x", peer="APScheduler")
        for known, what in ((True, ""), (False, ", all look-ups first")):
            pairs = [slack_seconds(folder, 400, n, known=known) for n in range(turns)]
            over = median(a / b for a, b in pairs)
            print(f"400 to Slack, 200 ms each{what:21} {over:5.2f} of the ideal   (bar 1.25)", flush=True)
        with postgres._server() as server:
            light = lambda url: Stage(url, messages).seconds(Instant(words=False))  # noqa: E731 - a table of runs
            jobs = [on_postgres(server, folder, 1, partial(scheduler_seconds, jobs=messages)) for _ in range(turns)]
            ours = [on_postgres(server, folder, messages, light) for _ in range(turns)]
            say(f"{messages} on PostgreSQL", ours, jobs, messages, "bar 4 x", peer="APScheduler")
            beside = [on_postgres(server, folder, messages, light, later) for _ in range(turns)]
            say(f"{messages} beside {later} of another day", beside, ours, messages, "1 is as without", peer="without")
            one, two = (
                [on_postgres(server, folder, messages, partial(_workers, messages, n)) for _ in range(turns)]
                for n in (1, 2)
            )
            say(f"{messages} with words, two workers", two, one, messages, "bar 1.2 x", peer="one")


def _workers(messages: int, workers: int, url: str) -> float:
    return workers_seconds(url, messages, workers)


if __name__ == "__main__":
    main()
