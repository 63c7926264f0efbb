"""Runs: the tasks that one series has while one person holds its seat. What is about all of them asks the run.

A schedule may hold a million tasks of a few thousand runs. To walk through the tasks once more, one by one, costs as
much as to make them: most of them have left the processor's memory by then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from operator import attrgetter

from cadence.core.model import Occurrence, Terms


@dataclass(slots=True, eq=False)
class Run:
    """Tasks in the order of their dates, never empty, and `days`, those dates. `terms` are those of the first: by
    topic the others have another title."""

    terms: Terms
    tasks: Sequence[Occurrence]
    days: Sequence[date]

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        return self.days[-1]


def run_of(tasks: list[Occurrence], days: list[date]) -> Run:
    """Of tasks and their dates, in whatever order."""
    ordered = sorted(days)
    if ordered != days:
        tasks = sorted(tasks, key=attrgetter("date", "due", "id"))
    return Run(tasks[0].terms, tasks, ordered)


def by_first(runs: Iterable[Run]) -> list[Run]:
    """In the order of their first tasks."""
    return sorted(runs, key=lambda run: (run.first, run.tasks[0].due, run.tasks[0].id))


def in_order(runs: Iterable[Run]) -> tuple[Occurrence, ...]:
    """All their tasks by date, due and id. Few days and instants are shared by many tasks: those are told apart first,
    and only the ids are left to be sorted."""
    at: defaultdict[tuple[date, datetime], list[Occurrence]] = defaultdict(list)
    for run in runs:
        for day, task in zip(run.days, run.tasks, strict=True):
            at[day, task.due].append(task)
    ordered: list[Occurrence] = []
    for moment in sorted(at):
        ordered += sorted(at[moment], key=attrgetter("id"))
    return tuple(ordered)
