"""Who gets a brief now, and what stands in it: one per person and working day, only when there is a reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cadence.core.agenda.alerting import has_budget, is_ping, pressing
from cadence.core.agenda.ladder import Standing, due_day, round_of
from cadence.core.agenda.own import is_above
from cadence.core.agenda.situation import Situation
from cadence.core.agenda.waiting import urgent
from cadence.core.model import (
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
COMING_LINES = 5
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
    coming, attended = _coming(situation), _attended_today(situation)
    return tuple(
        brief
        for person in sorted({*by_person, *asked, *_keepers(situation), *coming})
        if person in situation.worktimes and not situation.is_held(person=person)
        for brief in _for(situation, person, by_person[person], asked[person], coming.get(person, ()), attended[person])
    )


def brief_at(person: Person, worktime: Worktime, day: date) -> datetime:
    """The instant of that day's brief: the person's hour or the beginning of their day, whichever is later."""
    return max(worktime.instant(day, person.brief), worktime.opening(day))


def _for(
    situation: Situation,
    who: str,
    standings: Sequence[Standing],
    asked: Sequence[Decision],
    coming: Sequence[Task],
    attended: Sequence[Task],
) -> Iterator[Brief]:
    worktime = situation.worktimes[who]
    if not worktime.is_open(situation.now):
        return
    day = worktime.today(situation.now)
    pings = tuple(standing for standing in standings if is_ping(standing))
    if situation.briefed.get(who) == day:
        yield from _alert(situation, who, day, pressing(standings, situation), asked)
        return
    if situation.now < brief_at(situation.persons[who], worktime, day):
        yield from _alert(situation, who, day, pressing(pings, situation), ())
        return
    entries = (
        *_decisions(situation, asked),
        *_tasks(situation, who, [standing for standing in standings if standing not in pings], day),
        *_upcoming(standings, coming),
        *_exceptions(situation, who, worktime.week_start(day)),
    )
    notices = _notices(situation, who, day, entries)
    first_of_week = worktime.on_or_after(worktime.week_start(day)) == day
    if notices or (first_of_week and entries):
        said = (*notices, *(standing.notice for standing in pings))
        yield Brief(MessageKind.BRIEF, who, day, (*entries, *_attended(attended)), said)
    else:
        yield from _alert(situation, who, day, pressing(pings, situation), ())


def _alert(
    situation: Situation, who: str, day: date, standings: Sequence[Standing], asked: Sequence[Decision]
) -> Iterator[Brief]:
    """What cannot wait for tomorrow's brief, inside the budget of messages beside it."""
    if not has_budget(situation, who):
        return
    questions = _decisions(situation, [decision for decision in asked if urgent(decision, situation)])
    entries = (*(entry for entry in questions if entry.rung), *_tasks(situation, who, standings, day))
    if entries:
        yield Brief(MessageKind.ALERT, who, day, entries, _notices(situation, who, day, entries))


def _decisions(situation: Situation, asked: Iterable[Decision]) -> Iterator[Entry]:
    for decision in sorted(asked, key=lambda d: (d.asked_at, d.id)):
        if decision.answered_at is None:
            noticed = Notice(decision.id, "", Rung.DECIDE, decision.asked) in situation.notices
            yield Entry(Section.DECIDE, decision_id=decision.id, rung=None if noticed else Rung.DECIDE)


def _tasks(situation: Situation, who: str, standings: Sequence[Standing], day: date) -> tuple[Entry, ...]:
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
        if task.state.live and timedelta(0) <= ahead <= timedelta(days=10) and situation.directory(task):
            seat = situation.seat(task)
            if seat.holder and not situation.is_held(task=task):
                day = situation.today(seat.holder)
                if day < task.date <= seat.worktime.add(day, COMING_WORKDAYS):
                    coming[seat.holder].append(task)
    return {who: sorted(tasks, key=lambda t: (t.date, t.id)) for who, tasks in coming.items()}


def _upcoming(standings: Sequence[Standing], coming: Sequence[Task]) -> Iterator[Entry]:
    listed = {standing.task.id for standing in standings}
    for task in [task for task in coming if task.id not in listed][:COMING_LINES]:
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


def _keepers(situation: Situation) -> frozenset[str]:
    day = situation.now.date()
    return frozenset(keeper for known in situation.directories.values() for keeper in known.keepers_on(day))


def _exceptions(situation: Situation, who: str, week: date) -> Iterator[Entry]:
    if who in _keepers(situation):
        for person in situation.unreachable:
            notice = Notice(f"person/{person}", week.isoformat(), Rung.VACANT, who)
            rung = None if notice in situation.notices else Rung.VACANT
            yield Entry(Section.EXCEPTIONS, rung=rung, code="unreachable", subject=person)


def _notices(situation: Situation, who: str, day: date, entries: Iterable[Entry]) -> tuple[Notice, ...]:
    """The notices that the entries with a rung stand for."""
    tasks = {task.id: task for task in situation.tasks}
    week = situation.worktimes[who].week_start(day).isoformat()
    found: list[Notice] = []
    for entry in entries:
        if entry.rung is None:
            continue
        if entry.task_id:
            found.append(Notice(entry.task_id, round_of(tasks[entry.task_id], entry.rung), entry.rung, who))
        elif entry.subject:
            found.append(Notice(f"person/{entry.subject}", week, entry.rung, who))
        elif entry.decision_id:
            found.append(Notice(entry.decision_id, "", entry.rung, who))
    return tuple(found)
