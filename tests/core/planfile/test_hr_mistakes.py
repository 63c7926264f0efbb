"""Mistakes in an export: each at its line with what to write instead, all at once, and never more than are read."""

from __future__ import annotations

import pytest

from cadence.core.model import Severity
from tests.core.planfile.reading import HEAD, plan_of, read, said

PLAIN = f"{HEAD}people: {{file: people.csv}}\n"

HEADER = "id,name,email,manager,started,timezone,language\n"
WRONG = f"""{HEADER}1,Ann Lee,ann@x.example,,2027-01-04,,
2,,b@x.example,1,,,
3,Cy Ek,cy.x.example,1,,,
4,Di Orr,di@x.example,9912,,,
5,Ed Fry,ed@x.example,5,,,
6,Flo Gray,flo@x.example,7,,,
7,Gus Hill,gus@x.example,8,,,
8,Hal Ives,hal@x.example,6,,,
9,Ida Jones,ida@x.example,1,32.01.2027,,
10,Joe Kay,joe@x.example,1,03/04/2027,,
4,Kim Lind,kim@x.example,1,,,
12,Leo Moss,ANN@x.example,1,,,
13,May Nash,may@x.example,An Lee,,,
14,Ned Orr,ned@x.example,1,,Europe/Berln,
15,Oma Pike,oma@x.example,ann@y.example,,,
16,Pat Quist,pat@x.example,1,,,,,too many
"""
ANSWERS = """\
people.csv:3:1: error[P202]: this row has no name; give the person a name, or delete the row
people.csv:4:1: error[P203] email: 'cy.x.example' is not an e-mail address; write one address: 'ana@example.com'
people.csv:5:1: error[P204]: no person is called '9912'; add the person
people.csv:6:1: error[P211]: Ed Fry is their own manager; leave it empty for whoever stands at the top
people.csv:7:1: error[P211]: managers in a circle: Flo Gray -> Gus Hill -> Hal Ives -> Flo Gray;\
 correct the manager of one of them
people.csv:10:1: error[P203] started: '32.01.2027' is not a date; write year-month-day: '2027-03-01'
people.csv:11:1: error[P244] started: '03/04/2027' may be 2027-03-04 or 2027-04-03;\
 write year-month-day: '2027-03-01'
people.csv:12:1: error[P214]: Kim Lind has the id of Di Orr (people.csv:5);\
 one person stands in one row; give the other their own
people.csv:13:1: error[P214]: Leo Moss has the e-mail of Ann Lee (people.csv:2);\
 one person stands in one row; give the other their own
people.csv:14:1: warning[P246]: the manager 'An Lee' stands in no row; did you mean 'Ann Lee'?
people.csv:15:1: error[P212] timezone: there is no time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?
people.csv:16:1: error[P204]: no person is called 'ann@y.example'; add the person
people.csv:17:1: error[P114]: 9 cells under 7 columns; put a cell that holds the separator in quotes: "Berg, Nina\""""


def test_every_mistake_of_a_table_stands_at_its_line_with_its_remedy() -> None:
    assert "\n".join(said(PLAIN, people=WRONG)) == ANSWERS


