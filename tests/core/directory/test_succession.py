"""Who follows whom, and what becomes of those who were followed: in the file as HR exports it after the change."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.directory import Directory
from cadence.core.directory.succession import Tenure, succession
from tests.core.compiling import directory_of, plan_of

JAN, FEB, MARCH = date(2027, 1, 11), date(2027, 2, 1), date(2027, 3, 1)
PLAN = """
plan: org
rollout: 2027-01-11
people:
  file: people.csv
  list:
    nina-berg: {name: Nina Berg, replaces: dustin-moss, since: 2027-02-01}
activities: {hello: {kind: training, on: day 0}}
"""
HEADER = "id,name,manager,started,left\n"


def org(people: str, plan: str = PLAN) -> Directory:
    return directory_of(plan_of(plan, HEADER + people))


def managers(found: Directory, team: str) -> list[str | None]:
    return [found.holder(f"manager/{team}", day) for day in (JAN, FEB, MARCH)]


BEFORE = "1,Ann Lee,Dustin Moss,,\n2,Bob Day,Dustin Moss,,\n"
AFTER = "1,Ann Lee,Nina Berg,,\n2,Bob Day,Nina Berg,,\n3,Nina Berg,,2027-02-01,\n"


@pytest.mark.parametrize(
    "people",
    [
        BEFORE,
        BEFORE + "4,Dustin Moss,Vera Pohl,,2027-01-31\n",
        AFTER + "4,Dustin Moss,,,2027-01-31\n",
        AFTER + "4,Dustin Moss,Vera Pohl,,2027-01-31\n",
        AFTER.replace("2,Bob Day,Nina Berg", "2,Bob Day,Dustin Moss") + "4,Dustin Moss,,,2027-01-31\n",
    ],
    ids=["not yet in the file", "announced", "done", "done, with who was above", "half done"],
)
def test_a_successor_holds_the_team_from_her_day_whatever_the_file_says_by_then(people: str) -> None:
    found = org(people)
    assert {key: team.reps for key, team in found.teams.items()} == {"dustin-moss": ("ann-lee", "bob-day")}
    assert managers(found, "dustin-moss") == ["dustin-moss", "nina-berg", "nina-berg"]
    assert found.reps == ("ann-lee", "bob-day")


def test_a_manager_who_went_before_the_follower_came_leaves_the_seat_empty_and_no_rep() -> None:
    found = org(AFTER + "4,Dustin Moss,Vera Pohl,,2027-01-15\n")
    assert found.holder("manager/dustin-moss", date(2027, 1, 20)) is None
    assert "dustin-moss" not in found.reps


def test_a_line_of_three_leaves_no_rep_behind() -> None:
    otto = "    otto-kay: {name: Otto Kay, replaces: nina-berg, since: 2027-03-01}\n"
    plan = PLAN.replace("activities:", f"{otto}activities:")
    left = "3,Nina Berg,Vera Pohl,2027-02-01,2027-02-28\n4,Dustin Moss,Vera Pohl,,2027-01-31\n"
    found = org(f"1,Ann Lee,Otto Kay,,\n{left}", plan)
    assert managers(found, "dustin-moss") == ["dustin-moss", "nina-berg", "otto-kay"]
    assert found.reps == ("ann-lee",)


def test_who_stepped_down_into_the_team_is_one_of_its_reps() -> None:
    found = org(AFTER + "4,Dustin Moss,Nina Berg,,\n")
    assert found.teams["dustin-moss"].reps == ("ann-lee", "bob-day", "dustin-moss")


def test_a_rep_who_is_followed_by_a_rep_stays_one_until_that_day() -> None:
    plan = PLAN.replace("replaces: dustin-moss", "replaces: bob-day, manager: dustin-moss")
    found = org(BEFORE, plan)
    assert found.reps == ("ann-lee", "bob-day", "nina-berg")
    assert found.serves("bob-day").stop == FEB


def test_nobody_follows_themselves_and_a_circle_is_nobodys() -> None:
    rows = plan_of(PLAN, HEADER + BEFORE).people.rows
    by_key = {row.key: row for row in rows}
    lines, circular = succession(rows)
    assert not circular
    assert lines.followers == {"dustin-moss": (Tenure(FEB, "nina-berg"),)}
    back = by_key["dustin-moss"].model_copy(update={"replaces": "nina-berg"})
    lines, circular = succession([back, by_key["nina-berg"]])
    assert {row.key for row in circular} == {"dustin-moss", "nina-berg"}
    assert not lines.followers
