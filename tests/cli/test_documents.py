"""Documents and the output module: forms of values, and what never reaches a terminal or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.cli import output
from cadence.core import documents
from cadence.core.model import Days, Place, Problem, Severity, State


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (datetime(2027, 1, 11, 8, tzinfo=timezone(timedelta(hours=-5))), "2027-01-11T13:00:00Z"),
        (date(2027, 1, 11), "2027-01-11"),
        (Days.inclusive(date(2027, 1, 11), date(2027, 1, 15)), ["2027-01-11", "2027-01-15"]),
        (State.OPEN, "open"),
        ((State.OPEN, None), ["open", None]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"a": date(2027, 1, 1)}, {"a": "2027-01-01"}),
        (0, 0),
        (False, False),
    ],
)
def test_a_value_has_one_form_in_every_document(value: object, written: object) -> None:
    assert documents.value(value) == written


def test_a_finding_says_where_it_stands() -> None:
    problem = Problem(
        "P204", Severity.ERROR, Place("plan.yaml", 12, 5), "activities.x", "no such name", "write another"
    )
    assert documents.finding(problem) == {
        "code": "P204",
        "severity": "error",
        "file": "plan.yaml",
        "line": 12,
        "column": 5,
        "path": "activities.x",
        "message": "no such name",
        "remedy": "write another",
    }


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_no_csv_cell_begins_like_a_formula_and_none_is_lost(cells: list[str]) -> None:
    written = output.csv_text(["a"] * len(cells), [cells])
    rows = list(csv.reader(io.StringIO(written, newline="")))
    assert not any(cell.lstrip().startswith(output.FORMULA) for cell in rows[1])
    assert [cell.removeprefix("'") for cell in rows[1]] == [cell.removeprefix("'") for cell in cells]


@given(st.text())
def test_a_cell_is_one_line_without_anything_a_terminal_obeys(text: str) -> None:
    assert not output.UNSEEN.search(output.cell(text))


def test_an_instant_is_shown_with_the_name_of_its_zone() -> None:
    assert output.when(datetime(2027, 7, 1, 12, tzinfo=UTC), "America/New_York") == "2027-07-01 08:00 EDT"


def test_a_document_can_be_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    output.document({"title": "Größe \u2028 \x1b[31m"})
    assert json.loads(capsys.readouterr().out) == {"title": "Größe \u2028 \x1b[31m"}
