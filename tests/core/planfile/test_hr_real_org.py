"""The org of a CRM's own export, read where it lies: 35 agents, 6 managers who have no row, 3 regions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cadence.core.planfile import Plan
from tests.core.compiling import directory_of
from tests.core.planfile.reading import HEAD, plan_of
from tests.support.command import ROOT

EXPORT = Path(os.environ.get("CADENCE_TEST_CRM") or ROOT.parent / "shared" / "data" / "crm") / "sales_teams.csv"

pytestmark = pytest.mark.skipif(not EXPORT.is_file(), reason=f"no CRM export at {EXPORT}: set CADENCE_TEST_CRM")

PEOPLE = f"""{HEAD}people:
  file: people.csv
  columns: {{name: sales_agent, manager: manager, region: regional_office}}
  email: "{{first}}.{{last}}@maventech.example"
"""


def read(more: str = "") -> Plan:
    return plan_of(PEOPLE + more, people=EXPORT.read_text(encoding="utf-8"))


def test_teams_managers_and_reps_of_a_real_export() -> None:
    found = directory_of(read())
    assert (len(found.persons), len(found.reps)) == (41, 35)
    assert {key: (len(team.reps), team.region) for key, team in found.teams.items()} == {
        "cara-losch": (6, "East"),
        "celia-rouche": (6, "West"),
        "dustin-brinkmann": (5, "Central"),
        "melvin-marxen": (6, "Central"),
        "rocco-neubert": (6, "East"),
        "summer-sewald": (6, "West"),
    }
    assert {person.email for person in found.persons.values()} >= {"cara.losch@maventech.example"}


def test_a_filter_keeps_one_region_and_its_managers() -> None:
    found = directory_of(read("  where: {regional_office: West}\n"))
    assert (len(found.reps), sorted(found.teams)) == (12, ["celia-rouche", "summer-sewald"])
