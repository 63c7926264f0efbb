"""The one page about a rehearsal, for whoever pays for the rollout: figures, the program by week, who gets how much,
what slipped and how it was caught, and everybody's first messages as they look."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from cadence.core.model import MessageKind, State, Task
from cadence.services.compiling import dates_of
from cadence.services.rehearse.actors import Temper
from cadence.services.rehearse.picture import Piece, pieces
from cadence.services.rehearse.running import Rehearsal
from cadence.services.rehearse.sinks import Recorded
from cadence.services.rehearse.story import slips
from cadence.services.rehearse.totals import breaches, by_week, totals
from cadence.templating import Words

Facts = dict[str, object]

FIRST_WEEKS = timedelta(days=14)
A_WEEK = timedelta(days=7)
INBOXES = "<!-- inboxes -->"
"""Where the messages go: they are drawn person by person, because a template's output is limited."""
PEOPLE, SLIPS, STEPS, FINDINGS, BREACHES = 400, 20, 14, 60, 20
"""So many lines of each at most; what is left out is counted, and stands in the files."""
BAR = (7, 9, 24)
"""Width, pitch and full height of a week's bar in pixels; full is five messages, one every day."""

Tone = Literal["done", "late", "left", "missed", "open", "ahead"]
TONES: tuple[Tone, ...] = get_args(Tone)


