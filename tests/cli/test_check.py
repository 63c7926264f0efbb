"""`check` as somebody reads it: what stops a plan comes first, one is not many; no code is without words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadence.cli import plans
from cadence.core.planfile import CODES
from tests.cli.conftest import Cadence

ONE = """\
plan: one
rollout: 2027-01-11
people: {list: {meg: {name: Meg Day, email: meg@example.com}}}
activities:
  talk: {kind: custom, owner: meg, on: day 3}
"""


def test_mistakes_stand_above_the_notes_of_a_parent(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "above.yaml").write_text(ONE + "channel: '#wins'\n")
    (tmp_path / "below.yaml").write_text("plan: below\nextends: above.yaml\nactivities: {talk: {on: day elven}}\n")
    said = cadence("check", "below.yaml").err.splitlines()
    assert [line.split(":")[0] for line in said] == ["below.yaml", "above.yaml", "below.yaml"]
    assert "error[P203]" in said[0]
    assert "note[P190]" in said[1]
    assert said[2].endswith("1 error, 0 warnings, 1 note")


def test_a_plan_of_one_task_for_one_person_is_counted_so(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(ONE)
    assert "; 1 task for 1 person, 2027-01-11 to 2027-07-11" in cadence("check", "one.yaml").err


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_explained_with_a_cure_and_whether_it_can_be_accepted(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was done by hand needs no cure: it is said, with how to take it back."""
    plans.explain(code.lower())
    told = capsys.readouterr().out
    assert told.startswith(f"{code}: {CODES[code].title} (")
    cures = ("\nWrite instead:\n", "\nWhat to do: ", "\n    # people.csv\n", "`cadence milestone ", "`cadence people ")
    assert any(cure in told for cure in cures)
    assert ("\nTo accept it: " in told) is not ("\nIt cannot be accepted: " in told)
