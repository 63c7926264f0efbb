"""What a rehearsal adds up to, and whether the promise was kept: one brief a working day, few messages beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from cadence.core.model import Days, MessageKind, State
from cadence.services.rehearse.running import Rehearsal
from cadence.services.rehearse.sinks import Recorded

MOST: dict[str, int] = {"briefs_a_day": 1, "beside_a_day": 1, "beside_a_week": 2, "outside": 0}
"""The promise: what nobody gets more of. `outside` is outside of working time."""

Sort = Literal["briefs_a_day", "beside_a_day", "beside_a_week", "outside"]


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """More than was promised: who got how many of what on that day, or in the week that begins on it."""

    day: date
    person: str
    sort: Sort
    many: int


def totals(rehearsal: Rehearsal) -> dict[str, int | float | bool]:
    """Messages by kind and in all, what became of the tasks, and the promise with the most that anybody got.

    `per_person_workday` is from day 0 on: messages to those who got any, by their working days."""
    first = rehearsal.first
    kinds = Counter(message.kind.value for message in first)
    states = Counter(task.state for task in rehearsal.tasks)
    done, on_time = states[State.DONE], sum(bool(task.on_time) for task in rehearsal.tasks)
    most = _most(rehearsal)
    return {
        "messages": len(first),
        "people": len({message.to for message in first}),
        **{kind: kinds[kind] for kind in sorted(kinds)},
        "rewrites": len(rehearsal.messages) - len(first),
        "refused": len(rehearsal.refused),
        **{state.value: states[state] for state in State},
        "on_time": on_time,
        "on_time_share": round(on_time / done, 3) if done else 0.0,
        "escalations": len(rehearsal.decisions),
        "decided": sum(decision.answered_at is not None for decision in rehearsal.decisions),
        "per_person_workday": round(_per_workday(rehearsal), 3),
        **{f"most_{sort}": most[sort] for sort in MOST if sort != "outside"},
        "outside_working_time": most["outside"],
        "promise_kept": not breaches(rehearsal),
    }


def breaches(rehearsal: Rehearsal) -> tuple[Breach, ...]:
    """Every time that somebody got more than was promised, by day; empty when it was kept."""
    return tuple(sorted(breach for breach in _counted(rehearsal) if breach.many > MOST[breach.sort]))


def _most(rehearsal: Rehearsal) -> dict[str, int]:
    most = dict.fromkeys(MOST, 0)
    for one in _counted(rehearsal):
        most[one.sort] = max(most[one.sort], one.many) if one.sort != "outside" else most["outside"] + one.many
    return most


def _counted(rehearsal: Rehearsal) -> Iterator[Breach]:
    """How many of each sort everybody got on each day or in each week."""
    counts: Counter[tuple[date, str, Sort]] = Counter()
    for message in rehearsal.first:
        worktime = rehearsal.situation.worktimes[message.to]
        day = worktime.today(message.at)
        if message.kind is MessageKind.BRIEF:
            counts[day, message.to, "briefs_a_day"] += 1
        elif message.kind is MessageKind.ALERT:
            counts[day, message.to, "beside_a_day"] += 1
            counts[worktime.week_start(day), message.to, "beside_a_week"] += 1
        if not worktime.is_open(message.at):
            counts[day, message.to, "outside"] += 1
    return (Breach(day, person, sort, many) for (day, person, sort), many in counts.items())


def _per_workday(rehearsal: Rehearsal) -> float:
    begin = rehearsal.compiled.plan.rollout
    span = Days(begin, rehearsal.stop.date())
    worktimes = rehearsal.situation.worktimes
    got = [one for one in rehearsal.first if worktimes[one.to].today(one.at) >= begin]
    days = sum(worktimes[key].works(day) for key in {one.to for one in got} for day in span)
    return len(got) / days if days else 0.0


def by_week(messages: tuple[Recorded, ...], start: datetime, weeks: int) -> list[int]:
    """How many messages fall into each of so many weeks from `start` on."""
    counts = [0] * weeks
    for message in messages:
        counts[min((message.at - start).days // 7, weeks - 1)] += 1
    return counts
