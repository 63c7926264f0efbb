"""A person of the installation: who, where, when at work, reachable how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from cadence.core.model.days import Days

WORKWEEK = frozenset({0, 1, 2, 3, 4})


class Briefs(StrEnum):
    """How often a person wants a brief: on working days with something open, when something is due, once a week."""

    DAILY = "daily"
    DUE = "due"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How a person wants to hear, in their own words; it stands above what files say. None leaves it to them."""

    channel: str | None = None
    brief: time | None = None
    briefs: Briefs | None = None


@dataclass(frozen=True, slots=True, order=True)
class ByHand:
    """What was said of a person by hand, above what a plan's files say: `left`, their last day here, or that they hold
    the seats of `replaces` from `since` on. None is silence."""

    person: str
    left: date | None = None
    replaces: str | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone of the installation. `identity` is `id:...` or `mail:...` and never changes; `key` is the alias.

    `workdays` holds weekday numbers (0 is Monday). `reports_to` is another person's key, or None where the
    plan's roles decide the line above. `channel` None means Slack where it is set up, else mail. `briefs` is never a
    plan's word, only the person's own.
    """

    key: str
    identity: str
    name: str
    email: str | None = None
    timezone: str = "UTC"
    country: str | None = None
    subdivision: str | None = None
    workdays: frozenset[int] = WORKWEEK
    opens: time = time(8)
    closes: time = time(18)
    language: str = "en"
    channel: str | None = None
    brief: time = time(8, 30)
    briefs: Briefs = Briefs.DUE
    reports_to: str | None = None
    team: str | None = None
    region: str | None = None
    tags: frozenset[str] = frozenset()
    started: date | None = None
    left: date | None = None
    external: bool = False
    away: tuple[Days, ...] = ()
