"""What a command stands on: the settings, the clock and, for those that need it, the open installation."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TextIO

import typer

from cadence.cli.output import talk
from cadence.errors import WrongUsage

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.services.context import Context
    from cadence.settings import Settings
    from cadence.store import Work
    from cadence.templating import Words


LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class Options:
    """What stood before the command. `now` is an instant as written, None where none was given."""

    now: str | None = None


def settings_of(ctx: typer.Context) -> Settings:
    """The settings of this process; misspelt ones are named on stderr."""
    from cadence.settings import load_settings, misspelt

    for warning in misspelt(os.environ):
        talk(f"cadence: {warning}")
    settings = load_settings()
    options = ctx.find_object(Options)
    return settings.model_copy(update={"now": options.now}) if options and options.now else settings


def now_of(settings: Settings) -> datetime:
    """The instant at which this command runs."""
    from cadence.clock import instant, system

    return instant(settings.now) if settings.now else system()


def words_of(settings: Settings) -> Words:
    """The words of the command line: English, the installation's own first."""
    from cadence.templating import words

    return words("en", settings.templates)


@dataclass(frozen=True, slots=True)
class Session:
    """An open installation at one instant."""

    settings: Settings
    context: Context
    now: datetime

    @contextmanager
    def looking(self) -> Iterator[tuple[Work, Situation]]:
        """A transaction that reads, and the state of everything in it."""
        from cadence.services.installation import look

        with self.context.store.read() as work:
            yield work, look(work, self.now)


@contextmanager
def opened(ctx: typer.Context, *, stream: TextIO | None = None) -> Iterator[Session]:
    """Opens the installation for one command and closes it behind it. Messages on the console go to `stream`."""
    from cadence.bootstrap import clock_of, open_context

    settings = settings_of(ctx)
    clock = clock_of(settings)
    with open_context(settings, clock, stream or sys.stderr) as context:
        yield Session(settings, context, clock())


def day(text: str | None) -> date | None:
    """A day as written on the command line. Raises WrongUsage."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"'{text}' is not a day; write it as 2027-01-11") from None
    if found.year > LAST_YEAR:
        raise WrongUsage(f"'{text}' is too far ahead; name a day before {LAST_YEAR + 1}")
    return found
