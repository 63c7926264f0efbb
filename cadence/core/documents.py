"""Values -> the documents that scripts and other programs read: names and forms fixed in docs, plain JSON values.

Instants are RFC 3339 in UTC with `Z`, days `YYYY-MM-DD`, ends inclusive, people their keys. The order of keys is
part of the promise: the same value gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import UTC, date, datetime
from enum import StrEnum

from cadence.core.agenda.escalation import Escalation
from cadence.core.changes import Amendment, ChangeSet, Told
from cadence.core.compiler import Compilation
from cadence.core.directory import Directory, plain_seat
from cadence.core.model import (
    OCCURRENCE_FIELDS,
    Answer,
    Days,
    Decision,
    Delivery,
    Event,
    Hold,
    Occurrence,
    Person,
    Problem,
    Task,
)

Document = dict[str, object]

FIELD_OF = {"attendees": "with"}
"""Where a document's name for a field is not the value's."""


def value(thing: object) -> object:
    """Any value inside a document as JSON has it."""
    match thing:
        case datetime():
            return thing.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return thing.isoformat()
        case StrEnum():
            return thing.value
        case Days():
            return [thing.start.isoformat(), thing.last.isoformat()]
        case Mapping():
            return {str(key): value(item) for key, item in thing.items()}
        case Set():
            return sorted(str(item) for item in thing)
        case tuple() | list():
            return [value(item) for item in thing]
        case _:
            return thing


def _document(**parts: object) -> Document:
    """Each part as JSON has it; a name that Python keeps for itself is given with `_` behind it."""
    return {name.rstrip("_"): value(part) for name, part in parts.items()}


# --- plans ------------------------------------------------------------------------------------------------------


def finding(problem: Problem) -> Document:
    place = problem.place
    return _document(
        code=problem.code,
        severity=problem.severity,
        file=place.file,
        line=place.line,
        column=place.column,
        path=problem.path,
        message=problem.message,
        remedy=problem.remedy,
    )


def findings(problems: Iterable[Problem]) -> list[Document]:
    return [finding(problem) for problem in problems]


def occurrence(asked: Occurrence, holder: str | None) -> Document:
    """A task as the plan asks it; `holder` is who acts on its date."""
    return _asked(asked, holder, asked.date, asked.due, asked.starts, asked.ends, asked.date_state)


def _asked(
    asked: Occurrence,
    holder: str | None,
    day: date,
    due: datetime,
    starts: datetime | None,
    ends: datetime | None,
    date_state: StrEnum,
) -> Document:
    return _document(
        id=asked.id,
        activity=asked.activity,
        kind=asked.kind,
        weight=asked.weight,
        mode=asked.mode,
        about=asked.about,
        seat=plain_seat(asked.seat),
        holder=holder,
        with_=asked.attendees,
        slot=asked.slot,
        wave=asked.wave,
        title=asked.title,
        date=day,
        window=asked.window,
        date_state=date_state,
        due=due,
        starts=starts,
        ends=ends,
        timezone=asked.timezone,
        minutes=asked.minutes,
    )


def compiled(
    plan: str, bundle_hash: str, compilation: Compilation, directory: Directory, problems: Sequence[Problem]
) -> Document:
    """A compile: its tasks ordered by date, due and id, what was found, and the load of each person."""
    return {
        "plan": plan,
        "hash": bundle_hash,
        "from": value(compilation.dates.rollout),
        "until": value(compilation.dates.ends),
        "tasks": [occurrence(asked, holder_of(asked, directory)) for asked in compilation.schedule],
        "findings": findings(problems),
        "load": {
            person: {"tasks": load.tasks, "minutes_per_week_max": load.minutes_per_week_max}
            for person, load in sorted(compilation.load.items())
        },
    }


def not_compiled(problems: Sequence[Problem]) -> Document:
    """The same document for a plan with errors: nothing of it can be relied on but what was found."""
    empty: Document = {"plan": None, "hash": None, "from": None, "until": None, "tasks": []}
    return {**empty, "findings": findings(problems), "load": {}}


def holder_of(asked: Occurrence, directory: Directory) -> str | None:
    """Who acts on the date; None for an empty seat."""
    return directory.acting(asked.seat, asked.window, asked.date, asked.when_absent).person


def change_set(
    changes: ChangeSet, bundle_hash: str, directory: Directory, problems: Sequence[Problem], told: Sequence[Document]
) -> Document:
    """What a load does, and by `news` who will be `told`. A task that returns stands under `add`, as it did the first
    time."""
    added = sorted((*changes.add, *(one.occurrence for one in changes.returning)), key=lambda o: (o.date, o.due, o.id))
    return {
        "plan": changes.plan,
        "hash": bundle_hash,
        "changes": changes.hash,
        "add": [occurrence(asked, holder_of(asked, directory)) for asked in added],
        "amend": [_amendment(amendment) for amendment in changes.amend],
        "retire": [_named(task) for task in changes.retire],
        "unchanged": changes.unchanged,
        "kept": [overlay(task) for task in changes.kept],
        "past": changes.past,
        "dangers": [{"code": danger.code, "message": danger.message} for danger in changes.dangers],
        "findings": findings(problems),
        "told": list(told),
    }


def no_change_set(problems: Sequence[Problem]) -> Document:
    """The same document for a plan with errors."""
    nothing: Document = {"plan": None, "hash": None, "changes": None, "add": [], "amend": [], "retire": []}
    nothing |= {"unchanged": 0, "kept": [], "past": 0, "dangers": []}
    return {**nothing, "findings": findings(problems), "told": []}


def news(one: Told, channel: str | None, brief: datetime, rewrites: int) -> Document:
    """What one person will be told of a load: numbers of tasks, of which `handed_to` come to them and `handed_from`
    go from them. `brief` is their next one; `rewrites` counts sent messages that will say the truth."""
    return _document(
        person=one.person,
        channel=channel,
        brief=brief,
        new=one.new,
        moved=one.moved,
        handed_to=one.gained,
        handed_from=one.given,
        reworded=one.reworded,
        retired=one.retired,
        rewrites=rewrites,
    )


def _amendment(amendment: Amendment) -> Document:
    order = [*OCCURRENCE_FIELDS, "holder"]
    changed = sorted(amendment.changes.items(), key=lambda item: order.index(item[0]))
    return {
        "id": amendment.task.id,
        "title": amendment.occurrence.title,
        "changes": {FIELD_OF.get(name, name): [value(old), value(new)] for name, (old, new) in changed},
        "why": str(amendment.why),
    }


def _named(task: Task) -> Document:
    return _document(id=task.id, activity=task.occurrence.activity, title=task.occurrence.title, date=task.date)


def overlay(task: Task) -> Document:
    """What a person laid over the plan's word by hand."""
    moved_to = task.moved.date if task.moved else None
    return _document(id=task.id, title=task.occurrence.title, moved_to=moved_to, handed_to=task.handed_to)


