"""What stands on disk and how it comes into a bundle: encodings, dialects, and the files that are not read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cadence.core.model import Bundle
from cadence.core.planfile import BUDGET, parse
from cadence.services.gather import gather

HEAD = "plan: x\nrollout: 2027-01-11\n"
PLAN = f"{HEAD}people: {{file: people.csv}}\n"
HEADER = ("id", "name", "manager", "started", "region")
BODY = (("7", "Zoë Ünal", "", "1998-05-01", "Süd"), ("9", "Losch, Cara", "7", "", "West, upper"))
EXPECTED = [
    ("9", "Cara Losch", "zoe-unal", None, "West, upper"),
    ("7", "Zoë Ünal", None, "1998-05-01", "Süd"),
]


def table(separator: str, *, ends: str = "\n", quote: str = '"', tail: str = "") -> str:
    rows = [separator.join(f"{quote}{cell}{quote}" for cell in row) for row in (HEADER, *BODY)]
    return ends.join(f"{row}{tail}" for row in rows) + ends


def plan_at(folder: Path, text: str = PLAN, people: bytes | None = None) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    if people is not None:
        (folder / "people.csv").write_bytes(people)
    return path


def gathered(path: Path) -> Bundle:
    bundle, problems = gather(path)
    assert bundle is not None, "\n".join(map(str, problems))
    return bundle


def said(path: Path) -> list[str]:
    return [str(problem) for problem in gather(path)[1]]


EXPORTS = {
    "comma, UTF-8": table(",").encode(),
    "semicolon, UTF-8 with its mark": table(";").encode("utf-8-sig"),
    "Excel in Europe: semicolon, Windows, CRLF": table(";", ends="\r\n").encode("cp1252"),
    "Excel's Unicode text: tabs, UTF-16": table("\t", ends="\r\n").encode("utf-16"),
    "the same with the bytes the other way round": b"\xfe\xff" + table("\t").encode("utf-16-be"),
    "bars": table("|").encode(),
    "a line that says the separator": ("sep=;\r\n" + table(";", ends="\r\n")).encode(),
    "the same in quotes": ('"sep=|"\n' + table("|")).encode("utf-8-sig"),
    "lines that end as on an old Mac": table(",", ends="\r").encode("utf-8"),
    "separators at every end": table(";", tail=";;;").encode(),
    "empty lines and lines of nothing": ("\n\n" + table(";").replace("\n", "\n;;;;\n\n") + "\n  \n").encode(),
    "a total below": (table(",") + '"Total",,,,"2"\n').encode(),
    "how many rows": (table(",") + "\n2,,,,\n".replace("2", "Count: 2")).encode(),
    "a NUL that a mainframe left": table(",").replace("Ünal", "Ünal\0").encode(),
    "a name of two lines in quotes": table(",").replace("Zoë Ünal", "Zoë\r\nÜnal").encode(),
    "a header of two lines in quotes": table(";").replace('"name"', '"na\nme"').replace("na\nme", "name\n").encode(),
    "no-break spaces and a letter with a loose accent": table(",").replace("Zoë ", "Zoe\u0308\u00a0").encode(),
    "no quotes where none are needed": (table("\t", quote="").encode()),
    "an id that became a decimal": table(",").replace('"7"', '"7.0"').encode(),
    "a date with dots": table(",").replace("1998-05-01", "01.05.1998").encode(),
}


@pytest.mark.parametrize("people", EXPORTS.values(), ids=EXPORTS.keys())
def test_every_export_is_read_to_the_same_people(tmp_path: Path, people: bytes) -> None:
    plan, problems = parse(gathered(plan_at(tmp_path, people=people)))
    assert plan is not None, problems
    read = [
        (row.id, row.name, row.manager, row.started.isoformat() if row.started else None, row.region)
        for row in plan.people.rows
    ]
    assert read == EXPECTED
    assert {problem.code for problem in problems} <= {"P240"}


def test_a_total_below_the_table_is_passed_over_and_said(tmp_path: Path) -> None:
    path = plan_at(tmp_path, people=EXPORTS["a total below"])
    assert said(path) == [
        "people.csv:4:1: note[P240]: the last line says 'Total' and is taken for a total, not for a person;"
        " delete it, or write a full name"
    ]


def test_what_is_in_no_known_encoding_says_how_to_save_it(tmp_path: Path) -> None:
    path = plan_at(tmp_path, people=b"name\nAnna \x81\x8d Berg\n")
    assert "people.csv:1:1: error[P102]: the text is in no known encoding; save it as UTF-8" in said(path)


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "~/people.csv", "C:/people.csv", "C:\\people.csv", "\\\\hr\\people.csv"]
)
def test_a_people_file_is_never_named_by_an_absolute_path(tmp_path: Path, name: str) -> None:
    (line,) = said(plan_at(tmp_path, f"{HEAD}people:\n  file: {name}\n"))
    assert line.startswith("plan.yaml:4:3: error[P100] people.file: the people file '")
    assert line.endswith(
        "is named by where it lies on one machine; write its path as seen from the plan: '../hr/people.csv'"
    )


def test_an_absolute_parent_is_not_read(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.yaml"
    elsewhere.write_text("title: secret\n", encoding="utf-8")
    (line,) = said(plan_at(tmp_path, f"{HEAD}extends: {elsewhere}\n"))
    assert ": error[P210] extends: there is no plan" in line


def test_an_export_beside_the_plans_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "plans").mkdir()
    (tmp_path / "people.csv").write_text(table(","), encoding="utf-8")
    path = plan_at(tmp_path / "plans", PLAN.replace("people.csv", "../people.csv"))
    assert gathered(path).files[1] == ("../people.csv", table(","))


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_regular_file_is_not_opened(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "people.csv")
    assert said(plan_at(tmp_path)) == [
        "plan.yaml:3:10: error[P100] people.file: the people file 'people.csv' is not there, or is no file that can"
        " be read; write its path as seen from the plan"
    ]


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe", b"\xff"])
def test_a_huge_file_is_refused_without_being_read(tmp_path: Path, mark: bytes) -> None:
    path = plan_at(tmp_path, people=mark)
    with (tmp_path / "people.csv").open("ab") as file:
        file.truncate(1 << 40)
    assert said(path) == ["people.csv:1:1: error[P101]: larger than 1,048,576 bytes; split the file"]


def test_the_largest_file_that_is_read_is_the_budget_to_the_byte(tmp_path: Path) -> None:
    whole = b"name\n" + b"Anna Berg\n".ljust(BUDGET.size - 5)
    assert gathered(plan_at(tmp_path, people=whole))
    assert said(plan_at(tmp_path, people=whole + b" "))


def test_a_plan_may_name_people_by_what_the_installation_calls_them(tmp_path: Path) -> None:
    path = plan_at(tmp_path, f"{PLAN}keepers: [anna-berg]\n", b"id,name\n5,Anna Hill\n")
    assert gather(path)[0] is None
    bundle, problems = gather(path, {"id:5": "anna-berg"})
    assert bundle is not None, problems


@pytest.mark.parametrize("begins", [b"PK\x03\x04\x14\x00\x9d\x81", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"])
def test_an_excel_workbook_is_called_by_its_name(tmp_path: Path, begins: bytes) -> None:
    assert said(plan_at(tmp_path, people=begins)) == [
        "people.csv:1:1: error[P114]: this is an Excel workbook and no table of text; save it as CSV (UTF-8)"
    ]


def test_a_file_that_cannot_be_read_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (line,) = said(plan_at(tmp_path, people=b"name\nAnna \x81 Berg\n"))
    assert "error[P102]" in line


def test_holidays_are_known_for_as_long_as_any_wave_may_last(tmp_path: Path) -> None:
    waves = "calendar: {country: US}\nwaves: {late: {rollout: 2029-11-05, only: {region: West}}}\n"
    ((_, days),) = gathered(plan_at(tmp_path, HEAD + waves)).holidays
    assert (min(days).year, max(days).year) == (2026, 2032)


@pytest.mark.parametrize(
    ("words", "place", "path"),
    [
        ("calendar: {country: DE, subdivision: XX}", "3:25", "calendar.subdivision"),
        ("calendar: {country: XX}", "3:12", "calendar.country"),
        ("people: {list: {ann: {name: Ann,\n  country: XX}}}", "3:17", ""),
        (
            "people:\n  places: {Ulm: {country: DE, subdivision: XX}}\n  list: {ann: {name: Ann, place: Ulm}}",
            "4:12",
            "people.places.Ulm",
        ),
    ],
)
def test_a_country_without_holidays_is_said_where_it_stands(tmp_path: Path, words: str, place: str, path: str) -> None:
    (problem,) = gather(plan_at(tmp_path, f"{HEAD}{words}\n"))[1]
    assert (problem.code, f"{problem.place.line}:{problem.place.column}", problem.path) == ("P212", place, path)
