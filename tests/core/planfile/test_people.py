"""Who the people of a plan are: rows of a table, entries of a list, and managers only ever named."""

import pytest

from cadence.core.planfile import PersonRow, parse
from tests.core.planfile.reading import HEAD, bundle, plan_of, said

PLAIN = f"{HEAD}people: {{file: people.csv}}\n"
FILE = f"{HEAD}people: {{file: people.csv, email: '{{first}}.{{last}}@x.example'}}\n"


def people_of(text: str, **files: str) -> dict[str, PersonRow]:
    return {row.key: row for row in plan_of(text, **files).people.rows}


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_of_the_table_is_found_out(separator: str) -> None:
    table = f'\ufeffName{separator}Manager\nAnna Berg{separator}"Losch, Cara"\n'
    assert people_of(FILE, people=table)["anna-berg"].manager == "cara-losch"


def test_a_manager_without_a_row_becomes_a_person_with_an_address() -> None:
    rows = people_of(FILE, people='name,manager\nAnna Berg,Cara Losch\n"Zoë, Ünal",cara losch\n')
    assert {key: (row.source, row.email, row.manager) for key, row in rows.items()} == {
        "anna-berg": ("file", "anna.berg@x.example", "cara-losch"),
        "cara-losch": ("manager", "cara.losch@x.example", None),
        "unal-zoe": ("file", "unal.zoe@x.example", "cara-losch"),
    }


@pytest.mark.parametrize("manager", ["m1", "Cara@X.example", "Cara Losch", "Losch, Cara"])
def test_a_manager_is_named_by_id_address_or_name(manager: str) -> None:
    table = f'id,name,email,manager\nm1,Cara Losch,cara@x.example,\nr1,Anna Berg,,"{manager}"\n'
    assert people_of(FILE, people=table)["anna-berg"].manager == "cara-losch"


def test_two_rows_of_one_name_need_an_id_or_an_address_of_their_own() -> None:
    lines = said(FILE, people="name,team\nAnna Berg,East\nBob Day,East\nAnna Berg,West\n")
    assert lines == [
        "people.csv:4:1: error[P209]: two people are called Anna Berg; the other is in line 2;"
        " give both rows an id or an e-mail of their own"
    ]


def test_two_people_of_one_name_get_keys_by_id_or_address() -> None:
    by_id = people_of(PLAIN, people="id,name\n7,Anna Berg\n9,Anna Berg\n")
    by_mail = people_of(FILE, people="name,email\nAnna Berg,anna@x.example\nAnna Berg,a.berg@x.example\n")
    assert sorted(by_id) == ["anna-berg-7", "anna-berg-9"]
    assert sorted(by_mail) == ["a-berg", "anna"]


def test_one_address_is_one_person() -> None:
    lines = said(FILE, people="name,email\nAnna Berg,a@x.example\nBob Day,A@x.example\n")
    assert len(lines) == 1
    assert lines[0].startswith("people.csv:3:1: error[P214]: Bob Day has the e-mail of Anna Berg (people.csv:2)")


def test_columns_may_have_any_names_and_a_name_several_columns() -> None:
    text = f"""{HEAD}people:
  file: people.csv
  columns: {{name: [Vorname, Nachname], region: Gebiet, started: seit}}
  where: {{Job: [AE, SE]}}
  places: {{Munich: {{timezone: Europe/Berlin, country: DE, subdivision: BY}}}}
"""
    table = "Vorname;Nachname;Gebiet;Job;Place;seit;Tags\nAnna;Berg;Süd;ae;Munich;2027-02-01;new|big\nBob;Day;;CEO;;;\n"
    (row,) = people_of(text, people=table).values()
    assert (row.key, row.name, row.region, row.site) == ("anna-berg", "Anna Berg", "Süd", "Munich")
    assert (row.timezone, row.country, row.subdivision) == ("Europe/Berlin", "DE", "BY")
    assert (str(row.started), row.tags) == ("2027-02-01", frozenset({"new", "big"}))


def test_the_list_amends_rows_and_adds_persons() -> None:
    text = f"""{HEAD}people:
  file: people.csv
  list:
    anna-berg: {{timezone: America/Chicago, reports_to: Dana Ruiz}}
    boss: {{id: "7", region: East}}
    dana-ruiz: {{name: Dana Ruiz, external: true, hours: "09:00-17:30", workdays: sun-thu}}
    nina: {{name: Nina Berg, replaces: anna-berg, since: 2027-02-01}}
"""
    rows = people_of(text, people="id,name,manager\n5,Anna Berg,7\n7,Cara Losch,\n")
    assert (rows["anna-berg"].source, rows["anna-berg"].timezone) == ("file", "America/Chicago")
    assert (rows["anna-berg"].manager, rows["anna-berg"].reports_to) == ("boss", "dana-ruiz")
    assert (rows["boss"].name, rows["boss"].region) == ("Cara Losch", "East")
    assert (rows["dana-ruiz"].external, str(rows["dana-ruiz"].closes)) == (True, "17:30:00")
    assert rows["dana-ruiz"].workdays == frozenset({6, 0, 1, 2, 3})
    assert (rows["nina"].replaces, str(rows["nina"].since)) == ("anna-berg", "2027-02-01")


def test_who_is_known_by_an_alias_keeps_it_and_answers_to_both() -> None:
    text = f"{FILE}keepers: [anna-hill]\nbackups: {{anna-berg: cara-losch}}\n"
    table = "id,name,manager\n5,Anna Hill,Cara Losch\n"
    plan, problems = parse(bundle(text, {"people.csv": table}), aliases={"id:5": "anna-berg"})
    assert plan is not None, problems
    assert plan.keepers == ("anna-berg",)
    assert dict(plan.backups) == {"anna-berg": "cara-losch"}


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("", "people.csv:1:1: error[P114]: the file is empty; begin with a line of column names"),
        ("name,name\nA B,C\n", "people.csv:1:1: error[P110]: the column 'name' is there twice; rename one of them"),
        (
            "name,team\nBerg, Anna, East\n",
            "people.csv:2:1: error[P114]: 3 cells under 2 columns;"
            ' put a cell that holds the separator in quotes: "Berg, Nina"',
        ),
        (
            "name,team\n\n,East\n",
            "people.csv:3:1: error[P202]: this row has no name; give the person a name, or delete the row",
        ),
        (
            "name,started\nAnna Berg,soon\n",
            "people.csv:2:1: error[P203] started: 'soon' is not a date; write year-month-day: '2027-03-01'",
        ),
        ("name,manager\nAnna Berg,9912\n", "people.csv:2:1: error[P204]: no person is called '9912'; add the person"),
        (
            "agent,manager\nAnna Berg,Cara Losch\n",
            "plan.yaml:3:1: error[P208] people.columns:"
            " the people file has no column 'name'; its columns: agent, manager",
        ),
    ],
)
def test_a_mistake_in_the_table_says_its_line(table: str, line: str) -> None:
    assert line in said(FILE, people=table)


def test_the_order_of_rows_decides_nothing() -> None:
    rows = ["5,Anna Berg,7", "6,Anna Berg,7", "7,Cara Losch,", "8,Bob Day,Eve Ross"]
    there, back = ("id,name,manager\n" + "\n".join(order) + "\n" for order in (rows, rows[::-1]))
    assert [(row.key, row.manager) for row in people_of(PLAIN, people=there).values()] == [
        (row.key, row.manager) for row in people_of(PLAIN, people=back).values()
    ]
