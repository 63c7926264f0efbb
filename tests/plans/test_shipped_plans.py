"""Every plan in `plans/` is one that a reader can start from: it parses, compiles and passes the linter."""

import csv
import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from cadence import bundled
from cadence.core.model import Problem
from cadence.core.planfile import json_schema
from cadence.services.compiling import Compiled, compiled
from cadence.services.gather import gather
from cadence.templating import words

PLANS = bundled.folder("plans")
SHIPPED = sorted(PLANS.glob("*.yaml"))
SIX_ACTIONS = {
    "field_ride",
    "campaign_review",
    "manager_debrief",
    "quick_win",
    "qbr",
    "release",
}
CARRYING = {"communication", "expectation_setting", "audit", "gate_proof"}


def load(path: Path) -> tuple[Compiled, tuple[Problem, ...]]:
    bundle, problems = gather(path)
    assert bundle is not None, "\n".join(map(str, problems))
    result, found = compiled(bundle, words().say)
    assert result is not None, "\n".join(map(str, found))
    return result, (*problems, *found)


@pytest.fixture(scope="module")
def example() -> Compiled:
    return load(PLANS / "example" / "rollout.yaml")[0]


def over_the_example(name: str, folder: Path) -> Path:
    """A plan that lays the shipped one over the people of the example."""
    source = PLANS / "example"
    (folder / "people.csv").write_bytes((source / "people.csv").read_bytes())
    text = (source / "rollout.yaml").read_text(encoding="utf-8").partition("\nactivities:")[0]
    plan = folder / "plan.yaml"
    plan.write_text(text.replace("extends: sbi-six-actions", f"extends: {name}"), encoding="utf-8")
    return plan


# -- each shipped plan -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_plan_is_free_of_mistakes_before_anybody_holds_a_seat(path: Path) -> None:
    load(path)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_plan_fills_a_schedule_for_real_people(path: Path, tmp_path: Path) -> None:
    result, _ = load(over_the_example(path.stem, tmp_path))
    asked = {activity.key for activity in result.plan.activities}
    assert {occurrence.activity for occurrence in result.compilation.schedule} == asked


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_plan_names_seats_and_no_people(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\npeople:" not in text
    assert "\nroles:" not in text
    assert text.startswith("# yaml-language-server: $schema=plan.schema.json\n")


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_each_activity_of_a_shipped_plan_has_a_title_and_a_short_agenda(path: Path, tmp_path: Path) -> None:
    result, _ = load(over_the_example(path.stem, tmp_path))
    for activity in result.plan.activities:
        assert activity.title is not None, activity.key
        assert activity.agenda is not None, activity.key
        assert 1 <= len(activity.agenda.in_language("en").strip().splitlines()) <= 3, activity.key


def test_the_schema_that_editors_use_is_what_the_reader_of_plans_accepts() -> None:
    """After a change of the language: `cadence schema > plans/plan.schema.json`."""
    assert json.loads((PLANS / "plan.schema.json").read_text(encoding="utf-8")) == json_schema()


# -- the six actions ---------------------------------------------------------------------------------------------


def test_the_six_actions_are_all_there_and_so_is_what_carries_them(example: Compiled) -> None:
    kinds = {activity.kind for activity in example.plan.activities}
    assert kinds >= SIX_ACTIONS | CARRYING


def test_each_rep_has_two_rides_in_the_first_month_and_then_one_in_four_weeks(example: Compiled) -> None:
    first_month = example.plan.rollout + timedelta(days=28)
    rides = [o for o in example.compilation.schedule if o.kind == "field_ride"]
    assert set(Counter(o.about for o in rides if o.date < first_month).values()) == {2}
    assert set(Counter(o.about for o in rides).values()) == {4}


def test_the_review_after_ninety_days_is_run_from_outside(example: Compiled) -> None:
    (review,) = (o for o in example.compilation.schedule if o.kind == "qbr")
    assert (review.date, review.seat) == (date(2027, 4, 12), "role/assessor")  # day 90 is a Sunday
    assert example.directory.persons["harbor-point"].external


def test_the_next_version_is_announced_before_its_day(example: Compiled) -> None:
    releases = [o.date for o in example.compilation.schedule if o.kind == "release"]
    assert releases == [date(2027, 6, 3), date(2027, 7, 1), date(2027, 7, 15)]


# -- the example -------------------------------------------------------------------------------------------------


def test_the_example_passes_the_linter() -> None:
    assert load(PLANS / "example" / "rollout.yaml")[1] == ()


def test_the_example_is_an_organisation_of_six_teams_in_two_countries(example: Compiled) -> None:
    who = example.directory
    assert (len(who.teams), len(who.reps)) == (6, 35)
    people = [who.persons[key] for key in (*who.reps, *(team.manager for team in who.teams.values()))]
    assert {person.timezone for person in people} == {"America/New_York", "Europe/Berlin"}
    assert {person.country for person in people} == {"US", "DE"}
    assert who.keepers == ("mei-tanaka",)


def test_two_people_of_one_name_are_two_people(example: Compiled) -> None:
    carters = [person for person in example.directory.persons.values() if person.name == "James Carter"]
    assert len({person.identity for person in carters}) == 2
    assert len({example.directory.members[person.key] for person in carters}) == 2


def test_while_a_manager_is_away_the_backup_runs_what_cannot_wait(example: Compiled) -> None:
    (review,) = (
        o
        for o in example.compilation.schedule
        if (o.kind, o.seat, o.date) == ("campaign_review", "manager/katharina-vogel", date(2027, 1, 25))
    )
    holding = example.directory.acting(review.seat, review.window, review.date, review.when_absent)
    assert (holding.person, holding.why, holding.instead_of) == ("aylin-demir", "backup", "katharina-vogel")


def test_every_seat_of_the_example_has_a_holder_a_backup_and_a_line_above(example: Compiled) -> None:
    who, day = example.directory, example.plan.rollout
    for seat in {o.seat for o in example.compilation.schedule} - {"role/assessor", "role/sponsor"}:
        holder = who.holder(seat, day)
        assert holder is not None, seat
        assert who.backup(seat, holder, day) is not None, seat
        assert who.line_above_seat(seat, day) is not None, seat


def test_nobody_in_the_example_can_be_reached_by_accident() -> None:
    with (PLANS / "example" / "people.csv").open(encoding="utf-8", newline="") as file:
        addresses = [row["E-mail"] for row in csv.DictReader(file)]
    assert len(set(addresses)) == 41
    assert all(address.endswith(".example") for address in addresses)
