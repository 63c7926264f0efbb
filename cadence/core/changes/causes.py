"""Why a task would change: the plan's own words, a milestone, the rollout, an absence, other hands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum

from cadence.core.directory import Directory
from cadence.core.model import Occurrence
from cadence.core.planfile.schema import Activity, Plan
from cadence.core.triggers.words import Name

MOVES = frozenset({"date", "due", "window", "starts", "ends"})
"""The fields of a task that say when."""
TIMING = ("kind", "owner", "rotate", "trigger", "roll", "at", "minutes", "date", "was")
"""What an activity says about when, and about whose calendar counts."""

Differences = Mapping[str, tuple[object, object]]
"""From a field's name (and `holder`) to what it was and what it is."""


class Word(StrEnum):
    """The causes, as documents name them."""

    PLAN = "plan text"
    MILESTONE = "milestone"
    ROLLOUT = "rollout"
    ABSENCE = "absence"
    CALENDAR = "calendar"
    HOLDER = "holder"
    PLACING = "placing"


@dataclass(frozen=True, slots=True)
class Cause:
    """`of` is the milestone's name or the absent person's key, None under every other word."""

    word: Word
    of: str | None = None

    def __str__(self) -> str:
        return {
            Word.MILESTONE: f"milestone {self.of}",
            Word.ABSENCE: f"absence of {self.of}",
        }.get(self.word, self.word.value)


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan with its people: what a cause is looked for in."""

    plan: Plan
    directory: Directory

    def activity(self, key: str) -> Activity | None:
        return next((one for one in self.plan.activities if one.identity == key), None)

    def rollout(self, wave: str | None) -> date:
        return next((one.rollout for one in self.plan.waves if one.key == wave), self.plan.rollout)


def cause(occurrence: Occurrence, found: Differences, before: Reading | None, after: Reading) -> Cause:
    """Why the stored task becomes `occurrence`; None for `before`: unreadable by now."""
    if not MOVES.intersection(found):
        return Cause(Word.HOLDER if {"holder", "seat"}.intersection(found) else Word.PLAN)
    if before is None or _retimed(occurrence, before, after):
        return Cause(Word.PLAN)
    return next(_causes(occurrence, found, before, after), Cause(Word.PLACING))


def _retimed(occurrence: Occurrence, before: Reading, after: Reading) -> bool:
    was = before.activity(_identity(occurrence, after))
    now = after.activity(_identity(occurrence, after))
    return was is None or now is None or any(getattr(was, name) != getattr(now, name) for name in TIMING)


def _identity(occurrence: Occurrence, after: Reading) -> str:
    found = next((one for one in after.plan.activities if one.key == occurrence.activity), None)
    return found.identity if found else occurrence.activity


def _causes(occurrence: Occurrence, found: Differences, before: Reading, after: Reading) -> Iterator[Cause]:
    """Every cause that explains another day, the most telling first."""
    activity = after.activity(_identity(occurrence, after))
    for name in sorted(_milestones(activity, after.plan)):
        if before.plan.milestones.get(name) != after.plan.milestones.get(name):
            yield Cause(Word.MILESTONE, name)
    if before.rollout(occurrence.wave) != after.rollout(occurrence.wave):
        yield Cause(Word.ROLLOUT)
    for person in _concerned(occurrence, after.directory):
        if _is_absence(person, found, before.directory, after.directory):
            yield Cause(Word.ABSENCE, person)
    if before.directory.calendar != after.directory.calendar:
        yield Cause(Word.CALENDAR)
    if {"holder", "seat", "timezone"}.intersection(found):
        yield Cause(Word.HOLDER)


def _milestones(activity: Activity | None, plan: Plan) -> frozenset[str]:
    """The milestones that an activity leans on, and those that they lean on themselves."""
    waiting = list(_names(activity.trigger)) if activity else []
    during = getattr(activity.trigger, "during", None) if activity else None
    waiting += _names(plan.phases.get(during, ()) if during else ())
    waiting += _names(plan.ends)
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in plan.milestones and name not in found:
            found.add(name)
            waiting += _names(plan.milestones[name])
    return frozenset(found)


def _names(thing: object) -> Iterator[str]:
    """Every milestone named anywhere inside a trigger or a date word."""
    if isinstance(thing, Name):
        yield thing.name
    elif isinstance(thing, (tuple, list)):
        for part in thing:
            yield from _names(part)
    elif isinstance(thing, Mapping):
        yield from _names(tuple(thing.values()))
    elif is_dataclass(thing):
        for one in fields(thing):
            yield from _names(getattr(thing, one.name))


def _concerned(occurrence: Occurrence, directory: Directory) -> Iterator[str]:
    """Whose calendars decide the day: the holder's, then that of whoever it is about, then the attendees'."""
    if holder := directory.holder(occurrence.seat, occurrence.date):
        yield holder
    kind, _, key = occurrence.about.partition("/")
    if kind in ("rep", "person"):
        yield key
    yield from occurrence.attendees


def _is_absence(person: str, found: Differences, before: Directory, after: Directory) -> bool:
    """Stated since, taken back since, or on the day on which the task lay (told apart from any plan)."""
    was, now = before.persons.get(person), after.persons.get(person)
    day = found.get("date", (None, None))[0]
    told = isinstance(day, date) and now is not None and after.worktimes[person].is_away(day)
    return told or (was is not None and now is not None and was.away != now.away)
