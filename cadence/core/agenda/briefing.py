"""Who gets a brief now, and what stands in it: one per person and working day, only when there is a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cadence.core.agenda.alerting import has_budget, is_ping, pressing
from cadence.core.agenda.keeping import exception_notice, exceptions, keepers
from cadence.core.agenda.ladder import Standing, due_day, round_of
from cadence.core.agenda.news import News, at_short_notice, news, soon_notice
from cadence.core.agenda.own import is_above
from cadence.core.agenda.situation import Situation
from cadence.core.agenda.waiting import urgent
from cadence.core.agenda.welcoming import falls, first_days, strangers, welcome, welcome_notice
from cadence.core.model import (
    Briefs,
    DateState,
    Decision,
    Entry,
    MessageKind,
    Notice,
    Person,
    Rung,
    Section,
    Task,
    Weight,
)
from cadence.core.worktime import Worktime

COMING_WORKDAYS = 5
COMING_LINES, WEEK_LINES = 5, 20
"""How many are listed at most; of whoever reads once a week, the week."""
A_DAY = timedelta(days=1)
ATTENDED_LINES = 5
ATTENDS = "attends"
"""The code of a line about something that the person takes part in and does not owe."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A message to decide on sending: to whom, on which of their days, with which lines, saying which rungs."""

    kind: MessageKind
    to: str
    day: date
    entries: tuple[Entry, ...]
    notices: tuple[Notice, ...]


def briefs(situation: Situation, standings: Sequence[Standing], decisions: Sequence[Decision]) -> tuple[Brief, ...]:
    """The briefs and alerts that go out now, ordered by person. `decisions` are those pending, new ones included."""
    by_person: dict[str, list[Standing]] = defaultdict(list)
    for standing in standings:
        by_person[standing.recipient].append(standing)
    asked: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        asked[decision.asked].append(decision)
    coming, attended, changed = _coming(situation), _attended_today(situation), news(situation)
    new, kept = strangers(situation), keepers(situation)
    first = first_days(situation, new)
    return tuple(
        brief
        for who in sorted({*by_person, *asked, *kept, *coming, *changed, *first})
        if who in situation.worktimes and situation.worktimes[who].is_open(situation.now)
        if not situation.is_held(person=who)
        for brief in _for(
            _Desk(
                situation,
                who,
                standings=by_person[who],
                asked=asked[who],
                coming=coming.get(who, ()),
                attended=attended[who],
                news=changed.get(who, ()),
                keeps=kept.get(who, ()),
                is_new=who in new,
                first=first.get(who),
            )
        )
    )


def brief_at(person: Person, worktime: Worktime, day: date) -> datetime:
    """The instant of that day's brief: the person's hour or the beginning of their day, whichever is later."""
    return max(worktime.instant(day, person.brief), worktime.opening(day))


@dataclass(frozen=True, slots=True)
class _Desk:
    """All that lies before one person now. `is_new`: they were never told anything; `first` is then the day of their
    first task, where it is near."""

    situation: Situation
    who: str
    standings: Sequence[Standing]
    asked: Sequence[Decision]
    coming: Sequence[Task]
    attended: Sequence[Task]
    news: Sequence[News]
    keeps: Sequence[str]
    is_new: bool
    first: date | None

    @property
    def person(self) -> Person:
        return self.situation.persons[self.who]

    @property
    def worktime(self) -> Worktime:
        return self.situation.worktimes[self.who]

    @property
    def day(self) -> date:
        return self.situation.today(self.who)

    @property
    def week(self) -> date:
        return self.worktime.week_start(self.day)

    @property
    def first_of_week(self) -> bool:
        return self.worktime.on_or_after(self.week) == self.day

    @property
    def is_read(self) -> bool:
        """Whether today's brief has been decided already."""
        return self.situation.briefed.get(self.who) == self.day

    def hour(self, day: date) -> datetime:
        return brief_at(self.person, self.worktime, day)

    def short(self) -> tuple[Standing, ...]:
        """What begins before the next brief and nobody has said yet."""
        last = self.situation.briefed.get(self.who)
        now, today = self.situation.now, self.hour(self.day)
        upcoming = today if now < today and not self.is_read else self.hour(self.worktime.add(self.day, 1))
        return tuple(at_short_notice(self.situation, self.who, self.hour(last) if last else None, upcoming))


