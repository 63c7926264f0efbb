"""People on the command line: who is there, who is away, who left or took over; what is held about somebody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import loading, output
from cadence.cli.session import day, opened
from cadence.cli.tasks import Json, known_person
from cadence.core.model import Days, Preference, Source
from cadence.errors import NothingToActOn, Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.core.documents import Document
    from cadence.services.byhand import Plans
    from cadence.store import Work

people = typer.Typer(no_args_is_help=True, help="Who is there, is away, left or took over; what is held.")

Key = Annotated[str, typer.Argument(metavar="KEY", help="A person's key.", show_default=False)]


@people.command("list")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """Everybody the installation knows, but for those it was told to forget."""
    from cadence.store.personal import TOKEN

    with opened(ctx) as session, session.context.store.read() as work:
        gone = f"{TOKEN}:"
        known = {key: one for key, one in work.people.all().items() if not one.identity.startswith(gone)}
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
    from cadence.services.privacy import held

    return {
        **document,
        "messages": delivery_documents(work, situation.now, work.ledger.sent(to=key)),
        "decisions": [documents.decision(one) for one in work.records.decisions(asked=key)],
        "events": [documents.event(one) for one in work.records.events() if key in (one.actor, one.subject)],
        "held": held(work, key),
    }


def _print_about(document: Document) -> None:
    lists = ("tasks", "messages", "decisions", "events")
    for name, value in document.items():
        if name in lists and isinstance(value, list):
            output.line(f"{name}: {len(value)}")
        elif name == "held" and isinstance(value, dict):
            _print_held(value)
        elif value not in (None, [], False):
            output.line(f"{name.replace('_', ' ')}: {output.cell(value)}")


def _print_held(held: Mapping[str, object]) -> None:
    """Every row, as it is stored."""
    for table, rows in held.items():
        for row in rows if isinstance(rows, list) else [rows]:
            assert isinstance(row, dict)
            said = ", ".join(f"{name}={value}" for name, value in row.items() if value not in (None, [], {}, ""))
            output.line(output.cell(f"  {table}: {said}"))


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


@people.command()
def prefer(
    ctx: typer.Context,
    key: Key,
    briefs: Annotated[str | None, typer.Option(metavar="WHEN", help="daily, due or weekly.")] = None,
    at: Annotated[str | None, typer.Option(metavar="HH:MM", help="When the brief goes, on their own clock.")] = None,
    channel: Annotated[str | None, typer.Option(metavar="NAME", help="slack or email.")] = None,
    reset: Annotated[bool, typer.Option("--reset", help="First forget what was preferred: the files count.")] = False,
    json: Json = False,
) -> None:
    """How somebody wants to hear: it stands above what files say, and every load leaves it."""
    from cadence.services.byhand import briefs_named, preferred

    if not (briefs or at or channel or reset):
        raise WrongUsage("say what they prefer: --briefs, --at, --channel, or --reset")
    if channel not in (None, "slack", "email"):
        raise WrongUsage(f"'{channel}' is no channel; write slack or email")
    wish = Preference(channel=channel, brief=_hour(at), briefs=briefs_named(briefs) if briefs else None)
    with opened(ctx) as session, session.context.store.begin() as work:
        known_person(work, key)
        known = preferred(work, key, wish, reset=reset)
    if json:
        from cadence.core.documents import person

        output.document(person(known))
    way = known.channel or "the first channel that reaches them"
    output.talk(f"{known.name} gets briefs {known.briefs} at {known.brief:%H:%M} through {way}")


def _hour(text: str | None) -> time | None:
    """Raises WrongUsage for what is no hour."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - an hour of whichever day
    except ValueError:
        raise WrongUsage(f"'{text}' is not an hour; write it as 08:30") from None


# --- who left, who took over, who is forgotten --------------------------------------------------------------------

Back = Annotated[bool, typer.Option("--back", help="Take it back: what the files say counts again.")]


@people.command()
def replace(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD", help="Whose seats change hands.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Who holds them from then on.", show_default=False)],
    since: Annotated[str | None, typer.Option(metavar="D", help="The first day on which NEW holds them.")] = None,
    back: Back = False,
    yes: loading.Yes = False,
    force: loading.Force = False,
    every: loading.Every = False,
) -> None:
    """Somebody takes over all seats of somebody else; it counts until the files say so too."""
    from cadence.services.byhand import replaced

    first = _one_day(since, "--since", back=back)
    _say(ctx, (old, new), lambda work: replaced(work, old, new, first), yes=yes, force=force, every=every)


@people.command()
def end(
    ctx: typer.Context,
    key: Key,
    on: Annotated[str | None, typer.Option(metavar="D", help="Their last day here.")] = None,
    back: Back = False,
    yes: loading.Yes = False,
    force: loading.Force = False,
    every: loading.Every = False,
) -> None:
    """Somebody leaves, and nothing of theirs is deleted; it counts until the files say so too."""
    from cadence.services.byhand import ended

    last = _one_day(on, "--on", back=back)
    _say(ctx, (key,), lambda work: ended(work, key, last), yes=yes, force=force, every=every)


def _one_day(text: str | None, option: str, *, back: bool) -> date | None:
    """The day; None for `--back`."""
    if (text is None) is not back:
        raise WrongUsage(f"write either {option} DAY or --back")
    return day(text)


def _say(
    ctx: typer.Context, keys: tuple[str, ...], say: Callable[[Work], Plans], *, yes: bool, force: bool, every: bool
) -> None:
    """Shows what it changes in every plan that the person stands in, then changes all of them."""
    with opened(ctx) as session:
        with session.context.store.read() as work:
            for key in keys:
                known_person(work, key)
            plans = say(work)
        shown = [
            loading.show(session, loading.look_at(session, stored.bundle, by_hand=said), json=False, every=every)
            for stored, said in plans
        ]
        for prepared in shown:
            loading.agree(prepared.change_set, yes=yes, force=force)
        for prepared in shown:
            loading.carry_out(session, prepared, force=force)
            output.talk(f"{prepared.change_set.plan} is loaded; say the same in its files, until then it is noted")


@people.command()
def forget(
    ctx: typer.Context,
    key: Key,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Erase name, address and words of somebody whom no plan names any more. History keeps its counts."""
    from cadence.services.privacy import forget as erase

    with opened(ctx) as session:
        with session.context.store.read() as work:
            known_person(work, key)
        if not yes and not output.is_asking():
            raise Refused("nobody is there to be asked, so nobody is forgotten; add --yes")
        if not yes and not output.confirmed(f"Erase all words of {key} for good?"):
            raise Refused("nobody is forgotten")
        token = erase(session.context, key, session.now)
    output.talk(f"{key} is forgotten and stands as {token} in what is counted")
    output.talk("copies made before still name them: delete old backups, and files beside the database")
