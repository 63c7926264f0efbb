"""The weekly digest: who gets one, when, and as what page."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from cadence.channels import Page
from cadence.core.agenda import Situation
from cadence.core.agenda.ladder import is_backfilled
from cadence.core.agenda.waiting import lies_with, overtaken_by, taken_last
from cadence.core.model import Delivery, MessageKind, Person, Reason, Task
from cadence.core.planfile.schema import Digest as DigestHour
from cadence.core.reports import (
    SMALL,
    TOGETHER,
    UNSAID,
    Audience,
    Digest,
    Row,
    digest,
    period_named,
    touches,
    week_name,
    week_of,
)
from cadence.core.worktime import Worktime
from cadence.services.context import Context
from cadence.templating import Words

A_DAY = timedelta(days=1)
LEADING = ("vp", "sponsor")


def audiences(situation: Situation) -> dict[str, Audience]:
    """Who gets a digest, as what: those who lead and keep see everybody, a manager their own team."""
    found: dict[str, Audience] = {}
    for plan, directory in situation.directories.items():
        day = situation.plan_day(plan)
        for manager in directory.managers(day):
            found.setdefault(manager, Audience.MANAGER)
        for keeper in directory.keepers_on(day):
            found[keeper] = Audience.KEEPER
        for role in LEADING:
            if holder := directory.holder(f"role/{role}", day):
                found[holder] = Audience.LEADER
    return {key: audience for key, audience in sorted(found.items()) if not situation.persons[key].external}


def digests_due(situation: Situation) -> Iterator[tuple[str, Person, str]]:
    """The digests whose hour has come this week: delivery key, person, week. They are due until the week ends."""
    for key in audiences(situation):
        person, worktime = situation.persons[key], situation.worktimes[key]
        hour = _hour(situation, key)
        today = worktime.today(situation.now)
        if situation.is_held(person=key) or not worktime.is_open(situation.now):
            continue
        start = worktime.week_start(today)
        day = _day_in_week(worktime, start, start + timedelta(days=(hour.weekday - start.weekday()) % 7))
        week = week_name(week_of(start - timedelta(days=1), worktime))
        if situation.now >= worktime.instant(day, hour.at):
            yield digest_key(person, week), person, week


def _day_in_week(worktime: Worktime, start: date, wanted: date) -> date:
    """The working day of the digest: the one wanted or the next, but no later than the week it is for."""
    day = worktime.on_or_after(wanted)
    return day if day < start + timedelta(days=7) else worktime.on_or_before(wanted)


def digest_key(person: Person, week: str) -> str:
    """One digest a person and week, for ever."""
    return f"{MessageKind.DIGEST}-{week}-{hashlib.sha256(person.identity.encode()).hexdigest()[:12]}"


def _hour(situation: Situation, person: str) -> DigestHour:
    """When a person's digest goes: at the earliest hour in their week that one of their plans names."""
    worktime = situation.worktimes[person]
    first = worktime.week_start(worktime.today(situation.now)).weekday()
    theirs = (plan for key, plan in situation.plans.items() if person in situation.directories[key].persons)
    hours = (plan.digest for plan in theirs)
    return min(hours, key=lambda hour: ((hour.weekday - first) % 7, hour.at), default=DigestHour())


def has_something(situation: Situation, person: Person, week: str) -> bool:
    """Whether anything was due or done in that week: what lies ahead is in the briefs anyway."""
    period = period_named(week, situation.worktimes[person.key])
    near = (period.start - A_DAY, period.stop + A_DAY)  # a due instant's day differs from UTC's by one at most
    touched = tuple(
        task
        for task in situation.tasks
        if (task.happened_on is not None or near[0] <= task.due.date() < near[1]) and touches(task, period)
    )
    if not touched:
        return False
    figures = digest_of(replace(situation, tasks=touched), person.key, week)
    return bool(figures.total.planned or figures.total.done)


def digest_of(situation: Situation, key: str, week: str) -> Digest:
    """The figures of one person's week: a manager's by kind of activity, a leader's and a keeper's by manager. Raises
    ValueError for a week that is none."""
    person = situation.persons[key]
    audience = audiences(situation).get(key, Audience.MANAGER)
    holders = {task.id: situation.seat(task).holder for task in situation.tasks if situation.directory(task)}
    mine, taken = {key, *_team(situation, key)}, taken_last(situation.decisions)
    tasks = [
        task
        for task in situation.tasks
        if task.id in holders
        and not (task.state.live and is_backfilled(task))
        and (audience is not Audience.MANAGER or holders[task.id] in mine)
    ]
    return digest(
        person,
        audience,
        period_named(week, situation.worktimes[key]),
        tasks,
        lambda task: task.done_by or holders[task.id],
        (lambda task: task.occurrence.kind) if audience is Audience.MANAGER else _by_line(situation, key, tasks),
        [one for one in situation.decisions if lies_with(one, situation) == key and not overtaken_by(one, taken)],
        situation.now,
        lambda holder: situation.persons[holder].name if holder in situation.persons else holder,
    )


