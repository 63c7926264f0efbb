"""CSV text to rows of named cells with their lines: the dialect is guessed, a mistake says its line.

Encoding is the shell's business; a byte order mark that came through is dropped.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

from cadence.core.model import Place, Problem
from cadence.core.planfile.loader import BUDGET, Budget
from cadence.core.planfile.traps import clean, error, readable

SEPARATORS = ",;\t|"
CELLS = 2_000
"""The longest cell; more than that is an unclosed quote that swallowed the rest of the file."""


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
    text = readable(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), skipinitialspace=True)
    rows: list[Row] = []
    problems: list[Problem] = []
    header: tuple[str, ...] | None = None
    begins = 1
    try:
        for cells in lines:
            place, begins = Place(file, begins, 1), lines.line_num + 1
            cells = [" ".join(clean(cell).split()) for cell in cells]
            if not any(cells):
                continue
            if header is None:
                header = tuple(cells)
                problems.extend(_header(header, place))
            elif problem := _misfit(cells, header, place):
                problems.append(problem)
            else:
                named = {name: cell for name, cell in zip(header, cells, strict=False) if cell and name}
                rows.append(Row(place, named))
    except csv.Error as complaint:
        problems.append(error("P114", Place(file, max(1, lines.line_num), 1), f"not readable as a table: {complaint}"))
    if header is None:
        problems.append(error("P114", Place(file, 1, 1), "the file is empty", "begin with a line of column names"))
        return None, tuple(problems)
    return Table(header, tuple(rows)), tuple(problems)


def _separator(text: str) -> str:
    """The separator that the first line with any text holds most often outside of quotes."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    bare = "".join(part for n, part in enumerate(first.split('"')) if n % 2 == 0)
    return max(SEPARATORS, key=lambda char: (bare.count(char), -SEPARATORS.index(char)))


def _header(header: tuple[str, ...], place: Place) -> list[Problem]:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    return [error("P110", place, f"the column `{name}` is there twice", "rename one of them") for name in twice]


def _misfit(cells: list[str], header: tuple[str, ...], place: Place) -> Problem | None:
    if any(len(cell) > CELLS for cell in cells):
        return error("P114", place, f"a cell of more than {CELLS} characters", "close the quote that was left open")
    if len(cells) > len(header) and any(cells[len(header) :]):
        message = f"{len(cells)} cells under {len(header)} columns"
        return error("P114", place, message, 'put a cell that holds the separator in quotes: "Berg, Nina"')
    return None
