"""Takes an answer or a decision from any surface: who may, what it does, what is remembered, what is rewritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from cadence.core.agenda import Situation, candidate
from cadence.core.agenda.asking import about_task, sharers
from cadence.core.agenda.ladder import line_or_keepers
from cadence.core.agenda.waiting import lies_with
from cadence.core.deciding import Way, answers_to
from cadence.core.directory import Directory
from cadence.core.directory.seats import KEEPING_ROLES
from cadence.core.forms import Checked, check, form, given
from cadence.core.lifecycle import Accepted, Refusal, last_to_snooze, take
from cadence.core.model import Answer, Choice, Decision, DecisionKind, Event, EventType, Source, Task, Verb
from cadence.errors import NothingToActOn, Refused
from cadence.services.compiling import dates_of
from cadence.services.context import Context
from cadence.services.installation import glance, look
from cadence.services.rewriting import owe_rewrites
from cadence.store import Work

EXTEND_BY = 5
"""Working days that "extend" gives when no day is named."""
PAUSE_BY = 10
"""Working days that "pause" gives when no day is named."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of an answer: the task as it now is, or why nothing changed. `missing` names the fields of the form
    that are still wanted of what is done."""

    task: Task
    refusal: Refusal | None = None
    missing: tuple[str, ...] = ()


def find_task(work: Work, prefix: str) -> Task:
    """The one task whose id begins so. Raises NothingToActOn for none and for several."""
    found = work.tasks.by_prefix(prefix) if prefix else ()
    if len(found) == 1:
        return found[0]
    if not found:
        raise NothingToActOn(f"there is no task '{prefix}'; `cadence tasks` lists them")
    raise NothingToActOn(f"'{prefix}' begins the ids of {len(found)} tasks; write more of it")


def respond(context: Context, answer: Answer) -> Reply:
    """One answer, in one transaction. `answer.task_id` may be a prefix; the same answer twice changes nothing."""
    with context.store.begin() as work:
        return answered(work, answer)


def answered(work: Work, answer: Answer, *, decided: bool = False) -> Reply:
    """The same inside a transaction of the caller's. `decided`: it carries out a decision, which is the last word."""
    task = find_task(work, answer.task_id)
    answer = replace(answer, task_id=task.id)
    situation = glance(work, answer.at, (task,))
    directory = situation.directory(task)
    if directory is None:
        raise NothingToActOn(f"the plan of task {task.id} is not loaded")
    holder = situation.seat(task).holder
    day = situation.day_of(task)
    if answer.verb is Verb.CONFIRM:
        if refusal := _cannot_confirm(work, task, answer, holder, directory):
            return Reply(task, refusal)
    elif answer.actor and not decided and not directory.may_act(answer.actor, task, day):
        return Reply(task, Refusal("not-yours", {"holder": directory.name(holder) if holder else None}))
    if answer.verb is Verb.HAND_OVER and not directory.is_here(answer.to_person or "", day):
        raise NothingToActOn(f"the plan knows no person '{answer.to_person}'; `cadence people list` shows them")
    worktime = situation.worktimes.get(holder or "", directory.calendar)
    final_word = decided or _has_final_word(answer.actor, holder, task, directory, day)
    ends = dates_of(situation.plans[task.occurrence.plan], directory).ends
    last = ends if decided else last_to_snooze(task, worktime.today(answer.at), worktime, ends)
    verdict = take(task, answer, worktime, final_word=final_word, last=last)
    if isinstance(verdict, Refusal):
        return Reply(task, verdict)
    if answer.verb is not Verb.DONE:
        return Reply(_write(work, task, verdict, answer, situation, holder))
    filled = _filled_in(work, task, answer, situation)
    if filled.mistakes:
        return Reply(task, Refusal("form", {}, filled.mistakes))
    done = _write(work, task, verdict, replace(answer, form=filled.answers), situation, holder)
    return Reply(done, missing=filled.missing)


def _cannot_confirm(work: Work, task: Task, answer: Answer, holder: str | None, directory: Directory) -> Refusal | None:
    """The word of whoever takes part and did not owe it, once: for themselves, never for somebody else."""
    kind, _, about = task.occurrence.about.partition("/")
    parts = {*task.occurrence.attendees, *((about,) if kind == "rep" else ())} - {holder, task.done_by}
    if answer.actor not in parts:
        return Refusal("not-counterpart", {"holder": directory.name(holder) if holder else None})
    said = any(one.verb is Verb.CONFIRM and one.actor == answer.actor for one in work.records.answers(task.id))
    return Refusal("already-confirmed", {}) if said else None


def _filled_in(work: Work, task: Task, answer: Answer, situation: Situation) -> Checked:
    """The form that comes with the answer, held against what the plan asks by now; what was said before counts. Where
    the plan has dropped the activity, nothing is asked and all is taken."""
    activity = situation.activity(task)
    if activity is None:
        return Checked(answer.form, (), ())
    before = given(work.records.answers(task.id)) if task.state.closed else {}
    persons = situation.directories[task.occurrence.plan].persons
    return check(form(activity), answer.form, task.occurrence.attendees, persons, before)


def _has_final_word(actor: str | None, holder: str | None, task: Task, directory: Directory, day: date) -> bool:
    """Whether "can't" settles it: the line above, the keepers and the operator; never the holder or a backup."""
    if actor is None or actor == holder:
        return actor is None
    lines = directory.lines_above(task.occurrence.seat, day, holder)
    roles = {directory.holder(f"role/{role}", day) for role in KEEPING_ROLES}
    return actor in lines | roles or actor in directory.keepers_on(day)


