"""Where the folders that ship beside the code lie: `cadence/_bundled/NAME` when installed, the checkout's root else."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cadence.errors import CadenceError

PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["templates", "plans"], package: Path = PACKAGE) -> Path:
    """The folder `name` that belongs to the code in `package`. The wheel's own comes first, so that a stranger's
    `templates` beside the package in `site-packages` is never taken for it."""
    for place in (package / "_bundled" / name, package.parent / name):
        if place.is_dir():
            return place
    raise CadenceError(f"the folder '{name}' that belongs to cadence is missing; install cadence again")
