"""All that a compile reads, verbatim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """All that a compile reads, verbatim: the plan's text, its parents', the people file, resolved holidays.

    `files` maps the name as written to its text, the plan itself first; `holidays` maps a calendar (`US`,
    `US-NY`) to its days; `plan` is the file name of the plan. `hash` names the whole.
    """

    plan: str
    files: tuple[tuple[str, str], ...]
    holidays: tuple[tuple[str, tuple[date, ...]], ...]
    hash: str
