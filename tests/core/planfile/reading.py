"""Bundles for the tests of this room, and the problems of one as lines."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent

from cadence.core.model import Bundle, Problem
from cadence.core.planfile import Plan, parse

HEAD = "plan: x\nrollout: 2027-01-11\n"


def bundle(text: str, files: Mapping[str, str]) -> Bundle:
    return Bundle(plan="plan.yaml", files=(("plan.yaml", text), *files.items()), holidays=(), hash="")


def read(text: str, **files: str) -> tuple[Plan | None, tuple[Problem, ...]]:
    """`people` stands for people.csv, every other name for a parent."""
    named = {"people.csv" if name == "people" else name: dedent(body) for name, body in files.items()}
    return parse(bundle(dedent(text), named))


def plan_of(text: str, **files: str) -> Plan:
    plan, problems = read(text, **files)
    assert plan is not None, "\n".join(map(str, problems))
    return plan


def said(text: str, **files: str) -> list[str]:
    return [str(problem) for problem in read(text, **files)[1]]
