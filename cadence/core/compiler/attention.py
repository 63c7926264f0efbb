"""Findings about attention: more messages beside the brief than anybody gets in a week.

What a week asks for in hours and in meetings is the matter of `load`. Here a task counts for whoever holds its seat,
stand-ins left aside.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from cadence.core.compiler.findings import Finding, counted, few
from cadence.core.compiler.places import week
from cadence.core.compiler.reviewed import Reviewed
from cadence.core.planfile.schema import Budget

USUAL_BUDGET = Budget(count=2, per="week")
WORKDAYS = 5

Alerts = Mapping[tuple[str, int], Counter[str]]
"""By person and calendar week: how many messages beside the brief each activity asks for."""


def attention(reviewed: Reviewed) -> Iterator[Finding]:
    """P337 for everybody who is promised more messages in a week than the budget lets through, by their fullest."""
    budget = reviewed.plan.budget or USUAL_BUDGET
    limit = budget.count * (WORKDAYS if budget.per == "day" else 1)
    told: set[str] = set()
    for (person, number), causes in sorted(_alerts(reviewed).items(), key=_fullest_first):
        if causes.total() > limit and person not in told:
            told.add(person)
            yield _too_many(person, number, causes, limit, reviewed)


def _alerts(reviewed: Reviewed) -> Alerts:
    loud = {key: bool(one.ping) + one.urgent for key, one in reviewed.activities.items() if one.ping or one.urgent}
    found: defaultdict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for run in reviewed.runs if loud else ():
        if many := loud.get(run.terms.activity):
            for day in run.days:
                if holder := reviewed.seated.on(run.terms.seat, day):
                    found[holder, week(day)][run.terms.activity] += many
    return found


def _fullest_first(alerts: tuple[tuple[str, int], Counter[str]]) -> tuple[int, int, str]:
    (person, number), causes = alerts
    return -causes.total(), number, person


def _too_many(person: str, number: int, causes: Counter[str], limit: int, reviewed: Reviewed) -> Finding:
    name, monday = reviewed.directory.name(person), date.fromordinal(number * 7 + 1)
    briefs = counted(_briefs(person, number, reviewed), "day")
    message = (
        f"{name} is asked for {causes.total()} messages beside the brief in the week of {monday}"
        f" ({few(sorted(causes))}), on top of briefs on {briefs}; {limit} a week go through"
    )
    loudest = max(sorted(causes), key=lambda key: causes[key])
    word = "ping" if reviewed.activities[loudest].ping else "urgent"
    return Finding("P337", f"activities.{loudest}.{word}", message, bundle="messages", name=name)


def _briefs(person: str, number: int, reviewed: Reviewed) -> int:
    """On how many days of the week something of this person's falls due: a brief goes on each of them."""
    held = (run for run in reviewed.runs if person in reviewed.holders_of(run))
    return len({day for run in held for day in run.days if week(day) == number})
