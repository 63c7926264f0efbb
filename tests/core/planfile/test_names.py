"""Names in the 26 letters of keys and addresses, and what a pattern of addresses may say."""

from __future__ import annotations

import pytest

from cadence.core.directory import people
from cadence.core.planfile import names
from cadence.core.triggers.words import BadWord
from tests.core.planfile.reading import HEAD, plan_of, said

PATTERN = "{first}.{last}@x.example"


@pytest.mark.parametrize(
    ("name", "key", "address"),
    [
        ("Łukasz Wąż", "lukasz-waz", "lukasz.waz"),
        ("Søren Ås", "soren-as", "soren.as"),
        ("Đorđe Ðuro", "dorde-duro", "dorde.duro"),
        ("Ægir Œuvré", "aegir-oeuvre", "aegir.oeuvre"),
        ("Işıl Þórð", "isil-thord", "isil.thord"),
        ("Groß GROẞ", "gross-gross", "gross.gross"),
        ("Ǿrn Ħal", "orn-hal", "orn.hal"),
        ("Zoë O'Hara", "zoe-o-hara", "zoe.ohara"),
    ],
)
def test_no_letter_of_a_latin_name_gets_lost(name: str, key: str, address: str) -> None:
    assert names.slug(name) == key
    assert names.address(PATTERN, name, None) == f"{address}@x.example"


def test_keys_of_the_plan_and_of_the_installation_are_made_in_one_place() -> None:
    assert people.slug is names.slug  # type: ignore[attr-defined]  # what the module imports, not what it offers


def test_a_row_of_the_people_file_gets_its_key_and_address_so() -> None:
    text = f"{HEAD}people: {{file: people.csv, email: '{PATTERN}'}}\n"
    (row,) = plan_of(text, people="name\nŁukasz Wąż\n").people.rows
    assert (row.key, row.email) == ("lukasz-waz", "lukasz.waz@x.example")


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("{frist}.{last}@x.com", "`{frist}` stands for nothing; did you mean {first}?"),
        ("{first}.{Lsat}@x.com", "`{Lsat}` stands for nothing; did you mean {last}?"),
        ("{nick}@x.com", "`{nick}` stands for nothing; write {first}, {last} or {id}"),
        ("{first}.{last@x.com", "a brace without its other half; write {first}, {last} or {id}"),
    ],
)
def test_a_pattern_says_only_what_can_be_filled_in(pattern: str, complaint: str) -> None:
    with pytest.raises(BadWord) as wrong:
        names.check_slots(pattern)
    assert str(wrong.value) == complaint
    names.check_slots("{first}.{last}.{id}@x.com")


def test_a_misspelt_pattern_is_an_error_where_the_plan_says_it() -> None:
    (line,) = said(f"{HEAD}people:\n  email: '{{frist}}.{{last}}@x.com'\n")
    assert line == "plan.yaml:4:3: error[P203] people.email: '{frist}' stands for nothing; did you mean {first}?"
