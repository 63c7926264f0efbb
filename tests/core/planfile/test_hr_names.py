"""Names as people have them: the same twice, last name first, in other letters, written in two ways."""

from __future__ import annotations

import pytest

from cadence.core.planfile import PersonRow, names
from tests.core.planfile.reading import HEAD, plan_of, said

PLAIN = f"{HEAD}people: {{file: people.csv}}\n"
BY_NAME = f"{HEAD}people: {{file: people.csv, email: '{{first}}.{{last}}@x.example'}}\n"
BY_ID = f"{HEAD}people: {{file: people.csv, email: 'p{{id}}@x.example'}}\n"


def people_of(text: str, people: str) -> dict[str, PersonRow]:
    return {row.key: row for row in plan_of(text, people=people).people.rows}


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        (["Carter, James"], "James Carter"),
        (["van der Berg,Jan  Piet"], "Jan Piet van der Berg"),
        (["James Carter, PhD"], "James Carter, PhD"),
        (["James Carter, Jr."], "James Carter, Jr."),
        (["Carter, James, PhD"], "James Carter, PhD"),
        (["Day, Jo, Jr., MBA"], "Jo Day, Jr., MBA"),
        (["Carter, James, Boston"], "Carter, James, Boston"),
        (["Carter,"], "Carter,"),
        (["James", "Carter, Jr."], "James Carter, Jr."),
        (["", "Carter"], "Carter"),
    ],
)
def test_a_last_name_before_a_comma_goes_behind_the_first(cells: list[str], name: str) -> None:
    assert names.full_name(cells) == name


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("James Carter, Jr.", "james.carter@x.example"),
        ("James Carter PhD", "james.carter@x.example"),
        ("Jean-Luc de la Cruz", "jeanluc.cruz@x.example"),
        ("Madonna", None),
        ("Иван Петров", None),
        ("王 Wei", None),
    ],
)
def test_an_address_is_made_of_a_first_and_a_last_name(name: str, address: str | None) -> None:
    assert names.address("{first}.{last}@x.example", name, None) == address


OTHER_LETTERS = [
    ("Иван Петров", "ivan.petrov@x.example", "1001", "ivan-petrov"),
    ("王小明", "", "1002", "person-1002"),
    ("محمد علي", "m.ali@x.example", "", "m-ali"),
    ("Νίκος Παππάς", "", "A/7", "person-a-7"),
    ("김 Min-ho", "", "", "min-ho"),
]


def test_a_name_in_other_letters_gets_its_key_from_the_address_else_the_id() -> None:
    rows = people_of(PLAIN, "name,email,id\n" + "\n".join(f"{n},{mail},{i}" for n, mail, i, _ in OTHER_LETTERS))
    assert {row.name: key for key, row in rows.items()} == {name: key for name, _, _, key in OTHER_LETTERS}


def test_a_name_in_other_letters_without_id_or_address_is_a_mistake() -> None:
    assert said(PLAIN, people="name,manager\nИван Петров,\nBob Day,李雷\n") == [
        "people.csv:2:1: error[P241]: no key can be made of the name 'Иван Петров';"
        " give the row an id or an e-mail, or write the name in the letters a to z",
        "people.csv:3:1: error[P241]: the manager '李雷' stands in no row, and no key can be made of the name;"
        " add a row for them, with an id or an e-mail",
    ]


def test_people_in_other_letters_are_named_by_their_own_name() -> None:
    people = "name,email,manager\n李雷,lei@x.example,\nBob Day,,李雷\n"
    plan = plan_of(f"{PLAIN}roles: {{vp: 李雷}}\n", people=people)
    assert (plan.roles["vp"], plan.people.rows[0].manager) == ("lei", "lei")


