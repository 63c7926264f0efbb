"""Turns the clock: loads the plan into an empty store, then beat after beat at every instant that can matter."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.channels.slack.inbound import parse as parse_press
from cadence.core.agenda import Situation, pinged_at
from cadence.core.agenda.briefing import brief_at
from cadence.core.directory import Directory
from cadence.core.forms import form
from cadence.core.model import Bundle, Days, Decision, Problem, Source, Task
from cadence.core.triggers.words import did_you_mean
from cadence.core.worktime import Worktime
from cadence.errors import NothingToActOn, Refused
from cadence.services.beat import beat
from cadence.services.calendars import calendars_of
from cadence.services.compiling import Compiled, read
from cadence.services.context import Context
from cadence.services.hear import carry_out
from cadence.services.installation import glance, look
from cadence.services.quiet import away as absent
from cadence.services.reconcile import load
from cadence.services.rehearse.actors import Actor, Cast, Errand, Press, presses, share
from cadence.services.rehearse.sinks import Post, Recorded, Sink
from cadence.services.rehearse.whatif import AS_PLANNED, Manners, WhatIf, leaving
from cadence.store import open_store
from cadence.templating import Words

Tick = Callable[[float, datetime], None]
"""Told at every instant: the share of the rehearsal that is over, and the instant."""
LEAD = timedelta(days=14)
"""How long before day 0 the clock starts: what has to be announced comes earlier than it happens."""
SENDER = Sender("cadence@cadence.example", "Cadence", "keepers@cadence.example")


@dataclass(slots=True)
class FakeClock:
    """Stands wherever it was put."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What came of it: every message in order, and the state at the end. `refused` are the instants at which a channel
    that was down took nothing; `calendars` are by name, as they would be served at the end."""

    compiled: Compiled
    what_if: WhatIf
    cast: Cast
    start: datetime
    stop: datetime
    messages: tuple[Recorded, ...]
    refused: tuple[datetime, ...]
    situation: Situation
    decisions: tuple[Decision, ...]
    tasks: tuple[Task, ...]
    calendars: Mapping[str, bytes]

    @property
    def first(self) -> tuple[Recorded, ...]:
        """The messages without their rewrites."""
        return tuple(message for message in self.messages if not message.edits)


@dataclass(slots=True)
class Stage:
    """The running rehearsal."""

    context: Context
    clock: FakeClock
    post: Post
    cast: Cast
    agenda: list[datetime] = field(default_factory=list)
    pending: list[Press] = field(default_factory=list)

    def run(self, instants: Iterable[datetime], stop: datetime, tick: Tick) -> None:
        start = self.clock.now
        self.agenda = list(instants)
        heapq.heapify(self.agenda)
        while self.agenda and self.agenda[0] < stop:
            now = heapq.heappop(self.agenda)
            if now < self.clock.now or (self.agenda and self.agenda[0] == now):
                continue
            self.clock.now = now
            self._press(now)
            self._beat(now)
            tick((now - start) / (stop - start), now)

    def _press(self, now: datetime) -> None:
        while self.pending and self.pending[0].at <= now:
            press = heapq.heappop(self.pending)
            pressed = parse_press(press.payload)
            if pressed is not None:
                try:
                    carry_out(self.context, pressed, press.person, now, press.filled)
                except (NothingToActOn, Refused):
                    continue  # whoever pressed would be told so, and nothing has changed

    def _beat(self, now: datetime) -> None:
        before = len(self.post.taken)
        done = beat(self.context, now)
        if done.waiting and done.next > now:
            heapq.heappush(self.agenda, done.next)
        # several senders may have taken turns: the order is ours
        self.post.taken[before:] = sorted(self.post.taken[before:], key=lambda one: (one.to, one.key))
        if new := [message for message in self.post.taken[before:] if not message.edits]:
            for press in self._presses(new, now):
                heapq.heappush(self.pending, press)
                heapq.heappush(self.agenda, press.at)

    def _presses(self, new: Sequence[Recorded], now: datetime) -> Iterator[Press]:
        with self.context.store.read() as work:
            shown = work.tasks.find(ids=sorted({task for message in new for task in message.tasks}))
            situation = glance(work, now, shown)
        errands = {task.id: _errand(task, situation) for task in shown if situation.directory(task)}
        for message in new:
            words = self.context.words(situation.persons[message.to].language)
            worktime = situation.worktimes[message.to]
            actor = Actor(self.cast.temper(message.to), worktime, words.say, self.cast.seed)
            yield from presses(message, actor, errands)


def _errand(task: Task, situation: Situation) -> Errand:
    activity, directory = situation.activity(task), situation.directories[task.occurrence.plan]
    day = max(task.date, situation.day_of(task))
    colleague = directory.backup(task.occurrence.seat, situation.seat(task).holder, day)
    return Errand(task, form(activity) if activity else (), colleague)


def rehearse(
    bundle: Bundle,
    words: Callable[[str], Words],
    *,
    days: int,
    seed: int = 7,
    what_if: WhatIf = AS_PLANNED,
    calendars: bool = True,
    tick: Tick = lambda share, now: None,
) -> tuple[Rehearsal | None, tuple[Problem, ...]]:
    """Runs the plan from a fortnight before day 0 for `days` days after it, and writes the calendars if they are
    wanted. None when the plan has errors. Raises NothingToActOn for a what-if about somebody whom the plan does not
    know."""
    bare, problems = read(bundle)
    if bare is None:
        return None, problems
    plan, people = bare
    _known(people, (*what_if.without, *(person for person, _ in what_if.away)))
    first = plan.rollout - LEAD
    start = datetime.combine(first, time(), tzinfo=UTC)
    stop = datetime.combine(plan.rollout + timedelta(days=days), time(), tzinfo=UTC)
    if what_if.without:
        bundle = leaving(bundle, what_if.without, first - timedelta(days=1))
    clock = FakeClock(start)
    post = Post(clock)
    store = open_store("sqlite://")
    context = Context(store=store, channels=_channels(post, clock, people.calendar, what_if.slack_down), words=words)
    try:
        compiled, problems = _loaded(context, bundle, start, what_if)
        if compiled is None:
            return None, problems
        people = compiled.directory
        stage = Stage(context, clock, post, _cast(people, first, seed, what_if))
        stage.run(instants(people, start, stop, _pings(compiled)), stop, tick)
        return _ended(stage, compiled, what_if, (start, stop), calendars=calendars), problems
    finally:
        store.close()


def _known(people: Directory, persons: Iterable[str]) -> None:
    for person in persons:
        if person not in people.persons:
            hint = did_you_mean(person, sorted(people.persons)) or "people are named by their keys"
            raise NothingToActOn(f"the plan knows no person '{person}'; {hint}")


def _channels(post: Post, clock: FakeClock, calendar: Worktime, down: Sequence[Days]) -> dict[str, Sink]:
    """Slack and mail, whatever is configured. Slack is down on the days of the plan's zone."""
    slack = SlackChannel("xoxb-rehearsal", base_url="http://127.0.0.1:9/")
    mail = EmailChannel(Server("127.0.0.1", 9, "none"), SENDER, clock)
    return {
        slack.name: Sink(slack, post, lambda now: any(calendar.today(now) in days for days in down)),
        mail.name: Sink(mail, post),
    }


