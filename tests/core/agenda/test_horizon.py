"""Until the horizon nothing falls due by itself: whoever looks earlier decides what was decided at its beginning."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cadence.core.agenda import Memo, Situation, briefs, decisions_to_ask, next_change, pending, settled, standings
from tests.core.agenda.scenes import at, scene

PEOPLE = """
plan: p
rollout: 2027-03-01
ends: week 12
timezone: Europe/London
people:
  list:
    ana: {name: Ana, email: ana@x.test, timezone: America/Los_Angeles, reports_to: vic}
    ben: {name: Ben, email: ben@x.test, timezone: Asia/Riyadh, workdays: sun-thu, reports_to: vic}
    rae: {name: Rae, email: rae@x.test, timezone: Pacific/Auckland, manager: ana}
    vic: {name: Vic, email: vic@x.test, hours: "09:30-17:00"}
    sue: {name: Sue, email: sue@x.test}
    kim: {name: Kim, email: kim@x.test, timezone: Asia/Kathmandu}
roles: {vp: vic, sponsor: sue, enablement: kim}
keepers: [kim]
away: {ben: 2027-03-10..2027-03-16}
activities:
"""
ACTIVITIES = """
huddle: {kind: team_meeting, owner: ana, every: week, on: tue, at: "10:00", lasts: 30 min, ping: 25 min before}
review: {kind: metric_review, owner: ben, every: 2 weeks, on: mon}
talk: {kind: one_on_one, owner: ana, every: week, on: thu}
board: {kind: qbr, owner: vic, on: 2027-03-18, at: "15:00", weight: key}
check: {kind: audit, owner: rae, every: week, on: wed, weight: light}
"""
START = at("2027-02-22 00:00")
MINUTES = 6 * 7 * 24 * 60
SCENE = scene(ACTIVITIES, head=PEOPLE)


def at_minute(minute: float) -> Situation:
    return replace(SCENE, now=START + timedelta(minutes=minute))


def decided(situation: Situation) -> object:
    """All that a beat decides. When a question is put is not part of the question."""
    epoch = datetime(2027, 1, 1, tzinfo=UTC)
    return (
        [replace(one, asked_at=epoch) for one in decisions_to_ask(situation)],
        [(one.task.id, one.task.state, one.task.reason) for one in settled(situation)],
        standings(situation),
        briefs(situation, standings(situation), pending(situation)),
    )


@given(st.integers(0, MINUTES), st.floats(0, 0.999), st.booleans())
def test_nothing_is_decided_before_the_horizon_that_was_not_decided_at_its_beginning(
    minute: int, share: float, briefed: bool
) -> None:
    now = at_minute(minute)
    if briefed:  # whoever has had the brief of the day hears by alerts alone
        now = replace(now, briefed={who: now.today(who) for who in now.worktimes})
    later = replace(now, now=now.now + (next_change(now) - now.now) * share)
    assert decided(replace(later, memo=Memo({}, {}, {}))) == decided(now)


@given(st.integers(0, MINUTES))
def test_the_horizon_lies_ahead_and_not_beyond_the_day(minute: int) -> None:
    now = at_minute(minute)
    assert timedelta(0) < next_change(now) - now.now <= timedelta(days=1)


@given(st.integers(0, MINUTES), st.integers(0, MINUTES))
def test_what_was_worked_out_at_one_instant_is_never_said_of_another_day(minute: int, other: int) -> None:
    shared = at_minute(minute)
    decided(shared)
    fresh = replace(at_minute(other), memo=Memo({}, {}, {}))
    assert fresh.memo is not shared.memo
    assert decided(replace(shared, now=fresh.now)) == decided(fresh)


def test_what_happens_next_is_known_by_its_instant() -> None:
    situation = replace(SCENE, now=at("2027-03-18 09:00"))
    assert next_change(situation) == at("2027-03-18 09:30"), "vic's day begins"
    assert next_change(replace(situation, now=at("2027-03-18 14:45"))) == at("2027-03-18 15:00"), "the review starts"
    assert situation.today("rae") == date(2027, 3, 18)