# --- tasks ------------------------------------------------------------------------------------------------------


def task(
    one: Task, holder: str | None, escalation: Escalation | None = None, answers: Iterable[Answer] = ()
) -> Document:
    """A task with what has become of it; `holder` is who answers for it as things stand."""
    asked = _asked(one.occurrence, holder, one.date, one.due, one.starts, one.ends, one.date_state)
    since = _document(
        plan=one.occurrence.plan,
        state=one.state,
        version=one.version,
        happened_on=one.happened_on,
        recorded_at=one.recorded_at,
        done_by=one.done_by,
        on_time=one.on_time,
    )
    raised = None
    if escalation is not None:
        step = escalation
        raised = _document(rung=step.rung, since=step.since, to=step.to, decision=step.decision)
    return {**asked, **since, "escalation": raised, "answers": [answer(said) for said in answers]}


def answer(said: Answer) -> Document:
    return _document(
        verb=said.verb,
        by=said.actor,
        source=said.source,
        at=said.at,
        on=said.happened_on,
        until=said.until,
        to=said.to_person,
        reason=said.reason,
        text=said.text,
        form=said.form,
    )


def event(happened: Event) -> Document:
    return _document(
        at=happened.at,
        type=happened.type,
        source=happened.source,
        plan=happened.plan,
        task=happened.task_id,
        actor=happened.actor,
        subject=happened.subject,
        data=happened.data,
    )


def decision(asked: Decision) -> Document:
    return _document(
        id=asked.id,
        kind=asked.kind,
        plan=asked.plan,
        task=asked.task_id,
        tasks=asked.tasks,
        about=asked.about_person,
        asked=asked.asked,
        asked_at=asked.asked_at,
        round=asked.round,
        choices=asked.choices,
        answered_at=asked.answered_at,
        choice=asked.choice,
        by=asked.by,
    )


# --- messages and people ----------------------------------------------------------------------------------------


def delivery(sent: Delivery) -> Document:
    """A message as it was sent."""
    return _document(
        key=sent.key,
        at=sent.sent_at,
        to=sent.recipient,
        channel=sent.channel,
        kind=sent.kind,
        occasion=sent.occasion,
        subject=sent.subject,
        text=sent.text,
        tasks=shown(sent),
        edits=sent.edits,
        receipt=sent.receipt,
    )


def shown(sent: Delivery) -> tuple[str, ...]:
    """The ids of the tasks that a message shows, once each, in its order."""
    return tuple(dict.fromkeys(entry.task_id for entry in sent.entries if entry.task_id))


def person(known: Person) -> Document:
    return _document(
        key=known.key,
        name=known.name,
        email=known.email,
        timezone=known.timezone,
        country=known.country,
        subdivision=known.subdivision,
        language=known.language,
        channel=known.channel,
        brief=known.brief.strftime("%H:%M"),
        briefs=known.briefs,
        reports_to=known.reports_to,
        team=known.team,
        region=known.region,
        tags=known.tags,
        started=known.started,
        left=known.left,
        external=known.external,
        away=known.away,
    )


def hold(stopped: Hold) -> Document:
    return _document(scope=stopped.scope, until=stopped.until, reason=stopped.reason, since=stopped.since)
