"""What people read is whole in every language that is shipped: the same sentences, made of the same facts."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from cadence import bundled

TEMPLATES = bundled.folder("templates")
READ_BY_PEOPLE = ("messages.toml", "digest.toml", "words.toml", "slack.toml")
OTHERS = sorted(folder.name for folder in TEMPLATES.iterdir() if folder.is_dir() and folder.name != "en")


def sentences(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    stack: list[tuple[str, object]] = [("", tomllib.loads(path.read_text(encoding="utf-8")))]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{key}.{name}" if key else name, inner) for name, inner in value.items()]
        else:
            found[key] = str(value)
    return found


def said(language: str, names: tuple[str, ...]) -> dict[str, str]:
    return {key: text for name in names for key, text in sentences(TEMPLATES / language / name).items()}


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_everything_that_people_read_and_nothing_else(language: str) -> None:
    english = said("en", READ_BY_PEOPLE) | refusals("en")
    assert set(said(language, READ_BY_PEOPLE)) == set(english)


def refusals(language: str) -> dict[str, str]:
    """What a person reads under a button; in English it stands with the words of the command line."""
    return {key: text for key, text in said(language, ("cli.toml",)).items() if key.startswith("refused.")}


@pytest.mark.parametrize("language", OTHERS)
def test_each_sentence_is_made_of_facts_that_are_there(language: str) -> None:
    english, here = said("en", READ_BY_PEOPLE) | refusals("en"), said(language, READ_BY_PEOPLE)
    strange = {key: facts(text) - facts(english[key]) for key, text in here.items() if key in english}
    assert {key: names for key, names in strange.items() if names} == {}


def facts(text: str) -> set[str]:
    environment = Environment(autoescape=True)
    environment.filters |= dict.fromkeys(("day", "clock", "month", "weekday"), str)
    return meta.find_undeclared_variables(environment.parse(text))
