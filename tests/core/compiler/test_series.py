"""Fan-out: what a series is about, who owes it, who attends, whom it is for."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.compiler.series import later
from cadence.core.triggers import parse_duration
from tests.core.compiling import Compiled, compiled

PEOPLE = """
plan: org
rollout: 2027-01-11
ends: week 8
people:
  email: "{first}@example.com"
  list:
    dustin: {name: Dustin}
    cara: {name: Cara}
    ann: {name: Ann, manager: dustin, region: East, tags: [ramping]}
    bob: {name: Bob, manager: dustin, region: East}
    cy: {name: Cy, manager: cara, region: West}
    dana: {name: Dana}
roles: {vp: dana}
activities:
"""


def series(words: str) -> set[tuple[str, str, tuple[str, ...]]]:
    """What there is of an activity with these words, all in the first week: about, seat, attendees."""
    found = compiled(f"{PEOPLE}  it: {{kind: custom, on: day 0, {words}}}")
    return {(o.about, o.seat, o.attendees) for o in found.of("it")}


DUSTIN, CARA = "manager/dustin", "manager/cara"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "owner: manager, with: each rep",
            {
                ("rep/ann", DUSTIN, ("ann",)),
                ("rep/bob", DUSTIN, ("bob",)),
                ("rep/cy", CARA, ("cy",)),
            },
        ),
        ("owner: manager, with: team", {("team/dustin", DUSTIN, ("ann", "bob")), ("team/cara", CARA, ("cy",))}),
        ("owner: manager", {("team/dustin", DUSTIN, ()), ("team/cara", CARA, ())}),
        (
            "owner: manager, with: [vp, dustin]",
            {("team/dustin", DUSTIN, ("dana",)), ("team/cara", CARA, ("dana", "dustin"))},
        ),
        (
            "owner: rep, with: manager",
            {
                ("rep/ann", "rep/ann", ("dustin",)),
                ("rep/bob", "rep/bob", ("dustin",)),
                ("rep/cy", "rep/cy", ("cara",)),
            },
        ),
        ("owner: vp, with: managers", {("role/vp", "role/vp", ("cara", "dustin"))}),
        ("owner: vp, with: team", {("role/vp", "role/vp", ("ann", "bob", "cy"))}),
        (
            "owner: vp, with: each manager",
            {("team/dustin", "role/vp", ("dustin",)), ("team/cara", "role/vp", ("cara",))},
        ),
        (
            "owner: vp, with: each rep",
            {
                ("rep/ann", "role/vp", ("ann",)),
                ("rep/bob", "role/vp", ("bob",)),
                ("rep/cy", "role/vp", ("cy",)),
            },
        ),
        ("owner: cara", {("person/cara", "person/cara", ())}),
        ("owner: manager, with: each rep, only: {region: West}", {("rep/cy", CARA, ("cy",))}),
        (
            "owner: manager, with: each rep, not: {tags: [ramping]}",
            {("rep/bob", DUSTIN, ("bob",)), ("rep/cy", CARA, ("cy",))},
        ),
        ("owner: manager, only: {region: east}", {("team/dustin", DUSTIN, ())}),
        ("owner: manager, not: {tags: [ramping]}", {("team/cara", CARA, ())}),
        ("rotate: managers", {("turn/managers", "turn/managers/0", ())}),
    ],
)
def test_owner_and_with_decide_what_there_is(words: str, expected: set[tuple[str, str, tuple[str, ...]]]) -> None:
    assert series(words) == expected


def test_turns_go_round_from_slot_to_slot() -> None:
    found = compiled(f"{PEOPLE}  it: {{kind: custom, rotate: managers, every: week, times: 3}}")
    assert [found.directory.holder(o.seat, o.date) for o in found.of("it")] == ["cara", "dustin", "cara"]


def test_a_newcomer_joins_five_workdays_after_the_start(planned: Compiled) -> None:
    """
    plan: new
    rollout: 2027-01-11
    ends: week 6
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com}
        new: {name: New, manager: meg, email: new@example.com, started: 2027-01-27}
    activities:
      talks: {kind: one_on_one, owner: manager, with: each rep, every: week}
      pulse: {kind: pulse, owner: rep, every: week, on: mon}
      team: {kind: team_meeting, owner: manager, with: team, every: week, on: mon}
    """
    talks = planned.of("talks", "rep/new")
    assert [o.slot for o in talks] == ["1w-04", "1w-05", "1w-06"]
    assert talks[0].window.start == date(2027, 2, 3)
    assert [o.date for o in planned.of("pulse", "rep/new")] == [date(2027, 2, 8), date(2027, 2, 15)]
    assert [o.attendees for o in planned.of("team")][1:4] == [("ann",), ("ann",), ("ann", "new")]
    assert [o.slot for o in planned.of("talks", "rep/ann")] == [f"1w-0{n}" for n in range(1, 7)]


def test_who_left_gets_nothing_after(planned: Compiled) -> None:
    """
    plan: gone
    rollout: 2027-01-11
    ends: week 6
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com, left: 2027-01-27}
    activities:
      talks: {kind: one_on_one, owner: manager, with: each rep, every: week}
      pulse: {kind: pulse, owner: rep, every: week, on: thu}
      team: {kind: team_meeting, owner: manager, with: team, every: week, on: mon}
    """
    talks = planned.of("talks")
    assert [o.slot for o in talks] == ["1w-01", "1w-02", "1w-03"]
    assert talks[-1].window.last == date(2027, 1, 27)
    assert max(o.date for o in planned.schedule) <= date(2027, 1, 27)


def test_a_successor_works_by_her_own_clock_and_the_tasks_stay_the_same(planned: Compiled) -> None:
    """
    plan: follow
    rollout: 2027-01-11
    ends: week 6
    timezone: America/New_York
    people:
      list:
        dustin: {name: Dustin, email: dustin@example.com}
        nina: {name: Nina, email: nina@example.com, replaces: dustin, since: 2027-02-01, timezone: Europe/Berlin}
        ann: {name: Ann, manager: dustin, email: ann@example.com}
    activities:
      team: {kind: team_meeting, owner: manager, with: team, every: week, on: mon, at: "09:00"}
    """
    team = planned.of("team")
    assert [o.slot for o in team] == [f"1w-0{n}" for n in range(1, 7)]
    assert {o.about for o in team} == {"team/dustin"}
    assert [o.timezone for o in team] == ["America/New_York"] * 3 + ["Europe/Berlin"] * 3
    assert [o.starts.hour for o in team if o.starts] == [14, 14, 14, 8, 8, 8]


@pytest.mark.parametrize(
    ("after", "joined"),
    [
        ("2 workdays", date(2027, 1, 29)),
        ("3 days", date(2027, 1, 30)),
        ("1 week", date(2027, 2, 3)),
        ("1 month", date(2027, 2, 27)),
        ("4h", date(2027, 1, 27)),
    ],
)
def test_how_long_a_newcomer_is_left_alone(after: str, joined: date) -> None:
    worktime = compiled(f"{PEOPLE}  it: {{kind: training, on: day 0}}").directory.calendar
    assert later(date(2027, 1, 27), parse_duration(after), worktime) == joined
