"""What filters look at: the regions, teams and tags of a person or of a team."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cadence.core.directory.teams import Team
from cadence.core.model import Person
from cadence.core.planfile.schema import Filter


class Traits(NamedTuple):
    """Words in small letters; a side without any is empty."""

    regions: frozenset[str]
    teams: frozenset[str]
    tags: frozenset[str]


def traits(team: Team | None, person: Person | None) -> Traits:
    """Those of `person`, who is of `team`; without a person the team's own, which are those of its reps."""
    teams = _small((team.key, team.name) if team else ())
    if person is None:
        return Traits(_small(team.regions if team else ()), teams, _small(team.tags if team else ()))
    return Traits(_small((person.region,) if person.region else ()), teams, _small(person.tags))


def matches(wanted: Filter, found: Traits) -> bool:
    """Whether every side that `wanted` names has one of its values in `found`."""
    sides = ((wanted.region, found.regions), (wanted.team, found.teams), (wanted.tags, found.tags))
    return all(not words or any(word.casefold() in here for word in words) for words, here in sides)


def _small(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for word in words)
