"""Persons who are gone without a word, and managers who look like somebody's successor."""

from __future__ import annotations

from collections import Counter

from cadence.core.directory import Directory

MOSTLY = 0.5
"""A new manager over more than this share of another's reps looks like a successor."""


def vanished(before: Directory, after: Directory) -> tuple[str, ...]:
    """By name, whoever is no longer known and of whom nobody said that they left."""
    gone = (key for key, person in before.persons.items() if key not in after.persons and person.left is None)
    return tuple(f"{before.name(key)} ({key})" for key in sorted(gone))


def succeeded(before: Directory, after: Directory) -> tuple[tuple[str, str], ...]:
    """Pairs (old, new) by name: whoever led no team before now leads mostly the reps of somebody who leads none any
    more, and nobody wrote `replaces`. Only reps who are still there count."""
    led = {team.manager for team in before.teams.values()}
    leads = {team.manager for team in after.teams.values()}
    old_of = {rep: before.teams[team].manager for rep, team in before.members.items() if rep in after.persons}
    had = Counter(old_of.values())
    found: list[tuple[str, str]] = []
    for team in after.teams.values():
        came_from = [old_of[rep] for rep in team.reps if rep in old_of and team.manager not in led]
        likely = (old for old in sorted(set(came_from) - leads) if came_from.count(old) > MOSTLY * had[old])
        found += [(before.name(old), after.name(team.manager)) for old in likely]
    return tuple(found)
