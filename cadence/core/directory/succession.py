"""Who follows whom: the holders of a seat over time, from `replaces` and `since`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cadence.core.planfile.schema import PersonRow


@dataclass(frozen=True, slots=True, order=True)
class Tenure:
    """From `since` on the seat is `person`'s, until the next tenure begins."""

    since: date
    person: str


@dataclass(frozen=True, slots=True)
class Succession:
    """`first` maps a person to the one their line of succession began with, `followers` to all who come after.

    Whoever replaced nobody and is followed by nobody is in neither."""

    first: Mapping[str, str] = field(default_factory=dict)
    followers: Mapping[str, tuple[Tenure, ...]] = field(default_factory=dict)

    def origin(self, person: str) -> str:
        """The first of `person`'s line: a team keeps the key of its first manager."""
        return self.first.get(person, person)

    def at(self, person: str, day: date) -> str:
        """Who sits on `day` where `person` sat at first."""
        sitting = person
        for tenure in self.followers.get(person, ()):
            if tenure.since <= day:
                sitting = tenure.person
        return sitting

    def followed_on(self, person: str) -> date | None:
        """The first day on which somebody else sits there; None when nobody follows."""
        tenures = self.followers.get(person, ())
        return tenures[0].since if tenures else None


def succession(rows: Iterable[PersonRow]) -> tuple[Succession, tuple[PersonRow, ...]]:
    """The lines of succession in `rows`, and the rows that replace themselves in the end.

    Those in a circle replace nobody. Without `since` the change has always been so."""
    by_key = {row.key: row for row in rows}
    first: dict[str, str] = {}
    followers: dict[str, list[Tenure]] = {}
    circular = []
    for row in by_key.values():
        if row.replaces is None:
            continue
        before = _predecessors(row, by_key)
        if row.key in before:
            circular.append(row)
            continue
        first[row.key] = before[-1]
        for person in before:
            followers.setdefault(person, []).append(Tenure(row.since or date.min, row.key))
    return Succession(first, {key: tuple(sorted(line)) for key, line in followers.items()}), tuple(circular)


def _predecessors(row: PersonRow, by_key: Mapping[str, PersonRow]) -> tuple[str, ...]:
    """Everyone before, nearest first; ends with `row` itself when the line is a circle."""
    line: list[str] = []
    current: PersonRow | None = row
    while current is not None and current.replaces is not None and current.replaces not in line:
        line.append(current.replaces)
        current = by_key.get(current.replaces)
    return tuple(line)
