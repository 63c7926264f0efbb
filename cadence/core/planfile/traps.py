"""YAML's traps, each with its cure: what pasted text and forgotten quotes do to a plan, said at the line.

Works on the text before and after libyaml has seen it. Where the cure is certain the text is read on as if it had
been applied, so that one slip does not hide the other mistakes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from cadence.core.model import Place, Problem, Severity

NO_BREAK = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Blanks that are none to YAML, as a class of a pattern."""
CURLY = "“”„‟‘’‚‛«»"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_STEERING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_INDENT = re.compile(rf"^[ ]*[\t{NO_BREAK}][ \t{NO_BREAK}]*(?=\S)")
_AFTER_COLON = re.compile(rf"^(\s*(?:- +)?[\w+-]+:)([{NO_BREAK}])")
LONGEST_LINE = 2_000
LONG_DASHES = ("– ", "— ")
_CURLY = re.compile(f"[{CURLY}]")
_BLANK = re.compile(f"[{NO_BREAK}]")
_QUOTE = re.compile(r"^(?P<head>\s*(?:- +)*[\w.+-]+:\s+)(?P<value>[\"'].*?)\s*$")
_LINE = re.compile(r"^(?P<head>\s*(?:- +)*[\w.+-]+:[ ]+)(?P<value>[^\s\"'\[{|>&*].*?)(?P<tail>\s+#\s.*|\s*)$")

_JOINED = re.compile(r"^(?P<head>\s*(?:- +)*)(?P<key>[A-Za-z_][\w-]*)(?P<mark>:| *= *)(?P<value>[^\s=:/](?:(?!: ).)*)$")


def error(code: str, place: Place, message: str, remedy: str = "", path: str = "") -> Problem:
    return Problem(code, Severity.ERROR, place, path, message, remedy)


def long_dash(place: Place) -> Problem:
    return error("P115", place, "a long dash, as a word processor makes it", "write `- `")


