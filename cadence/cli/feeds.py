"""Calendar feeds on the command line: print one, open one under a secret address, list, rotate, revoke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import Session, opened
from cadence.cli.tasks import Json
from cadence.errors import WrongUsage

if TYPE_CHECKING:
    from cadence.core.documents import Document
    from cadence.store import Feed

feed = typer.Typer(no_args_is_help=True, help="Calendars to subscribe to.")

OfPerson = Annotated[str | None, typer.Option(metavar="KEY", help="Of a person.")]
OfTeam = Annotated[str | None, typer.Option(metavar="KEY", help="Of a team.")]
OfRole = Annotated[str | None, typer.Option(metavar="KEY", help="Of a role.")]
OfPlan = Annotated[str | None, typer.Option(metavar="KEY", help="Of a whole plan.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="As `feed list` shows it.", show_default=False)]


def _whose(person: str | None, team: str | None, role: str | None, plan: str | None) -> tuple[str, str]:
    named = {"person": person, "team": team, "role": role, "plan": plan}
    given = [(kind, key) for kind, key in named.items() if key]
    if len(given) != 1:
        raise WrongUsage("name one of --person, --team, --role and --plan")
    return given[0]


@feed.command()
def show(
    ctx: typer.Context, person: OfPerson = None, team: OfTeam = None, role: OfRole = None, plan: OfPlan = None
) -> None:
    """Print a calendar, byte by byte as it is served."""
    from cadence.services.calendars import calendar_of

    kind, subject = _whose(person, team, role, plan)
    with opened(ctx) as session, session.context.store.read() as work:
        content = calendar_of(session.context, work, kind, subject, session.now)
    output.data(content)


@feed.command()
def add(
    ctx: typer.Context,
    person: OfPerson = None,
    team: OfTeam = None,
    role: OfRole = None,
    plan: OfPlan = None,
    json: Json = False,
) -> None:
    """Open a calendar under a secret address, which is shown this once."""
    from cadence.services.calendars import new_feed

    kind, subject = _whose(person, team, role, plan)
    with opened(ctx) as session:
        with session.context.store.begin() as work:
            token = new_feed(work, kind, subject, session.now)
        _print_address(session, token, json=json)


def _print_address(session: Session, token: str, *, json: bool) -> None:
    base = (session.context.base_url or "").rstrip("/")
    address = f"{base}/feeds/{token}.ics"
    if not base:
        output.talk("cadence: CADENCE_BASE_URL is not set, so this is the path alone")
    if json:
        output.document({"url": address})
    else:
        output.line(address)


@feed.command("list")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """List the feeds; their addresses are known to nobody but those who have them."""
    with opened(ctx) as session, session.context.store.read() as work:
        found = work.feeds.list()
    if json:
        output.document([_document(one) for one in found])
        return
    output.rows(
        ("number", "of", "since", "last fetched", "revoked"),
        ((one.id, f"{one.kind}/{one.subject}", one.created_at, one.fetched_at, one.revoked_at) for one in found),
    )


def _document(one: Feed) -> Document:
    from cadence.core.documents import value

    instants = {"created_at": one.created_at, "fetched_at": one.fetched_at, "revoked_at": one.revoked_at}
    named: Document = {"id": one.id, "kind": one.kind, "subject": one.subject}
    return {**named, **{name: value(instant) for name, instant in instants.items()}}


@feed.command()
def rotate(ctx: typer.Context, number: Number, json: Json = False) -> None:
    """Give a feed a new address; the old one opens nothing any more."""
    from cadence.services.calendars import rotated_feed

    with opened(ctx) as session:
        with session.context.store.begin() as work:
            token = rotated_feed(work, number, session.now)
        _print_address(session, token, json=json)


@feed.command()
def revoke(ctx: typer.Context, number: Number) -> None:
    """Close a feed for good."""
    from cadence.services.calendars import revoke_feed

    with opened(ctx) as session, session.context.store.begin() as work:
        revoke_feed(work, number, session.now)
    output.talk(f"feed {number} is closed")
