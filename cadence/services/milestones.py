"""The milestones of a loaded plan: which there are, the day each means, and which were moved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from cadence.core.planfile.moving import ROLLOUT, day_of
from cadence.errors import NothingToActOn, Refused
from cadence.services.compiling import dates_of, read
from cadence.store import StoredPlan, Work


@dataclass(frozen=True, slots=True)
class Milestone:
    """`written` is what the plan's text says, `day` what it means now; `moved` the day it was moved to by hand."""

    name: str
    written: str
    day: date
    moved: date | None


def loaded_plan(work: Work, plan: str) -> StoredPlan:
    """The plan in force under that id. Raises NothingToActOn."""
    stored = work.plans.get(plan)
    if stored is None:
        known = [one.plan for one in work.plans.current()]
        close = get_close_matches(plan, known, 1)
        hint = f"did you mean {close[0]}?" if close else "`cadence plans` lists those that are"
        raise NothingToActOn(f"no plan '{plan}' is loaded; {hint}")
    return stored


def milestones(work: Work, stored: StoredPlan) -> tuple[Milestone, ...]:
    """The rollout first, then by day and name. Raises Refused for a plan that this version cannot read."""
    aliases, absences = work.people.aliases(), work.people.absences()
    written, _ = read(stored.bundle.with_moved({}), aliases, absences)
    in_force, _ = read(stored.bundle, aliases, absences)
    if written is None or in_force is None:
        raise Refused(f"plan '{stored.plan}' cannot be read any more; load it again from its file")
    words = {ROLLOUT: str(written[0].rollout), **{name: str(word) for name, word in written[0].milestones.items()}}
    dates, moved = dates_of(*in_force), dict(stored.bundle.moved)
    days = ((name, day_of(name, dates)) for name in words)
    found = [Milestone(name, words[name], day, moved.get(name)) for name, day in days if day is not None]
    return tuple(sorted(found, key=lambda one: (one.name != ROLLOUT, one.day, one.name)))


def moves(stored: StoredPlan, known: tuple[Milestone, ...], name: str, to: date | None) -> Mapping[str, date]:
    """All moves of the plan once `name` is moved to that day, or back (None). Raises NothingToActOn for a milestone
    that is not there, Refused for one to be taken back that nobody moved."""
    names = [one.name for one in known]
    if name not in names:
        close = get_close_matches(name, names, 1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(names)}"
        raise NothingToActOn(f"plan '{stored.plan}' has no milestone '{name}'; {hint}")
    if to is None and name not in dict(stored.bundle.moved):
        raise Refused(f"nobody moved {name} by hand, so there is nothing to take back")
    others = {key: day for key, day in stored.bundle.moved if key != name}
    return others if to is None else {**others, name: to}