def readable(text: str) -> str:
    """The text without what libyaml or a line count would stumble on; every other character keeps its place."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub(" ", text)


def clean(text: str) -> str:
    """A text as it goes on: composed, without control characters and marks that steer the direction of writing."""
    if text.isascii() and text.isprintable():
        return text
    text = _STEERING.sub("", _UNSEEN.sub(" ", text))
    return unicodedata.normalize("NFC", _BLANK.sub(" ", text))


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
    if "escape" in complaint or "hexdecimal" in complaint:
        remedy = "double the backslash, or use single quotes"
        return Slip(error("P102", place, "a backslash in double quotes begins an escape, and this is none", remedy))
    if "while scanning a quoted scalar" in complaint or "unexpected end of stream" in complaint:
        where = Place(file, opened or line, 1)
        return Slip(error("P102", where, "a quote is opened and never closed", "close it on the same line"))
    if "cannot start any token" in complaint or "not allowed in this context" in complaint:
        return _strange(place, lines, shown)
    if "flow" in complaint:
        return _braces(place, shown, complaint, opened)
    if "could not find expected ':'" in complaint and opened:
        return _unfinished(Place(file, opened, 1), lines)
    if "did not find expected" in complaint or "could not find expected" in complaint:
        return _behind(place, lines, shown) or _indent(place, lines, shown)
    return Slip(error("P102", place, f"not readable as YAML ({_last(complaint)})", "quote the text at this place"))


def _last(complaint: str) -> str:
    return complaint.rpartition(": ")[2]


def _joined(file: str, last: int, lines: list[str]) -> Slip | None:
    """The line `last`, or the nearest written one above, says `kind:custom` or `kind = custom`; else None."""
    line = next((n for n in range(min(last, len(lines)), 0, -1) if lines[n - 1].strip()), 0)
    found = _matched(_JOINED, lines[line - 1].rstrip()) if line else None
    if not found:
        return None
    text = _with_line(lines, line, f"{found['head']}{found['key']}: {found['value']}")
    return Slip(_unparted(Place(file, line, len(found["head"]) + 1), found), text)


def alone(place: Place, text: str, last: str) -> Problem:
    """What stands between the commas of braces without a value: `kind = custom`, or the rest of the text of `last`."""
    if found := _matched(_JOINED, text):
        return _unparted(place, found)
    remedy = f"put {f'the text of `{last}`' if last else 'the text'} in quotes: inside braces a comma ends it"
    return error("P107", place, f"`{text[:60]}` stands alone between commas", remedy)


def _unparted(place: Place, found: re.Match[str]) -> Problem:
    wrong = "no blank after the colon" if found["mark"] == ":" else "a colon belongs between a word and its value"
    return error("P102", place, wrong, f"write `{_short(found['key'] + ': ' + found['value'])}`")


def _colon(place: Place, lines: list[str], shown: str) -> Slip:
    found = _matched(_LINE, shown)
    if found and place.column > found.start("value"):
        quoted = _quoted(found.group("value"))
        return Slip(
            error("P105", place, "a colon in unquoted text", f"put the text in quotes: {_short(quoted)}"),
            _with_line(lines, place.line, f"{found.group('head')}{quoted}"),
        )
    if joined := _joined(place.file, place.line - 1, lines):
        return joined
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
    found = _matched(_LINE, shown)
    text = None
    if found and place.column >= found.start("value"):
        text = _with_line(lines, place.line, f"{found.group('head')}{_quoted(found.group('value'))}")
    name = "a backtick" if char == "`" else repr(char)
    return Slip(error("P102", place, f"a text cannot begin with {name}", "put the text in quotes"), text)


def _braces(place: Place, shown: str, complaint: str, opened: int | None) -> Slip:
    """In braces or brackets: a comma too many, none where one belongs, or no end."""
    if "expected node content" in complaint and shown[place.column - 1 : place.column] in (",", "]", "}"):
        return Slip(
            error("P107", place, "a comma with nothing between it and the next", "delete it, or quote the text")
        )
    if opened == place.line and shown[place.column - 1 : place.column]:
        remedy = "put a comma between the two, or quote the text if the rest belongs to it"
        return Slip(error("P107", place, "neither a comma nor the closing bracket or brace", remedy))
    where = Place(place.file, opened, 1) if opened else place
    return Slip(error("P102", where, "a bracket or brace is opened and not closed", "close it, or quote the text"))


def _unfinished(place: Place, lines: list[str]) -> Slip:
    """A line that should have been a key; what Word made of a blank or quote is the likelier slip."""
    shown = lines[place.line - 1] if place.line <= len(lines) else ""
    if shown.lstrip().startswith(LONG_DASHES):
        return Slip(long_dash(place))
    if _BLANK.search(shown) or _CURLY.search(shown):
        return _indent(place, lines, shown)
    remedy = "write `key: value` with a colon and a blank"
    return _joined(place.file, place.line, lines) or Slip(error("P102", place, "a line without `key: value`", remedy))


def _behind(place: Place, lines: list[str], shown: str) -> Slip | None:
    """Text that goes on behind a closing quote, bracket or brace; None where there is none of them."""
    if (found := _matched(_QUOTE, shown)) and place.column > found.start("value") + 1:
        value = found.group("value")
        quoted = _quoted(value[1:-1] if value.endswith(value[0]) else value)
        remedy = f"put the whole text in quotes: {_short(quoted)}"
        text = _with_line(lines, place.line, f"{found.group('head')}{quoted}")
        return Slip(error("P102", place, "the text goes on behind the closing quote", remedy), text)
    if shown[: place.column - 1].rstrip()[-1:] not in ("]", "}"):
        return None
    if shown[place.column - 1 : place.column] in ("]", "}"):
        return Slip(error("P102", place, "a closing bracket or brace too many", "delete it"))
    remedy = "put the whole text in quotes, or delete the rest"
    return Slip(error("P102", place, "the line goes on behind the closing bracket or brace", remedy))


def _indent(place: Place, lines: list[str], shown: str) -> Slip:
    for number in (place.line, place.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        for chars, name, code in ((_BLANK, "a no-break space", "P109"), (_CURLY, "a curly quote", "P108")):
            if found := chars.search(line):
                there = Place(place.file, number, found.start() + 1)
                remedy = "retype it as a plain space" if code == "P109" else 'write straight quotes: "..."'
                return Slip(error(code, there, f"{name} that YAML cannot read", remedy))
    if re.match(r"^\s*[\w-]+\s*$", shown) or re.match(r"^\s*[\w-]+:\S", shown):
        remedy = "write `key: value` with a colon and a blank"
        return Slip(error("P102", place, "a line without `key: value`", remedy))
    remedy = "indent the line exactly like its neighbours"
    return Slip(error("P104", place, "the indent fits no line above", remedy))


def _with_line(lines: list[str], number: int, line: str) -> str:
    return "\n".join([*lines[: number - 1], line, *lines[number:]])


def _matched(pattern: re.Pattern[str], line: str) -> re.Match[str] | None:
    """None for a line longer than anybody writes: the patterns look at each blank of a long row again and again."""
    return pattern.match(line) if len(line) <= LONGEST_LINE else None


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _short(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else f"{text[: limit - 4]}...{text[-1]}"
