"""Keys, identities and working time of persons."""

from __future__ import annotations

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from cadence.core.directory import calendar_name, calendars_needed, directory
from cadence.core.model import Days
from cadence.core.planfile import Plan
from tests.core.compiling import directory_of, plan_of

ONE = """
plan: one
rollout: 2027-01-11
timezone: America/New_York
calendar: {country: US, subdivision: NY, hours: "09:00-17:00", closed: [2027-12-24..2027-12-31]}
activities: {hello: {kind: training, on: day 0}}
people:
  file: people.csv
  list:
    hans: {name: Hans, timezone: Europe/Berlin, country: DE, subdivision: BY, email: hans@example.com}
    una: {name: Una, country: US, email: una@example.com}
    tex: {name: Tex, subdivision: TX, email: tex@example.com}
"""
CSV = "name,manager,email,team\nAnn Lee,Hans,ann@example.com,North\nBo Ek,Hans,bo@example.com,North\n"
HOLIDAYS = {"US-NY": frozenset({date(2027, 1, 18)}), "DE-BY": frozenset({date(2027, 1, 6)})}


def one() -> Plan:
    return plan_of(ONE, CSV)


def test_an_alias_of_the_installation_wins_over_the_name() -> None:
    found = directory_of(one(), aliases={"mail:ann@example.com": "annie"})
    assert "annie" in found.persons
    assert "ann-lee" not in found.persons
    assert found.renamed["ann-lee"] == "annie"
    assert found.teams["north"].reps == ("annie", "bo-ek")


def test_nobody_gets_a_key_that_somebody_else_already_has() -> None:
    found = directory_of(one(), aliases={"mail:other@example.com": "ann-lee"})
    assert found.persons["ann"].identity == "mail:ann@example.com"


def test_every_reference_follows_a_person_to_the_key_for_good() -> None:
    text = ONE + "roles: {vp: hans}\nbackups: {hans: una, vp: tex}\nkeepers: [hans]\naway: {hans: [2027-02-01]}\n"
    aliases = {"mail:hans@example.com": "hans-1", "mail:una@example.com": "una-1"}
    found = directory_of(plan_of(text, CSV), aliases=aliases)
    assert found.holder("role/vp", date(2027, 1, 11)) == "hans-1"
    assert found.holder("manager/north", date(2027, 1, 11)) == "hans-1"
    assert found.backups == {"hans-1": "una-1", "vp": "tex"}
    assert found.keepers == ("hans-1",)
    assert found.worktime("hans-1").is_away(date(2027, 2, 1))


def test_a_team_is_keyed_by_its_column_unless_two_managers_share_it() -> None:
    assert set(directory_of(one()).teams) == {"north"}
    shared = CSV + "Cy Fry,Una,cy@example.com,North\n"
    assert set(directory_of(plan_of(ONE, shared)).teams) == {"hans", "una"}


def test_who_is_named_only_as_a_manager_is_a_person_too() -> None:
    found = directory_of(plan_of(ONE, "name,manager,email\nAnn Lee,Max Roe,ann@example.com\n"))
    assert found.persons["max-roe"].name == "Max Roe"
    assert found.holder("manager/max-roe", date(2027, 1, 11)) == "max-roe"


def test_working_time_is_the_persons_own_and_the_plans_where_they_are_silent() -> None:
    found = directory_of(one(), HOLIDAYS)
    ann, hans = found.worktime("ann-lee"), found.worktime("hans")
    assert (ann.zone, ann.opens, ann.closes) == ("America/New_York", time(9), time(17))
    assert hans.zone == "Europe/Berlin"
    holiday, epiphany, closed = date(2027, 1, 18), date(2027, 1, 6), date(2027, 12, 24)
    assert [ann.works(day) for day in (holiday, epiphany, closed)] == [False, True, False]
    assert [hans.works(day) for day in (holiday, epiphany, closed)] == [True, False, False]
    assert found.worktime("stranger") == found.calendar


def test_absences_of_plan_and_installation_both_count() -> None:
    plan = plan_of(ONE + "away: {hans: [2027-02-01]}\n", CSV)
    elsewhere = Days(date(2027, 3, 1), date(2027, 3, 3))
    found = directory_of(plan, absences={"hans": (elsewhere,)})
    hans = found.worktime("hans")
    assert [hans.is_away(date(2027, 2, 1)), hans.is_away(date(2027, 3, 2))] == [True, True]
    assert found.regular["hans"].works(date(2027, 2, 1))


def test_persons_of_one_calendar_share_one_working_time() -> None:
    found = directory_of(one(), HOLIDAYS)
    assert found.regular["ann-lee"] is found.regular["bo-ek"]
    assert found.regular["ann-lee"] is not found.regular["hans"]


def test_the_calendars_needed_are_those_of_the_plan_and_its_people() -> None:
    assert calendars_needed(one()).keys() == {("US", "NY"), ("US", "TX"), ("DE", "BY")}
    assert [calendar_name("US", "NY"), calendar_name("DE", None), calendar_name(None, None)] == ["US-NY", "DE", None]


@given(st.permutations([*CSV.splitlines()[1:], "Cy Fry,Una,cy@example.com,", "Di Orr,Una,di@example.com,South"]))
def test_the_order_of_the_people_file_is_irrelevant(rows: list[str]) -> None:
    def read(lines: list[str]) -> object:
        found, _ = directory(plan_of(ONE, "\n".join(["name,manager,email,team", *lines])), HOLIDAYS)
        return found

    assert read(rows) == read(sorted(rows))


def test_who_shares_a_key_with_somebody_known_is_told_apart_by_id_then_address_then_number() -> None:
    people = "id,name,manager,email\n7,Ann Lee,Hans,\n,Bo Ek,Hans,boek@example.com\n,Cy Fry,Hans,\n"
    aliases = {"mail:1@example.com": "ann-lee", "mail:2@example.com": "bo-ek", "mail:3@example.com": "cy-fry"}
    assert {"ann-lee-7", "boek", "cy-fry-2"} <= directory_of(plan_of(ONE, people), aliases=aliases).persons.keys()


def test_a_person_who_gets_an_address_or_an_id_later_is_still_the_same() -> None:
    people = "id,name,manager,email\n7,Ann Lee,Hans,ann@example.com\n,Bo Ek,Hans,bo@example.com\n"
    aliases = {"mail:ann@example.com": "ann-lee", "key:bo-ek": "bo-ek"}
    found = directory_of(plan_of(ONE, people), aliases=aliases).persons
    assert found["ann-lee"].identity == "mail:ann@example.com"
    assert found["bo-ek"].identity == "key:bo-ek"


def test_loading_the_same_people_again_gives_the_same_keys_and_identities() -> None:
    first = directory_of(one()).persons
    again = directory_of(one(), aliases={person.identity: key for key, person in first.items()}).persons
    assert again == first
