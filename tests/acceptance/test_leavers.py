"""Stories of people who leave, are replaced or are away for long: nothing stays with them, no blame is inherited."""

from __future__ import annotations

from datetime import date

from cadence.core.model import Choice, Days, DecisionKind, Source, State, Verb
from cadence.services.quiet import away
from tests.support.world import World


def test_an_open_question_goes_on_to_whoever_follows_the_one_who_left(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test, reports_to: sam, left: 2027-03-05}
        nina: {name: Nina New, email: nina@x.test, reports_to: sam, replaces: vic, since: 2027-03-06}
        sam: {name: Sam Spons, email: sam@x.test}
        kim: {name: Kim Keep, email: kim@x.test}
    roles: {vp: vic, sponsor: sam, enablement: kim}
    activities:
      note: {kind: metric_review, owner: ana, on: 2027-03-04}
    """
    world.load().forward(to="2027-03-04 10:00")
    world.answer(world.task("note"), Verb.CANT, by="ana", reason="customer-first")
    world.inbox("vic").expect("Ana Silva cannot do this")
    world.forward(to="2027-03-08 12:00")
    world.inbox("vic").nothing()
    brief = world.inbox("nina").expect("Ana Silva cannot do this")
    (decision,) = world.decisions()
    refusal = world.decide(decision, Choice.EXTEND, by="vic").refusal
    assert refusal is not None
    assert (refusal.code, refusal.facts["holder"]) == ("not-yours", "Nina New")
    brief.press("decide:extend")
    (answered,) = world.decisions()
    assert (answered.choice, answered.by) == (Choice.EXTEND, "nina")
    world.ignore("ana", "vic", "nina").ignore_mail()


def test_a_question_of_somebody_without_successor_goes_up_the_line(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test, reports_to: sam, left: 2027-03-05}
        sam: {name: Sam Spons, email: sam@x.test}
    roles: {vp: vic, sponsor: sam}
    activities:
      note: {kind: metric_review, owner: ana, on: 2027-03-04}
    """
    world.load().forward(to="2027-03-04 10:00")
    world.answer(world.task("note"), Verb.CANT, by="ana", reason="customer-first")
    world.forward(to="2027-03-08 12:00")
    world.inbox("sam").expect("Ana Silva cannot do this")
    world.ignore("ana", "vic", "sam").ignore_mail()


def test_a_successor_is_not_blamed_for_the_weeks_in_which_nobody_held_the_seat(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 8
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic, left: 2027-03-02}
        nina: {name: Nina New, email: nina@x.test, reports_to: vic, replaces: ana, since: 2027-03-31}
        vic: {name: Vic Petrov, email: vic@x.test}
        rae: {name: Rae Rep, email: rae@x.test, manager: ana}
    roles: {vp: vic}
    activities:
      note: {kind: campaign_review, owner: manager, every: week, on: wed}
    """
    world.load().forward(to="2027-04-06 18:00")
    emptied = [task for task in world.tasks("note") if task.due < world.at("2027-03-31 00:00")]
    assert len(emptied) == 4
    assert {(task.state, task.reason) for task in emptied} == {(State.SKIPPED, "vacant")}
    assert {decision.kind for decision in world.decisions()} == {DecisionKind.VACANCY}
    asked = [post.text for post in world.inbox("nina").all() if "Is something in the way?" in post.text]
    assert len(asked) == 1, "about what fell due on her own first day"
    assert "Wed 31 Mar" in asked[0] or "last working day" in asked[0]
    world.ignore("ana", "vic", "nina", "rae").ignore_mail()


def test_a_keeper_who_left_gets_no_digest_and_the_successor_does(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test}
        kim: {name: Kim Keep, email: kim@x.test, left: 2027-03-03}
        nell: {name: Nell New, email: nell@x.test, replaces: kim, since: 2027-03-04}
    roles: {enablement: kim}
    activities:
      note: {kind: metric_review, owner: ana, on: 2027-03-04}
    """
    world.load().forward(to="2027-03-08 18:00")
    assert {mail.to for mail in world.smtp.mails if "Week 9" in str(mail.message["subject"])} == {"nell@x.test"}
    world.inbox("ana").expect("Nell New is glad to help")
    world.ignore("ana", "nell").ignore_mail()


def test_a_key_task_of_somebody_on_long_leave_is_asked_about_nevertheless(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 8
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test, reports_to: sam}
        sam: {name: Sam Spons, email: sam@x.test}
    roles: {vp: vic, sponsor: sam}
    activities:
      audit: {kind: audit, owner: ana, on: 2027-03-16}
    """
    world.load()
    with world.store.begin() as work:
        for person in ("ana", "vic"):
            away(work, person, Days.inclusive(date(2027, 3, 1), date(2027, 5, 10)), Source.CLI, world.clock.now)
    world.forward(to="2027-03-19 18:00")
    (asked,) = world.decisions()
    assert (asked.kind, asked.asked) == (DecisionKind.KEY_LATE, "sam"), "vic is away and has no backup"
    world.inbox("sam").expect("Your call")
    world.ignore("ana", "vic", "sam").ignore_mail()


def test_a_digest_on_friday_reaches_whoever_works_from_sunday_to_thursday(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Asia/Kathmandu
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test, workdays: sun-thu}
    roles: {vp: vic}
    digest: {on: fri, at: "08:00"}
    activities:
      note: {kind: metric_review, owner: ana, on: 2027-03-03}
    """
    world.load().forward(to="2027-03-11 07:59")
    assert not world.smtp.mails
    world.forward(to="2027-03-11 18:00")
    assert {mail.to for mail in world.smtp.mails} == {"vic@x.test"}
    world.ignore("ana", "vic").ignore_mail()