def _for(desk: _Desk) -> Iterator[Brief]:
    situation = desk.situation
    pings, short = tuple(filter(is_ping, desk.standings)), desk.short()
    if desk.is_read:
        yield from _alert(desk, (*pressing(desk.standings, situation), *short), desk.asked)
        return
    if situation.now < desk.hour(desk.day):
        yield from _alert(desk, (*pressing(pings, situation), *short), ())
        return
    entries = tuple(_entries(desk, [one for one in desk.standings if one not in pings], short))
    notices = _notices(desk, entries)
    if notices or (entries and _goes_anyway(desk, entries)):
        shown = {entry.task_id for entry in entries}
        pinged = (standing.notice for standing in pings if standing.task.id in shown)
        said = (*notices, *pinged, *_known_by_the_welcome(desk))
        entries = (welcome(desk.who), *entries) if desk.is_new else entries
        yield Brief(MessageKind.BRIEF, desk.who, desk.day, (*entries, *_attended(desk.attended)), said)
    elif desk.first and falls(situation, desk.who, desk.first):
        yield Brief(MessageKind.BRIEF, desk.who, desk.day, (welcome(desk.who),), _known_by_the_welcome(desk))
    else:
        yield from _alert(desk, (*pressing(desk.standings, situation), *short), ())


def _entries(desk: _Desk, standings: Sequence[Standing], short: Sequence[Standing]) -> Iterator[Entry]:
    """What the brief of the day says. Of whoever wants one a week, on the other days only what cannot wait for it:
    decisions, and what is key."""
    situation = desk.situation
    listed = {standing.task.id for standing in standings if not standing.noticed}
    owed = (*standings, *(standing for standing in short if standing.task.id not in listed))
    yield from _decisions(situation, desk.asked)
    if desk.person.briefs is Briefs.WEEKLY and not desk.first_of_week:
        key = [standing for standing in owed if standing.task.occurrence.weight is Weight.KEY]
        yield from _tasks(key, desk.day)
        return
    yield from _tasks(owed, desk.day)
    most = WEEK_LINES if desk.person.briefs is Briefs.WEEKLY else COMING_LINES
    yield from _upcoming(standings, desk.coming, most)
    yield from () if desk.is_new else map(_changed, desk.news)
    yield from exceptions(situation, desk.who, desk.keeps, desk.week)


def _goes_anyway(desk: _Desk, entries: Sequence[Entry]) -> bool:
    """Whether a brief goes although nothing in it is new: on the first working day of the week, and to whoever wants
    one on every day with something open."""
    if desk.first_of_week:
        return True
    open_ones = (Section.DECIDE, Section.PLACE, Section.TODAY, Section.OVERDUE)
    return desk.person.briefs is Briefs.DAILY and any(entry.section in open_ones for entry in entries)


def _known_by_the_welcome(desk: _Desk) -> tuple[Notice, ...]:
    """To whoever is new a load has changed nothing: the welcome takes the place of its news."""
    if not desk.is_new:
        return ()
    return (welcome_notice(desk.who), *(one.notice for one in desk.news))


def _changed(one: News) -> Entry:
    return Entry(
        Section.CHANGED, task_id=one.task.id, rung=Rung.CHANGED, code=one.change.value, subject=one.before,
        version=one.task.version,
    )  # fmt: skip


def _alert(desk: _Desk, standings: Sequence[Standing], asked: Sequence[Decision]) -> Iterator[Brief]:
    """What cannot wait for tomorrow's brief, inside the budget of messages beside it."""
    if not has_budget(desk.situation, desk.who):
        return
    questions = _decisions(desk.situation, [decision for decision in asked if urgent(decision, desk.situation)])
    unsaid = [standing for standing in standings if not standing.noticed]
    entries = (*(entry for entry in questions if entry.rung), *_tasks(unsaid, desk.day))
    if entries:
        yield Brief(MessageKind.ALERT, desk.who, desk.day, entries, _notices(desk, entries))


def _decisions(situation: Situation, asked: Iterable[Decision]) -> Iterator[Entry]:
    for decision in sorted(asked, key=lambda d: (d.asked_at, d.id)):
        if decision.answered_at is None:
            noticed = Notice(decision.id, "", Rung.DECIDE, decision.asked) in situation.notices
            yield Entry(Section.DECIDE, decision_id=decision.id, rung=None if noticed else Rung.DECIDE)


