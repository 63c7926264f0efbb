"""The state of the whole installation at one instant, read from the store into the values the core decides on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from cadence.core.agenda import Situation, longest_lead
from cadence.core.directory import Directory
from cadence.core.forms import Carried, carried, carries
from cadence.core.model import Delivery, DeliveryState, MessageKind, Person, State, Task
from cadence.core.planfile.schema import Plan
from cadence.core.worktime import Worktime
from cadence.services.compiling import read
from cadence.store import Work

Series = tuple[str, str, str]
Plans = dict[str, tuple[Plan, Directory]]
HISTORY = timedelta(days=120)
"""How far back closed tasks are looked at: four windows of a monthly series."""
AHEAD = timedelta(days=62)
"""How far ahead: the next windows of a series, and the earliest word before a date."""
RECENT = timedelta(days=8)
"""How far back messages are counted: a week and a day, whatever the zone."""
UNREACHABLE_FOR = timedelta(days=7)


def loaded(work: Work) -> Plans:
    """What every loaded plan says and who is who in it, with the absences that were told since."""
    aliases, absences = work.people.aliases(), work.people.absences()
    found: Plans = {}
    for stored in work.plans.current():
        result, _ = read(stored.bundle, aliases, absences)
        if result is not None:
            found[stored.plan] = result
    return found


def directories(work: Work) -> dict[str, Directory]:
    """Who is who in every loaded plan."""
    return {plan: people for plan, (_, people) in loaded(work).items()}


def worktimes(persons: Mapping[str, Person], known: Iterable[Directory]) -> dict[str, Worktime]:
    """Each person's working time over all plans: what one plan closes is closed."""
    found: dict[str, Worktime] = {}
    for directory in known:
        for key in directory.persons:
            own = directory.worktime(key)
            other = found.get(key)
            found[key] = own if other is None else replace(own, off=own.off | other.off, away=own.away + other.away)
    for key, person in persons.items():
        if key not in found:
            found[key] = Worktime(person.timezone, person.workdays, person.opens, person.closes, away=person.away)
    return found


def look(work: Work, now: datetime) -> Situation:
    """Everything the agenda decides on: what is near in time, what was said lately, who is who."""
    plans = loaded(work)
    tasks = work.tasks.around(now, ahead=_far_ahead(plan for plan, _ in plans.values()), back=HISTORY)
    bare = _bare(work, now, tasks, plans)
    decisions = work.records.decisions()
    waiting = work.ledger.unsent((MessageKind.BRIEF, MessageKind.ALERT))
    subjects = [*(task.id for task in tasks), *(decision.id for decision in decisions), *map(_person, bare.persons)]
    sent = work.ledger.recent((MessageKind.BRIEF, MessageKind.ALERT), now - RECENT)
    return replace(
        bare,
        notices=work.ledger.notices(subjects),
        decisions=decisions,
        briefed={d.recipient: date.fromisoformat(d.occasion) for d in sent if d.kind is MessageKind.BRIEF},
        waiting=waiting,
        alerted=_alerted(sent, bare.worktimes, now),
        unreachable=_unreachable(sent, now),
        carried=carried_over(work, bare, tasks),
    )


def _far_ahead(plans: Iterable[Plan]) -> timedelta:
    """Far enough for the earliest reminder that any plan names."""
    return max([AHEAD, *(longest_lead(activity) for plan in plans for activity in plan.activities)])


def carried_over(work: Work, situation: Situation, tasks: Iterable[Task]) -> dict[Series, tuple[Carried, ...]]:
    """What the done ones among `tasks` carry to the next task of their series."""
    asked = {
        (plan.id, activity.key): fields
        for plan in situation.plans.values()
        for activity in plan.activities
        if (fields := carries(activity))
    }
    done: dict[Series, list[Task]] = defaultdict(list)
    for task in tasks:
        if task.state is State.DONE and task.series[:2] in asked:
            done[task.series].append(task)
    said = work.records.answers_about(task.id for before in done.values() for task in before)
    found = {series: carried(asked[series[:2]], before, said) for series, before in done.items()}
    return {series: answers for series, answers in found.items() if answers}


def glance(work: Work, now: datetime, tasks: tuple[Task, ...]) -> Situation:
    """These tasks and who is who, without what was ever said: enough to know who answers for them."""
    return _bare(work, now, tasks, loaded(work))


def _bare(work: Work, now: datetime, tasks: tuple[Task, ...], plans: Plans) -> Situation:
    known = {plan: people for plan, (_, people) in plans.items()}
    persons = work.people.all()
    for directory in known.values():
        persons = {**directory.persons, **persons}
    return Situation(
        now=now,
        tasks=tasks,
        notices=frozenset(),
        decisions=(),
        plans={key: plan for key, (plan, _) in plans.items()},
        directories=known,
        persons=persons,
        worktimes=worktimes(persons, known.values()),
        holds=work.records.holds(now.date() - timedelta(days=1)),  # somewhere that day may not be over
        briefed={},
        alerted={},
    )


def _person(key: str) -> str:
    return f"person/{key}"


def is_stale(delivery: Delivery, clocks: Mapping[str, Worktime], now: datetime) -> bool:
    """Whether the day that a brief or alert was meant for is over for its recipient. A rewrite never is."""
    clock = clocks.get(delivery.recipient)
    if delivery.edits or clock is None:
        return False
    return delivery.occasion < clock.today(now).isoformat()


def _alerted(sent: Iterable[Delivery], clocks: Mapping[str, Worktime], now: datetime) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for delivery in sent:
        if delivery.kind is MessageKind.ALERT and delivery.recipient in clocks:
            clock = clocks[delivery.recipient]
            today = clock.today(now)
            day, week = counts.get(delivery.recipient, (0, 0))
            this_week = delivery.occasion >= clock.week_start(today).isoformat()
            counts[delivery.recipient] = (day + (delivery.occasion == today.isoformat()), week + this_week)
    return counts


def _unreachable(recent: Iterable[Delivery], now: datetime) -> tuple[str, ...]:
    """Persons whose last message reached them by no channel."""
    last: dict[str, Delivery] = {}
    for delivery in recent:
        if now - delivery.created_at < UNREACHABLE_FOR:
            last[delivery.recipient] = delivery
    return tuple(sorted(key for key, delivery in last.items() if delivery.state is DeliveryState.FAILED))
