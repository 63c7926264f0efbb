"""Tasks on the command line: find them and look at one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import day, opened
from cadence.core.model import State
from cadence.errors import NothingToActOn

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.core.model import Task
    from cadence.store import Work

commands = typer.Typer()

TaskId = Annotated[str, typer.Argument(metavar="ID", help="A task's id or how it begins.", show_default=False)]
By = Annotated[str | None, typer.Option("--by", metavar="KEY", help="Who says so; without it the operator.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@commands.command()
def tasks(
    ctx: typer.Context,
    plan: Annotated[str | None, typer.Option(help="Of this plan.")] = None,
    holder: Annotated[str | None, typer.Option(metavar="KEY", help="Of this person.")] = None,
    state: Annotated[State | None, typer.Option(help="In this state.")] = None,
    activity: Annotated[str | None, typer.Option(help="Of this activity.")] = None,
    since: Annotated[str | None, typer.Option("--from", metavar="D", help="From this day on.")] = None,
    until: Annotated[str | None, typer.Option(metavar="D", help="Through this day.")] = None,
    json: Json = False,
) -> None:
    """List tasks, by date; without filters all there are."""
    first, last = day(since), day(until)
    with opened(ctx) as session, session.looking() as (work, situation):
        _check_names(work, plan, holder)
        stored = work.tasks.find(plan=plan, states=[state] if state else None)
        found = [
            task
            for task in stored
            if activity in (None, task.occurrence.activity) and (first or task.date) <= task.date <= (last or task.date)
        ]
        _list(work, situation, found, holder, json=json)


def _check_names(work: Work, plan: str | None, holder: str | None) -> None:
    if plan is not None and work.plans.get(plan) is None:
        raise NothingToActOn(f"there is no plan '{plan}'; `cadence plans` lists them")
    if holder is not None:
        known_person(work, holder)


def known_person(work: Work, key: str) -> None:
    """Raises NothingToActOn, with a near miss, for a key that nobody has."""
    known = work.people.all()
    if key not in known:
        close = get_close_matches(key, known, 1)
        hint = f"did you mean {close[0]}?" if close else "`cadence people list` shows them"
        raise NothingToActOn(f"there is no person '{key}'; {hint}")


def _list(work: Work, situation: Situation, found: Sequence[Task], holder: str | None, *, json: bool) -> None:
    from cadence.services.listing import holder_of, task_documents

    holders = {task.id: holder_of(task, situation) for task in found}
    wanted = [task for task in found if holder in (None, holders[task.id])]
    if json:
        output.document(task_documents(work, situation, wanted))
        return
    names = {key: person.name for key, person in situation.persons.items()}
    output.rows(
        ("id", "when", "what", "who", "state"),
        (
            (
                task.id,
                output.when(task.starts, task.occurrence.timezone) if task.starts else task.date,
                task.occurrence.title,
                names.get(holders[task.id] or "", holders[task.id] or "nobody"),
                task.state.value,
            )
            for task in wanted
        ),
    )


@commands.command()
def show(ctx: typer.Context, task_id: TaskId, json: Json = False) -> None:
    """Show one task: who, when, why; what is asked, last time's answer on top; what happened."""
    from cadence.cli.showing import printed, whole
    from cadence.services.respond import find_task

    with opened(ctx) as session, session.looking() as (work, situation):
        document = whole(work, situation, find_task(work, task_id), session.context.words("en"))
        if json:
            output.document(document)
        else:
            printed(document, session.context.words("en"))
