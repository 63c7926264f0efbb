"""Loading on the command line: what a load would change and who will be told, `diff`; and doing it, `load`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cadence.cli import output
from cadence.cli.plans import Json, PlanFile, counted
from cadence.cli.session import Session, opened
from cadence.errors import Refused

if TYPE_CHECKING:
    from cadence.core.changes import ChangeSet
    from cadence.core.model import Bundle, ByHand, Problem
    from cadence.services.reconcile import Prepared
    from cadence.services.telling import Telling

commands = typer.Typer()

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Force = Annotated[bool, typer.Option(help="Load in spite of dangers.")]
Every = Annotated[bool, typer.Option("--all", help="Name every single task.")]
Backfill = Annotated[bool, typer.Option(help="Count what is over as well, without reminding.")]
Quietly = Annotated[bool, typer.Option(help="Leave messages that were sent as they are.")]


@dataclass(frozen=True, slots=True)
class Shown:
    """A load that was looked at: what it would do and who would be told. None for a plan with errors."""

    prepared: Prepared | None
    tellings: tuple[Telling, ...]
    problems: tuple[Problem, ...]


@commands.command()
def diff(
    ctx: typer.Context,
    plan: PlanFile,
    json: Json = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 3 when changes are pending.")] = False,
    backfill: Backfill = False,
    every: Every = False,
) -> None:
    """Show what loading a plan would change, and who would be told what."""
    with opened(ctx) as session:
        shown = look_at_file(session, plan, backfill=backfill)
        prepared = show(session, shown, json=json, every=every)
    if exit_code and not prepared.change_set.is_empty:
        raise typer.Exit(3)


@commands.command()
def load(
    ctx: typer.Context,
    plan: PlanFile,
    yes: Yes = False,
    force: Force = False,
    expect: Annotated[str | None, typer.Option(metavar="HASH", help="Load only these very changes.")] = None,
    backfill: Backfill = False,
    quietly: Quietly = False,
    dry_run: Annotated[bool, typer.Option(help="Show the changes and stop.")] = False,
    json: Json = False,
    every: Every = False,
) -> None:
    """Load a plan: show what changes, ask, and apply it in one transaction."""
    with opened(ctx) as session:
        shown = look_at_file(session, plan, backfill=backfill)
        prepared = show(session, shown, json=json, every=every, quietly=quietly)
        if not dry_run:
            agree(prepared.change_set, yes=yes or json, force=force, expect=expect)
            carry_out(session, prepared, force=force, backfill=backfill, quietly=quietly)
    if not (json or dry_run):
        output.talk(f"{prepared.change_set.plan} is loaded")


def look_at_file(session: Session, plan: Path, *, backfill: bool) -> Shown:
    """The plan file at `plan`, looked at as `look_at` does. It may name people by keys that only the installation
    knows: those they had under an earlier name."""
    from cadence.services.gather import gather

    with session.context.store.read() as work:
        aliases = work.people.aliases()
    bundle, problems = gather(plan, aliases)
    if bundle is None:
        return Shown(None, (), problems)
    shown = look_at(session, bundle, backfill=backfill)
    return Shown(shown.prepared, shown.tellings, tuple(dict.fromkeys((*problems, *shown.problems))))


def look_at(
    session: Session,
    bundle: Bundle,
    *,
    backfill: bool = False,
    moved: Mapping[str, date] | None = None,
    by_hand: Iterable[ByHand] | None = None,
) -> Shown:
    """What loading `bundle` would do; nothing is written. `moved` and `by_hand` as in `reconcile.prepare`."""
    from cadence.services.reconcile import prepare
    from cadence.services.telling import tellings

    with session.context.store.read() as work:
        prepared, problems = prepare(
            work, session.context, bundle, session.now, backfill=backfill, moved=moved, by_hand=by_hand
        )
        news = tellings(work, session.context, prepared, session.now) if prepared else ()
    return Shown(prepared, news, problems)


def show(session: Session, shown: Shown, *, json: bool, every: bool = False, quietly: bool = False) -> Prepared:
    """Prints the whole; ends the command where the plan has errors."""
    output.problems(shown.problems)
    if shown.prepared is None:
        _refuse_errors(shown.problems, json=json)
    if json:
        _document(shown, shown.prepared, quietly=quietly)
    else:
        _print(session, shown.prepared, shown.tellings, every=every, quietly=quietly)
    return shown.prepared


def _refuse_errors(problems: tuple[Problem, ...], *, json: bool) -> NoReturn:
    from cadence.core.documents import no_change_set

    if json:
        output.document(no_change_set(problems))
    raise Refused(f"the plan has errors ({counted(problems)})")


def _document(shown: Shown, prepared: Prepared, *, quietly: bool) -> None:
    from cadence.core.documents import change_set, news

    compiled = prepared.compiled
    told = [news(one.told, one.channel, one.brief, 0 if quietly else one.rewritten) for one in shown.tellings]
    output.document(change_set(prepared.change_set, compiled.bundle.hash, compiled.directory, shown.problems, told))


def _print(session: Session, prepared: Prepared, tellings: tuple[Telling, ...], *, every: bool, quietly: bool) -> None:
    """The summary first; on a terminal groups with examples, in a pipe every change as a row; then who is told."""
    from cadence.cli.changes import Names, every_change, lines, news, summary

    say, changes = session.context.words("en").say, prepared.change_set
    names = Names(prepared.compiled.directory, prepared.before, say)
    output.talk(summary(changes, say))
    found = every_change(changes, names)
    if on_terminal():
        for line in lines(found, say, whole=every):
            output.line(line)
    else:
        output.rows((), (one.row for one in found))
    for milestone in changes.milestones:
        output.talk(say("changes.moved", what=milestone))
    for person in changes.people:
        output.talk(say("changes.by_hand", what=person))
    if tellings:
        output.talk(say("changes.heading"))
        for line in news(tellings, names, quietly=quietly):
            output.talk(f"  {line}")
    if quietly:
        output.talk(say("changes.quietly"))
    for danger in changes.dangers:
        output.talk(output.cell(say("changes.danger", message=danger.message)))
    output.talk(say("changes.hash", hash=changes.hash))


def on_terminal() -> bool:
    return sys.stdout.isatty()


def agree(changes: ChangeSet, *, yes: bool, force: bool, expect: str | None = None) -> None:
    """Ends the command unless the changes are meant."""
    if expect is not None and expect != changes.hash:
        raise Refused(f"the changes are {changes.hash} by now, not {expect}; look at `diff` again")
    if changes.dangers and not force:
        dangers = "; ".join(danger.message for danger in changes.dangers)
        raise Refused(f"{dangers}; nothing was loaded; add --force if that is meant")
    if yes or (changes.is_empty and not (changes.milestones or changes.people)):
        return
    if not output.is_asking():
        raise Refused("nobody is there to be asked, so nothing was loaded; add --yes")
    if not output.confirmed("Load this?"):
        raise Refused("nothing was loaded")


def carry_out(
    session: Session,
    prepared: Prepared,
    *,
    force: bool,
    backfill: bool = False,
    quietly: bool = False,
) -> None:
    """What was shown, or nothing: the hash of what was shown is demanded."""
    from cadence.services import reconcile

    bundle = prepared.compiled.bundle
    reconcile.load(
        session.context,
        bundle,
        session.now,
        author=os.environ.get("USER", ""),
        force=force,
        expect=prepared.change_set.hash,
        backfill=backfill,
        quietly=quietly,
        moved=dict(bundle.moved),
        by_hand=bundle.by_hand,
    )
