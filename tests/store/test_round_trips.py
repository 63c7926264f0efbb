"""Law: what is stored comes back equal, through the mapping alone and through both databases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Connection, create_engine

from cadence.core.changes.contents import SHARED, content
from cadence.core.model import Answer, Bundle, Decision, Delivery, Event, Occurrence, Person, Task
from cadence.store import Store, Work, mapping, taskrows
from cadence.store.keys import Keys
from cadence.store.people import People
from cadence.store.schema import Row
from tests.store import strategies
from tests.store.examples import ANA, BEN, NOW, task

# The store is one for all examples, and none leaves anything in it.
through_a_database = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Undone(Exception):
    """Ends a transaction without a trace."""


@contextmanager
def undone(store: Store) -> Iterator[Work]:
    with suppress(Undone), store.begin() as work:
        yield work
        raise Undone


@pytest.fixture(scope="module")
def keys() -> Iterator[Keys]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        yield _known(connection)
    engine.dispose()


def _known(connection: Connection) -> Keys:
    Row.metadata.create_all(connection)
    keys = Keys(connection)
    People(connection, keys).save([ANA, BEN])
    return keys


@given(strategies.bundles)
def test_a_bundle_survives_its_row(bundle: Bundle) -> None:
    assert mapping.bundle_of(mapping.bundle_row(bundle)) == bundle


@given(strategies.persons)
def test_a_person_survives_its_row(person: Person) -> None:
    assert mapping.person_of(mapping.person_row(person), person.away) == person


@given(value=strategies.occurrences)
def test_what_is_shared_survives_its_row(value: Occurrence) -> None:
    assert taskrows.shared_of(taskrows.terms_row("digest", value)) == (value.terms, value.attendees)


@given(strategies.occurrences, strategies.occurrences)
def test_what_is_shared_has_one_digest_and_nothing_else_has_it(one: Occurrence, other: Occurrence) -> None:
    same = (one.terms, one.attendees) == (other.terms, other.attendees)
    assert (content(one)[:SHARED] == content(other)[:SHARED]) is same
    assert content(one.but(slot="x", date=other.date, due=other.due))[:SHARED] == content(one)[:SHARED]


@given(value=strategies.deliveries)
def test_a_delivery_survives_its_row(keys: Keys, value: Delivery) -> None:
    row = {**mapping.delivery_row(value, keys), "body": mapping.delivery_words(value)}
    assert mapping.delivery_of(row, keys) == value


@given(value=strategies.answers)
def test_an_answer_survives_its_row(keys: Keys, value: Answer) -> None:
    row = {**mapping.answer_row(value, keys), "body": mapping.answer_words(value)}
    assert mapping.answer_of(row, keys) == value


@given(value=strategies.events)
def test_an_event_survives_its_row(keys: Keys, value: Event) -> None:
    assert mapping.event_of(mapping.event_row(value, keys), keys) == value


@given(value=strategies.decisions)
def test_a_decision_survives_its_row(keys: Keys, value: Decision) -> None:
    assert mapping.decision_of(mapping.decision_row(value, keys), keys) == value


@through_a_database
@given(value=strategies.tasks)
def test_a_task_comes_back_from_the_database(store: Store, value: Task) -> None:
    with undone(store) as work:
        work.tasks.add([value])
        assert work.tasks.find(ids=[value.id]) == (value,)


@through_a_database
@given(person=strategies.persons)
def test_a_person_comes_back_from_the_database(store: Store, person: Person) -> None:
    with undone(store) as work:
        work.people.save([person])
        for days in person.away:
            work.people.set_away(person.key, days, "cli")
        found = work.people.all()[person.key]
        assert set(found.away) == set(person.away)
        assert mapping.person_row(found) == mapping.person_row(person)


@through_a_database
@given(value=strategies.deliveries)
def test_a_delivery_comes_back_from_the_database(store: Store, value: Delivery) -> None:
    with undone(store) as work:
        assert work.ledger.enqueue(value)
        assert work.ledger.get(value.key) == value


@through_a_database
@given(value=strategies.answers)
def test_an_answer_comes_back_from_the_database(store: Store, value: Answer) -> None:
    with undone(store) as work:
        work.tasks.add([task(value.task_id)])
        work.records.answer(value)
        assert work.records.answers(value.task_id) == (value,)


@through_a_database
@given(value=strategies.events)
def test_an_event_comes_back_from_the_database(store: Store, value: Event) -> None:
    with undone(store) as work:
        work.records.event(value)
        assert work.records.events() == (value,)


@through_a_database
@given(value=strategies.decisions)
def test_a_decision_comes_back_from_the_database(store: Store, value: Decision) -> None:
    with undone(store) as work:
        assert work.records.ask(value)
        assert work.records.decisions() == (value,)


@through_a_database
@given(bundle=strategies.bundles)
def test_a_bundle_comes_back_from_the_database(store: Store, bundle: Bundle) -> None:
    with undone(store) as work:
        work.plans.save("emea", bundle, "kim", NOW)
        stored = work.plans.get("emea")
        assert stored is not None
        assert (stored.bundle, stored.author, stored.loaded_at) == (bundle, "kim", NOW)