@dataclass(frozen=True, slots=True)
class Cell:
    """The tasks of one activity in one week: how many became what."""

    many: int
    ends: Mapping[Tone, int]

    @property
    def tones(self) -> tuple[Tone, ...]:
        return tuple(tone for tone in TONES if self.ends[tone])

    @property
    def shading(self) -> str:
        """A CSS gradient that gives each tone its share of the width."""
        stops, so_far = [], 0
        for tone in self.tones:
            upto = so_far + self.ends[tone]
            stops.append(f"var(--{tone}) {so_far / self.many:.0%} {upto / self.many:.0%}")
            so_far = upto
        return f"linear-gradient(90deg, {', '.join(stops)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One activity over the weeks of the program; None where nothing falls."""

    title: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A column of the timeline: its number in the plan, its first day, its milestones, whether it was rehearsed."""

    number: int
    start: date
    marks: tuple[str, ...]
    lived: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How much one person gets and owes: messages in all and by working day, by week as a path, tasks, busiest week."""

    name: str
    messages: int
    a_day: float
    bars: str
    tasks: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as its reader sees it: pieces of Slack, or the text of a mail."""

    at: datetime
    channel: str
    kind: str
    subject: str
    pieces: tuple[Piece, ...]
    text: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Inbox:
    key: str
    name: str
    zone: str
    count: int
    messages: tuple[Shown, ...]


def page(rehearsal: Rehearsal, words: Words) -> str:
    """The whole page as HTML that needs nothing beside it but for its links."""
    frame = words.page("rehearsal.html", **_frame(rehearsal, words))
    drawn = "".join(words.page("rehearsal-inbox.html", inbox=inbox) for inbox in inboxes(rehearsal))
    return frame.replace(INBOXES, drawn)


def _frame(rehearsal: Rehearsal, words: Words) -> Facts:
    figures, shares, slipped = totals(rehearsal), _shares(rehearsal), slips(rehearsal, words)
    weeks = _weeks(rehearsal)
    ends: Counter[State] = sum((Counter(slip.ends) for slip in slipped), Counter())
    due = [task for task in rehearsal.tasks if task.due < rehearsal.stop and task.state is not State.RETIRED]
    problems = [str(problem) for problem in rehearsal.compiled.problems]
    broken = breaches(rehearsal)
    names = rehearsal.situation.name_of
    return {
        "title": rehearsal.compiled.plan.title,
        "start": rehearsal.start.date(),
        "stop": rehearsal.stop.date() - timedelta(days=1),
        "language": words.language,
        "totals": figures,
        "due": len(due),
        "done": sum(task.state is State.DONE for task in due),
        "breaches": [(one, names(one.person)) for one in broken[:BREACHES]],
        "more_breaches": max(0, len(broken) - BREACHES),
        "played": list(_played(rehearsal, words)),
        "weeks": weeks,
        "rows": list(_rows(rehearsal, weeks, words)),
        "shares": shares[:PEOPLE],
        "more_people": max(0, len(shares) - PEOPLE),
        "bar": BAR,
        "bars": _columns(rehearsal),
        "slips": slipped[:SLIPS],
        "more_slips": max(0, len(slipped) - SLIPS),
        "steps": STEPS,
        "slipped": sum(slip.tasks for slip in slipped),
        "ends": {state.value: ends[state] for state in State},
        "findings": problems[:FINDINGS],
        "more_findings": max(0, len(problems) - FINDINGS),
        "calendars": sorted(rehearsal.calendars),
    }


# -- what was played --------------------------------------------------------------------------------------------------


def _played(rehearsal: Rehearsal, words: Words) -> Iterator[str]:
    """Every what-if as a sentence, the temper of the people first."""
    what_if, cast, name = rehearsal.what_if, rehearsal.cast, rehearsal.situation.name_of
    yield words.say(f"played.{what_if.manners}")
    tempers: dict[Temper, list[str]] = defaultdict(list)
    for key in sorted({message.to for message in rehearsal.messages}):
        tempers[cast.temper(key)].append(name(key) or key)
    if len(tempers) > 1:
        for temper in (Temper.SILENT, Temper.BUSY, Temper.LATE):
            if tempers[temper]:
                yield words.say(f"played.{temper}-ones", names=tempers[temper])
    if by_mail := _by_mail_only(rehearsal):
        yield words.say("played.by-mail", names=[name(key) or key for key in by_mail])
    for person in what_if.without:
        yield words.say("played.without", name=name(person))
    for person, days in what_if.away:
        yield words.say("played.away", name=name(person), first=days.start, last=days.last)
    for days in what_if.slack_down:
        yield words.say("played.slack-down", first=days.start, last=days.last, n=len(rehearsal.refused))
    yield words.say("played.seed", seed=cast.seed)


def _by_mail_only(rehearsal: Rehearsal) -> list[str]:
    """Who owes something and has no button to press: a mail of this rehearsal holds no link."""
    briefs = [message for message in rehearsal.first if message.kind is MessageKind.BRIEF]
    return sorted({one.to for one in briefs} - {one.to for one in briefs if one.channel == "slack"})


# -- the program by week ----------------------------------------------------------------------------------------------


def _weeks(rehearsal: Rehearsal) -> tuple[Week, ...]:
    """From the week of the first task to that of the last; weeks are the plan's, week 1 begins on day 0."""
    dates = dates_of(rehearsal.compiled.plan, rehearsal.compiled.directory)
    days = [task.occurrence.date for task in rehearsal.tasks] or [dates.rollout]
    marks: dict[int, list[str]] = defaultdict(list)
    for milestone, day in dates.milestones.items():
        marks[dates.week(day)].append(milestone)
    numbers = range(dates.week(min(days)), dates.week(max(days)) + 1)
    starts = ((number, dates.rollout + A_WEEK * (number - 1)) for number in numbers)
    over = rehearsal.stop.date()
    return tuple(Week(number, start, tuple(marks[number]), start < over) for number, start in starts)


def _rows(rehearsal: Rehearsal, weeks: tuple[Week, ...], words: Words) -> Iterator[Row]:
    by_activity: dict[str, dict[int, list[Task]]] = defaultdict(lambda: defaultdict(list))
    for task in sorted(rehearsal.tasks, key=lambda task: (task.occurrence.date, task.id)):
        if task.state is not State.RETIRED:
            column = (task.occurrence.date - weeks[0].start).days // 7
            by_activity[task.occurrence.activity][column].append(task)
    titles = {activity.key: activity.title for activity in rehearsal.compiled.plan.activities}
    for key, columns in by_activity.items():
        own, kind = titles.get(key), next(iter(columns.values()))[0].occurrence.kind
        title = own.in_language(words.language) if own else words.say(f"kind.{kind}.name")
        cells = (_cell(columns[n], rehearsal.stop) if n in columns else None for n in range(len(weeks)))
        yield Row(title, tuple(cells))


