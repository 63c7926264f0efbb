"""The one reconciler: a bundle is compiled, compared with what is stored, shown, and applied in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from cadence.core.changes import (
    ChangeSet,
    Reading,
    applied,
    cause,
    changed_seats,
    changes,
    holders,
    succeeded,
    to_read,
    vanished,
)
from cadence.core.directory import Directory
from cadence.core.model import Bundle, Event, EventType, Occurrence, Problem, Source
from cadence.core.planfile.moving import carried, moves_found
from cadence.errors import Refused
from cadence.services import neighbours
from cadence.services.compiling import Compiled, compiled, dates_of, read
from cadence.services.context import Context
from cadence.services.rewriting import owe_rewrites
from cadence.services.uncollected import uncollected
from cadence.store import Work


@dataclass(frozen=True, slots=True)
class Prepared:
    """A load that could be applied. `problems` holds warnings and notes only; `before` are the people of the plan in
    force, None where there is none."""

    compiled: Compiled
    change_set: ChangeSet
    problems: tuple[Problem, ...]
    before: Directory | None


@uncollected()
def prepare(
    work: Work,
    context: Context,
    bundle: Bundle,
    now: datetime,
    *,
    backfill: bool = False,
    moved: Mapping[str, date] | None = None,
) -> tuple[Prepared | None, tuple[Problem, ...]]:
    """What loading `bundle` would change; None when the plan has errors. `moved` are the milestones moved by hand:
    where it is None, those that were moved before and that the file has not caught up with."""
    aliases, absences = work.people.aliases(), work.people.absences()
    moving, mistakes = _moving(work, bundle, moved)
    if moving is None:
        return None, mistakes
    result, problems = compiled(moving.bundle, context.words("en").say, aliases, absences, limit=context.most_tasks)
    if result is None:
        return None, problems
    found = (*problems, *moving.notes, *neighbours.findings(work, result))
    before = _before(work, result.plan.id)
    change_set = _compared(work, result, before, now, backfill=backfill, milestones=moving.changed)
    return Prepared(result, change_set, found, before.directory if before else None), found


@dataclass(frozen=True, slots=True)
class _Moving:
    """A bundle with the milestones that were moved by hand, what there is to say of them, and those that this load
    moves, as `v2 2027-08-02` or `v2 back`."""

    bundle: Bundle
    notes: tuple[Problem, ...]
    changed: tuple[str, ...]


def _moving(work: Work, bundle: Bundle, moved: Mapping[str, date] | None) -> tuple[_Moving | None, tuple[Problem, ...]]:
    text = bundle.with_moved({})
    written, problems = read(text, work.people.aliases(), work.people.absences())
    if written is None:
        return None, problems
    stored = work.plans.get(written[0].id)
    earlier = dict(stored.bundle.moved) if stored else {}
    wanted = earlier if moved is None else moved
    days = dates_of(*written)
    kept = carried(wanted, days)
    other = sorted(name for name in {*earlier, *kept} if earlier.get(name) != kept.get(name))
    changed = [f"{name} {kept.get(name, 'back')}" for name in other]
    return _Moving(text.with_moved(kept), tuple(moves_found(wanted, kept, days, written[0])), tuple(changed)), ()


def _before(work: Work, plan: str) -> Reading | None:
    """The plan in force; None where there is none, or where this version cannot read it any more."""
    stored = work.plans.get(plan)
    found = read(stored.bundle, work.people.aliases(), work.people.absences())[0] if stored else None
    return Reading(*found) if found else None


def _compared(
    work: Work,
    result: Compiled,
    before: Reading | None,
    now: datetime,
    *,
    backfill: bool,
    milestones: Iterable[str],
) -> ChangeSet:
    """Reads whole only the tasks that may change; the others need no more than their standing."""
    directory, schedule = result.directory, result.compilation.schedule
    stored = work.tasks.standings(result.plan.id)
    tasks = work.tasks.find(ids=to_read(schedule, stored, _seats(schedule, before, result)))
    return changes(
        result.plan.id,
        schedule,
        tasks,
        holders(tasks, schedule, before.directory if before else None, directory, now),
        now,
        stored=stored,
        because=partial(cause, before=before, after=Reading(result.plan, directory)),
        today=directory.calendar.today(now),
        backfill=backfill,
        vanished=vanished(before.directory, directory) if before else (),
        succeeded=succeeded(before.directory, directory) if before else (),
        milestones=tuple(milestones),
    )


def _seats(schedule: Iterable[Occurrence], before: Reading | None, result: Compiled) -> frozenset[str]:
    seats = (occurrence.terms.seat for occurrence in schedule)
    return changed_seats(seats, before.directory, result.directory) if before else frozenset()


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
    if not work.tasks.replace_all(result.changed):
        raise Refused("a task changed while the plan was being loaded; run load again")
    work.records.event(*result.events)
    if not quietly:
        owe_rewrites(work, (task.id for task in result.changed), now)


@uncollected()
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
    moved: Mapping[str, date] | None = None,
) -> tuple[Prepared | None, tuple[Problem, ...]]:
    """Prepares and applies in one transaction, alone with the plan. Raises Refused for dangers without `force` and
    for another hash."""
    with context.store.begin() as work:
        work.plans.lock()
        prepared, problems = prepare(work, context, bundle, now, backfill=backfill, moved=moved)
        if prepared is None:
            return None, problems
        if expect is not None and prepared.change_set.hash != expect:
            raise Refused(f"the changes are {prepared.change_set.hash} by now, not {expect}; look at `diff` again")
        if prepared.change_set.dangers and not force:
            dangers = "; ".join(danger.message for danger in prepared.change_set.dangers)
            raise Refused(f"{dangers}; look at `diff`, then `load --force` if that is meant")
        apply(work, prepared, now, author=author, quietly=quietly)
        return prepared, problems
