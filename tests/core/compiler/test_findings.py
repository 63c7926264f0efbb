"""Findings and load: what is odd about a plan, said where it stands and dropped when it is accepted."""

from __future__ import annotations

import pytest

from cadence.core.compiler.findings import FINDINGS
from cadence.core.planfile import CODES
from tests.core.compiling import Compiled, compiled

SOUND = """
plan: sound
rollout: 2027-01-11
ends: week 4
milestones: {v2: 2027-06-01}
people:
  list:
    meg: {name: Meg, email: meg@example.com}
    ann: {name: Ann, manager: meg, email: ann@example.com}
    dana: {name: Dana, email: dana@example.com}
    priya: {name: Priya, email: priya@example.com}
    north: {name: North, email: north@example.com, external: true}
roles: {vp: dana, sponsor: priya, enablement: dana, assessor: north}
backups: {dana: priya, north: dana}
activities:
  rides: {kind: field_ride, every: 2 weeks}
  gate: {kind: gate_proof, owner: vp, on: day 10}
"""

ONE_HOUR_A_DAY = 'ends: week 4\ncalendar: {hours: "10:00-11:00"}'


def test_a_sound_plan_has_no_finding() -> None:
    assert compiled(SOUND).compilation.findings == ()


@pytest.mark.parametrize(
    ("old", "new", "code", "path", "words"),
    [
        ("ends: week 4", ONE_HOUR_A_DAY, "P301", "people.list.meg", "Meg has too much in 2 weeks"),
        ("every: 2 weeks}", "every: 2 weeks, only: {region: Moon}}", "P305", "activities.rides", "nobody it is for"),
        ("on: day 10", "every: week, from: week 9, on: mon", "P306", "activities.gate", "never happens"),
        ("{name: Meg,", "{name: Meg, left: 2027-01-20,", "P310", "activities.rides.owner", "nobody holds manager/meg"),
        ("dana: priya, ", "", "P311", "activities.gate.owner", "nobody stands in for Dana"),
        ("Meg, email: meg@example.com", "Meg", "P312", "people.list.meg", "Meg owes tasks and has no e-mail"),
        ("vp: dana, sponsor: priya, enab", "vp: meg, enab", "P313", "people.list.meg", "nobody is above Meg"),
        ("assessor: north", "assessor: priya", "P314", "roles.assessor", "Priya assesses, and is also sponsor"),
        ("owner: vp, on", "owner: north, on", "P314", "roles.assessor", "North assesses, and owns gate"),
        ("milestones: {v2: 2027-06-01}\n", "", "P316", "milestones", "no date is announced"),
        ("gate_proof", "qbr", "P317", "activities", "nothing in the daily systems"),
    ],
)
def test_what_is_odd_is_found(old: str, new: str, code: str, path: str, words: str) -> None:
    assert old in SOUND
    found = compiled(SOUND.replace(old, new))
    assert [(f.code, f.path) for f in found.compilation.findings if f.code == code] == [(code, path)]
    assert all(words in f.message and f.remedy for f in found.found(code))


def test_nothing_in_the_first_two_weeks_is_found() -> None:
    late = SOUND.replace("every: 2 weeks}", "every: 2 weeks, from: week 3}").replace("day 10", "day 14")
    assert "2027-01-2" in compiled(late).found("P315")[0].message


def test_a_plan_without_any_task_is_told_so() -> None:
    empty = SOUND.partition("activities:")[0] + "activities: {}\n"
    assert compiled(empty).found("P315")[0].message.endswith("after the rollout; there is no task at all")


def test_a_finding_stands_where_the_plan_says_it() -> None:
    found = compiled(SOUND.replace("Meg, email: meg@example.com", "Meg")).found("P312")[0]
    assert SOUND.strip().splitlines()[found.place.line - 1].strip().startswith("meg:")
    assert found.place.file == "plan.yaml"


def test_an_accepted_finding_is_dropped_in_the_plan_or_in_its_activity() -> None:
    odd = SOUND.replace("dana: priya, ", "")
    assert compiled(odd).found("P311")
    assert not compiled(odd + "accept: {P311: she is never away}").found("P311")
    assert not compiled(odd.replace("on: day 10}", "on: day 10, accept: {P311: fine}}")).found("P311")
    assert compiled(odd.replace("every: 2 weeks}", "every: 2 weeks, accept: {P311: fine}}")).found("P311")


def test_load_counts_tasks_and_the_fullest_week(planned: Compiled) -> None:
    """
    plan: load
    rollout: 2027-01-11
    ends: week 2
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        otto: {name: Otto, email: otto@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com}
    backups: {meg: otto}
    away: {meg: [2027-01-18..2027-01-22]}
    activities:
      daily: {kind: custom, owner: manager, every: workday, lasts: 10 min}
    """
    load = planned.compilation.load
    assert (load["meg"].tasks, load["meg"].minutes_per_week_max) == (5, 50)
    assert (load["otto"].tasks, load["otto"].minutes_per_week_max) == (5, 50)


def test_every_finding_has_a_remedy() -> None:
    assert all(code.startswith("P") and remedy for code, (_, remedy) in FINDINGS.items())


def test_every_finding_can_be_explained() -> None:
    assert FINDINGS.keys() <= CODES.keys()


def test_an_hour_outside_of_an_attendees_day_is_found(planned: Compiled) -> None:
    """
    plan: hours
    rollout: 2027-01-11
    ends: week 2
    timezone: America/New_York
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com, timezone: Europe/Berlin}
        bob: {name: Bob, manager: meg, email: bob@example.com}
    activities:
      team: {kind: team_meeting, owner: manager, with: team, every: week, on: mon, at: "15:00"}
    """
    found = planned.found("P304")
    assert [(f.path, f.message) for f in found] == [("activities.team.at", "outside the working hours of Ann (21:00)")]


def test_a_day_off_the_ones_named_is_found(planned: Compiled) -> None:
    """
    plan: off
    rollout: 2027-01-11
    ends: week 1
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com}
    away: {ann: [2027-01-12]}
    activities:
      rides: {kind: field_ride, every: week, on: tue}
    """
    assert planned.of("rides")[0].date.weekday() != 1
    assert "Meg and Ann can meet on none of the days named" in planned.found("P308")[0].message
