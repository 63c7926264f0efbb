"""`cadence init`: a few questions, and a plan that compiles."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.questions import START, Questions
from cadence.cli.session import day, now_of, settings_of
from cadence.errors import Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.cli.drafting import Draft
    from cadence.core.planfile.schema import Plan

commands = typer.Typer()

LIST = "?"
SHIPPED = "`cadence init --from ?` lists them."


@commands.command()
def init(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="The plan file to write.")] = Path("plan.yaml"),
    shipped_plan: Annotated[
        str | None, typer.Option("--from", metavar="NAME", help=f"Copy this shipped plan. {SHIPPED}")
    ] = None,
    extends: Annotated[
        str | None, typer.Option(metavar="NAME", help=f"Which shipped plan yours starts from, without it {START}.")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option(metavar="ACTIVITY", help="An activity of that plan to leave out.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
    plan_id: Annotated[str | None, typer.Option("--id", help="The plan's id.")] = None,
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    rollout: Annotated[str | None, typer.Option(metavar="D", help="The first working day after the event.")] = None,
    people: Annotated[Path | None, typer.Option(help="A CSV file of people.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(metavar="'COLUMN: VALUE, VALUE'", help="Which rows of that file to keep.")
    ] = None,
    team: Annotated[
        list[str] | None, typer.Option(metavar="'MANAGER: REP, REP'", help="A team, where there is no file.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Pattern of addresses, {first}.{last}@example.com.")] = None,
    vp: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Who gets what needs a decision.")] = None,
    sponsor: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Whose rollout it is.")] = None,
    keeper: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Who keeps the plan.")] = None,
    assessor: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Who reviews it from outside.")] = None,
    country: Annotated[str | None, typer.Option(help="Whose holidays count, such as US or DE.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Such as America/New_York.")] = None,
) -> None:
    """Write a plan: asks what it needs to know, or takes it from the options."""
    if shipped_plan == LIST:
        _list()
        return
    if path.is_dir():
        raise WrongUsage(f"{path} is a folder; name the file to write")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; name another file, or add --force")
    if shipped_plan is not None:
        if extends is not None:
            raise WrongUsage("--from copies a plan and --extends starts from one; give one of the two")
        _copy(shipped_plan, path)
        return
    from cadence.cli.choosing import leave_schema, start
    from cadence.cli.drafting import Draft, draft, kept_rows, team_of

    ask = Questions(output.is_asking())
    today = now_of(settings_of(ctx)).date()
    base = start(ask.which(extends))
    plan_id = ask("--id", "The plan's id", plan_id, path.stem if path.stem != "plan" else f"rollout-{today.year}")
    title = ask("--title", "What it is called", title, plan_id.replace("-", " ").capitalize())
    day_0 = _rollout(ask, rollout, today)
    file = people if people or team else _file(ask)
    _one_source(file, team, where)
    written = Draft(
        plan=plan_id,
        title=title,
        extends=base.id,
        rollout=day_0,
        people=file,
        where=tuple(kept_rows(one) for one in (where or (ask.rows() if file else ()))),
        teams=tuple(team_of(one) for one in team or (() if file else ask.teams())),
        email=ask("--email", "Pattern of addresses that are not in the file", email, "{first}.{last}@example.com"),
        vp=ask.person("--vp", "The VP of sales", vp, "Vera Pohl <vp@example.com>"),
        sponsor=ask.person("--sponsor", "The sponsor", sponsor, "Sam Osei <sponsor@example.com>"),
        keeper=ask.person("--keeper", "Who keeps the plan", keeper, "Kim Lee <keeper@example.com>"),
        assessor=ask.perhaps("Who reviews it from outside, as Name <e-mail> (empty: nobody yet)", assessor),
        country=ask("--country", "Country of the holidays", country, "US"),
        timezone=ask("--timezone", "Time zone", timezone, "UTC"),
        beside=path.parent,
        examples=tuple(ask.examples),
    )
    written = _chosen(written, base, without if without is not None else ask.unwanted(base))
    text = draft(written)
    _compiles(ctx, written, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    leave_schema(path.parent)
    ask.own_up()
    output.talk(f"{path} is written; next: cadence check {path}")


def _chosen(answers: Draft, base: Plan, without: list[str]) -> Draft:
    """The answers with what is left out: what is not wanted, and what waits for somebody from outside."""
    from cadence.cli.choosing import left_out, owed_from_outside

    unwanted = left_out(base, without)
    waiting = () if answers.assessor else tuple(key for key in owed_from_outside(base) if key not in unwanted)
    stays = (activity.key for activity in base.activities if activity.key not in (*unwanted, *waiting))
    return replace(answers, unwanted=unwanted, waiting=waiting, example=next(stays, answers.example))


def _compiles(ctx: typer.Context, answers: Draft, path: Path) -> None:
    """Reads the draft in a folder of its own, as `check` would. Raises Refused when it has errors."""
    from cadence.cli.drafting import draft
    from cadence.cli.plans import compiled_plan

    with TemporaryDirectory() as name:
        folder = Path(name)
        people = folder / answers.people.name if answers.people else None
        if answers.people and people:
            shutil.copyfile(answers.people, people)
        plan = folder / path.name
        plan.write_text(draft(replace(answers, people=people, beside=folder)), encoding="utf-8")
        result, problems = compiled_plan(ctx, plan)
    if result is None:
        output.problems(problem for problem in problems if problem.severity == "error")
        raise Refused(f"{path} would have errors, so it was not written")


def _file(ask: Questions) -> Path | None:
    answer = ask.perhaps("A CSV file of people (empty: none)")
    return Path(answer) if answer else None


def _one_source(file: Path | None, team: list[str] | None, where: list[str] | None) -> None:
    """Raises WrongUsage for two that say who leads whom, and for rows of no file."""
    if file and team:
        raise WrongUsage("--people and --team both say who leads whom; give one of the two")
    if where and not file:
        raise WrongUsage("--where keeps rows of a people file; add --people")


def _rollout(ask: Questions, given: str | None, today: date) -> date:
    monday = today + timedelta(days=7 - today.weekday())
    found = day(ask("--rollout", "The first working day after the event", given, monday.isoformat()))
    assert found is not None
    return found


def _list() -> None:
    from cadence.cli.choosing import titles

    output.rows(("plan", "title"), list(titles().items()))


def _copy(name: str, path: Path) -> None:
    from cadence.cli.choosing import copy

    copy(name, path)
    output.talk(f"{path} is a copy of {name}; next: cadence check {path}")
