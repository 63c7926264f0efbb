"""Findings about waves: who starts with none of them, and which team starts in two halves."""

from __future__ import annotations

from collections.abc import Iterator

from cadence.core.compiler.findings import Finding, few
from cadence.core.directory import Directory


def of_waves(directory: Directory) -> Iterator[Finding]:
    """P320 for the reps whom no wave wants, P321 for each team of several waves."""
    waves = directory.waves
    if left_out := waves.left_out(directory.reps):
        names = few([directory.name(rep) for rep in left_out])
        fit = "fits" if len(left_out) == 1 else "fit"
        message = f"{names} {fit} into no wave: what is about them counts from the plan's own rollout"
        yield Finding("P320", "waves", message)
    for team, found in waves.mixed.items():
        message = f"the reps of {directory.title_of(f'team/{team}')} are of {few(found)}: the team counts in {found[0]}"
        yield Finding("P321", "waves", message, name=directory.title_of(f"team/{team}"))
