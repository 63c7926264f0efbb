"""Plans on the command line: check, compile, diff, load, and what helps to write one (`init` is next door)."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cadence.cli import output
from cadence.cli.session import Session, opened, settings_of, words_of
from cadence.errors import NothingToActOn, Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.core.changes import ChangeSet
    from cadence.core.model import Bundle, Problem
    from cadence.services.compiling import Compiled
    from cadence.services.reconcile import Prepared

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
    result, found = compiled(bundle, words_of(settings_of(ctx)).say)
    return result, tuple(dict.fromkeys((*problems, *found)))


def _counted(problems: tuple[Problem, ...]) -> str:
    parts = []
    for severity in ("error", "warning", "note"):
        count = sum(problem.severity == severity for problem in problems)
        parts.append(f"{count} {severity}{'' if count == 1 else 's'}")
    return ", ".join(parts)


@commands.command()
def check(ctx: typer.Context, plan: PlanFile, json: Json = False) -> None:
    """Read and compile a plan; every mistake and finding, at its place."""
    result, problems = compiled_plan(ctx, plan)
    output.problems(problems)
    size = ""
    if result is not None:
        dates, tasks = result.compilation.dates, result.compilation.schedule
        size = f"; {len(tasks)} tasks for {len(result.directory.persons)} people, {dates.rollout} to {dates.ends}"
    output.talk(f"{plan}: {_counted(problems)}{size}")
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
def diff(
    ctx: typer.Context,
    plan: PlanFile,
    json: Json = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="End with 3 when changes are pending.")] = False,
    backfill: Annotated[bool, typer.Option(help="Count what is over as well.")] = False,
) -> None:
    """Show what loading a plan would change."""
    with opened(ctx) as session:
        prepared, problems = _prepared(session, plan, backfill=backfill)
    output.problems(problems)
    if prepared is None:
        _refuse_errors(problems, json=json)
    if json:
        _change_document(prepared, problems)
    else:
        _show(prepared)
    if exit_code and not prepared.change_set.is_empty:
        raise typer.Exit(3)


def _prepared(session: Session, plan: Path, *, backfill: bool) -> tuple[Prepared | None, tuple[Problem, ...]]:
    from cadence.services.reconcile import prepare

    bundle, problems = _gathered(plan)
    if bundle is None:
        return None, problems
    with session.context.store.read() as work:
        prepared, found = prepare(work, session.context, bundle, session.now, backfill=backfill)
    return prepared, tuple(dict.fromkeys((*problems, *found)))


def _gathered(plan: Path) -> tuple[Bundle | None, tuple[Problem, ...]]:
    from cadence.services.gather import gather

    return gather(plan)


def _refuse_errors(problems: tuple[Problem, ...], *, json: bool) -> NoReturn:
    from cadence.core.documents import no_change_set

    if json:
        output.document(no_change_set(problems))
    raise Refused(f"the plan has errors ({_counted(problems)})")


def _change_document(prepared: Prepared, problems: tuple[Problem, ...]) -> None:
    from cadence.core.documents import change_set

    compiled = prepared.compiled
    output.document(change_set(prepared.change_set, compiled.bundle.hash, compiled.directory, problems))


def _show(prepared: Prepared) -> None:
    from cadence.cli.changes import lines, summary

    for line in lines(prepared.change_set, prepared.compiled.directory):
        output.line(line)
    output.talk(f"{summary(prepared.change_set)} (changes {prepared.change_set.hash})")


@commands.command()
def load(
    ctx: typer.Context,
    plan: PlanFile,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    force: Annotated[bool, typer.Option(help="Load in spite of dangers.")] = False,
    expect: Annotated[str | None, typer.Option(metavar="HASH", help="Load only these very changes.")] = None,
    backfill: Annotated[bool, typer.Option(help="Record what is over as well, without reminding.")] = False,
    quietly: Annotated[bool, typer.Option(help="Leave messages that were sent as they are.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Show the changes and stop.")] = False,
    json: Json = False,
) -> None:
    """Load a plan: show what changes, ask, and apply it in one transaction."""
    with opened(ctx) as session:
        prepared, problems = _prepared(session, plan, backfill=backfill)
        output.problems(problems)
        if prepared is None:
            _refuse_errors(problems, json=json)
        if json:
            _change_document(prepared, problems)
        else:
            _show(prepared)
        if not dry_run:
            _agree(prepared.change_set, yes=yes or json, force=force, expect=expect)
            _apply(session, prepared, force=force, backfill=backfill, quietly=quietly)
    if not (json or dry_run):
        output.talk(f"{prepared.change_set.plan} is loaded")


def _agree(changes: ChangeSet, *, yes: bool, force: bool, expect: str | None) -> None:
    """Ends the command unless the changes are meant."""
    if expect is not None and expect != changes.hash:
        raise Refused(f"the changes are {changes.hash} by now, not {expect}; look at `diff` again")
    if changes.dangers and not force:
        dangers = "; ".join(danger.message for danger in changes.dangers)
        raise Refused(f"{dangers}; nothing was loaded; add --force if that is meant")
    if yes or changes.is_empty:
        return
    if not output.is_asking():
        raise Refused("nobody is there to be asked, so nothing was loaded; add --yes")
    if not output.confirmed("Load this?"):
        raise Refused("nothing was loaded")


def _apply(session: Session, prepared: Prepared, *, force: bool, backfill: bool, quietly: bool) -> None:
    """What was shown, or nothing: the hash of what was shown is demanded."""
    from cadence.services import reconcile

    reconcile.load(
        session.context,
        prepared.compiled.bundle,
        session.now,
        author=os.environ.get("USER", ""),
        force=force,
        expect=prepared.change_set.hash,
        backfill=backfill,
        quietly=quietly,
    )


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
def explain(code: Annotated[str, typer.Argument(help="A code such as P204.")]) -> None:
    """Say more about the code of a mistake or finding."""
    from cadence.core.planfile.codes import CODES

    known = CODES.get(code.upper())
    if known is None:
        close = get_close_matches(code.upper(), CODES, 1)
        raise NothingToActOn(f"there is no code '{code}'" + (f"; did you mean {close[0]}?" if close else ""))
    output.line(f"{code.upper()}: {known.title}\n\n{known.explanation}")
