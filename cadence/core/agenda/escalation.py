"""How far up the ladder each live task has gone: who beside the holder was told or asked, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from cadence.core.agenda.ladder import standings
from cadence.core.agenda.own import is_above
from cadence.core.agenda.situation import Situation
from cadence.core.model import DecisionKind, Rung

RUNG_OF: Mapping[DecisionKind, Rung] = MappingProxyType(
    {
        DecisionKind.KEY_LATE: Rung.DECIDE,
        DecisionKind.SPONSOR: Rung.SPONSOR,
        DecisionKind.CANT: Rung.CANT,
        DecisionKind.PATTERN: Rung.PATTERN,
        DecisionKind.VACANCY: Rung.VACANT,
    }
)


@dataclass(frozen=True, slots=True)
class Escalation:
    """Who has it beside the holder: `to` was told or asked for a hand (`decision` None), or is asked to decide, since
    that day. `rung` is a base: an activity's own steps go by their kind."""

    rung: Rung
    since: date
    to: str
    decision: str | None = None


def escalations(situation: Situation) -> dict[str, Escalation]:
    """By task id. An open question counts for more than having been told, the newest question most."""
    found = {
        standing.task.id: Escalation(standing.rung.base, standing.since, standing.recipient)
        for standing in standings(situation)
        if is_above(standing.rung) and standing.noticed
    }
    live = {task.id for task in situation.tasks if task.state.live}
    for decision in sorted(situation.decisions, key=lambda one: (one.asked_at, one.id)):
        if decision.answered_at is None:
            clock = situation.worktimes.get(decision.asked)
            since = clock.today(decision.asked_at) if clock else decision.asked_at.date()
            raised = Escalation(RUNG_OF[decision.kind], since, decision.asked, decision.id)
            found |= dict.fromkeys(live.intersection(decision.tasks), raised)
    return found
