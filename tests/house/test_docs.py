"""The documentation tells the truth: names exist, commands are mentioned, links lead somewhere, pages are current."""

from __future__ import annotations

import importlib
import os
import re
import runpy
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from cadence.cli.app import app
from cadence.services.compiling import compiled
from cadence.services.gather import gather
from cadence.templating import words
from tests.support.forked import command_in

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cadence"
ROOMS = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMED = re.compile(r"`([a-z_]+(?:\.\w+)+)`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SUFFIXES = (".py", ".md", ".yaml", ".toml", ".csv", ".html", ".txt", ".db")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def names_in(text: str) -> Iterator[str]:
    """The dotted names that begin with a room of the package; file names are none."""
    for name in NAMED.findall(text):
        if name.partition(".")[0] in ROOMS and not name.endswith(SUFFIXES):
            yield name


def exists(name: str) -> bool:
    """Whether `name`, relative to the package, can be imported, or reached from the longest part that can."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(("cadence", *parts[:length])))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def anchor(heading: str) -> str:
    """The anchor that a heading gets on the usual forges."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@cache
def generated() -> dict[str, str]:
    """What `make docs` would write."""
    pages = runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()
    assert isinstance(pages, dict)
    return pages


def command_names() -> list[str]:
    root = typer.main.get_command(app)
    found: list[str] = []
    for name, command in getattr(root, "commands", {}).items():
        found += [f"{name} {inner}" for inner in getattr(command, "commands", {})] or [name]
    return found


PREFACE = {
    "plan": "plan: example",
    "rollout": "rollout: 2027-01-11",
    "milestones": "milestones: {qbr: day 90, v2: day 180}",
    "people": """people:
  file: people.csv
  columns: {id: Employee ID, name: Name, email: E-mail, manager: Manager, region: Region}
  list:
    vera: {name: Vera Pohl, email: vera@example.com}
    sam: {name: Sam Osei, email: sam@example.com}
    kim: {name: Kim Lee, email: kim@example.com}""",
    "roles": "roles: {vp: vera, sponsor: sam, enablement: kim, assessor: kim}",
}
"""What a fragment of a plan is completed by, word for word, where it does not say it itself."""


def plans_in(page: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def whole_plan(fragment: str) -> str:
    """The fragment with what is missing before it. One that brings its own people has no roles but its own."""
    said = set(re.findall(r"^(\w+):", fragment, re.MULTILINE))
    missing = [
        text for word, text in PREFACE.items() if word not in said and not (word == "roles" and "people" in said)
    ]
    activities = [] if "activities" in said else ["activities: {talk: {kind: custom, owner: manager, on: day 1}}"]
    return "\n".join([*missing, fragment, *activities])


KEPT_ONLY = ("P190", "plan.yaml")
"""What the example itself says and nothing acts on; a shipped plan that it extends may say more."""


EXAMPLES = [(name_of(page), number) for page in PAGES for number in range(len(plans_in(page)))]


# -- the tools of this module can fail --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["core.nowhere.at_all", "core.model.Nothing", "store.ledger.Ledger.lose"])
def test_a_name_that_is_not_there_is_noticed(name: str) -> None:
    assert not exists(name)


# -- the pages --------------------------------------------------------------------------------------------------------


def test_the_road_names_its_stations() -> None:
    named = set(names_in((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
    assert {
        "services.gather.gather",
        "core.changes.changes",
        "services.beat.beat",
        "store.ledger.Ledger.claim",
    } <= named


def test_the_layers_in_the_documentation_are_those_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = (contract["layers"] for contract in contracts if contract["id"] == "layers")
    assert "```\n" + "\n".join(layers) + "\n```" in (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_name_in_the_documentation_exists(page: Path) -> None:
    missing = [name for name in names_in(page.read_text(encoding="utf-8")) if not exists(name)]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_relative_link_leads_nowhere(page: Path) -> None:
    broken: list[str] = []
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        target, _, part = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        there = (page.parent / target).resolve() if target else page
        if not there.exists() or (part and part not in anchors(there)):
            broken.append(link)
    assert not broken


def test_every_command_is_described() -> None:
    text = (ROOT / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^cadence ([a-z][a-z-]*(?: [a-z][a-z-]*)?)(?: |$)", text, re.MULTILINE))
    assert not [name for name in command_names() if name not in described]


@pytest.mark.parametrize("page", ["commands.md", "kinds.md", "problems.md", "settings.md"])
def test_a_generated_page_is_what_the_program_says(page: str) -> None:
    written = (ROOT / "docs" / "reference" / page).read_text(encoding="utf-8")
    assert written == generated()[page], "run `make docs`"


@pytest.mark.parametrize(("page", "number"), EXAMPLES)
def test_every_plan_in_the_documentation_compiles(page: str, number: int, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_bytes((ROOT / "plans" / "example" / "people.csv").read_bytes())
    path = tmp_path / "plan.yaml"
    path.write_text(whole_plan(plans_in(ROOT / page)[number]), encoding="utf-8")
    bundle, problems = gather(path)
    assert bundle is not None, "\n".join(map(str, problems))
    result, problems = compiled(bundle, words().say)
    assert result is not None, "\n".join(map(str, problems))
    waiting = [one for one in problems if one.code in ("P305", "P306") or (one.code, one.place.file) == KEPT_ONLY]
    assert not waiting, "an example shows what is acted on, and something happens in it"


CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
CUT = "..."
"""A line that stands for as many as were left out."""


def run(command: str, folder: Path) -> list[str]:
    """What a terminal shows of the command when its output goes into a pipe."""
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "HOME": str(folder), "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(  # the commands are those of our own pages
        command, shell=True, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return done.stdout.expandtabs(1).splitlines()


def cut_as(written: list[str], shown: list[str]) -> list[str]:
    """`shown` without what the page leaves out."""
    if CUT not in written:
        return shown
    head = written.index(CUT)
    tail = len(written) - head - 1
    return [*shown[:head], CUT, *shown[len(shown) - tail :]]


def replayed(block: str, folder: Path) -> str:
    """The block with what its commands really say, one after the other."""
    lines: list[str] = []
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE)[1:]:
        command, output = re.match(r"\$ ((?:[^\n]*\\\n)*[^\n]*\n)(.*)", part, re.DOTALL).groups()  # type: ignore[union-attr]  # begins with `$ `
        shown = [line.rstrip() for line in run(command, folder)]
        lines += [f"$ {command.rstrip()}", *cut_as(output.splitlines(), shown)]
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("name", ["README.md", "docs/quickstart.md"])
def test_what_a_console_shows_in_a_page_is_golden(name: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "plans" / "example" / "people.csv", tmp_path)
    command_in(tmp_path)
    page = (ROOT / name).read_text(encoding="utf-8")
    if plans := plans_in(ROOT / name):
        (tmp_path / "plan.yaml").write_text(plans[0], encoding="utf-8")
    replay = CONSOLE.sub(lambda found: f"```console\n{replayed(found[1], tmp_path)}```", page)
    if os.environ.get("CADENCE_UPDATE_GOLDEN"):
        (ROOT / name).write_text(replay, encoding="utf-8")
        return
    assert page == replay


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        page = page / "README.md" if page.is_dir() else page
        if page in seen or page.suffix != ".md" or not page.exists():
            continue
        seen.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [page.parent / link.partition("#")[0] for link in links if "://" not in link]
    assert not [name_of(page) for page in PAGES if page.resolve() not in seen]
