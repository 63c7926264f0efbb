"""The top of every command: an expected failure ends in one line on stderr and its exit code, never a traceback."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer._click.exceptions import ClickException  # typer carries its own Click and shows it nowhere else
from typer.core import TyperGroup

from cadence.cli.output import talk
from cadence.errors import CadenceError

INTERRUPTED = 130
"""128 and the number of the signal, as shells have it."""


class Guarded(TyperGroup):
    """The root of the commands. A closed pipe ends quietly, Ctrl-C with 130 (both are typer's own doing)."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,  # noqa: ANN401 - as typer declares it
    ) -> Any:  # noqa: ANN401 - as typer declares it
        code = self._run(args, prog_name, complete_var, windows_expand_args, extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(
        self,
        args: Sequence[str] | None,
        prog_name: str | None,
        complete_var: str | None,
        windows_expand_args: bool,
        extra: dict[str, Any],
    ) -> int:
        try:
            code = super().main(args, prog_name, complete_var, False, windows_expand_args, **extra)
        except CadenceError as error:
            return _ended(str(error), error.exit_code)
        except ClickException as error:
            return _ended(f"{error.format_message()} (`cadence COMMAND --help` says more)", error.exit_code)
        except typer.Abort:
            talk()  # the cursor still stands behind the question
            return _ended("stopped; nothing was changed", INTERRUPTED)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return _ended(f"{where}{error.strerror or error}", 1)
        return code if isinstance(code, int) else 0

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # noqa: ANN401 - typer hands its own Context
        result = super().invoke(ctx)
        sys.stdout.flush()  # inside, so that a reader who left early is noticed here and not at exit
        return result


def _ended(line: str, code: int) -> int:
    talk(f"cadence: {' '.join(line.split())}")
    return code
