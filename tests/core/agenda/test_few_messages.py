"""Messages are few: the welcome, how often somebody wants to hear, the budget beside the brief, what keepers see."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.agenda import Brief, Situation, briefs, decisions_to_ask, message, pending, standings, still_owed
from cadence.core.model import (
    Briefs,
    Decision,
    DecisionKind,
    Event,
    EventType,
    Hold,
    MessageKind,
    Notice,
    Rung,
    Section,
    Source,
    State,
    Verb,
)
from tests.core.agenda.scenes import PEOPLE, asked, day, later, said, scene, with_task

FIRST = 't: {kind: training, owner: ana, on: 2027-03-24, at: "14:00"}'
DAILY = "t: {kind: metric_review, owner: ana, every: workday}"
KEY = "k: {kind: audit, owner: ana, on: 2027-03-17}"


def sent(situation: Situation, who: str = "ana") -> list[Brief]:
    return [b for b in briefs(situation, standings(situation), pending(situation)) if b.to == who]


def sections(brief: Brief) -> list[str]:
    return [entry.section.value for entry in brief.entries]


def lines(brief: Brief, situation: Situation) -> list[str]:
    return [line.note for line in message("k", brief.kind, brief.to, brief.day, brief.entries, situation).lines]


# --- the welcome


def strangers(situation: Situation) -> Situation:
    return replace(situation, notices=frozenset())


def test_a_stranger_is_welcomed_three_workdays_before_the_first_task_and_never_again() -> None:
    situation = strangers(scene(FIRST, "2027-03-18 09:00"))
    assert sent(situation) == []
    due = later(situation, "2027-03-19 09:00")
    (brief,) = sent(due)
    assert (brief.kind, sections(brief)) == (MessageKind.BRIEF, ["welcome"])
    assert lines(brief, due) == ["welcome.who", "welcome.often", "welcome.record", "welcome.change"]
    assert still_owed(brief.entries, "ana", due) == brief.entries
    assert sent(said(due, *brief.notices)) == []
    again = later(said(due, *brief.notices), "2027-03-22 09:00")
    assert all("welcome" not in sections(one) for one in sent(again))


def test_the_first_brief_carries_the_welcome_and_whoever_had_one_needs_none() -> None:
    fresh = strangers(scene(KEY, "2027-03-03 09:00"))
    (brief,) = sent(fresh)
    assert sections(brief) == ["welcome", "coming"], "ten workdays before a key task"
    assert brief.entries[0].rung is Rung.WELCOME
    known = said(strangers(scene(FIRST, "2027-03-19 09:00")), Notice("x", "", Rung.TOLD, "ana"))
    assert sent(known) == []


def test_a_decision_stands_above_the_welcome() -> None:
    situation = strangers(scene(KEY, "2027-03-19 09:00"))
    situation = asked(situation, *decisions_to_ask(situation))
    (brief,) = sent(situation, "vic")
    written = message("k", brief.kind, "vic", brief.day, brief.entries, situation)
    assert [line.section for line in written.lines][:2] == [Section.DECIDE, Section.WELCOME]


def test_the_welcome_tells_who_asks_how_often_and_whom_to_ask() -> None:
    situation = strangers(scene(DAILY, "2027-03-01 09:00"))
    (brief,) = sent(situation)
    first = message("k", brief.kind, "ana", brief.day, brief.entries, situation).lines[0]
    assert first.facts == {
        "plan": "p",
        "asks": "Sue",
        "keeper": "Kim",
        "above": "Vic",
        "week": 5,
        "at": "08:30",
        "briefs": "due",
        "keep": None,
    }


# --- how often somebody wants to hear


def wants(situation: Situation, often: Briefs) -> Situation:
    ana = replace(situation.persons["ana"], briefs=often)
    return replace(situation, persons={**situation.persons, "ana": ana})


def test_on_due_days_alone_what_is_open_without_a_rung_is_no_reason_to_send() -> None:
    situation = later(scene(FIRST), "2027-03-26 09:00")
    situation = said(situation, *(s.notice for s in standings(situation) if s.recipient == "ana"))
    assert sent(situation) == []
    (first_of_week,) = sent(later(situation, "2027-03-29 09:00"))
    assert "overdue" in sections(first_of_week), "on the first working day of the week it is a line"


def test_whoever_wants_it_daily_gets_a_brief_on_each_day_with_something_open() -> None:
    situation = wants(later(scene(FIRST), "2027-03-25 09:00"), Briefs.DAILY)
    situation = said(situation, *(s.notice for s in standings(situation) if s.recipient == "ana"))
    (brief,) = sent(situation)
    assert sections(brief) == ["overdue"]
    done = with_task(situation, 0, state=State.DONE, happened_on=day("2027-03-24"))
    assert sent(done) == []
    assert sent(later(done, "2027-03-27 09:00")) == [], "nor on a day that is none of theirs"


def test_whoever_wants_it_weekly_hears_on_the_first_day_and_otherwise_of_what_is_key_alone() -> None:
    both = wants(scene(f"{DAILY}\n{KEY}", "2027-03-16 09:00"), Briefs.WEEKLY)
    assert sent(said(both, *(s.notice for s in standings(both)))) == []
    (monday,) = sent(later(both, "2027-03-15 09:00"))
    assert {"today", "coming"} <= set(sections(monday))
    wednesday = later(said(both, *monday.notices), "2027-03-17 09:00")
    (brief,) = sent(wednesday)
    kinds = {wednesday.by_id[e.task_id].occurrence.kind for e in brief.entries if e.task_id}
    assert kinds == {"audit"}
    assert {n.subject for n in brief.notices} == {t.id for t in wednesday.tasks if t.occurrence.kind == "audit"}


def test_a_decision_reaches_whoever_wants_it_weekly_as_it_falls() -> None:
    situation = scene(KEY, "2027-03-19 09:00")
    vic = replace(situation.persons["vic"], briefs=Briefs.WEEKLY)
    situation = replace(situation, persons={**situation.persons, "vic": vic})
    situation = asked(situation, *decisions_to_ask(situation))
    (brief,) = sent(situation, "vic")
    assert sections(brief) == ["decide"]


def test_a_ping_reaches_whoever_wants_it_weekly_on_a_day_with_a_brief_of_what_is_key() -> None:
    line = 'p: {kind: metric_review, owner: ana, every: week, on: wed, at: "14:00", ping: 30 min before}'
    situation = wants(scene(f"{line}\n{KEY}", "2027-03-17 13:45"), Briefs.WEEKLY)
    (brief,) = sent(situation)
    assert Rung.PING not in {notice.rung for notice in brief.notices}, "it is not in there"
    read = said(replace(situation, briefed={"ana": brief.day}), *brief.notices)
    (ping,) = sent(read)
    assert (ping.kind, [entry.rung for entry in ping.entries]) == (MessageKind.ALERT, [Rung.PING])


# --- the budget


def moved_by_vic(situation: Situation, number: int) -> Situation:
    event = Event(
        at=situation.now, type=EventType.ANSWERED, source=Source.SLACK, plan="p", task_id=situation.tasks[number].id,
        actor="vic", subject="ana", data={"verb": Verb.HAND_OVER.value},
    )  # fmt: skip
    return replace(situation, changed=(*situation.changed, event))


BUSY = """
u: {kind: training, owner: ana, every: workday, at: "09:30", urgent: true}
p: {kind: metric_review, owner: ana, every: workday, at: "10:00", ping: 30 min before}
s: {kind: metric_review, owner: ana, every: workday, at: "08:10"}
k: {kind: audit, owner: ana, every: week, on: wed}
"""


@settings(max_examples=20, deadline=None)
@given(
    minutes=st.lists(st.integers(1, 240), min_size=20, max_size=60),
    puts=st.lists(st.integers(0, 40), max_size=20),
    cants=st.lists(st.integers(0, 40), max_size=6),
)
def test_whatever_happens_there_is_one_brief_a_day_and_beside_it_one_a_day_and_two_a_week(
    minutes: list[int], puts: list[int], cants: list[int]
) -> None:
    situation = replace(scene(BUSY, "2027-03-01 07:30"), briefed={})
    got: list[Brief] = []
    for step, minute in enumerate(minutes):
        situation = replace(situation, now=situation.now + timedelta(minutes=minute))
        if step in puts:
            situation = moved_by_vic(situation, step % len(situation.tasks))
        if step in cants:
            situation = asked(situation, _cannot(situation, step))
        for brief in briefs(situation, standings(situation), pending(situation)):
            got.append(brief)
            situation = _after(situation, brief)
        situation = _counted(situation, got)
    alerts = [(brief.to, brief.day) for brief in got if brief.kind is MessageKind.ALERT]
    weeks = [(who, day.isocalendar()[:2]) for who, day in alerts]
    daily = [(brief.to, brief.day) for brief in got if brief.kind is MessageKind.BRIEF]
    assert max(Counter(alerts).values(), default=0) <= 1
    assert max(Counter(weeks).values(), default=0) <= 2
    assert max(Counter(daily).values(), default=0) <= 1


def _cannot(situation: Situation, step: int) -> Decision:
    task = situation.tasks[step % len(situation.tasks)]
    return Decision(
        id=f"d{step}", kind=DecisionKind.CANT, plan="p", task_id=task.id, tasks=(task.id,), about_person="ana",
        asked="vic", asked_at=situation.now, round=task.round, choices=(),
    )  # fmt: skip


def _after(situation: Situation, brief: Brief) -> Situation:
    briefed = {**situation.briefed, **({brief.to: brief.day} if brief.kind is MessageKind.BRIEF else {})}
    return said(replace(situation, briefed=briefed), *brief.notices)


def _counted(situation: Situation, got: list[Brief]) -> Situation:
    alerted = {}
    for who, clock in situation.worktimes.items():
        days = [brief.day for brief in got if brief.kind is MessageKind.ALERT and brief.to == who]
        today = clock.today(situation.now)
        alerted[who] = (days.count(today), sum(day >= clock.week_start(today) for day in days))
    return replace(situation, alerted=alerted)


# --- what keepers see

EMPTY = PEOPLE.replace("ana: {name: Ana,", "ana: {name: Ana, left: 2027-03-05,")


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("t: {kind: metric_review, owner: manager, every: week, on: tue}", "line.held"),
        ("t: {kind: audit, owner: manager, on: 2027-04-14}", "line.key_vacant"),
    ],
)
def test_keepers_see_what_an_empty_seat_holds_back_once_a_week(line: str, note: str) -> None:
    situation = scene(line, "2027-03-09 09:00", head=EMPTY)
    (brief,) = sent(situation, "kim")
    assert note in lines(brief, situation)
    assert still_owed(brief.entries, "kim", situation) == brief.entries
    known = said(situation, *brief.notices)
    assert sent(later(known, "2027-03-10 09:00"), "kim") == []
    assert sent(later(known, "2027-03-16 09:00"), "kim")
    held = Hold(scope="person/kim", until=day("2027-03-20"), reason="", since=situation.now)
    assert sent(replace(situation, holds=(held,)), "kim") == []


def test_keepers_see_who_has_no_address_and_whom_nothing_reaches() -> None:
    head = PEOPLE.replace("ana: {name: Ana, email: ana@x.test,", "ana: {name: Ana,")
    situation = replace(scene(KEY, "2027-03-15 09:00", head=head), unreachable=("ben",))
    (brief,) = sent(situation, "kim")
    found = [(e.code, e.subject, e.rung) for e in brief.entries if e.section is Section.EXCEPTIONS]
    assert set(found) == {("unreachable", "ben", Rung.VACANT), ("no_address", "ana", None)}
