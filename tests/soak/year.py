"""The soak: one simulated year of a company of three hundred in five zones with two plans, and everything that goes
wrong in such a year. After every beat the messages are held against what was promised.

    python -m tests.soak.year --seed 7 --days 354

One call in twenty of Slack, mail and database fails; fifty times the process dies in the middle of a beat. People
answer in every way or not at all, are away, leave and are followed; plans are loaded mid-flight, the rollout moves, a
team is dissolved. Same seed, same events: the last line holds their hash.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from cadence.core.deciding import Way
from cadence.core.model import Answer, Choice, Days, Reason, Source, Verb
from cadence.errors import CadenceError, NothingToActOn
from cadence.services.beat import beat
from cadence.services.context import Context
from cadence.services.gather import gather
from cadence.services.quiet import away, hold
from cadence.services.reconcile import load
from cadence.services.respond import decide, respond
from tests.soak.company import ROLLOUT, Company, hours
from tests.soak.judge import Judge
from tests.soak.office import Office, Taken, opened
from tests.soak.trouble import Abandoned, Trouble, without_waiting
from tests.support.forked import start

START = datetime.combine(ROLLOUT - timedelta(days=7), datetime.min.time(), UTC)
GRID = 3
"""People answer at every third hour of the day, so that a beat hears several."""
AFTER_THE_END = timedelta(minutes=4)
"""A process that died, or could not reach its database, beats again when the leases of what it had begun are over."""
VERBS = (
    *((Verb.DONE,) * 10),
    *((Verb.ON_IT,) * 2),
    *((Verb.CANT,) * 2),
    *(Verb.SNOOZE, Verb.MOVE, Verb.PLACE, Verb.HAND_OVER, Verb.COMMENT),
)


@dataclass(frozen=True, slots=True, order=True)
class Say:
    """Something that somebody will say: about a task or decision they were shown. `again`: for the second time."""

    at: datetime
    person: str
    subject: str
    again: bool


@dataclass(slots=True)
class Year:
    """`days` from a week before the rollout on; `kills` of them lose a process."""

    company: Company
    folder: Path
    days: int
    kills: int
    office: Office = field(init=False)
    trouble: Trouble = field(init=False)
    judge: Judge = field(init=False)
    context: Context = field(init=False)
    agenda: list[datetime] = field(default_factory=list)
    words: list[Say] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _deadly: list[datetime] = field(default_factory=list)
    _heard: int = 0

    def __post_init__(self) -> None:
        self.office = Office(self.folder / "taken.jsonl", self.company.seed, START)
        self.context = opened(self.office, self.url)
        self.judge = Judge(self.company, self.office)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'cadence.db'}"

    @property
    def now(self) -> datetime:
        return self.office.now

    def run(self, tick: Callable[[datetime], None] = lambda now: None) -> str:
        """Lives through it and gives the hash of its events. Fails at the first broken promise."""
        self.trouble = Trouble(self.company.seed)
        try:
            with without_waiting():
                self._run(tick)
        finally:
            self.trouble.close()
            self.context.store.close()
        return hashlib.sha256("\n".join(self.log).encode()).hexdigest()[:16]

    def _run(self, tick: Callable[[datetime], None]) -> None:
        self._load("selling")
        self._load("coaching")
        self._plan()
        while self.agenda:
            now = heapq.heappop(self.agenda)
            if now > self.now:
                self.office.now = now
                self._live()
                tick(now)
        self._in_peace()

    def _plan(self) -> None:
        """Every instant at which something can happen by itself, and those at which a process will die."""
        days = [START.date() + timedelta(days=n) for n in range(self.days)]
        self.agenda = [at for day in days for at in hours(day) if at > START]
        working = [at for at in self.agenda if at.weekday() < 5 and at.date() >= ROLLOUT]
        chosen = sorted(working, key=lambda at: self.company.luck("kill", at))[: self.kills]
        self._deadly = sorted(chosen, reverse=True)
        heapq.heapify(self.agenda)

    def _live(self) -> None:
        began = time.monotonic()
        self._happen()
        self._answer()
        told = time.monotonic()
        self._beat()
        beaten = time.monotonic()
        self._note()
        for what, spent in (("people", told - began), ("beats", beaten - told), ("judging", time.monotonic() - beaten)):
            self.seconds[what] += spent

    # --- the beat

    def _beat(self) -> None:
        if self._deadly and self._deadly[-1] <= self.now:
            self._die()
            return
        self.counts["beats"] += 1
        self.trouble.on = True
        try:
            done = beat(self.context, self.now)
        except CadenceError as error:
            self._interrupted(f"beat failed: {type(error).__name__}")
        except Abandoned:
            self.counts["abandoned"] += 1
            self._restarted("abandoned")
        else:
            if done.waiting and done.next - self.now < timedelta(hours=2):
                heapq.heappush(self.agenda, max(done.next, self.now + timedelta(minutes=2)))
        finally:
            self.trouble.on = False

    def _die(self) -> None:
        """This beat ends at one of its statements: every fifth of them for real, in a process that is killed. Where
        it has fewer, it is a beat as any other, and a later one ends."""
        self._deadly.pop()
        statement = 1 + int(self.company.luck("statement", self.now) ** 2 * 200)
        if not (self._killed(statement) if len(self._deadly) % 5 == 0 else self._abandoned(statement)):
            self._deadly.append(self.now + timedelta(hours=1))

    def _abandoned(self, statement: int) -> bool:
        self.trouble.arm(statement)
        self._beat()
        ended = not self.trouble.armed
        self.trouble.arm(None)
        return ended

    def _killed(self, statement: int) -> bool:
        self.context.store.close()
        arguments = [self.url, str(self.office.file), str(self.company.seed), self.now.isoformat(), str(statement)]
        with open(self.folder / "err", "a", encoding="utf-8") as err:
            code = start(["tests.soak.trouble", *arguments], self.folder, {}, err, err).wait()
        self.office.look()
        self.counts["killed for real"] += code == -signal.SIGKILL
        self._restarted(f"process ended with {code}")
        return code == -signal.SIGKILL

    def _restarted(self, how: str) -> None:
        """A new process: nothing that the old one had in mind is left."""
        self.trouble.on = False
        self.context.store.close()
        self.context = opened(self.office, self.url)
        self._interrupted(how)

    def _interrupted(self, how: str) -> None:
        self.log.append(f"{self.now:%Y-%m-%d %H:%M} {how}")
        self.judge.interrupted(self.now)
        heapq.heappush(self.agenda, self.now + AFTER_THE_END)

    def _in_peace(self) -> None:
        """At the end nothing fails any more: what is still under way arrives or is given up, and all is counted."""
        self.office.troubled = False
        for _ in range(200):
            self.office.now += timedelta(minutes=5)
            done = beat(self.context, self.now)
            self._note()
            if not done.waiting or done.next > self.now + timedelta(days=1):
                break
            self.office.now = max(self.now, done.next - timedelta(minutes=5))
        with self.context.store.read() as work:
            self.judge.at_the_end(work, self.now)
            events = work.records.events()
        self.log += sorted(
            f"{one.at:%Y-%m-%d %H:%M} {one.type} {one.task_id} {one.subject} {sorted(one.data.items())}"
            for one in events
        )

    def _note(self) -> None:
        """Writes down what arrived, judges it, and has people think about what to say."""
        new = self.office.taken[self._heard :]
        self._heard = len(self.office.taken)
        self.log += [f"{self.now:%Y-%m-%d %H:%M} {one.channel} {one.kind} {one.key} {one.to}" for one in new]
        self.judge.of_beat(new)
        if self.judge.is_new_day(self.now):
            with self.context.store.read() as work:
                self.judge.of_day(work, self.now)
        for one in new:
            if one.edits is None:
                self.words += self._thoughts(one)
        heapq.heapify(self.words)

    # --- people

    def _thoughts(self, one: Taken) -> Iterator[Say]:
        for subject in one.asked:
            drawn = self.company.luck("says", one.to, subject, one.key)
            if drawn < 0.8:
                later = self.now + timedelta(hours=1 + int(drawn * 60))
                at = later.replace(minute=0, second=0) + timedelta(hours=-later.hour % GRID)
                heapq.heappush(self.agenda, at)
                yield Say(at, one.to, subject, again=False)
                if drawn < 0.08:
                    heapq.heappush(self.agenda, at + timedelta(hours=GRID))
                    yield Say(at + timedelta(hours=GRID), one.to, subject, again=True)

    def _answer(self) -> None:
        while self.words and self.words[0].at <= self.now:
            say = heapq.heappop(self.words)
            self._insisting(f"{say.person} {say.subject}", lambda say=say: self._said(say))  # type: ignore[misc]  # bound now

    def _said(self, say: Say) -> str:
        drawn = self.company.luck("verb", say.person, say.subject, say.at if not say.again else "again")
        try:
            return self._answered(say, drawn)
        except NothingToActOn:
            return self._decided(say, drawn)

    def _answered(self, say: Say, drawn: float) -> str:
        verb = VERBS[int(drawn * len(VERBS))]
        until = {Verb.SNOOZE: 1 + int(drawn * 5), Verb.MOVE: 2 + int(drawn * 7)}.get(verb)
        others = [key for key in self.company.people if key != say.person]
        answer = Answer(
            task_id=say.subject,
            verb=verb,
            actor=say.person,
            source=Source.SLACK,
            at=self.now,
            until=self.now.date() + timedelta(days=until) if until else None,
            reason=Reason.CUSTOMER_FIRST.value if verb is Verb.CANT else None,
            to_person=others[int(drawn * 7919) % len(others)] if verb is Verb.HAND_OVER else None,
            text="as it was" if verb is Verb.COMMENT else None,
        )
        reply = respond(self.context, answer)
        return f"{verb} {reply.refusal.code if reply.refusal else 'taken'}"

    def _decided(self, say: Say, drawn: float) -> str:
        with self.context.store.read() as work:
            decision = work.records.decision(say.subject)
        if decision is None:
            raise NothingToActOn(say.subject)
        choice: Choice = decision.choices[int(drawn * len(decision.choices))]
        way = Way(choice=choice, by=say.person, source=Source.SLACK, at=self.now, reason=Reason.OTHER.value)
        ruling = decide(self.context, decision.id, way)
        return f"{choice} {ruling.refusal.code if ruling.refusal else 'taken'}"

    def _insisting(self, who: str, act: Callable[[], str]) -> None:
        """Does it as people do: when the database does not answer, once more, until it does."""
        for _ in range(20):
            self.trouble.on = True
            try:
                said = act()
            except NothingToActOn as error:
                said = type(error).__name__
            except CadenceError:
                self.counts["said again"] += 1
                continue
            finally:
                self.trouble.on = False
            self.counts["said"] += 1
            self.log.append(f"{self.now:%Y-%m-%d %H:%M} {who} {said}")
            return
        raise AssertionError(f"{who} could not be done at all")

    # --- what happens to the company

    def _happen(self) -> None:
        """What the week brings, once each, at the first hour of its day."""
        day = self.now.date()
        if not self.judge.is_new_day(self.now):
            return
        self._absences(day)
        week, weekday = divmod((day - ROLLOUT).days, 7)
        if weekday != 2 or week < 1:
            return
        changes: dict[int, Callable[[], None]] = {
            1: lambda: self._loads("selling", rides=12),
            4: lambda: self._leaver(day),
            7: lambda: self._loads("coaching", talks=8),
            9: lambda: self._follower(day, 3),
            13: lambda: self._dissolve(11, 16),
            18: lambda: self._rollout("coaching", 7),
            22: lambda: self._holds(day),
            26: lambda: self._leaver(day),
            30: lambda: self._loads("selling", weekday="tue", rides=16),
            35: lambda: self._follower(day, 20),
            41: lambda: self._leaver(day),
        }
        if week in changes:
            self.log.append(f"{self.now:%Y-%m-%d %H:%M} week {week}")
            changes[week]()

    def _absences(self, day: date) -> None:
        """Everybody is away for two weeks of the year and says so some days before."""
        for key, one in self.company.people.items():
            for turn in range(2):
                first = ROLLOUT + timedelta(days=10 + int(self.company.luck("away", key, turn) * 330))
                if first - timedelta(days=3) == day:
                    last = first + timedelta(days=6)
                    self._insisting(f"{key} away", lambda key=key, a=first, b=last: self._away(key, a, b))  # type: ignore[misc]  # bound now
                    one.away.append((first, last))

    def _away(self, key: str, first: date, last: date) -> str:
        with self.context.store.begin() as work:
            away(work, key, Days.inclusive(first, last), Source.CLI, self.now)
        return f"from {first}"

    def _loads(self, plan: str, **words: int | str) -> None:
        self.company.words |= words
        self._load(plan)

    def _leaver(self, day: date) -> None:
        """Two reps go at the end of the week."""
        reps = [key for key, one in self.company.people.items() if one.manager and one.left is None]
        for key in sorted(reps, key=lambda key: self.company.luck("leaves", day, key))[:2]:
            self.company.leaves(key, day + timedelta(days=2))
        self._both()

    def _follower(self, day: date, team: int) -> None:
        self.company.is_followed(self._manager(team), day + timedelta(days=2))
        self._both()

    def _dissolve(self, team: int, into: int) -> None:
        self.company.dissolves(team, into)
        self._both()

    def _rollout(self, plan: str, days: int) -> None:
        self.company.rollouts[plan] += timedelta(days=days)
        self._load(plan)

    def _holds(self, day: date) -> None:
        key, until = self._manager(5), day + timedelta(days=4)
        self._insisting(f"hold {key}", lambda: self._held(key, until))
        self.judge.held[key] = (self.now, until)

    def _held(self, key: str, until: date) -> str:
        with self.context.store.begin() as work:
            hold(work, f"person/{key}", until, "soak", Source.CLI, self.now)
        return f"until {until}"

    def _manager(self, team: int) -> str:
        return next(key for key, one in self.company.people.items() if one.id == f"m{team}")

    def _both(self) -> None:
        self._load("selling")
        self._load("coaching")

    def _load(self, plan: str) -> None:
        for name, text in self.company.files(plan).items():
            (self.folder / name).write_text(text, encoding="utf-8")
        bundle, problems = gather(self.folder / "plan.yaml")
        assert bundle is not None, problems

        def act() -> str:
            prepared, found = load(self.context, bundle, self.now, author="soak", force=True)
            assert prepared is not None, [str(one) for one in found]
            return f"{len(prepared.change_set.add)} new" if hasattr(prepared.change_set, "add") else "loaded"

        self._insisting(f"load {plan}", act)


def lived(
    seed: int, days: int, kills: int, teams: int, tick: Callable[[datetime], None] = lambda now: None
) -> tuple[Year, str]:
    """A whole run in a folder of its own, in memory where there is one; the hash of its events."""
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if shm.is_dir() else None) as folder:
        year = Year(Company(seed, teams), Path(folder), days, kills)
        return year, year.run(tick)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=7)
    asked.add_argument("--days", type=int, default=354)
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--teams", type=int, default=37)
    chosen = asked.parse_args()
    began = time.monotonic()
    month = Counter[str]()

    def tick(now: datetime) -> None:
        if f"{now:%Y-%m}" not in month:
            month[f"{now:%Y-%m}"] += 1
            print(f"{now:%Y-%m}  {time.monotonic() - began:6.0f} s", flush=True)

    year, events = lived(chosen.seed, chosen.days, chosen.kills, chosen.teams, tick)
    print("\n".join(year.judge.figures(year)))
    print(f"{time.monotonic() - began:.0f} s; events {events}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
