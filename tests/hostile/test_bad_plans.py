"""Bad plans and what is said of each, word for word: place, code, what is wrong, what to write instead.

`CADENCE_UPDATE_GOLDEN=1` writes the golden file anew; read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.core.planfile.reading import HEAD, said

GOLDEN = Path(__file__).parent / "golden" / "bad-plans.txt"

BAD = (
    'title: "Gap" selling',
    "title: 'It's ours'",
    'title: "a\\qb"',
    "title: - x",
    "title: ? x",
    "title: `x`",
    "title: [b]c",
    "title: a: b: c",
    "title: |",
    "title",
    "title:x",
    "title = x",
    "title:\u2003x",
    "keepers:\n– ana",
    "keepers:\n  – ana\n  – ben",
    "keepers: [ana,, ben]",
    "keepers: [“ana”, ben]",
    "keepers: [ana\nbrief: x",
    "people: {file: a email: b}",
    "people: {file: a}}",
    "people: [a}",
    "milestones: {v2: 2027-07-15}, {x: 1}",
    "milestones: {a: b, b: c, c: a, d: a + 1 day}",
    "milestones: {v2: 2027-02-30}",
    "activities:\n  a:\n    kind: audit\n   on: day 3",
    "activities:\n\ta: {kind: audit}",
    "activities: {a: {kind: audit, on: day 3, every: week}}",
    "activities: {a: {kind: audit, rrule: FREQ=SECONDLY}}",
    "activities: {a: {kind: audit, owner: mangaer}}",
    "activities: {a: {kind: audit, on: day 3, lasts: 3 weeks}}",
    "accept: {P310: we know, really}",
    "roles: {vp: {name: x}}",
    "timezone: Europe/Berln",
    "calendar: {hours: 18:00-08:00}",
)


def test_what_is_said_of_bad_plans_is_golden() -> None:
    answers = ("\n".join([plan, *(f"  > {line}" for line in said(f"{HEAD}{plan}\n"))]) for plan in BAD)
    text = "\n\n".join(answers) + "\n"
    if os.environ.get("CADENCE_UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_each_of_them_says_a_place_a_code_and_a_remedy() -> None:
    for plan in BAD:
        lines = [line for line in said(f"{HEAD}{plan}\n") if ": error[" in line]
        assert lines, plan
        assert all("; " in line and line.startswith("plan.yaml:") for line in lines), lines
