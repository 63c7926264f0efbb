"""A database with a row in every table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from cadence.core.changes import Imprint
from cadence.core.model import (
    Answer,
    Bundle,
    ByHand,
    Choice,
    Days,
    Event,
    EventType,
    Hold,
    Notice,
    Preference,
    Rung,
    Source,
    State,
    Verb,
)
from cadence.store import Store
from tests.store.examples import ANA, BEN, MINUTE, NOW, decision, delivery, task

BUNDLE = Bundle(
    plan="emea.yaml",
    files=(("emea.yaml", "plan: emea"), ("people.csv", "name\nJörg Ode")),
    holidays=(("US", (date(2027, 7, 4),)),),
    hash="b1",
    moved=(("v2", date(2027, 3, 1)),),
    by_hand=(ByHand("ben-ode", left=date(2027, 6, 30)),),
)


def fill(store: Store) -> None:
    """Ana and Ben, and something of everything about them."""
    with store.begin() as work:
        work.people.save([ANA, BEN])
        work.people.set_away(ANA.key, Days(date(2027, 2, 8), date(2027, 2, 13)), "cli")
        work.people.prefer(BEN.key, Preference(channel="email"))
        work.plans.save("emea", BUNDLE, "kim", NOW)
        work.tasks.add([task(), replace(task("bbbb00000001"), state=State.DONE, done_by=BEN.key, reason="weiß nicht")])
        work.tasks.imprint("emea", {("rides", "rep/ben-ode"): Imprint("d1", 2, NOW, NOW.date())}, ())
        work.records.answer(
            Answer(
                task_id=task().id, verb=Verb.DONE, actor=BEN.key, source=Source.PAGE, at=NOW, text="It went \x01well"
            )
        )
        work.records.event(Event(at=NOW, type=EventType.AWAY, source=Source.CLI, subject=ANA.key, data={"from": "x"}))
        work.records.ask(replace(decision(), choice=Choice.WAIVE, by=ANA.key, answered_at=NOW))
        work.records.hold(Hold(scope="plan/emea", until=date(2027, 2, 5), reason="freeze", since=NOW))
        work.records.mark("beat", NOW.isoformat())
        work.records.seen("v0=ab", NOW)
        work.ledger.note([Notice(task().id, "2027-02-03", Rung.TODAY, ANA.key)], NOW)
        work.ledger.enqueue(replace(delivery(), text="Good morning, Ana – ☀", subject="Monday", payload='{"a": "☀"}'))
        work.feeds.add("person", ANA.key, "hash-1", NOW)
        work.lease("acting", "somebody", NOW, MINUTE)
