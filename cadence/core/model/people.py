"""A person of the installation: who, where, when at work, reachable how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from cadence.core.model.days import Days

WORKWEEK = frozenset({0, 1, 2, 3, 4})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone of the installation. `identity` is `id:...` or `mail:...` and never changes; `key` is the alias.

    `workdays` holds weekday numbers (0 is Monday). `reports_to` is another person's key, or None where the
    plan's roles decide the line above. `channel` None means Slack where it is set up, else mail.
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
    reports_to: str | None = None
    team: str | None = None
    region: str | None = None
    tags: frozenset[str] = frozenset()
    started: date | None = None
    left: date | None = None
    external: bool = False
    away: tuple[Days, ...] = ()
