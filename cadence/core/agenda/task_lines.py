"""The lines of a message about single tasks: what is owed, what became of it, what somebody was told of.

Sentences stand in the catalogue; here it is decided which one is said, with which facts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cadence.core.agenda.ladder import due_day
from cadence.core.agenda.own import is_last
from cadence.core.agenda.situation import Seat, Situation
from cadence.core.forms import may_see, readable
from cadence.core.messages import Fact, Line
from cadence.core.model import Entry, Rung, Section, State, Task, Verb

TASK_VERBS = (Verb.DONE, Verb.ON_IT, Verb.SNOOZE)
EARLY = (Rung.BEFORE, Rung.BEFORE_10, Rung.BEFORE_2)


def task_line(entry: Entry, task: Task, to: str, day: date, situation: Situation) -> Line:
    """One task for whoever owes it, with its answers; once it has been answered, what came of it."""
    seat = situation.seat(task)
    status = status_of(task, entry, to, situation)
    note, facts = status or _note(entry, task, seat, day, situation)
    holding = seat.holding
    stands_in = status is None and holding.instead_of is not None
    for_whom = {"for_person": situation.name_of(holding.instead_of), "until": holding.until} if stands_in else {}
    actionable = status is None and entry.section is not Section.COMING
    return Line(
        section=entry.section,
        title=task.occurrence.title,
        note=note,
        facts={**facts, **for_whom, **(_carried(task, to, situation) if actionable else {})},
        task_id=task.id,
        version=task.version,
        verbs=_verbs(entry, task, day) if actionable else (),
        status=note if status else None,
    )


def _carried(task: Task, to: str, situation: Situation) -> Mapping[str, Fact]:
    """What the series carries to this task, for whoever may read it: last time's one thing to change."""
    directory, day = situation.directories[task.occurrence.plan], situation.today(to)
    seen = [one for one in situation.carried.get(task.series, ()) if may_see(one.question, to, task, directory, day)]
    if not seen:
        return {}
    said = ((situation.name_of(one.whom) if one.whom else None, readable(one.words)) for one in seen)
    words = "; ".join(f"{name}: {words}" if name else words for name, words in said)
    return {"carried": words, "carried_on": seen[0].on}


def attends_line(task: Task, to: str, situation: Situation) -> Line:
    """Something that `to` takes part in, at the hour of their own clock: nothing to answer."""
    holder = situation.seat(task).holder
    return Line(
        section=Section.TODAY,
        title=task.occurrence.title,
        note="line.attends",
        facts={"at": _wall(task, situation.worktimes[to].zone), "holder": situation.name_of(holder)},
        task_id=task.id,
        version=task.version,
    )


def _verbs(entry: Entry, task: Task, day: date) -> tuple[Verb, ...]:
    if entry.section is Section.PLACE and task.date > day:
        return (Verb.DONE, Verb.PLACE)
    return (*TASK_VERBS, Verb.CANT) if entry.section is Section.OVERDUE else TASK_VERBS


def status_of(task: Task, entry: Entry, to: str, situation: Situation) -> tuple[str, Mapping[str, Fact]] | None:
    """What has become of the task since the line was decided; None while it is simply owed."""
    by = situation.name_of(task.done_by)
    match task.state:
        case State.DONE:
            return "status.done", {"by": by, "on": task.happened_on}
        case State.SKIPPED:
            return "status.skipped", {"by": by, "reason": task.reason}
        case State.MISSED:
            return "status.missed", {}
        case State.RETIRED:
            return "status.retired", {}
        case State.PLANNED | State.OPEN:
            return _changed_since(task, entry, to, situation)


def _changed_since(task: Task, entry: Entry, to: str, situation: Situation) -> tuple[str, Mapping[str, Fact]] | None:
    if entry.version is None or task.version <= entry.version or entry.section is Section.TOLD:
        return None
    holder = situation.seat(task).holder
    if holder != to and holder is not None:
        return "status.handed", {"to": situation.name_of(holder)}
    if task.paused_until and task.paused_until > situation.today(to):
        return "status.paused", {"until": task.paused_until}
    if entry.section is Section.PLACE and task.confirmed:
        return "status.placed", {"day": task.date}
    if task.moved and task.moved.date != task.occurrence.date:
        return "status.moved", {"to": task.moved.date}
    if task.reason:
        return "status.cant", {"reason": task.reason}
    return None


