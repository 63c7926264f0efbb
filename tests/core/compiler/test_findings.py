"""Findings and load: what is odd about a plan, said where it stands and dropped when it is accepted."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.compiler import compile_plan
from cadence.core.planfile.moving import carried, moves_found, with_milestones_moved
from tests.core.compiling import Compiled, compiled, directory_of, plan_of, say

SOUND = """
plan: sound
rollout: 2027-01-11
ends: week 4
milestones: {v2: 2027-06-01}
metrics: {adoption: {baseline: 20%, target: 70%}}
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
        ("vp: dana, sponsor: priya", "vp: dana, sponsor: dana", "P313", "people.list.dana", "the sponsor above it too"),
        ("baseline: 20%, ", "", "P334", "metrics.adoption", "adoption has no baseline"),
        ("metrics: {adoption: {baseline: 20%, target: 70%}}\n", "", "P335", "metrics", "watches no indicator"),
        ("gate: {kind: gate_proof", "gate: {kind: qbr", "P338", "activities.gate.owner", "all 3 are your own"),
        ("sponsor: priya, enablement: dana, ", "", "P339", "keepers", "nobody keeps this plan"),
    ],
)
def test_what_is_odd_is_found(old: str, new: str, code: str, path: str, words: str) -> None:
    assert old in SOUND
    found = compiled(SOUND.replace(old, new))
    assert [(f.code, f.path) for f in found.compilation.findings if f.code == code] == [(code, path)]
    assert all(words in f.message and f.remedy for f in found.found(code))


EXPECTED = """activities:
  kick-off: {kind: expectation_setting, owner: vp}
  letter: {kind: communication}"""


@pytest.mark.parametrize(
    ("activities", "told"),
    [
        (EXPECTED, []),
        (EXPECTED.replace("owner: vp", "owner: vp, with: []"), ["activities.kick-off"]),
        ("activities:\n  letter: {kind: communication}", ["activities.letter"]),
        ("activities:\n  rides: {kind: field_ride}", []),
    ],
)
def test_expectations_that_nobody_says_face_to_face_are_found(activities: str, told: list[str]) -> None:
    text = SOUND.partition("activities:")[0] + activities + "\n"
    assert [finding.path for finding in compiled(text).found("P336")] == told


def test_an_assessor_may_own_the_review_and_the_audit_and_nothing_else() -> None:
    for kind, told in (("qbr", 0), ("audit", 0), ("training", 1)):
        judged = SOUND.replace("kind: gate_proof, owner: vp", f"kind: {kind}, owner: north")
        assert len(compiled(judged).found("P314")) == told


def test_what_an_absence_skips_on_every_date_is_found_and_what_takes_place_once_is_not() -> None:
    weekly = SOUND.replace("kind: gate_proof, owner: vp, on: day 10", "kind: team_meeting, on: mon")
    assert not compiled(weekly + "away: {meg: 2027-01-11..2027-01-31}").found("P341")
    (found,) = compiled(weekly + "away: {meg: 2027-01-11..2027-02-07}").found("P341")
    assert (found.path, found.message.partition(",")[0]) == ("activities.gate", "Meg would be away on every date")


WAVES = """
waves:
  east: {rollout: 2027-01-11, only: {region: East}}
  west: {rollout: 2027-01-18, only: {region: West}}
"""


def test_each_wave_begins_with_something_and_has_somebody() -> None:
    parted = SOUND.replace("manager: meg,", "manager: meg, region: East,") + WAVES
    assert [(f.code, f.path) for f in compiled(parted).compilation.findings if f.code in ("P315", "P340")] == [
        ("P340", "waves.west.only")
    ]
    late = parted.replace("every: 2 weeks}", "every: 2 weeks, from: week 3}")
    assert ["of wave east" in finding.message for finding in compiled(late).found("P315")] == [True]


def test_too_many_meetings_in_a_week_are_found_however_short() -> None:
    busy = SOUND + "".join(f"  m{n}: {{kind: team_meeting, lasts: 5 min, every: workday}}\n" for n in range(5))
    (found,) = compiled(busy).found("P301")
    assert found.path == "people.list.meg"
    assert "Meg has too many meetings in 4 weeks; most in the week of" in found.message
    assert "more than the 20 there is room for" in found.message


PINGED = SOUND + '  talk: {kind: team_meeting, every: workday, at: "09:00", ping: 1h before}\n'


def test_more_messages_than_the_budget_lets_through_are_found() -> None:
    (found,) = compiled(PINGED).found("P337")
    assert found.path == "activities.talk.ping"
    assert "Meg is asked for 5 messages beside the brief in the week of 2027-01-11 (talk)" in found.message
    assert found.message.endswith("on top of briefs on 5 days; 2 a week go through")
    assert not compiled(PINGED + "budget: 5 per week").found("P337")
    assert not compiled(PINGED + "budget: 1 per day").found("P337")
    assert not compiled(PINGED.replace("every: workday", "every: week")).found("P337")


