"""Entries -> lines: what each line owed says now, from the state as it is.

The same function writes a message for the first time and again after an answer: a line whose task has been
answered since carries a status in place of its buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date

from cadence.core.agenda.briefing import ATTENDS
from cadence.core.agenda.keeping import exception_line, is_out_of_order
from cadence.core.agenda.ladder import due_day, standings_of
from cadence.core.agenda.news import Change, is_so, is_soon
from cadence.core.agenda.situation import Situation
from cadence.core.agenda.task_lines import attends_line, changed_lines, status_of, task_line, told_lines
from cadence.core.agenda.waiting import is_moot, overtaken_by, pending, taken_last
from cadence.core.agenda.welcoming import welcome_lines
from cadence.core.messages import Fact, Line, Message
from cadence.core.model import Decision, DecisionKind, Entry, MessageKind, Rung, Section, State, Task


def message(key: str, kind: MessageKind, to: str, day: date, entries: Sequence[Entry], situation: Situation) -> Message:
    """What `to` is told, with every line as things stand at `situation.now`."""
    tasks = situation.by_id
    decisions = {decision.id: decision for decision in situation.decisions}
    told = [e for e in entries if e.section is Section.TOLD]
    lines: list[Line] = []
    for entry in entries:
        if entry.decision_id and entry.decision_id in decisions:
            lines.append(_decision(decisions[entry.decision_id], tasks, day, situation))
        elif entry.code == ATTENDS and entry.task_id and entry.task_id in tasks:
            lines.append(attends_line(tasks[entry.task_id], to, situation))
        elif entry.section is Section.WELCOME:
            lines += welcome_lines(to, situation)
        elif entry.section is Section.EXCEPTIONS:
            lines.append(exception_line(entry, situation))
        elif entry.task_id and entry.task_id in tasks and entry.section not in (Section.TOLD, Section.CHANGED):
            lines.append(task_line(entry, tasks[entry.task_id], to, day, situation))
    lines += told_lines(told, tasks, day, situation)
    lines += changed_lines([e for e in entries if e.section is Section.CHANGED], to, situation)
    order = {section: n for n, section in enumerate(Section)}
    ordered = sorted(lines, key=lambda line: order[line.section])
    return Message(key=key, kind=kind, to=situation.persons[to], day=day, lines=tuple(ordered))


def still_owed(entries: Iterable[Entry], to: str, situation: Situation) -> tuple[Entry, ...]:
    """The entries that are still true just before sending: not answered, moved away or someone else's meanwhile."""
    tasks = situation.by_id
    open_questions = {decision.id for decision in pending(situation) if decision.asked == to}
    return tuple(entry for entry in entries if _is_owed(entry, to, tasks, open_questions, situation))


def _is_owed(entry: Entry, to: str, tasks: Mapping[str, Task], open_questions: Set[str], situation: Situation) -> bool:
    if entry.decision_id:
        return entry.decision_id in open_questions
    if entry.section is Section.EXCEPTIONS:
        return is_out_of_order(entry, situation)
    if entry.task_id is None:
        return True
    task = tasks.get(entry.task_id)
    if task is None or situation.directory(task) is None:
        return False
    if entry.section is Section.CHANGED:
        return is_so(Change(entry.code or ""), entry.subject, task, to, situation)
    if entry.code == ATTENDS:
        return task.state.live and to in task.occurrence.attendees and task.date == situation.today(to)
    if status_of(task, entry, to, situation) is not None:
        return False
    if entry.rung is Rung.SOON:
        return is_soon(task, to, situation)
    if entry.rung:
        return any(s.rung is entry.rung and s.recipient == to for s in standings_of(task, situation))
    return situation.seat(task).holder == to and not situation.is_held(task=task)


def _decision(decision: Decision, tasks: Mapping[str, Task], day: date, situation: Situation) -> Line:
    about = [tasks[task] for task in decision.tasks if task in tasks]
    status: str | None = None
    facts = _decision_facts(decision, about, day, situation)
    taken = decision if decision.answered_at else overtaken_by(decision, taken_last(situation.decisions))
    if taken is not None:
        status = "status.decided"
        facts = {"by": situation.name_of(taken.by), "choice": taken.choice.value if taken.choice else None}
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
        candidate=situation.name_of(candidate(decision, about, situation)),
        status=status,
    )


def _overtaken(about: Sequence[Task], situation: Situation) -> tuple[str, Mapping[str, Fact]]:
    """What has become of the tasks of a question that nobody has to answer any more: of the last of them."""
    if not about:
        return "status.retired", {}
    return status_of(about[-1], Entry(Section.DECIDE), "", situation) or ("status.retired", {})


def candidate(decision: Decision, about: Sequence[Task], situation: Situation) -> str | None:
    """Whom a hand-over would go to: the seat's backup, unless that is the one who is asked about."""
    directory = situation.directories.get(decision.plan)
    if directory is None or not about:
        return None
    day = situation.plan_day(decision.plan)
    backup = directory.backup(about[0].occurrence.seat, decision.about_person, day)
    return backup if backup != decision.about_person else None


def _decision_facts(decision: Decision, about: Sequence[Task], day: date, situation: Situation) -> Mapping[str, Fact]:
    facts: dict[str, Fact] = {
        "holder": situation.name_of(decision.about_person),
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
        what = dict.fromkeys(_series_title(task, situation) for task in over)
        facts |= {"missed": len([t for t in over if t.state is not State.DONE]), "of": len(over)}
        facts |= {"what": ", ".join(list(what)[:3])}
    if decision.kind is DecisionKind.VACANCY:
        facts |= {"seat": _title(decision, situation)}
    return facts


def _series_title(task: Task, situation: Situation) -> str:
    """What the series is called: without the topic whose turn it was."""
    activity = situation.activity(task)
    if activity is None or activity.title is None or not activity.topics:
        return task.occurrence.title
    return activity.title.in_language(task.occurrence.language)


def _title(decision: Decision, situation: Situation) -> str:
    if decision.about_person:
        return situation.name_of(decision.about_person) or decision.about_person
    return situation.directories[decision.plan].title_of(decision.round)
