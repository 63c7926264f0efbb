"""Entries -> lines: what each line owed says now, from the state as it is.

The same function writes a message for the first time and again after an answer: a line whose task has been
answered since carries a status in place of its buttons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from zoneinfo import ZoneInfo

from cadence.core.agenda.asking import is_moot, pending
from cadence.core.agenda.ladder import due_day, standings_of
from cadence.core.agenda.situation import Seat, Situation
from cadence.core.messages import Fact, Line, Message
from cadence.core.model import Decision, DecisionKind, Entry, MessageKind, Rung, Section, State, Task, Verb

TASK_VERBS = (Verb.DONE, Verb.ON_IT, Verb.SNOOZE)
EARLY = (Rung.BEFORE_10, Rung.BEFORE_2)


def message(key: str, kind: MessageKind, to: str, day: date, entries: Sequence[Entry], situation: Situation) -> Message:
    """What `to` is told, with every line as things stand at `situation.now`."""
    tasks = {task.id: task for task in situation.tasks}
    decisions = {decision.id: decision for decision in situation.decisions}
    told = [e for e in entries if e.section is Section.TOLD]
    lines: list[Line] = []
    for entry in entries:
        if entry.decision_id and entry.decision_id in decisions:
            lines.append(_decision(decisions[entry.decision_id], tasks, day, situation))
        elif entry.code:
            lines.append(_exception(entry, situation))
        elif entry.task_id in tasks and entry.section is not Section.TOLD:
            lines.append(_task(entry, tasks[entry.task_id], to, day, situation))
    lines += _told(told, tasks, day, situation)
    order = {section: n for n, section in enumerate(Section)}
    ordered = sorted(lines, key=lambda line: order[line.section])
    return Message(key=key, kind=kind, to=situation.persons[to], day=day, lines=tuple(ordered))


def still_owed(entries: Iterable[Entry], to: str, situation: Situation) -> tuple[Entry, ...]:
    """The entries that are still true just before sending: not answered, moved away or someone else's meanwhile."""
    tasks = {task.id: task for task in situation.tasks}
    open_questions = {decision.id for decision in pending(situation) if decision.asked == to}
    return tuple(entry for entry in entries if _is_owed(entry, to, tasks, open_questions, situation))


def _is_owed(entry: Entry, to: str, tasks: Mapping[str, Task], open_questions: Set[str], situation: Situation) -> bool:
    if entry.decision_id:
        return entry.decision_id in open_questions
    if entry.task_id is None:
        return True
    task = tasks.get(entry.task_id)
    if task is None or situation.directory(task) is None or _status(task, entry, to, situation) is not None:
        return False
    if entry.rung:
        return any(s.rung is entry.rung and s.recipient == to for s in standings_of(task, situation))
    return situation.seat(task).holder == to and not situation.is_held(task=task)


def _task(entry: Entry, task: Task, to: str, day: date, situation: Situation) -> Line:
    seat = situation.seat(task)
    status = _status(task, entry, to, situation)
    note, facts = status or _note(entry, task, seat, day, situation)
    holding = seat.holding
    stands_in = status is None and holding.instead_of is not None
    for_whom = {"for_person": _name(holding.instead_of, situation), "until": holding.until} if stands_in else {}
    actionable = status is None and entry.section is not Section.COMING
    return Line(
        section=entry.section,
        title=task.occurrence.title,
        note=note,
        facts={**facts, **for_whom},
        task_id=task.id,
        version=task.version,
        verbs=_verbs(entry, task, day) if actionable else (),
        status=note if status else None,
    )


def _verbs(entry: Entry, task: Task, day: date) -> tuple[Verb, ...]:
    if entry.section is Section.PLACE and task.date > day:
        return (Verb.DONE, Verb.PLACE)
    return (*TASK_VERBS, Verb.CANT) if entry.section is Section.OVERDUE else TASK_VERBS


def _status(task: Task, entry: Entry, to: str, situation: Situation) -> tuple[str, Mapping[str, Fact]] | None:
    """What has become of the task since the line was decided; None while it is simply owed."""
    by = _name(task.done_by, situation)
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
        return "status.handed", {"to": _name(holder, situation)}
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
        return "line.help", {"day": task.date, "days": late, "keeper": _keeper(task, seat, situation)}
    if entry.rung in EARLY:
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
    keepers = situation.directories[task.occurrence.plan].keepers_on(situation.now.date())
    return _name(next((keeper for keeper in keepers if keeper != seat.holder), None), situation)


def _wall(task: Task) -> str | None:
    if task.starts is None:
        return None
    return task.starts.astimezone(ZoneInfo(task.occurrence.timezone)).strftime("%H:%M")


