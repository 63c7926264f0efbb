"""Said of people by hand: who left, who took over, how somebody wants to hear. Files are not asked; loads keep it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import PLAN, Cadence

DANA = "    dana-ruiz: {name: Dana Ruiz, email: dana@example.com}\n"


def holders(cadence: Cadence) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in cadence("tasks", "--json").tasks:
        if one["activity"] == "rides":
            found.setdefault(str(one["holder"]), set()).add(str(one["date"]))
    return found


def test_a_successor_takes_over_every_seat_and_the_load_is_shown(loaded: Cadence) -> None:
    before = {one["id"] for one in loaded("tasks", "--json").tasks}
    assert set(holders(loaded)) == {"dana-ruiz"}
    replaced = loaded("people", "replace", "dana-ruiz", "vera-pohl", "--since", "2027-01-11", "--yes")
    assert replaced.code == 0, replaced.err
    assert "by hand: vera-pohl replaces dana-ruiz since 2027-01-11" in replaced.err
    assert set(holders(loaded)) == {"vera-pohl"}
    assert {one["id"] for one in loaded("tasks", "--json").tasks} == before, "nothing is created anew"


def test_it_survives_every_load_of_the_file_which_says_so_and_is_taken_back(loaded: Cadence, plan: Path) -> None:
    loaded("people", "replace", "dana-ruiz", "vera-pohl", "--since", "2027-01-11", "--yes")
    again = loaded("diff", str(plan), "--exit-code")
    assert (again.code, "note[P362]" in again.err) == (0, True)
    assert "Vera Pohl replaces Dana Ruiz since 2027-01-11 by hand" in again.err
    plan.write_text(PLAN.replace("title: EMEA rollout", "title: Another"))
    assert loaded("load", str(plan), "--yes").code == 0
    assert set(holders(loaded)) == {"vera-pohl"}
    back = loaded("people", "replace", "dana-ruiz", "vera-pohl", "--back", "--yes")
    assert (back.code, "by hand: vera-pohl as the files say" in back.err) == (0, True)
    assert set(holders(loaded)) == {"dana-ruiz"}
    assert "P362" not in loaded("diff", str(plan)).err


def test_a_file_that_says_the_same_ends_it(loaded: Cadence, plan: Path) -> None:
    loaded("people", "end", "dana-ruiz", "--on", "2027-01-12", "--yes")
    assert json.loads(loaded("people", "show", "dana-ruiz", "--json").out)["left"] == "2027-01-12"
    assert "Dana Ruiz is here until 2027-01-12 by hand" in loaded("diff", str(plan)).err
    plan.write_text(PLAN.replace(DANA, DANA.replace("}", ", left: 2027-01-12}")))
    assert "P362" not in loaded("load", str(plan), "--yes", "--force").err
    plan.write_text(PLAN)
    assert loaded("load", str(plan), "--yes", "--force").code == 0
    assert json.loads(loaded("people", "show", "dana-ruiz", "--json").out)["left"] is None


def test_whoever_leaves_owes_nothing_any_more_and_it_is_taken_back(loaded: Cadence) -> None:
    assert loaded("people", "end", "dana-ruiz", "--on", "2027-01-12", "--yes").code == 0
    assert set(holders(loaded)) <= {"dana-ruiz", "None"}
    assert "None" in holders(loaded)
    assert loaded("people", "end", "dana-ruiz", "--back", "--yes").code == 0
    assert set(holders(loaded)) == {"dana-ruiz"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["replace", "dana-ruiz", "nobody", "--since", "2027-01-11", "--yes"], 4, "there is no person"),
        (["replace", "dana-ruiz", "dana-ruiz", "--since", "2027-01-11", "--yes"], 2, "nobody replaces themselves"),
        (["replace", "dana-ruiz", "vera-pohl", "--yes"], 2, "--since DAY or --back"),
        (["replace", "dana-ruiz", "vera-pohl", "--since", "soon", "--yes"], 2, "not a day"),
        (["replace", "dana-ruiz", "vera-pohl", "--back", "--yes"], 1, "nothing to take back"),
        (["replace", "dana-ruiz", "vera-pohl", "--since", "2027-01-11"], 1, "add --yes"),
        (["end", "dana-ruiz", "--back", "--yes"], 1, "nothing to take back"),
        (["end", "nobody", "--on", "2027-01-12", "--yes"], 4, "there is no person"),
        (["prefer", "dana-ruiz"], 2, "say what they prefer"),
        (["prefer", "dana-ruiz", "--briefs", "never"], 2, "daily, due, weekly"),
        (["prefer", "dana-ruiz", "--at", "25:00"], 2, "08:30"),
        (["prefer", "dana-ruiz", "--channel", "fax"], 2, "slack or email"),
        (["prefer", "nobody", "--channel", "email"], 4, "there is no person"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    loaded: Cadence, arguments: list[str], code: int, says: str
) -> None:
    before = loaded("tasks", "--json").out
    ended = loaded("people", *arguments)
    assert (ended.code, says in ended.err) == (code, True), ended.err
    assert loaded("tasks", "--json").out == before
    assert json.loads(loaded("people", "show", "dana-ruiz", "--json").out)["briefs"] == "due"


def test_a_preference_stands_above_the_file_survives_loads_and_is_reset(loaded: Cadence, plan: Path) -> None:
    def shown() -> tuple[object, ...]:
        person = json.loads(loaded("people", "show", "dana-ruiz", "--json").out)
        return person["briefs"], person["brief"], person["channel"]

    assert shown() == ("due", "08:30", None)
    assert loaded("people", "prefer", "dana-ruiz", "--briefs", "weekly", "--channel", "email").code == 0
    assert loaded("people", "prefer", "dana-ruiz", "--at", "09:45").code == 0
    assert shown() == ("weekly", "09:45", "email")
    (told,) = [
        one
        for one in json.loads(loaded("milestone", "emea", "rollout", "--to", "2027-01-18", "--json").out)["told"]
        if one["person"] == "dana-ruiz"
    ]
    assert told["brief"] == "2027-01-11T08:45:00Z", "a load tells the hour that they prefer"
    plan.write_text(PLAN.replace(DANA, DANA.replace("}", ", brief: '07:15', channel: slack}")))
    assert loaded("load", str(plan), "--yes").code == 0
    assert shown() == ("weekly", "09:45", "email")
    assert loaded("people", "prefer", "dana-ruiz", "--reset", "--briefs", "daily").code == 0
    assert shown() == ("daily", "07:15", "slack")
    assert loaded("people", "prefer", "dana-ruiz", "--reset").code == 0
    assert shown() == ("due", "07:15", "slack")
