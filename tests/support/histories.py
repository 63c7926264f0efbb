"""Histories for the laws of a load: small plans, the edits people make of them, and what happens between two loads.

Everything happens on values: a `Book` holds the tasks of one plan and loads drafts into it as `reconcile` does, by
what differs alone. Plans come from a pool of a few hundred, each compiled once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property

from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from cadence.core.changes import (
    NEVER,
    ChangeSet,
    Imprint,
    Reading,
    Series,
    Standing,
    Survey,
    Wording,
    applied,
    changed_seats,
    changes,
    contents,
    holders,
    standing,
    succeeded,
    survey,
    vanished,
    wording,
)
from cadence.core.changes.surveying import series_of
from cadence.core.compiler import compile_plan
from cadence.core.directory import directory
from cadence.core.lifecycle import Accepted, open_up, settle, take
from cadence.core.model import Answer, Bundle, Event, Occurrence, Source, Task, Verb
from cadence.core.planfile import parse
from tests.core.compiling import say

DAY0 = date(2027, 3, 1)
START = datetime(2027, 2, 22, 9, tzinfo=UTC)
SETTLED_AFTER = timedelta(days=14)
"""Open tasks so long overdue count as missed."""

HEAD = """plan: law
rollout: {rollout}
ends: week 6
timezone: Europe/London
milestones: {{v2: {v2}}}
people:
  list:
{people}
roles: {{vp: vic, coach: {coach}}}
away: {away}
activities:
{activities}
"""
PEOPLE = {
    "vic": "{name: Vic Petrov, email: vic@x.test}",
    "ana": "{name: Ana Silva, email: ana@x.test, reports_to: vic}",
    "ben": "{name: Ben Okoye, email: ben@x.test, reports_to: vic}",
    "rae": "{name: Rae Lind, email: rae@x.test, manager: ana}",
    "rob": "{name: Rob Meyer, email: rob@x.test, manager: ana}",
    "sam": "{name: Sam Ito, email: sam@x.test, manager: ben}",
    "sue": "{name: Sue Park, email: sue@x.test, manager: ben}",
}
NIA = "{name: Nia Cole, email: nia@x.test, reports_to: vic}"
ORGS: dict[str, dict[str, str | None]] = {
    "as it was": {},
    "rob changes teams": {"rob": "{name: Rob Meyer, email: rob@x.test, manager: ben}"},
    "nia replaces ana": {"nia": NIA.replace("}", ", replaces: ana, since: 2027-03-15}")},
    "rob leaves": {"rob": "{name: Rob Meyer, email: rob@x.test, manager: ana, left: 2027-03-19}"},
    "tom joins": {"tom": "{name: Tom Reed, email: tom@x.test, manager: ben, started: 2027-03-22}"},
    "sue is gone": {"sue": None},
    "rob is gone": {"rob": None},
    "nia instead of ana": {
        "ana": None,
        "nia": NIA,
        "rae": "{name: Rae Lind, email: rae@x.test, manager: nia}",
        "rob": "{name: Rob Meyer, email: rob@x.test, manager: nia}",
    },
}
"""Organisations, each as what differs from the first; None is somebody who is no longer there."""
HUDDLE = "{kind: team_meeting, owner: manager, with: team, every: week, on: %s}"
ACTIVITIES = {
    "rides": "{kind: field_ride, owner: manager, with: each rep, every: 2 weeks}",
    "tuesdays": HUDDLE % "tue",
    "thursdays": HUDDLE % "thu",
    "note": "{kind: communication, owner: coach, on: [day 0, v2]}",
    "story": "{kind: quick_win, rotate: reps, every: week, on: wed}",
    "gate": "{kind: audit, owner: vp, on: v2 - 1 week}",
    "review": '{kind: metric_review, owner: coach, every: week, on: fri, at: "09:00", until: v2}',
}
KEYS = {"tuesdays": "huddle", "thursdays": "huddle"}
"""Two spellings of one activity: what a person changes in it is the weekday."""
ROW, PAIR = re.compile(r"{(.*)}"), re.compile(r"\w+: (?:\[[^]]*]|[^,]+)")
"""A mapping on one line, and one key of it with its value."""
MENUS = (
    ("rides", "tuesdays"),
    ("thursdays", "gate"),
    ("tuesdays", "review"),
    ("rides", "note", "story"),
)


@dataclass(frozen=True)
class Draft:
    """A plan as somebody would write it. `shift` is the rollout in days after `DAY0`, `v2` the milestone's words;
    `moved` is the day to which it was moved by hand; `backwards` turns the order of everything in the file around."""

    shift: int = 0
    v2: str = "day 21"
    menu: tuple[str, ...] = MENUS[0]
    org: str = "as it was"
    coach: str = "ana"
    away: str = "{}"
    moved: date | None = None
    backwards: bool = False

    def text(self) -> str:
        people = {key: row for key, row in {**PEOPLE, **ORGS[self.org]}.items() if row is not None}
        coach = self.coach if self.coach in people else "ben"
        away = self.away if "ana" in people else "{}"
        listed = [f"    {key}: {row}" for key, row in people.items()]
        asked = [f"  {KEYS.get(name, name)}: {ACTIVITIES[name]}" for name in self.menu]
        turned = reversed if self.backwards else iter
        text = HEAD.format(
            rollout=DAY0 + timedelta(days=self.shift),
            v2=self.v2,
            people="\n".join(turned(listed)),
            coach=coach,
            away=away,
            activities="\n".join(turned(asked)),
        )
        return _turned_around(text) if self.backwards else text


def _turned_around(text: str) -> str:
    """The keys of the file and those of every row in the opposite order. What stands in a list stays."""
    rows = ROW.sub(lambda row: f"{{{', '.join(reversed(PAIR.findall(row[1])))}}}", text)
    return "\n".join(reversed(re.split(r"\n(?=\w)", rows.strip()))) + "\n"


@dataclass(frozen=True)
class Plan:
    """A draft compiled."""

    reading: Reading
    schedule: tuple[Occurrence, ...]

    @cached_property
    def said(self) -> Wording:
        return wording(self.schedule)

    @cached_property
    def wanted(self) -> dict[str, Occurrence]:
        return {one.id: one for one in self.schedule}


@cache
def compiled(draft: Draft) -> Plan:
    moved = (("v2", draft.moved),) if draft.moved else ()
    plan, problems = parse(Bundle(plan="p.yaml", files=(("p.yaml", draft.text()),), holidays=(), hash="", moved=moved))
    assert plan is not None, [str(one) for one in problems]
    people, _ = directory(plan, {})
    compilation = compile_plan(plan, people, say)
    return Plan(Reading(plan, people), compilation.schedule)


@dataclass
class Book:
    """The tasks of one plan over time, the plan in force, the clock and all that was written down."""

    now: datetime = START
    plan: Plan | None = None
    tasks: dict[str, Task] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    imprints: dict[Series, Imprint] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    story: tuple[str, ...] = ()

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """What happened, as Hypothesis shows it: the tasks would fill pages."""
        printer.text("; ".join(self.story))

    @property
    def live(self) -> dict[str, Task]:
        return {key: task for key, task in self.tasks.items() if task.state.live}

    @property
    def closed(self) -> dict[str, Task]:
        return {key: task for key, task in self.tasks.items() if task.state.closed}

    def today(self, plan: Plan) -> date:
        return plan.reading.directory.calendar.today(self.now)

    def compared(self, draft: Draft, *, backfill: bool = False, whole: bool = False) -> ChangeSet:
        """The change set of a draft; with `whole` from all tasks, else only from those that a load has to read."""
        return self._compared(draft, backfill=backfill, whole=whole)[0]

    def _compared(self, draft: Draft, *, backfill: bool, whole: bool = False) -> tuple[ChangeSet, Survey]:
        plan, before = compiled(draft), self.plan
        people, today = plan.reading.directory, self.today(plan)
        seats = changed_seats(plan.said.seats, before.reading.directory, people) if before else frozenset()
        looked = survey(plan.said, NEVER if whole else self.imprints, seats, self.now, today, backfill=backfill)
        by_hand = frozenset(key for key, task in self.live.items() if task.moved or task.handed_to)
        stored = {
            key: _standing(task, self.words[key])
            for key, task in self.tasks.items()
            if series_of(task.occurrence) not in looked.quiet
        }
        read = self.tasks.keys() if whole else frozenset(looked.to_read(stored, by_hand))
        tasks = [self.tasks[key] for key in sorted(read)]
        asked, quiet = looked.looked_into(by_hand)
        found = changes(
            "law",
            asked,
            tasks,
            holders(tasks, asked, before.reading.directory if before else None, people, self.now),
            self.now,
            stored=stored,
            quiet=quiet,
            live=len(self.live),
            today=today,
            backfill=backfill,
            vanished=vanished(before.reading.directory, people) if before else (),
            succeeded=succeeded(before.reading.directory, people) if before else (),
        )
        return found, looked

    def load(self, draft: Draft, *, backfill: bool = False) -> ChangeSet:
        found, looked = self._compared(draft, backfill=backfill)
        self.plan = compiled(draft)
        self.story += (f"{draft}",)
        today = self.today(self.plan)
        result = applied(found, self.now, today=today)
        added = [replace(new.like, occurrence=one) for new in result.added for one in new.occurrences]
        written = {task.id: task for task in (*added, *result.changed)}
        left = looked.imprints(found.absent, self.now, today)
        self.imprints = {key: one for key, one in self.imprints.items() if key in looked.quiet} | left
        self.tasks |= written
        self.words |= zip(written, contents(task.occurrence for task in written.values()), strict=True)
        self.events += result.events
        return found

    def copy(self) -> Book:
        """The same history, to go on from in another way."""
        return replace(
            self, tasks=dict(self.tasks), words=dict(self.words), imprints=dict(self.imprints), events=list(self.events)
        )

    def answer(self, number: int, verb: Verb) -> None:
        """Somebody answers for one of the live tasks, in the way that ends the matter."""
        self.story += (f"{verb} {number}",)
        live = sorted(self.live)
        if not live or self.plan is None:
            return
        task, people = self.tasks[live[number % len(live)]], self.plan.reading.directory
        until = self.now.date() + timedelta(days=number % 9) if verb is Verb.MOVE else None
        said = Answer(task_id=task.id, verb=verb, actor=None, source=Source.CLI, at=self.now, until=until)
        said = replace(said, reason="other", to_person="vic" if verb is Verb.HAND_OVER else None)
        verdict = take(task, said, people.calendar, final_word=True)
        if isinstance(verdict, Accepted):
            self.tasks[task.id] = verdict.task

    def wait(self, days: int) -> None:
        """Time passes: windows open, and what nobody answered is missed."""
        self.now += timedelta(days=days)
        self.story += (f"{days} days",)
        for key, task in self.live.items():
            if task.due + SETTLED_AFTER < self.now:
                self.tasks[key] = settle(task, self.now).task
            elif task.occurrence.window.start <= self.now.date():
                self.tasks[key] = open_up(task)


def _standing(task: Task, word: str) -> Standing:
    return standing(task.state, word, bool(task.moved or task.handed_to))


Step = tuple[str, object]

SHIFTS = st.sampled_from((0, 7, -10))
MILESTONES = st.sampled_from(("day 21", "2027-04-07"))
DRAFTS = st.builds(
    Draft,
    shift=SHIFTS,
    v2=MILESTONES,
    menu=st.sampled_from(MENUS),
    org=st.sampled_from(tuple(ORGS)),
)
"""The pool: three rollouts, two milestones, four menus, eight organisations."""
ANSWERS = st.tuples(
    st.integers(0, 99), st.sampled_from((Verb.DONE, Verb.CANT, Verb.MOVE, Verb.HAND_OVER, Verb.PLACE, Verb.SNOOZE))
)
STEPS = st.one_of(
    ANSWERS.map(lambda one: ("answer", one)),
    st.integers(1, 16).map(lambda days: ("wait", days)),
    ANSWERS.map(lambda one: ("answer", one)),
    DRAFTS.map(lambda draft: ("load", draft)),
)


def _lived(first: Draft, steps: list[Step]) -> Book:
    book = Book()
    book.load(first)
    for _ in _steps(book, steps):
        pass
    return book


def _steps(book: Book, steps: list[Step]) -> Iterator[Step]:
    for step in steps:
        match step:
            case ("load", Draft() as draft):
                book.load(draft)
            case ("wait", int(days)):
                book.wait(days)
            case ("answer", (int(number), Verb() as verb)):
                book.answer(number, verb)
        yield step


BOOKS = st.builds(_lived, DRAFTS, st.lists(STEPS, max_size=3))
"""A book with a history: a first load and up to three things that happened since."""
