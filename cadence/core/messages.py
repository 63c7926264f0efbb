"""Messages before any channel: what is owed to one person, as lines that a channel turns into its own form.

Holds no sentence: `note` and `status` name entries of the catalogue, `facts` are what those sentences need.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Protocol

from cadence.core.model import Choice, MessageKind, Person, Section, Verb

Fact = str | int | date | datetime | None

NO_FACTS: Mapping[str, Fact] = MappingProxyType({})


class Say(Protocol):
    """A catalogue in one language: the sentence called `key`, filled with `facts`, as plain text."""

    def __call__(self, key: str, /, **facts: object) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a message. `note` is the catalogue key of the sentence under the title, `facts` its values;
    `heading` that of the title where it is the program's own.

    `verbs` are the answers that can be given here, `choices` the ways out of a decision; both are empty once
    `status` (the catalogue key of what has become of it) is set. `version` goes back with every answer.
    """

    section: Section
    title: str
    note: str
    facts: Mapping[str, Fact] = field(default_factory=lambda: NO_FACTS)
    task_id: str | None = None
    version: int | None = None
    decision_id: str | None = None
    verbs: tuple[Verb, ...] = ()
    choices: tuple[Choice, ...] = ()
    candidate: str | None = None
    status: str | None = None
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one person is told on one occasion. `key` is the delivery's, `day` the day in the person's zone.

    `instead_of` is the name of the person it was meant for when everything is redirected to one.
    """

    key: str
    kind: MessageKind
    to: Person
    day: date
    lines: tuple[Line, ...]
    instead_of: str | None = None

    @property
    def shows(self) -> str:
        """Hash of what has become of the lines: when it changes, a rewrite of the sent message is owed."""
        seen = [
            (line.task_id, line.decision_id, line.status, sorted(line.facts.items()) if line.status else ())
            for line in self.lines
        ]
        return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]
