"""What keeps messages away: absences that people state and holds that keepers lay, each written with its event."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cadence.core.model import Days, Event, EventType, Hold, Source
from cadence.errors import NothingToActOn, WrongUsage
from cadence.services.installation import look
from cadence.store import Work

LONGEST = timedelta(days=5 * 366)
"""Of an absence; a slip of the finger in the year must not keep somebody quiet for ever."""


def away(work: Work, person: str, days: Days, source: Source, now: datetime, *, by: str | None = None) -> None:
    """`person` is away on these days. Raises NothingToActOn for somebody unknown, WrongUsage for no days."""
    _known(work, person)
    if days.stop <= days.start:
        raise WrongUsage(f"{days.last} lies before {days.start}; the last day away cannot")
    if days.last > now.date() + LONGEST:
        raise WrongUsage(f"{days.last} is more than five years ahead; use `left:` for somebody who does not come back")
    work.people.set_away(person, days, source.value)
    data = {"from": days.start.isoformat(), "until": days.last.isoformat()}
    work.records.event(Event(at=now, type=EventType.AWAY, source=source, actor=by, subject=person, data=data))


def back(work: Work, person: str, source: Source, now: datetime, *, by: str | None = None) -> int:
    """Takes back every absence of `person` that no plan states; how many there were."""
    _known(work, person)
    taken = work.people.clear_away(person)
    if taken:
        data = {"back": "yes"}
        work.records.event(Event(at=now, type=EventType.AWAY, source=source, actor=by, subject=person, data=data))
    return taken


def _known(work: Work, person: str) -> None:
    if person not in work.people.all():
        raise NothingToActOn(f"there is no person '{person}'; `cadence people list` shows them")


def hold(work: Work, scope: str, until: date, reason: str, source: Source, now: datetime) -> Hold:
    """Stops the messages of a scope (`all`, `plan/ID`, `team/KEY`, `person/KEY`) through `until`."""
    _is_there(work, scope, now)
    if until < now.date():
        raise WrongUsage(f"{until} is over; name a day from today on")
    laid = Hold(scope=scope, until=until, reason=reason, since=now)
    work.records.hold(laid)
    work.records.event(_event(EventType.HELD, scope, source, now, until=until.isoformat()))
    return laid


def release(work: Work, scope: str, source: Source, now: datetime) -> None:
    """Lets the messages of a scope go again. Raises NothingToActOn when nothing holds it."""
    if not work.records.release(scope):
        raise NothingToActOn(f"nothing holds {scope}; `cadence hold --list` shows what is held")
    work.records.event(_event(EventType.RELEASED, scope, source, now))


def _is_there(work: Work, scope: str, now: datetime) -> None:
    kind, _, name = scope.partition("/")
    known = {
        "all": lambda: {""},
        "plan": lambda: {stored.plan for stored in work.plans.current()},
        "team": lambda: {team for one in look(work, now).directories.values() for team in one.teams},
        "person": lambda: set(work.people.all()),
    }
    if name not in known[kind]():
        raise NothingToActOn(f"there is no {kind} '{name}'")


def _event(kind: EventType, scope: str, source: Source, now: datetime, **data: str) -> Event:
    """A person is the event's subject, so that no key stands in its data."""
    word, _, name = scope.partition("/")
    if word == "person":
        return Event(at=now, type=kind, source=source, subject=name, data={"scope": word, **data})
    plan = name if word == "plan" else None
    return Event(at=now, type=kind, source=source, plan=plan, data={"scope": scope, **data})
