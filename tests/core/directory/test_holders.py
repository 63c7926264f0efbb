"""Who holds a seat on a day, who stands in, who is above."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from cadence.core.directory import Directory, Holding, directory
from cadence.core.model import DateState, Days, Mode, Occurrence, Task, Weight, WhenAbsent
from tests.core.compiling import directory_of, plan_of

JAN, FEB, MARCH = date(2027, 1, 11), date(2027, 2, 1), date(2027, 3, 1)
WEEK = Days(date(2027, 2, 8), date(2027, 2, 15))

ORG = """
plan: org
rollout: 2027-01-11
people:
  email: "{first}@example.com"
  list:
    dustin: {name: Dustin}
    cara: {name: Cara}
    ann: {name: Ann, manager: dustin, region: East, tags: [ramping]}
    bob: {name: Bob, manager: dustin, region: East}
    cy: {name: Cy, manager: cara, region: West}
    dana: {name: Dana, reports_to: priya}
    priya: {name: Priya}
    kim: {name: Kim}
    north: {name: North, external: true}
"""
REST = """
roles: {vp: dana, sponsor: priya, enablement: kim, assessor: north}
backups: {dustin: cara, cara: kim, vp: kim}
activities: {hello: {kind: training, on: day 0}}
"""


def org(extra: str = "", rest: str = "") -> Directory:
    """The org of this file, with more people and more of the plan."""
    return directory_of(plan_of(f"{ORG}{extra}{REST}{rest}"))


@pytest.mark.parametrize(
    ("seat", "holder"),
    [
        ("role/vp", "dana"),
        ("role/nobody", None),
        ("manager/dustin", "dustin"),
        ("manager/nobody", None),
        ("rep/ann", "ann"),
        ("person/kim", "kim"),
        ("person/nobody", None),
    ],
)
def test_a_seat_is_held_by_whoever_the_plan_names(seat: str, holder: str | None) -> None:
    assert org().holder(seat, JAN) == holder


def test_a_rep_is_one_to_whom_nobody_reports_and_a_team_is_a_manager_with_reps() -> None:
    found = org()
    assert found.reps == ("ann", "bob", "cy")
    assert {key: team.reps for key, team in found.teams.items()} == {"cara": ("cy",), "dustin": ("ann", "bob")}
    assert found.teams["dustin"].region == "East"
    assert found.teams["dustin"].tags == {"ramping"}
    assert found.managers(JAN) == ("cara", "dustin")


def test_whoever_manages_managers_has_no_team() -> None:
    found = org("    boss: {name: Boss}\n    eve: {name: Eve, manager: zoe}\n    zoe: {name: Zoe, manager: boss}\n")
    assert "zoe" in found.teams
    assert "boss" not in found.teams
    assert "boss" not in found.reps


NINA = "    nina: {name: Nina, replaces: dustin, since: 2027-02-01}\n"


def test_a_successor_holds_the_seats_from_her_day_on() -> None:
    found = org(NINA)
    assert found.holder("manager/dustin", date(2027, 1, 31)) == "dustin"
    assert found.holder("manager/dustin", FEB) == "nina"
    assert found.holder("person/dustin", FEB) == "nina"
    assert found.holder("person/nina", JAN) == "nina"


def test_the_team_keeps_the_key_of_its_first_manager_when_the_file_already_names_the_successor() -> None:
    text = (ORG + NINA + REST).replace("manager: dustin", "manager: nina")
    found = directory_of(plan_of(text))
    assert found.teams["dustin"].reps == ("ann", "bob")
    assert found.holder("manager/dustin", JAN) == "dustin"
    assert found.holder("manager/dustin", FEB) == "nina"


def test_reps_half_moved_to_the_successor_are_still_one_team() -> None:
    text = (ORG + NINA + REST).replace("bob: {name: Bob, manager: dustin", "bob: {name: Bob, manager: nina")
    assert directory_of(plan_of(text)).teams["dustin"].reps == ("ann", "bob")


def test_a_successor_of_a_successor_holds_the_seat_in_turn() -> None:
    found = org(NINA + "    otto: {name: Otto, replaces: nina, since: 2027-03-01}\n")
    days = (JAN, FEB, MARCH)
    assert [found.holder("manager/dustin", day) for day in days] == ["dustin", "nina", "otto"]
    assert found.holders("manager/dustin", Days(JAN, date(2027, 4, 1))) == (
        (Days(JAN, FEB), "dustin"),
        (Days(FEB, MARCH), "nina"),
        (Days(MARCH, date(2027, 4, 1)), "otto"),
    )


def test_people_who_replace_each_other_in_a_circle_are_a_mistake_and_replace_nobody() -> None:
    circle = "    x: {name: X, replaces: y, since: 2027-02-01}\n    y: {name: Y, replaces: x, since: 2027-02-01}\n"
    plan = plan_of(ORG + circle + REST)
    found, problems = directory(plan, {})
    assert {problem.path for problem in problems} == {"people.list.x.replaces", "people.list.y.replaces"}
    assert found.holder("person/x", MARCH) == "x"


def test_a_seat_is_empty_before_its_holder_starts_and_after_they_leave() -> None:
    text = (ORG + REST).replace("{name: Dustin}", "{name: Dustin, started: 2027-01-18, left: 2027-02-05}")
    found = directory_of(plan_of(text))
    days = (date(2027, 1, 17), date(2027, 1, 18), date(2027, 2, 5), date(2027, 2, 6))
    assert [found.holder("manager/dustin", day) for day in days] == [None, "dustin", "dustin", None]


def test_a_rep_who_takes_over_the_team_is_no_longer_ridden_with() -> None:
    text = (ORG + REST).replace("{name: Ann,", "{name: Ann, replaces: dustin, since: 2027-02-01,")
    found = directory_of(plan_of(text))
    assert found.serves("ann").stop == FEB
    assert found.holder("rep/ann", MARCH) == "ann"
    assert found.serves("bob").stop == date.max


@pytest.mark.parametrize(
    ("person", "above"),
    [
        ("ann", "dustin"),
        ("dustin", "dana"),
        ("dana", "priya"),
        ("priya", None),
        ("kim", "dana"),
        ("north", "kim"),
        ("nobody", "dana"),
    ],
)
def test_the_line_above_goes_from_rep_to_manager_to_vp_to_sponsor(person: str, above: str | None) -> None:
    assert org().line_above(person, JAN) == above


def test_whoever_is_the_holder_is_skipped_upward() -> None:
    found = directory_of(plan_of((ORG + REST).replace("vp: dana", "vp: dustin")))
    assert found.line_above("dustin", JAN) == "priya"
    assert found.line_above("ann", JAN) == "dustin"


def test_the_line_above_passes_who_has_left() -> None:
    found = directory_of(plan_of((ORG + REST).replace("{name: Dustin}", "{name: Dustin, left: 2027-01-31}")))
    assert found.line_above("ann", FEB) == "dana"


@pytest.mark.parametrize(
    ("seat", "above"),
    [("manager/dustin", "dana"), ("role/vp", "priya"), ("role/sponsor", None), ("rep/ann", "dana")],
)
def test_an_empty_seat_has_a_line_above_too(seat: str, above: str | None) -> None:
    text = ORG + REST
    for name in ("Dustin", "Ann, manager: dustin, region: East, tags: [ramping]"):
        text = text.replace(f"{{name: {name}}}", f"{{name: {name}, left: 2027-01-31}}")
    text = text.replace("{name: Dana,", "{name: Dana, left: 2027-01-31,") if seat == "role/vp" else text
    text = text.replace("{name: Priya}", "{name: Priya, left: 2027-01-31}") if seat == "role/sponsor" else text
    assert directory_of(plan_of(text)).line_above_seat(seat, FEB) == above


def test_a_backup_who_is_away_is_passed() -> None:
    found = org(rest="away: {cara: [2027-02-08..2027-02-12]}")
    assert found.backup("manager/dustin", "dustin", date(2027, 2, 5)) == "cara"
    assert found.backup("manager/dustin", "dustin", date(2027, 2, 8)) == "kim"
    assert found.backup("role/vp", "dana", JAN) == "kim"
    assert found.backup("rep/ann", "ann", JAN) is None


def test_backups_in_a_circle_end_in_nobody() -> None:
    text = (ORG + REST).replace("cara: kim", "cara: dustin") + "away: {cara: [2027-02-08..2027-02-12]}"
    assert directory_of(plan_of(text)).backup("manager/dustin", "dustin", date(2027, 2, 8)) is None


def test_the_predecessors_backup_stands_in_for_the_successor() -> None:
    assert org(NINA).backup("manager/dustin", "nina", MARCH) == "cara"


AWAY_A_WEEK = "away: {dustin: [2027-02-08..2027-02-12]}"
AWAY_TWO_DAYS = "away: {dustin: [2027-02-08..2027-02-09]}"
HERE = Holding("dustin", "holder")


@pytest.mark.parametrize(
    ("away", "when_absent", "day", "holding"),
    [
        ("", "backup", date(2027, 2, 8), HERE),
        (AWAY_A_WEEK, "backup", date(2027, 2, 5), HERE),
        (AWAY_A_WEEK, "backup", date(2027, 2, 8), Holding("cara", "backup", "dustin", date(2027, 2, 12))),
        (AWAY_A_WEEK, "move", date(2027, 2, 8), Holding("cara", "backup", "dustin", date(2027, 2, 12))),
        (AWAY_A_WEEK, "skip", date(2027, 2, 8), Holding("dustin", "skipped", None, date(2027, 2, 12))),
        (AWAY_TWO_DAYS, "backup", date(2027, 2, 8), Holding("dustin", "holder", None, date(2027, 2, 9))),
        (AWAY_TWO_DAYS, "move", date(2027, 2, 8), Holding("dustin", "holder", None, date(2027, 2, 9))),
        (AWAY_TWO_DAYS, "skip", date(2027, 2, 8), Holding("dustin", "skipped", None, date(2027, 2, 9))),
        (AWAY_TWO_DAYS, "skip", date(2027, 2, 10), HERE),
        (AWAY_A_WEEK, "backup", date(2027, 2, 22), HERE),
    ],
)
def test_who_acts_when_the_holder_is_away(away: str, when_absent: str, day: date, holding: Holding) -> None:
    assert org(rest=away).acting("manager/dustin", WEEK, day, WhenAbsent(when_absent)) == holding


def test_a_backup_who_is_away_too_leaves_the_task_with_the_holder() -> None:
    both = "away: {dustin: [2027-02-08..2027-02-12], cara: [2027-02-08..2027-02-12], kim: [2027-02-08..2027-02-12]}"
    holding = org(rest=both).acting("manager/dustin", WEEK, date(2027, 2, 8), WhenAbsent.BACKUP)
    assert holding == Holding("dustin", "holder", None, date(2027, 2, 12))


def test_an_overdue_task_of_somebody_away_goes_to_the_backup() -> None:
    holding = org(rest="away: {dustin: [2027-02-22..2027-02-24]}").acting(
        "manager/dustin", WEEK, date(2027, 2, 22), WhenAbsent.BACKUP
    )
    assert holding == Holding("cara", "backup", "dustin", date(2027, 2, 24))


def test_whoever_it_was_handed_to_comes_first_while_they_are_there() -> None:
    text = (ORG + REST).replace("{name: Cara}", "{name: Cara, left: 2027-02-09}")
    found = directory_of(plan_of(text))
    first = found.acting("manager/dustin", WEEK, date(2027, 2, 8), WhenAbsent.BACKUP, "cara")
    assert first == Holding("cara", "handed-over", instead_of="dustin")
    assert found.acting("manager/dustin", WEEK, date(2027, 2, 10), WhenAbsent.BACKUP, "cara") == HERE


def test_an_empty_seat_is_inherited_by_nobody() -> None:
    found = directory_of(plan_of((ORG + REST).replace("{name: Dustin}", "{name: Dustin, left: 2027-01-31}")))
    assert found.acting("manager/dustin", WEEK, date(2027, 2, 8), WhenAbsent.BACKUP) == Holding(None, "vacant")


def ride(seat: str = "manager/dustin", handed_to: str | None = None) -> Task:
    due = datetime(2027, 2, 12, 23, tzinfo=UTC)
    occurrence = Occurrence.of(
        id="0" * 12,
        plan="org",
        activity="rides",
        kind="field_ride",
        weight=Weight.STANDARD,
        mode=Mode.ACTIVE,
        about="rep/ann",
        seat=seat,
        attendees=("ann",),
        slot="1w-05",
        wave=None,
        language="en",
        title="Ride",
        date=WEEK.start,
        window=WEEK,
        date_state=DateState.PROPOSED,
        due=due,
        starts=None,
        ends=None,
        timezone="UTC",
        minutes=240,
        when_absent=WhenAbsent.MOVE,
    )
    return Task(occurrence=occurrence, changed_at=due - timedelta(days=30), handed_to=handed_to)


def test_holder_backup_line_above_and_keepers_may_act_and_nobody_else() -> None:
    found = org()
    everybody = (*found.persons, "stranger")
    assert {one for one in everybody if found.may_act(one, ride(), WEEK.start)} == {
        "dustin",
        "cara",
        "dana",
        "kim",
        "priya",
    }


def test_whoever_it_was_handed_to_may_act_and_so_may_the_line_above_them() -> None:
    found = org()
    assert found.may_act("cy", ride(handed_to="cy"), WEEK.start)
    assert found.may_act("cara", ride(handed_to="cy"), WEEK.start)
    assert not found.may_act("cy", ride(), WEEK.start)


def test_turns_go_round_and_pass_whoever_is_away() -> None:
    found = org()
    assert [found.holder(f"turn/managers/{n}", JAN) for n in range(3)] == ["cara", "dustin", "cara"]
    away = org(rest="away: {cara: [2027-01-11..2027-01-15]}")
    assert away.holder("turn/managers/0", JAN) == "dustin"


def test_things_are_called_by_the_names_of_people_and_teams() -> None:
    found = org()
    titles = {about: found.title_of(about) for about in ("rep/ann", "team/cara", "role/vp", "team/gone", "rep/gone")}
    assert titles == {"rep/ann": "Ann", "team/cara": "Cara", "role/vp": "vp", "team/gone": "gone", "rep/gone": "gone"}
    assert found.name("gone") == "gone"


def test_without_named_keepers_enablement_and_sponsor_keep_the_plan() -> None:
    assert org().keepers == ("kim", "priya")
    assert org(rest="keepers: [dana]").keepers == ("dana",)


def test_reps_take_turns_too_and_a_group_nobody_is_in_has_none() -> None:
    found = org()
    assert [found.holder(f"turn/reps/{n}", JAN) for n in range(4)] == ["ann", "bob", "cy", "ann"]
    assert found.holder("turn/nobody/0", JAN) is None


def test_a_manager_is_of_the_team_they_hold() -> None:
    found = org(NINA)
    teams = [found.team_of(person, MARCH) for person in ("nina", "dustin", "ann", "kim")]
    assert [team.key if team else None for team in teams] == ["dustin", None, "dustin", None]


def test_keepers_are_those_named_or_who_has_followed_them_as_far_as_they_are_here() -> None:
    people = "    nell: {name: Nell, replaces: kim, since: 2027-02-01}\n    pat: {name: Pat, left: 2027-01-31}\n"
    found = org(people, rest="keepers: [kim, pat, cara]\n")
    assert found.keepers_on(JAN) == ("cara", "kim", "pat")
    assert found.keepers_on(FEB) == ("cara", "nell")


@pytest.mark.parametrize(
    ("away", "backups", "above"),
    [
        pytest.param("dustin", "{}", "dana", id="the next one up"),
        pytest.param("dustin", "{dustin: cara}", "cara", id="the backup before the next one up"),
        pytest.param("dustin", "{dustin: ann}", "dana", id="never the person in question"),
        pytest.param("dustin dana", "{}", "priya", id="further up"),
        pytest.param("dustin dana", "{vp: kim}", "kim", id="the backup of a role"),
        pytest.param("dustin dana priya", "{}", "dustin", id="the nearest when nobody is there"),
    ],
)
def test_the_line_above_passes_who_is_away(away: str, backups: str, above: str) -> None:
    spans = ", ".join(f"{person}: [2027-02-01..2027-02-28]" for person in away.split())
    text = (ORG + REST).replace("backups: {dustin: cara, cara: kim, vp: kim}", f"backups: {backups}\naway: {{{spans}}}")
    found = directory_of(plan_of(text))
    assert found.line_above("ann", FEB) == above
    assert found.line_above("ann", JAN) == "dustin"
    assert {above, "dustin"} == found.lines_above("rep/ann", FEB, "ann"), "who is away may still answer"
