"""What a new plan can start from: the shipped plans, and which of their activities it leaves out."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from cadence.core.planfile import parse
from cadence.core.planfile.schema import Plan
from cadence.errors import NothingToActOn, WrongUsage
from cadence.services.gather import gather, shipped

SCHEMA = "plan.schema.json"
"""What the first line of every plan names: editors look for it beside the plan."""


def titles() -> Mapping[str, str]:
    """Every shipped plan and what it is called, ordered by name."""
    return {name: start(name).title for name in _names()}


def _names() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in shipped("any").parent.glob("*.yaml")))


def start(name: str) -> Plan:
    """The shipped plan `name`, its parents merged. Raises NothingToActOn for one that is not there."""
    path = _existing(name)
    bundle, problems = gather(path)
    plan = parse(bundle)[0] if bundle else None
    if plan is None:
        raise NothingToActOn(f"the shipped plan '{name}' cannot be read: {problems[0] if problems else path}")
    return plan


def _existing(name: str) -> Path:
    path = shipped(name)
    if not path.is_file():
        close = get_close_matches(name, _names(), 1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(_names())}"
        raise NothingToActOn(f"there is no shipped plan '{name}'; {hint}")
    return path


def left_out(plan: Plan, without: Iterable[str]) -> tuple[str, ...]:
    """The activities of `plan` that are not wanted, in its order. Raises WrongUsage for one that it does not have."""
    known = [activity.key for activity in plan.activities]
    wanted = {key.strip() for keys in without for key in keys.split(",") if key.strip()}
    for key in sorted(wanted - set(known)):
        close = get_close_matches(key, known, 1)
        hint = f"did you mean {close[0]}?" if close else f"it has {', '.join(known)}"
        raise WrongUsage(f"{plan.id} has no activity '{key}'; {hint}")
    return tuple(key for key in known if key in wanted)


def owed_from_outside(plan: Plan) -> tuple[str, ...]:
    """The activities of `plan` that nobody can owe until somebody assesses."""
    return tuple(activity.key for activity in plan.activities if activity.owner == "assessor")


def copy(name: str, path: Path) -> None:
    """Writes the shipped plan `name` to `path`, word for word, with the schema its first line names."""
    source = _existing(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, path)
    leave_schema(path.parent)


def leave_schema(folder: Path) -> None:
    """Puts the schema of the language into `folder`, unless a file of that name is there already."""
    file = folder / SCHEMA
    if not file.exists():
        shutil.copyfile(shipped("any").parent / SCHEMA, file)
