"""What the keepers of a plan are shown of its exceptions: once a week each, until it is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from cadence.core.agenda.situation import Situation
from cadence.core.messages import Fact, Line
from cadence.core.model import Entry, Notice, Rung, Section, Task, Weight

UNREACHABLE, ADDRESSLESS, HELD, KEY_VACANT = "unreachable", "no_address", "held", "key_vacant"
NEAR = timedelta(days=14)
"""How far ahead somebody without an address is missed."""


def keepers(situation: Situation) -> Mapping[str, Sequence[str]]:
    """Who keeps which plans today."""
    found: dict[str, list[str]] = defaultdict(list)
    for plan, directory in situation.directories.items():
        for keeper in directory.keepers_on(situation.plan_day(plan)):
            found[keeper].append(plan)
    return found


def exceptions(situation: Situation, who: str, plans: Sequence[str], week: date) -> Iterator[Entry]:
    """What is out of order in the plans that `who` keeps: empty seats with what waits there, the key ones first, those
    whom messages do not reach, and people without an address, which is no reason to send."""
    for _, tasks in sorted(_held(situation, plans).items()):
        code = KEY_VACANT if any(task.occurrence.weight is Weight.KEY for task in tasks) else HELD
        yield _entry(situation, who, week, code, task=tasks[0])
    for person in _addressless(situation, plans):
        yield Entry(Section.EXCEPTIONS, code=ADDRESSLESS, subject=person)
    known = {person for plan in plans for person in situation.directories[plan].persons}
    for person in situation.unreachable:
        if person in known:
            yield _entry(situation, who, week, UNREACHABLE, subject=person)


def exception_notice(entry: Entry, who: str, week: date) -> Notice:
    """Said once a week: of an empty seat by its first task, of a person by their key."""
    return Notice(entry.task_id or f"person/{entry.subject}", week.isoformat(), entry.rung or Rung.VACANT, who)


def is_out_of_order(entry: Entry, situation: Situation) -> bool:
    """Whether it is still so."""
    if entry.task_id is None:
        return True
    task = situation.by_id.get(entry.task_id)
    return task is not None and _waits(task, situation)


def exception_line(entry: Entry, situation: Situation) -> Line:
    if entry.task_id is None:
        name = situation.name_of(entry.subject)
        return Line(section=Section.EXCEPTIONS, title=name or "", note=f"line.{entry.code}", facts={"person": name})
    first = situation.by_id[entry.task_id].occurrence
    held = _held(situation, [first.plan])
    waiting = next((tasks for (_, plan, seat), tasks in held.items() if (plan, seat) == (first.plan, first.seat)), ())
    title = situation.directories[first.plan].title_of(first.seat)
    facts: dict[str, Fact] = {"seat": title, "n": len(waiting), "what": first.title}
    return Line(section=Section.EXCEPTIONS, title=title, note=f"line.{entry.code}", facts=facts)


def _entry(
    situation: Situation, who: str, week: date, code: str, *, task: Task | None = None, subject: str | None = None
) -> Entry:
    entry = Entry(Section.EXCEPTIONS, task_id=task.id if task else None, rung=Rung.VACANT, code=code, subject=subject)
    if exception_notice(entry, who, week) not in situation.notices:
        return entry
    return Entry(entry.section, task_id=entry.task_id, code=code, subject=subject)


def _held(situation: Situation, plans: Sequence[str]) -> Mapping[tuple[bool, str, str], Sequence[Task]]:
    """What waits at each empty seat of the plans, by whether nothing of it is key, plan and seat."""
    found: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in situation.tasks:
        if task.occurrence.plan in plans and _waits(task, situation):
            found[task.occurrence.plan, task.occurrence.seat].append(task)
    return {
        (not any(t.occurrence.weight is Weight.KEY for t in tasks), *seat): sorted(tasks, key=lambda t: (t.date, t.id))
        for seat, tasks in found.items()
    }


def _waits(task: Task, situation: Situation) -> bool:
    """Whether it has come up, or is key, and nobody holds its seat."""
    if not task.state.live or not situation.directory(task) or situation.seat(task).holding.why != "vacant":
        return False
    come_up = task.occurrence.window.start <= situation.plan_day(task.occurrence.plan)
    return come_up or task.occurrence.weight is Weight.KEY


def _addressless(situation: Situation, plans: Sequence[str]) -> Sequence[str]:
    """Whoever holds a task of the next days and has no address to be reached at."""
    found: set[str] = set()
    for task in situation.tasks:
        if task.occurrence.plan in plans and task.state.live and task.date <= situation.now.date() + NEAR:
            holder = situation.seat(task).holder
            if holder and holder in situation.persons and situation.persons[holder].email is None:
                found.add(holder)
    return sorted(found)
