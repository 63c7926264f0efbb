"""Every public method of the store is called in a test of this folder, where each test runs on both databases."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from cadence.store import Store, Work
from cadence.store.changes import Changes
from cadence.store.feeds import Feeds
from cadence.store.ledger import Ledger
from cadence.store.people import People
from cadence.store.personal import Personal
from cadence.store.plans import Plans
from cadence.store.records import Records
from cadence.store.tasks import Tasks
from cadence.store.texts import Texts

ROOMS = {
    "store": Store,
    "work": Work,
    "changes": Changes,
    "feeds": Feeds,
    "ledger": Ledger,
    "people": People,
    "personal": Personal,
    "plans": Plans,
    "records": Records,
    "tasks": Tasks,
    "texts": Texts,
}
INSIDE = {("texts", "add"), ("texts", "add_all"), ("texts", "overwrite"), ("changes", "count")}
"""Called by the store alone, and tested through what calls them."""


def methods() -> list[tuple[str, str]]:
    found = ((room, name) for room, kind in ROOMS.items() for name, _ in inspect.getmembers(kind, inspect.isfunction))
    return [(room, name) for room, name in found if not name.startswith("_") and (room, name) not in INSIDE]


@pytest.fixture(scope="module")
def tests() -> str:
    own = Path(__file__)
    return "\n".join(file.read_text("utf-8") for file in own.parent.glob("*.py") if file != own)


@pytest.mark.parametrize(("room", "name"), methods())
def test_a_method_of_the_store_has_a_test_on_both_databases(room: str, name: str, tests: str) -> None:
    called = f"{room}.{name}(" in tests or f"known.{name}(" in tests
    assert called, f"nothing in tests/store calls {room}.{name}"


def test_every_subject_of_a_transaction_is_looked_at(store: Store) -> None:
    with store.begin() as work:
        subjects = {name for name in vars(work) if not name.startswith("_")}
    assert subjects <= ROOMS.keys()
