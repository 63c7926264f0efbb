"""A change set as a person reads it: a summary, then by person and activity what changes and why, then who is told.

A terminal gets groups with a few examples each; a pipe gets one plain row for every change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from cadence.cli.output import UNSEEN, cell, when
from cadence.core.changes.telling import acting

if TYPE_CHECKING:
    from cadence.core.changes import Amendment, Cause, ChangeSet
    from cadence.core.directory import Directory
    from cadence.core.messages import Say
    from cadence.core.model import Occurrence, Task
    from cadence.services.telling import Telling

FEW = 3
"""So many examples of each group are named; the others are counted."""
SIGNS = {"new": "+", "move": "~", "hands": ">", "reword": "*", "company": "&", "retire": "-", "kept": "="}
"""Every kind of change with the sign that its rows begin with, in the order in which a group shows them."""


@dataclass(frozen=True, slots=True)
class Change:
    """One task of a change set in words. `day` is where it lies, `to` where it will lie if it moves; `other` is the
    person it comes from, or who keeps it by hand."""

    kind: str
    person: str
    activity: str
    day: date
    title: str
    to: date | None = None
    other: str = ""
    why: str = ""

    @property
    def row(self) -> tuple[object, ...]:
        """The change for a pipe."""
        return (SIGNS[self.kind], self.person, self.activity, self.day, self.to, self.title, self.other, self.why)


@dataclass(frozen=True, slots=True)
class Names:
    """What everybody is called, under the plan as it would be and, for whoever is no longer in it, as it was."""

    after: Directory
    before: Directory | None
    say: Say

    def of(self, person: object) -> str:
        if not isinstance(person, str):
            return self.say("changes.nobody")
        gone = self.before is not None and person not in self.after.persons
        return self.before.name(person) if self.before and gone else self.after.name(person)

    def holder(self, asked: Occurrence) -> str:
        return self.of(acting(asked, self.after))

    def last_holder(self, asked: Occurrence) -> str:
        """Of what nobody asks for any more."""
        return self.of(acting(asked, self.before or self.after))


def every_change(changes: ChangeSet, names: Names) -> tuple[Change, ...]:
    """All of them, by person, activity, kind, cause and day."""
    order = list(SIGNS)
    found = _changes(changes, names)
    return tuple(
        sorted(found, key=lambda c: (c.person, c.activity, order.index(c.kind), c.other, c.why, c.day, c.title))
    )


def summary(changes: ChangeSet, say: Say) -> str:
    kinds = Counter(_kind(one) for one in changes.amend)
    return say(
        "changes.summary",
        plan=changes.plan,
        new=len(changes.add) + len(changes.returning),
        move=kinds["move"],
        hands=kinds["hands"],
        reword=kinds["reword"],
        company=kinds["company"],
        retire=len(changes.retire),
        unchanged=changes.unchanged,
        kept=len(changes.kept),
        past=changes.past,
    )


def lines(found: Sequence[Change], say: Say, *, whole: bool = False) -> Iterator[str]:
    """The groups for a terminal; with `whole` every change is named."""
    for person, theirs in groupby(found, key=lambda one: one.person):
        yield UNSEEN.sub(" ", person if person != say("changes.nobody") else say("changes.vacant"))
        for (activity, kind, other, why), group in groupby(
            theirs, key=lambda one: (one.activity, one.kind, one.other, one.why)
        ):
            members = list(group)
            facts = {"activity": activity, "n": len(members), "other": other, "why": why}
            span = {"first": members[0].day, "last": members[-1].day, "step": _step(members, say)}
            yield UNSEEN.sub(" ", f"  {SIGNS[kind]} {say(f'changes.{kind}', **facts, **span)}")
            yield from _examples(members, say, whole=whole)


def _examples(members: Sequence[Change], say: Say, *, whole: bool) -> Iterator[str]:
    few = len(members) if whole or len(members) <= FEW + 1 else FEW
    for one in members[:few]:
        days = f"{cell(one.day)} -> {cell(one.to)}" if one.to else cell(one.day)
        yield f"      {days}  {cell(one.title)}"
    if few < len(members):
        yield f"      {say('changes.more', n=len(members) - few)}"


def news(found: Iterable[Telling], names: Names, *, quietly: bool) -> Iterator[str]:
    """Who will be told what, a line for each person."""
    for one in found:
        counts = {name: getattr(one.told, name) for name in ("new", "moved", "gained", "given", "reworded", "retired")}
        brief = when(one.brief, names.after.worktime(one.told.person).zone)
        facts = {"person": names.of(one.told.person), "channel": one.channel, "brief": brief}
        rewritten = 0 if quietly else one.rewritten
        yield UNSEEN.sub(" ", names.say("changes.told", **counts, **facts, rewritten=rewritten))


def _changes(changes: ChangeSet, names: Names) -> Iterator[Change]:
    for asked in (*changes.add, *(one.occurrence for one in changes.returning)):
        yield Change("new", names.holder(asked), asked.activity, asked.date, asked.title)
    for one in changes.amend:
        yield _amended(one, names)
    for task in changes.retire:
        asked = task.occurrence
        who = names.of(task.handed_to) if task.handed_to else names.last_holder(asked)
        yield Change("retire", who, asked.activity, task.date, asked.title)
    for task in changes.kept:
        asked = task.occurrence
        other = names.of(task.handed_to) if task.handed_to else ""
        yield Change("kept", other or names.holder(asked), asked.activity, asked.date, asked.title, _moved(task), other)


def _amended(one: Amendment, names: Names) -> Change:
    asked, was = one.occurrence, one.task.occurrence
    before, after = one.changes.get("holder", (None, None))
    return Change(
        kind=_kind(one),
        person=names.of(after) if "holder" in one.changes else names.holder(asked),
        activity=asked.activity,
        day=was.date,
        title=asked.title,
        to=asked.date if asked.date != was.date else None,
        other=names.of(before) if "holder" in one.changes else "",
        why=_why(one.why, names) if _kind(one) != "company" else "",
    )


def _kind(one: Amendment) -> str:
    if one.moves:
        return "move"
    if "holder" in one.changes:
        return "hands"
    return "company" if one.changes.keys() == {"attendees"} else "reword"


def _why(cause: Cause, names: Names) -> str:
    of = names.of(cause.of) if cause.of else ""
    return names.say(f"cause.{cause.word.name.lower()}", of=of)


def _step(members: Sequence[Change], say: Say) -> str:
    """By how many days a group moves, and which way; empty where nothing does."""
    steps = [(one.to - one.day).days for one in members if one.to]
    return say("changes.step", first=min(steps), last=max(steps)) if steps else ""


def _moved(task: Task) -> date | None:
    return task.moved.date if task.moved else None
