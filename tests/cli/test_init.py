"""init: nothing is lost, nothing is made up without a word, and only a plan that compiles is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from cadence import bundled
from cadence.cli.choosing import start
from cadence.cli.questions import EXAMPLE_TEAM, Questions
from cadence.core.planfile import json_schema
from tests.cli.conftest import Cadence

PLANS = bundled.folder("plans")
SHIPPED = sorted(path.stem for path in PLANS.glob("*.yaml"))

ANSWERED = {
    "--id": "emea",
    "--title": "EMEA",
    "--rollout": "2027-01-11",
    "--team": "Dana Ruiz: Zoe Hart, Moses Frase",
    "--email": "{first}.{last}@example.com",
    "--vp": "Vera Pohl <vera@example.com>",
    "--sponsor": "Sam Osei <sam@example.com>",
    "--keeper": "Kim Lee <kim@example.com>",
    "--country": "US",
    "--timezone": "UTC",
}
EXPORT = """\
Staff ID;Name;Department;Manager ID;Hired
7;Ruiz, Dana;Sales;;2019-01-07
8;Hart, Zoe;Sales;7;2020-01-06
9;Frase, Moses;Sales;7;2021-01-11
10;Penn, Iris;Finance;;2018-01-08
"""


def answers(**other: str) -> list[str]:
    said = ANSWERED | {f"--{option}": value for option, value in other.items()}
    return [word for pair in said.items() for word in pair]


def activities(plan: Path) -> object:
    return yaml.safe_load(plan.read_text())["activities"]


# -- who is who --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("teams", "complaint"),
    [
        (("Dana Ruiz: A B, C D", "Bob Ray: C D"), "C D is a rep of Dana Ruiz and a rep of Bob Ray"),
        (("Dana Ruiz: A B, Bob Ray", "Bob Ray: C D"), "Bob Ray is a manager and a rep of Dana Ruiz"),
        (("Dana Ruiz: A B, Dana Ruiz",), "Dana Ruiz is a manager and a rep of Dana Ruiz"),
        (("Dana Ruiz: A B, Vera Pohl",), "Vera Pohl is the VP and a rep of Dana Ruiz"),
    ],
)
def test_whoever_is_named_in_two_places_is_asked_about(
    cadence: Cadence, tmp_path: Path, teams: tuple[str, ...], complaint: str
) -> None:
    first, *more = teams
    ended = cadence("init", *answers(team=first), *(word for team in more for word in ("--team", team)))
    assert ended.code == 2
    assert complaint in ended.err
    assert list(tmp_path.iterdir()) == []


def test_one_manager_may_have_two_lines_and_be_the_vp(cadence: Cadence, tmp_path: Path) -> None:
    assert cadence("init", *answers(team="Vera Pohl: A B"), "--team", "Vera Pohl: C D, A B").code == 0
    assert (tmp_path / "plan.yaml").read_text().count("manager: vera-pohl") == 2


def test_nobody_has_two_addresses(cadence: Cadence, tmp_path: Path) -> None:
    ended = cadence("init", *answers(vp="Sam Osei <sam@example.org>"))
    assert (ended.code, ended.err) == (
        2,
        "cadence: Sam Osei is sam@example.org and sam@example.com; give one address\n",
    )
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_pattern_of_addresses_is_refused(cadence: Cadence, tmp_path: Path) -> None:
    ended = cadence("init", *answers(email="{frist}.{last}@x.com"))
    assert ended.code == 2
    assert "--email: '{frist}' stands for nothing; did you mean {first}?" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_no_name_can_be_read_as_anything_but_a_name(cadence: Cadence, tmp_path: Path) -> None:
    names = ["Bob: x", "No", "Ann # 2", "{Ann}", "Zoë O'Neil", "*Ann 3"]
    vp, sponsor, keeper, assessor, manager, rep = names
    offices = {"vp": vp, "sponsor": sponsor, "keeper": keeper, "assessor": assessor}
    written = {role: f'"{name}" <{role}@example.com>' for role, name in offices.items()}
    assert cadence("init", *answers(title="- yes: 1", team=f"{manager}: {rep}", **written)).code == 0
    plan = yaml.safe_load((tmp_path / "plan.yaml").read_text())
    assert plan["title"] == "- yes: 1"
    assert {person["name"] for person in plan["people"]["list"].values()} == set(names)


def test_whoever_reviews_from_outside_is_external_and_has_the_review(cadence: Cadence, tmp_path: Path) -> None:
    assert cadence("init", *answers(assessor="Harbor Point <hp@example.org>")).code == 0
    written = yaml.safe_load((tmp_path / "plan.yaml").read_text())
    assert written["people"]["list"]["harbor-point"]["external"] is True
    assert written["roles"]["assessor"] == "harbor-point"
    assert "activities" not in written


# -- the questions -----------------------------------------------------------------------------------------------


def test_at_a_keyboard_teams_are_asked_for_until_a_line_is_empty() -> None:
    with CliRunner().isolation(input="Dana Ruiz: Zoe Hart\nBob Ray: Cara Losch\n\n"):
        assert Questions(asking=True).teams() == ["Dana Ruiz: Zoe Hart", "Bob Ray: Cara Losch"]


def test_at_a_keyboard_the_plans_to_start_from_are_shown_and_silence_takes_the_usual_one() -> None:
    with CliRunner().isolation(input="\n") as (_, told, *_rest):
        assert Questions(asking=True).which(None) == "sbi-six-actions"
        assert all(name in told.getvalue().decode() for name in SHIPPED)


def test_at_a_keyboard_what_is_not_wanted_is_chosen_from_what_there_is() -> None:
    with CliRunner().isolation(input="lessons, talks\n") as (_, told, *_rest):
        assert [key.strip() for key in Questions(asking=True).unwanted(start("coaching-loop"))] == ["lessons", "talks"]
        assert "skill-clinic" in told.getvalue().decode()


def test_at_a_keyboard_whom_nobody_names_is_an_example_and_said_to_be_one() -> None:
    with CliRunner().isolation(input="\nIda Jones <ida@example.org>\n\n") as (_, told, *_rest):
        ask = Questions(asking=True)
        assert ask.person("--vp", "The VP", None, "Vera Pohl <vp@example.com>") == "Vera Pohl <vp@example.com>"
        assert ask.person("--sponsor", "The sponsor", None, "Sam <s@example.com>") == "Ida Jones <ida@example.org>"
        assert ask.teams() == [EXAMPLE_TEAM]
        ask.own_up()
        said = told.getvalue().decode()
    assert ask.examples == ["Vera Pohl", "the team"]
    assert "examples, to be replaced in the file before it is loaded: Vera Pohl and the team" in said


def test_the_file_says_who_in_it_is_an_example(cadence: Cadence, tmp_path: Path) -> None:
    assert cadence("init", "--vp", "Ida Jones <ida@example.org>").code == 0
    (line,) = [one for one in (tmp_path / "plan.yaml").read_text().splitlines() if "examples" in one]
    assert line.endswith("# examples, to be replaced: the team, Sam Osei and Kim Lee")
    assert cadence("init", "--force", *answers()).code == 0
    assert "examples" not in (tmp_path / "plan.yaml").read_text()


# -- what is assumed, and what is refused ------------------------------------------------------------------------


def test_what_nobody_was_asked_for_is_said_in_one_line(cadence: Cadence) -> None:
    told = cadence("init", "--id", "emea", "--vp", "Vera Pohl <vera@example.com>").err.splitlines()
    (line,) = [line for line in told if "assumed" in line]
    assert "--team 'Dana Ruiz: Moses Frase, Anna Snelling'" in line
    assert "--sponsor 'Sam Osei <sponsor@example.com>'" in line
    assert "--country US --timezone UTC" in line
    assert "--id" not in line
    assert "--vp" not in line


def test_nothing_is_said_to_be_assumed_where_everything_was_told(cadence: Cadence) -> None:
    assert cadence("init", *answers()).err == "plan.yaml is written; next: cadence check plan.yaml\n"


def test_a_plan_that_does_not_compile_is_not_written(cadence: Cadence, tmp_path: Path) -> None:
    for other, path in (({"timezone": "Nowhere/There"}, "timezone"), ({"country": "XX"}, "calendar.country")):
        ended = cadence("init", "new/plan.yaml", *answers(**other))
        assert ended.code == 1
        assert any(line.startswith("plan.yaml:") and f"] {path}: " in line for line in ended.err.splitlines())
        assert "was not written" in ended.err.replace("\n", " ")
        assert list(tmp_path.iterdir()) == []


def test_a_plan_that_is_there_outlives_a_refused_one(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("mine")
    assert cadence("init", "--force", *answers(country="XX")).code == 1
    assert (tmp_path / "plan.yaml").read_text() == "mine"


def test_a_folder_is_no_place_for_a_plan(cadence: Cadence) -> None:
    assert cadence("init", ".", "--force").code == 2


# -- the people file ---------------------------------------------------------------------------------------------


def test_a_people_file_is_read_before_the_plan_is_written(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    people = tmp_path / "data" / "crm.csv"
    people.write_text("name,manager\nZoe Hart,Dana Ruiz\nZoe Hart,Dana Ruiz\n")
    refused = cadence("init", "plans/new.yaml", "--people", "data/crm.csv")
    assert (refused.code, (tmp_path / "plans").exists()) == (1, False)
    assert "crm.csv:3:1: error[P209]" in refused.err
    people.write_text("name,manager\nZoe Hart,Dana Ruiz\n")
    assert cadence("init", "plans/new.yaml", "--people", "data/crm.csv").code == 0
    assert cadence("check", "plans/new.yaml").code == 0


def test_of_an_export_of_all_departments_only_the_rows_that_are_asked_for_are_kept(
    cadence: Cadence, tmp_path: Path
) -> None:
    (tmp_path / "hr.csv").write_text(EXPORT)
    assert cadence("init", "--people", "hr.csv", "--where", "Department: Sales", "--rollout", "2027-01-11").code == 0
    people = yaml.safe_load((tmp_path / "plan.yaml").read_text())["people"]
    assert people["columns"] == {"id": "Staff ID", "name": "Name", "manager": "Manager ID", "started": "Hired"}
    assert people["where"] == {"Department": ["Sales"]}
    shown = cadence("compile", "plan.yaml").out
    assert "Zoe Hart" in shown
    assert "Iris Penn" not in shown


HEADINGS = {
    "a name in two columns": "First name,Last name,E-mail,Manager\nDana,Ruiz,d@x.com,\nMoses,Frase,m@x.com,Dana Ruiz\n",
    "German headings": "Personalnummer;Vorname;Nachname;Vorgesetzter\n1;Dana;Ruiz;\n2;Moses;Frase;1\n",
    "a line for Excel": "sep=|\nFull name|Manager\nDana Ruiz|\nMoses Frase|Dana Ruiz\n",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("name", HEADINGS)
def test_headings_are_told_as_the_reader_of_the_table_reads_them(
    cadence: Cadence, tmp_path: Path, name: str, encoding: str
) -> None:
    (tmp_path / "hr.csv").write_bytes(HEADINGS[name].encode(encoding))
    said = [word for pair in ANSWERED.items() for word in pair if pair[0] != "--team"]
    ended = cadence("init", *said, "--people", "hr.csv")
    assert ended.code == 0, ended.err
    assert "for 5 people" in cadence("check", "plan.yaml").err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--people", "hr.csv", "--team", "Dana Ruiz: Zoe Hart"), "--people and --team both say who leads whom"),
        (("--team", "Dana Ruiz: Zoe Hart", "--where", "Job: Rep"), "--where keeps rows of a people file; add --people"),
    ],
)
def test_what_says_who_leads_whom_is_one_thing(
    cadence: Cadence, tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    (tmp_path / "hr.csv").write_text(EXPORT)
    said = [word for pair in ANSWERED.items() for word in pair if pair[0] != "--team"]
    ended = cadence("init", *said, *words)
    assert ended.code == 2
    assert complaint in ended.err


def test_a_row_filter_that_says_nothing_is_refused(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "hr.csv").write_text(EXPORT)
    ended = cadence("init", "--people", "hr.csv", "--where", "Sales")
    assert ended.code == 2
    assert "'Sales' keeps no rows; write it as 'Column: value, value'" in ended.err


# -- the plan to start from --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_a_plan_can_start_from_each_shipped_one(cadence: Cadence, tmp_path: Path, name: str) -> None:
    assert cadence("init", "--extends", name, *answers()).code == 0
    assert f"\nextends: {name}\n" in (tmp_path / "plan.yaml").read_text()


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_plan_can_be_copied_word_for_word(cadence: Cadence, tmp_path: Path, name: str) -> None:
    assert cadence("init", "mine.yaml", "--from", name).code == 0
    assert (tmp_path / "mine.yaml").read_bytes() == (PLANS / f"{name}.yaml").read_bytes()


def test_what_can_be_copied_is_listed_and_nothing_is_written(cadence: Cadence, tmp_path: Path) -> None:
    listed = cadence("init", "--from", "?")
    assert [line.partition("\t")[0] for line in listed.out.splitlines()] == SHIPPED
    assert list(tmp_path.iterdir()) == []


def test_activities_that_are_not_wanted_are_left_out(cadence: Cadence, tmp_path: Path) -> None:
    assert cadence("init", *answers(), "--without", "quick-wins", "--without", "v2-release").code == 0
    assert activities(tmp_path / "plan.yaml") == {"quick-wins": False, "v2-release": False, "qbr-day-90": False}
    assert "quick win" not in cadence("compile", "plan.yaml").out


def test_several_activities_are_left_out_with_commas(cadence: Cadence, tmp_path: Path) -> None:
    assert cadence("init", *answers(), "--without", "quick-wins, health-check").code == 0
    assert {"quick-wins", "health-check"} <= activities(tmp_path / "plan.yaml").keys()  # type: ignore[attr-defined]


def test_an_activity_that_the_plan_does_not_have_is_asked_about(cadence: Cadence, tmp_path: Path) -> None:
    ended = cadence("init", *answers(), "--without", "quick-win")
    assert ended.code == 2
    assert "sbi-six-actions has no activity 'quick-win'; did you mean quick-wins?" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_copying_and_starting_from_are_two_things(cadence: Cadence) -> None:
    assert cadence("init", "--from", "sustainment", "--extends", "sustainment").code == 2


@pytest.mark.parametrize("options", [("--from", "sustainment"), ()])
def test_the_schema_that_the_first_line_names_lies_beside_the_plan(
    cadence: Cadence, tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert cadence("init", "new/plan.yaml", *(options or answers())).code == 0
    first = (tmp_path / "new" / "plan.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=plan.schema.json"
    assert json.loads((tmp_path / "new" / "plan.schema.json").read_text()) == json_schema()


def test_a_file_that_is_called_like_the_schema_is_not_written_over(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "plan.schema.json").write_text("{}")
    assert cadence("init", *answers()).code == 0
    assert (tmp_path / "plan.schema.json").read_text() == "{}"
