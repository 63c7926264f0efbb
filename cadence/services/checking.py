"""What must hold among the rows of an installation and does not, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from cadence.core.directory import Directory
from cadence.core.model import State
from cadence.services.audit import audit
from cadence.services.installation import loaded
from cadence.store import Work

LIVE = tuple(state for state in State if state.live)


def contradictions(work: Work, now: datetime) -> Iterator[str]:
    """A plan that cannot be read any more, a live task of a seat that nobody knows, a message sent twice or left
    behind."""
    plans = loaded(work)
    for stored in work.plans.current():
        if stored.plan not in plans:
            yield f"plan {stored.plan}: it cannot be read any more; load it again from its file"
            continue
        directory = plans[stored.plan][1]
        seats = Counter(task.occurrence.seat for task in work.tasks.find(plan=stored.plan, states=LIVE))
        for seat, count in sorted(seats.items()):
            if not _knows(directory, seat):
                yield f"plan {stored.plan}: {count} live tasks are owed by {seat}, which is not in it; load it again"
    found = audit(work, now)
    if found.twice:
        yield f"{found.twice} messages were sent twice"
    if found.stuck:
        yield f"{found.stuck} messages are in hands that let them lie; `cadence run` takes them up"


def _knows(directory: Directory, seat: str) -> bool:
    kind, _, name = seat.partition("/")
    match kind:
        case "role":
            return name in directory.roles or name in directory.waves.roles
        case "manager":
            return name in directory.teams
        case "rep" | "person":
            return name in directory.persons
        case _:
            return kind == "turn" and name.partition("/")[0] in ("managers", "reps")
