"""All that a compile reads, verbatim."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that a compile reads, verbatim: the plan's text, its parents', the people file, resolved holidays.

    `files` maps the name as written to its text, the plan itself first; `holidays` maps a calendar (`US`,
    `US-NY`) to its days; `plan` is the file name of the plan. `moved` maps a milestone (or `rollout`) to the day it
    was moved to by hand, ordered by name; it stands above what the text says. `hash` names the whole.
    """

    plan: str
    files: tuple[tuple[str, str], ...]
    holidays: tuple[tuple[str, tuple[date, ...]], ...]
    hash: str
    moved: tuple[tuple[str, date], ...] = ()

    def with_moved(self, moved: Mapping[str, date]) -> Bundle:
        """The same texts with these milestones moved, and no others."""
        ordered = tuple(sorted(moved.items()))
        if ordered == self.moved:
            return self
        return replace(self, moved=ordered, hash=bundle_hash(self.plan, self.files, self.holidays, ordered))


def bundle_hash(
    plan: str,
    files: tuple[tuple[str, str], ...],
    holidays: tuple[tuple[str, tuple[date, ...]], ...],
    moved: tuple[tuple[str, date], ...] = (),
) -> str:
    """Names the content of a bundle: 16 hex digits of SHA-256."""
    content = (plan, files, holidays, moved) if moved else (plan, files, holidays)
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]
