"""Findings about waves: who starts with none of them, and which team starts in two halves."""

from __future__ import annotations

from collections.abc import Iterator

from cadence.core.compiler.findings import Finding, few
from cadence.core.directory import Directory
from cadence.core.kinds import KINDS
from cadence.core.planfile.schema import Plan


def of_waves(plan: Plan, directory: Directory) -> Iterator[Finding]:
    """P320 for the reps whom no wave wants, and for who gets no turn thereby; P321 for each team of several waves."""
    yield from _without_turn(plan, directory)
    waves = directory.waves
    if left_out := waves.left_out(directory.reps):
        names = few([directory.name(rep) for rep in left_out])
        fit = "fits" if len(left_out) == 1 else "fit"
        message = f"{names} {fit} into no wave: what is about them counts from the plan's own rollout"
        yield Finding("P320", "waves", message)
    for team, found in waves.mixed.items():
        message = f"the reps of {directory.title_of(f'team/{team}')} are of {few(found)}: the team counts in {found[0]}"
        yield Finding("P321", "waves", message, name=directory.title_of(f"team/{team}"))


def _without_turn(plan: Plan, directory: Directory) -> Iterator[Finding]:
    """Where turns go round each wave, they pass over whoever is in none."""
    waves = [wave.key for wave in directory.waves.order]
    for activity in plan.activities if waves else ():
        if activity.rotate is None or KINDS[activity.kind].per != "wave":
            continue
        turned = {one for key in waves for one in directory.turns(f"{activity.rotate}/{key}", plan.rollout)}
        missing = [one for one in directory.turns(activity.rotate, plan.rollout) if one not in turned]
        if missing:
            names = few([directory.name(one) for one in missing])
            message = f"no turn for {names}, because the turns go round each wave"
            yield Finding("P320", f"activities.{activity.key}.rotate", message)
