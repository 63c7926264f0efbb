"""The real command, as a process of its own: `python -m cadence ...` in a folder, with settings and a clock given,
its imports done before it begins (see `forked`).

Of this process's environment it inherits everything but the settings of cadence.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from tests.support.forked import Forked, start

ROOT = Path(__file__).parents[2]
SECONDS = 120

Document = dict[str, object]


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
        with TemporaryFile("w+", encoding="utf-8") as out, TemporaryFile("w+", encoding="utf-8") as err:
            run = start([*self.program, *arguments], self.folder, self._environment(), out, err)
            ended = Ended(run.wait(SECONDS), _read(out), _read(err))
        assert code in (None, ended.code), (arguments, ended)
        assert "Traceback" not in ended.err, ended.err
        return ended

    def started(self, *arguments: str) -> Forked:
        """The same, still running, and heard by nobody."""
        with open(os.devnull, "w") as quiet:
            return start([*self.program, *arguments], self.folder, self._environment(), quiet, quiet)

    def at(self, now: str) -> Command:
        return replace(self, now=now)

    def having(self, **settings: str) -> Command:
        return replace(self, settings={**self.settings, **settings})

    def running(self, *program: str) -> Command:
        return replace(self, program=program)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CADENCE_")}
        return {**kept, "CADENCE_NOW": self.now, **self.settings}


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()
