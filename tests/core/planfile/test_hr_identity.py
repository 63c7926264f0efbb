"""Who somebody is stays, whatever the export says of them next time: keys are given once and kept."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.directory import Directory, directory
from cadence.core.model import Bundle
from cadence.core.planfile import Plan, parse
from tests.core.planfile.reading import HEAD, bundle

PLAIN = f"{HEAD}people: {{file: people.csv}}\n"
NOBODY: Mapping[str, str] = {}


def plan_of(text: str, people: str, aliases: Mapping[str, str] = NOBODY) -> Plan:
    plan, problems = parse(written(text, people), aliases)
    assert plan is not None, "\n".join(map(str, problems))
    return plan


def written(text: str, people: str) -> Bundle:
    return bundle(text, {"people.csv": people})


def org(plan: Plan, aliases: Mapping[str, str] = NOBODY) -> Directory:
    found, problems = directory(plan, {}, aliases)
    assert not problems
    return found


def kept(found: Directory) -> dict[str, str]:
    """What the installation remembers of these people."""
    return {person.identity: key for key, person in found.persons.items()}


MARRIED = f"""{PLAIN}
roles: {{vp: anna-berg}}
keepers: [anna-berg]
away: {{anna-berg: [2027-02-01]}}
backups: {{anna-berg: bob-day, bob-day: anna-berg}}
activities:
  ones: {{kind: one_on_one, owner: anna-berg, with: bob-day, shadow: anna-berg, every: week}}
"""


@pytest.mark.parametrize("mark", ["5,", ",anna@x.example"])
def test_the_plan_goes_on_to_say_the_key_of_somebody_whose_name_has_changed(mark: str) -> None:
    before = plan_of(MARRIED, f"id,email,name\n{mark},Anna Berg\n6,,Bob Day\n")
    aliases = kept(org(before))
    renamed = f"id,email,name\n{mark},Anna Hill\n6,,Bob Day\n"
    assert parse(written(MARRIED, renamed))[0] is None
    after = plan_of(MARRIED, renamed, aliases)
    there, here = org(before), org(after, aliases)
    assert here.persons["anna-berg"].name == "Anna Hill"
    assert (here.roles, here.keepers, here.backups) == (there.roles, there.keepers, there.backups)
    assert here.persons["anna-berg"].away == there.persons["anna-berg"].away
    assert [one.owner for one in after.activities] == ["anna-berg"]


def test_the_list_amends_somebody_by_the_key_of_the_installation() -> None:
    text = f"{HEAD}people: {{file: people.csv, list: {{anna-berg: {{region: East}}}}}}\n"
    plan = plan_of(text, "id,name\n5,Anna Hill\n", {"id:5": "anna-berg"})
    assert [(row.key, row.name, row.region) for row in plan.people.rows] == [("anna-berg", "Anna Hill", "East")]


def test_a_namesake_who_joins_changes_nobodys_key() -> None:
    aliases = kept(org(plan_of(PLAIN, "id,name\n7,James Carter\n")))
    text, people = f"{PLAIN}roles: {{vp: james-carter}}\n", "id,name\n7,James Carter\n9,James Carter\n"
    found = org(plan_of(text, people, aliases), aliases)
    assert {person.identity: key for key, person in found.persons.items()} == {
        "id:7": "james-carter",
        "id:9": "james-carter-9",
    }
    assert found.roles["vp"] == "james-carter"


def test_a_key_that_this_plan_gives_to_somebody_else_means_them_in_this_plan() -> None:
    """The installation calls number 7 `ann`; this plan's list calls a newcomer so."""
    text = f"{HEAD}people: {{file: people.csv, list: {{ann: {{name: Ann Orr, id: 8}}}}}}\nroles: {{vp: ann}}\n"
    aliases = {"id:7": "ann"}
    found = org(plan_of(text, "id,name\n7,Ann Lee\n", aliases), aliases)
    assert {person.identity: key for key, person in found.persons.items()} == {"id:7": "ann", "id:8": "ann-8"}
    assert found.roles["vp"] == "ann-8"


def test_a_manager_by_the_key_of_the_installation_is_found() -> None:
    aliases = {"mail:cara@x.example": "cara"}
    plan = plan_of(PLAIN, "name,email,manager\nCara Losch,cara@x.example,\nBob Day,,cara\n", aliases)
    assert {row.key: row.manager for row in plan.people.rows} == {"bob-day": "cara", "cara": None}


def test_who_is_known_by_the_mere_name_stays_known_under_the_number_they_got() -> None:
    aliases = {"mail:other@x.example": "cy-fry", "key:cy-fry": "cy-fry-2"}
    found = org(plan_of(f"{PLAIN}keepers: [cy-fry-2]\n", "name,email\nCy Fry,\n", aliases), aliases)
    assert {person.identity: key for key, person in found.persons.items()} == {"key:cy-fry": "cy-fry-2"}
    assert found.keepers == ("cy-fry-2",)


NAMES = ("Ann Lee", "Bob Day", "Zoë Ünal", "王小明", "Ann-Lee")
KEYS = ("ann-lee", "bob-day", "zoe-unal", "person-3", "x", "ann")
ROWS = st.lists(st.tuples(st.integers(1, 9), st.sampled_from(NAMES)), min_size=1, max_size=6, unique_by=lambda r: r[0])
ALIASES = st.dictionaries(st.integers(1, 12).map(lambda n: f"id:{n}"), st.sampled_from(KEYS), max_size=4)


@settings(max_examples=50, deadline=None)
@given(ROWS, ALIASES.filter(lambda known: len(set(known.values())) == len(known)))
def test_reading_with_the_aliases_or_without_gives_the_same_people(
    rows: list[tuple[int, str]], aliases: dict[str, str]
) -> None:
    """Whoever the plan does not name is the same person under the same key, and loading again changes nothing."""
    people = "id,name\n" + "\n".join(f"{ident},{name}" for ident, name in rows)
    with_them, without = org(plan_of(PLAIN, people, aliases), aliases), org(plan_of(PLAIN, people), aliases)
    assert with_them.persons == without.persons
    assert len(with_them.persons) == len(rows)
    assert {key: aliases[ident] for ident, key in kept(with_them).items() if ident in aliases} == {
        key: key for ident, key in kept(with_them).items() if ident in aliases
    }
    again = {**aliases, **kept(with_them)}
    assert org(plan_of(PLAIN, people, again), again).persons == with_them.persons
