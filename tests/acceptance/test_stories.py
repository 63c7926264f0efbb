"""Stories: what people live through with the whole program, told day by day. The plan stands in the docstring."""

from __future__ import annotations

from datetime import date

from cadence.core.model import Choice, DecisionKind, State, Verb
from tests.support.world import World


def test_a_manager_is_reminded_on_the_day_and_finishes_with_one_tap(world: World) -> None:
    """
    plan: emea
    title: EMEA rollout
    rollout: 2027-03-01
    ends: week 4
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      briefing: {kind: training, title: Team training, owner: ana, on: 2027-03-10, at: "14:00", lasts: 60 min}
    """
    world.load().forward(to="2027-03-08 12:00")
    world.inbox("ana").expect("in 2 working days")
    world.forward(to="2027-03-10 08:29")
    world.inbox("ana").nothing()
    world.forward(to="2027-03-10 08:31")
    brief = world.inbox("ana").expect("Today at 14:00")
    brief.press("done")
    task = world.task("briefing")
    assert (task.state, task.done_by, task.happened_on, task.on_time) == (State.DONE, "ana", date(2027, 3, 10), True)
    brief.shows("✓ Done by Ana Silva")
    assert not brief.has_button("Done", about=task.id)
    world.forward(to="2027-03-26 18:00")
    world.inbox("ana").nothing()
    world.inbox("vic").nothing()
    assert "1 done" in world.mail("vic", "Week 10").subject
    world.ignore_mail()


