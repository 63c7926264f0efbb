"""Text is text: every canary in every field of a plan, through everything that a compile puts out."""

from __future__ import annotations

import json
import sys
import unicodedata
from functools import cache

import pytest

from cadence.core import documents
from cadence.core.model import Problem, Severity
from cadence.core.planfile import parse
from cadence.core.planfile.csvtext import CELLS
from cadence.core.planfile.loader import KEY
from cadence.core.planfile.traps import clean
from cadence.services.compiling import compiled
from cadence.templating import words
from tests.hostile.fields import BASE, PEOPLE, Field, block, bundle, fields, table, with_texts
from tests.support.canaries import CANARIES, COMPUTED, PROBE, strings, unseen

TURNS = range(len(CANARIES))


@cache
def free_fields() -> tuple[Field, ...]:
    """The fields that take any text. Whatever narrows a plan down to nobody is not tried here."""
    people = table(list(PEOPLE))
    return tuple(
        field
        for field in fields()
        if ".only." not in field.word and parse(bundle(block(with_texts({field: PROBE})), people))[0] is not None
    )


def strict_fields() -> tuple[Field, ...]:
    return tuple(field for field in fields() if field not in free_fields())


def canary(place: int, turn: int) -> str:
    return CANARIES[(place + turn) % len(CANARIES)]


def hostile_plan(turn: int) -> str:
    return block(with_texts(hostile(free_fields(), turn)))


def hostile(chosen: tuple[Field, ...], turn: int) -> dict[Field, str]:
    """A canary for each field. Keys are short, or the reading stops there; and `+key` adds to a parent's list."""
    canaries = {field: canary(n, turn) for n, field in enumerate(chosen)}
    return {field: text.lstrip("+")[:KEY] if field.is_key else text for field, text in canaries.items()}


def hostile_people(turn: int) -> str:
    """Of the first row every cell, of the second all but the name, which the first one's manager has."""
    columns = ("region", "team", "place", "tags", "name")
    first = {name: canary(n, turn)[:CELLS] for n, name in enumerate(columns)}
    second = {name: canary(n + 7, turn)[:CELLS] for n, name in enumerate(columns[:-1])}
    return table([{**PEOPLE[0], **first}, {**PEOPLE[1], **second}])


def as_text_is_read(text: str) -> str:
    """What is left of a canary: one line, composed, nothing in it that nobody sees."""
    seen = (" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp", "Zs") or c in "\uffff" else c for c in text)
    kept = "".join(c for c in seen if not unseen(c))
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def test_every_field_of_the_models_is_visited() -> None:
    known = {field.word for field in fields()}
    assert len(known) > 130
    assert {"title", "people.list.*.name", "activities.*.agenda", "activities.*.ask.*.label", "roles.KEY"} <= known
    free = {field.word for field in free_fields()}
    assert {"title", "people.list.*.name", "activities.*.topics", "metrics.*.title"} <= free
    assert not free & {"rollout", "activities.*.owner", "people.list.*.email"}


@pytest.mark.parametrize("turn", TURNS)
def test_a_canary_in_any_field_is_text_and_nothing_else(turn: int) -> None:
    found, problems = compiled(bundle(hostile_plan(turn), hostile_people(turn)), words().say)
    assert found is not None, "\n".join(map(str, problems))
    only_quotes(problems)
    asked = documents.compiled("x", "x", found.compilation, found.directory, problems)
    people = [documents.person(person) for person in found.directory.persons.values()]
    shown = "".join(strings(json.loads(json.dumps([asked, people]))))
    assert not unseen(shown, allowed="")
    assert COMPUTED not in shown
    titles = {task.title for task in found.compilation.schedule if task.activity == "rides"}
    said = next(canary(n, turn) for n, field in enumerate(free_fields()) if field.word == "activities.*.title")
    assert titles
    assert all(title.startswith(as_text_is_read(said)) for title in titles)


def only_quotes(problems: tuple[Problem, ...]) -> None:
    """Each is one line, not endless, with a place; nothing in it is obeyed, and nothing was computed."""
    for line in map(str, problems):
        assert line.startswith(("plan.yaml:", "people.csv:"))
        assert not unseen(line, allowed=""), line
        assert len(line) < 2_000
        assert COMPUTED not in line


@pytest.mark.parametrize("turn", TURNS)
def test_a_canary_where_no_text_belongs_is_refused_and_only_quoted(turn: int) -> None:
    plan, problems = parse(bundle(block(with_texts(hostile(strict_fields(), turn))), table(list(PEOPLE))))
    assert plan is None
    assert len(problems) > 20
    only_quotes(problems)


def test_a_column_may_have_any_name() -> None:
    for name in CANARIES:
        people = table([{"name": "Ana Silva", name: "x", "manager": "Ben Okoye"}])
        _, problems = parse(bundle(block(BASE), people))
        only_quotes(problems)


def test_what_nobody_sees_is_taken_out_once_and_for_all() -> None:
    """Of all characters there are. Cleaning what is clean changes nothing."""
    for block_of in range(0, sys.maxunicode + 1, 4096):
        text = "".join(map(chr, range(block_of, min(block_of + 4096, sys.maxunicode + 1))))
        cleaned = clean(text)
        assert not unseen(cleaned, allowed="\n\t")
        assert clean(cleaned) == cleaned


def test_a_control_character_as_yaml_writes_it_never_reaches_the_plan() -> None:
    escapes = r"\0 \a \b \e \v \f \r \x1b \x7f \x85 \u202e \u2028 \N \L \P \u061c \U0001F600"
    plan, problems = parse(bundle(f'{{plan: x, rollout: 2027-01-11, title: "a{escapes}z"}}', ""))
    assert plan is not None, problems
    assert plan.title == "a \U0001f600z"
    assert not [problem for problem in problems if problem.severity is Severity.ERROR]