def _cell(tasks: Sequence[Task], stop: datetime) -> Cell:
    return Cell(len(tasks), Counter(_tone(task, stop) for task in tasks))


def _tone(task: Task, stop: datetime) -> Tone:
    match task.state:
        case State.DONE:
            return "done" if task.on_time else "late"
        case State.SKIPPED | State.RETIRED:
            return "left"
        case State.MISSED:
            return "missed"
        case State.PLANNED | State.OPEN:
            return "open" if task.due < stop else "ahead"


# -- who gets how much ------------------------------------------------------------------------------------------------


def _shares(rehearsal: Rehearsal) -> list[Share]:
    """Who gets most first; whoever only owes something stands at the end."""
    weeks = _columns(rehearsal)
    got: dict[str, list[Recorded]] = defaultdict(list)
    for message in rehearsal.first:
        got[message.to].append(message)
    load = rehearsal.compiled.compilation.load
    found = []
    for key in sorted({*got, *load}):
        own, mine = load.get(key), tuple(got[key])
        days = _workdays(rehearsal, key)
        found.append(
            Share(
                name=rehearsal.situation.name_of(key) or key,
                messages=len(mine),
                a_day=len(mine) / days if days else 0.0,
                bars=_path(by_week(mine, rehearsal.start, weeks)),
                tasks=own.tasks if own else 0,
                minutes=own.minutes_per_week_max if own else 0,
            )
        )
    return sorted(found, key=lambda share: (-share.messages, -share.minutes, share.name))


def _columns(rehearsal: Rehearsal) -> int:
    """How many weeks were rehearsed, the last one begun."""
    return max(1, -(-(rehearsal.stop - rehearsal.start).days // 7))


def _workdays(rehearsal: Rehearsal, key: str) -> int:
    worktime = rehearsal.situation.worktimes.get(key, rehearsal.compiled.directory.calendar)
    first, last = rehearsal.compiled.plan.rollout - timedelta(days=1), rehearsal.stop.date() - timedelta(days=1)
    return worktime.between(first, last)


def _path(counts: Iterable[int]) -> str:
    """The bars of the weeks as one SVG path: the page stays small with hundreds of people."""
    width, pitch, height = BAR
    bars = []
    for nth, count in enumerate(counts):
        if count:
            tall = min(height, max(2, round(count / 5 * height)))
            bars.append(f"M{nth * pitch} {height}v-{tall}h{width}v{tall}z")
    return "".join(bars)


# -- first messages ---------------------------------------------------------------------------------------------------


def inboxes(rehearsal: Rehearsal) -> Iterator[Inbox]:
    """Everybody who got something, by name: what came in their first two weeks from day 0 on, and before."""
    begin = datetime.combine(rehearsal.compiled.plan.rollout, datetime.min.time(), tzinfo=rehearsal.start.tzinfo)
    got: dict[str, list[tuple[int, Recorded]]] = defaultdict(list)
    for number, message in enumerate(rehearsal.first, 1):
        got[message.to].append((number, message))
    persons = rehearsal.situation.persons
    for key in sorted(got, key=lambda key: (persons[key].name, key)):
        zone = persons[key].timezone
        until = max(begin, got[key][0][1].at) + FIRST_WEEKS
        early = tuple(_shown(number, one, zone) for number, one in got[key] if one.at < until)
        yield Inbox(key, persons[key].name, zone, len(got[key]), early)


def _shown(number: int, message: Recorded, zone: str) -> Shown:
    slack, digest = message.channel == "slack", message.kind is MessageKind.DIGEST
    return Shown(
        at=message.at.astimezone(ZoneInfo(zone)),
        channel=message.channel,
        kind=message.kind.value,
        subject=message.subject,
        pieces=pieces(message.payload) if slack else (),
        text="" if slack else message.text.strip(),
        link=f"digests/{digest_name(message)}.html" if digest and not slack else None,
    )


def digest_name(message: Recorded) -> str:
    """`dana-ruiz-2027-W02`: the key of a digest begins `digest-2027-W02-`."""
    return "-".join((message.to, *message.key.split("-")[1:3]))
