"""What a load looks into: which series are left alone, and what is known of them without a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cadence.core.changes import NEVER, Imprint, Quiet, survey, wording
from cadence.core.model import Occurrence
from tests.store.examples import DAY, NOW, occurrence

TODAY = NOW.date()
RIDES, TALKS = ("rides", "rep/ben-ode"), ("talks", "rep/ben-ode")
LEFT = Imprint("d", 2, NOW, TODAY)


@pytest.mark.parametrize(
    ("imprint", "changes", "holds"),
    [
        pytest.param(LEFT, {}, True, id="at the same instant"),
        pytest.param(LEFT, {"now": NOW + DAY, "today": TODAY + DAY}, True, id="later"),
        pytest.param(LEFT, {"digest": "other"}, False, id="asks something else"),
        pytest.param(LEFT, {"now": NOW - DAY}, False, id="the clock was set back"),
        pytest.param(LEFT, {"today": TODAY - DAY}, False, id="the plan went to a zone where it is yesterday"),
        pytest.param(LEFT, {"backfill": True}, False, id="what is missing is filled in"),
        pytest.param(replace(LEFT, absent=0), {"now": NOW - DAY, "backfill": True}, True, id="nothing is missing"),
        pytest.param(replace(LEFT, absent=0), {"digest": "other"}, False, id="nothing is missing, but it differs"),
    ],
)
def test_an_imprint_holds_while_nothing_can_have_changed(
    imprint: Imprint, changes: dict[str, object], holds: bool
) -> None:
    told = {"digest": "d", "now": NOW, "today": TODAY, "backfill": False, **changes}
    assert imprint.holds(**told) is holds  # type: ignore[arg-type]


def schedule() -> list[Occurrence]:
    rides = [occurrence(f"{n:012x}").but(slot=str(n), date=TODAY + timedelta(days=n)) for n in range(4)]
    return [*rides, occurrence("f" * 12).but(activity="talks", seat="rep/ben-ode", date=date(2027, 12, 1))]


def test_a_quiet_series_is_known_by_its_numbers_and_shows_only_what_stands_by_hand() -> None:
    asked = schedule()
    said = wording(asked)
    known = {RIDES: Imprint(said.digests[RIDES], 1, NOW, TODAY), TALKS: Imprint("other", 0, NOW, TODAY)}
    looked = survey(said, known, frozenset(), NOW, TODAY)
    assert looked.quiet == {RIDES}
    assert looked.looked_into(()) == ([asked[4]], Quiet(unchanged=3, past=1))
    assert looked.looked_into({asked[2].id, "gone"}) == ([asked[2], asked[4]], Quiet(unchanged=2, past=1))
    assert looked.imprints({TALKS: 5}, NOW, TODAY) == {TALKS: Imprint(said.digests[TALKS], 5, NOW, TODAY)}


def test_a_series_whose_seat_may_change_hands_is_looked_into() -> None:
    said = wording(schedule())
    known = {series: Imprint(digest, 0, NOW, TODAY) for series, digest in said.digests.items()}
    assert survey(said, known, frozenset(), NOW, TODAY).quiet == {RIDES, TALKS}
    assert survey(said, known, frozenset({"rep/ben-ode"}), NOW, TODAY).quiet == {RIDES}


def test_of_a_plan_without_imprints_everything_is_looked_into() -> None:
    asked = schedule()
    looked = survey(wording(asked), NEVER, frozenset(), NOW, TODAY)
    assert looked.looked_into(()) == (asked, Quiet())


def test_a_series_has_another_digest_whatever_changes_in_it_and_the_same_for_the_same() -> None:
    asked = schedule()
    other = [replace(asked[0], attendees=()), *asked[1:]]
    fewer = asked[1:]
    assert wording(asked).digests == wording([one.but() for one in asked]).digests
    assert len({wording(one).digests[RIDES] for one in (asked, other, fewer)}) == 3
    assert wording(other).digests[TALKS] == wording(asked).digests[TALKS]
