"""Fan-out: what a series is about, who owes it, who attends, whom it is for."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.compiler import compile_plan
from cadence.core.compiler.series import later
from cadence.core.triggers import parse_duration
from tests.core.compiling import Compiled, compiled, directory_of, plan_of

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


def test_topics_turn_from_slot_to_slot_in_every_series() -> None:
    topics = "topics: [Openings, {de: Einwand, en: Objections}, Closing]"
    found = compiled(f"{PEOPLE}  it: {{kind: campaign_review, title: Review, every: week, times: 4, {topics}}}")
    told = ["Review: Openings", "Review: Objections", "Review: Closing", "Review: Openings"]
    for team in ("team/dustin", "team/cara"):
        assert [o.title for o in found.of("it", team)] == told


def test_a_topic_belongs_to_the_slot_and_not_to_who_joins_late_or_stays_away() -> None:
    org = PEOPLE.replace("cy: {name: Cy,", "cy: {name: Cy, started: 2027-01-20,")
    it = "it: {kind: one_on_one, every: week, topics: [One, Two, Three]}"
    found = compiled(
        f"{org}quiet\n  {it}".replace("activities:\nquiet", "quiet: [{from: week 6, until: week 6}]\nactivities:")
    )
    topics = {o.slot: o.title.rpartition(": ")[2] for o in found.of("it")}
    assert topics == {f"1w-0{n}": ("One", "Two", "Three")[(n - 1) % 3] for n in (1, 2, 3, 4, 5, 7, 8)}
    assert [o.slot for o in found.of("it", "rep/cy")] == ["1w-03", "1w-04", "1w-05", "1w-07", "1w-08"]


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


def test_a_proposed_day_in_a_window_of_two_holders_is_one_of_the_second(planned: Compiled) -> None:
    """
    plan: follow
    rollout: 2027-01-11
    ends: week 4
    people:
      email: "{first}@example.com"
      list:
        dustin: {name: Dustin}
        nina: {name: Nina, replaces: dustin, since: 2027-01-20}
        ann: {name: Ann, manager: dustin}
        bob: {name: Bob, manager: dustin}
        cy: {name: Cy, manager: dustin}
    activities:
      rides: {kind: field_ride, every: 2 weeks}
    """
    first = [o for o in planned.of("rides") if o.slot == "2w-01"]
    assert {(o.window.start, o.window.last) for o in first} == {(date(2027, 1, 11), date(2027, 1, 22))}
    assert sorted(o.date for o in first) == [date(2027, 1, day) for day in (20, 21, 22)]
    assert {planned.directory.holder(o.seat, o.date) for o in first} == {"nina"}


def test_a_sentence_that_does_more_with_a_name_than_to_say_it_is_asked_each_time() -> None:
    plan = plan_of(f"{PEOPLE}  it: {{kind: one_on_one, every: week, times: 1}}")

    def shouting(_: str, /, **facts: object) -> str:
        return f"1:1 with {facts['about']}".upper()

    found = compile_plan(plan, directory_of(plan), shouting).schedule
    assert [o.title for o in sorted(found, key=lambda o: o.about)] == ["1:1 WITH ANN", "1:1 WITH BOB", "1:1 WITH CY"]
