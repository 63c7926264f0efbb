"""Messages on the command line: what was sent, what is held back, what next week's digest would say."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from cadence.cli import output
from cadence.cli.session import Session, day, opened
from cadence.cli.tasks import Json, known_person
from cadence.core.model import Source
from cadence.errors import NothingToActOn, WrongUsage

if TYPE_CHECKING:
    from cadence.channels import Page
    from cadence.core.agenda import Situation
    from cadence.core.model import Delivery
    from cadence.store import Work

commands = typer.Typer()
digest = typer.Typer(no_args_is_help=True, help="The weekly digest.")


@commands.command()
def sent(
    ctx: typer.Context,
    to: Annotated[str | None, typer.Option(metavar="KEY", help="To this person.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="D", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="Through this day.")] = None,
    task: Annotated[str | None, typer.Option(metavar="ID", help="That show this task.")] = None,
    text: Annotated[bool, typer.Option("--text", help="With what they said.")] = False,
    json: Json = False,
) -> None:
    """List the messages that were sent, oldest first."""
    first, last = day(since), day(until)
    with opened(ctx) as session, session.context.store.read() as work:
        from cadence.services.listing import delivery_documents

        found = _sent(work, to, first, last, task)
        listed = delivery_documents(work, session.now, () if text and not json else found)
    if json:
        output.document(listed)
        return
    if text:
        for one in found:
            output.line(
                f"== {output.cell(one.sent_at)} · {one.recipient} · {output.cell(one.subject)} ==\n{one.text}\n"
            )
        return
    output.rows(
        ("when", "to", "channel", "kind", "subject", "answers"),
        (
            (
                one.sent_at,
                one.recipient,
                one.channel,
                one.kind.value,
                one.subject,
                len(cast("list[object]", shown["answers"])),
            )
            for one, shown in zip(found, listed, strict=True)
        ),
    )


def _sent(work: Work, to: str | None, first: date | None, last: date | None, task: str | None) -> tuple[Delivery, ...]:
    from cadence.services.respond import find_task

    if to is not None:
        known_person(work, to)
    return work.ledger.sent(
        to=to,
        since=_midnight(first) if first else None,
        until=_midnight(last + timedelta(days=1)) if last else None,
        task_id=find_task(work, task).id if task else None,
    )


def _midnight(when: date) -> datetime:
    """As the clock of this machine has it, like every time that is shown."""
    return datetime.combine(when, time()).astimezone()


# --- holds --------------------------------------------------------------------------------------------------------

OfPlan = Annotated[str | None, typer.Option(help="Of this plan.")]
OfTeam = Annotated[str | None, typer.Option(help="Of this team.")]
OfPerson = Annotated[str | None, typer.Option(help="To this person.")]


def _scope(plan: str | None, team: str | None, person: str | None) -> str:
    given = [f"{word}/{key}" for word, key in (("plan", plan), ("team", team), ("person", person)) if key]
    if len(given) > 1:
        raise WrongUsage("name one of --plan, --team and --person")
    return given[0] if given else "all"


@commands.command()
def hold(
    ctx: typer.Context,
    plan: OfPlan = None,
    team: OfTeam = None,
    person: OfPerson = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="The last day of the hold.")] = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; keepers see it.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show what is held.")] = False,
    json: Json = False,
) -> None:
    """Stop messages: all of them, or those of one plan, team or person."""
    from cadence.services import quiet

    scope, last = _scope(plan, team, person), day(until)
    with opened(ctx) as session:
        if not listed:
            if last is None or not (reason or "").strip():
                raise WrongUsage("hold needs --until DAY and --reason TEXT")
            with session.context.store.begin() as work:
                quiet.hold(work, scope, last, reason or "", Source.CLI, session.now)
        _holds(session, json=json)


def _holds(session: Session, *, json: bool) -> None:
    with session.context.store.read() as work:
        found = work.records.holds(session.now.date())
    if json:
        from cadence.core import documents

        output.document([documents.hold(one) for one in found])
    else:
        output.rows(("held", "until", "reason"), ((one.scope, one.until, one.reason) for one in found))


@commands.command()
def release(
    ctx: typer.Context, plan: OfPlan = None, team: OfTeam = None, person: OfPerson = None, json: Json = False
) -> None:
    """Let messages go again."""
    from cadence.services import quiet

    scope = _scope(plan, team, person)
    with opened(ctx) as session:
        with session.context.store.begin() as work:
            quiet.release(work, scope, Source.CLI, session.now)
        _holds(session, json=json)


# --- digest -------------------------------------------------------------------------------------------------------


@digest.callback()
def _digest() -> None:
    """The weekly digest."""


@digest.command()
def preview(
    ctx: typer.Context,
    for_: Annotated[str | None, typer.Option("--for", metavar="KEY", help="For this person.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="For everybody who gets one.")] = False,
    week: Annotated[
        str | None, typer.Option(metavar="YYYY-Www", help="The ISO week, such as 2027-W07; else the one before this.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where the files go.")] = Path("digest"),
    json: Json = False,
) -> None:
    """Write the digest of a week as KEY.eml, KEY.html and KEY.txt; nothing is sent."""
    from cadence.services.report import audiences

    if (for_ is None) is not everybody:
        raise WrongUsage("write either --for KEY or --all")
    with opened(ctx) as session, session.looking() as (work, situation):
        if for_ is not None:
            known_person(work, for_)
        keys = [for_] if for_ is not None else list(audiences(situation))
        if not keys:
            raise NothingToActOn("nobody gets a digest; load a plan first")
        week = _week_before(session.now) if week is None else week
        out.mkdir(parents=True, exist_ok=True)
        pages = [_page(session, situation, key, week) for key in keys]
        files = [str(path) for page in pages for path in _write(session, page, out)]
    if json:
        output.document({"week": week, "files": files})
    else:
        output.rows(("file",), ((file,) for file in files))


def _week_before(now: datetime) -> str:
    """The last week that is complete, as ISO names it."""
    year, week, _ = (now - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def _page(session: Session, situation: Situation, key: str, week: str) -> Page:
    from cadence.services.report import digest_key, digest_of, page_of

    try:
        figures = digest_of(situation, key, week)
    except ValueError:
        raise WrongUsage(f"'{week}' is not a week; write --week 2027-W07") from None
    return page_of(session.context, figures, situation, digest_key(figures.to, week), session.now)


def _write(session: Session, page: Page, out: Path) -> list[Path]:
    """The files of one digest, the mail exactly as it would be handed to the server. Without address no mail."""
    from cadence.channels.email.channel import EmailChannel, Server
    from cadence.channels.email.mime import Sender, deliverable
    from cadence.clock import fixed

    parts = {"html": page.html.encode(), "txt": page.text.encode()}
    if deliverable(page.to.email):
        sender = Sender.written(session.context.sender, session.context.reply_to)
        mail = EmailChannel(Server("nowhere"), sender, fixed(session.now)).render_page(page)
        parts["eml"] = mail.payload.encode("ascii")
    paths = [out / f"{page.to.key}.{ending}" for ending in parts]
    for path, content in zip(paths, parts.values(), strict=True):
        path.write_bytes(content)
    return paths
