"""The command as a process of its own: exit codes, no traceback, what is imported, pipes and signals."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import NOW, PLAN
from tests.support.command import Command, Ended

HEAVY = ("sqlmodel", "sqlalchemy", "alembic", "slack_sdk", "fastapi", "apscheduler")


def cadence(folder: Path, *arguments: str, **settings: str) -> Ended:
    return Command(folder, NOW, settings)(*arguments, code=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "emea.yaml").write_text(PLAN)
    (tmp_path / "bad.yaml").write_text("plan: x\nrollout: soon\n")
    (tmp_path / "noise.yaml").write_bytes(bytes(range(256)))
    (tmp_path / "not-a-database").write_text("just some text, long enough to be looked at" * 50)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "settings", "code"),
    [
        (["check", "emea.yaml"], {}, 0),
        (["--version"], {}, 0),
        (["check", "bad.yaml"], {}, 1),
        (["check", "noise.yaml"], {}, 1),
        (["load", "emea.yaml"], {}, 1),
        (["check"], {}, 2),
        (["no-such-command"], {}, 2),
        (["tasks", "--state", "sleeping"], {}, 2),
        (["tasks", "--from", "yesterday"], {}, 2),
        (["tasks"], {"CADENCE_NOW": "noon"}, 2),
        (["tasks"], {"CADENCE_MAIL__PORT": "many"}, 2),
        (["tasks"], {"CADENCE_DATABASE_URL": "nonsense"}, 2),
        (["diff", "emea.yaml", "--exit-code"], {}, 3),
        (["check", "nowhere.yaml"], {}, 4),
        (["check", "."], {}, 4),
        (["done", "abc"], {}, 4),
        (["tasks", "--plan", "nix"], {}, 4),
        (["tasks"], {"CADENCE_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, 5),
        (["tasks"], {"CADENCE_DATABASE_URL": "sqlite:////no/such/folder/x.db"}, 5),
        (["tasks"], {"CADENCE_DATABASE_URL": "sqlite:///not-a-database"}, 5),
    ],
)
def test_an_expected_end_has_its_code_and_never_a_traceback(
    folder: Path, arguments: list[str], settings: dict[str, str], code: int
) -> None:
    ended = cadence(folder, *arguments, **settings)
    assert ended.code == code, ended.err
    if code in (2, 4, 5):
        assert len(ended.err.splitlines()) == 1
        assert ended.out == ""


@pytest.mark.parametrize("arguments", [["--help"], ["check", "emea.yaml"], ["compile", "emea.yaml", "--json"]])
def test_neither_help_nor_check_waits_for_database_or_slack(folder: Path, arguments: list[str]) -> None:
    program = (
        "import sys\nfrom cadence.cli import main\n"
        f"sys.argv = ['cadence', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        f"found = sorted({{m.partition('.')[0] for m in sys.modules}} & set({HEAVY!r}))\n"
        "sys.stderr.write('loaded: ' + ' '.join(found))\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.stderr.endswith("loaded: "), ended.stderr


def test_the_command_starts_from_nothing(folder: Path) -> None:
    command = [sys.executable, "-m", "cadence", "check", "bad.yaml"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "bad.yaml:2:1: error[P203] rollout:" in ended.stderr


def test_a_misspelt_setting_is_named_with_the_one_that_was_meant(folder: Path) -> None:
    ended = cadence(folder, "compile", "emea.yaml", "--json", CADENCE_BASE_ULR="x")
    assert ended.code == 0
    assert "did you mean CADENCE_BASE_URL?" in ended.err


def test_a_reader_who_leaves_early_is_no_error(folder: Path) -> None:
    command = f"'{sys.executable}' -m cadence compile emea.yaml --json | head -n 1"
    ended = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.stdout == "{\n"
    assert "Traceback" not in ended.stderr
    assert "Broken pipe" not in ended.stderr


def test_ctrl_c_ends_with_130_and_says_nothing(folder: Path) -> None:
    program = (
        "import sys\nfrom cadence.cli import plans, main\n"
        "def stop(*_):\n    raise KeyboardInterrupt\n"
        "plans.compiled_plan = stop\nsys.argv = ['cadence', 'check', 'emea.yaml']\nmain()\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert ended.returncode == 130
    assert ended.stderr == ""