@pytest.mark.parametrize(
    ("entries", "line"),
    [
        ("{ann-le: {region: East}}", "plan.yaml:3:35: error[P202] people.list.ann-le: 'ann-le' has no name;"
         " did you mean 'ann-lee'?"),
        ("{nina: {name: Nina, replaces: dustin}}", "plan.yaml:3:54: error[P204] people.list.nina.replaces: no person is"
         " called 'dustin'; keep who has gone in 'list', with 'name:' and 'left:'"),
        ("{ann-lee: {reports_to: Bo Dy}}", "plan.yaml:3:45: error[P204] people.list.ann-lee.reports_to:"
         " no person is called 'Bo Dy'; did you mean 'bo-day'?"),
        ("{ann-lee: {region: East}, x: {id: 1, region: West}}", "plan.yaml:3:60: error[P214] people.list.x:"
         " 'x' is Ann Lee, of whom 'ann-lee' says something already; make one entry of the two"),
        ("{bo-day: {manager: bo-day}}", "plan.yaml:3:44: error[P211] people.list.bo-day.manager:"
         " Bo Day is their own manager; leave it empty for whoever stands at the top"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_list_stands_at_its_word(entries: str, line: str) -> None:
    text = f"{HEAD}people: {{file: people.csv, list: {entries}}}\n"
    assert line in said(text, people="id,name\n1,Ann Lee\n2,Bo Day\n")


def test_a_mistake_in_a_row_that_the_list_amends_stands_in_the_row() -> None:
    text = f"{HEAD}people: {{file: people.csv, list: {{ann-lee: {{region: East}}}}}}\n"
    assert said(text, people="name,manager\nAnn Lee,77\n") == [
        "people.csv:2:1: error[P204]: no person is called '77'; add the person"
    ]


def test_a_circle_of_managers_is_said_once_wherever_one_enters_it() -> None:
    people = "id,name,manager\n1,A One,2\n2,B Two,3\n3,C Three,2\n4,D Four,1\n"
    assert said(PLAIN, people=people) == [
        "people.csv:3:1: error[P211]: managers in a circle: B Two -> C Three -> B Two;"
        " correct the manager of one of them"
    ]


def test_a_long_circle_shows_its_ends() -> None:
    people = "id,name,manager\n" + "".join(f"{n},Rep X{n},{(n + 1) % 9}\n" for n in range(9))
    (line,) = said(PLAIN, people=people)
    assert "Rep X0 -> Rep X1 -> Rep X2 -> Rep X3 -> Rep X4 -> ... -> Rep X0" in line


def test_two_hundred_mistakes_are_shown_and_that_there_are_more() -> None:
    people = "name,manager\n" + "".join(f"Rep X{n},90{n}\n" for n in range(1_500))
    plan, problems = read(PLAIN, people=people)
    assert plan is None
    assert len(problems) == 201
    assert [str(problem.place.line) for problem in problems[:3]] == ["2", "3", "4"]
    assert problems[-1].message == "and more like these"


def test_findings_about_people_do_not_stop_a_plan() -> None:
    people = "name,manager\nAnn Lee,Dustin Brinkman\nDustin Brinkmann,\n"
    assert plan_of(PLAIN, people=people)
    assert {problem.severity for problem in read(PLAIN, people=people)[1]} == {Severity.WARNING}


@pytest.mark.parametrize(
    ("people", "line"),
    [
        ('name,team\n"Ann Lee,East\nBob Day,West\n', 2),
        ('name,team\nAnn Lee,East\n"Bob Day,West\n', 3),
        ('name,team\nAnn Lee,East\nBob Day,"West', 3),
        ('name,team\nAnn Lee,"East\nand West"\nBob Day,"West\n', 4),
    ],
)
def test_a_quote_that_is_left_open_swallows_nobody(people: str, line: int) -> None:
    assert said(PLAIN, people=people) == [
        f"people.csv:{line}:1: error[P114]: not readable as a table: a quote is opened and never closed;"
        " close the quote that was left open"
    ]


def test_a_mark_of_inches_is_no_open_quote() -> None:
    plan = plan_of(PLAIN, people='name,tags\nAnn Lee,24" screens\nBob Day,"a, b"\nCy Ek,the 24"')
    assert [row.name for row in plan.people.rows] == ["Ann Lee", "Bob Day", "Cy Ek"]


def test_a_language_nobody_knows_is_said_at_its_row() -> None:
    lines = said(PLAIN, people="name,language\nAnn Lee,German\nBob Day,de_DE\n")
    assert lines == [
        "people.csv:2:1: error[P203] language: 'German' is not a language; write its two letters: 'en', 'de'"
    ]
