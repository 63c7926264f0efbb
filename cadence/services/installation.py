"""The state of the whole installation at one instant, read from the store into the values the core decides on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain

from cadence.core.agenda import AT_SHORT_NOTICE, OF_A_LOAD, Memo, Situation, longest_lead
from cadence.core.directory import Directory
from cadence.core.forms import Carried, carried, carries
from cadence.core.model import Delivery, DeliveryState, Event, EventType, MessageKind, Notice, Person, State, Task
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
NEWS = timedelta(days=14)
"""How long what a load changed is news to somebody who has had no brief since."""
UNREACHABLE_FOR = timedelta(days=7)
MESSAGES = (MessageKind.BRIEF, MessageKind.ALERT)
PEOPLE = ("persons", "absences")
"""Whose tables name everybody: what is read holds their keys and their working time."""
Lately = tuple[str, MessageKind, str, DeliveryState]


@dataclass(frozen=True, slots=True)
class Known:
    """What the plans say and who is who: only loads, absences and what is said of people change it. `hashes` names the
    bundle of each plan; `memo` is what was worked out of all this already."""

    plans: Mapping[str, Plan]
    directories: Mapping[str, Directory]
    persons: Mapping[str, Person]
    worktimes: Mapping[str, Worktime]
    hashes: Mapping[str, str]
    ahead: timedelta
    memo: Memo


def known(work: Work) -> Known:
    """Every loaded plan with its people, the absences that were told since included. Read again when one of them was
    written."""
    return work.changes.kept("known", (*PEOPLE, "bundles"), lambda: _known(work))


def _known(work: Work) -> Known:
    aliases, absences = work.people.aliases(), work.people.absences()
    stored = work.plans.current()
    found: Plans = {}
    for one in stored:
        result, _ = read(one.bundle, aliases, absences)
        if result is not None:
            found[one.plan] = result
    plans = {key: plan for key, (plan, _) in found.items()}
    people = {key: directory for key, (_, directory) in found.items()}
    persons = work.people.all()
    for directory in people.values():
        persons = {**directory.persons, **persons}
    hashes = {one.plan: one.bundle.hash for one in stored}
    clocks = worktimes(persons, people.values())
    return Known(plans, people, persons, clocks, hashes, _far_ahead(plans.values()), Memo(people, clocks, plans))


def loaded(work: Work) -> Plans:
    """What every loaded plan says and who is who in it."""
    found = known(work)
    return {key: (plan, found.directories[key]) for key, plan in found.plans.items()}


def directories(work: Work) -> Mapping[str, Directory]:
    """Who is who in every loaded plan."""
    return known(work).directories


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
    """Everything the agenda decides on: what is near in time, what was said lately, who is who. What is near and late
    goes by days of UTC. What was read before and has not been written since is not read again."""
    found = known(work)
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    tasks = _near(work, midnight, found.ahead)
    bare = _bare(work, now, tasks, found)
    kept = work.changes.kept
    decisions = kept("decisions", (*PEOPLE, "decisions"), work.records.decisions)
    subjects = [*(task.id for task in tasks), *(decision.id for decision in decisions), *map(_person, bare.persons)]
    sent = work.ledger.lately(MESSAGES, midnight - RECENT)
    return replace(
        bare,
        notices=_notices(work, subjects),
        decisions=decisions,
        briefed={to: date.fromisoformat(occasion) for to, kind, occasion, _ in sent if kind is MessageKind.BRIEF},
        waiting=work.ledger.unsent(MESSAGES),
        alerted=_alerted(sent, bare.worktimes, now),
        unreachable=_unreachable(work, midnight),
        carried=carried_over(work, bare, tasks),
        changed=_changed(work, midnight),
    )


def _changed(work: Work, midnight: datetime) -> tuple[Event, ...]:
    """What loads and answers lately made of tasks, in order."""
    by_load, by_hand = midnight - NEWS, midnight - AT_SHORT_NOTICE

    def read() -> tuple[Event, ...]:
        answers = work.records.happened((EventType.ANSWERED,), by_hand)
        return (*work.records.happened(OF_A_LOAD, by_load), *answers)

    found = work.changes.kept("changed", (*PEOPLE, "tasks"), read)
    return tuple(event for event in found if event.at >= (by_load if event.type in OF_A_LOAD else by_hand))


def _near(work: Work, midnight: datetime, ahead: timedelta) -> tuple[Task, ...]:
    """The live tasks of the time ahead and the recent history. Only those are read that were not read before as they
    are; while this transaction has written some, it may yet be given up, and nothing is kept."""
    if "tasks" in work.changes.written:
        return work.tasks.around(midnight, ahead=ahead, back=HISTORY)
    kept: dict[str, tuple[object, Task]] = work.changes.kept("tasks", PEOPLE, dict)
    stamps = work.tasks.stamps(midnight, ahead=ahead, back=HISTORY)
    new = [key for key, stamp in stamps if key not in kept or kept[key][0] != stamp]
    stamped = dict(stamps)
    kept.update({task.id: (stamped[task.id], task) for task in work.tasks.find(ids=new)})
    for key in kept.keys() - stamped.keys():
        kept.pop(key, None)
    return tuple(kept[key][1] for key, _ in stamps)


def _notices(work: Work, subjects: Iterable[str]) -> frozenset[Notice]:
    """Every notice ever given about these subjects."""
    kept: dict[str, frozenset[Notice]] = work.changes.kept("notices", (*PEOPLE, "notices"), dict)
    wanted = tuple(subjects)
    if new := [subject for subject in wanted if subject not in kept]:
        by_subject: dict[str, list[Notice]] = {subject: [] for subject in new}
        for notice in work.ledger.notices(new):
            by_subject[notice.subject].append(notice)
        kept.update({subject: frozenset(found) for subject, found in by_subject.items()})
    return frozenset(chain.from_iterable(kept[subject] for subject in wanted))


def _far_ahead(plans: Iterable[Plan]) -> timedelta:
    """How far ahead is looked: far enough for the earliest reminder that any plan names."""
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
    return _bare(work, now, tasks, known(work))


def _bare(work: Work, now: datetime, tasks: tuple[Task, ...], found: Known) -> Situation:
    holds = work.changes.kept("holds", ("holds",), work.records.holds)
    since = now.date() - timedelta(days=1)  # somewhere that day may not be over
    return Situation(
        now=now,
        tasks=tasks,
        notices=frozenset(),
        decisions=(),
        plans=found.plans,
        directories=found.directories,
        persons=found.persons,
        worktimes=found.worktimes,
        holds=tuple(hold for hold in holds if hold.until >= since),
        briefed={},
        alerted={},
        memo=found.memo,
    )


def _person(key: str) -> str:
    return f"person/{key}"


def is_stale(delivery: Delivery, clocks: Mapping[str, Worktime], now: datetime) -> bool:
    """Whether the day that a brief or alert was meant for is over for its recipient. A rewrite never is."""
    clock = clocks.get(delivery.recipient)
    if delivery.edits or clock is None:
        return False
    return delivery.occasion < clock.today(now).isoformat()


def _alerted(sent: Iterable[Lately], clocks: Mapping[str, Worktime], now: datetime) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    for recipient, kind, occasion, _ in sent:
        if kind is MessageKind.ALERT and recipient in clocks:
            clock = clocks[recipient]
            today = clock.today(now)
            day, week = counts.get(recipient, (0, 0))
            this_week = occasion >= clock.week_start(today).isoformat()
            counts[recipient] = (day + (occasion == today.isoformat()), week + this_week)
    return counts


def _unreachable(work: Work, midnight: datetime) -> tuple[str, ...]:
    """Persons whose last message reached them by no channel."""
    if not work.ledger.failures():
        return ()
    last = {recipient: state for recipient, _, _, state in work.ledger.lately(MESSAGES, midnight - UNREACHABLE_FOR)}
    return tuple(sorted(key for key, state in last.items() if state is DeliveryState.FAILED))
