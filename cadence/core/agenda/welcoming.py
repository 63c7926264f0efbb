"""The welcome: what a person is told once ever, before anything is asked of them.

It stands in their first brief; when nothing else is due it is a brief of its own, three working days before their first
task. Whoever was told anything before needs none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from datetime import date, timedelta
from math import ceil

from cadence.core.agenda.situation import Situation
from cadence.core.messages import Fact, Line
from cadence.core.model import Briefs, Entry, Notice, Rung, Section, Task

WORKDAYS_BEFORE = 3
LOOK_AHEAD = timedelta(days=31)
"""No welcome falls earlier than this before a first task: three working days with a long holiday between."""
COUNTED = timedelta(days=28)
"""How far the number of messages is counted."""
LINES = ("who", "often", "record", "change")
"""What a welcome says, in order: who asks and why, about how many messages, what is recorded, what can be changed."""


def strangers(situation: Situation) -> Set[str]:
    """Everybody who was never told anything."""
    return situation.worktimes.keys() - {notice.recipient for notice in situation.notices}


def first_days(situation: Situation, new: Set[str]) -> Mapping[str, date]:
    """The day of the first task of each of the `new` ones, as far as it is near."""
    first: dict[str, date] = {}
    for task, holder in _ahead(situation, LOOK_AHEAD) if new else ():
        if holder in new:
            first[holder] = min(task.date, first.get(holder, task.date))
    return first


def falls(situation: Situation, who: str, first: date) -> bool:
    """Whether the first task is near enough for a welcome of its own."""
    worktime = situation.worktimes[who]
    return situation.today(who) >= worktime.add(first, -WORKDAYS_BEFORE)


def welcome(who: str) -> Entry:
    return Entry(Section.WELCOME, rung=Rung.WELCOME, code=Rung.WELCOME.value, subject=who)


def welcome_notice(who: str) -> Notice:
    """Owed once ever, whatever the plan."""
    return Notice(f"person/{who}", "", Rung.WELCOME, who)


def welcome_lines(who: str, situation: Situation) -> Iterator[Line]:
    """The welcome as lines, for as long as some plan has something for the person."""
    mine = [task for task, holder in _ahead(situation, COUNTED) if holder == who]
    plans = sorted({task.occurrence.plan for task in mine} or {p for p in situation.plans if _is_in(who, p, situation)})
    if not plans:
        return
    plan, directory = situation.plans[plans[0]], situation.directories[plans[0]]
    today = situation.plan_day(plans[0])
    keeper = next((keeper for keeper in directory.keepers_on(today) if keeper != who), None)
    sponsor = directory.holder("role/sponsor", today) or directory.holder("role/vp", today)
    facts: Mapping[str, Fact] = {
        "plan": ", ".join(situation.plans[name].title for name in plans),
        "asks": situation.name_of(sponsor if sponsor != who else None),
        "keeper": situation.name_of(keeper),
        "above": situation.name_of(directory.line_above(who, today)),
        "week": _a_week(mine, situation, who),
        "at": max(situation.persons[who].brief, situation.worktimes[who].opens).strftime("%H:%M"),
        "briefs": situation.persons[who].briefs.value,
        "keep": str(plan.keep) if plan.keep else None,
    }
    for line in LINES:
        yield Line(
            section=Section.WELCOME, title="", heading=f"welcome.{line}_title", note=f"welcome.{line}", facts=facts
        )


def _a_week(tasks: list[Task], situation: Situation, who: str) -> int:
    """About how many days a week have something: those on which a task of the next four weeks falls."""
    if situation.persons[who].briefs is Briefs.WEEKLY:
        return 1
    workdays = len(situation.worktimes[who].workdays)
    return max(1, min(workdays, ceil(len({task.date for task in tasks}) / 4)))


def _ahead(situation: Situation, by: timedelta) -> Iterator[tuple[Task, str]]:
    """The live tasks of the next days that somebody holds and is to be told of."""
    today = situation.now.date()
    for task in situation.tasks:
        near = task.state.live and task.paused_until != date.max and timedelta(0) <= task.date - today <= by
        if not near or not situation.directory(task) or situation.is_held(task=task):
            continue
        if (holder := situation.seat(task).holder) and holder in situation.worktimes:
            yield task, holder


def _is_in(who: str, plan: str, situation: Situation) -> bool:
    return who in situation.directories[plan].persons
