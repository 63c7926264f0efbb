"""CSV text to rows of named cells with their lines: the dialect is guessed, a mistake says its line.

Read as HR systems and spreadsheets write it: comma, semicolon, tab or bar, or what a first line `sep=;` says; any line
ends; cells of several lines; separators and empty lines at the end; a total below. Encoding is the shell's business;
a byte order mark that came through is dropped.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from cadence.core.model import Place, Problem, Severity
from cadence.core.planfile.loader import BUDGET, Budget
from cadence.core.planfile.traps import clean, error, readable

SEPARATORS = ",;\t|"
CELLS = 2_000
"""The longest cell; more than that is an unclosed quote that swallowed the rest of the file."""
MOST_ROWS = 20_000
"""More people than one plan is made for; whoever has them all in one file filters before the export."""
_SAYS_IT = re.compile(r"\s*\"?sep=(.)\"?[,;\t| ]*(?:\n|$)", re.IGNORECASE)
_TOTAL = re.compile(r"(grand )?(totals?|sum|summe|gesamt|count|records|rows)\b[ :=(]*[\d.,' ]*\)?", re.IGNORECASE)
_FIGURE = re.compile(r"[\d.,'% ]+")
_WORKBOOK = ("PK\x03\x04", "\xd0\xcf\x11\xe0")
"""What an Excel workbook begins with, new and old, where it is taken for text."""
_END = "\x1f"
"""Stands on a line of its own behind the text: where it is part of a cell, a quote was never closed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what stands in each column, empty cells left out."""

    place: Place
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_csv(file: str, text: str, budget: Budget = BUDGET) -> tuple[Table | None, tuple[Problem, ...]]:
    """The table in `text`; None where it has no readable header."""
    if len(text) > budget.size or len(text.encode("utf-8", "surrogatepass")) > budget.size:
        return None, (error("P101", Place(file, 1, 1), f"larger than {budget.size:,} bytes", "split the file"),)
    if text.startswith(_WORKBOOK):
        message, remedy = "this is an Excel workbook and no table of text", "save it as CSV (UTF-8)"
        return None, (error("P114", Place(file, 1, 1), message, remedy),)
    text, separator = _dialect(readable(text))
    ended = chain(io.StringIO(text, newline=""), [_END])
    lines = csv.reader(ended, delimiter=separator, skipinitialspace=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    header: tuple[str, ...] | None = None
    begins = 1
    try:
        for written in _closed(lines):
            place, begins = Place(file, begins, 1), lines.line_num + 1
            cells = [" ".join(clean(cell).split()) for cell in written]
            if not any(cells):
                continue
            if header is None:
                header = tuple(cells)
                problems.extend(_header(header, place))
            elif problem := _misfit(cells, header, place):
                problems.append(problem)
            elif len(rows) >= MOST_ROWS:
                problems.append(error("P101", place, f"more than {MOST_ROWS:,} rows", "export only the sales people"))
                break
            else:
                named = {name: cell for name, cell in zip(header, cells, strict=False) if cell and name}
                rows.append(Row(place, named))
    except csv.Error as complaint:
        remedy = "close the quote that was left open"
        problems.append(error("P114", Place(file, begins, 1), f"not readable as a table: {complaint}", remedy))
    if header is None:
        problems.append(error("P114", Place(file, 1, 1), "the file is empty", "begin with a line of column names"))
        return None, tuple(problems)
    return Table(header, _without_total(rows, problems)), tuple(problems)


def _dialect(text: str) -> tuple[str, str]:
    """The text and its separator. Excel's first line `sep=;` names it, and is emptied so that lines keep their numbers;
    otherwise it is what the first line with any text holds most often outside of quotes."""
    said = _SAYS_IT.match(text)
    if said:
        return "\n" * text.count("\n", 0, said.end()) + text[said.end() :], said[1]
    begin = text.lstrip("\n ")
    bare = "".join(part for n, part in enumerate(begin.split('"', 200)) if n % 2 == 0)
    first = bare.partition("\n")[0]
    return text, max(SEPARATORS, key=lambda char: (first.count(char), -SEPARATORS.index(char)))


def _closed(lines: Iterable[list[str]]) -> Iterator[list[str]]:
    """The lines before the end of the text. Raises csv.Error where the end is part of a cell."""
    for written in lines:
        if written and written[-1].endswith(_END):
            if written != [_END]:
                raise csv.Error("a quote is opened and never closed")
            return
        yield written


def _header(header: tuple[str, ...], place: Place) -> list[Problem]:
    twice = sorted(name for name, times in Counter(header).items() if name and times > 1)
    return [error("P110", place, f"the column `{name}` is there twice", "rename one of them") for name in twice]


def _misfit(cells: list[str], header: tuple[str, ...], place: Place) -> Problem | None:
    if any(len(cell) > CELLS for cell in cells):
        return error("P114", place, f"a cell of more than {CELLS} characters", "close the quote that was left open")
    if len(cells) > len(header) and any(cells[len(header) :]):
        message = f"{len(cells)} cells under {len(header)} columns"
        return error("P114", place, message, 'put a cell that holds the separator in quotes: "Berg, Nina"')
    return None


def _without_total(rows: list[Row], problems: list[Problem]) -> tuple[Row, ...]:
    """The rows without a last one that only counts the others: a word such as `Total`, and figures."""
    word, *figures = [*rows[-1].cells.values()] if len(rows) > 1 and rows[-1].cells else [""]
    if not (_TOTAL.fullmatch(word) and all(_FIGURE.fullmatch(figure) for figure in figures)):
        return tuple(rows)
    message = f"the last line says `{word[:60]}` and is taken for a total, not for a person"
    problems.append(Problem("P240", Severity.NOTE, rows[-1].place, "", message, "delete it, or write a full name"))
    return tuple(rows[:-1])