def test_the_vacancy_of_a_seat_is_told_once_and_names_what_it_owes() -> None:
    empty = SOUND.replace("vp: dana, ", "") + "".join(
        f"  proof{n}: {{kind: gate_proof, owner: vp, on: day {n}}}\n" for n in range(1, 6)
    )
    (found,) = compiled(empty).found("P310")
    assert found.message == (
        "nobody holds role/vp for 1 task of gate, on 2027-01-21; the same goes for proof1, proof2, proof3 and 2 more"
    )
    accepted = compiled(empty.replace("owner: vp, on: day 10", "owner: vp, on: day 10, accept: {P310: soon}"))
    assert accepted.found("P310")[0].message.startswith("nobody holds role/vp for 1 task of proof1")
    assert accepted.compilation.accepted == 1


def test_many_findings_of_one_sort_are_one_that_names_a_few_and_counts_the_others() -> None:
    rows = "".join(f"    m{n}: {{name: M{n}}}\n    r{n}: {{name: R{n}, manager: m{n}}}\n" for n in range(9))
    many = SOUND.replace("people:\n  list:\n", f"people:\n  list:\n{rows}")
    (found,) = compiled(many).found("P312")
    assert found.message == "M0 owes tasks and has no e-mail address; the same goes for M1, M2, M3 and 5 more"


def test_a_turn_is_no_vacancy_and_whoever_takes_one_must_be_reachable() -> None:
    turned = SOUND.replace("kind: gate_proof, owner: vp, on: day 10", "kind: quick_win, rotate: managers")
    assert not compiled(turned).found("P310")
    assert compiled(turned.replace("Meg, email: meg@example.com", "Meg")).found("P312")


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


def test_a_milestone_moved_by_hand_is_noted_and_so_is_a_move_that_finds_none() -> None:
    sound = compiled(SOUND)
    moved = {"v2": date(2027, 8, 2), "qbr": date(2027, 4, 1)}
    written = sound.compilation.dates
    notes = [*moves_found(moved, carried(moved, written), written, sound.plan)]
    assert [(note.code, note.path) for note in notes] == [("P360", "milestones.v2"), ("P361", "milestones.qbr")]
    assert "2027-08-02" in notes[0].message


def test_a_weekday_on_which_the_holder_never_works_is_found() -> None:
    def told(when: str) -> list[str]:
        meeting = SOUND.replace("kind: gate_proof, owner: vp, on: day 10", f"kind: team_meeting, {when}")
        return [finding.message for finding in compiled(meeting).found("P304")]

    assert told("on: sat") == ["no working day of Meg: Saturday; it stands on another every time"]
    assert told("on: [sat, sun]") == ["no working day of Meg: Saturday and Sunday; it stands on another every time"]
    assert told("every: month, on: first sat") == told("on: sat")
    assert not told("on: [sat, mon]")
    assert not told("on: sat, roll: keep")
    assert not told("on: day 5")
    off = compiled(SOUND.replace("every: 2 weeks}", "every: 2 weeks, on: sun}")).found("P304")
    assert [finding.path for finding in off] == ["activities.rides.on"]


def test_tasks_beyond_the_years_whose_holidays_are_known_are_found() -> None:
    """So it is when a rollout is moved by hand: nobody looks holidays up again."""
    german = SOUND.replace("rollout:", "calendar: {country: DE}\nrollout:")
    known = {"DE": frozenset({date(2027, 1, 1), date(2027, 10, 3)})}
    assert not compiled(german, holidays=known).found("P342")
    (found,) = compiled(german.replace("2027-01-11", "2027-12-20"), holidays=known).found("P342")
    assert found.path == "rollout"
    assert found.message.startswith("no holidays are known after 2027-12-31: 1 task from 2028-01-")


def test_a_rollout_moved_beyond_the_end_is_refused_in_one_line_for_each_span() -> None:
    fixed = SOUND.replace("ends: week 4", "ends: 2027-03-01\nphases: {start: day 0..2027-02-01, all: week 1}")
    plan = with_milestones_moved(plan_of(fixed), {"rollout": date(2027, 6, 1)})
    compilation = compile_plan(plan, directory_of(plan), say)
    assert [(one.code, one.path) for one in compilation.findings] == [("P213", "ends"), ("P213", "phases.start")]
    assert compilation.has_errors
    assert "with the rollout on 2027-06-01, it ends before it begins" in compilation.findings[0].message
