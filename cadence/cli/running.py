"""Running: one process for everything, its parts on their own, one beat by hand, and a look at its health."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import Options, Session, opened, settings_of
from cadence.cli.tasks import Json

if TYPE_CHECKING:
    from cadence.core.model import Person
    from cadence.services.beat import Beat
    from cadence.store import Work

commands = typer.Typer()

LATE = timedelta(minutes=15)
"""A beat is due every few seconds; without one for so long, nobody is at work."""
LATELY = timedelta(days=7)

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


# --- doctor -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `ok` None says that it is neither right nor wrong."""

    name: str
    ok: bool | None
    says: str


@commands.command()
def doctor(ctx: typer.Context, json: Json = False) -> None:
    """Look whether everything is in order; ends with 1 when something is not."""
    with opened(ctx) as session:
        checks = [*_settings(session), *_state(session)]
    if json:
        output.document([{"check": one.name, "ok": one.ok, "says": one.says} for one in checks])
    else:
        marks = {True: "ok", False: "WRONG", None: "-"}
        output.rows(("", "what", "how"), ((marks[one.ok], one.name, one.says) for one in checks))
    if any(one.ok is False for one in checks):
        raise typer.Exit(1)


def _settings(session: Session) -> Iterator[Check]:
    """Which are set; never what to."""
    settings = session.settings
    yield Check("slack", None, "bot token set" if settings.slack.bot_token else "not set up")
    if settings.slack.bot_token and not settings.slack.signing_secret:
        yield Check("slack answers", False, "set CADENCE_SLACK__SIGNING_SECRET, or no button works")
    yield Check("mail", None, "server set" if settings.mail.host else "not set up")
    yield Check("base url", None, settings.base_url or "not set: messages hold no links")
    yield Check("secret key", None, "set" if settings.secret_key else "not set")
    if settings.redirect:
        yield Check("redirect", None, f"every message goes to {settings.redirect}")


def _state(session: Session) -> Iterator[Check]:
    from cadence.store.migrations import HEAD

    with session.looking() as (work, situation):
        plans = [stored.plan for stored in work.plans.current()]
        yield Check("database", True, f"reachable, schema {HEAD}")
        yield Check("plans", None, ", ".join(plans) or "none is loaded")
        yield _last_beat(work, session)
        yield from _deliveries(work, session.now)
        yield _reachable(session, situation.persons)
        feeds = [feed for feed in work.feeds.list() if feed.revoked_at is None]
        yield Check("feeds", None, f"{len(feeds)} open")
        for hold in situation.holds:
            yield Check("hold", None, f"{hold.scope} until {hold.until}")


def _last_beat(work: Work, session: Session) -> Check:
    from cadence.clock import instant

    marked = work.records.marked("beat")
    if marked is None:
        return Check("last beat", None, "there was none yet; `cadence run` starts them")
    last = instant(marked)
    return Check("last beat", session.now - last <= LATE, output.when(last))


def _deliveries(work: Work, now: datetime) -> Iterator[Check]:
    from cadence.core.model import DeliveryState, MessageKind

    waiting = work.ledger.waiting()
    unknown = waiting[DeliveryState.UNKNOWN]
    failed = sum(one.state is DeliveryState.FAILED for one in work.ledger.recent(MessageKind, now - LATELY))
    twice = work.ledger.doubles()
    yield Check("waiting", None, f"{sum(waiting.values())} messages")
    yield Check("in doubt", unknown == 0, f"{unknown} messages that may or may not have arrived")
    yield Check("failed", failed == 0, f"{failed} messages of the last {LATELY.days} days that reached nobody")
    yield Check("sent twice", twice == 0, f"{twice} messages")


def _reachable(session: Session, persons: Mapping[str, Person]) -> Check:
    from cadence.channels import ways

    if set(session.context.channels) == {"console"}:
        return Check("reachable", None, "nobody: neither Slack nor mail is set up, messages appear on the console")
    lost = [key for key, person in persons.items() if not ways(session.context.channels, person)]
    return Check("reachable", not lost, f"no channel reaches {', '.join(lost)}" if lost else "everybody")


# --- database -----------------------------------------------------------------------------------------------------

db = typer.Typer(no_args_is_help=True, help="The database.")


@db.callback()
def _db() -> None:
    """The database."""


@db.command()
def upgrade(ctx: typer.Context) -> None:
    """Bring the database to this program's schema; a SQLite file is brought there by any command."""
    from cadence.store import open_store

    open_store(settings_of(ctx).database_url, asked_to_upgrade=True).close()
    output.talk("the database is up to date")
