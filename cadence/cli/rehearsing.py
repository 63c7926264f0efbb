"""Rehearse: the whole program on a fake clock, for a person to look at before anybody is bothered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.plans import Json, PlanFile
from cadence.cli.session import day, settings_of
from cadence.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.core.model import Days
    from cadence.services.rehearse import Rehearsal
    from cadence.templating import Words

commands = typer.Typer()


@commands.command()
def rehearse(
    ctx: typer.Context,
    plan: PlanFile,
    days: Annotated[int, typer.Option(min=1, max=1100, help="How many days after day 0.")] = 30,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 7,
    people: Annotated[str, typer.Option(help="realistic, perfect or silent.")] = "realistic",
    late: Annotated[float, typer.Option(min=0, max=1, help="The share of people who answer late.")] = 0.2,
    away: Annotated[list[str] | None, typer.Option(metavar="KEY:D..D", help="Somebody is away meanwhile.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Leave there what everybody would have seen.")] = None,
    json: Json = False,
) -> None:
    """Show who would get which message when; nothing is sent, whatever is set up."""
    from functools import partial

    from cadence.services.gather import gather
    from cadence.services.rehearse import Manners, rehearse, write
    from cadence.templating import words

    if people not in {*Manners}:
        raise WrongUsage(f"'{people}' is no way to behave; it is one of {', '.join(Manners)}")
    speaking = partial(words, own=settings_of(ctx).templates)
    bundle, problems = gather(plan)
    found = None
    if bundle is not None:
        absences = [_absence(text) for text in away or ()]
        with _progress() as tick:
            found, problems = rehearse(
                bundle, speaking, days=days, seed=seed, manners=Manners(people), late=late, away=absences, tick=tick
            )
    output.problems(problems)
    if found is None:
        raise Refused("the plan has errors; nothing was rehearsed")
    if out is not None:
        write(found, speaking("en"), out)
    if json:
        output.document(_document(found))
    else:
        _summary(found, speaking("en"), out)


def _absence(text: str) -> tuple[str, Days]:
    from cadence.core.model import Days

    person, colon, span = text.partition(":")
    first, dots, last = span.partition("..")
    start, stop = day(first), day(last if dots else first)
    if not (colon and start and stop):
        raise WrongUsage(f"'{text}' is no absence; write it as dana-ruiz:2027-02-08..2027-02-12")
    return person, Days.inclusive(start, stop)


@contextmanager
def _progress() -> Iterator[Callable[[float, datetime], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("rehearsing"), BarColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=1.0)
        yield lambda share, now: progress.update(bar, completed=share, description=f"{now:%a %d %b}")


def _document(found: Rehearsal) -> dict[str, object]:
    from cadence.core.documents import value

    messages = [
        {
            "at": value(one.at),
            "to": one.to,
            "channel": one.channel,
            "kind": one.kind.value,
            "subject": one.subject,
            "text": one.text,
            "tasks": list(one.tasks),
        }
        for one in found.messages
        if not one.edits
    ]
    return {"messages": messages, "totals": found.totals}


def _summary(found: Rehearsal, words: Words, out: Path | None) -> None:
    totals = found.totals
    sent = sum(1 for message in found.messages if not message.edits)
    output.talk(
        f"{sent} messages to {len({m.to for m in found.messages})} people, {totals['rewrites']} rewritten in place; "
        f"{totals['done']} tasks done ({totals['on_time']} on time), {totals['missed']} missed, "
        f"{totals['decisions']} questions to somebody above"
    )
    if out is None:
        output.talk("name a folder with --out to look at every message")
        return
    from cadence.services.rehearse.writing import guide

    for line in guide(found, words, out):
        output.talk(line)
