"""Tasks on the command line: find them, look at one, and answer for somebody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import Session, day, opened
from cadence.core.model import Answer, Reason, Source, State, Verb
from cadence.errors import NothingToActOn, Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.core.documents import Document
    from cadence.core.lifecycle import Refusal
    from cadence.core.model import Task
    from cadence.store import Work

commands = typer.Typer()

TaskId = Annotated[str, typer.Argument(metavar="ID", help="A task's id or how it begins.", show_default=False)]
By = Annotated[str | None, typer.Option("--by", metavar="KEY", help="Who says so; without it the operator.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Words = Annotated[str | None, typer.Option("--text", help="In your own words.")]


@commands.command()
def tasks(
    ctx: typer.Context,
    plan: Annotated[str | None, typer.Option(help="Of this plan.")] = None,
    holder: Annotated[str | None, typer.Option(metavar="KEY", help="Of this person.")] = None,
    state: Annotated[State | None, typer.Option(help="In this state.")] = None,
    activity: Annotated[str | None, typer.Option(help="Of this activity.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="D", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="Through this day.")] = None,
    json: Json = False,
) -> None:
    """List tasks, by date; without filters all there are."""
    first, last = day(since), day(until)
    with opened(ctx) as session, session.looking() as (work, situation):
        _check_names(work, plan, holder)
        stored = work.tasks.find(plan=plan, states=[state] if state else None)
        found = [
            task
            for task in stored
            if activity in (None, task.occurrence.activity) and (first or task.date) <= task.date <= (last or task.date)
        ]
        _list(work, situation, found, holder, json=json)


def _check_names(work: Work, plan: str | None, holder: str | None) -> None:
    if plan is not None and work.plans.get(plan) is None:
        raise NothingToActOn(f"there is no plan '{plan}'; `cadence plans` lists them")
    if holder is not None:
        known_person(work, holder)


def known_person(work: Work, key: str) -> None:
    """Raises NothingToActOn, with a near miss, for a key that nobody has."""
    known = work.people.all()
    if key not in known:
        close = get_close_matches(key, known, 1)
        hint = f"did you mean {close[0]}?" if close else "`cadence people list` shows them"
        raise NothingToActOn(f"there is no person '{key}'; {hint}")


def _list(work: Work, situation: Situation, found: Sequence[Task], holder: str | None, *, json: bool) -> None:
    from cadence.services.listing import holder_of, task_documents

    holders = {task.id: holder_of(task, situation) for task in found}
    wanted = [task for task in found if holder in (None, holders[task.id])]
    if json:
        output.document(task_documents(work, situation, wanted))
        return
    names = {key: person.name for key, person in situation.persons.items()}
    output.rows(
        ("id", "when", "what", "who", "state"),
        (
            (
                task.id,
                output.when(task.starts, task.occurrence.timezone) if task.starts else task.date,
                task.occurrence.title,
                names.get(holders[task.id] or "", holders[task.id] or "nobody"),
                task.state.value,
            )
            for task in wanted
        ),
    )


@commands.command()
def show(ctx: typer.Context, task_id: TaskId, json: Json = False) -> None:
    """Show one task: what is asked, what happened, who may answer."""
    from cadence.services.respond import find_task

    with opened(ctx) as session, session.looking() as (work, situation):
        task = find_task(work, task_id)
        document = _whole(work, situation, task)
    if json:
        output.document(document)
    else:
        _print_whole(document)


def _whole(work: Work, situation: Situation, task: Task) -> Document:
    from cadence.core import documents
    from cadence.core.kinds import KINDS
    from cadence.services.calendars import agendas
    from cadence.services.listing import task_documents

    (document,) = task_documents(work, situation, [task])
    directory = situation.directory(task)
    on = max(task.date, situation.now.date())
    may_act = [key for key in directory.persons if directory.may_act(key, task, on)] if directory else []
    kind = KINDS.get(task.occurrence.kind)
    fields = kind.form if kind else ()
    return {
        **document,
        "agenda": agendas(work, task.occurrence.plan, "en")(task).splitlines(),
        "handed_to": task.handed_to,
        "paused_until": documents.value(task.paused_until),
        "form": [{"field": one.key, "type": one.type, "required": one.required} for one in fields],
        "may_act": may_act,
        "events": [documents.event(one) for one in work.records.events(task_id=task.id)],
    }


def _print_whole(document: Document) -> None:
    output.line(f"{output.cell(document['title'])}")
    told = ("id", "plan", "activity", "state", "date", "window", "due", "holder", "with", "weight", "date_state")
    more = ("done_by", "happened_on", "on_time", "handed_to", "paused_until", "may_act")
    for name in (*told, *more):
        if document[name] not in (None, []):
            value = [document[name]] if name == "window" else document[name]
            output.line(f"  {name.replace('_', ' ')}: {output.cell(value)}")
    agenda = document["agenda"]
    for point in agenda if isinstance(agenda, list) else ():
        output.line(f"  - {output.cell(point)}")
    fields = document["form"]
    if isinstance(fields, list) and fields:
        asked = (f"{one['field']}{'*' if one['required'] else ''} ({one['type']})" for one in fields)
        output.line(f"  asks: {', '.join(asked)}")
    events = document["events"]
    if isinstance(events, list):
        for one in events:
            data = " ".join(f"{key}={value}" for key, value in one["data"].items())
            output.line(f"  {one['at']}  {one['type']} {one['actor'] or one['source']} {output.cell(data)}".rstrip())


# --- answers ------------------------------------------------------------------------------------------------------


@commands.command()
def done(
    ctx: typer.Context,
    task_id: TaskId,
    by: By = None,
    fields: Annotated[list[str] | None, typer.Option("--set", metavar="field=value", help="The form.")] = None,
    on: Annotated[str | None, typer.Option(metavar="D", help="The day it happened; else the planned one.")] = None,
    at: Annotated[str | None, typer.Option(metavar="INSTANT", help="When it was said; not later than now.")] = None,
    text: Words = None,
    json: Json = False,
) -> None:
    """A task is done."""
    form = dict(_field(one) for one in fields or ())
    happened = day(on)
    with opened(ctx) as session:
        answer = _answer(session, task_id, Verb.DONE, by=by, text=text)
        answer = replace(answer, happened_on=happened, form=form, at=_said_at(session, at))
        _respond(session, answer, json=json)


def _field(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not (equals and name.strip()):
        raise WrongUsage(f"'{written}' sets nothing; write --set field=value")
    return name.strip(), value.strip()


def _said_at(session: Session, at: str | None) -> datetime:
    from cadence.clock import instant

    said = instant(at) if at else session.now
    if said > session.now:
        raise Refused(sentence(session, "future", {"on": said.date()}))
    return said


@commands.command()
def cant(
    ctx: typer.Context,
    task_id: TaskId,
    reason: Annotated[str, typer.Option(metavar="WORD", help=", ".join(Reason))],
    text: Words = None,
    by: By = None,
    json: Json = False,
) -> None:
    """A task cannot be done, for a reason; the line above is asked."""
    word = _reason(reason)
    with opened(ctx) as session:
        _respond(session, replace(_answer(session, task_id, Verb.CANT, by=by, text=text), reason=word), json=json)


def _reason(word: str) -> str:
    if word not in list(Reason):
        close = get_close_matches(word, list(Reason), 1)
        hint = f"did you mean {close[0]}?" if close else f"it is one of {', '.join(Reason)}"
        raise WrongUsage(f"'{word}' is no reason; {hint}")
    return word


def reason_and_text(written: str) -> tuple[str, str | None]:
    """A reason's word as it is; anything else counts as `other`, in the person's own words."""
    return (written, None) if written in list(Reason) else (Reason.OTHER.value, written)


@commands.command()
def skip(
    ctx: typer.Context,
    task_id: TaskId,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why: a reason's word or your own.")],
    by: By = None,
    json: Json = False,
) -> None:
    """Leave a task out, with a reason."""
    if not reason.strip():
        raise WrongUsage("--reason is empty; say why it is left out")
    word, text = reason_and_text(reason.strip())
    with opened(ctx) as session:
        _respond(session, replace(_answer(session, task_id, Verb.SKIP, by=by, text=text), reason=word), json=json)


@commands.command()
def snooze(
    ctx: typer.Context,
    task_id: TaskId,
    until: Annotated[str, typer.Option(metavar="D", help="The first day on which reminders may come again.")],
    by: By = None,
    json: Json = False,
) -> None:
    """Be reminded of a task later."""
    when = day(until)
    with opened(ctx) as session:
        _respond(session, replace(_answer(session, task_id, Verb.SNOOZE, by=by), until=when), json=json)


@commands.command()
def move(
    ctx: typer.Context,
    task_id: TaskId,
    to: Annotated[str | None, typer.Option(metavar="D", help="The new day.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Back to the plan's day.")] = False,
    by: By = None,
    json: Json = False,
) -> None:
    """Move a task to another day; it stays there through every load."""
    if (to is None) is not back:
        raise WrongUsage("write either --to DAY or --back")
    when = day(to)
    with opened(ctx) as session:
        answer = replace(_answer(session, task_id, Verb.MOVE, by=by), until=when, back=back)
        _respond(session, answer, json=json)


@commands.command("hand-over")
def hand_over(
    ctx: typer.Context,
    task_id: TaskId,
    to: Annotated[str, typer.Option(metavar="KEY", help="Who takes it on.")],
    by: By = None,
    json: Json = False,
) -> None:
    """Hand a task over to somebody."""
    with opened(ctx) as session:
        _respond(session, replace(_answer(session, task_id, Verb.HAND_OVER, by=by), to_person=to), json=json)


def _answer(session: Session, task_id: str, verb: Verb, *, by: str | None, text: str | None = None) -> Answer:
    if by is not None:
        with session.context.store.read() as work:
            known_person(work, by)
    return Answer(task_id=task_id, verb=verb, actor=by, source=Source.CLI, at=session.now, text=text)


def _respond(session: Session, answer: Answer, *, json: bool) -> None:
    """Gives the answer and prints the task as it then is. Raises Refused with the catalogue's sentence."""
    from cadence.services.listing import task_documents
    from cadence.services.respond import respond

    reply = respond(session.context, answer)
    if reply.refusal is not None:
        raise Refused(refused(session, reply.refusal))
    with session.looking() as (work, situation):
        (document,) = task_documents(work, situation, [reply.task])
    if answer.verb in (Verb.CANT, Verb.SKIP) and reply.task.state.live:
        output.talk("it stays open: whoever is above the holder is asked how it goes on")
    if json:
        output.document(document)
    else:
        output.rows(("id", "date", "what", "who", "state"), [row(document)])


def row(document: Document) -> tuple[object, ...]:
    return tuple(document[name] for name in ("id", "date", "title", "holder", "state"))


def refused(session: Session, refusal: Refusal) -> str:
    """Why nothing changed, in a sentence; people by their names."""
    with session.context.store.read() as work:
        names = {key: person.name for key, person in work.people.all().items()}
    facts = dict(refusal.facts)
    by = facts.get("by")
    if isinstance(by, str):
        facts["by"] = names.get(by, by)
    return sentence(session, refusal.code, facts)


def sentence(session: Session, code: str, facts: Mapping[str, object]) -> str:
    return session.context.words("en").say(f"refused.{code}", **facts)
