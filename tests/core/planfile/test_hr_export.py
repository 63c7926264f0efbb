"""An export of a whole company: 2,000 rows of all departments, managers by number, and whom the plan is about."""

from __future__ import annotations

import pytest

from cadence.core.directory import Directory
from cadence.core.planfile import PersonRow, Plan
from tests.core.compiling import directory_of
from tests.core.planfile.reading import HEAD, plan_of, said

WHERE = """
people:
  file: people.csv
  columns: {id: Employee ID, name: [First Name, Last Name], manager: Manager ID, region: Office}
  where: {Job: [Account Executive, Sales Manager]}
"""
HEADER = "Employee ID,First Name,Last Name,E-Mail,Manager ID,Job,Office,Started\n"
JOBS = ("Account Executive", "Account Executive", "Account Executive", "Engineer", "Accountant")


def company(rows: int = 2_000) -> str:
    """Numbers from 1: the chief, 9 directors under the chief, 40 sales managers under directors 2 to 5, then all the
    others, each under one of the sales managers."""
    lines = ["1,Ada,Stone,ada@x.example,,Chief,HQ,1998-05-01"]
    lines += [f"{n},Dirk,Rock{n},dirk{n}@x.example,1,Director,HQ,2001-02-03" for n in range(2, 11)]
    lines += [f"{n},Mia,Hill{n},mia{n}@x.example,{2 + n % 4},Sales Manager,East,01.03.2015" for n in range(11, 51)]
    others = [(n, 11 + n % 40, JOBS[n // 40 % 5], 1 + n % 28) for n in range(51, rows + 1)]
    lines += [f"{n},Rae,Field{n},rae{n}@x.example,{above},{job},West,{day}/1/2020" for n, above, job, day in others]
    return HEADER + "\n".join(lines) + "\n"


def people_of(plan: Plan) -> dict[str, PersonRow]:
    return {row.key: row for row in plan.people.rows}


def org(text: str, **files: str) -> Directory:
    return directory_of(plan_of(text, **files))


def test_of_a_whole_company_only_the_kept_rows_are_reps_and_managers() -> None:
    plan = plan_of(HEAD + WHERE, people=company())
    found = directory_of(plan)
    assert len(found.reps) == sum(JOBS[n // 40 % 5] == "Account Executive" for n in range(51, 2_001))
    assert len(found.teams) == 40
    assert {row.source for row in plan.people.rows if row.key.startswith("dirk")} == {"manager"}
    assert {found.teams[team].manager[:8] for team in found.teams} == {"mia-hill"}
    assert str(found.persons["rae-field51"].started) == "2020-01-24"


def test_the_rows_of_a_company_in_another_order_are_the_same_people() -> None:
    header, *rows = company(300).splitlines()
    there, back = (
        plan_of(HEAD + WHERE, people=company(300)),
        plan_of(HEAD + WHERE, people="\n".join([header, *rows[::-1]])),
    )
    there_rows, back_rows = ([row.model_dump(exclude={"place"}) for row in plan.people.rows] for plan in (there, back))
    assert there_rows == back_rows


FEW = """id,name,manager,job
1,Vera Pohl,,VP
2,Dora Orr,1,Director
3,Mel Day,2,Sales Manager
4,Reg Ross,9,Account Executive
5,Ann Lee,3,Account Executive
9,Zoe Lind,2,Regional Lead
"""
SALES = f"{HEAD}people: {{file: people.csv, where: {{Job: [account executive, sales manager]}}}}\n"


def test_a_manager_outside_the_filter_is_found_by_number_and_named() -> None:
    rows = people_of(plan_of(SALES, people=FEW))
    assert rows["reg-ross"].manager == "zoe-lind"
    zoe = rows["zoe-lind"]
    assert (zoe.name, zoe.id, zoe.source, zoe.manager, zoe.place.line) == ("Zoe Lind", "9", "manager", None, 7)


@pytest.mark.parametrize("manager", ["9", "Zoe Lind", "Lind, Zoe", "zoe-lind", "ZOE@x.example"])
def test_a_manager_outside_the_filter_is_the_person_of_that_row_however_named(manager: str) -> None:
    people = f'id,name,email,manager,job\n4,Reg Ross,,"{manager}",AE\n9,Zoe Lind,zoe@x.example,2,Lead\n'
    rows = people_of(plan_of(f"{HEAD}people: {{file: people.csv, where: {{job: AE}}}}\n", people=people))
    assert (rows["reg-ross"].manager, rows["zoe-lind"].id) == ("zoe-lind", "9")


def test_a_director_over_managers_manages_no_team() -> None:
    found = org(SALES, people=FEW)
    assert {key: team.reps for key, team in found.teams.items()} == {"mel-day": ("ann-lee",), "zoe-lind": ("reg-ross",)}
    assert {"dora-orr", "mel-day", "zoe-lind"}.isdisjoint(found.reps)
    assert "vera-pohl" not in found.persons


def test_whom_the_plan_names_is_found_among_the_rows_left_out() -> None:
    text = f"{SALES}roles: {{vp: vera-pohl}}\nkeepers: [Dora Orr]\n"
    plan = plan_of(text, people=FEW)
    assert (plan.roles["vp"], plan.keepers) == ("vera-pohl", ("dora-orr",))
    found = directory_of(plan)
    assert {"vera-pohl", "dora-orr"}.isdisjoint(found.reps)
    assert "vera-pohl" not in found.teams


def test_an_entry_of_the_list_amends_a_row_that_is_left_out() -> None:
    people = "{file: people.csv, where: {job: Account Executive}, list: {boss: {id: 3, team: North}}}"
    text = f"{HEAD}people: {people}\n"
    rows = people_of(plan_of(text, people=FEW))
    assert (rows["boss"].name, rows["boss"].team) == ("Mel Day", "North")
    assert rows["ann-lee"].manager == "boss"


def test_a_manager_outside_the_filter_never_takes_the_key_of_a_namesake_inside() -> None:
    people = "id,name,manager,job\n1,Ann Lee,,Lead\n2,Ann Lee,1,AE\n3,Bob Day,1,AE\n"
    rows = people_of(plan_of(f"{HEAD}people: {{file: people.csv, where: {{job: AE}}}}\n", people=people))
    assert {key: row.manager for key, row in rows.items()} == {
        "ann-lee": "ann-lee-1",
        "ann-lee-1": None,
        "bob-day": "ann-lee-1",
    }


def test_who_leads_only_rows_that_are_left_out_is_said_to_be_taken_for_a_rep() -> None:
    text = f"{HEAD}people:\n  file: people.csv\n  where: {{job: [VP, Account Executive]}}\n"
    assert said(text, people=FEW) == [
        "plan.yaml:5:3: note[P247] people.where: taken for reps, because 'where' leaves out who reports to them:"
        " Vera Pohl; keep those rows too, or leave these out as well"
    ]


def test_a_mistake_in_a_row_that_nobody_needs_is_no_mistake() -> None:
    people = FEW + "10,Tom Thumb,nobody,Clown\n,,,Clown\n"
    assert said(SALES, people=people) == []


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("{jop: AE}", "error[P208] people.where.jop: the people file has no column 'jop'; did you mean 'job'?"),
        (
            "{job: [Account Executive, Sales Manger]}",
            "warning[P215] people.where.job: no row has 'Sales Manger' in the column 'job';"
            " did you mean 'Sales Manager'?",
        ),
        (
            "{job: [Account Executive, 7]}",
            "warning[P215] people.where.job: no row has '7' in the column 'job'; among its values: Account Executive,"
            " Director, Regional Lead, Sales Manager, VP",
        ),
    ],
)
def test_a_filter_for_nobody_is_said(where: str, line: str) -> None:
    text = f"{HEAD}people:\n  file: people.csv\n  where: {where}\n"
    assert [one.partition(": ")[2] for one in said(text, people=FEW)] == [line]


def test_columns_are_found_however_they_are_spelt_and_left_out_on_demand() -> None:
    people = "ID,Name,E-Mail,Reports To,Time-Zone,Country\n1,Ann Lee,ann@x.example,,Europe/Berlin,Germany\n"
    text = f"{HEAD}people: {{file: people.csv, columns: {{country: off}}}}\n"
    (row,) = plan_of(text, people=people).people.rows
    assert (row.id, row.email, row.timezone, row.country) == ("1", "ann@x.example", "Europe/Berlin", None)


def test_a_name_in_no_column_is_one_mistake_however_many_rows_there_are() -> None:
    text = f"{HEAD}people: {{file: people.csv, columns: {{name: Nme}}}}\nkeepers: [ann-lee]\n"
    assert said(text, people="Name,Team\nAnn Lee,East\nBob Day,East\n") == [
        "plan.yaml:3:38: error[P208] people.columns.name: the people file has no column 'Nme'; did you mean 'Name'?"
    ]


def test_first_and_last_name_in_columns_of_their_own_are_asked_for_by_name() -> None:
    (line,) = said(f"{HEAD}people: {{file: people.csv}}\n", people="First Name,Last Name,Manager Name\nAnn,Lee,\n")
    assert line.endswith("no column 'name'; write 'columns: {name: [First Name, Last Name]}'")


PLACES = f"""{HEAD}people:
  file: people.csv
  places:
    Munich:
      {{timezone: Europe/Berlin, country: DE, subdivision: BY, workdays: mon-thu, hours: "09:00-17:00", language: de}}
    Dubai: {{timezone: Asia/Dubai, country: AE}}
"""


def test_a_place_says_what_its_people_do_not() -> None:
    people = "name,place,timezone,country\nAnn Lee,munich,,\nBob Day,MUNICH,Europe/Vienna,AT\n"
    rows = people_of(plan_of(PLACES, people=people))
    ann, bob = rows["ann-lee"], rows["bob-day"]
    assert (ann.timezone, ann.country, ann.subdivision, ann.language) == ("Europe/Berlin", "DE", "BY", "de")
    assert (ann.workdays, str(ann.opens)) == (frozenset({0, 1, 2, 3}), "09:00:00")
    assert (bob.timezone, bob.country, bob.subdivision) == ("Europe/Vienna", "AT", None)


def test_a_place_of_which_nothing_is_said_is_said_once() -> None:
    people = "name,place\nAnn Lee,Munch\nBob Day,Munch\nCy Ek,Rome\n"
    assert said(PLACES, people=people) == [
        "people.csv:2:1: warning[P243]: nothing is said of the place 'Munch'; did you mean 'Munich'?",
        "people.csv:4:1: warning[P243]: nothing is said of the place 'Rome';"
        " describe it: 'places: {Rome: {timezone: ...}}'",
    ]
