"""The real commands in a folder of their own, on a SQLite file, at a fixed instant."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

NOW = "2027-01-10T12:00:00Z"

PLAN = """\
plan: emea
title: EMEA rollout
rollout: 2027-01-11
ends: week 2
timezone: Europe/Berlin
calendar: {country: DE, subdivision: BE}
keepers: [kim-lee]
people:
  list:
    vera-pohl: {name: Vera Pohl, email: vera@example.com, reports_to: sam-osei}
    sam-osei: {name: Sam Osei, email: sam@example.com}
    kim-lee: {name: Kim Lee, email: kim@example.com, reports_to: sam-osei}
    dana-ruiz: {name: Dana Ruiz, email: dana@example.com}
    moses-frase: {name: Moses Frase, email: moses@example.com, manager: dana-ruiz}
    zoe-hart: {name: Zoe Hart, email: zoe@example.com, manager: dana-ruiz}
roles: {vp: vera-pohl, sponsor: sam-osei, enablement: kim-lee}
backups: {vp: kim-lee, dana-ruiz: vera-pohl}
activities:
  rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks, on: [tue, wed, thu], lasts: 4h}
  debriefs: {kind: manager_debrief, owner: vp, with: managers, every: 2 weeks, on: fri, at: "15:00", lasts: 60 min}
  kick-off: {kind: communication, owner: sponsor, on: day 0}
"""


class Ended:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str, raised: BaseException | None) -> None:
        self.code, self.out, self.err, self.raised = code, out, err, raised

    @property
    def document(self) -> object:
        return json.loads(self.out)

    @property
    def tasks(self) -> list[dict[str, object]]:
        found = json.loads(self.out)
        assert isinstance(found, list)
        return found


Cadence = Callable[..., Ended]


@pytest.fixture
def cadence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cadence:
    """Runs one command; `now` is its clock. Nothing but what a command says of itself may end it."""
    from cadence.cli.app import app

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CADENCE_DATABASE_URL", raising=False)

    def run(*arguments: str, now: str = NOW, typed: str | None = None) -> Ended:
        result = CliRunner().invoke(app, ["--now", now, *arguments], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr, result.exception)

    return run


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    file = tmp_path / "emea.yaml"
    file.write_text(PLAN)
    return file


@pytest.fixture(scope="session")
def once_loaded(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The database after the plan was loaded on the eve of the rollout."""
    from cadence.cli.app import app

    folder = tmp_path_factory.mktemp("loaded")
    (folder / "emea.yaml").write_text(PLAN)
    url = f"sqlite:///{folder / 'cadence.db'}"
    line = ["--now", NOW, "load", str(folder / "emea.yaml"), "--yes"]
    result = CliRunner().invoke(app, line, env={"CADENCE_DATABASE_URL": url})
    assert result.exit_code == 0, result.output
    return (folder / "cadence.db").read_bytes()


@pytest.fixture
def loaded(cadence: Cadence, plan: Path, once_loaded: bytes) -> Cadence:
    """The plan is loaded on the eve of the rollout."""
    (plan.parent / "cadence.db").write_bytes(once_loaded)
    return cadence
