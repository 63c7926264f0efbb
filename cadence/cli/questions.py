"""The questions of `cadence init`: asked where somebody is there to answer."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from cadence.cli import output

if TYPE_CHECKING:
    from cadence.core.planfile.schema import Plan

EXAMPLE_TEAM = "Dana Ruiz: Moses Frase, Anna Snelling"
START = "sbi-six-actions"
"""The shipped plan that a new one starts from when nobody says otherwise."""


class Questions:
    """Asks where somebody is there to answer; else the default is the answer, and is owned up to."""

    def __init__(self, asking: bool) -> None:
        self._asking = asking
        self._assumed: list[str] = []

    def __call__(self, option: str, question: str, given: str | None, default: str) -> str:
        if given is not None:
            return given
        return self._put(question, default) if self._asking else self._assume(option, default)

    def perhaps(self, question: str, given: str | None = None) -> str:
        """What may stay open: silence is an answer and no assumption."""
        if given is not None:
            return given
        return self._put(question, "") if self._asking else ""

    def _put(self, question: str, default: str) -> str:
        return str(typer.prompt(question, default=default, show_default=bool(default), err=True)).strip()

    def _assume(self, option: str, default: str) -> str:
        if default:
            self._assumed.append(f"{option} {shlex.quote(default)}")
        return default

    def own_up(self) -> None:
        """Says in one line what nobody was asked for."""
        if self._assumed:
            output.talk(f"nobody was there to be asked; assumed: {' '.join(self._assumed)}")

    def which(self, given: str | None) -> str:
        """The name of the shipped plan to start from."""
        if given is not None or not self._asking:
            return given or START
        from cadence.cli.choosing import titles

        for name, title in titles().items():
            output.talk(f"  {name:<16}  {title}")
        return self._put("The plan to start from", START)

    def unwanted(self, base: Plan) -> list[str]:
        """The keys of the activities that are not wanted."""
        if not self._asking:
            return []
        output.talk(f"{base.id} has {', '.join(activity.key for activity in base.activities)}.")
        return self.perhaps("Leave out (keys, separated by commas; empty: nothing)").split(",")

    def rows(self) -> list[str]:
        """`COLUMN: value, value` lines; only rows that have one of the values in each of them are kept."""
        return self._lines("Keep which rows? One column a line, as `Job: Sales Manager, Account Executive`.", "Keep")

    def teams(self) -> list[str]:
        if not self._asking:
            return [self._assume("--team", EXAMPLE_TEAM)]
        return self._lines("One team a line, as `Manager: rep, rep`; an empty line ends the list.", "Team") or [
            EXAMPLE_TEAM
        ]

    def _lines(self, how: str, question: str) -> list[str]:
        if not self._asking:
            return []
        output.talk(how)
        found: list[str] = []
        while line := self._put(question, ""):
            found.append(line)
        return found
