"""Tenures: one series while one person holds its seat, and the tasks that come of it.

A schedule has as many tasks as there are slots in all its tenures; whatever does not change from slot to slot is
settled here, so that a task is nine values put side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cadence.core.compiler.company import Company
from cadence.core.compiler.dating import Dated, Dating, Table
from cadence.core.compiler.making import Make
from cadence.core.compiler.placing import Wish
from cadence.core.compiler.runs import Run, run_of
from cadence.core.model import Days, Occurrence, Terms
from cadence.core.worktime import Worktime

NO_TIMES = (None, None)

Draft = tuple[Dated, Days, datetime, Wish]
"""A proposed task on its way to a day: its slot, its own part of the window, its due."""


@dataclass(slots=True, eq=False)
class Tenure:
    """One series while one person holds its seat, or nobody does. `terms` are its tasks' in turn, by topic; `together`
    who takes part, None where that changes with the day."""

    make: Make
    dating: Dating
    span: Days
    holder: str | None
    worktime: Worktime
    table: Table
    terms: tuple[Terms, ...]
    company: Company
    together: tuple[str, ...] | None

    def fixed(self, rows: Sequence[Dated]) -> Run:
        """The tasks of slots whose day is settled."""
        id_of, terms, together = self.make.id_of, self.terms, self.together
        many = len(terms)
        tasks = [
            Occurrence(
                id_of(row.slot),
                terms[row.number % many],
                row.slot,
                row.day,
                row.window,
                row.due,
                row.starts,
                row.ends,
                self.company.on(row.day, self.holder) if together is None else together,
            )
            for row in rows
        ]
        return run_of(tasks, [row.day for row in rows])

    def placed(self, drafts: Sequence[Draft]) -> Run:
        """The tasks of drafts that have found their day."""
        id_of, terms, together = self.make.id_of, self.terms, self.together
        timed, many = self.make.series.activity.at is not None, len(terms)
        tasks = [
            Occurrence(
                id_of(dated.slot),
                terms[dated.number % many],
                dated.slot,
                wish.day,
                window,
                due,
                *(self.dating.times(wish.day, self.worktime) if timed else NO_TIMES),
                self.company.on(wish.day, self.holder) if together is None else together,
            )
            for dated, window, due, wish in drafts
        ]
        return run_of(tasks, [wish.day for _, _, _, wish in drafts])
