"""Answers on the command line: somebody says what became of a task, or the operator says it for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import Session, day, opened
from cadence.cli.tasks import By, Json, TaskId, known_person
from cadence.core.model import Answer, Reason, Source, Verb
from cadence.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.core.documents import Document
    from cadence.core.forms import Mistake
    from cadence.core.lifecycle import Refusal

commands = typer.Typer()

Words = Annotated[str | None, typer.Option("--text", help="In your own words.")]


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
    """A task is done. What its form still wants can be added later by the same command."""
    form = _form(fields or ())
    happened = day(on)
    with opened(ctx) as session:
        answer = _answer(session, task_id, Verb.DONE, by=by, text=text)
        answer = replace(answer, happened_on=happened, form=form, at=_said_at(session, at))
        _respond(session, answer, json=json)


def _form(fields: Sequence[str]) -> dict[str, str]:
    """The fields by name. One that is set again goes on: another choice of several, another line of a text."""
    form: dict[str, str] = {}
    for name, value in map(_field, fields):
        form[name] = f"{form[name]}\n{value}" if name in form else value
    return form


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


@commands.command()
def confirm(
    ctx: typer.Context,
    task_id: TaskId,
    by: Annotated[str, typer.Option("--by", metavar="KEY", help="Who took part and says so.")],
    text: Words = None,
    json: Json = False,
) -> None:
    """Whoever took part says that it took place and what was agreed; the task stays as it is."""
    with opened(ctx) as session:
        _respond(session, _answer(session, task_id, Verb.CONFIRM, by=by, text=text), json=json)


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
        for mistake in reply.refusal.mistakes:
            output.talk(wrong(session, mistake))
        raise Refused(refused(session, reply.refusal))
    with session.looking() as (work, situation):
        (document,) = task_documents(work, situation, [reply.task])
    if answer.verb in (Verb.CANT, Verb.SKIP) and reply.task.state.live:
        output.talk("it stays open: whoever is above the holder is asked how it goes on")
    if reply.missing:
        said = session.context.words("en").say("form.missing", fields=reply.missing, id=reply.task.id)
        output.talk(output.cell(said))
    if json:
        output.document(document)
    else:
        output.rows(("id", "date", "what", "who", "state"), [row(document)])


def row(document: Document) -> tuple[object, ...]:
    return tuple(document[name] for name in ("id", "date", "title", "holder", "state"))


def wrong(session: Session, mistake: Mistake) -> str:
    """What is wrong with one answer of a form, and what to write instead."""
    said = session.context.words("en").say(f"wrong.{mistake.code}", field=mistake.reference, **mistake.facts)
    return output.cell(said)


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
