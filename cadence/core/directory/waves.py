"""Waves: which part of the organisation somebody starts with, and who holds a role in that part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cadence.core.directory.teams import Team
from cadence.core.directory.traits import matches, traits
from cadence.core.model import Person
from cadence.core.planfile.schema import Plan, Wave


@dataclass(frozen=True, slots=True)
class Waves:
    """The waves of one plan, the earliest first; none at all when everybody starts at once.

    `reps` and `teams` map a key to its wave's; a rep whom no wave wants is missing, and counts by the plan's own
    rollout. `managers` maps a team's first manager to the team's wave. `mixed` are teams whose reps are of several
    waves, with all of these: the team is of the earliest. `roles` maps `vp/west` to whoever holds the role there.
    """

    order: tuple[Wave, ...] = ()
    reps: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    managers: Mapping[str, str] = field(default_factory=dict)
    mixed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def role(self, role: str, wave: str | None) -> str:
        """The role's seat as `wave` has it: `role/vp`, or `role/vp/west` where the wave has a VP of its own."""
        return f"role/{role}/{wave}" if f"{role}/{wave}" in self.roles else f"role/{role}"

    def left_out(self, reps: Iterable[str]) -> tuple[str, ...]:
        """Those of `reps` whom no wave wants; nobody where there are no waves."""
        return tuple(rep for rep in reps if rep not in self.reps) if self.order else ()


def waves_of(
    plan: Plan,
    persons: Mapping[str, Person],
    teams: Mapping[str, Team],
    members: Mapping[str, str],
    reps: Iterable[str],
    keys: Mapping[str, str],
) -> Waves:
    """Every rep is of the first wave, by rollout and key, whose `only` fits. `keys` leads to the keys for good."""
    if not plan.waves:
        return Waves()
    order = tuple(sorted(plan.waves, key=lambda wave: (wave.rollout, wave.key)))
    looks = {rep: traits(teams.get(members.get(rep, "")), persons[rep]) for rep in reps}
    fitting = {rep: [wave.key for wave in order if matches(wave.only, look)] for rep, look in looks.items()}
    of_rep = {rep: found[0] for rep, found in fitting.items() if found}
    of_team = _of_teams(teams, of_rep, [wave.key for wave in order])
    return Waves(
        order,
        of_rep,
        {team: found[0] for team, found in of_team.items()},
        {teams[team].manager: found[0] for team, found in of_team.items()},
        {team: found for team, found in of_team.items() if len(found) > 1},
        {f"{role}/{wave.key}": keys.get(key, key) for wave in order for role, key in sorted(wave.roles.items())},
    )


def _of_teams(teams: Mapping[str, Team], of_rep: Mapping[str, str], order: list[str]) -> dict[str, tuple[str, ...]]:
    """The waves of each team's reps, the earliest first; a team of which no rep has a wave is missing."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for team in teams.values():
        for rep in team.reps:
            if rep in of_rep:
                found[team.key].add(of_rep[rep])
    return {team: tuple(sorted(waves, key=order.index)) for team, waves in sorted(found.items())}


def plain_seat(seat: str) -> str:
    """A seat as documents name it, without the wave and the turn's number: `role/vp` for `role/vp/west`,
    `turn/managers` for `turn/managers/west/3`."""
    kind, name, *_ = seat.split("/")
    return f"{kind}/{name}" if kind in ("role", "turn") else seat
