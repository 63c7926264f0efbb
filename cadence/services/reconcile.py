"""The one reconciler: a bundle is compiled, compared with what is stored, shown, and applied in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cadence.core.changes import ChangeSet, Holders, applied, changes
from cadence.core.directory import Directory
from cadence.core.model import Bundle, Event, EventType, Problem, Source, Task
from cadence.core.planfile.schema import Plan
from cadence.errors import Refused
from cadence.services.compiling import Compiled, compiled, read
from cadence.services.context import Context
from cadence.services.rewriting import owe_rewrites
from cadence.store import Work

MOSTLY = 0.5
"""A new manager over more than this share of another's reps looks like a successor."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A load that could be applied. `problems` holds warnings and notes only."""

    compiled: Compiled
    change_set: ChangeSet
    problems: tuple[Problem, ...]


def prepare(
    work: Work, context: Context, bundle: Bundle, now: datetime, *, backfill: bool = False
) -> tuple[Prepared | None, tuple[Problem, ...]]:
    """What loading `bundle` would change; None when the plan has errors."""
    aliases, absences = work.people.aliases(), work.people.absences()
    result, problems = compiled(bundle, context.words("en").say, aliases, absences)
    if result is None:
        return None, problems
    plan = result.plan.id
    tasks = work.tasks.find(plan=plan)
    stored = work.plans.get(plan)
    before = read(stored.bundle, aliases, absences)[0] if stored else None
    change_set = changes(
        plan,
        result.compilation.schedule,
        tasks,
        _holders(tasks, before, result.directory, now),
        now,
        today=result.directory.calendar.today(now),
        backfill=backfill,
        vanished=_vanished(before, result.directory),
        succeeded=_succeeded(before, result.directory),
    )
    return Prepared(result, change_set, problems), problems


def _holders(tasks: Sequence[Task], before: tuple[Plan, Directory] | None, after: Directory, now: datetime) -> Holders:
    live = [task for task in tasks if task.state.live]
    return Holders(
        before={task.id: _holder(task, before[1], now) for task in live} if before else {},
        after={task.id: _holder(task, after, now) for task in live},
    )


def _holder(task: Task, directory: Directory, now: datetime) -> str | None:
    day = max(task.date, now.date())
    asked = task.occurrence
    return directory.acting(asked.seat, asked.window, day, asked.when_absent, task.handed_to).person


def _vanished(before: tuple[Plan, Directory] | None, after: Directory) -> tuple[str, ...]:
    if before is None:
        return ()
    persons = before[1].persons
    return tuple(sorted(key for key in persons if key not in after.persons and persons[key].left is None))


def _succeeded(before: tuple[Plan, Directory] | None, after: Directory) -> tuple[tuple[str, str], ...]:
    """Pairs (old, new): the new manager's team is mostly the old one's reps, and nobody wrote `replaces`."""
    if before is None:
        return ()
    old_of: Mapping[str, str] = before[1].members
    teams = before[1].teams
    found: list[tuple[str, str]] = []
    for team in after.teams.values():
        came_from = [old_of[rep] for rep in team.reps if rep in old_of] if team.key not in teams else []
        gone = sorted({old for old in came_from if old not in after.teams})
        found += [(old, team.key) for old in gone if came_from.count(old) > MOSTLY * len(teams[old].reps)]
    return tuple(found)


def apply(
    work: Work,
    prepared: Prepared,
    now: datetime,
    *,
    author: str = "",
    source: Source = Source.CLI,
    quietly: bool = False,
) -> None:
    """Writes a prepared load: people, bundle, tasks and events, all in the transaction of `work`. `quietly` leaves
    messages that were sent as they are."""
    plan, directory = prepared.compiled.plan, prepared.compiled.directory
    work.people.save(directory.persons.values())
    work.people.replace_plan_absences(
        plan.id, {directory.renamed.get(key, key): days for key, days in plan.away.items()}
    )
    stored = work.plans.get(plan.id)
    if stored is None or stored.bundle.hash != prepared.compiled.bundle.hash:
        work.plans.save(plan.id, prepared.compiled.bundle, author, now)
        work.records.event(Event(at=now, type=EventType.LOADED, source=source, plan=plan.id))
    result = applied(prepared.change_set, now, source=source, today=directory.calendar.today(now))
    work.tasks.add(result.added)
    for task in result.changed:
        if not work.tasks.replace(task, task.version - 1):
            raise Refused(f"task {task.id} changed while the plan was being loaded; run load again")
    work.records.event(*result.events)
    if not quietly:
        owe_rewrites(work, (task.id for task in result.changed), now)


def load(
    context: Context,
    bundle: Bundle,
    now: datetime,
    *,
    author: str = "",
    force: bool = False,
    expect: str | None = None,
    backfill: bool = False,
    quietly: bool = False,
) -> tuple[Prepared | None, tuple[Problem, ...]]:
    """Prepares and applies in one transaction. Raises Refused for dangers without `force` and for another hash."""
    with context.store.begin() as work:
        prepared, problems = prepare(work, context, bundle, now, backfill=backfill)
        if prepared is None:
            return None, problems
        if expect is not None and prepared.change_set.hash != expect:
            raise Refused(f"the changes are {prepared.change_set.hash} by now, not {expect}; look at `diff` again")
        if prepared.change_set.dangers and not force:
            dangers = "; ".join(danger.message for danger in prepared.change_set.dangers)
            raise Refused(f"{dangers}; look at `diff`, then `load --force` if that is meant")
        apply(work, prepared, now, author=author, quietly=quietly)
        return prepared, problems
