"""All that a compile reads, verbatim."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from cadence.core.model.people import ByHand


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that a compile reads, verbatim: the plan's text, its parents', the people file, resolved holidays.

    `files` maps the name as written to its text, the plan itself first; `holidays` maps a calendar (`US`,
    `US-NY`) to its days; `plan` is the file name of the plan. `moved` maps a milestone (or `rollout`) to the day it
    was moved to by hand, ordered by name; `by_hand` says who left and who replaces whom, ordered by person. Both stand
    above what the text says. `hash` names the whole.
    """

    plan: str
    files: tuple[tuple[str, str], ...]
    holidays: tuple[tuple[str, tuple[date, ...]], ...]
    hash: str
    moved: tuple[tuple[str, date], ...] = ()
    by_hand: tuple[ByHand, ...] = ()

    def with_moved(self, moved: Mapping[str, date]) -> Bundle:
        """The same texts with these milestones moved, and no others."""
        ordered = tuple(sorted(moved.items()))
        if ordered == self.moved:
            return self
        return replace(self, moved=ordered, hash=self._hashed(ordered, self.by_hand))

    def with_by_hand(self, by_hand: Iterable[ByHand]) -> Bundle:
        """The same texts with this said of people by hand, and nothing else."""
        ordered = tuple(sorted(by_hand, key=lambda one: one.person))
        if ordered == self.by_hand:
            return self
        return replace(self, by_hand=ordered, hash=self._hashed(self.moved, ordered))

    def _hashed(self, moved: tuple[tuple[str, date], ...], by_hand: tuple[ByHand, ...]) -> str:
        return bundle_hash(self.plan, self.files, self.holidays, moved, by_hand)


def bundle_hash(
    plan: str,
    files: tuple[tuple[str, str], ...],
    holidays: tuple[tuple[str, tuple[date, ...]], ...],
    moved: tuple[tuple[str, date], ...] = (),
    by_hand: tuple[ByHand, ...] = (),
) -> str:
    """Names the content of a bundle: 16 hex digits of SHA-256."""
    content: tuple[object, ...] = (plan, files, holidays, moved) if moved or by_hand else (plan, files, holidays)
    content = (*content, by_hand) if by_hand else content
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]
