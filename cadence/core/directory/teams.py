"""Reps, managers and teams, read from who reports to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from cadence.core.directory.succession import Succession
from cadence.core.planfile.names import slug
from cadence.core.planfile.schema import PersonRow


@dataclass(frozen=True, slots=True)
class Team:
    """A manager and the reps who report directly. `manager` is the first one: who holds the seat on a day, the
    directory says. `regions` and `tags` are those of its reps, `reps` are ordered by key."""

    key: str
    name: str
    manager: str
    reps: tuple[str, ...]
    regions: frozenset[str]
    tags: frozenset[str]

    @property
    def region(self) -> str | None:
        """The one region of all its reps; None when they have none or several."""
        return next(iter(self.regions)) if len(self.regions) == 1 else None


def reps_of(rows: Iterable[PersonRow]) -> tuple[PersonRow, ...]:
    """Those in the file to whom nobody reports. Who stands only in the plan's list is one when they have a manager."""
    rows = tuple(rows)
    leading = _leading(rows)
    return tuple(row for row in rows if row.key not in leading and (row.source == "file" or row.manager))


def _leading(rows: Sequence[PersonRow]) -> frozenset[str]:
    """Whom somebody reports to, and who was there before them: a manager that has been followed leaves no rep behind.
    Only who reports to the follower by now, having stepped down into the team, is a rep of it."""
    by_key = {row.key: row for row in rows}
    leading = {row.manager for row in rows if row.manager}
    for row in [by_key[key] for key in sorted(leading) if key in by_key]:
        line, before = {row.key}, by_key.get(row.replaces or "")
        while before is not None and before.key not in line:
            if before.manager not in line:
                leading.add(before.key)
            line.add(before.key)
            before = by_key.get(before.replaces or "")
    return frozenset(leading)


def teams_of(rows: Collection[PersonRow], succession: Succession) -> tuple[Team, ...]:
    """The teams, ordered by key. Reps of a manager and of the predecessor are one team."""
    groups: dict[str, list[PersonRow]] = {}
    for row in sorted(reps_of(rows), key=lambda row: row.key):
        if row.manager:
            groups.setdefault(succession.origin(row.manager), []).append(row)
    labels = _labels(groups)
    names = {row.key: row.name for row in rows}
    teams = [
        Team(
            key=slug(labels[first]) if first in labels else first,
            name=labels.get(first) or names.get(first) or first,
            manager=first,
            reps=tuple(row.key for row in reps),
            regions=frozenset(row.region for row in reps if row.region),
            tags=frozenset(tag for row in reps for tag in row.tags),
        )
        for first, reps in groups.items()
    ]
    return tuple(sorted(teams, key=lambda team: team.key))


def _labels(groups: dict[str, list[PersonRow]]) -> dict[str, str]:
    """The `team` column per first manager, where it names one team and no other manager's."""
    found = {}
    for first, reps in groups.items():
        written = sorted({row.team for row in reps if row.team})
        if len(written) == 1 and slug(written[0]):
            found[first] = written[0]
    slugs = [slug(label) for label in found.values()]
    return {
        first: label
        for first, label in found.items()
        if slugs.count(slug(label)) == 1 and slug(label) not in groups.keys() - {first}
    }
