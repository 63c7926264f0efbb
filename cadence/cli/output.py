"""The one place that prints: data to stdout (table, plain rows or JSON), talk to stderr.

A terminal gets tables; a pipe gets one line a row, cells apart by tabs, without a heading. What others wrote never
reaches a terminal with its control characters.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from cadence.core.model import Problem

UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
"""Control characters, and the marks that turn the direction of a line."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run by spreadsheets."""

Row = Sequence[object]


def talk(line: str = "") -> None:
    """A line for the person at the keyboard."""
    typer.echo(line, err=True)


def data(text: str | bytes) -> None:
    """Text or bytes for whoever reads stdout, exactly as they are."""
    typer.echo(text, nl=False)


def line(text: str) -> None:
    data(f"{text}\n")


def document(value: object) -> None:
    """One JSON document."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    line(json.dumps(value, ensure_ascii=plain, indent=2))


def rows(headings: Sequence[str], found: Iterable[Row], *, title: str | None = None) -> None:
    """A table on a terminal, else plain rows."""
    cells = [[cell(item) for item in row] for row in found]
    if sys.stdout.isatty():
        _table(headings, cells, title)
    else:
        data("".join("\t".join(row) + "\n" for row in cells))


def _table(headings: Sequence[str], cells: Iterable[Sequence[str]], title: str | None) -> None:
    # rich is imported where it is needed: a pipe never waits for it
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, title=title, title_justify="left", header_style="bold")
    for row in cells:
        table.add_row(*map(Text, row))
    Console().print(table)


def cell(item: object) -> str:
    """A value for people, on one line."""
    if item is None:
        return ""
    if isinstance(item, bool):
        return "yes" if item else "no"
    if isinstance(item, datetime):
        return when(item)
    if isinstance(item, date):
        return f"{item:%Y-%m-%d}"
    if isinstance(item, (tuple, list)):
        return ", ".join(map(_span_or_cell, item))
    return UNSEEN.sub(" ", str(item))


def _span_or_cell(item: object) -> str:
    """A pair within a list is a span: its first and its last day."""
    return "..".join(map(cell, item)) if isinstance(item, (tuple, list)) and len(item) == 2 else cell(item)


def block(text: str) -> str:
    """A text of several lines, without what a terminal would obey."""
    return "\n".join(UNSEEN.sub(" ", line) for line in text.splitlines())


def when(instant: datetime, zone: str | None = None) -> str:
    """An instant in `zone`, else in the zone of this machine, with the zone's name."""
    if zone is None:
        local = instant.astimezone()
    else:
        from zoneinfo import ZoneInfo

        local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {local.tzname() or UTC}"


def problems(found: Iterable[Problem]) -> None:
    """One line each, on stderr: mistakes before what a parent or the plan merely notes, else in the order given."""
    for problem in sorted(found, key=lambda one: one.severity != "error"):
        talk(UNSEEN.sub(" ", str(problem)))


def csv_text(headings: Sequence[str], found: Iterable[Row]) -> str:
    """Rows as CSV (RFC 4180) in which no cell can be taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([harmless(item) for item in row] for row in found)
    return text.getvalue()


def harmless(item: object) -> str:
    """The cell as text; one that a spreadsheet would run, blanks before it or not, stands behind an apostrophe."""
    text = "" if item is None else " ".join(map(str, item)) if isinstance(item, (tuple, list)) else str(item)
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def is_asking() -> bool:
    """There is a person at a keyboard who can be asked."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirmed(question: str) -> bool:
    return typer.confirm(question, err=True)
