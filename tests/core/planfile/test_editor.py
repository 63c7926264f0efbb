"""The JSON Schema that editors use: it marks what is wrong, and nothing that a plan may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from cadence.bundled import folder
from cadence.core.planfile import json_schema
from tests.core.planfile.reading import HEAD, read
from tests.core.planfile.schema_check import as_an_editor_reads, refusals

SCHEMA = json_schema()


@pytest.mark.parametrize(
    "text",
    [
        "plan: x\n",
        "extends: base\nactivities: {a: {colour: red}}\n",
        f"{HEAD}activities: {{a: {{kind: ride}}}}\n",
        f"{HEAD}activities: {{a: {{kind: audit, weight: heavy}}}}\n",
        f"{HEAD}activities: {{a: {{kind: audit, at: noon}}}}\n",
        f"{HEAD}activities: {{a: {{kind: audit, lasts: {{min: 3}}}}}}\n",
        f"{HEAD}activities: {{a: {{kind: audit, ask: {{x: {{type: essay}}}}}}}}\n",
        f"{HEAD}activities: {{a: {{kind: audit, escalate: [{{to: line, ask: nicely}}]}}}}\n",
        f"{HEAD}activities: {{a: {{kind: audit, when: {{sgnal: x}}}}}}\n",
        f"{HEAD}activities: [a]\n",
        f"{HEAD}waves: {{west: 2027-01-25}}\n",
        f"{HEAD}metrics: {{m: {{better: more}}}}\n",
        f"{HEAD}quiet: [2027-03-01]\n",
        f"{HEAD}people: {{list: {{kim: Kim Lee}}}}\n",
        f"{HEAD}digest: monday\n",
    ],
)
def test_an_editor_marks_what_is_wrong(text: str) -> None:
    assert refusals(SCHEMA, as_an_editor_reads(text))
    assert read(text)[0] is None


def test_an_editor_accepts_what_only_a_child_may_say() -> None:
    child = """\
        extends: [base, other.yaml]
        +keepers: [kim]
        milestones: {v2: off}
        roles: {vp: off}
        waves: {west: off, east: {rollout: 2027-02-01}}
        budget: off
        activities:
          rides: off
          audit: {+with: [ann], ask: {next: off}, remind: off, at: off, accept: {P311: off}}
        """
    assert refusals(SCHEMA, as_an_editor_reads(child)) == []


@pytest.mark.parametrize("path", sorted(folder("plans").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_editor_accepts_every_shipped_plan(path: Path) -> None:
    assert refusals(SCHEMA, as_an_editor_reads(path.read_text(encoding="utf-8"))) == []
