"""Plans on the command line: check, compile, and what helps to write one (`init`, `loading` are next door)."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import opened, settings_of, words_of
from cadence.errors import NothingToActOn, WrongUsage

if TYPE_CHECKING:
    from cadence.core.model import Problem
    from cadence.services.compiling import Compiled

commands = typer.Typer()

PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan file.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def compiled_plan(ctx: typer.Context, plan: Path) -> tuple[Compiled | None, tuple[Problem, ...]]:
    """Gathers and compiles without any database."""
    from cadence.services.compiling import compiled
    from cadence.services.gather import gather

    bundle, problems = gather(plan)
    if bundle is None:
        return None, problems
    settings = settings_of(ctx)
    result, found = compiled(bundle, words_of(settings).say, limit=settings.most_tasks)
    return result, tuple(dict.fromkeys((*problems, *found)))


def counted(problems: tuple[Problem, ...]) -> str:
    severities = Counter(str(problem.severity) for problem in problems)
    return ", ".join(many(severities[word], word) for word in ("error", "warning", "note"))


def many(count: int, one: str, more: str | None = None) -> str:
    """`1 task`, `2 tasks`; `more` is the plural where it is not the word and an s."""
    return f"{count} {one if count == 1 else more or f'{one}s'}"


@commands.command()
def check(ctx: typer.Context, plan: PlanFile, json: Json = False) -> None:
    """Read and compile a plan; every mistake and finding, at its place."""
    result, problems = compiled_plan(ctx, plan)
    output.problems(problems)
    size = ""
    if result is not None:
        dates, tasks = result.compilation.dates, result.compilation.schedule
        accepted = f", {result.compilation.accepted} accepted" if result.compilation.accepted else ""
        much = f"{many(len(tasks), 'task')} for {many(len(result.directory.persons), 'person', 'people')}"
        size = f"{accepted}; {much}, {dates.rollout} to {dates.ends}"
    output.talk(f"{plan}: {counted(problems)}{size}")
    if json:
        from cadence.core.documents import findings

        plan_id = result.plan.id if result else None
        bundle_hash = result.bundle.hash if result else None
        output.document({"plan": plan_id, "hash": bundle_hash, "findings": findings(problems)})
    if result is None:
        raise typer.Exit(1)


@commands.command("compile")
def compile_(
    ctx: typer.Context,
    plan: PlanFile,
    json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Rows for a spreadsheet.")] = False,
    as_ics: Annotated[bool, typer.Option("--ics", help="A calendar.")] = False,
) -> None:
    """Show every task of a plan: who, what, when."""
    if json + as_csv + as_ics > 1:
        raise WrongUsage("--json, --csv and --ics exclude each other")
    result, problems = compiled_plan(ctx, plan)
    output.problems(problems)
    if json:
        _compile_json(result, problems)
    if result is None:
        raise typer.Exit(1)
    if as_csv:
        _compile_csv(result)
    elif as_ics:
        _compile_ics(ctx, result)
    elif not json:
        _compile_table(result)


def _compile_json(result: Compiled | None, problems: tuple[Problem, ...]) -> None:
    from cadence.core import documents

    if result is None:
        output.document(documents.not_compiled(problems))
    else:
        compilation, directory = result.compilation, result.directory
        output.document(documents.compiled(result.plan.id, result.bundle.hash, compilation, directory, problems))


def _compile_csv(result: Compiled) -> None:
    from cadence.core.documents import holder_of, occurrence

    found = [occurrence(asked, holder_of(asked, result.directory)) for asked in result.compilation.schedule]
    headings = list(found[0]) if found else []
    output.data(output.csv_text(headings, (list(row.values()) for row in found)))


def _compile_ics(ctx: typer.Context, result: Compiled) -> None:
    from cadence.core.documents import holder_of
    from cadence.core.model import Task
    from cadence.feeds import Audience, calendar, items

    say, plan, directory = words_of(settings_of(ctx)).say, result.plan, result.directory
    stamp = directory.calendar.opening(plan.rollout)  # not the clock: the same plan gives the same bytes
    tasks = [Task(occurrence=asked, changed_at=stamp) for asked in result.compilation.schedule]
    everything = Audience("plan", plan.id)
    events = items(
        tasks,
        result.directory,
        say,
        stamp,
        everything,
        holder=lambda task: holder_of(task.occurrence, result.directory),
    )
    output.data(calendar(say("feed.plan", name=plan.title), f"plan-{plan.id}", events))


def _compile_table(result: Compiled) -> None:
    from cadence.core.documents import holder_of

    directory = result.directory
    found = []
    for asked in result.compilation.schedule:
        holder = holder_of(asked, directory)
        at = output.when(asked.starts, asked.timezone) if asked.starts else asked.date
        found.append(
            (asked.id, at, asked.title, directory.name(holder) if holder else "nobody", asked.date_state.value)
        )
    output.rows(("id", "when", "what", "who", "day"), found)


@commands.command()
def plans(ctx: typer.Context, json: Json = False) -> None:
    """List the plans that are loaded and those that ship with cadence."""
    from cadence.services.gather import shipped

    with opened(ctx) as session, session.context.store.read() as work:
        loaded = work.plans.current()
    ready = sorted(path.stem for path in shipped("any").parent.glob("*.yaml"))
    if json:
        from cadence.core.documents import value

        current = [{"plan": one.plan, "hash": one.bundle.hash, "loaded_at": value(one.loaded_at)} for one in loaded]
        output.document({"loaded": current, "shipped": ready})
        return
    found = [("loaded", one.plan, one.loaded_at) for one in loaded]
    output.rows(("", "plan", "since"), [*found, *(("shipped", name, None) for name in ready)])


@commands.command()
def schema() -> None:
    """Print the JSON Schema of the plan language, for editors."""
    from cadence.core.planfile import json_schema

    output.document(json_schema())


@commands.command()
def explain(
    code: Annotated[str, typer.Argument(help="A code such as P204; all of them without it.", show_default=False)] = "",
) -> None:
    """Say what a mistake or finding means, with an example and its cure."""
    from cadence.core.compiler.explaining import explained, lines
    from cadence.core.planfile.codes import CODES

    if not code:
        every = map(explained, CODES)
        output.rows(("code", "severity", "what"), [(one.code, one.severity, one.title) for one in every])
    elif code.upper() in CODES:
        output.line("\n".join(lines(explained(code.upper()))))
    else:
        close = get_close_matches(code.upper(), CODES, 1)
        raise NothingToActOn(f"there is no code '{code}'" + (f"; did you mean {close[0]}?" if close else ""))
