"""The short word for what an occurrence says: equal for equals, and another one for every difference."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest

from cadence.core.changes import content, contents
from cadence.core.model import OCCURRENCE_FIELDS, DateState, Days, Mode, Weight, WhenAbsent
from tests.store.examples import NOW, occurrence

OTHER = {
    "weight": Weight.KEY,
    "mode": Mode.PASSIVE,
    "attendees": ("ben-ode", "ana-ruiz"),
    "wave": "west",
    "date": date(2027, 2, 4),
    "window": Days(date(2027, 2, 3), date(2027, 2, 5)),
    "date_state": DateState.FIXED,
    "due": NOW,
    "starts": NOW,
    "ends": NOW,
    "minutes": 30,
    "when_absent": WhenAbsent.SKIP,
}


@pytest.mark.parametrize("name", [name for name in OCCURRENCE_FIELDS if name not in ("id", "slot")])
def test_every_field_counts_but_the_id_and_the_slot_that_it_is_made_of(name: str) -> None:
    assert content(occurrence().but(**{name: OTHER.get(name, "something else")})) != content(occurrence())


def test_equals_have_one_word_whatever_they_share() -> None:
    one, copy = occurrence(), replace(occurrence(), terms=replace(occurrence().terms))
    assert one.terms is not copy.terms
    assert contents((one, copy, one)) == [content(one)] * 3


def test_an_instant_has_one_word_in_every_zone() -> None:
    asked = occurrence()
    elsewhere = replace(asked, due=asked.due.astimezone(timezone(timedelta(hours=5))))
    assert content(elsewhere) == content(asked)


def test_the_word_is_the_same_for_ever() -> None:
    assert content(occurrence()) == "d37338096d04d87fdc1e0d4fc8b4afaa101e5397"


def test_nothing_is_not_the_word_for_nothing() -> None:
    assert content(occurrence().but(wave=None)) != content(occurrence().but(wave="None"))
    assert content(occurrence().but(attendees=("a", "b"))) != content(occurrence().but(attendees=('a", "b',)))
