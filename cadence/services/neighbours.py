"""What is odd between a plan and the others that are loaded: gathered here, found by the core."""

from __future__ import annotations

from collections.abc import Iterator

from cadence.core.compiler.neighbours import Loaded, Newcomer, beside, shared
from cadence.core.model import Problem
from cadence.services.compiling import Compiled, read
from cadence.store import Work


def findings(work: Work, compiled: Compiled) -> tuple[Problem, ...]:
    """People whom two plans describe differently, meetings of two plans at once, weeks too full over all plans.

    Reads the open tasks of those plans only that share somebody with `compiled`; plans that cannot be read any more
    are left out.
    """
    mine = Newcomer(compiled.plan, compiled.directory, compiled.compilation.schedule, compiled.compilation.load)
    return beside(mine, _others(work, compiled))


def _others(work: Work, compiled: Compiled) -> Iterator[Loaded]:
    aliases, absences = work.people.aliases(), work.people.absences()
    for stored in work.plans.current():
        if stored.plan == compiled.plan.id:
            continue
        result, _ = read(stored.bundle, aliases, absences)
        if result is not None and shared(compiled.directory, result[1]):
            yield Loaded(*result, work.tasks.diary(stored.plan))
