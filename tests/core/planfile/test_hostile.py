"""Hostile texts: refused with a message, quickly, and never with an exception."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cadence.core.model import Severity
from cadence.core.planfile import Budget, outline, parse
from tests.core.planfile.reading import HEAD, bundle, read, said

PLAN = """\
plan: gap
rollout: 2027-01-11
ends: week 30
milestones: {qbr: day 90, v2: 2027-07-15}
phases: {start: weeks 1-2}
people:
  file: people.csv
  list:
    dana-ruiz: {name: Dana Ruiz, email: dana@x.example}
roles: {vp: dana-ruiz}
away: {dana-ruiz: [2027-02-08..2027-02-12]}
activities:
  rides: &a {kind: field_ride, owner: manager, with: each rep, every: 2 weeks, on: [tue, wed]}
  copy: {<<: *a, lasts: 4h, except: [week 3]}
  health: {kind: audit, on: qbr - 2 weeks, title: "Look: again"}
"""
PEOPLE = 'name,manager\nAnna Berg,Cara Losch\n"Day, Bob",Cara Losch\n'
PIECES = [
    *"{}[]:,#&*!|>'\"%@`-?~ \t\n\r\x00\x85\u00a0\u2028\ufeff“\ud800",
    "<<: *a",
    "\n  - ",
    "off",
    "999999999",
    "..",
]


def doubling(levels: int) -> str:
    return "a0: &a0 [x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels)
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (doubling(7), "P101"),
        (doubling(100), "P101"),
        ("a: &a [*a]", "P113"),
        ("a: &a {<<: *a}", "P113"),
        (
            "x0: &x0 {a: b}\n" + "".join(f"x{n}: &x{n} {{<<: *x{n - 1}, k{n}: *x{n - 1}}}\n" for n in range(1, 60)),
            "P101",
        ),
        ("[" * 1000, "P101"),
        ("{a: " * 100_000, "P101"),
        ("- " * 20_000, "P101"),
        ("\n".join(" " * n + "a:" for n in range(200)), "P101"),
        ("x: " + "y" * 1024 * 1024, "P101"),
        ("é" * 600_000, "P101"),
        (f"{'k' * 300}: x", "P101"),
        ("", "P202"),
        ("\x00", "P202"),
        ("just text", "P111"),
        ("? [a]\n: b", "P111"),
    ],
)
def test_a_bomb_is_refused_at_once(text: str, code: str) -> None:
    before = time.process_time()
    plan, problems = read(text)
    assert plan is None
    assert code in {problem.code for problem in problems}
    assert time.process_time() - before < 5


def test_a_plan_may_be_as_large_as_its_budget_and_no_larger() -> None:
    fits = bundle(HEAD, {})
    assert parse(fits, budget=Budget(size=len(HEAD)))[0] is not None
    assert parse(fits, budget=Budget(size=len(HEAD) - 1))[0] is None
    deep = bundle(f"{HEAD}activities: {{a: {{kind: audit, with: [vp]}}}}\n", {})
    assert parse(deep, budget=Budget(depth=5))[0] is not None
    assert parse(deep, budget=Budget(depth=4))[0] is None
    empty = bundle(f"{HEAD}x: [[], [], []]\n", {})
    assert {problem.code for problem in parse(empty, budget=Budget(nodes=9))[1]} == {"P101"}
    assert {problem.code for problem in parse(empty, budget=Budget(nodes=10))[1]} == {"P201"}
    assert parse(fits, budget=Budget(nodes=5))[0] is not None
    assert parse(fits, budget=Budget(nodes=4))[0] is None


def test_plans_that_extend_each_other_in_a_circle_are_refused() -> None:
    lines = said(f"{HEAD}extends: a\n", a="plan: a\nextends: b\n", b="plan: b\nextends: a\n")
    assert lines == ["b:2:10: error[P211] extends: plans extend each other in a circle: a -> b -> a"]


def test_control_characters_never_reach_a_text() -> None:
    plan, _ = read(f'{HEAD}activities: {{a: {{kind: audit, title: "a\\x07b\\u202ec\\x85d\\ne"}}}}\n')
    assert plan is not None
    assert plan.activities[0].title is not None
    assert plan.activities[0].title.in_language("en") == "a bc d e"


def mutated(text: str) -> st.SearchStrategy[str]:
    cut = st.tuples(st.integers(0, len(text)), st.integers(0, 12), st.sampled_from(PIECES) | st.text(max_size=3))

    def applied(cuts: list[tuple[int, int, str]]) -> str:
        changed = text
        for start, length, piece in cuts:
            changed = changed[:start] + piece + changed[start + length :]
        return changed

    return st.lists(cut, max_size=5).map(applied)


QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(mutated(PLAN), mutated(PEOPLE))
def test_a_mutated_plan_is_read_or_refused_but_never_raises(text: str, people: str) -> None:
    plan, problems = parse(bundle(text, {"people.csv": people}))
    outline("plan.yaml", text)
    assert (plan is None) == any(problem.severity is Severity.ERROR for problem in problems)
    assert all("\n" not in str(problem) for problem in problems)


@QUICK
@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused_but_never_raise(noise: bytes) -> None:
    text = noise.decode("latin-1")
    assert parse(bundle(text, {}))[0] is None
    parse(bundle(f"{HEAD}people: {{file: people.csv}}\n", {"people.csv": text}))
