"""The real command, as a process of its own: `python -m cadence ...` in a folder, with settings and a clock given.

Of this process's environment it inherits everything but the settings of cadence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).parents[2]
SECONDS = 120

Document = dict[str, object]


class _Surroundings(TypedDict):
    cwd: Path
    env: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Document:
        """The one JSON document on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict), found
        return found

    @property
    def documents(self) -> list[Document]:
        """The one JSON list on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, list), found
        return found


@dataclass(frozen=True, slots=True)
class Command:
    """Runs in `folder` at `now`; `settings` are environment variables, `program` what Python is to run."""

    folder: Path
    now: str
    settings: Mapping[str, str] = field(default_factory=dict)
    program: tuple[str, ...] = ("cadence",)

    def __call__(self, *arguments: str, code: int | None = 0) -> Ended:
        """One command, to its end. `code` is how it has to end; None leaves that to the caller."""
        run = subprocess.run(
            self._line(arguments),
            **self._surroundings(),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        ended = Ended(run.returncode, run.stdout, run.stderr)
        assert code in (None, ended.code), (arguments, ended)
        assert "Traceback" not in ended.err, ended.err
        return ended

    def started(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The same, still running."""
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self._line(arguments), **self._surroundings(), stdin=quiet, stdout=quiet, stderr=quiet)

    def at(self, now: str) -> Command:
        return replace(self, now=now)

    def having(self, **settings: str) -> Command:
        return replace(self, settings={**self.settings, **settings})

    def running(self, *program: str) -> Command:
        return replace(self, program=program)

    def _line(self, arguments: tuple[str, ...]) -> list[str]:
        return [sys.executable, "-m", *self.program, *arguments]

    def _surroundings(self) -> _Surroundings:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CADENCE_")}
        paths = os.pathsep.join(filter(None, (str(ROOT), kept.get("PYTHONPATH"))))
        return {"cwd": self.folder, "env": {**kept, "PYTHONPATH": paths, "CADENCE_NOW": self.now, **self.settings}}
