"""Writes the generated pages of `docs/reference/` from the program itself, so that they cannot say anything else.

`make docs` runs it; a test compares what it would write with what is there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill
from typing import Any

import typer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from cadence.cli.app import app
from cadence.core.compiler.explaining import Explained, explained
from cadence.core.kinds import KINDS, Field, Kind
from cadence.core.model import Mode
from cadence.core.planfile.codes import CODES
from cadence.core.planfile.examples import Example
from cadence.settings import PREFIX, Settings

REFERENCE = Path(__file__).parent / "reference"
NOTE = "<!-- Written by `make docs`. Change the program, not this page. -->"
EXIT_CODES = {
    0: "done; warnings and notes included",
    1: "refused, or the plan has errors",
    2: "wrong usage",
    3: "changes are pending (`diff --exit-code`)",
    4: "nothing to act on: no such task, person, plan, feed or decision",
    5: "a service does not answer: database, Slack, SMTP",
}
NO_EFFECT_YET = ("CADENCE_SLACK__APP_TOKEN", "CADENCE_SECRET_KEY")
"""Settings that are read and kept from the log, and that nothing acts on in this version."""
GROUPS = {"P1": "The text", "P2": "The words and what they refer to", "P3": "What the compiler finds"}


def pages() -> Mapping[str, str]:
    """Every generated page: its file name and its text."""
    written = {"commands.md": _commands(), "settings.md": _settings(), "problems.md": _problems(), "kinds.md": _kinds()}
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in written.items()}


# -- commands --------------------------------------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    root: Any = typer.main.get_command(app)  # Any: typer keeps its own copy of click, whose types it does not export
    yield from ("# Commands", "", NOTE, "", root.help, "")
    yield _prose(
        "Data goes to stdout, talk to stderr; an expected failure is one line. `--json` gives one JSON document, a",
        "terminal gets tables, and a pipe gets one line a row with tabs between the cells. A unique prefix of an id",
        "is enough. Days are written `2027-01-11`, instants `2027-01-11T08:00:00Z`.",
    )
    yield from ("", "Before every command:", "")
    yield from _parameters(root)
    yield from ("", "## Exit codes", "", "| code | meaning |", "| --- | --- |")
    yield from (f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    yield ""
    for name, command in root.commands.items():
        yield from _command(name, command)


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - see `_commands`
    nested = getattr(command, "commands", None)
    if nested:
        yield from (f"## {name}", "", command.help, "")
        for inner, one in nested.items():
            yield from _one(f"{name} {inner}", one, "###")
    else:
        yield from _one(name, command, "##")


def _one(name: str, command: Any, heading: str) -> Iterator[str]:  # noqa: ANN401 - see `_commands`
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join(["cadence", name, *map(_shown, arguments), *["[OPTIONS]"][: len(command.params) > len(arguments)]])
    yield from (f"{heading} {name}", "", command.help, "", "```", usage, "```", "")
    yield from _parameters(command)
    yield ""


def _shown(argument: Any) -> str:  # noqa: ANN401 - see `_commands`
    name = argument.metavar or argument.name.upper()
    return name if argument.required else f"[{name}]"


def _parameters(command: Any) -> Iterator[str]:  # noqa: ANN401 - see `_commands`
    rows = [_row(parameter) for parameter in command.params if not getattr(parameter, "hidden", False)]
    if rows:
        yield from ("| | | default |", "| --- | --- | --- |", *rows)


def _row(parameter: Any) -> str:  # noqa: ANN401 - see `_commands`
    said = _cell((parameter.help or "").strip())
    if parameter.param_type_name == "argument":
        return f"| `{_cell(_shown(parameter))}` | {said} | {_default(parameter)} |"
    takes = "" if parameter.is_flag else f" {parameter.metavar or 'TEXT'}"
    names = "/".join((*parameter.opts, *parameter.secondary_opts))
    again = " May be given several times." if parameter.multiple else ""
    return f"| `{_cell(names + takes)}` | {said}{again} | {_default(parameter)} |"


def _default(parameter: Any) -> str:  # noqa: ANN401 - see `_commands`
    silent = parameter.required or parameter.default in (None, False, "", (), [])
    return "" if silent or getattr(parameter, "is_eager", False) else f"`{parameter.default}`"


def _prose(*lines: str) -> str:
    return fill(" ".join(lines), 120, break_on_hyphens=False, break_long_words=False)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


# -- settings --------------------------------------------------------------------------------------------------------


def _settings() -> Iterator[str]:
    yield from ("# Settings", "", NOTE, "")
    yield _prose(
        "A setting comes from the environment, else from `cadence.toml` in the working directory, else it is the",
        "default. `CADENCE_MAIL__PORT` in the environment is `port` under `[mail]` in the file. A name in the",
        "environment that begins with `CADENCE_` and is no setting is pointed out; an unknown key in the file is",
        "refused.",
    )
    yield from ("", "| environment | file | default | |", "| --- | --- | --- | --- |")
    yield from _settings_of(Settings, PREFIX, "")
    yield from ("", "Secrets are never printed and never logged. An example:", "", "```toml")
    yield from (
        'database_url = "postgresql://cadence@db.example.com/cadence"',
        'base_url = "https://cadence.example.com"',
    )
    yield from ("", "[mail]", 'host = "smtp.example.com"', 'sender = "Cadence <cadence@example.com>"', "```", "")
    yield f"Read, but without an effect in this version: {', '.join(f'`{name}`' for name in NO_EFFECT_YET)}."


def _settings_of(model: type[BaseModel], prefix: str, table: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        annotation = field.annotation
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            yield from _settings_of(annotation, f"{prefix}{name}__".upper(), f"[{name}] ")
        else:
            described = _cell(field.description or "")
            yield f"| `{prefix}{name.upper()}` | `{table}{name}` | {_standing(field)} | {described}{_secret(field)} |"


def _standing(field: FieldInfo) -> str:
    return "" if field.default is None else f"`{field.default}`"


def _secret(field: FieldInfo) -> str:
    return " (secret)" if "SecretStr" in str(field.annotation) or field.annotation is SecretStr else ""


# -- problems --------------------------------------------------------------------------------------------------------


def _problems() -> Iterator[str]:
    yield from ("# Mistakes and findings", "", NOTE, "")
    yield _prose(
        "`check`, `compile`, `diff` and `load` print one a line: where it stands, what is wrong, what to write",
        "instead. A mistake (`error`) stops the compile; a finding (`warning` or `note`) does not. A code never",
        "changes its meaning. `cadence explain P204` shows an example and its cure, `cadence explain` lists all.",
    )
    yield ""
    yield _prose(
        "A finding that may stand is accepted with a reason: `accept: {P311: she is never away}`, at the top of the",
        "plan, or in the activity that it is about. `check` says how many are accepted. Of many findings of one sort",
        "the first is told, and the others are named or counted. Every message names its own cure; where there is a",
        "usual one it stands here.",
    )
    for prefix, title in GROUPS.items():
        yield from ("", f"## {prefix}xx: {title}", "")
        yield from ("| code | severity | | what to do | may be accepted |", "| --- | --- | --- | --- | --- |")
        yield from (_problem(explained(code)) for code in CODES if code.startswith(prefix))


def _problem(about: Explained) -> str:
    told = f"**{_cell(about.title)}.** {_cell(about.explanation)}"
    accepted = "yes" if about.acceptable else ""
    return f"| {about.code} | {about.severity} | {told} | {_cell(about.remedy) or _cure(about.example)} | {accepted} |"


def _cure(example: Example) -> str:
    """Both sides of an example of one line; the others are shown by the command."""
    if not example.right or "\n" in example.wrong + example.right or example.people:
        return ""
    return f"not `{_cell(example.wrong)}` but `{_cell(example.right)}`"


# -- kinds -----------------------------------------------------------------------------------------------------------


def _kinds() -> Iterator[str]:
    yield from ("# Kinds of activities", "", NOTE, "")
    yield _prose(
        "What a plan need not say, because the kind says it. A *proposed* day may move freely inside its window; a",
        "*fixed* one is the day. *Absent*: when the holder is away for the rest of the window, the backup has the task",
        "(`move`, `backup`; a day that is still proposed is placed where the holder is there), or it is left out",
        "(`skip`). *Per*: with waves, what is per wave happens once in each. A *passive* kind proves that something in",
        "the daily systems holds.",
    )
    yield from ("", "| kind | weight | day | absent | per | owner | with | when | lasts |", f"|{' --- |' * 9}")
    yield from map(_kind, KINDS.values())
    yield from ("", "## Forms", "")
    yield _prose(
        "What is asked when a task is done, on the command line by `cadence done ID --set field=value`. Fields that",
        "matter most have a star: without them a task is done all the same, and `done` says what is missing. *Each* is",
        "asked once for each who took part, and named with them: `engaged[moses-frase]=4`. *Carried* stands on top of",
        "the next task of the same pair; *collected* is meant for all to read. A plan changes the form with `ask`.",
    )
    yield from ("", "| kind | fields |", "| --- | --- |")
    yield from (f"| `{kind.name}` | {', '.join(map(_asked, kind.form))} |" for kind in KINDS.values() if kind.form)


def _kind(kind: Kind) -> str:
    name = f"`{kind.name}`" + (" (passive)" if kind.mode is Mode.PASSIVE else "")
    when = "; then ".join(map(_rhythm, kind.rhythms)) or "the plan says"
    lasts = f"{kind.minutes} min" if kind.minutes else ""
    attends = ", ".join(kind.with_)
    cells = (name, kind.weight, kind.date, kind.when_absent, kind.per, kind.owner, attends, when, lasts)
    return f"| {' | '.join(cells)} |"


def _rhythm(words: Mapping[str, object]) -> str:
    return ", ".join(f"{word}: {_word(value)}" for word, value in words.items())


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{{{_rhythm(value)}}}"
    return f"[{', '.join(map(str, value))}]" if isinstance(value, tuple) else str(value)


def _asked(field: Field) -> str:
    star = r"\*" if field.required else ""
    kind = f"{field.type}: {', '.join(field.options)}" if field.options else field.type
    said = (kind, *["each"][: field.each], *["carried"][: field.carry], *["collected"][: field.collect is not None])
    return f"{field.key}{star} ({'; '.join(said)})"


def main() -> None:
    """Writes every page over what is there."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
