"""Texts that are made to explode: refused with a message, in bounded time and memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from cadence.core.planfile import Budget, parse
from cadence.services.compiling import compiled
from cadence.templating import words
from tests.hostile.fields import bundle

HEAD = "plan: x\nrollout: 2027-01-11\n"
FILE = f"{HEAD}people: {{file: people.csv}}\n"
SECONDS = 5
"""Of the processor: generous, for a machine that is busy; what explodes takes minutes."""
MEGABYTES = 150


def refused(plan: str, people: str = "name\n") -> tuple[list[str], float]:
    """The codes of the problems, and the seconds of the processor it took."""
    before = time.process_time()
    found, problems = parse(bundle(plan, people))
    assert found is None
    return [problem.code for problem in problems], time.process_time() - before


def doubling(levels: int) -> str:
    layers = (f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, levels))
    return "a0: &a0 [x, x, x, x]\n" + "".join(layers)


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
    codes, seconds = refused(text)
    assert code in codes
    assert seconds < SECONDS


def test_a_plan_may_be_as_large_as_its_budget_and_no_larger() -> None:
    def fits(text: str, budget: Budget) -> bool:
        found, problems = parse(bundle(text, ""), budget=budget)
        return found is not None or {problem.code for problem in problems} == {"P201"}

    assert fits(HEAD, Budget(size=len(HEAD)))
    assert not fits(HEAD, Budget(size=len(HEAD) - 1))
    deep = f"{HEAD}activities: {{a: {{kind: audit, with: [vp]}}}}\n"
    assert fits(deep, Budget(depth=5))
    assert not fits(deep, Budget(depth=4))
    empty = f"{HEAD}x: [[], [], []]\n"
    assert fits(empty, Budget(nodes=10))
    assert not fits(empty, Budget(nodes=9))


LONG = 400_000
LINES = {
    "blanks behind a colon": "title: a: b" + " " * LONG + "x",
    "blanks behind a quote": 'title: "a" b' + " " * LONG + "x",
    "blanks behind a sign": "title: @a" + " " * LONG + "x",
    "comments in a row": "title: a: b" + " #" * LONG + ": x",
    "curly quotes in a row": "title: a: " + "“" * LONG,
    "blanks and tabs": " " * LONG + "\t" * LONG + "x",
}


@pytest.mark.parametrize("name", LINES)
def test_the_cures_of_traps_look_at_a_long_line_once(name: str) -> None:
    """Patterns that look back at each blank would take hours."""
    _, seconds = refused(f"{HEAD}{LINES[name]}\n")
    assert seconds < SECONDS


MANY = {
    "milestones in a circle": "milestones:\n" + "".join(f"  m{n}: m{(n + 1) % 2_000} + 1 day\n" for n in range(2_000)),
    "unknown words": "".join(f"k{n}: x\n" for n in range(3_000)),
    "unknown kinds": "activities:\n" + "".join(f"  k{n}: {{kind: x}}\n" for n in range(3_000)),
    "dates": "activities: {a: {kind: x, on: [" + "day 1, " * 10_000 + "day 2]}}",
}


@pytest.mark.parametrize("name", MANY)
def test_many_mistakes_of_one_sort_take_no_longer_than_they_are_long(name: str) -> None:
    codes, seconds = refused(f"{HEAD}{MANY[name]}\n")
    assert len(codes) <= 201
    assert seconds < SECONDS


def test_milestones_in_a_circle_are_one_mistake_and_what_leans_on_them_is_none() -> None:
    _, problems = parse(bundle(f"{HEAD}milestones: {{a: b, b: c, c: b, d: a + 1 day}}\n", ""))
    assert [str(problem) for problem in problems if problem.code == "P211"] == [
        "plan.yaml:3:20: error[P211] milestones.b: milestones in a circle: b -> c -> b; give one of them a date"
    ]
    assert not [problem for problem in problems if problem.path in ("milestones.a", "milestones.d")]


TABLES = {
    "a quote that is never closed": 'name,manager\n"' + "x" * 900_000,
    "many columns": ",".join(f"c{n}" for n in range(10_000)) + ",title\n",
    "many cells": "name\nx" + "," * 500_000 + "y",
    "twins": "name\n" + "Ana B\n" * 2_000,
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_explodes_is_refused(name: str) -> None:
    codes, seconds = refused(FILE, TABLES[name])
    assert len(codes) <= 201
    assert seconds < SECONDS


def test_one_byte_more_than_a_mebibyte_is_refused_without_reading_it() -> None:
    fits = f"{HEAD}#{'x' * (1024 * 1024 - len(HEAD) - 2)}\n"
    assert parse(bundle(fits, ""))[0] is not None
    codes, seconds = refused(f"{fits}\n")
    assert (codes, seconds < 0.5) == (["P101"], True)


def test_a_bomb_of_anchors_takes_no_memory() -> None:
    layers = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60))
    tracemalloc.start()
    try:
        codes, _ = refused(f"a0: &a0 [x, x, x]\n{layers}")
        peak = tracemalloc.get_traced_memory()[1] / 1024 / 1024
    finally:
        tracemalloc.stop()
    assert codes == ["P101"]
    assert peak < MEGABYTES


DAILY = f"{HEAD}ends: day 9\nroles: {{vp: k}}\npeople: {{list: {{k: {{name: K}}}}}}\n"


def test_a_plan_may_hold_as_many_tasks_as_the_limit_and_no_more() -> None:
    asked = bundle(f"{DAILY}activities: {{a: {{kind: custom, owner: vp, every: workday}}}}\n", "")
    assert compiled(asked, words().say, limit=8)[0] is not None
    result, problems = compiled(asked, words().say, limit=7)
    assert result is None
    assert "P307" in {problem.code for problem in problems}


@pytest.mark.parametrize(
    "rule",
    [
        *("FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1440", "FREQ=HOURLY", "FREQ=DAILY;BYSECOND=1,2,3", "INTERVAL=1"),
        *("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6", "FREQ=DAILY;COUNT=0"),
        *("FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=5;UNTIL=20270301", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6"),
        *("FREQ=DAILY;UNTIL=99991231", "FREQ=DAILY;COUNT=1000000000", "FREQ=YEARLY;INTERVAL=7000"),
        *("RRULE:FREQ=DAILY\\nEXDATE:20270101", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;X=1", "FREQ=YEARLY;BYYEARDAY=999"),
    ],
)
def test_a_rule_that_never_ends_or_never_comes_is_refused_at_once(rule: str) -> None:
    plan = f'{DAILY}activities: {{a: {{kind: custom, owner: vp, rrule: "{rule}"}}}}\n'
    codes, seconds = refused(plan)
    assert "P203" in codes
    assert seconds < SECONDS


def test_a_rule_without_end_ends_with_the_plan() -> None:
    plan = f"{DAILY}activities: {{a: {{kind: custom, owner: vp, rrule: FREQ=DAILY}}}}\n"
    result, problems = compiled(bundle(plan, ""), words().say)
    assert result is not None, "\n".join(map(str, problems))
    assert len(result.compilation.schedule) == 10
