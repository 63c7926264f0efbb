"""People on the command line: who is there, and who is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import day, opened
from cadence.cli.tasks import Json, known_person
from cadence.core.model import Days, Source
from cadence.errors import NothingToActOn, WrongUsage

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.core.documents import Document
    from cadence.store import Work

people = typer.Typer(no_args_is_help=True, help="Who is there, and who is away.")

Key = Annotated[str, typer.Argument(metavar="KEY", help="A person's key.", show_default=False)]


@people.command("list")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """Everybody the installation knows."""
    with opened(ctx) as session, session.context.store.read() as work:
        known = work.people.all()
    if json:
        from cadence.core.documents import person

        output.document([person(one) for one in known.values()])
        return
    output.rows(
        ("key", "name", "e-mail", "team", "zone", "away"),
        ((one.key, one.name, one.email, one.team, one.timezone, _spans(one.away)) for one in known.values()),
    )


def _spans(away: tuple[Days, ...]) -> tuple[str, ...]:
    return tuple(f"{span.start}..{span.last}" for span in away)


@people.command()
def show(
    ctx: typer.Context,
    key: Key,
    everything: Annotated[bool, typer.Option("--all", help="With all tasks, messages and answers.")] = False,
    json: Json = False,
) -> None:
    """One person: what is known, what is owed; with --all everything that is held about them."""
    with opened(ctx) as session, session.looking() as (work, situation):
        known_person(work, key)
        document = _about(work, situation, key, everything=everything)
    if json:
        output.document(document)
    else:
        _print_about(document)


def _about(work: Work, situation: Situation, key: str, *, everything: bool) -> Document:
    from cadence.core import documents
    from cadence.services.listing import delivery_documents, holder_of, task_documents

    concerns = [
        task
        for task in work.tasks.find()
        if (task.state.live or everything) and (holder_of(task, situation) == key or task.done_by == key)
    ]
    document = {**documents.person(situation.persons[key]), "tasks": task_documents(work, situation, concerns)}
    if not everything:
        return document
    return {
        **document,
        "messages": delivery_documents(work, situation.now, work.ledger.sent(to=key)),
        "decisions": [documents.decision(one) for one in work.records.decisions(asked=key)],
        "events": [documents.event(one) for one in work.records.events() if key in (one.actor, one.subject)],
    }


def _print_about(document: Document) -> None:
    lists = ("tasks", "messages", "decisions", "events")
    for name, value in document.items():
        if name in lists and isinstance(value, list):
            output.line(f"{name}: {len(value)}")
        elif value not in (None, [], False):
            output.line(f"{name.replace('_', ' ')}: {output.cell(value)}")


@people.command()
def away(
    ctx: typer.Context,
    key: Key,
    since: Annotated[str, typer.Option("--from", metavar="D", help="The first day away.")],
    until: Annotated[str, typer.Option(metavar="D", help="The last day away.")],
    json: Json = False,
) -> None:
    """Somebody is away: nothing is sent to them, tasks move or go to the backup."""
    from cadence.services import quiet

    first, last = day(since), day(until)
    assert first is not None
    assert last is not None
    if last < first:
        raise WrongUsage(f"--until {last} lies before --from {first}")
    with opened(ctx) as session:
        with session.context.store.begin() as work:
            known_person(work, key)
            quiet.away(work, key, Days.inclusive(first, last), Source.CLI, session.now)
            known = work.people.all()[key]
        output.talk(f"{known.name} is away from {first} to {last}")
    if json:
        from cadence.core.documents import person

        output.document(person(known))


@people.command()
def back(ctx: typer.Context, key: Key, json: Json = False) -> None:
    """Somebody is back: absences that no plan states are taken back."""
    from cadence.services import quiet

    with opened(ctx) as session:
        with session.context.store.begin() as work:
            known_person(work, key)
            taken = quiet.back(work, key, Source.CLI, session.now)
            known = work.people.all()[key]
        if not taken:
            raise NothingToActOn(f"{known.name} is not away, save as a plan says")
        output.talk(f"{known.name} is back")
    if json:
        from cadence.core.documents import person

        output.document(person(known))
