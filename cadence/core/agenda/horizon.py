"""How long nothing can fall due by itself: until when time alone changes nothing that the agenda decides.

All that it decides hangs on days (each person's, each plan's, UTC's), on hours of such a day (a person's day begins or
ends, a brief's or a digest's hour), and on a few instants of tasks. Whatever else happens is written somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cadence.core.agenda.news import AT_SHORT_NOTICE
from cadence.core.agenda.own import pinged_at
from cadence.core.agenda.situation import Situation
from cadence.core.planfile.schema import Digest
from cadence.core.worktime import instant

A_DAY = timedelta(days=1)


def next_change(situation: Situation) -> datetime:
    """The first instant after `now` at which something may be decided that is not decided now, if nothing is written
    until then. At the latest the next midnight in UTC."""
    now = situation.now
    return min(at for at in (*_of_days(situation), *_of_tasks(situation)) if at > now)


def _of_days(situation: Situation) -> Iterator[datetime]:
    """The midnights of every calendar, and the hours of today at which something begins or ends."""
    zones = {"UTC", *(directory.calendar.zone for directory in situation.directories.values())}
    hours: dict[str, set[time]] = {zone: set() for zone in zones | {t.occurrence.timezone for t in situation.tasks}}
    digests = {Digest().at, *(plan.digest.at for plan in situation.plans.values())}
    for key, clock in situation.worktimes.items():
        hours.setdefault(clock.zone, set()).update((clock.opens, clock.closes, situation.persons[key].brief, *digests))
    for zone, times in hours.items():
        today = situation.now.astimezone(ZoneInfo(zone)).date()
        yield instant(today + A_DAY, time(), zone)
        for at in times:
            yield instant(today, at, zone)


def _of_tasks(situation: Situation) -> Iterator[datetime]:
    """When a task falls due, starts, or is pinged, and when what was put on a desk is no longer at short notice."""
    yield from (event.at + AT_SHORT_NOTICE for event in situation.changed)
    for task in situation.tasks:
        if task.state.live:
            yield task.due
            if task.starts is not None:
                yield task.starts
                if pinged := pinged_at(task.starts, situation.activity(task)):
                    yield pinged
