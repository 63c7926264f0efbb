"""The same plan gives the same bytes on every machine: whatever the seed of Python's hashes and the order in files."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

PLAN = """
plan: bytes
rollout: 2027-01-11
ends: week 6
quiet: [{from: 2027-01-20, until: 2027-01-22, only: [light]}]
"""
SECTIONS = (
    "people: {file: people.csv}\n",
    "roles: {vp: dana, sponsor: priya}\n",
    "waves:\n  south: {rollout: 2027-01-18, only: {region: South}, roles: {vp: tom}}\n"
    "  north: {rollout: 2027-01-11, only: {region: North}}\n",
    "away:\n  ann: [2027-01-12..2027-01-14]\n  meg: [2027-01-26]\n",
)
ACTIVITIES = (
    "  rides: {kind: field_ride, every: 2 weeks, on: [tue, wed, thu]}\n",
    "  talks: {kind: one_on_one, every: week, topics: [One, Two, Three]}\n",
    "  debriefs: {kind: manager_debrief, every: 2 weeks, on: fri}\n",
    "  turns: {kind: team_meeting, rotate: managers, every: week, on: mon}\n",
    "  vp-rides: {kind: field_ride, owner: vp, with: each rep, every: 4 weeks}\n",
)
HEAD = "name,manager,region,email\n"
ORG = (
    {"Meg": "", "Otto": "", "Dana": "", "Tom": "", "Priya": ""}
    | dict.fromkeys(("Ann", "Bob", "Cy", "Di"), "Meg")
    | dict.fromkeys(("Ed", "Flo", "Gus"), "Otto")
)
ROWS = tuple(
    f"{name},{boss},{'North' if boss == 'Meg' else 'South'},{name.lower()}@example.com\n" for name, boss in ORG.items()
)
COMPILE = [sys.executable, "-m", "cadence", "compile", "plan.yaml", "--json"]


def start(folder: Path, seed: str) -> subprocess.Popen[bytes]:
    """The command on its way, with the sections, activities and people in an order of the seed's own."""
    dice = random.Random(seed)
    sections, activities, rows = (dice.sample(part, len(part)) for part in (SECTIONS, ACTIVITIES, ROWS))
    folder.mkdir()
    text = PLAN + "".join(sections) + "activities:\n" + "".join(activities)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    (folder / "people.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    home = {"CADENCE_HOME": str(folder), "PYTHONHASHSEED": seed}
    return subprocess.Popen(COMPILE, cwd=folder, env=os.environ | home, stdout=subprocess.PIPE)


def without_places(out: bytes) -> bytes:
    """The document without what an order of lines must change: the hash of the text, and where things stand in it."""
    document = json.loads(out)
    document.pop("hash")
    findings = [{**one, "line": 0, "column": 0} for one in document["findings"]]
    document["findings"] = sorted(findings, key=json.dumps)
    return json.dumps(document).encode()


def test_a_schedule_has_the_same_bytes_whatever_the_hash_seed_and_the_order_of_everything(tmp_path: Path) -> None:
    running = [start(tmp_path / seed, seed) for seed in ("1", "27")]
    first, second = (process.communicate()[0] for process in running)
    assert [process.returncode for process in running] == [0, 0]
    assert len(json.loads(first)["tasks"]) > 60
    assert without_places(first) == without_places(second)
