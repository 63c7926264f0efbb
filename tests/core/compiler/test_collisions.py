"""Two meetings at once: compared by wall time first, and never otherwise than by every pair of instants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.compiler.collisions import both, overlap, span_of
from cadence.core.compiler.runs import Run
from cadence.core.model import Occurrence
from tests.core.compiling import Compiled, compiled

SOUND = """
plan: meetings
rollout: 2027-01-11
ends: week 12
timezone: America/New_York
people:
  list:
    meg: {name: Meg, email: meg@example.com}
    ann: {name: Ann, manager: meg, email: ann@example.com}
    otto: {name: Otto, email: otto@example.com, timezone: Europe/Berlin}
    bea: {name: Bea, manager: otto, email: bea@example.com, timezone: Europe/Berlin}
    dana: {name: Dana, email: dana@example.com}
roles: {vp: dana, sponsor: dana}
activities:
"""


def told(activities: str) -> list[str]:
    return [finding.message for finding in compiled(SOUND + activities).found("P330")]


def test_two_meetings_of_one_person_at_once_are_one_finding_with_who_and_when() -> None:
    found = told(
        '  talk: {kind: team_meeting, on: mon, at: "09:00", lasts: 30 min}\n'
        '  review: {kind: training, every: 4 weeks, on: mon, at: "09:15", owner: manager, with: team}\n'
    )
    assert found == [
        "Ann, Bea, Meg and 1 more are in review and in talk at the same time on 3 days: "
        "2027-01-11, 2027-02-08, 2027-03-08"
    ]


@pytest.mark.parametrize(
    ("words", "many"),
    [
        ('on: mon, at: "09:30"', 0),  # one begins when the other ends
        ('on: mon, at: "08:00", lasts: 60 min', 0),
        ('on: tue, at: "09:00"', 0),
        ("on: mon", 0),  # an all-day entry meets nothing
        ('on: mon, at: "08:00", lasts: 61 min', 1),
        ('on: mon, at: "09:10", lasts: 5 min', 1),
    ],
)
def test_meetings_collide_only_while_both_last(words: str, many: int) -> None:
    first = '  talk: {kind: team_meeting, on: mon, at: "09:00", lasts: 30 min}\n'
    assert len(told(f"{first}  training: {{kind: training, every: week, {words}}}\n")) == many


def test_a_day_that_is_only_proposed_collides_with_nothing() -> None:
    talk = '  talk: {kind: team_meeting, on: mon, at: "09:00"}\n'
    assert told(f'{talk}  ones: {{kind: one_on_one, on: mon, at: "09:00"}}\n') == []


def test_somebody_who_is_to_meet_two_at_once_is_found_in_one_activity() -> None:
    (found,) = told('  ones: {kind: training, owner: vp, with: each manager, every: week, on: fri, at: "15:00"}\n')
    assert found.startswith("Dana is in more than one of ones at the same time on 12 days: 2027-01-15")


def test_meetings_in_two_zones_meet_only_in_the_weeks_in_which_clocks_differ() -> None:
    """New York changes its clocks on 14 March 2027, Berlin on the 28th."""
    found = told(
        '  here: {kind: training, owner: dana, with: otto, every: week, on: mon, at: "09:00", lasts: 60 min}\n'
        '  there: {kind: training, owner: otto, with: [], every: week, on: mon, at: "14:00", lasts: 60 min}\n'
    )
    assert found == ["Otto is in here and in there at the same time on 2 days: 2027-03-15, 2027-03-22"]


def test_a_collision_is_accepted_in_either_activity() -> None:
    talk = '  talk: {kind: team_meeting, on: mon, at: "09:00"}\n'
    review = '  review: {kind: campaign_review, on: mon, at: "09:00"}\n'
    assert told(talk + review)
    for one in (talk, review):
        assert told((talk + review).replace(one, one.replace("}", ", accept: {P330: it is one meeting}}"))) == []


def test_a_weekday_on_which_somebody_never_works_is_outside_of_their_hours(planned: Compiled) -> None:
    """
    plan: week
    rollout: 2027-01-11
    ends: week 4
    people:
      list:
        meg: {name: Meg, email: meg@example.com}
        ann: {name: Ann, manager: meg, email: ann@example.com, workdays: sun-thu}
        bob: {name: Bob, manager: meg, email: bob@example.com}
    activities:
      team: {kind: team_meeting, on: fri, at: "15:00"}
      daily: {kind: team_meeting, every: workday, at: "09:00"}
      late: {kind: team_meeting, on: wed, at: "19:30"}
    """
    assert [finding.message for finding in planned.found("P304")] == [
        "outside the working hours of Ann (Friday)",
        "outside the working hours of Ann (19:30), Bob (19:30) and Meg (19:30)",
    ]


# -- the law ---------------------------------------------------------------------------------------------------------

MODEL = compiled(SOUND + '  talk: {kind: team_meeting, on: mon, at: "09:00"}\n').schedule[0]
ZONES = ("America/New_York", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A wall time in one zone, every few days over a year or a part of it; one ends before the next begins."""
    zone, step = draw(st.sampled_from(ZONES)), draw(st.integers(1, 20))
    minutes = draw(st.integers(5, 300) | st.integers(5, 22 * 60 * step))
    hour, minute = draw(st.integers(0, 23)), draw(st.sampled_from((0, 15, 30, 45)))
    first = draw(st.integers(0, 300))
    made: list[Occurrence] = []
    terms = MODEL.but(timezone=zone, minutes=minutes).terms
    for number in range(draw(st.integers(1, 12))):
        day = date(2027, 1, 1) + timedelta(days=first + number * step)
        starts = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))
        ends = starts + timedelta(minutes=minutes)
        made.append(replace(MODEL, terms=terms, date=day, starts=starts, ends=ends))
    return Run(terms, made, [one.date for one in made])


@settings(max_examples=200, deadline=None)
@given(st.lists(runs(), min_size=2, max_size=2))
def test_every_overlap_is_found_and_nothing_else(several: list[Run]) -> None:
    for one, other in combinations(several, 2):
        naive = {
            (mine.starts, theirs.starts)
            for mine in one.tasks
            for theirs in other.tasks
            if overlap(span_of(mine), span_of(theirs))
        }
        assert {(mine.starts, theirs.starts) for mine, theirs in both(one, other)} == naive
