"""The people file to drafts of persons: which column means what, which rows are kept, how a cell is read.

A row that `where` leaves out is no rep and no manager of its own. It is read only when somebody is named who stands
there: the manager of a kept row, or whoever the plan itself calls by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from cadence.core.model import Problem, Severity
from cadence.core.planfile.cells import Order, TwoDates, day_of, order_of, whole, written
from cadence.core.planfile.csvtext import Row, Table, read_csv
from cadence.core.planfile.drafts import Draft
from cadence.core.planfile.loader import Budget
from cadence.core.planfile.names import full_name, key_of
from cadence.core.planfile.nodes import Data, Map, place_of
from cadence.core.planfile.translate import MOST, bad_word, validated
from cadence.core.planfile.traps import error
from cadence.core.planfile.written import ColumnsText, PeopleText, PersonText
from cadence.core.triggers.words import BadWord, did_you_mean

NOT_READ = "off"
"""Written for a column, it leaves out one that the file has under the word's own name."""
DATES = ("started", "left")
NUMBERS = ("id", "manager")
_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]:")
_PART_OF_A_NAME = re.compile(r"name|surname", re.IGNORECASE)
_OF_SOMEBODY_ELSE = re.compile(r"manager|supervisor|company|user|team|department|unit", re.IGNORECASE)

Columns = Mapping[str, tuple[str, ...]]
"""The word of the language -> the columns it is read from."""


@dataclass(slots=True)
class PeopleFile:
    """Whom the file names, in its order, and the rows left out. Not `complete` when it could not be read."""

    kept: list[Draft] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=lambda: LeftOut((), Reader({}, None)))
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True


def read_people_file(text: PeopleText, root: Map, files: Mapping[str, str], budget: Budget) -> PeopleFile:
    """Everybody in the file that `text` names; nobody where it names none."""
    if text.file is None:
        return PeopleFile()
    if text.file not in files:
        return PeopleFile(problems=[_not_there(text.file, root)], complete=False)
    table, found = read_csv(text.file, files[text.file], budget)
    problems = list(found)
    columns = _columns(text.columns, table, root, problems) if table else {}
    if table is None or "name" not in columns:
        return PeopleFile(problems=problems, complete=False)
    where = _where(text.where, table, root, problems)
    dates = (row.cells.get(name, "") for word in DATES for name in columns.get(word, ()) for row in table.rows)
    reader = Reader(columns, order_of(dates))
    kept: list[Row] = []
    left_out: list[Row] = []
    for row in table.rows:
        (kept if _is_kept(row, where) else left_out).append(row)
    drafts = [draft for row in kept if (draft := reader.draft(row, problems))]
    return PeopleFile(drafts, LeftOut(left_out, reader), problems)


def _not_there(file: str, root: Map) -> Problem:
    place, path = place_of(root, "people.file"), "people.file"
    if _ABSOLUTE.match(file):
        message = f"the people file `{file[:200]}` is named by where it lies on one machine"
        return error("P100", place, message, "write its path as seen from the plan: `../hr/people.csv`", path)
    message = f"the people file `{file[:200]}` is not there, or is no file that can be read"
    return error("P100", place, message, "write its path as seen from the plan", path)


def _columns(text: ColumnsText, table: Table, root: Map, problems: list[Problem]) -> Columns:
    """What each word is read from; silence takes a column of the word's own name, however it is spelt."""
    exact = {name.casefold(): name for name in reversed(table.columns)}
    alike = {_plainly(name): name for name in reversed(table.columns)} | exact
    columns: dict[str, tuple[str, ...]] = {}
    for word in ColumnsText.model_fields:
        said = getattr(text, word)
        wanted = (said,) if isinstance(said, str) else said
        if wanted is None:
            found = exact.get(word) or alike.get(_plainly(word))
            columns |= {word: (found,)} if found else {}
        elif wanted != (NOT_READ,):
            unknown = [name for name in wanted if name.casefold() not in exact]
            problems += [_unknown_column(name, f"people.columns.{word}", table, root) for name in unknown]
            known = tuple(exact[name.casefold()] for name in wanted if name.casefold() in exact)
            columns |= {word: known} if known else {}
    if "name" not in columns and text.name is None:
        problems.append(_unknown_column("name", "people.columns", table, root))
    return columns


def _plainly(column: str) -> str:
    """`E-Mail` and `Reports to` as the language writes them."""
    return re.sub(r"[\s_-]+", "", column.casefold())


def _unknown_column(name: str, path: str, table: Table, root: Map) -> Problem:
    hint = did_you_mean(name, table.columns) or _name_columns(name, table) or _all_columns(table)
    message = f"the people file has no column `{name[:60]}`"
    return error("P208", place_of(root, path), message, hint, path)


