"""Running: one process for everything, its parts on their own, one beat by hand."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import Options, opened, settings_of
from cadence.cli.tasks import Json

if TYPE_CHECKING:
    from cadence.services.beat import Beat

commands = typer.Typer()

Host = Annotated[str, typer.Option(help="The address to listen on.")]
Port = Annotated[int, typer.Option(help="The port to listen on.")]


@commands.command()
def run(
    ctx: typer.Context,
    once: Annotated[bool, typer.Option("--once", help="One beat, then end.")] = False,
    now: Annotated[str | None, typer.Option(metavar="INSTANT", help="The clock of this process.")] = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    json: Json = False,
) -> None:
    """Run cadence: scheduler and web in one process."""
    if now is not None:
        ctx.obj = Options(now)
    if once:
        _beat_once(ctx, json=json)
        return
    from cadence.cli import process

    process.run(settings_of(ctx), host=host, port=port)


def _beat_once(ctx: typer.Context, *, json: bool) -> None:
    from cadence.services.beat import beat

    with opened(ctx, stream=sys.stderr if json else sys.stdout) as session:
        done = beat(session.context, session.now)
    if json:
        output.document(_beat_document(done))
    else:
        counts = f"{done.sent} sent, {done.failed} failed, {done.waiting} waiting"
        output.talk(f"{output.when(done.now)}: {counts}; next {output.when(done.next)}")


def _beat_document(done: Beat) -> dict[str, object]:
    from cadence.core.documents import value

    counts = {"sent": done.sent, "failed": done.failed, "waiting": done.waiting}
    return {"now": value(done.now), **counts, "next": value(done.next)}


@commands.command()
def worker(ctx: typer.Context) -> None:
    """Run the scheduler alone."""
    from cadence.cli import process

    process.work(settings_of(ctx))


@commands.command()
def web(ctx: typer.Context, host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Run the web alone: feeds, Slack's callbacks, health."""
    from cadence.cli import process

    process.serve(settings_of(ctx), host=host, port=port)
