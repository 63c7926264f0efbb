"""Shortfalls: what a schedule could not do as the plan has it, gathered while it is made and told by activity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from cadence.core.compiler.findings import Finding, counted, dates_in_words, few
from cadence.core.compiler.meeting import Choice, Pair
from cadence.core.directory import Directory

Crowded = Mapping[str, Sequence[tuple[date, int]]]
"""Per person, the days with more than one ride, and how many."""


class Shortfalls:
    """Filled in any order; `findings` does not depend on it."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._found: list[Finding] = []
        self._silenced: defaultdict[str, list[date]] = defaultdict(list)
        self._apart: defaultdict[tuple[str, str, str], list[tuple[date, str]]] = defaultdict(list)

    def say(self, code: str, path: str, message: str, remedy: str = "") -> None:
        """What needs no gathering."""
        self._found.append(Finding(code, path, message, remedy))

    def silenced(self, activity: str, days: Iterable[date]) -> None:
        """Slots that a quiet span leaves no day."""
        self._silenced[activity] += days

    def apart(self, activity: str, choice: Choice, pair: Pair) -> None:
        """A pair that cannot meet as it is wished; nothing when they can."""
        if choice.code:
            names = " and ".join(self._directory.name(person) for person in pair.people)
            self._apart[choice.code, activity, pair.people[0]].append((choice.days[0], names))

    def is_silent(self, activity: str) -> bool:
        return bool(self._silenced.get(activity))

    def findings(self, crowded: Crowded) -> Iterator[Finding]:
        yield from self._found
        for (code, activity, _), cases in sorted(self._apart.items()):
            yield Finding(code, f"activities.{activity}", _cannot_meet(code, cases))
        for activity, days in sorted(self._silenced.items()):
            if days:
                times = f"{counted(len(days), 'time')} it falls into a quiet span that leaves it no other day"
                yield Finding("P318", f"activities.{activity}", f"{times}: {dates_in_words(days)}")
        for person, rides in crowded.items():
            yield Finding("P302", f"people.list.{person}", _crowded(self._directory.name(person), rides))


def _crowded(name: str, rides: Sequence[tuple[date, int]]) -> str:
    most = max(many for _, many in rides)
    when = dates_in_words(day for day, _ in rides)
    return f"{name} has more than one ride on {counted(len(rides), 'day')}, up to {most}: {when}"


def _cannot_meet(code: str, cases: Sequence[tuple[date, str]]) -> str:
    named = few(sorted({names for _, names in cases}))
    when = dates_in_words(day for day, _ in cases)
    if code == "P308":
        return f"{named} can meet on none of the days named, and {len(cases)} of these lie on another: near {when}"
    return f"{named} cannot meet in {counted(len(cases), 'window')}: near {when}"