def _name_columns(name: str, table: Table) -> str:
    """What to write where first and last name have a column each."""
    parts = [c for c in table.columns if _PART_OF_A_NAME.search(c) and not _OF_SOMEBODY_ELSE.search(c)]
    return f"write `columns: {{name: [{', '.join(parts[:2])}]}}`" if name == "name" and len(parts) > 1 else ""


def _all_columns(table: Table) -> str:
    return f"its columns: {', '.join(name for name in table.columns[:20] if name)}"


def _where(
    where: Mapping[str, Sequence[str]], table: Table, root: Map, problems: list[Problem]
) -> Mapping[str, frozenset[str]]:
    """The columns to look at and the values that keep a row, in small letters. What no row has is said."""
    spelt = {name.casefold(): name for name in reversed(table.columns)}
    found = {}
    for name, values in where.items():
        path = f"people.where.{name}"
        column = spelt.get(name.casefold())
        if column is None:
            problems.append(_unknown_column(name, path, table, root))
            continue
        known = {cell.casefold(): cell for row in table.rows if (cell := row.cells.get(column))}
        found[column] = frozenset(value.casefold() for value in values)
        unknown = [value for value in values if value and value.casefold() not in known]
        problems += [_unknown_value(value, column, known.values(), path, root) for value in unknown]
    return found


def _unknown_value(value: str, column: str, known: Iterable[str], path: str, root: Map) -> Problem:
    values = sorted(known)[:MOST]
    hint = did_you_mean(value[:60], values) or f"among its values: {', '.join(v[:40] for v in values[:8]) or 'none'}"
    message = f"no row has `{value[:60]}` in the column `{column[:60]}`"
    return Problem("P215", Severity.WARNING, place_of(root, path), path, message, hint)


def _is_kept(row: Row, where: Mapping[str, frozenset[str]]) -> bool:
    return all(row.cells.get(column, "").casefold() in values for column, values in where.items())


@dataclass(frozen=True, slots=True)
class Reader:
    """How the rows of one table are read: its columns, and the order of day and month in its dates."""

    columns: Columns
    order: Order | None

    def draft(self, row: Row, problems: list[Problem]) -> Draft | None:
        """The person of a row; None, with the mistake, where it names nobody."""
        data = self.cells(row)
        days = {word: self._day(data.pop(word), word, row, problems) for word in DATES if word in data}
        said, mistakes = validated(PersonText, Map(row.place, {}), dict[str, Data](data))
        problems.extend(mistakes)
        if said is None or not said.name:
            remedy = "give the person a name, or delete the row"
            problems.append(error("P202", row.place, "this row has no name", remedy))
            return None
        return Draft.of_row(said.model_copy(update=days) if days else said, row.place)

    def cells(self, row: Row) -> dict[str, str]:
        """The row by the words of the language; cells that say nothing are left out."""
        found = {}
        for word, names in self.columns.items():
            cells = [row.cells.get(name, "") for name in names]
            said = full_name(cells) if word == "name" else written(cells[0])
            if said:
                found[word] = whole(said) if word in NUMBERS else said
        return found

    def _day(self, cell: str, word: str, row: Row, problems: list[Problem]) -> date | None:
        try:
            return day_of(cell, self.order)
        except BadWord as mistake:
            code = "P244" if isinstance(mistake, TwoDates) else "P203"
            problems.append(bad_word(Map(row.place, {}), word, mistake, code))
            return None


class LeftOut:
    """The rows that `where` leaves out, found by id, e-mail, name or key when somebody names them."""

    def __init__(self, rows: Sequence[Row], reader: Reader) -> None:
        self._rows, self._reader = rows, reader

    def named(self, word: str, problems: list[Problem]) -> Draft | None:
        """The one person whom `word` means: known only because they are named. None for nobody and for several."""
        found = self._by_word.get(word.casefold()) or self._by_word.get(full_name([word]).casefold()) or []
        draft = self._reader.draft(found[0], problems) if len(found) == 1 else None
        if draft is None or not draft.key:
            return None
        said = draft.said.model_copy(update={"manager": None})  # what is above them is no business of the plan
        return Draft(draft.key, said, "manager", draft.place)

    def managers(self) -> frozenset[str]:
        """Every word by which one of these rows names its manager."""
        found = (self._reader.cells(row).get("manager", "") for row in self._rows)
        return frozenset(word for word in found if word)

    @cached_property
    def _by_word(self) -> Mapping[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self._rows:
            cells = self._reader.cells(row)
            name, email, ident = cells.get("name", ""), cells.get("email"), cells.get("id")
            draft_words = {ident, email, name, key_of(name, email, ident)}
            for word in {word.casefold() for word in draft_words if word}:
                found.setdefault(word, []).append(row)
        return found
