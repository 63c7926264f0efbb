"""Milestones that were moved by hand: the day that counts is the moved one, whatever the text says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from cadence.core.model import Problem, Severity
from cadence.core.planfile.schema import Plan, read_only
from cadence.core.planfile.translate import spoken
from cadence.core.triggers.dates import PlanDates, roll
from cadence.core.triggers.words import DateWord

ROLLOUT = "rollout"
"""Day 0 is moved under this name; no milestone can be called so."""

Moves = Mapping[str, date]
"""From a milestone's name, or `rollout`, to the day it was moved to."""


def with_milestones_moved(plan: Plan, moved: Moves) -> Plan:
    """`plan` with the days in `moved`; a milestone that it does not have is passed over."""
    if not moved:
        return plan
    milestones = {name: DateWord(moved[name]) if name in moved else word for name, word in plan.milestones.items()}
    return plan.model_copy(update={"rollout": moved.get(ROLLOUT, plan.rollout), "milestones": read_only(milestones)})


def day_of(name: str, dates: PlanDates) -> date | None:
    """The day a milestone means; None for one that the plan does not have."""
    return dates.rollout if name == ROLLOUT else dates.milestones.get(name)


def carried(moved: Moves, written: PlanDates) -> dict[str, date]:
    """The moves that a plan whose text means the days `written` takes over: those it has a milestone for, as long as
    the text does not say the same day itself."""
    days = {name: day_of(name, written) for name in moved}
    return {
        name: day for name, day in moved.items() if days[name] not in (None, day, roll(day, "next", written.worktime))
    }


def moves_found(moved: Moves, carried: Moves, written: PlanDates, plan: Plan) -> Iterator[Problem]:
    """A note for every move that stands above the text, and for every one that is dropped with its milestone."""
    for name, day in carried.items():
        says = f"the file says {day_of(name, written)}{_but_for_waves(name, plan)}"
        remedy = f"`cadence milestone {plan.id} {name} --back` takes it back"
        yield _note(plan, "P360", name, f"`{name}` was moved to {day} by hand; {says}", remedy)
    for name in _gone(moved, written):
        yield _note(plan, "P361", name, f"`{name}` was moved to {moved[name]} by hand", "the plan has it no longer")


def _but_for_waves(name: str, plan: Plan) -> str:
    """A moved rollout takes nobody along whose wave rolls out on a day of its own."""
    waves = ", ".join(wave.key for wave in plan.waves) if name == ROLLOUT else ""
    return f"; what rolls out in waves keeps the days of its own: {waves}" if waves else ""


def _gone(moved: Iterable[str], written: PlanDates) -> tuple[str, ...]:
    return tuple(name for name in moved if day_of(name, written) is None)


def _note(plan: Plan, code: str, name: str, message: str, remedy: str) -> Problem:
    path = ROLLOUT if name == ROLLOUT else f"milestones.{name}"
    return spoken(Problem(code, Severity.NOTE, plan.place(path), path, message, remedy))
