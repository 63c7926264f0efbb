"""The one reconciler: a bundle is compiled, compared with what is stored, shown, and applied in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from cadence.core.changes import (
    ChangeSet,
    Reading,
    Survey,
    applied,
    cause,
    changed_seats,
    changes,
    holders,
    succeeded,
    survey,
    vanished,
)
from cadence.core.directory import Directory
from cadence.core.model import Bundle, ByHand, Event, EventType, Problem, Source
from cadence.core.planfile.byhand import carried_people, people_found, told
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
    survey: Survey
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
    by_hand: Iterable[ByHand] | None = None,
) -> tuple[Prepared | None, tuple[Problem, ...]]:
    """What loading `bundle` would change; None when the plan has errors. `moved` are the milestones moved by hand:
    where it is None, those that were moved before and that the file has not caught up with. `by_hand` is what was said
    of people by hand, None likewise."""
    aliases, absences = work.people.aliases(), work.people.absences()
    moving, mistakes = _moving(work, bundle, moved, by_hand)
    if moving is None:
        return None, mistakes
    result, problems = compiled(moving.bundle, context.words("en").say, aliases, absences, limit=context.most_tasks)
    if result is None:
        return None, problems
    found = (*problems, *moving.notes, *neighbours.findings(work, result))
    before = _before(work, result.plan.id)
    directory = before.directory if before else None
    said, today = result.wording, result.directory.calendar.today(now)
    seats = changed_seats(said.seats, directory, result.directory) if directory else frozenset()
    looked = survey(said, work.tasks.imprints(result.plan.id), seats, now, today, backfill=backfill)
    change_set = _compared(work, result, looked, before, now, backfill=backfill, moving=moving)
    return Prepared(result, change_set, looked, found, directory), found


@dataclass(frozen=True, slots=True)
class _Moving:
    """A bundle with what was moved and said by hand, and what there is to say of it; the milestones that this load
    moves, as `v2 2027-08-02` or `v2 back`, and of whom it says something else than before."""

    bundle: Bundle
    notes: tuple[Problem, ...]
    milestones: tuple[str, ...]
    people: tuple[str, ...]


def _moving(
    work: Work, bundle: Bundle, moved: Mapping[str, date] | None, by_hand: Iterable[ByHand] | None
) -> tuple[_Moving | None, tuple[Problem, ...]]:
    text, aliases = bundle.with_moved({}).with_by_hand(()), work.people.aliases()
    written, problems = read(text, aliases, work.people.absences())
    if written is None:
        return None, problems
    stored = work.plans.get(written[0].id)
    earlier = dict(stored.bundle.moved) if stored else {}
    wanted = earlier if moved is None else moved
    days = dates_of(*written)
    kept = carried(wanted, days)
    other = sorted(name for name in {*earlier, *kept} if earlier.get(name) != kept.get(name))
    changed = [f"{name} {kept.get(name, 'back')}" for name in other]
    before = stored.bundle.by_hand if stored else ()
    said = carried_people(before if by_hand is None else by_hand, written[0], aliases)
    notes = (*moves_found(wanted, kept, days, written[0]), *people_found(said, written[0], aliases))
    return _Moving(text.with_moved(kept).with_by_hand(said), notes, tuple(changed), told(before, said)), ()


def _before(work: Work, plan: str) -> Reading | None:
    """The plan in force; None where there is none, or where this version cannot read it any more."""
    stored = work.plans.get(plan)
    found = read(stored.bundle, work.people.aliases(), work.people.absences())[0] if stored else None
    return Reading(*found) if found else None


def _compared(
    work: Work,
    result: Compiled,
    looked: Survey,
    before: Reading | None,
    now: datetime,
    *,
    backfill: bool,
    moving: _Moving,
) -> ChangeSet:
    """Reads whole only the tasks that may change; of the others their standing, of quiet series nothing."""
    directory, plan = result.directory, result.plan.id
    stored, by_hand = work.tasks.standings(plan, looked.quiet), work.tasks.by_hand(plan)
    tasks = work.tasks.find(ids=looked.to_read(stored, by_hand))
    asked, quiet = looked.looked_into(by_hand)
    return changes(
        plan,
        asked,
        tasks,
        holders(tasks, asked, before.directory if before else None, directory, now),
        now,
        stored=stored,
        quiet=quiet,
        live=work.tasks.live(plan),
        because=partial(cause, before=before, after=Reading(result.plan, directory)),
        today=directory.calendar.today(now),
        backfill=backfill,
        vanished=vanished(before.directory, directory) if before else (),
        succeeded=succeeded(before.directory, directory) if before else (),
        milestones=moving.milestones,
        people=moving.people,
    )


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
    messages that were sent as they are and tells nobody what has changed."""
    plan, directory = prepared.compiled.plan, prepared.compiled.directory
    work.people.save(directory.persons.values())
    work.people.replace_plan_absences(
        plan.id, {directory.renamed.get(key, key): days for key, days in plan.away.items()}
    )
    stored = work.plans.get(plan.id)
    if stored is None or stored.bundle.hash != prepared.compiled.bundle.hash:
        work.plans.save(plan.id, prepared.compiled.bundle, author, now)
        work.records.event(Event(at=now, type=EventType.LOADED, source=source, plan=plan.id))
    today, looked = directory.calendar.today(now), prepared.survey
    said = {**({"first": "yes"} if stored is None else {}), **({"quietly": "yes"} if quietly else {})}
    result = applied(prepared.change_set, now, source=source, today=today, said=said)
    for new in result.added:
        work.tasks.add_alike(new.like, new.occurrences, looked.said.words)
    if not work.tasks.replace_all(result.changed):
        raise Refused("a task changed while the plan was being loaded; run load again")
    if result.changed:
        work.tasks.prune(plan.id)
    work.tasks.imprint(
        plan.id, looked.imprints(prepared.change_set.absent, now, today), looked.known.keys() - looked.quiet
    )
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
    by_hand: Iterable[ByHand] | None = None,
) -> tuple[Prepared | None, tuple[Problem, ...]]:
    """Prepares and applies in one transaction, alone with the plan. Raises Refused for dangers without `force` and
    for another hash."""
    with context.store.begin() as work:
        work.plans.lock()
        prepared, problems = prepare(work, context, bundle, now, backfill=backfill, moved=moved, by_hand=by_hand)
        if prepared is None:
            return None, problems
        if expect is not None and prepared.change_set.hash != expect:
            raise Refused(f"the changes are {prepared.change_set.hash} by now, not {expect}; look at `diff` again")
        if prepared.change_set.dangers and not force:
            dangers = "; ".join(danger.message for danger in prepared.change_set.dangers)
            raise Refused(f"{dangers}; look at `diff`, then `load --force` if that is meant")
        apply(work, prepared, now, author=author, quietly=quietly)
        return prepared, problems