def _loaded(
    context: Context, bundle: Bundle, now: datetime, what_if: WhatIf
) -> tuple[Compiled | None, tuple[Problem, ...]]:
    prepared, problems = load(context, bundle, now, author="rehearsal", force=True)
    if prepared is None:
        return None, problems
    with context.store.begin() as work:
        for person, span in what_if.away:
            absent(work, person, span, Source.CLI, now)
    return prepared.compiled, problems


def _ended(
    stage: Stage, compiled: Compiled, what_if: WhatIf, span: tuple[datetime, datetime], *, calendars: bool
) -> Rehearsal:
    plan, now = compiled.plan.id, stage.clock.now
    with stage.context.store.read() as work:
        situation = look(work, now)
        subjects = _subjects(compiled.directory, plan, now.date()) if calendars else ()
        served = calendars_of(stage.context, work, situation, subjects)
        return Rehearsal(
            compiled=compiled,
            what_if=what_if,
            cast=stage.cast,
            start=span[0],
            stop=span[1],
            messages=tuple(stage.post.taken),
            refused=tuple(stage.post.refused),
            situation=situation,
            decisions=work.records.decisions(),
            tasks=work.tasks.find(plan=plan),
            calendars={name.removeprefix("person-"): content for name, content in served},
        )


def _cast(people: Directory, day: date, seed: int, what_if: WhatIf) -> Cast:
    """Among realistic people one manager of the first wave who is not away never answers, and another manager is busy:
    the seed picks both."""
    cast = Cast(manners=what_if.manners, seed=seed, late=what_if.late)
    first = people.waves.order[0].key if people.waves.order else None
    managers = people.managers(day, first) or people.managers(day)
    away = {person for person, _ in what_if.away}
    here = [key for key in managers if key not in away and not people.worktime(key).away] or managers
    if what_if.manners is not Manners.REALISTIC or not here:
        return cast
    silent = min(here, key=lambda key: share(seed, key, "silent"))
    others = [key for key in people.managers(day) if key != silent]
    busy = min(others, key=lambda key: share(seed, key, "busy"), default=None)
    return Cast(
        manners=what_if.manners,
        seed=seed,
        late=what_if.late,
        silent=frozenset({silent}),
        busy=frozenset({busy} if busy else ()),
    )


def _pings(compiled: Compiled) -> Iterator[datetime]:
    """When somebody is told shortly before something starts."""
    activities = {activity.key: activity for activity in compiled.plan.activities}
    pinged = (pinged_at(one.starts, activities.get(one.activity)) for one in compiled.compilation.schedule)
    return (at for at in pinged if at)


def instants(people: Directory, start: datetime, stop: datetime, pings: Iterable[datetime] = ()) -> Iterator[datetime]:
    """When each person's brief is due, when their week begins, and the `pings`: nothing else happens by itself."""
    found = set(pings)
    days = Days.inclusive(start.date(), stop.date())
    for key, person in people.persons.items():
        worktime = people.worktime(key)
        for day in days:
            if worktime.works(day):
                found.add(brief_at(person, worktime, day))
            if worktime.on_or_after(worktime.week_start(day)) == day:
                found.add(worktime.opening(day))
    return iter(sorted(instant for instant in found if start <= instant < stop))


def _subjects(people: Directory, plan: str, day: date) -> Iterator[tuple[str, str]]:
    """Whose calendars are shown: the plan's and every manager's."""
    yield "plan", plan
    for manager in people.managers(day):
        yield "person", manager
