"""What the store is asked: each answer holds what its line says, no more and no less, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from cadence.core.changes import Imprint, contents
from cadence.core.model import (
    Answer,
    Briefs,
    DeliveryState,
    Entry,
    Event,
    EventType,
    MessageKind,
    Moved,
    Notice,
    Preference,
    Rung,
    Section,
    Sent,
    Source,
    State,
    Verb,
)
from cadence.store import Store, Work
from tests.store.examples import ANA, BEN, DAY, MINUTE, NOW, delivery, occurrence, task
from tests.store.test_ledger import claimed, on_its_way, rendered, stored

RECEIPT = {"ts": "1"}


def keys(found: tuple[object, ...]) -> list[str]:
    return [str(getattr(one, "key", None) or getattr(one, "id", None)) for one in found]


def enqueue(work: Work, *keys: str, **fields: object) -> None:
    for key in keys:
        assert work.ledger.enqueue(replace(delivery(key), **fields))  # type: ignore[arg-type]  # fields of Delivery


# --- the ledger


def test_a_message_is_found_by_its_key_its_day_and_when_it_was_decided(store: Store) -> None:
    with store.begin() as work:
        enqueue(work, "b1", "b2")
        enqueue(work, "c1", kind=MessageKind.DIGEST, recipient=BEN.key)
        enqueue(work, "old", created_at=NOW - DAY, occasion="2027-01-31")
        enqueue(work, "b1:again", edits="b1")
        assert keys(work.ledger.by_prefix("b")) == ["b1", "b1:again", "b2"]
        assert work.ledger.by_prefix("%") == ()
        assert keys(work.ledger.meant_for(ANA.key, date(2027, 2, 1))) == ["b1", "b1:again", "b2"]
        assert work.ledger.existing(["b1", "x", "c1"]) == {"b1", "c1"}
        assert keys(work.ledger.recent(MessageKind, NOW)) == ["b1", "b2", "c1"]
        assert keys(work.ledger.recent([MessageKind.BRIEF], NOW - DAY)) == ["old", "b1", "b2"]
        assert work.ledger.lately([MessageKind.DIGEST], NOW) == [
            (BEN.key, MessageKind.DIGEST, "2027-02-01", DeliveryState.QUEUED)
        ]


def test_what_waits_is_counted_and_can_be_ended_by_nobody_once_it_is_claimed(store: Store) -> None:
    mine = claimed(store)
    with store.begin() as work:
        enqueue(work, "later", not_before=NOW + DAY)
        enqueue(work, "edit", edits="x")
        assert keys(work.ledger.unsent([MessageKind.BRIEF])) == ["later"]
        assert work.ledger.oldest_due(NOW) == NOW
        assert work.ledger.oldest_due(NOW - MINUTE) is None
        assert work.ledger.stuck(NOW + MINUTE) == 0
        assert work.ledger.stuck(NOW + 2 * MINUTE) == 1
        assert not work.ledger.abandon(mine.key, NOW, "why")
        assert work.ledger.abandon("later", NOW, "why")
        assert not work.ledger.abandon("later", NOW, "why")
        assert work.ledger.unsent([MessageKind.BRIEF]) == ()


def test_one_that_trips_is_put_off_and_then_parked_and_one_untouched_goes_back(store: Store) -> None:
    mine = claimed(store)
    with store.begin() as work:
        assert work.ledger.put_off(mine.key, mine.fence, "broken", NOW, retry_at=NOW + MINUTE)
        assert not work.ledger.put_off(mine.key, mine.fence, "broken", NOW, retry_at=None)
        (again,) = work.ledger.claim(NOW + MINUTE, MINUTE, 1)
        assert work.ledger.put_off(again.key, again.fence, "broken", NOW, retry_at=None)
        assert work.ledger.failures() == 1
    assert stored(store, mine.key).attempts == 2
    other = claimed(store, delivery("other"))
    with store.begin() as work:
        assert not work.ledger.hand_back(replace(other, fence=9), NOW)
        assert work.ledger.hand_back(other, NOW)
    assert (stored(store, "other").state, stored(store, "other").attempts) == (DeliveryState.QUEUED, 0)


def test_many_that_arrived_are_settled_at_once_and_a_second_for_one_day_is_counted(store: Store) -> None:
    first, second = on_its_way(store), on_its_way(store, delivery("second"))
    with store.begin() as work:
        assert work.ledger.doubles() == 0
        work.ledger.arrived(
            [(first, Sent(RECEIPT)), (second, Sent(RECEIPT)), (replace(second, fence=9), Sent({}))], NOW
        )
        assert {one.receipt["ts"] for one in work.ledger.sent()} == {"1"}
        assert work.ledger.doubles() == 1
        assert work.ledger.shows(first.key) == rendered(first).shows
        work.ledger.shown(first.key, "s2")
        assert work.ledger.shows(first.key) == "s2"
        assert work.ledger.shows("nobody") is None


def test_what_a_restored_backup_was_about_to_say_is_put_aside_or_asked_about(store: Store) -> None:
    claimed(store)
    on_its_way(store, delivery("sending"))
    with store.begin() as work:
        enqueue(work, "mail", channel="email")
        enqueue(work, "edit", edits="x")
        enqueue(work, "retry", not_before=NOW + DAY)
        sent = on_the_way_and_back(work)
        assert work.ledger.put_aside(NOW, "restored", ["slack"]) == 5
        found = {one.key: (one.state, one.error) for one in work.ledger.by_prefix("")}
    asked, ended = (DeliveryState.UNKNOWN, "restored"), (DeliveryState.DROPPED, "restored")
    brief = delivery().key
    assert found == {brief: asked, "sending": asked, "retry": asked, "mail": ended, "edit": ended, sent: found[sent]}
    assert found[sent][0] is DeliveryState.DROPPED
    assert found[sent][1] is not None
    assert found[sent][1] != "restored", "what has ended stays as it ended"


def on_the_way_and_back(work: Work) -> str:
    enqueue(work, "over")
    work.ledger.abandon("over", NOW, "long ago")
    return "over"


def test_what_was_never_said_is_owed_again(store: Store) -> None:
    entry = Entry(Section.TODAY, task_id=task().id, rung=Rung.TODAY)
    other = Notice(task().id, "2027-02-03", Rung.HELP, ANA.key)
    with store.begin() as work:
        work.tasks.add([task()])
        work.ledger.note([Notice(task().id, "2027-02-03", Rung.TODAY, ANA.key), other], NOW)
        work.ledger.unsay(replace(delivery(), entries=(entry, Entry(Section.COMING, task_id=task().id))))
        assert work.ledger.notices([task().id]) == {other}


# --- tasks


def test_tasks_around_an_instant_are_the_open_ones_ahead_and_what_was_due_lately(store: Store) -> None:
    done, ahead = task("aaaa00000001", State.DONE), task("bbbb00000001")
    with store.begin() as work:
        work.tasks.add([done, ahead])
        assert keys(work.tasks.around(NOW, ahead=3 * DAY, back=DAY)) == [done.id, ahead.id]
        assert keys(work.tasks.around(NOW + 9 * DAY, ahead=DAY, back=DAY)) == [ahead.id]
        stamps = dict(work.tasks.stamps(NOW, ahead=3 * DAY, back=DAY))
        assert list(stamps) == [done.id, ahead.id]
        assert work.tasks.replace(replace(ahead, version=2), 1)
        assert {key for key, stamp in work.tasks.stamps(NOW, ahead=3 * DAY, back=DAY) if stamp != stamps[key]} == {
            ahead.id
        }


def test_what_is_owed_and_what_was_laid_over_the_plan_by_hand_is_known(store: Store) -> None:
    by_hand = replace(task("bbbb00000001"), moved=Moved(date=NOW.date(), due=NOW, starts=None, ends=None))
    over = replace(task("cccc00000001", State.DONE), handed_to=BEN.key)
    with store.begin() as work:
        work.tasks.add([task(), by_hand, over])
        assert (work.tasks.live("emea"), work.tasks.live("apac")) == (2, 0)
        assert work.tasks.by_hand("emea") == frozenset({by_hand.id})
        assert not work.tasks.by_hand("apac")
        diary = work.tasks.diary("emea")
        assert [(one.activity, one.date) for one in diary] == [("rides", NOW.date()), ("rides", task().date)]


def test_alike_tasks_are_added_and_terms_that_nobody_has_are_dropped(store: Store) -> None:
    asked = [occurrence("dddd00000001"), occurrence("eeee00000001")]
    words = dict(zip((one.id for one in asked), contents(asked), strict=True))
    with store.begin() as work:
        work.tasks.add_alike(replace(task(), version=3), asked, words)
        assert {(one.id, one.version) for one in work.tasks.find()} == {("dddd00000001", 3), ("eeee00000001", 3)}
        work.tasks.prune("emea")
        assert len(work.tasks.find()) == 2


def test_what_a_load_left_of_a_series_is_remembered_until_it_is_stale(store: Store) -> None:
    series, left = ("rides", "rep/ben-ode"), Imprint("d1", 2, NOW, NOW.date())
    with store.begin() as work:
        work.tasks.imprint("emea", {series: left}, ())
        assert (work.tasks.imprints("emea"), work.tasks.imprints("apac")) == ({series: left}, {})
        work.tasks.imprint("emea", {}, [series])
        assert work.tasks.imprints("emea") == {}


# --- records and people


def test_what_happened_since_and_what_it_was_about(store: Store) -> None:
    about = Event(at=NOW, type=EventType.ADDED, source=Source.PLAN, plan="emea", task_id="t1")
    with store.begin() as work:
        assert work.records.newest() == 0
        work.records.event(about)
        first = work.records.newest()
        work.records.event(replace(about, type=EventType.DECIDED, data={"decision": "d1"}, at=NOW + DAY))
        assert work.records.newest() > first
        assert work.records.touched(first) == frozenset({"t1", "d1"})
        assert work.records.touched(work.records.newest()) == frozenset()
        work.records.event(replace(about, task_id=None))
        assert work.records.touched(first) is None
        assert [one.type for one in work.records.happened([EventType.DECIDED], NOW)] == [EventType.DECIDED]
        assert work.records.happened([EventType.DECIDED], NOW + 2 * DAY) == ()


def test_answers_are_found_by_task_and_nobodys_are_left_out(store: Store) -> None:
    said = Answer(task_id=task().id, verb=Verb.DONE, actor=BEN.key, source=Source.PAGE, at=NOW, text="well")
    with store.begin() as work:
        work.tasks.add([task(), task("bbbb00000001")])
        work.records.answer(said)
        work.records.answer(replace(said, text="better"))
        found = work.records.answers_about([task().id, "bbbb00000001"])
        assert found == {task().id: (said, replace(said, text="better"))}


def test_a_preference_stands_above_what_files_say_and_every_load_leaves_it(store: Store) -> None:
    with store.begin() as work:
        assert work.people.preference(ANA.key) == Preference()
        wish = Preference(channel="email", brief=time(9, 15), briefs=Briefs.WEEKLY)
        work.people.prefer(ANA.key, wish)
        work.people.save([replace(ANA, channel="slack", name="Ana Maria Ruiz")])
        assert work.people.preference(ANA.key) == wish
        known = work.people.all()[ANA.key]
        assert (known.name, known.channel, known.brief, known.briefs) == (
            *("Ana Maria Ruiz", "email", time(9, 15)),
            Briefs.WEEKLY,
        )
        files = {ANA.key: ANA, "new": replace(BEN, key="new")}
        assert work.people.as_they_prefer(files) == {
            **files,
            ANA.key: replace(ANA, channel="email", brief=time(9, 15), briefs=Briefs.WEEKLY),
        }
        work.people.prefer(ANA.key, Preference())
        assert work.people.all()[ANA.key].channel == "slack"
