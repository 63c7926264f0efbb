"""The questions of `cadence init`: asked where somebody is there to answer."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import typer

from cadence.cli import output
from cadence.core.compiler.findings import few

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
        self.examples: list[str] = []
        """Whom nobody named: people by name, and the team."""

    def __call__(self, option: str, question: str, given: str | None, default: str) -> str:
        if given is not None:
            return given
        return self._put(question, default) if self._asking else self._assume(option, default)

    def perhaps(self, question: str, given: str | None = None) -> str:
        """What may stay open: silence is an answer and no assumption."""
        if given is not None:
            return given
        return self._put(question, "") if self._asking else ""

    def person(self, option: str, question: str, given: str | None, example: str) -> str:
        """Somebody as `Name <e-mail>`; whom nobody names is an example, and said to be one."""
        if given is not None:
            return given
        asked = f"{question}, as Name <e-mail> (empty: an example)"
        answer = self._put(asked, "") if self._asking else ""
        return answer or self._example(option, example, example.partition(" <")[0])

    def _example(self, option: str, example: str, name: str) -> str:
        self.examples.append(name)
        return example if self._asking else self._assume(option, example)

    def _put(self, question: str, default: str) -> str:
        return str(typer.prompt(question, default=default, show_default=bool(default), err=True)).strip()

    def _assume(self, option: str, default: str) -> str:
        if default:
            self._assumed.append(f"{option} {shlex.quote(default)}")
        return default

    def own_up(self) -> None:
        """Says in one line what nobody was asked for, or whom nobody named."""
        if self._assumed:
            output.talk(f"nobody was there to be asked; assumed: {' '.join(self._assumed)}")
        elif self.examples:
            invented = few(self.examples, len(self.examples))
            output.talk(f"examples, to be replaced in the file before it is loaded: {invented}")

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
        how = "One team a line, as `Manager: rep, rep`; an empty line ends the list (none: an example)."
        return self._lines(how, "Team") or [self._example("--team", EXAMPLE_TEAM, "the team")]

    def _lines(self, how: str, question: str) -> list[str]:
        if not self._asking:
            return []
        output.talk(how)
        found: list[str] = []
        while line := self._put(question, ""):
            found.append(line)
        return found
