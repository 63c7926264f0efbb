"""Calendar feeds: the bytes of a person's, team's, role's or plan's calendar, and the secret tokens that open one.

A token is shown once and stored as its hash only: whoever reads the database can open no calendar.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Literal

from cadence.core.agenda import Situation
from cadence.core.model import Person, Task
from cadence.errors import NothingToActOn, WrongUsage
from cadence.feeds import Audience, FeedItem, calendar, items
from cadence.services.compiling import read
from cadence.services.context import Context
from cadence.services.installation import look
from cadence.services.listing import holder_of
from cadence.store import Feed, Work

Kind = Literal["person", "team", "role", "plan"]
KINDS: tuple[Kind, ...] = ("person", "team", "role", "plan")
TOKEN_BYTES = 24
"""192 bits: nobody guesses one."""


def calendar_of(context: Context, work: Work, kind: str, subject: str, now: datetime) -> bytes:
    """The calendar as it is served. Raises NothingToActOn when there is no such person, team, role or plan."""
    return next(calendars_of(context, work, look(work, now), [(kind, subject)]))[1]


def calendars_of(
    context: Context, work: Work, situation: Situation, subjects: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, bytes]]:
    """Several calendars of (kind, subject) with their names, `person-KEY` and so on; the tasks are read once."""
    tasks = {plan: work.tasks.find(plan=plan) for plan in situation.directories}
    for kind, subject in subjects:
        audience = Audience(kind_of(kind), subject)
        name = _name(work, situation, audience)
        reader = situation.persons.get(subject) if kind == "person" else None
        title = context.words(reader.language if reader else "en").say(f"feed.{kind}", name=name)
        uid = f"{kind}-{subject}"
        yield uid, calendar(title, uid, _items(context, work, situation, tasks, audience, reader))


def _items(
    context: Context,
    work: Work,
    situation: Situation,
    tasks: Mapping[str, Iterable[Task]],
    audience: Audience,
    reader: Person | None,
) -> Iterator[FeedItem]:
    say = context.words(reader.language if reader else "en").say
    for plan, directory in situation.directories.items():
        yield from items(
            tasks[plan],
            directory,
            say,
            situation.now,
            audience,
            holder=lambda task: holder_of(task, situation),
            agenda=agendas(work, plan, reader.language if reader else "en"),
        )


def agendas(work: Work, plan: str, language: str) -> Callable[[Task], str]:
    """What the plan wants talked about, by task; empty where it says nothing."""
    stored = work.plans.get(plan)
    result = read(stored.bundle)[0] if stored else None
    written = {a.key: a.agenda.in_language(language) for a in result[0].activities if a.agenda} if result else {}
    return lambda task: written.get(task.occurrence.activity, "")


def kind_of(word: str) -> Kind:
    """Raises WrongUsage for a word that is no kind of calendar."""
    if word not in KINDS:
        raise WrongUsage(f"'{word}' has no calendar; it is one of {', '.join(KINDS)}")
    return word


def _name(work: Work, situation: Situation, audience: Audience) -> str:
    key = audience.subject
    found: str | None = None
    match audience.kind:
        case "person":
            found = situation.persons[key].name if key in situation.persons else None
        case "team":
            named = [one.teams[key].name for one in situation.directories.values() if key in one.teams]
            found = next(iter(named), None)
        case "role":
            found = key if any(key in one.roles for one in situation.directories.values()) else None
        case "plan":
            found = _title(work, key)
    if found is None:
        raise NothingToActOn(f"there is no {audience.kind} '{key}' to make a calendar of")
    return found


def _title(work: Work, plan: str) -> str | None:
    stored = work.plans.get(plan)
    result = read(stored.bundle)[0] if stored else None
    return result[0].title if result else None


def new_feed(work: Work, kind: str, subject: str, now: datetime) -> str:
    """Opens a calendar to whoever has the token; the only time that it is seen."""
    _name(work, look(work, now), Audience(kind_of(kind), subject))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    work.feeds.add(kind, subject, hashed(token), now)
    return token


def rotated_feed(work: Work, feed_id: int, now: datetime) -> str:
    """The same calendar under a new token; the old one opens nothing from now on."""
    feed = next((one for one in work.feeds.list() if one.id == feed_id), None)
    revoke_feed(work, feed_id, now)
    assert feed is not None
    return new_feed(work, feed.kind, feed.subject, now)


def revoke_feed(work: Work, feed_id: int, now: datetime) -> None:
    """Raises NothingToActOn when there is no such feed or it was revoked before."""
    if not work.feeds.revoke(feed_id, now):
        raise NothingToActOn(f"there is no open feed {feed_id}; `cadence feed list` shows them")


def feed_by_token(work: Work, token: str) -> Feed | None:
    """None for an unknown and for a revoked token alike."""
    return work.feeds.find(hashed(token))


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
