"""The folders beside the code are found in a checkout and in an installed wheel."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from cadence import bundled
from cadence.errors import CadenceError


@pytest.mark.parametrize("name", ["templates", "plans"])
def test_in_a_checkout_the_folder_is_the_one_at_its_root(name: Literal["templates", "plans"]) -> None:
    assert bundled.folder(name) == Path(__file__).parents[1] / name


def installed(site: Path) -> Path:
    """The layout that the wheel has (see `[tool.hatch.build.targets.wheel.sources]`), without a build."""
    package = site / "cadence"
    shutil.copytree(bundled.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "_bundled"))
    for name in ("templates", "plans"):
        shutil.copytree(bundled.PACKAGE.parent / name, package / "_bundled" / name)
    return package


def test_in_an_installed_wheel_it_lies_inside_the_package(tmp_path: Path) -> None:
    package = installed(tmp_path / "site")
    assert bundled.folder("plans", package) == package / "_bundled" / "plans"


def test_a_strangers_templates_in_site_packages_are_never_taken(tmp_path: Path) -> None:
    package = installed(tmp_path / "site")
    (tmp_path / "site" / "templates").mkdir()
    assert bundled.folder("templates", package) == package / "_bundled" / "templates"


def test_an_installed_copy_speaks_from_any_directory(tmp_path: Path) -> None:
    package = installed(tmp_path / "site")
    said = subprocess.run(
        [sys.executable, "-c", "from cadence.templating import words; print(words().say('kind.field_ride.name'))"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "Field ride\n"


def test_a_missing_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CadenceError, match="install cadence again"):
        bundled.folder("plans", tmp_path / "cadence")
