"""All commands under one root, in the order in which `--help` lists them."""

from __future__ import annotations

from typing import Annotated

import typer

from cadence import __version__
from cadence.cli import (
    answering,
    decisions,
    health,
    init,
    loading,
    messages,
    milestones,
    plans,
    rehearsing,
    running,
    tasks,
    why,
)
from cadence.cli.database import db
from cadence.cli.errors import Guarded
from cadence.cli.feeds import feed
from cadence.cli.messages import digest
from cadence.cli.output import line
from cadence.cli.people import people
from cadence.cli.session import Options
from cadence.clock import instant

app = typer.Typer(
    cls=Guarded,
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    help="Keeps the reinforcement of a sales rollout going.",
)


def _version(wanted: bool) -> None:
    if wanted:
        line(f"cadence {__version__}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    now: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="The clock of this command, as 2027-01-11T08:00:00Z.")
    ] = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")] = False,
) -> None:
    if now is not None:
        instant(now)
    ctx.obj = Options(now)


for commands in (
    init.commands,
    plans.commands,
    loading.commands,
    milestones.commands,
    rehearsing.commands,
    tasks.commands,
    answering.commands,
    decisions.commands,
):
    app.add_typer(commands)
app.add_typer(people, name="people")
app.add_typer(messages.commands)
app.add_typer(why.commands)
app.add_typer(digest, name="digest")
app.add_typer(feed, name="feed")
app.add_typer(running.commands)
app.add_typer(health.commands)
app.add_typer(db, name="db")