def test_silence_is_told_to_the_line_above_and_a_second_time_asks_for_a_decision(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 6
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      reviews: {kind: metric_review, title: Pipeline review, owner: ana, every: 2 weeks, on: tue}
    """
    world.load().forward(to="2027-03-03 09:00")
    world.inbox("ana").expect("Pipeline review")
    world.inbox("ana").expect("Is something in the way?")
    world.forward(to="2027-03-04 18:00")
    world.inbox("vic").nothing()
    world.forward(to="2027-03-05 09:00")
    told = world.inbox("vic").expect("Ana Silva had this planned for Tue 2 Mar")
    assert "Nothing for you to do" in told.text
    assert not told.post.elements(), "being told asks for nothing"

    world.forward(to="2027-03-22 09:00")
    assert world.task("reviews", 0).state is State.MISSED
    world.ignore("ana")
    pattern = world.inbox("vic").expect("Pipeline review: it worked out 0 of the last 2 times")
    (decision,) = world.decisions()
    assert (decision.kind, decision.about_person, decision.asked) == (DecisionKind.PATTERN, "ana", "vic")
    pattern.press("decide:take-over")
    pattern.shows("Vic Petrov decided: it is taken on in person")
    assert {world.holder(task) for task in world.tasks("reviews") if task.state.live} == {"vic"}
    world.ignore("ana", "vic").ignore_mail()


def test_a_key_task_nobody_touches_goes_up_to_the_sponsor_and_no_further(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 8
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
        sue: {name: Sue Ortega, email: sue@example.test}
    roles: {vp: vic, sponsor: sue}
    activities:
      check: {kind: audit, title: Health check, owner: ana, on: 2027-03-17}
    """
    world.load().forward(to="2027-03-03 09:00")
    world.inbox("ana").expect("in 10 working days")
    world.forward(to="2027-03-15 09:00")
    world.inbox("ana").expect("in 2 working days")
    world.forward(to="2027-03-17 09:00")
    world.inbox("ana").expect("Today")
    world.forward(to="2027-03-18 09:00")
    world.inbox("ana").expect("Is something in the way?")
    world.inbox("vic").nothing()
    world.forward(to="2027-03-19 09:00")
    question = world.inbox("vic").expect("it matters to the rollout")
    assert {"I take it on", "More time", "Let it go, because …"} <= set(labels(question.post.elements()))
    world.forward(to="2027-03-25 18:00")
    world.inbox("sue").nothing()
    world.forward(to="2027-03-26 09:00")
    world.inbox("sue").expect("waited").press("decide:take-over")
    assert world.holder(world.task("check")) == "sue"
    world.ignore("ana", "vic", "sue").ignore_mail()
    world.forward(to="2027-04-23 18:00")
    assert world.task("check").state is State.OPEN, "a key task never settles by itself"
    assert [decision.asked for decision in world.decisions()] == ["vic", "sue"]
    world.ignore("ana", "vic", "sue").ignore_mail()


def test_what_falls_into_an_absence_goes_to_the_backup_who_reads_why(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        ben: {name: Ben Okoye, email: ben@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    away: {ana: [2027-03-08..2027-03-12]}
    backups: {ana: ben}
    activities:
      training: {kind: training, title: Refresher, owner: ana, on: 2027-03-10}
    """
    world.load().forward(to="2027-03-09 09:00")
    world.inbox("ben").expect("in 2 working days")
    world.forward(to="2027-03-10 09:00")
    brief = world.inbox("ben").expect("For Ana Silva, away until Fri 12 Mar")
    assert "Refresher" in brief.text
    world.inbox("ana").nothing()
    brief.press("done")
    task = world.task("training")
    assert (task.state, task.done_by) == (State.DONE, "ben"), "who did it keeps the credit"
    brief.shows("✓ Done by Ben Okoye")
    world.ignore("ana", "ben", "vic").ignore_mail()


def test_a_plan_changed_in_flight_keeps_history_and_identity(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 6
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        ben: {name: Ben Okoye, email: ben@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic, coach: ana}
    activities:
      huddles: {kind: metric_review, title: Huddle, owner: coach, every: week, on: wed}
    """
    world.load().forward(to="2027-03-10 12:00")
    first, second, third, *_ = world.tasks("huddles")
    world.answer(first, Verb.DONE, by="ana")
    world.answer(third, Verb.MOVE, by="ana", until=date(2027, 3, 19))
    before = {task.id: task for task in world.tasks("huddles")}

    world.load(lambda text: text.replace("coach: ana", "coach: ben").replace("on: wed", "on: thu"), force=True)

    after = {task.id: task for task in world.tasks("huddles")}
    assert set(after) == set(before), "a new holder and a new weekday amend, they re-create nothing"
    assert after[first.id] == before[first.id], "what was done is history"
    assert after[first.id].done_by == "ana"
    assert after[second.id].occurrence.date == date(2027, 3, 11)
    assert after[second.id].version > before[second.id].version
    assert world.holder(after[second.id]) == "ben"
    assert after[third.id].date == date(2027, 3, 19), "a day that a person chose stays"
    world.load(force=True)
    assert {task.id: task for task in world.tasks("huddles")} == after, "loading twice changes nothing"
    world.ignore("ana", "ben", "vic").ignore_mail()


def test_a_message_is_rewritten_when_the_task_is_done_at_the_command_line(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
      note: {kind: training, title: Write it up, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-01 09:00")
    world.ignore("ana")
    world.forward(to="2027-03-03 09:00")
    brief = world.inbox("ana").expect("Customer call")
    call, note = world.task("call"), world.task("note")
    world.answer(call, Verb.DONE)
    brief.shows("✓ Done, on Wed 3 Mar")
    assert not brief.has_button("Done", about=call.id)
    assert brief.has_button("Done", about=note.id), "only the answered line loses its buttons"
    posted = [post for post in world.inbox("ana").all() if "Today" in post.text]
    assert len(posted) == 1, "rewritten, not posted again"
    world.ignore("ana")


def test_nothing_reaches_anybody_at_night_on_holidays_or_while_held(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-22
    ends: week 3
    timezone: Europe/London
    calendar: {country: GB, subdivision: ENG}
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test}
    activities:
      standup: {kind: team_meeting, title: Stand-up, owner: ana, every: workday}
    """
    world.load().forward(to="2027-04-09 20:00")
    days = [post.ts.partition(".")[0] for post in world.inbox("ana").all()]
    local = [world.local(int(second)) for second in days]
    assert all(moment.hour >= 8 and moment.hour < 18 for moment in local)
    assert {moment.date() for moment in local}.isdisjoint({date(2027, 3, 26), date(2027, 3, 29)}), "Easter"
    assert len({moment.date() for moment in local}) == len(local), "one brief a day"


def test_answering_can_not_asks_the_line_above_at_once(world: World) -> None:
    """
    plan: emea
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@example.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@example.test}
    roles: {vp: vic}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: 2027-03-03}
      other: {kind: training, title: Desk work, owner: vic, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-03 10:00")
    world.ignore("ana", "vic")
    task = world.task("call")
    world.answer(task, Verb.CANT, by="ana", reason="customer-first")
    assert world.task("call").state is State.OPEN, "the holder's own word keeps it open"
    alert = world.inbox("vic").expect("Ana Silva cannot do this: a customer came first")
    ruling = world.decide(world.decisions()[0], Choice.WAIVE, by="vic")
    assert ruling.refusal is None
    assert world.task("call").state is State.SKIPPED
    alert.shows("Vic Petrov decided: it is let go")
    world.ignore("ana", "vic")


def labels(elements: list[tuple[dict[str, object], dict[str, object]]]) -> list[str]:
    """What the buttons and menus of a message are called."""
    found = [element.get("text") or element.get("placeholder") or {} for _, element in elements]
    return [str(label.get("text")) for label in found if isinstance(label, dict)]
