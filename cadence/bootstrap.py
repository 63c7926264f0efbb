"""Puts the program together: settings and clock in, an open installation out. The only place that chooses channels.

The libraries behind the channels are imported when one is set up: a command that needs none does not wait for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, TextIO

from cadence.clock import Clock, fixed, instant, system
from cadence.errors import Refused

if TYPE_CHECKING:
    from pydantic import SecretStr

    from cadence.channels import Channel, InTime
    from cadence.core.model import Delivery, Outcome, Person
    from cadence.services.context import Context
    from cadence.settings import MailSettings, Settings, SlackSettings
    from cadence.store import Store

ONLY_CONSOLE = "cadence: neither Slack nor mail is set up; messages appear here and reach nobody (`cadence doctor`)"


def clock_of(settings: Settings) -> Clock:
    """The clock of this process: it stands still where `CADENCE_NOW` is set. Raises WrongUsage."""
    return fixed(instant(settings.now)) if settings.now else system


@contextmanager
def open_context(settings: Settings, clock: Clock, stream: TextIO) -> Iterator[Context]:
    """The installation, open for as long as the block runs. `stream` is where the console channel writes.

    Raises Unreachable for a database that does not answer and Refused for a redirect to nobody.
    """
    opened = context(settings, clock, stream=stream)
    try:
        yield opened
    finally:
        opened.store.close()


def context(settings: Settings, clock: Clock | None = None, *, stream: TextIO) -> Context:
    """The same without an end: whoever asks for it closes its store."""
    from cadence.services.context import Context
    from cadence.store import open_store
    from cadence.templating import words

    built = channels(settings, clock or clock_of(settings), stream)
    store = open_store(settings.database_url)
    try:
        check_redirect(store, settings.redirect)
    except BaseException:
        store.close()
        raise
    return Context(
        store=store,
        channels=built,
        words=partial(words, own=settings.templates),
        base_url=settings.base_url,
        redirect=settings.redirect,
        sender=settings.mail.sender,
        reply_to=settings.mail.reply_to,
        most_tasks=settings.most_tasks,
    )


def check_redirect(store: Store, redirect: str | None) -> None:
    """Raises Refused unless the one who is to get everything is known. An installation without people sends nothing."""
    if redirect is None:
        return
    with store.read() as work:
        known = work.people.all()
    if known and redirect not in known:
        close = get_close_matches(redirect, known, 1)
        meant = f"did you mean {close[0]}?" if close else "`cadence people list` shows the keys"
        raise Refused(f"CADENCE_REDIRECT names '{redirect}', whom nobody knows; {meant}")


def secrets_of(settings: Settings) -> frozenset[str]:
    """Every value that must never be written down."""
    from urllib.parse import urlsplit

    kept = (
        settings.slack.bot_token,
        settings.slack.app_token,
        settings.slack.signing_secret,
        settings.mail.password,
        settings.secret_key,
    )
    given = [part for secret in kept if secret for part in secret.get_secret_value().split(",")]
    return frozenset(filter(None, [*given, urlsplit(settings.database_url).password, settings.heartbeat_url]))


def channels(settings: Settings, clock: Clock, stream: TextIO) -> Mapping[str, Channel]:
    """Every channel that is set up, by name; the console when none is."""
    found: list[Channel] = []
    if settings.slack.bot_token:
        found.append(_slack(settings.slack, settings.slack.bot_token))
    if settings.mail.host:
        found.append(_mail(settings.mail, settings.mail.host, clock))
    return {channel.name: channel for channel in found or [_console(stream)]}


def _slack(settings: SlackSettings, token: SecretStr) -> Channel:
    from cadence.channels.slack.channel import SlackChannel

    return SlackChannel(token.get_secret_value(), base_url=settings.api_url, at_once=settings.at_once)


def _mail(settings: MailSettings, host: str, clock: Clock) -> Channel:
    from cadence.channels.email.channel import EmailChannel, Server
    from cadence.channels.email.mime import Sender

    password = settings.password.get_secret_value() if settings.password else None
    server = Server(host, settings.port, settings.tls, settings.username, password)
    return EmailChannel(server, Sender.written(settings.sender, settings.reply_to), clock, settings.at_once)


def _console(stream: TextIO) -> Channel:
    from cadence.channels.console import ConsoleChannel

    class Lonely(ConsoleChannel):
        """The console where nothing else is set up: with its first message it says so, once."""

        said = False

        def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
            if not self.said:
                self.said = True
                sys.stderr.write(f"{ONLY_CONSOLE}\n")
            return super().send(delivery, person, in_time)

    return Lonely(stream)
