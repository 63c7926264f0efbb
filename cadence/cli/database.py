"""The database on the command line: kept up to date, backed up, restored, checked, moved to a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cadence.cli import output
from cadence.cli.session import now_of, settings_of

db = typer.Typer(no_args_is_help=True, help="The database: backups, checks, and a move to a server.")

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Also over a database that holds data; it is kept beside.")]


@db.callback()
def _db() -> None:
    """The database: backups, checks, and a move to a server."""


@db.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the database to this program's schema; a SQLite file is brought there by any command."""
    from cadence.store import open_store

    open_store(settings_of(ctx).database_url, asked_to_upgrade=True).close()
    output.talk("the database is up to date")


@db.command()
def backup(ctx: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]) -> None:
    """Write the whole database to one new file, whoever is working meanwhile."""
    from cadence.store.backup import backup as write

    settings = settings_of(ctx)
    write(settings.database_url, file, now_of(settings))
    output.talk(f"{file} holds the whole database; keep it as safe as the database itself")


@db.command()
def restore(
    ctx: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)], yes: Yes = False
) -> None:
    """Put a backup in the place of the database. Nothing is sent until `cadence release`."""
    from cadence.bootstrap import clock_of, open_context
    from cadence.clock import system
    from cadence.services.restoring import quieten
    from cadence.store.backup import install, refuse_in_use, unpacked

    settings = settings_of(ctx)
    clock, url = clock_of(settings), settings.database_url
    refuse_in_use(url, system(), yes=yes)
    with unpacked(file) as (copy, taken):
        with open_context(settings.model_copy(update={"database_url": copy}), clock, sys.stderr) as context:
            aside = quieten(context, taken, clock())
        kept = install(copy, url, clock(), file.parent)
    if kept:
        output.talk(f"what was there before is in {kept}")
    output.talk(f"{file} is restored; {aside} messages are put aside, because they may have been sent already")
    output.talk("all messages are held: look at `cadence doctor` and `cadence tasks`, then `cadence release`")


@db.command()
def check(ctx: typer.Context) -> None:
    """Look whether the database is whole; ends with 1 and a line for each thing that is not."""
    from cadence.services.checking import contradictions
    from cadence.store import open_store
    from cadence.store.health import damage

    settings = settings_of(ctx)
    found = damage(settings.database_url)
    if not found:
        store = open_store(settings.database_url)
        try:
            with store.read() as work:
                found = tuple(contradictions(work, now_of(settings)))
        finally:
            store.close()
    for line in found:
        output.line(output.cell(line))
    if found:
        raise typer.Exit(1)
    output.talk("the database is whole")


@db.command()
def move(
    ctx: typer.Context, url: Annotated[str, typer.Argument(metavar="URL", help="postgresql://HOST/NAME, still empty.")]
) -> None:
    """Move a SQLite file to PostgreSQL, all of it. The old file is marked and opens no more."""
    from cadence.clock import system
    from cadence.store.backup import move as move_rows

    rows = move_rows(settings_of(ctx).database_url, url, system())
    output.talk(f"{rows} rows are moved and compared; set CADENCE_DATABASE_URL to the new address")
