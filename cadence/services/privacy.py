"""What is held about a person, shown whole; its erasure, asked for by name or due by age."""

from __future__ import annotations

from datetime import datetime

from cadence.core import documents
from cadence.core.agenda.own import before
from cadence.core.documents import Document
from cadence.core.model import Preference
from cadence.errors import NothingToActOn, Refused, Unreachable
from cadence.services.context import Context
from cadence.services.installation import directories, loaded
from cadence.store import Work

ERASED = "retention"
"""The mark that says on which day old words were last erased."""


def held(work: Work, key: str) -> Document:
    """Every row that points at the person, by table, and what they prefer."""
    return {
        "preference": documents.value(_preference(work.people.preference(key))),
        **{table: documents.value(rows) for table, rows in work.personal.held(key).items()},
    }


def _preference(wish: Preference) -> dict[str, object]:
    at = wish.brief.strftime("%H:%M") if wish.brief else None
    return {"channel": wish.channel, "brief": at, "briefs": wish.briefs}


def forget(context: Context, key: str, now: datetime) -> str:
    """Erases name, address and words of a person; the key that stands for them from now on. Doing it again cleans up
    again. Raises NothingToActOn for somebody unknown, Refused while a plan in force names them."""
    with context.store.begin() as work:
        work.plans.lock()
        if key not in work.people.all():
            raise NothingToActOn(f"there is no person '{key}'; whoever was forgotten has no key any more")
        token = key
        if not work.personal.is_forgotten(key):
            standing = (plan for plan, people in directories(work).items() if key in people.persons)
            if plans := sorted({*standing, *work.personal.plans_naming(key)}):
                named = ", ".join(plans)
                raise Refused(f"{key} stands in {named}; take them out of its files, load it, then forget them")
            token = work.personal.erase(key, now)
    try:
        context.store.compact()
    except Unreachable as error:
        again = f"stop them and run `cadence people forget {token} --yes`"
        raise Unreachable(f"{key} is forgotten, but old bytes are left: {error}; {again}") from error
    return token


def erase_old(work: Work, now: datetime) -> int:
    """Once a day: erases the words that are older than `privacy: {keep: ...}` of the plans in force allows. How many
    there were; what they were about, and their hashes, stay."""
    today = now.date().isoformat()
    if work.records.marked(ERASED) == today:
        return 0
    work.records.mark(ERASED, today)
    ends = {
        key: people.calendar.opening(before(people.calendar.today(now), plan.keep, people.calendar))
        for key, (plan, people) in loaded(work).items()
        if plan.keep
    }
    return work.records.texts.expire(ends)
