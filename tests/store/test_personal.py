"""What is held about one person is found wherever it points at them; what is erased is in no byte any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from cadence.core.model import Answer, ByHand, Notice, Person, Rung, Source, Verb
from cadence.store import Store, open_store
from cadence.store.dialect import make_engine
from cadence.store.personal import POINTING
from cadence.store.rows import TABLES
from tests.store.examples import ANA, BEN, DAY, NOW, delivery, occurrence, task
from tests.store.filled import BUNDLE, fill

ZOE = Person(key="zoe-o-hara", identity="mail:zoe@example.com", name="Zoë O'Hara", email="zoe@example.com")


@pytest.fixture
def known(url: str) -> Iterator[Store]:
    """Ana, Ben and Zoë, and everything there can be about Zoë; no plan in force names her."""
    store = open_store(url)
    fill(store)
    about = replace(occurrence("cccc00000001").terms, about="rep/zoe-o-hara", seat="manager/zoe-o-hara")
    asked = replace(
        occurrence("cccc00000001"),
        terms=replace(about, title="Ride with Zoë O'Hara, again"),
        attendees=("zoe-o-hara", "ben-ode"),
    )
    with store.begin() as work:
        work.people.save([ZOE, replace(BEN, reports_to=ZOE.key)])
        old = replace(
            BUNDLE, files=(("people.csv", "first;last\nZoë;O'Hara\n"),), hash="b0", by_hand=(ByHand(ZOE.key),)
        )
        work.plans.save("emea", old, "zoe-o-hara", NOW)
        work.plans.save("emea", replace(BUNDLE, files=(("emea.yaml", "plan: emea"),), hash="b2"), "kim", NOW)
        work.tasks.add([replace(task("cccc00000001"), occurrence=asked, reason="no time, Zoë O'Hara", done_by=ZOE.key)])
        said = Answer(task_id="cccc00000001", verb=Verb.SKIP, actor=ZOE.key, source=Source.PAGE, at=NOW)
        work.records.answer(replace(said, reason="no time, Zoë O'Hara", text="My words"))
        work.ledger.enqueue(
            replace(delivery("to-zoe"), recipient=ZOE.key, text="Good morning", receipt={"channel": "D1"})
        )
        work.ledger.enqueue(replace(delivery("to-ana"), text="Zoë O'Hara was there"))
        work.ledger.enqueue(replace(delivery("other"), text="Good evening"))
        work.ledger.note([Notice(f"person/{ZOE.key}", "x", Rung.TODAY, ANA.key)], NOW)
        work.feeds.add("person", ZOE.key, "hash-9", NOW)
        work.feeds.add("team", ZOE.key, "hash-10", NOW)
    yield store
    store.close()


def test_every_row_that_points_at_a_person_is_shown(known: Store) -> None:
    with known.read() as work:
        held = work.personal.held(ZOE.key)
        assert set(held) == {table.name for table in POINTING}
        assert [one["reason"] for one in held["answers"]] == ["no time, Zoë O'Hara"]
        assert {one["done_by"] for one in held["tasks"]} == {ZOE.key}
        assert [one["recipient"] for one in held["deliveries"]] == [ZOE.key]
        assert len(held["texts"]) == 2
        assert [sorted(one) for one in held["feeds"]] == [
            ["created_at", "fetched_at", "id", "kind", "person", "revoked_at", "subject"]
        ]
        everybody = [work.personal.held(key) for key in (ANA.key, BEN.key, ZOE.key)]
        assert all(any(one[table.name] for one in everybody) for table in POINTING), "a table without an example"


def test_whoever_is_forgotten_is_in_no_byte_and_everybody_elses_words_stay(known: Store, url: str) -> None:
    with known.begin() as work:
        before = {table.name: work._connection.execute(table.select()).all() for table in TABLES}
        token = work.personal.erase(ZOE.key, NOW)
    known.compact()
    with known.read() as work:
        assert ZOE.key not in work.people.all()
        assert work.people.all()[token].email is None
        assert work.people.all()[BEN.key].reports_to == token
        (done,) = work.tasks.find(ids=["cccc00000001"])
        assert (done.occurrence.title, done.done_by, done.reason) == (f"Ride with {token}, again", token, "other")
        assert (done.occurrence.about, done.occurrence.attendees) == (f"rep/{token}", (token, "ben-ode"))
        (answer,) = work.records.answers("cccc00000001")
        assert (answer.actor, answer.reason, answer.text) == (token, "other", None)
        assert work.ledger.get("to-zoe") == replace(
            delivery("to-zoe"),
            recipient=token,
            receipt=work.ledger.get("to-zoe").receipt,  # type: ignore[union-attr]
        )
        assert dict(work.ledger.get("to-zoe").receipt) == {}  # type: ignore[union-attr]
        assert work.ledger.get("to-ana") == delivery("to-ana")
        assert work.ledger.get("other") == replace(delivery("other"), text="Good evening")
        assert [feed.subject for feed in work.feeds.list()] == [ANA.key, token]
        assert work.personal.is_forgotten(token)
        after = {table.name: work._connection.execute(table.select()).all() for table in TABLES}
    gone = {"feeds": 1}
    assert {name: len(rows) - gone.get(name, 0) for name, rows in before.items()} == {
        name: len(rows) for name, rows in after.items()
    }, "history keeps its counts"
    assert not traces(url)


def traces(url: str) -> list[str]:
    """Where any spelling of Zoë's name, key or address still stands: in the file's bytes, or in any row."""
    words = ("zoe-o-hara", "O'Hara", "Zoë", "Zo\\u00eb", "zoe@example", "My words", "D1")
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        held = b"".join(one.read_bytes() for one in file.parent.iterdir() if one.name.startswith("cadence.db"))
        return [word for word in words if word.encode() in held]
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = [str(connection.execute(text(f'select * from "{table.name}"')).all()) for table in TABLES]
    engine.dispose()
    return [word for word in words if any(word in row for row in rows)]


def test_a_plan_in_force_names_a_person_by_key_name_or_address_in_any_file(known: Store) -> None:
    with known.begin() as work:
        assert work.personal.plans_naming(ZOE.key) == ()
        for number, words in enumerate(("owner: zoe-o-hara", "O'Hara, Zoë", "ZOE@example.com", "3;Zoë;x;O'Hara")):
            work.plans.save("emea", replace(BUNDLE, files=(("p.csv", words),), hash=str(number)), "kim", NOW)
            assert work.personal.plans_naming(ZOE.key) == ("emea",), words
        for words in ("owner: zoe-o-hara-2", "Zoë O'Harald", "Zoë\nO'Hara"):
            work.plans.save("emea", replace(BUNDLE, files=(("p.csv", words),), hash=words), "kim", NOW)
            assert work.personal.plans_naming(ZOE.key) == (), words


@pytest.mark.parametrize(("title", "left"), [("Ride with Meg", "Ride with {}"), ("Meg Ryan rides", "Meg Ryan rides")])
def test_a_name_of_one_word_is_not_the_first_name_of_somebody_else(known: Store, title: str, left: str) -> None:
    ride = occurrence("dddd00000001")
    with known.begin() as work:
        work.people.save([Person(key="meg-7", identity="id:7", name="Meg")])
        work.tasks.add([replace(task(), occurrence=replace(ride, terms=replace(ride.terms, title=title)))])
        token = work.personal.erase("meg-7", NOW)
        (found,) = work.tasks.find(ids=["dddd00000001"])
        assert found.occurrence.title == left.format(token)


def test_a_namesake_keeps_the_name(known: Store) -> None:
    other = replace(ZOE, key="zoe-2", identity="id:9", email="z2@example.com")
    with known.begin() as work:
        work.people.save([other])
        token = work.personal.erase(ZOE.key, NOW)
        assert work.people.all()["zoe-2"].name == ZOE.name
        (done,) = work.tasks.find(ids=["cccc00000001"])
        assert done.occurrence.title == "Ride with Zoë O'Hara, again"
        assert done.occurrence.about == f"rep/{token}"


def test_the_words_of_answers_and_messages_expire_by_their_plan(known: Store) -> None:
    with known.begin() as work:
        assert work.records.texts.expire({}) == 0
        assert work.records.texts.expire({"emea": NOW}) == 0
        assert work.records.texts.expire({"apac": NOW + DAY}) == 4, "messages may speak of any plan"
        assert work.records.answers("cccc00000001")[0].text == "My words"
        assert work.records.texts.expire({"emea": NOW + DAY}) == 2
        assert work.records.answers("cccc00000001")[0].text is None
