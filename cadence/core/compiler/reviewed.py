"""A plan with all that its compile made of it, gathered once for everything that looks for findings.

A schedule may hold a million tasks, and its findings are about a few thousand series: they ask the run, not the task.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from cadence.core.compiler.holders import Holders
from cadence.core.compiler.runs import Run
from cadence.core.directory import Directory
from cadence.core.model import Days
from cadence.core.planfile.schema import Activity, Plan

NEVER = Days(date.min, date.min)


@dataclass(frozen=True)
class Reviewed:
    """`runs` hold all tasks, in the order of the first of each; `seated` tells who holds a seat on a day."""

    plan: Plan
    seated: Holders
    runs: Sequence[Run]

    @property
    def directory(self) -> Directory:
        return self.seated.directory

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        return {activity.key: activity for activity in self.plan.activities}

    @cached_property
    def seats(self) -> Mapping[tuple[str, str], tuple[date, date, int]]:
        """Per activity and seat: the first and the last date, and how many tasks; ordered."""
        found: dict[tuple[str, str], tuple[date, date, int]] = {}
        for run in self.runs:
            key = (run.terms.activity, run.terms.seat)
            first, last, many = found.get(key, (run.first, run.last, 0))
            found[key] = (min(first, run.first), max(last, run.last), many + len(run.tasks))
        return dict(sorted(found.items()))

    @cached_property
    def tenures(self) -> Mapping[str, tuple[tuple[Days, str | None], ...]]:
        """Who holds each seat from the first task of the plan to the last. Turns have no tenure: they are nobody's
        until it is somebody's turn."""
        span = Days.inclusive(self.runs[0].first, max(run.last for run in self.runs)) if self.runs else NEVER
        seats = {seat for _, seat in self.seats if not seat.startswith("turn/")}
        return {seat: self.seated.within(seat, span) for seat in sorted(seats)}

    @cached_property
    def holders(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Everybody who ever holds something, and for which activities in which seats; ordered."""
        found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        for (activity, seat), (first, last, _) in self.seats.items():
            for holder in self._in_seat(seat, (first, last)):
                found[holder].append((activity, seat))
        return {person: tuple(what) for person, what in sorted(found.items())}

    def holders_of(self, run: Run) -> frozenset[str]:
        """Who holds the run's seat on the days of its tasks."""
        return self._in_seat(run.terms.seat, (run.first, run.last))

    def _in_seat(self, seat: str, between: tuple[date, date]) -> frozenset[str]:
        first, last = between
        if seat not in self.tenures:
            return frozenset(holder for day in between if (holder := self.seated.on(seat, day)))
        spans = self.tenures[seat]
        return frozenset(holder for span, holder in spans if holder and span.start <= last and first < span.stop)
