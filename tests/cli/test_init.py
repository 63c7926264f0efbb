"""init: nothing is lost, nothing is made up without a word, and only a plan that compiles is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Cadence

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


def answers(**other: str) -> list[str]:
    said = ANSWERED | {f"--{option}": value for option, value in other.items()}
    return [word for pair in said.items() for word in pair]


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
    assert (tmp_path / "plan.yaml").read_text().count('manager: "vera-pohl"') == 2


def test_a_misspelt_pattern_of_addresses_is_refused(cadence: Cadence, tmp_path: Path) -> None:
    ended = cadence("init", *answers(email="{frist}.{last}@x.com"))
    assert ended.code == 2
    assert "--email: '{frist}' stands for nothing; did you mean {first}?" in ended.err
    assert list(tmp_path.iterdir()) == []


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


def test_a_folder_is_no_place_for_a_plan(cadence: Cadence) -> None:
    assert cadence("init", ".", "--force").code == 2
