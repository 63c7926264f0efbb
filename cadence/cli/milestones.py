"""Milestones on the command line: which a plan has, and moving one. A move is a load and shown as one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import loading, output
from cadence.cli.plans import Json
from cadence.cli.session import day, opened
from cadence.core.triggers.words import YEARS
from cadence.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.services.milestones import Milestone

commands = typer.Typer()


@commands.command()
def milestone(
    ctx: typer.Context,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The id of a loaded plan.", show_default=False)],
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A milestone, or rollout.")] = None,
    to: Annotated[str | None, typer.Option(metavar="DAY", help="Move it to this day.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Take its move back: what the file says counts again.")] = False,
    yes: loading.Yes = False,
    force: loading.Force = False,
    quietly: loading.Quietly = False,
    every: loading.Every = False,
    json: Json = False,
) -> None:
    """List a plan's milestones, or move one: `cadence milestone PLAN NAME --to DAY`."""
    from cadence.services.milestones import loaded_plan, milestones, moves

    wanted = _wanted(name, to, back=back)
    with opened(ctx) as session:
        with session.context.store.read() as work:
            stored = loaded_plan(work, plan)
            known = milestones(work, stored)
        if wanted is None:
            _list(plan, known, json=json)
            return
        moved = moves(stored, known, wanted, day(to))
        _refuse_past(wanted, day(to), session.now.date(), force=force)
        shown = loading.look_at(session, stored.bundle, moved=moved)
        prepared = loading.show(session, shown, json=json, every=every, quietly=quietly)
        loading.agree(prepared.change_set, yes=yes or json, force=force)
        loading.carry_out(session, prepared, force=force, quietly=quietly)
    if not json:
        output.talk(f"{plan} is loaded")


def _wanted(name: str | None, to: str | None, *, back: bool) -> str | None:
    """The milestone to move; None for the list."""
    if to is not None and back:
        raise WrongUsage("--to and --back exclude each other")
    if name is None and (to is not None or back):
        raise WrongUsage("which milestone? `cadence milestone PLAN` lists them")
    if name is not None and not (to or back):
        raise WrongUsage(f"write where {name} moves, `--to 2027-03-01`, or `--back`")
    return name


def _refuse_past(name: str, to: date | None, today: date, *, force: bool) -> None:
    """A day that is over is more often a slip of the year than meant; no plan names one of another century."""
    if to is not None and to.year not in YEARS:
        raise WrongUsage(f"{to} is out of reach; plans live between {YEARS.start} and {YEARS.stop - 1}")
    if to is not None and to < today and not force:
        raise Refused(f"{to} is over, so {name} stays where it is; add --force if that is meant")


def _list(plan: str, known: tuple[Milestone, ...], *, json: bool) -> None:
    if json:
        from cadence.core.documents import value

        listed = [
            {"name": one.name, "written": one.written, "day": value(one.day), "moved": value(one.moved)}
            for one in known
        ]
        output.document({"plan": plan, "milestones": listed})
        return
    output.rows(("milestone", "as written", "day", "moved to"), [(m.name, m.written, m.day, m.moved) for m in known])
