"""What is wrong with what somebody answered, all at once; and the good answers in their one spelling."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType
from urllib.parse import urlsplit

from cadence.core.forms.asked import Question
from cadence.core.model import Person

LONGEST = 5_000
"""Characters of one answer."""
REFERENCE = re.compile(r"([^\[\]]+)(?:\[([^\[\]]+)\])?")
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why one answer cannot be taken. `code` names a sentence of the catalogue (`wrong.CODE`), `facts` fill it."""

    reference: str
    code: str
    facts: Mapping[str, str] = field(default_factory=lambda: NOTHING)


@dataclass(frozen=True, slots=True)
class Checked:
    """The good answers in their one spelling, every mistake in the order given, and the required that are missing."""

    answers: Mapping[str, str]
    mistakes: tuple[Mistake, ...]
    missing: tuple[str, ...]


def check(
    questions: Sequence[Question],
    given: Mapping[str, str],
    attendees: Sequence[str],
    persons: Mapping[str, Person],
    before: Mapping[str, str] = NOTHING,
) -> Checked:
    """All of `given` against the form. `before` are answers of earlier, which new ones replace field by field."""
    by_key = {question.key: question for question in questions}
    answers: dict[str, str] = {}
    mistakes: list[Mistake] = []
    for reference, words in given.items():
        try:
            key, value = _answer(reference, words.strip(), by_key, attendees, persons)
            answers[key] = value
        except _Wrong as wrong:
            mistakes.append(Mistake(reference, wrong.code, wrong.facts))
    whole = {**before, **answers}
    missing = tuple(key for one in questions if one.required for key in _references(one, attendees) if key not in whole)
    return Checked(MappingProxyType(answers), tuple(mistakes), missing)


class _Wrong(Exception):
    """One answer that cannot be taken; never leaves this module."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, MappingProxyType(facts)


def _references(question: Question, attendees: Sequence[str]) -> tuple[str, ...]:
    """The names under which its answers stand."""
    return tuple(f"{question.key}[{one}]" for one in attendees) if question.each else (question.key,)


def _answer(
    reference: str, words: str, asked: Mapping[str, Question], attendees: Sequence[str], persons: Mapping[str, Person]
) -> tuple[str, str]:
    """The name and the value in their one spelling. Raises _Wrong."""
    named = REFERENCE.fullmatch(reference)
    question = asked.get(named[1].strip()) if named else None
    if named is None or question is None:
        raise _Wrong("unknown", near=_near(reference.partition("[")[0], asked), known=", ".join(asked))
    key = question.key
    if question.each:
        key = f"{key}[{_attendee(question, named[2], attendees, persons)}]"
    elif named[2]:
        raise _Wrong("not-each", key=question.key)
    if not words:
        raise _Wrong("empty")
    if len(words) > LONGEST:
        raise _Wrong("long", most=f"{LONGEST:,}")
    return key, _value(question, words, persons)


def _attendee(question: Question, word: str | None, attendees: Sequence[str], persons: Mapping[str, Person]) -> str:
    present = {one: persons[one] for one in attendees if one in persons}
    if word is None and len(present) == 1:
        return next(iter(present))
    if word is None:
        raise _Wrong("whom", key=question.key, known=", ".join(present))
    return _person(word.strip(), present)


def _value(question: Question, words: str, persons: Mapping[str, Person]) -> str:
    match question.type:
        case "text":
            return words
        case "choice":
            return _choices(question, words)
        case "person":
            return _person(words, persons)
        case _:
            return READ[question.type](words)


def _choices(question: Question, words: str) -> str:
    """The option, or several on a line each, as the form spells them."""
    if not question.many:
        return _option(question, words)
    pieces = [piece for line in words.splitlines() for piece in _pieces(question, line)]
    chosen = {_option(question, piece) for piece in pieces}
    return "\n".join(option for option in question.options if option in chosen)


def _pieces(question: Question, line: str) -> list[str]:
    whole = line.strip().casefold() in {option.casefold() for option in question.options}
    return [line.strip()] if whole else [piece.strip() for piece in line.split(",") if piece.strip()]


def _option(question: Question, word: str) -> str:
    known = {option.casefold(): option for option in question.options}
    if word.casefold() not in known:
        raise _Wrong("choice", near=_near(word, question.options), known=", ".join(question.options))
    return known[word.casefold()]


def _person(word: str, persons: Mapping[str, Person]) -> str:
    """Somebody's key, from their key, address or name."""
    wanted = word.casefold()
    found = [
        key
        for key, person in persons.items()
        if wanted in (key.casefold(), (person.email or "").casefold(), person.name.casefold())
    ]
    if wanted not in found and len(found) > 1:
        raise _Wrong("several", known=", ".join(found))
    if not found:
        near = _near(word, [*persons, *(person.name for person in persons.values())])
        raise _Wrong("person", near=near)
    return wanted if wanted in found else found[0]


def _near(word: str, known: Sequence[str] | Mapping[str, object]) -> str:
    """The nearest of `known`, or an empty text."""
    spelt = {one.casefold(): one for one in known}
    close = get_close_matches(word.strip().casefold(), spelt, 1)
    return spelt[close[0]] if close else ""


def _yes_no(words: str) -> str:
    said = {"y": "yes", "yes": "yes", "true": "yes", "n": "no", "no": "no", "false": "no"}.get(words.casefold())
    if said is None:
        raise _Wrong("yes-no")
    return said


def _score(words: str) -> str:
    if words not in ("1", "2", "3", "4", "5"):
        raise _Wrong("score")
    return words


def _number(words: str) -> str:
    if not NUMBER.fullmatch(words):
        raise _Wrong("number")
    return words


def _date(words: str) -> str:
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        raise _Wrong("date") from None


def _link(words: str) -> str:
    try:
        parts = urlsplit(words)
        good = parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        good = False
    if not good or len(words) > 2_000 or not words.isprintable() or " " in words:
        raise _Wrong("link")
    return words


READ: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"yes/no": _yes_no, "score": _score, "number": _number, "date": _date, "link": _link}
)
"""How the answer to a field of a simple type is read; text, choice and person need more than the words."""
