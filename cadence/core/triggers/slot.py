"""A slot: one time that something is owed, before anything rolls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cadence.core.model import Days


@dataclass(frozen=True, slots=True)
class Slot:
    """One time that something is owed. `key` is its identity within the series, `period` the days it is owed in
    (already cut to the rhythm's limits), `days` the candidates in order of preference, before rolling; without
    candidates any working day of the period will do."""

    key: str
    period: Days
    days: tuple[date, ...] = ()
