"""What is asked of whom: a late task, a silence, a series that slips, an empty seat.

A question has an id made of what it is about and its round, so that asking again asks nothing new.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from cadence.core.agenda.ladder import DECIDE_AFTER, due_day, fell_vacant, is_backfilled, line_or_keepers
from cadence.core.agenda.own import after, has_ladder, questions, recipients
from cadence.core.agenda.patterns import patterns
from cadence.core.agenda.situation import Seat, Situation
from cadence.core.agenda.waiting import about_key, decision_id, pending
from cadence.core.directory import Directory
from cadence.core.model import Choice, Days, Decision, DecisionKind, Task, Weight
from cadence.core.worktime import Worktime

SPONSOR_AFTER = 5
"""Working days of the person asked, after which an unanswered question goes to the sponsor."""
FOR_A_TASK = (Choice.HAND_OVER, Choice.EXTEND, Choice.WAIVE, Choice.TAKE_OVER)
FOR_A_VACANCY = (Choice.HAND_OVER, Choice.SPREAD, Choice.PAUSE, Choice.TAKE_OVER)


def decisions_to_ask(situation: Situation) -> tuple[Decision, ...]:
    """Every question that now has to be asked and has not been yet, ordered by id."""
    asked = {decision.id for decision in situation.decisions}
    new = {
        decision.id: decision
        for source in (_late_keys, _own_questions, _silences, patterns, _vacancies)
        for decision in source(situation)
        if decision.id not in asked
    }
    return tuple(new[key] for key in sorted(new))


def about_task(
    kind: DecisionKind, task: Task, holder: str | None, asked: str, situation: Situation, step: str = ""
) -> Decision:
    """The question whether one task is handed over, put off, waived or taken over. `step` tells the questions of an
    activity's own ladder apart."""
    more = [holder] if holder and kind is DecisionKind.CANT else [step] if step else []
    return Decision(
        id=decision_id(kind, task.id, task.round, *more),
        kind=kind,
        plan=task.occurrence.plan,
        task_id=task.id,
        tasks=(task.id,),
        about_person=holder,
        asked=asked,
        asked_at=situation.now,
        round=task.round,
        choices=FOR_A_TASK,
    )


def _live(situation: Situation, tasks: Iterable[Task]) -> Iterator[Task]:
    for task in tasks:
        owed = task.state.live and not is_backfilled(task)
        if owed and task.occurrence.plan in situation.directories and not situation.is_held(task=task):
            yield task


def _late_keys(situation: Situation) -> Iterator[Decision]:
    for task, seat, today in _late(situation):
        if task.occurrence.weight is not Weight.KEY or has_ladder(situation.activity(task)):
            continue
        since, worktime = _late_since(task, seat, today, situation)
        if not _is_asked(task, situation) and today >= worktime.add(since, DECIDE_AFTER):
            for above in line_or_keepers(task, seat.holder or "", situation):
                yield about_task(DecisionKind.KEY_LATE, task, seat.holder, above, situation)


def _own_questions(situation: Situation) -> Iterator[Decision]:
    """The newest step of each activity's own ladder that asks for a decision, until one is taken about the task."""
    for task, seat, today in _late(situation):
        steps = tuple(questions(situation.activity(task)))
        if not steps or _is_decided(task, situation) or _is_excused(task, situation):
            continue
        since, worktime = _late_since(task, seat, today, situation)
        fallen = [step for step in steps if after(since, step.after, worktime) <= today]
        if not fallen:
            continue
        for asked in recipients(fallen[-1], task, seat.holder or "", situation)[:1]:
            name = f"{fallen[-1].after}:{fallen[-1].to}"
            yield about_task(DecisionKind.KEY_LATE, task, seat.holder, asked, situation, name)


def _late(situation: Situation) -> Iterator[tuple[Task, Seat, date]]:
    """The tasks past their due instant that somebody owes and has not paused, with that one's today."""
    for task in _live(situation, (task for task in situation.tasks if task.due <= situation.now)):
        seat = situation.seat(task)
        if seat.holder is None:
            continue
        today = situation.today(seat.holder)
        if task.paused_until is None or today >= task.paused_until:
            yield task, seat, today


def _is_excused(task: Task, situation: Situation) -> bool:
    """Whether it fell due to nobody and may be left out; what is key is asked about all the same."""
    return task.occurrence.weight is not Weight.KEY and fell_vacant(task, situation)


def _late_since(task: Task, seat: Seat, today: date, situation: Situation) -> tuple[date, Worktime]:
    """From when the days are counted until somebody above is asked, and by which calendar: the wall's while the holder
    is away, so that a long leave does not silence it; from the successor's first day where it fell due to nobody."""
    since = due_day(task, seat.worktime)
    if fell_vacant(task, situation) and today > since:
        held = situation.directories[task.occurrence.plan].holders(task.occurrence.seat, Days(since, today))
        since = held[-1][0].start
    return since, seat.worktime.regular() if seat.worktime.is_away(today) else seat.worktime


