"""Turns: whose it is when something goes round a group. Who is away is passed, and comes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cadence.core.directory import Directory


def dealt(directory: Directory, group: str, days: Iterable[date]) -> Iterator[int]:
    """For each of `days`, in order, the number of the turn that is taken on it.

    Turn 0 is the first of the group's, turn 1 the second's, and so round and round. The lowest turn that is still
    open is taken, unless whoever has it is away on the day: then the next one's is, and the one passed over stays
    open until they are back. Nobody has two open turns: a long absence is not made up for turn by turn."""
    passed: list[int] = []
    following = 0
    for day in days:
        order = directory.turns(group, day)
        if not order:
            yield following
            following += 1
            continue
        ahead = range(following, following + len(order))
        taken = next((turn for turn in (*passed, *ahead) if _is_there(directory, order, turn, day)), following)
        yield taken
        if taken in passed:
            passed.remove(taken)
            continue
        waiting = {turn % len(order) for turn in passed}
        passed += [turn for turn in range(following, taken) if turn % len(order) not in waiting]
        following = taken + 1


def _is_there(directory: Directory, order: tuple[str, ...], turn: int, day: date) -> bool:
    return not directory.worktimes[order[turn % len(order)]].is_away(day)