def _write(
    work: Work, before: Task, verdict: Accepted, answer: Answer, situation: Situation, holder: str | None
) -> Task:
    if verdict.task != before and not work.tasks.replace(verdict.task, before.version):
        raise Refused(f"task {before.id} was changed at the same moment; look again")
    work.records.answer(answer)
    work.records.event(*verdict.events)
    if verdict.asks_line and holder:
        _ask_above(work, verdict.task, holder, situation)
    owe_rewrites(work, (before.id,), answer.at)
    return verdict.task


def _ask_above(work: Work, task: Task, holder: str, situation: Situation) -> None:
    for above in line_or_keepers(task, holder, situation):
        decision = about_task(DecisionKind.CANT, task, holder, above, situation)
        if work.records.ask(decision):
            work.records.event(asked_event(decision))


def asked_event(decision: Decision) -> Event:
    """The trace of a question being put."""
    return Event(
        at=decision.asked_at,
        type=EventType.ASKED,
        source=Source.BEAT,
        plan=decision.plan,
        task_id=decision.task_id,
        subject=decision.asked,
        data={"decision": decision.id, "kind": decision.kind.value},
    )


@dataclass(frozen=True, slots=True)
class Ruling:
    """What came of a decision: the decision as it now is, the tasks it changed, or why nothing changed."""

    decision: Decision
    tasks: tuple[Task, ...] = ()
    refusal: Refusal | None = None


def decide(context: Context, decision_prefix: str, way: Way) -> Ruling:
    """Carries a decision out: every task it is about changes as chosen, in one transaction."""
    with context.store.begin() as work:
        found = work.records.decision(decision_prefix) or _decision_of_task(work, decision_prefix)
        situation = look(work, way.at)
        decision = replace(found, asked=lies_with(found, situation))
        if refusal := _cannot_decide(decision, way, situation):
            return Ruling(decision, refusal=refusal)
        tasks = work.tasks.find(ids=decision.tasks)
        whole = _complete(decision, way, tasks, situation)
        if whole.choice is Choice.HAND_OVER and whole.to_person is None:
            return Ruling(decision, refusal=Refusal("person-missing", {}))
        if whole.choice is Choice.SPREAD and not whole.among:
            return Ruling(decision, refusal=Refusal("nobody-to-share", {}))
        replies = [answered(work, answer, decided=True) for answer in answers_to(decision, tasks, whole)]
        changed = tuple(reply.task for reply in replies if reply.refusal is None)
        if replies and not changed:
            return Ruling(decision, refusal=replies[0].refusal)
        taken = replace(decision, answered_at=way.at, choice=way.choice, by=way.by)
        if not work.records.decide(taken):
            raise Refused(f"decision {decision.id} was taken at the same moment; look again")
        work.records.event(_decided_event(taken, way))
        owe_rewrites(work, (decision.id,), way.at)
        return Ruling(taken, changed)


def _decision_of_task(work: Work, prefix: str) -> Decision:
    found = [d for d in work.records.decisions(open_only=True) if d.task_id and d.task_id.startswith(prefix)]
    if not prefix or not found:
        raise NothingToActOn(f"there is no open decision '{prefix}'; `cadence decisions` lists them")
    return found[-1]


def _cannot_decide(decision: Decision, way: Way, situation: Situation) -> Refusal | None:
    if decision.answered_at is not None:
        return Refusal("already-decided", {"by": decision.by})
    if way.choice not in decision.choices:
        return Refusal("no-such-way", {"choice": way.choice.value})
    directory = situation.directories.get(decision.plan)
    if way.by is None or directory is None:
        return None
    day = directory.worktime(way.by).today(situation.now)
    may = {decision.asked, directory.holder("role/sponsor", day), *directory.keepers_on(day)}
    if way.by in may and directory.is_here(way.by, day):
        return None
    return Refusal("not-yours", {"holder": directory.name(decision.asked)})


def _complete(decision: Decision, way: Way, tasks: Sequence[Task], situation: Situation) -> Way:
    """Fills in what a single tap leaves open: the backup, those beside an empty seat, a week more, a reason."""
    if way.choice is Choice.SPREAD and not way.among:
        last = max(map(situation.day_of, tasks), default=situation.plan_day(decision.plan))
        beside = sharers(decision.plan, decision.round, situation)
        way = replace(way, among=tuple(p for p in beside if situation.directories[decision.plan].is_here(p, last)))
    worktime = situation.worktimes.get(decision.about_person or decision.asked)
    if worktime is None:
        return way
    today = worktime.today(way.at)
    days = EXTEND_BY if way.choice is Choice.EXTEND else PAUSE_BY
    until: date | None = way.until or worktime.add(today, days)
    to_person = way.to_person or candidate(decision, tasks, situation)
    return replace(way, until=until, to_person=to_person, reason=way.reason or "decided")


def _decided_event(decision: Decision, way: Way) -> Event:
    return Event(
        at=way.at,
        type=EventType.DECIDED,
        source=way.source,
        plan=decision.plan,
        task_id=decision.task_id,
        actor=way.by,
        subject=decision.asked,
        data={"decision": decision.id, "choice": way.choice.value},
    )
