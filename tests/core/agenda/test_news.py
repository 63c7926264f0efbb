"""What a load changed is told once, in the next brief; what somebody puts at short notice on a desk goes beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cadence.core.agenda import Brief, Situation, briefs, message, pending, standings, still_owed
from cadence.core.agenda.news import news
from cadence.core.model import Entry, Event, EventType, MessageKind, Notice, Rung, Section, Source, State
from tests.core.agenda.scenes import at, later, said, scene, with_task

MEETING = 't: {kind: training, owner: ana, on: 2027-03-24, at: "14:00"}'
LOADED = "2027-03-16 11:00"


def loaded(situation: Situation, *events: tuple[EventType, dict[str, str]], moment: str = LOADED) -> Situation:
    """With what a load said of the first task."""
    new = tuple(
        Event(
            at=at(moment),
            type=kind,
            source=Source.CLI,
            plan="p",
            task_id=None if kind is EventType.ADDED else situation.tasks[0].id,
            subject=data.pop("subject", None),
            data=data,
        )
        for kind, data in events
    )
    return replace(situation, changed=(*situation.changed, *new))


def was(moment: str) -> str:
    return at(moment).isoformat()


def told(situation: Situation) -> dict[str, list[tuple[str, str | None]]]:
    return {who: [(one.change.value, one.before) for one in found] for who, found in news(situation).items()}


def brief_of(who: str, situation: Situation) -> Brief | None:
    return next((b for b in briefs(situation, standings(situation), pending(situation)) if b.to == who), None)


def test_what_moved_is_told_once_in_the_next_brief_though_nothing_else_is_due() -> None:
    situation = loaded(scene(MEETING, "2027-03-16 12:00"), (EventType.AMENDED, {"was": was("2027-03-22 14:00")}))
    situation = replace(situation, briefed={"ana": at(LOADED).date()})
    assert brief_of("ana", situation) is None, "not beside the brief"
    next_day = later(situation, "2027-03-17 08:30")
    brief = brief_of("ana", next_day)
    assert brief is not None
    (entry,) = [one for one in brief.entries if one.section is Section.CHANGED]
    (line,) = [
        one
        for one in message("k", brief.kind, "ana", brief.day, brief.entries, next_day).lines
        if one.section is Section.CHANGED
    ]
    assert (entry.rung, line.note) == (Rung.CHANGED, "line.changed_moved")
    assert line.facts == {
        "day": situation.tasks[0].date,
        "at": "14:00",
        "was": datetime(2027, 3, 22, tzinfo=UTC).date(),
        "was_at": "14:00",
    }
    assert still_owed(brief.entries, "ana", next_day) == brief.entries
    assert told(said(next_day, *brief.notices)) == {}
    assert brief_of("ana", said(next_day, *brief.notices)) is None


def test_two_loads_are_told_as_one_change_and_one_that_was_undone_not_at_all() -> None:
    once = loaded(scene(MEETING, "2027-03-17 08:30"), (EventType.AMENDED, {"was": was("2027-03-22 14:00")}))
    twice = loaded(once, (EventType.AMENDED, {"was": was("2027-03-23 14:00")}), moment="2027-03-16 12:00")
    assert told(twice) == {"ana": [("moved", was("2027-03-22 14:00"))]}
    back = loaded(once, (EventType.AMENDED, {"was": was("2027-03-23 14:00")}), moment="2027-03-16 12:00")
    home = replace(back.tasks[0].occurrence, starts=at("2027-03-22 14:00"), date=at("2027-03-22 14:00").date())
    undone = with_task(back, 0, occurrence=home)
    assert told(undone) == {}
    brief = brief_of("ana", once)
    assert brief is not None
    assert not [e for e in still_owed(brief.entries, "ana", undone) if e.section is Section.CHANGED], "nor if unsent"


@pytest.mark.parametrize("word", ["quietly", "first"])
def test_a_quiet_load_and_a_plans_first_are_nobodys_news(word: str) -> None:
    data = {"was": was("2027-03-22 14:00"), word: "yes"}
    assert told(loaded(scene(MEETING, "2027-03-17 08:30"), (EventType.AMENDED, data))) == {}


def test_what_changed_hands_is_told_to_both() -> None:
    handed = (EventType.AMENDED, {"holder": "changed", "subject": "ben"})
    situation = loaded(scene(MEETING, "2027-03-17 08:30"), handed)
    assert told(situation) == {"ana": [("gained", "ben")], "ben": [("given", "ana")]}
    vacant = loaded(scene(MEETING, "2027-03-17 08:30"), (EventType.AMENDED, {"holder": "changed"}))
    assert told(vacant) == {"ana": [("gained", None)]}


def test_what_the_plan_no_longer_asks_for_and_what_is_new_is_told() -> None:
    gone = loaded(scene(MEETING, "2027-03-17 08:30"), (EventType.RETIRED, {"was": was("2027-03-24 14:00")}))
    gone = with_task(gone, 0, state=State.RETIRED)
    assert told(gone) == {"ana": [("gone", was("2027-03-24 14:00"))]}
    new = loaded(scene(MEETING, "2027-03-17 08:30"), (EventType.ADDED, {"tasks": "1"}))
    new = replace(new, tasks=(replace(new.tasks[0], changed_at=at(LOADED)),))
    assert told(new) == {"ana": [("added", None)]}


def test_what_is_far_ahead_and_was_never_shown_is_no_news() -> None:
    far = "t: {kind: training, owner: ana, on: 2027-05-12}"
    situation = loaded(scene(far, "2027-03-17 08:30"), (EventType.AMENDED, {"was": "2027-05-10"}))
    assert told(situation) == {}
    assert told(loaded(scene(far, "2027-03-17 08:30"), (EventType.AMENDED, {"was": "2027-03-19"})))
    task = situation.tasks[0]
    spoken = Notice(task.id, task.round, Rung.BEFORE_2, "ana")
    assert told(said(situation, spoken)) == {"ana": [("moved", "2027-05-10")]}


def test_a_proposed_day_that_a_load_chooses_anew_is_no_news_until_it_was_shown() -> None:
    line = "t: {kind: one_on_one, owner: manager, with: each rep, every: week, on: [tue, wed, thu]}"
    moved = (EventType.AMENDED, {"was": "2027-03-04"})
    situation = loaded(scene(line, "2027-03-02 08:30"), moved, moment="2027-03-01 09:00")
    assert told(situation) == {}


def test_a_load_that_moves_a_whole_plan_is_told_in_one_line() -> None:
    situation = scene("t: {kind: metric_review, owner: ana, every: workday}", "2027-03-02 08:30")
    entries = [
        Entry(Section.CHANGED, task_id=task.id, rung=Rung.CHANGED, code="moved", subject="2027-03-01")
        for task in situation.tasks[:9]
    ]
    (line,) = message("k", MessageKind.BRIEF, "ana", at("2027-03-02 08:30").date(), entries, situation).lines
    assert (line.note, line.facts["n"]) == ("line.changed_many", 9)


# --- at short notice


def put_there(situation: Situation, moment: str, actor: str | None, verb: str = "hand_over") -> Situation:
    task = situation.tasks[0]
    event = Event(
        at=at(moment), type=EventType.ANSWERED, source=Source.SLACK, plan="p", task_id=task.id, actor=actor,
        subject="ana", data={"verb": verb},
    )  # fmt: skip
    return replace(situation, changed=(event,), briefed={"ana": at(moment).date()})


EARLY = 't: {kind: metric_review, owner: ana, every: week, on: wed, at: "08:15"}'


def alert(situation: Situation) -> list[tuple[str, Rung | None]]:
    found = [b for b in briefs(situation, standings(situation), ()) if b.kind is MessageKind.ALERT]
    return [(b.to, entry.rung) for b in found for entry in b.entries]


def test_what_begins_before_the_next_brief_goes_beside_todays() -> None:
    situation = put_there(scene(EARLY, "2027-03-02 15:00"), "2027-03-02 14:00", "vic")
    assert alert(situation) == [("ana", Rung.SOON)]
    assert alert(put_there(situation, "2027-03-02 14:00", "ana")) == [], "who put it there knows"
    assert alert(put_there(later(situation, "2027-03-01 15:00"), "2027-03-01 14:00", "vic")) == [], "tomorrow's brief"
    spent = replace(situation, alerted={"ana": (1, 1)})
    assert alert(spent) == [], "the budget is one a day"
    week = replace(situation, alerted={"ana": (0, 2)})
    assert alert(week) == [], "and two a week"


def test_on_the_eve_of_a_weekend_the_next_working_day_is_soon() -> None:
    monday = EARLY.replace("wed", "mon")
    situation = scene(monday, "2027-03-05 15:00")
    situation = replace(situation, tasks=situation.tasks[1:])
    assert alert(put_there(situation, "2027-03-05 14:00", "vic")) == [("ana", Rung.SOON)]


def test_what_was_said_at_short_notice_is_said_once_and_drops_out_when_done() -> None:
    situation = put_there(scene(EARLY, "2027-03-02 15:00"), "2027-03-02 14:00", "vic")
    (one,) = [b for b in briefs(situation, standings(situation), ()) if b.kind is MessageKind.ALERT]
    assert alert(said(situation, *one.notices)) == []
    assert still_owed(one.entries, "ana", situation) == one.entries
    done = with_task(situation, 0, state=State.DONE, happened_on=at("2027-03-02 15:00").date())
    assert still_owed(one.entries, "ana", done) == ()
    begun = replace(situation, now=situation.tasks[0].starts or situation.now + timedelta(days=1))
    assert still_owed(one.entries, "ana", begun) == ()


def test_another_hour_of_the_same_day_is_news_until_the_next_brief_says_it() -> None:
    afternoon = scene(EARLY.replace("08:15", "16:00"), "2027-03-03 10:00")
    brief = brief_of("ana", afternoon)
    assert brief is not None
    moved = put_there(said(afternoon, *brief.notices), "2027-03-03 09:30", "vic", verb="move")
    assert alert(moved) == [("ana", Rung.SOON)]
    before = put_there(said(afternoon, *brief.notices), "2027-03-03 08:10", "vic", verb="move")
    assert alert(before) == [], "the brief of 08:30 has said it"