def _by_line(situation: Situation, reader: str, tasks: Iterable[Task]) -> Callable[[Task], str | None]:
    """By whose line a task lies in. Figures of one person are for that person and their line: who is neither sees
    fewer than five of them together only."""
    lines = {task.id: _line_of(situation, task) for task in tasks}
    others = {line for line in lines.values() if line and line != reader and not _leads(situation, reader, line)}
    hidden = others if len(others) < SMALL else frozenset()
    return lambda task: TOGETHER if lines[task.id] in hidden else lines[task.id]


def _leads(situation: Situation, reader: str, person: str) -> bool:
    """Whether `reader` is the line right above `person` in some plan."""
    known = ((directory, situation.today(person)) for directory in situation.directories.values())
    return any(reader == one.line_above(person, day) for one, day in known if person in one.persons)


def _line_of(situation: Situation, task: Task) -> str | None:
    """The manager in whose line the task lies: what single reps did stays below. Others stand for themselves."""
    holder = task.done_by or situation.seat(task).holder
    directory = situation.directory(task)
    team = directory.team_of(holder, situation.plan_day(task.occurrence.plan)) if directory and holder else None
    return team.manager if team else holder


def _team(situation: Situation, manager: str) -> Iterator[str]:
    """The reps that a manager leads today, over all plans."""
    for plan, directory in situation.directories.items():
        if team := directory.team_of(manager, situation.plan_day(plan)):
            yield from team.reps


def digest_page(context: Context, situation: Situation, delivery: Delivery, person: Person, now: datetime) -> Page:
    """The digest as a page in the person's language, for any channel."""
    return page_of(context, digest_of(situation, person.key, delivery.occasion), situation, delivery.key, now)


def page_of(context: Context, figures: Digest, situation: Situation, key: str, now: datetime) -> Page:
    """A digest's figures in words: subject, text and HTML."""
    words = context.words(figures.to.language)
    total, name = figures.total, partial(_row_name, figures, situation, words)
    facts = {
        "digest": figures,
        "audience": figures.audience.value,
        "rows": [(name(row), row) for row in figures.rows],
        "weeks": [(words.say("digest.week", week=_number(row.name)), row) for row in figures.before],
        "this_week": words.say("digest.week", week=_number(figures.week)),
        "steady": [name(row) for row in figures.steady],
        "needy": [(name(row), row.slipped, _kinds(row.open_kinds, words)) for row in figures.needy],
        "ahead_kinds": _kinds(figures.ahead_kinds, words),
        "reasons": [(_reason(code, words), count) for code, count in figures.reasons if code != UNSAID],
        "unsaid": dict(figures.reasons).get(UNSAID, 0),
        "why": {item.task_id: _reason(item.reason, words) for item in figures.slipped if item.reason},
        "decisions": _decisions(figures, situation),
        "unreachable": [situation.persons[person].name for person in situation.unreachable],
        "language": words.language,
    }
    subject = words.say("digest.subject", week=_number(figures.week), total=total)
    return Page(
        key=key,
        to=figures.to,
        subject=subject,
        text=words.page("digest.txt", subject=subject, **facts),
        html=words.page("digest.html", subject=subject, **facts),
        series="digest",
        date=now,
    )


def _number(week: str) -> int:
    return int(week.partition("-W")[2])


def _row_name(figures: Digest, situation: Situation, words: Words, row: Row) -> str:
    """What a row is called: a kind of activity, a manager, or several together."""
    if row.name == TOGETHER:
        return words.say("digest.together")
    if figures.audience is Audience.MANAGER:
        return words.say(f"kind.{row.name}.name")
    return situation.persons[row.name].name if row.name in situation.persons else row.name


def _kinds(counted: Sequence[tuple[str, int]], words: Words) -> list[tuple[str, int]]:
    return [(words.say(f"kind.{kind}.name"), count) for kind, count in counted]


def _reason(code: str | None, words: Words) -> str:
    """A reason in words; one that somebody wrote freely is nobody else's to read."""
    return words.say(f"reason.{code}" if code in {*Reason} else "digest.own_words")


def _decisions(figures: Digest, situation: Situation) -> list[dict[str, object]]:
    titles = {task.id: task.occurrence.title for task in situation.tasks}
    persons = situation.persons
    return [
        {
            "kind": decision.kind.value,
            "title": titles.get(decision.task_id or ""),
            "about": persons[about].name if (about := decision.about_person or "") in persons else None,
            "asked_on": situation.worktimes[figures.to.key].today(decision.asked_at),
        }
        for decision in figures.decisions
    ]
