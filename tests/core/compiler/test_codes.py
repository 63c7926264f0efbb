"""Every code of the table can be made, explained and cured: its example gives it, and the cure does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cadence.core.compiler.compilation import compile_plan
from cadence.core.compiler.examples import EXAMPLES
from cadence.core.compiler.explaining import explained, lines
from cadence.core.compiler.findings import FINDINGS
from cadence.core.directory import directory
from cadence.core.model import Bundle, Problem, Severity
from cadence.core.planfile import CODES, parse
from cadence.core.planfile.codes import acceptable
from cadence.core.planfile.examples import SOUND
from tests.core.compiling import say

ROOT = Path(__file__).parents[3]
LIMIT = 500
"""Tasks of one plan: fewer than a real plan may have, so that too many are made fast."""
SHIPPED = "sbi-six-actions"
IN_THE_TEXT = [code for code, example in EXAMPLES.items() if example.wrong]
TOLD = [code for code, example in EXAMPLES.items() if example.told]


def problems(fragment: str, people: str) -> tuple[Problem, ...]:
    """What is wrong with the sound plan when `fragment` lies over it."""
    said = set(re.findall(r"^(\w+):", fragment, re.MULTILINE))
    left_out = said | ({"roles", "backups"} if "people" in said else set())
    text = "\n".join([*(words for word, words in SOUND.items() if word not in left_out), fragment, ""])
    parents = [(SHIPPED, (ROOT / "plans" / f"{SHIPPED}.yaml").read_text("utf-8"))] if SHIPPED in fragment else []
    files = (("plan.yaml", text), *([("people.csv", people)] if people else []), *parents)
    plan, mistakes = parse(Bundle(plan="plan.yaml", files=files, holidays=(), hash=""))
    if plan is None:
        return mistakes
    who, strange = directory(plan, {})
    return (*mistakes, *strange, *compile_plan(plan, who, say, limit=LIMIT).findings)


@pytest.mark.parametrize("code", IN_THE_TEXT)
def test_the_example_of_a_code_gives_it_and_the_cure_does_not(code: str) -> None:
    example = EXAMPLES[code]
    given = [problem for problem in problems(example.wrong, example.people) if problem.code == code]
    assert {problem.severity for problem in given} == {explained(code).severity}
    assert all(problem.message and problem.place.line for problem in given)
    cured = problems(example.right, example.cured or example.people)
    assert not [str(problem) for problem in cured if problem.code == code or problem.severity is Severity.ERROR]


def test_every_code_has_an_example() -> None:
    assert EXAMPLES.keys() == CODES.keys()
    assert all(example.wrong or example.told for example in EXAMPLES.values())


@pytest.mark.parametrize("code", TOLD)
def test_what_arises_outside_of_a_plan_has_a_test_of_its_own(code: str) -> None:
    own = Path(__file__)
    assert any(f'"{code}"' in path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py") if path != own)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained_with_an_example_its_cure_and_whether_it_may_stand(code: str) -> None:
    told = "\n".join(lines(explained(code)))
    assert told.startswith(f"{code}: {CODES[code].title} (")
    assert "\nFor example:\n" in told
    assert ("\nWrite instead:\n" in told) is bool(EXAMPLES[code].right)
    assert (f"accept: {{{code}: why}}" in told) is acceptable(code)


def test_a_finding_may_be_accepted_and_a_mistake_may_not() -> None:
    severities = {code: explained(code).severity for code in CODES}
    assert [code for code, severity in severities.items() if acceptable(code) is (severity is Severity.ERROR)] == []


def test_every_finding_of_the_compiler_has_a_usual_remedy_and_is_explained() -> None:
    assert all(remedy for _, remedy in FINDINGS.values())
    assert FINDINGS.keys() <= CODES.keys()
