"""Findings between a plan and the other plans of the installation: they share people, whose day has room once only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from cadence.core.compiler.collisions import WEEKDAYS, Span, overlap, span_of
from cadence.core.compiler.findings import Finding, counted, dates_in_words, few, settled
from cadence.core.compiler.holders import Holders
from cadence.core.compiler.load import ROOM, Load
from cadence.core.directory import Directory
from cadence.core.model import DateState, Days, Occurrence, Person, Problem
from cadence.core.planfile.schema import LISTED, PersonRow, Plan
from cadence.core.worktime import Worktime

Meeting = tuple[Span, str]
"""When, and the activity."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """An open task as a diary has it: where it stands by now, moved or not. `starts` is None for what takes no set
    time and for a day that is only proposed; `handed_to` the person it was handed over to, if any."""

    activity: str
    seat: str
    date: date
    minutes: int | None
    attendees: tuple[str, ...] = ()
    starts: datetime | None = None
    ends: datetime | None = None
    handed_to: str | None = None


@dataclass(frozen=True)
class Loaded:
    """A plan that is loaded already, with its open tasks."""

    plan: Plan
    directory: Directory
    diary: tuple[Engagement, ...]

    @cached_property
    def held(self) -> tuple[tuple[Engagement, str | None], ...]:
        """Each of them with who holds it: as planned, or as it was handed over."""
        seated = Holders(self.directory)
        return tuple((one, one.handed_to or seated.on(one.seat, one.date)) for one in self.diary)


@dataclass(frozen=True)
class Newcomer:
    """The plan that is about to be loaded beside them. `load` is by person."""

    plan: Plan
    directory: Directory
    schedule: tuple[Occurrence, ...]
    load: Mapping[str, Load]


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that belongs to a person: the word of the plan language, what it is called, how a plan has it. None
    means that the plan says nothing about it."""

    word: str
    name: str
    read: Callable[[Person, Directory], str | None]


TRAITS = (
    Trait("timezone", "time zone", lambda person, _: person.timezone),
    Trait("hours", "working day", lambda person, _: f"{person.opens:%H:%M}-{person.closes:%H:%M}"),
    Trait("workdays", "working week", lambda person, _: ", ".join(WEEKDAYS[day] for day in sorted(person.workdays))),
    Trait("country", "country", lambda person, _: person.country),
    Trait("subdivision", "subdivision", lambda person, _: person.subdivision),
    Trait("language", "language", lambda person, _: person.language),
    Trait("reports_to", "line above", lambda person, who: _above(person, who)),
    Trait("brief", "brief hour", lambda person, _: f"{person.brief:%H:%M}"),
    Trait("channel", "channel", lambda person, _: person.channel),
)
OF_THE_PLAN = {word: f"calendar.{word}" for word in ("hours", "workdays", "country", "subdivision")}
"""Where the plan says for everybody what a person's row leaves out, when that is not a word of the same name."""


def beside(mine: Newcomer, others: Iterable[Loaded]) -> tuple[Problem, ...]:
    """Everything odd between `mine` and the others, by place, less what `mine` accepts."""
    others = tuple(others)
    found = [*_load(mine, others)]
    for other in others:
        found += (*_disagreements(mine, other), *_collisions(mine, other))
    return settled(mine.plan, mine.directory, found)[0]


def shared(mine: Directory, other: Directory) -> tuple[str, ...]:
    """The people that both plans name, ordered."""
    return tuple(sorted(mine.persons.keys() & other.persons.keys()))


# -- what two plans say about one person -----------------------------------------------------------------------------


def _disagreements(mine: Newcomer, other: Loaded) -> Iterator[Finding]:
    here, there = _rows(mine.plan, mine.directory), _rows(other.plan, other.directory)
    for key in shared(mine.directory, other.directory):
        one, two = mine.directory.persons[key], other.directory.persons[key]
        for trait in TRAITS:
            says, said = trait.read(one, mine.directory), trait.read(two, other.directory)
            if says is None or said is None or says == said:
                continue
            place = other.plan.place(_path(there.get(key), trait.word))
            message = (
                f"the {trait.name} of {one.name} is {says} here and {said} in plan {other.plan.id}"
                f" ({place.file}:{place.line})"
            )
            sort = f"{other.plan.id} {trait.word} {says} {said}"
            yield Finding("P332", _path(here.get(key), trait.word), message, bundle=sort, most=1, name=one.name)


def _rows(plan: Plan, directory: Directory) -> dict[str, PersonRow]:
    return {directory.renamed.get(row.key, row.key): row for row in plan.people.rows}


def _above(person: Person, who: Directory) -> str | None:
    """Who stands above them in person, as a plan says it; None where it leaves that to its roles."""
    key = person.reports_to or (who.teams[who.members[person.key]].manager if person.key in who.members else None)
    return who.name(key) if key else None


