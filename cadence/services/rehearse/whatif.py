"""What is played through: how people behave, who is away or not there at all, when Slack is down.

A what-if changes the plan or the world, never the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cadence.core.model import Bundle, Days
from cadence.core.model.bundles import bundle_hash

LATE_SHARE = 0.2
"""How many of the people are of the late kind, where nothing else is said."""


class Manners(StrEnum):
    """How a whole organisation answers."""

    REALISTIC = "realistic"
    PERFECT = "perfect"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """`late` is a share from 0 to 1 of the realistic; `away` and `without` name people by key; `slack_down` are days
    of the plan's zone."""

    manners: Manners = Manners.REALISTIC
    late: float = LATE_SHARE
    away: tuple[tuple[str, Days], ...] = ()
    without: tuple[str, ...] = ()
    slack_down: tuple[Days, ...] = ()


AS_PLANNED = WhatIf()


def leaving(bundle: Bundle, persons: Iterable[str], last: date) -> Bundle:
    """The plan of a file, with these people of it gone after `last` and followed by nobody: a plan that extends it and
    says so."""
    gone = {person: {"left": last.isoformat()} for person in persons}
    name = f"without-{bundle.plan}"
    text = json.dumps({"extends": bundle.plan, "people": {"list": gone}}, ensure_ascii=False)
    files = ((name, text), *bundle.files)
    return Bundle(plan=name, files=files, holidays=bundle.holidays, hash=bundle_hash(name, files, bundle.holidays))
