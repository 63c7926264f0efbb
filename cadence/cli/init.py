"""`cadence init`: a few questions, and a plan that compiles."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from cadence.cli import output
from cadence.cli.session import day, now_of, settings_of
from cadence.errors import NothingToActOn, Refused, WrongUsage

if TYPE_CHECKING:
    from cadence.cli.drafting import Draft

commands = typer.Typer()

EXAMPLE_TEAM = "Dana Ruiz: Moses Frase, Anna Snelling"


@commands.command()
def init(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(help="The plan file to write.")] = Path("plan.yaml"),
    shipped_plan: Annotated[str | None, typer.Option("--from", metavar="NAME", help="Copy this shipped plan.")] = None,
    force: Annotated[bool, typer.Option(help="Write over a file that is there.")] = False,
    plan_id: Annotated[str | None, typer.Option("--id", help="The plan's id.")] = None,
    title: Annotated[str | None, typer.Option(help="What it is called.")] = None,
    rollout: Annotated[str | None, typer.Option(metavar="D", help="The first working day after the event.")] = None,
    people: Annotated[Path | None, typer.Option(help="A CSV file of people.")] = None,
    team: Annotated[
        list[str] | None, typer.Option(metavar="'MANAGER: REP, REP'", help="A team, where there is no file.")
    ] = None,
    email: Annotated[str | None, typer.Option(help="Pattern of addresses, {first}.{last}@example.com.")] = None,
    vp: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Who gets what needs a decision.")] = None,
    sponsor: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Whose rollout it is.")] = None,
    keeper: Annotated[str | None, typer.Option(metavar="NAME <E-MAIL>", help="Who keeps the plan.")] = None,
    country: Annotated[str | None, typer.Option(help="Whose holidays count, such as US or DE.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Such as America/New_York.")] = None,
) -> None:
    """Write a plan: asks what it needs to know, or takes it from the options."""
    if path.is_dir():
        raise WrongUsage(f"{path} is a folder; name the file to write")
    if path.exists() and not force:
        raise Refused(f"{path} is there already; name another file, or add --force")
    if shipped_plan is not None:
        _copy(shipped_plan, path)
        return
    from cadence.cli.drafting import Draft, draft, team_of

    ask = _Questions(output.is_asking())
    today = now_of(settings_of(ctx)).date()
    plan_id = ask("--id", "The plan's id", plan_id, path.stem if path.stem != "plan" else f"rollout-{today.year}")
    file = people if people or team else _file(ask)
    written = Draft(
        plan=plan_id,
        title=ask("--title", "What it is called", title, plan_id.replace("-", " ").capitalize()),
        rollout=_rollout(ask, rollout, today),
        people=file,
        teams=tuple(team_of(one) for one in team or (() if file else ask.teams())),
        email=ask("--email", "Pattern of addresses that are not in the file", email, "{first}.{last}@example.com"),
        vp=ask("--vp", "The VP of sales, as Name <e-mail>", vp, "Vera Pohl <vp@example.com>"),
        sponsor=ask("--sponsor", "The sponsor, as Name <e-mail>", sponsor, "Sam Osei <sponsor@example.com>"),
        keeper=ask("--keeper", "Who keeps the plan, as Name <e-mail>", keeper, "Kim Lee <keeper@example.com>"),
        country=ask("--country", "Country of the holidays", country, "US"),
        timezone=ask("--timezone", "Time zone", timezone, "UTC"),
        beside=path.parent,
    )
    text = draft(written)
    _compiles(ctx, written, path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    ask.own_up()
    output.talk(f"{path} is written; next: cadence check {path}")


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


class _Questions:
    """Asks where somebody is there to answer; else the default is the answer, and is owned up to."""

    def __init__(self, asking: bool) -> None:
        self._asking = asking
        self._assumed: list[str] = []

    def __call__(self, option: str, question: str, given: str | None, default: str) -> str:
        if given is not None:
            return given
        return str(typer.prompt(question, default=default, err=True)) if self._asking else self._assume(option, default)

    def _assume(self, option: str, default: str) -> str:
        if default:
            self._assumed.append(f"{option} {shlex.quote(default)}")
        return default

    def own_up(self) -> None:
        """Says in one line what nobody was asked for."""
        if self._assumed:
            output.talk(f"nobody was there to be asked; assumed: {' '.join(self._assumed)}")

    def teams(self) -> list[str]:
        if not self._asking:
            return [self._assume("--team", EXAMPLE_TEAM)]
        output.talk("One team a line, as `Manager: rep, rep`; an empty line ends the list.")
        teams: list[str] = []
        while line := str(typer.prompt("Team", default="", show_default=False, err=True)).strip():
            teams.append(line)
        return teams or [EXAMPLE_TEAM]


def _file(ask: _Questions) -> Path | None:
    answer = ask("", "A CSV file of people (empty: none)", None, "")
    return Path(answer) if answer.strip() else None


def _rollout(ask: _Questions, given: str | None, today: date) -> date:
    monday = today + timedelta(days=7 - today.weekday())
    found = day(ask("--rollout", "The first working day after the event", given, monday.isoformat()))
    assert found is not None
    return found


def _copy(name: str, path: Path) -> None:
    from difflib import get_close_matches

    from cadence.services.gather import shipped

    source = shipped(name)
    if not source.is_file():
        known = sorted(one.stem for one in source.parent.glob("*.yaml"))
        close = get_close_matches(name, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
        raise NothingToActOn(f"there is no shipped plan '{name}'; {hint}")
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    output.talk(f"{path} is a copy of {name}; next: cadence check {path}")
