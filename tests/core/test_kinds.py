"""The table of kinds: the page of the design row by row, and that every default can be compiled."""

from __future__ import annotations

from datetime import date

import pytest

from cadence.core.kinds import KINDS, REASONS
from cadence.core.model import DateState, Mode, Reason
from cadence.core.triggers import DEFAULT_ENDS, BadWord, parse_date, plan_dates, slots, trigger_for
from cadence.core.worktime import Worktime

PAGE = """
field_ride          standard proposed move   pair   240
campaign_review     standard fixed    backup team   45
manager_debrief     standard fixed    backup wave   60
quick_win           light    fixed    backup team   -
qbr                 key      fixed    backup wave   120
release             key      fixed    backup plan   -
communication       standard fixed    backup plan   -
team_meeting        light    fixed    skip   team   30
metric_review       standard fixed    backup wave   60
deal_review         light    proposed move   signal 30
win_loss_review     light    proposed move   signal 30
one_on_one          light    proposed move   pair   30
training            standard fixed    backup team   60
expectation_setting key      fixed    backup wave   60
audit               key      fixed    backup plan   -
gate_proof          key      fixed    backup plan   -
pulse               light    fixed    skip   team   -
custom              standard fixed    backup team   -
"""


def test_the_table_is_the_page() -> None:
    rows = [" ".join((k.name, k.weight, k.date, k.when_absent, k.per, str(k.minutes or "-"))) for k in KINDS.values()]
    assert rows == [" ".join(line.split()) for line in PAGE.strip().splitlines()]


@pytest.mark.parametrize("name", KINDS)
def test_every_default_rhythm_makes_slots_in_a_plan_that_names_v2(name: str) -> None:
    office = Worktime("UTC")
    dates, _ = plan_dates(date(2027, 1, 11), {"v2": parse_date("day 180")}, {}, DEFAULT_ENDS, office)
    kind = KINDS[name]
    if not kind.rhythms:
        with pytest.raises(BadWord, match="never says when"):
            trigger_for(kind.rhythms, {})
        return
    found = slots(trigger_for(kind.rhythms, {}), dates, office)
    assert len({slot.key for slot in found}) == len(found)
    assert bool(found) is (kind.per != "signal")


def test_audits_and_gates_are_passive_and_only_they() -> None:
    assert {kind.name for kind in KINDS.values() if kind.mode is Mode.PASSIVE} == {"audit", "gate_proof"}


def test_what_is_proposed_moves_when_its_holder_is_away() -> None:
    assert all((kind.date is DateState.PROPOSED) == (kind.when_absent == "move") for kind in KINDS.values())


@pytest.mark.parametrize("name", KINDS)
def test_forms_are_short_and_their_keys_are_their_own(name: str) -> None:
    form = KINDS[name].form
    assert len(form) <= 6
    assert sum(field.required for field in form) <= 2
    assert len({field.key for field in form}) == len(form)
    assert all(bool(field.options) == (field.type == "choice") for field in form)


def test_the_one_thing_to_change_is_carried_to_the_next_ride() -> None:
    assert [field.key for field in KINDS["field_ride"].form if field.carry] == ["next"]


def test_the_reasons_are_those_of_the_model_and_end_with_other() -> None:
    assert set(REASONS) == set(Reason)
    assert REASONS[-1] is Reason.OTHER