def _note(entry: Entry, task: Task, seat: Seat, day: date, situation: Situation) -> tuple[str, Mapping[str, Fact]]:
    due = due_day(task, seat.worktime)
    late = seat.worktime.between(due, day)
    if task.reason and entry.section is Section.OVERDUE:
        return "line.asked", {"reason": task.reason}
    if entry.rung is Rung.HELP:
        return "line.help", {"day": task.date, "days": late, "keeper": _keeper(task, seat, situation), "last": True}
    if entry.rung is Rung.PING:
        return "line.ping", {"at": _wall(task)}
    if entry.rung is Rung.SOON:
        return "line.soon", {"day": task.date, "at": _wall(task), "today": task.date <= day}
    if entry.rung and entry.rung.base in EARLY:
        return "line.before", {"day": task.date, "n": seat.worktime.between(day, task.date)}
    match entry.section:
        case Section.OVERDUE:
            return "line.overdue", {"day": due, "days": late}
        case Section.COMING:
            return "line.coming", {"day": task.date}
        case _ if task.date < day:
            return "line.since", {"by": task.occurrence.window.last, "day": task.date}
        case Section.PLACE:
            return "line.place", {"by": task.occurrence.window.last, "day": task.date}
        case _:
            return "line.today", {"at": _wall(task)}


def _keeper(task: Task, seat: Seat, situation: Situation) -> str | None:
    """Who helps when something is in the way: the first keeper of the plan beside the holder."""
    keepers = situation.directories[task.occurrence.plan].keepers_on(situation.plan_day(task.occurrence.plan))
    return situation.name_of(next((keeper for keeper in keepers if keeper != seat.holder), None))


def _wall(task: Task, zone: str | None = None) -> str | None:
    """When it starts in `zone`, else in its holder's; None for an all-day one."""
    if task.starts is None:
        return None
    return task.starts.astimezone(ZoneInfo(zone or task.occurrence.timezone)).strftime("%H:%M")


def told_lines(entries: Sequence[Entry], tasks: Mapping[str, Task], day: date, situation: Situation) -> list[Line]:
    """One line per holder, however much of theirs is late; what has been answered since has a line of its own.
    What was missed in the end stays: it did not happen."""
    late: dict[str, list[tuple[Task, Rung]]] = defaultdict(list)
    answered: list[Line] = []
    for entry in entries:
        task = tasks.get(entry.task_id or "")
        if task is None:
            continue
        if not task.state.live and task.state is not State.MISSED:
            answered.append(task_line(entry, task, "", day, situation))
        elif holder := situation.seat(task).holder:
            late[holder].append((task, entry.rung or Rung.TOLD))
    return [*answered, *(_told_line(holder, owed, day, situation) for holder, owed in sorted(late.items()))]


def _told_line(holder: str, owed: Sequence[tuple[Task, Rung]], day: date, situation: Situation) -> Line:
    worktime = situation.worktimes[holder]
    task, rung = owed[0]
    oldest = min(due_day(task, worktime) for task, _ in owed)
    one = "line.lend" if rung.base is Rung.HELP else "line.told"
    return Line(
        section=Section.TOLD,
        title=task.occurrence.title if len(owed) == 1 else situation.name_of(holder) or "",
        note=one if len(owed) == 1 else "line.told_many",
        facts={
            "holder": situation.name_of(holder),
            "n": len(owed),
            "day": oldest,
            "days": worktime.between(oldest, day),
            "last": all(is_last(rung, situation.activity(task)) for task, rung in owed),
        },
    )


CHANGED_LINES = 6
"""A load that moves more of somebody's than this is told in one line."""


def changed_lines(entries: Sequence[Entry], to: str, situation: Situation) -> Iterator[Line]:
    """What a load changed, task by task; more than a handful by its number, from the first day to the last."""
    tasks = [task for e in entries if (task := situation.by_id.get(e.task_id or ""))]
    if len(tasks) > CHANGED_LINES:
        plans = dict.fromkeys(situation.plans[task.occurrence.plan].title for task in tasks)
        days = sorted(task.date for task in tasks)
        facts: Mapping[str, Fact] = {"n": len(tasks), "day": days[0], "last": days[-1]}
        yield Line(section=Section.CHANGED, title=", ".join(plans), note="line.changed_many", facts=facts)
        return
    for entry in entries:
        if task := situation.by_id.get(entry.task_id or ""):
            yield _changed_line(entry, task, to, situation)


def _changed_line(entry: Entry, task: Task, to: str, situation: Situation) -> Line:
    zone = situation.worktimes[to].zone
    facts: dict[str, Fact] = {"day": task.date, "at": _wall(task, zone)}
    if entry.code in ("gained", "given"):
        facts |= {"person": situation.name_of(entry.subject)}
    elif entry.subject:
        at = datetime.fromisoformat(entry.subject) if "T" in entry.subject else None
        local = at.astimezone(ZoneInfo(zone)) if at else None
        facts |= {"was": local.date() if local else date.fromisoformat(entry.subject)}
        facts |= {"was_at": local.strftime("%H:%M") if local else None}
    else:
        facts |= {"was": None, "was_at": None}
    return Line(
        section=Section.CHANGED,
        title=task.occurrence.title,
        note=f"line.changed_{entry.code}",
        facts=facts,
        task_id=task.id,
        version=task.version,
    )