def _tasks(standings: Sequence[Standing], day: date) -> tuple[Entry, ...]:
    entries: list[tuple[tuple[int, str, str], Entry]] = []
    for standing in standings:
        section = _section(standing, day)
        if section is Section.TOLD and standing.noticed:
            continue
        task = standing.task
        entry = Entry(section, task_id=task.id, rung=None if standing.noticed else standing.rung, version=task.version)
        entries.append(((list(Section).index(section), task.date.isoformat(), task.id), entry))
    return tuple(entry for _, entry in sorted(entries, key=lambda item: item[0]))


def _section(standing: Standing, day: date) -> Section:
    task = standing.task
    if is_above(standing.rung):
        return Section.TOLD
    if is_ping(standing):
        return Section.TODAY
    if standing.rung is not Rung.PLACE and _is_overdue(task, standing, day):
        return Section.OVERDUE
    if task.date != day and task.date_state is DateState.PROPOSED and task.occurrence.window.start <= day:
        return Section.PLACE
    return Section.TODAY if task.date <= day else Section.COMING


def _is_overdue(task: Task, standing: Standing, day: date) -> bool:
    last = task.occurrence.window.last if task.occurrence.weight is Weight.LIGHT else None
    return day > max(due_day(task, standing.seat.worktime), last or date.min)


def _coming(situation: Situation) -> Mapping[str, Sequence[Task]]:
    """The live tasks of the next days by holder, nearest first."""
    coming: dict[str, list[Task]] = defaultdict(list)
    for task in situation.tasks:
        ahead = task.date - situation.now.date()
        if task.state.live and -A_DAY <= ahead <= timedelta(days=10) and situation.directory(task):
            seat = situation.seat(task)
            if seat.holder and not situation.is_held(task=task):
                day = situation.today(seat.holder)
                if day < task.date <= seat.worktime.add(day, COMING_WORKDAYS):
                    coming[seat.holder].append(task)
    return {who: sorted(tasks, key=lambda t: (t.date, t.id)) for who, tasks in coming.items()}


def _upcoming(standings: Sequence[Standing], coming: Sequence[Task], most: int) -> Iterator[Entry]:
    listed = {standing.task.id for standing in standings}
    for task in [task for task in coming if task.id not in listed][:most]:
        yield Entry(Section.COMING, task_id=task.id, version=task.version)


def _attended_today(situation: Situation) -> Mapping[str, Sequence[Task]]:
    """The live tasks of each person's day in which they take part, earliest first. A day that is only proposed says
    nothing yet."""
    attended: dict[str, list[Task]] = defaultdict(list)
    first, last = situation.now.date() - A_DAY, situation.now.date() + A_DAY
    near = (task for task in situation.tasks if task.state.live and first <= task.date <= last)
    for task in sorted(near, key=lambda task: (task.starts or task.due, task.id)):
        if task.date_state is DateState.PROPOSED or not situation.directory(task) or situation.is_held(task=task):
            continue
        holder = situation.seat(task).holder
        for person in task.occurrence.attendees:
            if person != holder and person in situation.worktimes and situation.today(person) == task.date:
                attended[person].append(task)
    return attended


def _attended(tasks: Sequence[Task]) -> Iterator[Entry]:
    for task in tasks[:ATTENDED_LINES]:
        yield Entry(Section.TODAY, task_id=task.id, code=ATTENDS, version=task.version)


def _notices(desk: _Desk, entries: Iterable[Entry]) -> tuple[Notice, ...]:
    """The notices that the entries with a rung stand for."""
    return tuple(_notice(desk, entry, entry.rung) for entry in entries if entry.rung)


def _notice(desk: _Desk, entry: Entry, rung: Rung) -> Notice:
    if entry.section is Section.EXCEPTIONS:
        return exception_notice(entry, desk.who, desk.week)
    if entry.decision_id:
        return Notice(entry.decision_id, "", rung, desk.who)
    task = desk.situation.by_id[entry.task_id or ""]
    if rung is Rung.CHANGED:
        return next(one.notice for one in desk.news if one.task.id == task.id)
    return soon_notice(task, desk.who) if rung is Rung.SOON else Notice(task.id, round_of(task, rung), rung, desk.who)
