"""Turns the clock: loads the plan into an empty store, then beat after beat at every instant that can matter."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.channels.slack.inbound import parse as parse_press
from cadence.core.agenda import Situation, pinged_at
from cadence.core.agenda.briefing import brief_at
from cadence.core.directory import Directory
from cadence.core.model import Bundle, Days, Decision, Problem, Source, State, Task
from cadence.services.beat import beat
from cadence.services.calendars import calendar_of
from cadence.services.compiling import Compiled, read
from cadence.services.context import Context
from cadence.services.hear import carry_out
from cadence.services.installation import glance, look
from cadence.services.quiet import away as absent
from cadence.services.reconcile import load
from cadence.services.rehearse.actors import LATE_SHARE, Manners, Press, presses, share, temper
from cadence.services.rehearse.sinks import Post, Recorded, Sink
from cadence.store import Work, open_store
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
    """What came of it: every message in order, and the state at the end."""

    compiled: Compiled
    start: datetime
    stop: datetime
    messages: tuple[Recorded, ...]
    situation: Situation
    decisions: tuple[Decision, ...]
    tasks: tuple[Task, ...]
    context: Context
    silent: frozenset[str]
    calendars: Mapping[str, bytes]

    @property
    def totals(self) -> dict[str, int]:
        """Messages by kind, rewrites, and what became of the tasks."""
        first = [message for message in self.messages if not message.edits]
        kinds = {kind: sum(m.kind == kind for m in first) for kind in sorted({m.kind.value for m in first})}
        states = {state.value: sum(task.state is state for task in self.tasks) for state in State}
        on_time = sum(bool(task.on_time) for task in self.tasks)
        rewrites = len(self.messages) - len(first)
        return {**kinds, "rewrites": rewrites, **states, "on_time": on_time, "decisions": len(self.decisions)}


@dataclass(slots=True)
class Stage:
    """The running rehearsal."""

    context: Context
    clock: FakeClock
    post: Post
    seed: int
    manners: Manners
    silent: frozenset[str]
    late: float
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
            self._answer(now)
            self._beat(now)
            tick((now - start) / (stop - start), now)

    def _answer(self, now: datetime) -> None:
        while self.pending and self.pending[0].at <= now:
            press = heapq.heappop(self.pending)
            pressed = parse_press(press.payload)
            if pressed is not None:
                carry_out(self.context, pressed, press.person, now)

    def _beat(self, now: datetime) -> None:
        before = len(self.post.taken)
        beat(self.context, now)
        new = self.post.taken[before:]
        if not new:
            return
        with self.context.store.read() as work:
            worktimes = glance(work, now, ()).worktimes
        for message in new:
            how = temper(message.to, self.manners, self.silent, self.seed, self.late)
            for press in presses(message, how, worktimes[message.to], self.seed):
                heapq.heappush(self.pending, press)
                heapq.heappush(self.agenda, press.at)


def rehearse(
    bundle: Bundle,
    words: Callable[[str], Words],
    *,
    days: int,
    seed: int = 7,
    manners: Manners = Manners.REALISTIC,
    late: float = LATE_SHARE,
    database: Path | None = None,
    away: Sequence[tuple[str, Days]] = (),
    tick: Tick = lambda share, now: None,
) -> tuple[Rehearsal | None, tuple[Problem, ...]]:
    """Runs the plan from a fortnight before day 0 for `days` days after it. None when the plan has errors."""
    clock = FakeClock(datetime.min.replace(tzinfo=UTC))
    post = Post(clock)
    store = open_store(f"sqlite:///{database}" if database else "sqlite://")
    context = Context(store=store, channels=_channels(post, clock), words=words)
    try:
        return _run(bundle, context, clock, post, days, seed, manners, late, away, tick)
    finally:
        store.close()


def _channels(post: Post, clock: FakeClock) -> dict[str, Sink]:
    slack = SlackChannel("xoxb-rehearsal", base_url="http://127.0.0.1:9/")
    mail = EmailChannel(Server("127.0.0.1", 9, "none"), SENDER, clock)
    return {channel.name: Sink(channel, post) for channel in (slack, mail)}


def _run(
    bundle: Bundle,
    context: Context,
    clock: FakeClock,
    post: Post,
    days: int,
    seed: int,
    manners: Manners,
    late: float,
    away: Sequence[tuple[str, Days]],
    tick: Tick,
) -> tuple[Rehearsal | None, tuple[Problem, ...]]:
    bare, problems = read(bundle)
    if bare is None:
        return None, problems
    plan, people = bare
    start = datetime.combine(plan.rollout - LEAD, time(), tzinfo=UTC)
    stop = datetime.combine(plan.rollout + timedelta(days=days), time(), tzinfo=UTC)
    clock.now = start
    prepared, problems = load(context, bundle, start, author="rehearsal", force=True)
    if prepared is None:
        return None, problems
    with context.store.begin() as work:
        for person, span in away:
            absent(work, person, span, Source.CLI, start)
    silent = frozenset(_silent(people, seed))
    stage = Stage(context, clock, post, seed, manners, silent, late)
    stage.run(instants(people, start, stop, _pings(prepared.compiled)), stop, tick)
    with context.store.read() as work:
        situation = look(work, clock.now)
        rehearsal = Rehearsal(
            compiled=prepared.compiled,
            start=start,
            stop=stop,
            messages=tuple(post.taken),
            situation=situation,
            decisions=work.records.decisions(),
            tasks=work.tasks.find(plan=plan.id),
            context=context,
            silent=silent if manners is Manners.REALISTIC else frozenset(),
            calendars=_calendars(work, context, people, plan.id, clock.now),
        )
    return rehearsal, problems


def _silent(people: Directory, seed: int) -> tuple[str, ...]:
    """One manager who never answers: the one the seed picks among those of the first wave who are not away."""
    first = people.waves.order[0].key if people.waves.order else None
    managers = [team.manager for key, team in people.teams.items() if people.wave_of(f"team/{key}") == first]
    here = sorted(key for key in managers if not people.worktime(key).away) or managers
    return (min(here, key=lambda key: share(seed, key, "silent")),) if here else ()


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


def _calendars(work: Work, context: Context, people: Directory, plan: str, now: datetime) -> dict[str, bytes]:
    """The plan's calendar and every manager's, as they would be served at the end."""
    found = {f"plan-{plan}": calendar_of(context, work, "plan", plan, now)}
    for manager in people.managers(now.date()):
        found[manager] = calendar_of(context, work, "person", manager, now)
    return found
