"""A world for stories: the real program on a real database, a clock that is put forward, a Slack and an SMTP server
on the loopback, and people who find messages and press buttons.

The plan stands in the test's docstring. Days and hours in a story are those of the plan's zone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from starlette.testclient import TestClient

from cadence import templating
from cadence.channels import Channel
from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.core.deciding import Way
from cadence.core.directory import Directory
from cadence.core.model import Answer, Choice, Decision, Event, Notice, Rung, Source, State, Task, Verb
from cadence.services.beat import Beat, beat
from cadence.services.context import Context
from cadence.services.gather import gather
from cadence.services.installation import directories, look
from cadence.services.reconcile import Prepared, load
from cadence.services.rehearse.running import instants
from cadence.services.respond import Reply, Ruling, decide, respond
from cadence.store import Store
from cadence.web import create_app
from tests.support.slack import SECRET, TOKEN, LoopbackSlack, Posted
from tests.support.smtp import LoopbackSmtp, Mail

BEFORE_ROLLOUT = timedelta(days=3)


@dataclass(slots=True)
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Found:
    """A message that somebody has in front of them."""

    world: World
    post: Posted

    @property
    def text(self) -> str:
        return self.post.text

    def press(self, button: str, *, about: str = "", by: str | None = None) -> Found:
        """Presses a button as Slack reports it: a signed request to the program's own address."""
        email = self.world.email(by) if by else None
        body, headers = self.world.slack.press(self.post, button, about=self.world.subject(about), by=email)
        answer = self.world.web.post("/slack/events", content=body, headers=headers)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        self.world.beat()
        return self

    def shows(self, text: str) -> Found:
        """What the message says by now, after any rewriting."""
        self.post.seen = True
        assert text in self.post.text, f"{text!r} is not in:\n{self.post.text}"
        return self

    def has_button(self, label: str, *, about: str) -> bool:
        subject = self.world.subject(about)
        return any(label in str(e) and subject in str(b.get("block_id")) for b, e in self.post.elements())


@dataclass(slots=True)
class Inbox:
    world: World
    person: str

    def expect(self, text: str) -> Found:
        """The oldest message not yet looked at that says `text`."""
        return Found(self.world, self.world.slack.expect(self.world.email(self.person), text))

    def nothing(self) -> None:
        """No message that nobody has looked at yet."""
        waiting = [p.text for p in self.world.slack.posts if p.email == self.world.email(self.person) and not p.seen]
        assert not waiting, waiting

    def all(self) -> list[Posted]:
        """Every message so far; they count as looked at."""
        return self.world.slack.inbox(self.world.email(self.person))


