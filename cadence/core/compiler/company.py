"""Company: who takes part in a series, day by day, without owing anything."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date

from cadence.core.compiler.holders import Holders
from cadence.core.model import Days


class Company:
    """The persons behind `words`: seats, and the groups `managers`, `reps` and `team/KEY`, with `/WAVE` behind the
    first two for those of one wave. It changes on few days, so it is worked out once for each stretch between two."""

    def __init__(self, words: tuple[str, ...], holders: Holders, serving: Mapping[str, Days]) -> None:
        self._words = words
        self._holders = holders
        self._serving = serving
        self._changes = sorted({day for word in words for day in self._changes_of(word)})
        self._stretches: dict[int, tuple[str, ...]] = {}

    def on(self, day: date, holder: str | None) -> tuple[str, ...]:
        """Each once, in the order of the words, without the one who owes it."""
        stretch = bisect_right(self._changes, day)
        if stretch not in self._stretches:
            persons = (person for word in self._words for person in self._persons(word, day))
            self._stretches[stretch] = tuple(dict.fromkeys(persons))
        found = self._stretches[stretch]
        return tuple(person for person in found if person != holder) if holder in found else found

    def always(self, holder: str | None) -> tuple[str, ...] | None:
        """The same on every day; None where it changes."""
        return None if self._changes else self.on(date.min, holder)

    def _changes_of(self, word: str) -> Iterable[date]:
        match word.split("/"):
            case ["managers", *_]:
                seats = [f"manager/{team}" for team in self._holders.directory.teams]
            case ["team" | "reps", *_]:
                spans = [self._serving[rep] for rep in self._group(word)]
                return {edge for span in spans for edge in (span.start, span.stop)} - {date.min, date.max}
            case _:
                seats = [word]
        return {span.start for seat in seats for span, _ in self._holders.tenures(seat)} - {date.min}

    def _group(self, word: str) -> tuple[str, ...]:
        """The reps whom `team/KEY`, `reps` or `reps/WAVE` means, on whatever day."""
        directory = self._holders.directory
        kind, _, name = word.partition("/")
        if kind == "team":
            return directory.teams[name].reps
        return tuple(rep for rep in directory.reps if not name or directory.waves.reps.get(rep) == name)

    def _persons(self, word: str, day: date) -> tuple[str, ...]:
        kind, _, name = word.partition("/")
        if kind == "managers":
            return self._holders.directory.managers(day, name or None)
        if kind in ("team", "reps"):
            return tuple(rep for rep in self._group(word) if day in self._serving[rep])
        person = self._holders.on(word, day)
        return (person,) if person else ()
