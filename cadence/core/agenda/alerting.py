"""What goes beside the brief, and how much of it: what cannot wait for tomorrow, inside a budget."""

from __future__ import annotations

from collections.abc import Iterable

from cadence.core.agenda.ladder import Standing
from cadence.core.agenda.situation import Situation
from cadence.core.model import Rung
from cadence.core.planfile.schema import Budget

A_DAY, A_WEEK = 1, 2
"""Messages beside the brief in a plan that says nothing of them."""
WORKDAYS = 7
"""Days of a week, for a budget that is given by the day."""


def has_budget(situation: Situation, who: str) -> bool:
    """Whether one more message beside the brief is allowed today: the smallest budget of the person's plans counts."""
    today, this_week = situation.alerted.get(who, (0, 0))
    plans = [plan for key, plan in situation.plans.items() if who in situation.directories[key].persons]
    limits = [_limits(plan.budget) for plan in plans] or [(A_DAY, A_WEEK)]
    return today < min(day for day, _ in limits) and this_week < min(week for _, week in limits)


def _limits(budget: Budget | None) -> tuple[int, int]:
    """At most so many a day and a week."""
    if budget is None:
        return A_DAY, A_WEEK
    return (budget.count, budget.count * WORKDAYS) if budget.per == "day" else (budget.count, budget.count)


def is_ping(standing: Standing) -> bool:
    return standing.rung is Rung.PING


def pressing(standings: Iterable[Standing], situation: Situation) -> tuple[Standing, ...]:
    """The rungs not said yet that cannot wait: a ping, and whatever the plan calls urgent."""
    return tuple(
        standing
        for standing in standings
        if not standing.noticed and (is_ping(standing) or _is_urgent(standing, situation))
    )


def _is_urgent(standing: Standing, situation: Situation) -> bool:
    activity = situation.activity(standing.task)
    return activity is not None and activity.urgent