@dataclass(slots=True)
class World:
    store: Store
    slack: LoopbackSlack
    smtp: LoopbackSmtp
    folder: Path
    plan_text: str
    clock: Clock
    context: Context = field(init=False)
    web: TestClient = field(init=False)
    plan: str = field(init=False, default="")
    welcomes: bool = False
    """Whether the story begins with people who were never told anything; else they have had their welcome."""

    def __post_init__(self) -> None:
        sender = Sender("cadence@example.test", "Cadence", "keepers@example.test")
        channels: dict[str, Channel] = {
            "slack": SlackChannel(TOKEN, base_url=self.slack.url, timeout=2, at_once=0, pause=0),
            "email": EmailChannel(
                Server(self.smtp.host, self.smtp.port, "none", timeout=2), sender, self.clock, at_once=0
            ),
        }
        self.context = Context(store=self.store, channels=channels, words=templating.words)
        self.slack.clock = self.clock
        self.web = TestClient(create_app(self.context, self.clock, signing_secret=SECRET))

    # --- the plan

    def load(self, change: Callable[[str], str] = lambda text: text, *, force: bool = False) -> World:
        """Loads the plan of the docstring, changed as the story says; everybody in it is in Slack."""
        self.plan_text = change(self.plan_text)
        path = self.folder / "plan.yaml"
        path.write_text(self.plan_text, encoding="utf-8")
        bundle, problems = gather(path)
        assert bundle is not None, [str(problem) for problem in problems]
        prepared, problems = load(self.context, bundle, self.clock.now, author="story", force=force)
        assert prepared is not None, [str(problem) for problem in problems]
        self._take_over(prepared)
        return self

    def _take_over(self, prepared: Prepared) -> None:
        self.plan = prepared.compiled.plan.id
        if not self.welcomes:
            with self.store.begin() as work:
                persons = prepared.compiled.directory.persons
                work.ledger.note((Notice(f"person/{key}", "", Rung.WELCOME, key) for key in persons), self.clock.now)
        known = {post.email for post in self.slack.posts} | set(self.slack.emails)
        for person in prepared.compiled.directory.persons.values():
            if person.email and not person.external and person.email not in known:
                self.slack.register(person.email)

    @property
    def directory(self) -> Directory:
        with self.store.read() as work:
            return directories(work)[self.plan]

    def email(self, person: str) -> str:
        email = self.directory.persons[person].email
        assert email, f"{person} has no address"
        return email

    # --- time

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.directory.calendar.zone)

    def at(self, moment: str) -> datetime:
        """`2027-03-17 09:00` in the plan's zone."""
        return datetime.fromisoformat(moment).replace(tzinfo=self.zone).astimezone(UTC)

    @property
    def today(self) -> date:
        return self.clock.now.astimezone(self.zone).date()

    def local(self, second: int) -> datetime:
        """A second of the epoch on the clocks of the plan's zone."""
        return datetime.fromtimestamp(second, self.zone)

    def beat(self) -> Beat:
        return beat(self.context, self.clock.now)

    def forward(self, *, to: str | None = None, workdays: int = 0) -> World:
        """Puts the clock forward, with a beat at every instant that can matter, and one at the end."""
        goal = (
            self.at(to)
            if to
            else self.directory.calendar.instant(
                self.directory.calendar.add(self.today, workdays), self.clock.now.astimezone(self.zone).time()
            )
        )
        for instant in instants(self.directory, self.clock.now, goal):
            if instant > self.clock.now:
                self.clock.now = instant
                self.beat()
        self.clock.now = goal
        self.beat()
        return self

    # --- people

    def inbox(self, person: str) -> Inbox:
        return Inbox(self, person)

    def ignore(self, *persons: str) -> World:
        """What these people got so far is not what the story is about."""
        for person in persons:
            self.inbox(person).all()
        return self

    def ignore_mail(self) -> World:
        for mail in self.smtp.mails:
            mail.seen = True
        return self

    def mail(self, person: str, text: str) -> Mail:
        """The oldest mail not yet looked at that says `text` to this person."""
        return self.smtp.expect(self.email(person), text)

    # --- tasks

    def tasks(self, activity: str | None = None, about: str = "") -> list[Task]:
        """Tasks of the plan by date, narrowed by activity and by what `about` contains."""
        with self.store.read() as work:
            found = work.tasks.find(plan=self.plan)
        return [
            task
            for task in found
            if (activity is None or task.occurrence.activity == activity) and about in task.occurrence.about
        ]

    def task(self, activity: str, number: int = 0, about: str = "") -> Task:
        return self.tasks(activity, about)[number]

    def subject(self, about: str) -> str:
        """An activity's first live task by name, or an id as it is."""
        live = [task for task in self.tasks(about) if task.state in (State.OPEN, State.PLANNED)] if about else []
        return live[0].id if live else about

    def answer(self, task: Task, verb: Verb, *, by: str | None = None, **more: object) -> Reply:
        """An answer from the command line (`by` None) or from a person."""
        given = Answer(task_id=task.id, verb=verb, actor=by, source=Source.CLI, at=self.clock.now, **more)  # type: ignore[arg-type]  # fields of Answer
        reply = respond(self.context, given)
        self.beat()
        return reply

    def decisions(self) -> tuple[Decision, ...]:
        with self.store.read() as work:
            return work.records.decisions()

    def decide(self, decision: Decision, choice: Choice, *, by: str) -> Ruling:
        ruling = decide(self.context, decision.id, Way(choice=choice, by=by, source=Source.CLI, at=self.clock.now))
        self.beat()
        return ruling

    def events(self, task: Task | None = None) -> tuple[Event, ...]:
        with self.store.read() as work:
            return work.records.events(task_id=task.id if task else None)

    def holder(self, task: Task) -> str | None:
        with self.store.read() as work:
            return look(work, self.clock.now).seat(task).holder


def plan_of(test: Callable[..., object]) -> str:
    """The plan in a test's docstring, in the shape it was written."""
    return inspect.cleandoc(test.__doc__ or "") + "\n"


def start_of(plan_text: str) -> datetime:
    """Three days before the rollout, at six in the morning UTC."""
    line = next(line for line in plan_text.splitlines() if line.startswith("rollout:"))
    return datetime.fromisoformat(line.split()[1]).replace(hour=6, tzinfo=UTC) - BEFORE_ROLLOUT