def _path(row: PersonRow | None, word: str) -> str:
    """Where a plan says it: in the person's own row, or once for everybody."""
    own = "opens" if word == "hours" else word
    if row is not None and (getattr(row, own) is not None or word in ("reports_to", "channel")):
        return f"{LISTED}{row.key}.{word}"
    return OF_THE_PLAN.get(word, word)


# -- two meetings at once --------------------------------------------------------------------------------------------


def _collisions(mine: Newcomer, other: Loaded) -> Iterator[Finding]:
    """P331 for each pair of activities. What may still move collides with nothing."""
    people = frozenset(shared(mine.directory, other.directory))
    theirs = _their_meetings(other, people)
    ours = _our_meetings(mine, theirs.keys())
    found: defaultdict[tuple[str, str], dict[str, set[date]]] = defaultdict(dict)
    for person, meetings in ours.items():
        for (span, activity), (_, another) in _overlapping(meetings, theirs[person]):
            found[activity, another].setdefault(person, set()).add(span[0].date())
    for (activity, another), when in sorted(found.items()):
        names = few([mine.directory.name(person) for person in sorted(when, key=lambda one: (-len(when[one]), one))])
        days = {day for own in when.values() for day in own}
        message = (
            f"{names} {'is' if len(when) == 1 else 'are'} in {activity} and, by plan {other.plan.id}, in {another}"
            f" at the same time on {counted(len(days), 'day')}: {dates_in_words(days)}"
        )
        yield Finding("P331", f"activities.{activity}.at", message)


def _our_meetings(mine: Newcomer, people: Iterable[str]) -> dict[str, list[Meeting]]:
    wanted, seated = frozenset(people), Holders(mine.directory)
    found: defaultdict[str, list[Meeting]] = defaultdict(list)
    for made in mine.schedule if wanted else ():
        if made.starts and made.date_state is DateState.FIXED:
            for person in wanted.intersection((*made.attendees, seated.on(made.seat, made.date) or "")):
                found[person].append((span_of(made), made.activity))
    return found


def _their_meetings(other: Loaded, people: frozenset[str]) -> dict[str, list[Meeting]]:
    found: defaultdict[str, list[Meeting]] = defaultdict(list)
    for one, holder in other.held:
        if one.starts:
            span = (one.starts, one.ends or one.starts + timedelta(minutes=1))
            for person in people.intersection((*one.attendees, holder or "")):
                found[person].append((span, one.activity))
    return found


def _overlapping(ours: list[Meeting], theirs: list[Meeting]) -> Iterator[tuple[Meeting, Meeting]]:
    """Pairs of meetings at the same time. Both lists get sorted; meetings are taken to be shorter than a day."""
    ours, theirs = sorted(ours), sorted(theirs)
    first = 0
    for mine in ours:
        while first < len(theirs) and theirs[first][0][0] <= mine[0][0] - timedelta(days=1):
            first += 1
        for number in range(first, len(theirs)):
            if theirs[number][0][0] >= mine[0][1]:
                break
            if overlap(mine[0], theirs[number][0]):
                yield mine, theirs[number]


# -- one week over all plans -----------------------------------------------------------------------------------------


def _load(mine: Newcomer, others: tuple[Loaded, ...]) -> Iterator[Finding]:
    """P333 for whoever has room for each plan and not for all. Who has too much in one alone hears of that there."""
    for person, weeks in _their_load(others).items():
        if person not in mine.load:
            continue
        name, worktime = mine.directory.name(person), mine.directory.regular[person]
        over = []
        for monday, own in mine.load[person].weeks:
            room, theirs = _room(worktime, monday), weeks[monday]
            if own and max(own, *theirs.values(), 0) <= room < own + theirs.total():
                over.append((own + theirs.total() - room, monday, room, sorted(theirs)))
        if over:
            much, monday, room, plans = max(over, key=lambda one: (one[0], -one[1].toordinal()))
            message = (
                f"{name} has too much in {counted(len(over), 'week')} together with {few(plans)}; most in the week of"
                f" {monday}: {(room + much) / 60:.1f} h, {much / 60:.1f} h above the {room / 60:g} h there is room for"
            )
            yield Finding("P333", f"{LISTED}{person}", message)


def _their_load(others: Iterable[Loaded]) -> dict[str, defaultdict[date, Counter[str]]]:
    """By person and Monday, the minutes of each plan."""
    found: defaultdict[str, defaultdict[date, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for other in others:
        for one, holder in other.held:
            if one.minutes and holder:
                monday = one.date - timedelta(days=one.date.weekday())
                found[holder][monday][other.plan.id] += one.minutes
    return dict(sorted(found.items()))


def _room(worktime: Worktime, monday: date) -> int:
    """The minutes of a week that all plans together may take."""
    a_day = (worktime.closes.hour - worktime.opens.hour) * 60 + worktime.closes.minute - worktime.opens.minute
    return int(sum(map(worktime.works, Days(monday, monday + timedelta(days=7)))) * a_day * ROOM)
