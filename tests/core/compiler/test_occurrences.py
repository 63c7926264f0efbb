"""An occurrence is an ordinary frozen value, though it is made in a way of its own."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date

import pytest

from cadence.core.model import OCCURRENCE_FIELDS, Occurrence
from tests.core.compiling import compiled

ONE, OTHER = compiled("""
plan: one
rollout: 2027-01-11
ends: week 2
people: {list: {meg: {name: Meg}, ann: {name: Ann, manager: meg}}}
activities:
  talks: {kind: one_on_one, on: tue, every: week, at: "09:00"}
""").schedule


def test_each_value_stands_in_the_field_of_its_name() -> None:
    names = [field.name for field in fields(Occurrence)]
    assert list(inspect.signature(Occurrence).parameters) == names
    values: list[object] = [object() for _ in names]
    assert [getattr(Occurrence(*values), name) for name in names] == values  # type: ignore[arg-type]


def test_what_says_the_same_is_equal_and_has_the_same_hash() -> None:
    again = Occurrence.of(**{name: getattr(ONE, name) for name in OCCURRENCE_FIELDS})
    assert again == ONE != OTHER
    assert hash(again) == hash(ONE)


@pytest.mark.parametrize("field", ["id", "terms", "date", "title", "nothing"])
def test_nothing_of_it_changes(field: str) -> None:
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        setattr(ONE, field, "other")
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        delattr(ONE, field)
    assert not hasattr(ONE, "__dict__")


def test_another_with_other_values_leaves_the_first_as_it_was() -> None:
    later = replace(ONE, date=date(2027, 1, 13))
    assert (later.date, later.id, ONE.date) == (date(2027, 1, 13), ONE.id, date(2027, 1, 12))
    assert (later.but(title="Talk").title, ONE.title) == ("Talk", OTHER.title)


def test_a_copy_and_what_was_pickled_are_equal() -> None:
    assert copy.copy(ONE) == copy.deepcopy(ONE) == pickle.loads(pickle.dumps(ONE)) == ONE


def test_a_field_left_out_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="attendees"):
        Occurrence.of(**{name: getattr(ONE, name) for name in OCCURRENCE_FIELDS if name != "attendees"})
