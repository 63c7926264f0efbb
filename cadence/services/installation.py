"""The state of the whole installation at one instant, read from the store into the values the core decides on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from cadence.core.agenda import Situation
from cadence.core.directory import Directory
from cadence.core.model import Delivery, DeliveryState, MessageKind, Person, Task
from cadence.core.worktime import Worktime
from cadence.services.compiling import read
from cadence.store import Work

HISTORY = timedelta(days=120)
"""How far back closed tasks are looked at: four windows of a monthly series."""
AHEAD = timedelta(days=62)
"""How far ahead: the next windows of a series, and the earliest word before a date."""
RECENT = timedelta(days=8)
"""How far back messages are counted: a week and a day, whatever the zone."""
UNREACHABLE_FOR = timedelta(days=7)


def directories(work: Work) -> dict[str, Directory]:
    """Who is who in every loaded plan, with the absences that were told since."""
    aliases, absences = work.people.aliases(), work.people.absences()
    found: dict[str, Directory] = {}
    for stored in work.plans.current():
        result, _ = read(stored.bundle, aliases, absences)
        if result is not None:
            found[stored.plan] = result[1]
    return found


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
    tasks = work.tasks.around(now, ahead=AHEAD, back=HISTORY)
    bare = glance(work, now, tasks)
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
    )


def glance(work: Work, now: datetime, tasks: tuple[Task, ...]) -> Situation:
    """These tasks and who is who, without what was ever said: enough to know who answers for them."""
    known = directories(work)
    persons = work.people.all()
    for directory in known.values():
        persons = {**directory.persons, **persons}
    return Situation(
        now=now,
        tasks=tasks,
        notices=frozenset(),
        decisions=(),
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
