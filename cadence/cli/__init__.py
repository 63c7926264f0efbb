"""The command line: each command parses, calls one verb of `services` and prints through `output`.

Whatever a command needs beyond the standard library and typer is imported inside its body: `--help` and `check`
have to answer at once and must not load the database (SQLModel, SQLAlchemy, Alembic) nor Slack. A test holds them
to it.
"""

from __future__ import annotations


def main() -> None:
    """The entry point of the `cadence` command; ends the process with the command's exit code."""
    from cadence.cli.app import app

    app(prog_name="cadence")
