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
    late: Annotated[
        float | None, typer.Option(min=0, max=1, help="The share of realistic people who are late; else 0.2.")
    ] = None,
    away: Annotated[list[str] | None, typer.Option(metavar="KEY:D..D", help="Somebody is away meanwhile.")] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="KEY", help="Somebody is not there from day one, and nobody follows.")
    ] = None,
    slack_down: Annotated[
        list[str] | None, typer.Option(metavar="D..D", help="Slack takes nothing on these days.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Leave there what everybody would have seen.")] = None,
    json: Json = False,
) -> None:
    """Show who would get which message when; nothing is sent, whatever is set up."""
    from functools import partial

    from cadence.services.gather import gather
    from cadence.services.rehearse import Manners, WhatIf, rehearse, write
    from cadence.services.rehearse.whatif import LATE_SHARE
    from cadence.templating import words

    if people not in {*Manners}:
        raise WrongUsage(f"'{people}' is no way to behave; it is one of {', '.join(Manners)}")
    if late is not None and people != Manners.REALISTIC:
        raise WrongUsage(f"--late is about realistic people; leave it out with --people {people}")
    what_if = WhatIf(
        manners=Manners(people),
        late=LATE_SHARE if late is None else late,
        away=tuple(_absence(text) for text in away or ()),
        without=tuple(dict.fromkeys(without or ())),
        slack_down=tuple(_days(text) for text in slack_down or ()),
    )
    speaking = partial(words, own=settings_of(ctx).templates)
    bundle, problems = gather(plan)
    found = None
    if bundle is not None:
        with _progress() as tick:
            found, problems = rehearse(
                bundle, speaking, days=days, seed=seed, what_if=what_if, calendars=out is not None, tick=tick
            )
    output.problems(problems)
    if found is None:
        raise Refused("the plan has errors; nothing was rehearsed")
    if out is not None:
        write(found, speaking(found.compiled.plan.language), out)
    if json:
        output.document(_document(found))
    else:
        _summary(found, speaking("en"), out)


def _absence(text: str) -> tuple[str, Days]:
    person, colon, span = text.rpartition(":")
    if not (colon and person):
        raise WrongUsage(f"'{text}' is no absence; write it as dana-ruiz:2027-02-08..2027-02-12")
    return person, _days(span)


def _days(text: str) -> Days:
    """`2027-02-08..2027-02-12`, or a single day."""
    from cadence.core.model import Days

    first, dots, last = text.partition("..")
    start, stop = day(first), day(last if dots else first)
    if start is None or stop is None or stop < start:
        raise WrongUsage(f"'{text}' is no span of days; write it as 2027-02-08..2027-02-12")
    return Days.inclusive(start, stop)


@contextmanager
def _progress() -> Iterator[Callable[[float, datetime], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("rehearsing"), BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=1.0)
        yield lambda share, now: progress.update(bar, completed=share, description=f"{now:%a %d %b}")


def _document(found: Rehearsal) -> dict[str, object]:
    from cadence.core.documents import value
    from cadence.services.rehearse import totals

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
        for one in found.first
    ]
    return {"messages": messages, "totals": totals(found)}


def _summary(found: Rehearsal, words: Words, out: Path | None) -> None:
    from cadence.services.rehearse import breaches, totals

    sums = totals(found)
    output.talk(
        f"{sums['messages']} messages to {sums['people']} people, {sums['rewrites']} rewritten in place; "
        f"{sums['done']} tasks done ({sums['on_time']} on time), {sums['missed']} missed, "
        f"{sums['escalations']} questions to somebody above"
    )
    output.talk(
        f"{sums['per_person_workday']:.1f} messages per person and working day; {_promise(len(breaches(found)))}"
    )
    if out is None:
        output.talk("name a folder with --out to look at every message")
        return
    from cadence.services.rehearse.writing import guide

    for line in guide(found, words, out):
        output.talk(line)


def _promise(broken: int) -> str:
    kept = "one brief a day, one message beside it and two such a week at most, all in working time"
    return f"kept: {kept}" if not broken else f"NOT kept, {broken} times: {kept}"
