"""Decisions on the command line: which wait for somebody, and taking one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.answering import reason_and_text, refused, row, sentence
from cadence.cli.session import Session, day, opened
from cadence.cli.tasks import By, Json, known_person
from cadence.core.model import Choice, Source
from cadence.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.core.deciding import Way
    from cadence.services.respond import Ruling

commands = typer.Typer()


@commands.command()
def decisions(
    ctx: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those taken as well.")] = False,
    asked: Annotated[str | None, typer.Option(metavar="KEY", help="Asked of this person.")] = None,
    json: Json = False,
) -> None:
    """List the decisions that wait for somebody; of whoever has left, under the name they wait for now."""
    from dataclasses import replace

    from cadence.core.agenda.waiting import lies_with, overtaken_by, taken_last

    with opened(ctx) as session, session.looking() as (work, situation):
        if asked is not None:
            known_person(work, asked)
        taken = taken_last(situation.decisions)
        wanted = [one for one in situation.decisions if every or not (one.answered_at or overtaken_by(one, taken))]
        kept = [replace(one, asked=lies_with(one, situation)) for one in wanted]
    found = [one for one in kept if asked in (None, one.asked)]
    if json:
        from cadence.core.documents import decision

        output.document([decision(one) for one in found])
        return
    output.rows(
        ("id", "kind", "about", "asked", "since", "ways out"),
        (
            (one.id, one.kind.value, one.about_person, one.asked, one.asked_at, tuple(way.value for way in one.choices))
            for one in found
        ),
    )


@commands.command()
def decide(
    ctx: typer.Context,
    decision_id: Annotated[str, typer.Argument(metavar="ID", help="A decision's id, or the task's it is about.")],
    choice: Annotated[Choice, typer.Argument(metavar="WAY", help=", ".join(Choice))],
    to: Annotated[str | None, typer.Option(metavar="KEY|D", help="Who takes it on; the new day of `extend`.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The last day of `pause`.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it is let go, for `waive`.")] = None,
    by: By = None,
    json: Json = False,
) -> None:
    """Take a decision: it changes the tasks it is about."""
    from cadence.services.respond import decide as carry_out

    _fits(choice, to, until, reason)
    with opened(ctx) as session:
        ruling = carry_out(session.context, decision_id, _way(session, choice, to, until, reason, by))
        if ruling.refusal is not None:
            raise Refused(refused(session, ruling.refusal))
        _print_ruling(session, ruling, json=json)


def _way(
    session: Session, choice: Choice, to: str | None, until: str | None, reason: str | None, by: str | None
) -> Way:
    from cadence.core.deciding import Way

    word, text = reason_and_text(reason.strip()) if reason else (None, None)
    person = to if choice is Choice.HAND_OVER else None
    when = day(to) if choice is Choice.EXTEND else day(until)
    if when is not None and when < session.now.date():
        raise Refused(sentence(session, "move-past", {"until": when}))
    with session.context.store.read() as work:
        for key in filter(None, (by, person)):
            known_person(work, key)
    return Way(
        choice=choice, by=by, source=Source.CLI, at=session.now, until=when, to_person=person, reason=word, text=text
    )


def _fits(choice: Choice, to: str | None, until: str | None, reason: str | None) -> None:
    """Each way out takes its own option and no other."""
    takes = {Choice.HAND_OVER: "--to", Choice.EXTEND: "--to", Choice.PAUSE: "--until", Choice.WAIVE: "--reason"}
    given = {"--to": to, "--until": until, "--reason": reason}
    strange = [name for name, value in given.items() if value is not None and takes.get(choice) != name]
    if strange:
        raise WrongUsage(f"{choice.value} takes no {strange[0]}")
    if choice is Choice.WAIVE and not (reason or "").strip():
        raise WrongUsage("waive needs --reason TEXT")


def _print_ruling(session: Session, ruling: Ruling, *, json: bool) -> None:
    from cadence.core.documents import decision
    from cadence.services.listing import task_documents

    with session.looking() as (work, situation):
        changed = task_documents(work, situation, ruling.tasks)
    if json:
        output.document({**decision(ruling.decision), "changed": changed})
    else:
        output.rows(("id", "date", "what", "who", "state"), map(row, changed))
