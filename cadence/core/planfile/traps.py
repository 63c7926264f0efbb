"""YAML's traps, each with its cure: what pasted text and forgotten quotes do to a plan, said at the line.

Works on the text before and after libyaml has seen it. Where the cure is certain the text is read on as if it had
been applied, so that one slip does not hide the other mistakes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from cadence.core.model import Place, Problem, Severity

NO_BREAK = "\u00a0\u2007\u202f"
CURLY = "“”„‟‘’‚‛«»"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_STEERING = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_INDENT = re.compile(rf"^[ ]*[\t{NO_BREAK}][ \t{NO_BREAK}]*(?=\S)")
_AFTER_COLON = re.compile(rf"^(\s*(?:- +)?[\w+-]+:)([{NO_BREAK}])")
_LINE = re.compile(r"^(?P<head>\s*(?:- +)*[\w.+-]+:[ ]+)(?P<value>[^\s\"'\[{|>&*].*?)(?P<tail>\s+#\s.*|\s*)$")


def error(code: str, place: Place, message: str, remedy: str = "", path: str = "") -> Problem:
    return Problem(code, Severity.ERROR, place, path, message, remedy)


def readable(text: str) -> str:
    """The text without what libyaml or a line count would stumble on; every other character keeps its place."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(" ", text)


def clean(text: str) -> str:
    """A text as it goes on: composed, without control characters and marks that steer the direction of writing."""
    if text.isascii() and text.isprintable():
        return text
    text = _STEERING.sub("", _UNSEEN.sub(" ", text))
    for blank in NO_BREAK:
        text = text.replace(blank, " ")
    return unicodedata.normalize("NFC", text)


def cured(file: str, text: str) -> tuple[str, tuple[Problem, ...]]:
    """The text with tabs and no-break spaces of the indent (and behind a colon) made blanks, and where they were."""
    problems: list[Problem] = []
    lines = text.split("\n")
    for n, line in enumerate(lines):
        if line.isascii() and "\t" not in line:
            continue
        lines[n] = _cured_line(file, n + 1, line, problems)
    return "\n".join(lines), tuple(problems)


def _cured_line(file: str, number: int, line: str, problems: list[Problem]) -> str:
    if found := _INDENT.match(line):
        column = next(i for i, char in enumerate(line) if char != " ") + 1
        tab = line[column - 1] == "\t"
        blank = "  " if tab else " "
        problems.append(
            error("P103", Place(file, number, column), "a tab in the indent", "indent with spaces only")
            if tab
            else error(
                "P109", Place(file, number, column), "a no-break space in the indent", "retype it as a plain space"
            )
        )
        indent = "".join(blank if char == "\t" else " " for char in found.group())
        line = indent + line[found.end() :]
    if found := _AFTER_COLON.match(line):
        place = Place(file, number, found.start(2) + 1)
        problems.append(error("P109", place, "a no-break space after the colon", "retype it as a plain space"))
        line = f"{found.group(1)} {line[found.end() :]}"
    return line


@dataclass(frozen=True, slots=True)
class Slip:
    """What libyaml stumbled over: the problem to show, and the text read on with (None where nobody can know)."""

    problem: Problem
    text: str | None = None


def slip(file: str, text: str, complaint: str, line: int, column: int, opened: int | None) -> Slip:
    """Translates libyaml's complaint at `line`, `column` (from 1); `opened` is the line of what it was reading."""
    lines = text.split("\n")
    shown = lines[line - 1] if line <= len(lines) else ""
    place = Place(file, line, column)
    if "mapping values are not allowed" in complaint:
        return _colon(place, lines, shown)
    if "while scanning a quoted scalar" in complaint or "unexpected end of stream" in complaint:
        where = Place(file, opened or line, 1)
        return Slip(error("P102", where, "a quote is opened and never closed", "close it on the same line"))
    if "cannot start any token" in complaint:
        return _strange(place, lines, shown)
    if "flow" in complaint:
        where = Place(file, opened or line, 1) if opened else place
        return Slip(error("P102", where, "a bracket or brace is opened and not closed", "close it, or quote the text"))
    if "did not find expected" in complaint or "could not find expected" in complaint:
        return _indent(place, lines, shown)
    return Slip(error("P102", place, f"not readable as YAML ({_last(complaint)})", "quote the text at this place"))


def _last(complaint: str) -> str:
    return complaint.rpartition(": ")[2]


def _colon(place: Place, lines: list[str], shown: str) -> Slip:
    found = _LINE.match(shown)
    if found and place.column > found.start("value"):
        value = found.group("value")
        quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return Slip(
            error("P105", place, "a colon in unquoted text", f"put the text in quotes: {_short(quoted)}"),
            _with_line(lines, place.line, f"{found.group('head')}{quoted}"),
        )
    return Slip(
        error(
            "P104",
            place,
            "a key where none can stand",
            "indent the line exactly like its neighbours, or quote the text",
        )
    )


def _strange(place: Place, lines: list[str], shown: str) -> Slip:
    char = shown[place.column - 1 : place.column]
    if char == "\t":
        fixed = _with_line(lines, place.line, shown.replace("\t", " "))
        return Slip(error("P103", place, "a tab", "use spaces only"), fixed)
    found = _LINE.match(shown)
    text = None
    if found and place.column >= found.start("value"):
        value = found.group("value").replace("\\", "\\\\").replace('"', '\\"')
        text = _with_line(lines, place.line, f'{found.group("head")}"{value}"')
    return Slip(error("P102", place, f"a text cannot begin with {char!r}", "put the text in quotes"), text)


def _indent(place: Place, lines: list[str], shown: str) -> Slip:
    for number in (place.line, place.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        for char, name, code in ((NO_BREAK, "a no-break space", "P109"), (CURLY, "a curly quote", "P108")):
            at = next((i for i, c in enumerate(line) if c in char), None)
            if at is not None:
                remedy = "retype it as a plain space" if code == "P109" else 'write straight quotes: "..."'
                return Slip(error(code, Place(place.file, number, at + 1), f"{name} that YAML cannot read", remedy))
    if re.match(r"^\s*[\w-]+\s*$", shown) or re.match(r"^\s*[\w-]+:\S", shown):
        remedy = "write `key: value` with a colon and a blank"
        return Slip(error("P102", place, "a line without `key: value`", remedy))
    remedy = "indent the line exactly like its neighbours"
    return Slip(error("P104", place, "the indent fits no line above", remedy))


def _with_line(lines: list[str], number: int, line: str) -> str:
    return "\n".join([*lines[: number - 1], line, *lines[number:]])


def _short(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else f"{text[: limit - 4]}...{text[-1]}"