def test_a_pattern_that_makes_no_address_of_a_name_is_a_mistake_unless_there_is_another_way() -> None:
    people = "id,name,email,channel\n1,Madonna,,\n2,Иван Петров,,\n3,李雷,lei@x.example,\n4,Cher,,#cher\n"
    assert said(BY_NAME, people=people) == [
        "people.csv:2:1: error[P242]: the pattern makes no address of 'Madonna'; give the row an e-mail of its own",
        "people.csv:3:1: error[P242]: the pattern makes no address of 'Иван Петров'; give the row an e-mail of its own",
    ]


def test_a_pattern_of_ids_asks_for_no_letters() -> None:
    assert people_of(BY_ID, people="id,name\n2,Иван Петров\n")["person-2"].email == "p2@x.example"


def test_a_name_composed_in_two_ways_is_one_person() -> None:
    people = 'name,manager\nZo\u00eb \u00dcnal,\nBob Day,Zoe\u0308 U\u0308nal\nCy Ek,"U\u0308nal, ZOE\u0308"\n'
    rows = people_of(PLAIN, people)
    assert {key: row.manager for key, row in rows.items()} == {
        "bob-day": "zoe-unal",
        "cy-ek": "zoe-unal",
        "zoe-unal": None,
    }


def test_one_address_in_small_and_capital_letters_is_one_address() -> None:
    rows = people_of(PLAIN, "name,email,manager\nAnn Lee,Ann.Lee@X.Example,\nBob Day,,ann.lee@x.example\n")
    assert rows["bob-day"].manager == "ann-lee"
    assert rows["ann-lee"].identity == "mail:ann.lee@x.example"


JAMES = 'id,name,email,manager\n7,James Carter,,\n9,"Carter, James",,\n'


def test_two_of_one_name_are_told_apart_by_their_ids() -> None:
    rows = people_of(PLAIN, JAMES + "11,Bob Day,,9\n12,Cy Ek,,7\n")
    assert {key: row.manager for key, row in rows.items()} == {
        "bob-day": "james-carter-9",
        "cy-ek": "james-carter-7",
        "james-carter-7": None,
        "james-carter-9": None,
    }


def test_a_name_that_two_have_means_neither() -> None:
    assert said(PLAIN, people=JAMES + "11,Bob Day,,James Carter\n") == [
        "people.csv:4:1: error[P204]: 2 people are called 'James Carter'; write a key: james-carter-7, james-carter-9"
    ]


def test_two_of_one_name_without_a_mark_are_a_mistake_that_names_both_lines() -> None:
    assert said(PLAIN, people='name\nJames Carter\nBob Day\n"Carter, James"\n') == [
        "people.csv:4:1: error[P209]: two people are called James Carter; the other is in line 2;"
        " give both rows an id or an e-mail of their own"
    ]


def test_a_pattern_never_gives_two_people_one_address() -> None:
    assert said(BY_NAME, people=JAMES) == [
        "people.csv:3:1: error[P214]: James Carter has the e-mail of James Carter (people.csv:2);"
        " one person stands in one row; give the other their own"
    ]
    assert "P214" in said(BY_NAME, people="name\nZoe Ohara\nZoë O'Hara\n")[0]


def test_no_two_people_share_a_key_whatever_their_marks() -> None:
    marked = ",Ann Lee,bob.day@x.example\n,Ann Lee,ann@x.example\n1,Bob Day,\n"
    numbered = "2-1,Cy Ek,\n2,Cy Ek,\n3,Cy Ek 2,\n"
    rows = people_of(PLAIN, f"id,name,email\n{marked}{numbered}")
    assert sorted(rows) == ["ann", "bob-day", "bob-day-2", "cy-ek-2", "cy-ek-2-1", "cy-ek-2-2"]


def test_a_manager_almost_of_a_name_in_the_file_is_asked_about() -> None:
    people = "name,manager\nDustin Brinkmann,\nAnn Lee,Dustin Brinkman\nBob Day,Dustin Brinkmann\nCy Ek,Dustin Moss\n"
    assert said(PLAIN, people=people) == [
        "people.csv:3:1: warning[P246]: the manager 'Dustin Brinkman' stands in no row;"
        " did you mean 'Dustin Brinkmann'?"
    ]