def _is_decided(task: Task, situation: Situation) -> bool:
    """Whether somebody has decided about this round since it is late."""
    return any(
        (decision.task_id, decision.round) == (task.id, task.round)
        and decision.answered_at is not None
        and decision.answered_at >= task.due
        for decision in situation.decisions
    )


def _is_asked(task: Task, situation: Situation) -> bool:
    """Whether the line is being asked about this task already, or has decided since it is late."""
    return any(
        decision.task_id == task.id
        and decision.round == task.round
        and (decision.answered_at is None or decision.answered_at >= task.due)
        for decision in situation.decisions
    )


def _silences(situation: Situation) -> Iterator[Decision]:
    """Questions about key tasks, of an activity's own ladder and about patterns that nobody answered: the sponsor
    decides, and then nobody further."""
    for decision in pending(situation):
        if decision.kind is DecisionKind.SPONSOR:
            continue
        if decision.kind not in (DecisionKind.PATTERN, DecisionKind.KEY_LATE) and not about_key(decision, situation):
            continue
        directory, worktime = situation.directories.get(decision.plan), situation.worktimes.get(decision.asked)
        if directory is None or worktime is None:
            continue
        sponsor = directory.holder("role/sponsor", situation.plan_day(decision.plan))
        since = worktime.regular().add(worktime.today(decision.asked_at), SPONSOR_AFTER)
        if sponsor is None or sponsor == decision.asked or worktime.today(situation.now) < since:
            continue
        yield Decision(
            id=decision_id(DecisionKind.SPONSOR, decision.id),
            kind=DecisionKind.SPONSOR,
            plan=decision.plan,
            task_id=decision.task_id,
            tasks=decision.tasks,
            about_person=decision.about_person,
            asked=sponsor,
            asked_at=situation.now,
            round=decision.round,
            choices=decision.choices,
        )


def _vacancies(situation: Situation) -> Iterator[Decision]:
    """One question per empty seat at a time, when the first of its tasks comes up, or at once where one is key. It is
    about all that lies ahead; what a decision pauses is asked about again when the pause is over."""
    before = [d for d in situation.decisions if d.kind is DecisionKind.VACANCY]
    still_open = {decision.id for decision in pending(situation)}
    empty: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in _live(situation, situation.tasks):
        if situation.seat(task).holding.why == "vacant":
            empty[task.occurrence.plan, task.occurrence.seat].append(task)
    for (plan, seat), tasks in sorted(empty.items()):
        earlier = {d.id for d in before if (d.plan, d.round) == (plan, seat)}
        if earlier & still_open or not any(_comes_up(task, situation) for task in tasks):
            continue
        shared = sharers(plan, seat, situation)
        for asked in _above_seat(seat, situation.directories[plan], situation.plan_day(plan)):
            yield Decision(
                id=decision_id(DecisionKind.VACANCY, plan, seat, *([str(len(earlier))] if earlier else [])),
                kind=DecisionKind.VACANCY,
                plan=plan,
                task_id=None,
                tasks=tuple(task.id for task in tasks),
                about_person=None,
                asked=asked,
                asked_at=situation.now,
                round=seat,
                choices=tuple(way for way in FOR_A_VACANCY if way is not Choice.SPREAD or len(shared) > 1),
            )


def sharers(plan: str, seat: str, situation: Situation) -> tuple[str, ...]:
    """Among whom the tasks of an empty seat can be spread, by key: whoever holds a seat beside it and is there, and its
    backup."""
    directory, day = situation.directories[plan], situation.plan_day(plan)
    kind, _, name = seat.partition("/")
    beside: Iterable[str] = ()
    if kind == "manager":
        beside = directory.managers(day, directory.wave_of(f"team/{name}"))
    elif kind == "rep" and name in directory.members:
        beside = (rep for rep in directory.teams[directory.members[name]].reps if day in directory.serves(rep))
    found = {*beside, *filter(None, (directory.backup(seat, None, day),))}
    return tuple(sorted(p for p in found if directory.is_here(p, day) and not directory.worktime(p).is_away(day)))


def _comes_up(task: Task, situation: Situation) -> bool:
    today = situation.seat(task).worktime.today(situation.now)
    if task.paused_until and today < task.paused_until:
        return False
    return task.occurrence.weight is Weight.KEY or task.occurrence.window.start <= today


def _above_seat(seat: str, directory: Directory, day: date) -> tuple[str, ...]:
    """Whom an empty seat is reported to: the line above it, else a keeper."""
    above = directory.line_above_seat(seat, day)
    return (above,) if above else directory.keepers_on(day)[:1]