def _told(entries: Sequence[Entry], tasks: Mapping[str, Task], day: date, situation: Situation) -> list[Line]:
    """One line per holder, however much of theirs is late; what has been answered since has a line of its own.
    What was missed in the end stays: it did not happen."""
    late: dict[str, list[Task]] = defaultdict(list)
    answered: list[Line] = []
    for entry in entries:
        task = tasks.get(entry.task_id or "")
        if task is None:
            continue
        if not task.state.live and task.state is not State.MISSED:
            answered.append(_task(entry, task, "", day, situation))
        elif holder := situation.seat(task).holder:
            late[holder].append(task)
    return [*answered, *(_told_line(holder, owed, day, situation) for holder, owed in sorted(late.items()))]


def _told_line(holder: str, owed: Sequence[Task], day: date, situation: Situation) -> Line:
    worktime = situation.worktimes[holder]
    oldest = min(due_day(task, worktime) for task in owed)
    return Line(
        section=Section.TOLD,
        title=owed[0].occurrence.title if len(owed) == 1 else _name(holder, situation) or "",
        note="line.told" if len(owed) == 1 else "line.told_many",
        facts={
            "holder": _name(holder, situation),
            "n": len(owed),
            "day": oldest,
            "days": worktime.between(oldest, day),
        },
    )


def _decision(decision: Decision, tasks: Mapping[str, Task], day: date, situation: Situation) -> Line:
    about = [tasks[task] for task in decision.tasks if task in tasks]
    status: str | None = None
    facts = _decision_facts(decision, about, day, situation)
    if decision.answered_at is not None:
        status = "status.decided"
        facts = {"by": _name(decision.by, situation), "choice": decision.choice.value if decision.choice else None}
    elif is_moot(decision, tasks):
        status, facts = _overtaken(about, situation)
    return Line(
        section=Section.DECIDE,
        title=about[0].occurrence.title if decision.task_id and about else _title(decision, situation),
        note=status or f"decision.{decision.kind}",
        facts=facts,
        task_id=decision.task_id,
        decision_id=decision.id,
        choices=() if status else decision.choices,
        candidate=_name(candidate(decision, about, situation), situation),
        status=status,
    )


def _overtaken(about: Sequence[Task], situation: Situation) -> tuple[str, Mapping[str, Fact]]:
    """What has become of the tasks of a question that nobody has to answer any more: of the last of them."""
    if not about:
        return "status.retired", {}
    return _status(about[-1], Entry(Section.DECIDE), "", situation) or ("status.retired", {})


def candidate(decision: Decision, about: Sequence[Task], situation: Situation) -> str | None:
    """Whom a hand-over would go to: the seat's backup, unless that is the one who is asked about."""
    directory = situation.directories.get(decision.plan)
    if directory is None or not about:
        return None
    day = situation.now.date()
    backup = directory.backup(about[0].occurrence.seat, decision.about_person, day)
    return backup if backup != decision.about_person else None


def _decision_facts(decision: Decision, about: Sequence[Task], day: date, situation: Situation) -> Mapping[str, Fact]:
    facts: dict[str, Fact] = {
        "holder": _name(decision.about_person, situation),
        "n": len(about),
        "asked": decision.asked_at,
    }
    worktime = situation.worktimes.get(decision.about_person or "")
    if about and worktime:
        due = due_day(about[0], worktime)
        facts |= {"day": due, "days": worktime.between(due, day)}
        facts |= {"reason": about[0].reason}
    if decision.kind is DecisionKind.PATTERN:
        over = [task for task in about if task.due <= decision.asked_at]
        what = dict.fromkeys(task.occurrence.title for task in over)
        facts |= {"missed": len([t for t in over if t.state is not State.DONE]), "of": len(over)}
        facts |= {"what": ", ".join(list(what)[:3])}
    if decision.kind is DecisionKind.VACANCY:
        facts |= {"seat": _title(decision, situation)}
    return facts


def _title(decision: Decision, situation: Situation) -> str:
    if decision.about_person:
        return _name(decision.about_person, situation) or decision.about_person
    return situation.directories[decision.plan].title_of(decision.round)


def _exception(entry: Entry, situation: Situation) -> Line:
    name = _name(entry.subject, situation)
    return Line(section=Section.EXCEPTIONS, title=name or "", note=f"line.{entry.code}", facts={"person": name})


def _name(person: str | None, situation: Situation) -> str | None:
    if person is None:
        return None
    return situation.persons[person].name if person in situation.persons else person
