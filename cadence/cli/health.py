"""`doctor`: a look at settings, people, messages and the last beat; what is wrong is said with its remedy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import typer

from cadence.cli import output
from cadence.cli.session import Session, opened
from cadence.cli.tasks import Json

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.core.model import Person
    from cadence.store import Work

commands = typer.Typer()

LATE = timedelta(minutes=15)
"""A beat is due every few seconds; without one for so long, nobody is at work."""
LATELY = timedelta(days=7)


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
    yield Check("heartbeat", None, "set" if settings.heartbeat_url else "not set: nobody outside notices a silence")
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
        yield from _reachable(session, situation)
        feeds = [feed for feed in work.feeds.list() if feed.revoked_at is None]
        yield Check("feeds", None, f"{len(feeds)} open")
        for hold in situation.holds:
            yield Check("hold", None, f"{hold.scope} until {hold.until}: {hold.reason}")


def _last_beat(work: Work, session: Session) -> Check:
    from cadence.clock import instant

    marked = work.records.marked("beat")
    if marked is None:
        return Check("last beat", None, "there was none yet; `cadence run` starts them")
    last = instant(marked)
    return Check("last beat", session.now - last <= LATE, output.when(last))


def _deliveries(work: Work, now: datetime) -> Iterator[Check]:
    from cadence.core.model import DeliveryState, MessageKind
    from cadence.services.audit import audit

    waiting, found = work.ledger.waiting(), audit(work, now)
    unknown = waiting[DeliveryState.UNKNOWN]
    failed = sum(one.state is DeliveryState.FAILED for one in work.ledger.recent(MessageKind, now - LATELY))
    yield Check("waiting", None, f"{sum(waiting.values())} messages")
    oldest = f"due since {output.when(found.oldest)}" if found.oldest else "nothing that is due waits"
    yield Check("oldest unsettled", not found.is_late, oldest)
    yield Check("in doubt", unknown == 0, f"{unknown} messages that may or may not have arrived")
    yield Check("failed", failed == 0, f"{failed} messages of the last {LATELY.days} days that reached nobody")
    yield Check("sent twice", found.twice == 0, f"{found.twice} messages")
    yield Check("stuck", found.stuck == 0, f"{found.stuck} messages that a dead process left behind")


def _reachable(session: Session, situation: Situation) -> Iterator[Check]:
    """Each person whom nothing reaches, by address or in fact; one line when all is well."""
    if set(session.context.channels) == {"console"}:
        yield Check("reachable", None, "nobody: neither Slack nor mail is set up, messages appear on the console")
        return
    lost = list(_lost(session, _here(situation), situation.unreachable))
    yield from lost or [Check("reachable", True, f"everybody, {len(_here(situation))} people")]


def _here(situation: Situation) -> Mapping[str, Person]:
    """Whoever is in some plan today."""
    return {
        key: person
        for key, person in sorted(situation.persons.items())
        if any(known.is_here(key, situation.today(key)) for known in situation.directories.values())
    }


def _lost(session: Session, persons: Mapping[str, Person], unreachable: tuple[str, ...]) -> Iterator[Check]:
    from cadence.channels import ways

    for key, person in persons.items():
        tried = [way.name for way in ways(session.context.channels, person)]
        if not tried:
            yield Check("reachable", False, f"{key}: no channel has an address; add an e-mail to the people file")
        elif key in unreachable:
            yield Check(
                "reachable", False, f"{key}: the last message failed by {', '.join(tried)}; see `cadence why {key}`"
            )
