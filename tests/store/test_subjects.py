"""Plans, people, tasks, records and feeds: each method does what its line says, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cadence.core.model import (
    Answer,
    Bundle,
    Choice,
    Days,
    Event,
    EventType,
    Hold,
    MessageKind,
    Moved,
    Source,
    State,
    Verb,
)
from cadence.errors import NothingToActOn, Refused
from cadence.store import Store
from tests.store.examples import ANA, BEN, DAY, MINUTE, NOW, decision, delivery, task

FEBRUARY = Days(date(2027, 2, 8), date(2027, 2, 13))
MARCH = Days(date(2027, 3, 1), date(2027, 3, 3))


def bundle(text: str) -> Bundle:
    return Bundle(plan="emea.yaml", files=(("emea.yaml", text),), holidays=(("US", (date(2027, 7, 4),)),), hash=text)


def test_the_newest_bundle_of_a_plan_is_in_force(store: Store) -> None:
    with store.begin() as work:
        work.plans.save("emea", bundle("old"), "kim", NOW)
        work.plans.save("apac", bundle("other"), "kim", NOW)
        work.plans.save("emea", bundle("new"), "lee", NOW)
        assert [(stored.plan, stored.bundle.hash) for stored in work.plans.current()] == [
            ("apac", "other"),
            ("emea", "new"),
        ]
        assert work.plans.get("latam") is None


def test_people_are_overwritten_by_identity_and_the_others_stay(store: Store) -> None:
    with store.begin() as work:
        work.people.save([replace(ANA, name="Ana Ruiz-Lopez")])
        assert work.people.all() == {ANA.key: replace(ANA, name="Ana Ruiz-Lopez"), BEN.key: BEN}
        assert work.people.aliases() == {ANA.identity: ANA.key, BEN.identity: BEN.key}


def test_two_persons_may_trade_keys_and_history_stays_with_the_person(store: Store) -> None:
    with store.begin() as work:
        work.records.event(Event(at=NOW, type=EventType.AWAY, source=Source.CLI, subject=ANA.key))
        work.people.save([replace(ANA, key=BEN.key), replace(BEN, key=ANA.key)])
        assert work.people.aliases() == {ANA.identity: BEN.key, BEN.identity: ANA.key}
        assert work.records.events()[0].subject == BEN.key


def test_a_key_that_somebody_else_has_is_refused(store: Store) -> None:
    with pytest.raises(Refused), store.begin() as work:
        work.people.save([replace(ANA, identity="id:somebody-else")])


def test_an_unknown_key_is_named(store: Store) -> None:
    with pytest.raises(NothingToActOn, match="nobody-here"), store.begin() as work:
        work.ledger.enqueue(replace(delivery(), recipient="nobody-here"))


def test_absences_from_a_plan_are_replaced_by_it_and_the_others_survive(store: Store) -> None:
    with store.begin() as work:
        work.people.set_away(ANA.key, FEBRUARY, "slack")
        work.people.set_away(ANA.key, FEBRUARY, "slack")
        work.people.replace_plan_absences("emea", {ANA.key: (MARCH,), BEN.key: (MARCH,)})
        work.people.replace_plan_absences("emea", {BEN.key: (FEBRUARY, MARCH)})
        assert work.people.absences() == {ANA.key: (FEBRUARY,)}
        assert {key: person.away for key, person in work.people.all().items()} == {
            ANA.key: (FEBRUARY,),
            BEN.key: (FEBRUARY, MARCH),
        }


def test_clearing_absences_leaves_other_sources_and_those_of_plans(store: Store) -> None:
    with store.begin() as work:
        work.people.set_away(ANA.key, FEBRUARY, "slack")
        work.people.set_away(ANA.key, MARCH, "cli")
        work.people.replace_plan_absences("emea", {ANA.key: (MARCH,)})
        assert work.people.clear_away(ANA.key, "slack") == 1
        assert work.people.absences() == {ANA.key: (MARCH,)}
        assert work.people.clear_away(ANA.key) == 1
        assert work.people.all()[ANA.key].away == (MARCH,)


def test_tasks_are_found_by_plan_state_and_id_in_the_order_of_the_day_that_holds_now(store: Store) -> None:
    first, last = task("bbbb00000001"), task("aaaa00000001", State.DONE)
    earlier = NOW - DAY
    moved = replace(task("cccc00000001"), moved=Moved(date=earlier.date(), due=earlier, starts=None, ends=None))
    with store.begin() as work:
        work.tasks.add([last, first, moved])
        assert work.tasks.find() == (moved, last, first)
        assert work.tasks.find(plan="apac") == ()
        assert work.tasks.find(plan="emea", states=[State.PLANNED, State.OPEN]) == (moved, first)
        assert work.tasks.find(ids=[first.id, last.id, "x"], states=[State.DONE]) == (last,)
        assert work.tasks.find(ids=[]) == ()
        assert work.tasks.by_prefix("bb") == (first,)
        assert work.tasks.by_prefix("%") == ()


def test_many_more_ids_than_a_statement_takes_are_found_in_order(store: Store) -> None:
    tasks = [task(f"{number:012x}") for number in range(1_500)]
    with store.begin() as work:
        work.tasks.add(tasks)
        assert work.tasks.find(ids=[one.id for one in reversed(tasks)] + ["x"] * 50_000) == tuple(tasks)


def test_a_task_is_replaced_only_by_whoever_saw_its_newest_version(store: Store) -> None:
    with store.begin() as work:
        work.tasks.add([task()])
        done = replace(task(), state=State.DONE, version=2, done_by=ANA.key, happened_on=NOW.date())
        assert work.tasks.replace(done, expected_version=1)
        assert not work.tasks.replace(replace(task(), version=2), expected_version=1)
        assert not work.tasks.replace(task("ffff00000001"), expected_version=1)
        assert work.tasks.find() == (done,)


def test_adding_a_task_that_somebody_else_added_is_refused_and_undone(store: Store) -> None:
    def load(who: str) -> None:
        with store.begin() as work:
            work.records.mark("loaded", who)
            work.tasks.add([task()])

    load("the first")
    with pytest.raises(Refused):
        load("the second")
    with store.read() as work:
        assert work.records.marked("loaded") == "the first"


def test_events_are_found_by_plan_task_and_time_in_the_order_of_recording(store: Store) -> None:
    def event(**about: str) -> Event:
        return Event(
            at=NOW, type=EventType.ADDED, source=Source.PLAN, plan=about.get("plan"), task_id=about.get("task")
        )

    of_plan, of_task, late = event(plan="emea"), event(plan="emea", task="t"), replace(event(), at=NOW + DAY)
    with store.begin() as work:
        work.records.event(late, of_plan, of_task)
        assert work.records.events() == (late, of_plan, of_task)
        assert work.records.events(plan="emea") == (of_plan, of_task)
        assert work.records.events(task_id="t") == (of_task,)
        assert work.records.events(since=NOW + DAY) == (late,)


def test_words_can_be_erased_and_history_stands(store: Store) -> None:
    said = Answer(
        task_id=task().id,
        verb=Verb.DONE,
        actor=BEN.key,
        source=Source.PAGE,
        at=NOW,
        text="She did well",
        form={"a": "b"},
    )
    sent = replace(delivery(), text="Good morning, Ana")
    with store.begin() as work:
        work.tasks.add([task()])
        work.records.answer(said)
        work.ledger.enqueue(sent)
        assert work.records.texts.erase(key=BEN.key) == 1
        assert work.records.answers(task().id) == (replace(said, text=None, form={}),)
        assert work.ledger.get(sent.key) == sent
        assert work.records.texts.erase(before=NOW) == 0
        assert work.records.texts.erase(before=NOW + MINUTE) == 1
        assert work.ledger.get(sent.key) == replace(sent, text=None)


def test_a_question_is_put_once_and_the_first_answer_counts(store: Store) -> None:
    asked, other = decision("d0001"), decision("d0002")
    answered = replace(asked, answered_at=NOW, choice=Choice.WAIVE, by=ANA.key)
    with store.begin() as work:
        assert work.records.ask(asked)
        assert work.records.ask(other)
        assert not work.records.ask(asked)
        assert work.records.decide(answered)
        assert not work.records.decide(replace(answered, choice=Choice.EXTEND))
        assert work.records.decisions() == (answered, other)
        assert work.records.decisions(open_only=True) == (other,)
        assert work.records.decisions(asked=BEN.key) == ()
        assert work.records.decision("d0001") == answered
        assert work.records.decision("d0") is None
        assert work.records.decision("x") is None


def test_a_hold_lasts_through_its_day_or_until_released(store: Store) -> None:
    everyone = Hold(scope="all", until=date(2027, 2, 5), reason="freeze", since=NOW)
    longer = replace(everyone, until=date(2027, 2, 9))
    with store.begin() as work:
        work.records.hold(everyone)
        assert work.records.holds(date(2027, 2, 5)) == (everyone,)
        assert work.records.holds(date(2027, 2, 6)) == ()
        work.records.hold(longer)
        assert work.records.holds() == (longer,)
        assert work.records.release("all") == 1
        assert work.records.release("all") == 0


def test_a_mark_keeps_its_last_value(store: Store) -> None:
    with store.begin() as work:
        assert work.records.marked("beat") is None
        work.records.mark("beat", "1")
        work.records.mark("beat", "2")
        assert work.records.marked("beat") == "2"


def test_a_signature_is_new_once_in_ten_minutes(store: Store) -> None:
    with store.begin() as work:
        assert work.records.seen("v0=ab", NOW)
        assert not work.records.seen("v0=ab", NOW + 10 * MINUTE)
        assert work.records.seen("v0=ab", NOW + 11 * MINUTE)


def test_a_feed_is_found_by_the_hash_of_its_token_until_it_is_revoked(store: Store) -> None:
    with store.begin() as work:
        mine = work.feeds.add("person", ANA.key, "hash-1", NOW)
        teams = work.feeds.add("team", "north", "hash-2", NOW)
        work.feeds.fetched(mine.id, NOW + DAY)
        assert work.feeds.find("hash-1") == replace(mine, fetched_at=NOW + DAY)
        assert work.feeds.find("hash-3") is None
        assert work.feeds.revoke(mine.id, NOW)
        assert not work.feeds.revoke(mine.id, NOW)
        assert work.feeds.find("hash-1") is None
        assert [feed.id for feed in work.feeds.list()] == [mine.id, teams.id]


def test_a_post_goes_to_a_room_and_needs_no_person(store: Store) -> None:
    post = replace(delivery(), kind=MessageKind.POST, recipient="#wins")
    with store.begin() as work:
        assert work.ledger.enqueue(post)
        assert work.ledger.get(post.key) == post


def test_one_owner_at_a_time_holds_a_lease_and_may_renew_it(store: Store) -> None:
    with store.begin() as work:
        assert work.lease("beat", "one", NOW, MINUTE)
        assert not work.lease("beat", "two", NOW, MINUTE)
        assert work.lease("beat", "one", NOW + MINUTE / 2, MINUTE)
        assert not work.lease("beat", "two", NOW + MINUTE, MINUTE)
        assert work.lease("beat", "two", NOW + timedelta(minutes=1.5), MINUTE)
        assert not work.lease("beat", "one", NOW + timedelta(minutes=1.5), MINUTE)
