"""The tasks: found by what they are, added by a load, and replaced only by whoever saw the newest version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)

from cadence.core.changes import Imprint, Series, Standing, contents
from cadence.core.changes.contents import SHARED
from cadence.core.compiler.neighbours import Engagement
from cadence.core.model import DateState, Occurrence, State, Task
from cadence.errors import Refused
from cadence.store.dialect import CLASH, add_all, add_parts, as_they_come, change_parts, chunks, in_columns
from cadence.store.keys import Keys
from cadence.store.schema import BY_HAND, DUE, IS_OVER, SERIES, TASKS, TERMS
from cadence.store.taskrows import READ, STATUS, Shared, asked_parts, shared_of, status, tasks_of, terms_row

LIVE = tuple(state.value for state in State if state.live)
STATES = {state.value: state for state in State}
DAY = func.coalesce(TASKS.c.moved_date, TASKS.c.planned_date)
IN_ORDER = (DAY, DUE, TASKS.c.id)
A_DAY = timedelta(days=1)
READINGS = 3
"""How often tasks are read anew when a load of somebody else comes between them and their terms."""
SERIES_OWN, SERIES_LEFT = ("plan", "activity", "about", "digest"), ("absent", "at", "today")
BEYOND_HEX = "g"
"""Ids are hex digits: this sorts behind them all, in every collation."""
TERMS_AT = READ.index(TASKS.c.terms_id)
MOST_KNOWN = 50_000
_known: dict[str, Shared] = {}
"""Terms by id, as they were read. The id is a digest of the rest, so what is known here is true of every database."""


class Tasks:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def find(
        self, *, plan: str | None = None, states: Iterable[State] | None = None, ids: Iterable[str] | None = None
    ) -> tuple[Task, ...]:
        """Those that meet every condition given, by date, due instant and id."""
        conditions: list[ColumnElement[bool]] = []
        if plan is not None:
            conditions.append(TASKS.c.terms_id.in_(_terms_of(plan)))
        if states is not None:
            conditions.append(TASKS.c.state.in_([state.value for state in states]))
        if ids is None:
            return self._read(*conditions)
        parts = [self._read(*conditions, TASKS.c.id.in_(chunk)) for chunk in chunks(ids)]
        if len(parts) == 1:
            return parts[0]
        return tuple(sorted(chain.from_iterable(parts), key=lambda task: (task.date, task.due, task.id)))

    def around(self, now: datetime, *, ahead: timedelta, back: timedelta) -> tuple[Task, ...]:
        """The live ones whose window begins within `ahead`, and those of any state that were due within `back`."""
        return self._read(_around(now, ahead, back))

    def by_prefix(self, text: str) -> tuple[Task, ...]:
        """Those whose id begins with `text`."""
        near = TASKS.c.id.between(text, f"{text}{BEYOND_HEX}")  # which the index answers, as it does not what follows
        return self._read(near, TASKS.c.id.startswith(text, autoescape=True))

    def add(self, tasks: Iterable[Task]) -> None:
        found = tuple(tasks)
        asked = [task.occurrence for task in found]
        self._add(asked, contents(asked), self._status(found))

    def add_alike(self, like: Task, asked: Sequence[Occurrence], words: Mapping[str, str]) -> None:
        """Adds a task for each, in all but what is asked as `like`. `words` are their contents by id."""
        self._add(asked, [words[one.id] for one in asked], self._status((like,)) * len(asked))

    def _add(self, asked: Sequence[Occurrence], words: Sequence[str], made: Sequence[tuple[Any, ...]]) -> None:
        if asked:
            self._add_terms(asked, words)
            add_parts(self._connection, TASKS, {**asked_parts(asked, words), STATUS: made})

    def _add_terms(self, asked: Sequence[Occurrence], words: Sequence[str]) -> None:
        """Those that are not there yet. A load is alone with the plan, so nobody adds or drops them meanwhile."""
        wanted = {word[:SHARED]: one for word, one in zip(words, asked, strict=True)}
        there: set[str] = set()
        for chunk in chunks(wanted):
            there.update(self._connection.execute(select(TERMS.c.id).where(TERMS.c.id.in_(chunk))).scalars())
        add_all(self._connection, TERMS, [terms_row(key, one) for key, one in wanted.items() if key not in there])

    def _status(self, tasks: Iterable[Task]) -> list[tuple[Any, ...]]:
        """What people have made of each; equal ones are one."""
        known: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        return [known.setdefault(one, one) for one in (status(task, self._keys) for task in tasks)]

    def replace(self, task: Task, expected_version: int) -> bool:
        """Writes what people have made of a task over the stored one if that still has the expected version; False if
        not. What the plan asks is left to loads: see `replace_all`."""
        unchanged = (TASKS.c.id == task.id, TASKS.c.version == expected_version)
        values = dict(zip(STATUS, status(task, self._keys), strict=True))
        return self._connection.execute(update(TASKS).where(*unchanged).values(**values)).rowcount == 1

    def replace_all(self, tasks: Sequence[Task]) -> bool:
        """Writes whole tasks, each over the version before its own; False when somebody was quicker with any of them,
        and then the transaction is to be given up."""
        if not tasks:
            return True
        asked = [task.occurrence for task in tasks]
        words = contents(asked)
        self._add_terms(asked, words)
        parts = {**asked_parts(asked, words), STATUS: self._status(tasks)}
        before = [(task.id, task.version - 1) for task in tasks]
        return change_parts(self._connection, TASKS, parts, {("id", "version"): before}) == len(tasks)

    def prune(self, plan: str) -> None:
        """Drops the terms that no task of the plan has any more."""
        used = exists().where(TASKS.c.terms_id == TERMS.c.id)
        self._connection.execute(delete(TERMS).where(TERMS.c.plan == plan, ~used))

    def standings(self, plan: str, besides: Set[Series] = frozenset()) -> dict[str, Standing]:
        """Of every task of a plan, but for those of some series, just enough to see whether a load would change it, by
        id. Says in SQL what `standing` says of one: two columns of most rows are all that is fetched."""
        of_plan = select(TERMS.c.id, TERMS.c.activity, TERMS.c.about).where(TERMS.c.plan == plan)
        series = as_they_come(self._connection, of_plan)
        as_left = and_(TASKS.c.state.in_(LIVE), ~BY_HAND, TASKS.c.content.is_not(None))
        found = case((as_left, TASKS.c.terms_id + TASKS.c.content), else_=TASKS.c.state)
        standings: dict[str, Standing] = {}
        for chunk in chunks(key for key, *one in series if tuple(one) not in besides):
            rows = as_they_come(self._connection, select(TASKS.c.id, found).where(TASKS.c.terms_id.in_(chunk)))
            standings.update((key, STATES.get(said, said)) for key, said in rows)
        return standings

    def by_hand(self, plan: str) -> frozenset[str]:
        """The ids of the live tasks of a plan that a person moved or handed over."""
        laid = select(TASKS.c.terms_id, TASKS.c.id).where(BY_HAND, TASKS.c.state.in_(LIVE))
        found = as_they_come(self._connection, laid)  # there are few, so the plan is asked for last
        shared = self._shared(frozenset(terms for terms, _ in found))
        return frozenset(key for terms, key in found if terms in shared and shared[terms][0].plan == plan)

    def live(self, plan: str) -> int:
        """How many tasks of a plan are owed by now."""
        owed = select(func.count()).where(TASKS.c.terms_id.in_(_terms_of(plan)), TASKS.c.state.in_(LIVE))
        return int(self._connection.execute(owed).scalar_one())

    def imprints(self, plan: str) -> dict[Series, Imprint]:
        """What the last loads left of each series; empty where none did since an older version."""
        columns = SERIES.c
        said = select(columns.activity, columns.about, columns.digest, columns.absent, columns.at, columns.today)
        found = in_columns(self._connection, said.where(columns.plan == plan))
        return {(activity, about): Imprint(*one) for activity, about, *one in zip(*found, strict=True)}

    def imprint(self, plan: str, new: Mapping[Series, Imprint], stale: Iterable[Series]) -> None:
        """Drops the `stale` imprints and adds new ones."""
        one = (SERIES.c.plan == plan, SERIES.c.activity == bindparam("of"), SERIES.c.about == bindparam("to"))
        if gone := [{"of": activity, "to": about} for activity, about in stale]:
            self._connection.execute(delete(SERIES).where(*one), gone)
        if new:
            stood = {one: one for one in ((left.absent, left.at, left.today) for left in new.values())}
            named = [(plan, activity, about, left.digest) for (activity, about), left in new.items()]
            when = [stood[left.absent, left.at, left.today] for left in new.values()]
            add_parts(self._connection, SERIES, {SERIES_OWN: named, SERIES_LEFT: when})

    def diary(self, plan: str) -> tuple[Engagement, ...]:
        """Of every live task of a plan just enough to see when it takes whose time."""
        return tuple(map(_engagement, self.find(plan=plan, states=(State.PLANNED, State.OPEN))))

    def stamps(self, now: datetime, *, ahead: timedelta, back: timedelta) -> list[tuple[str, tuple[object, ...]]]:
        """Of those that `around` gives, in its order, the id and what tells the task as it is from what it was."""
        near = select(TASKS.c.id, TASKS.c.version, TASKS.c.state, TASKS.c.changed_at).where(_around(now, ahead, back))
        rows = as_they_come(self._connection, near.order_by(*IN_ORDER))
        return [(row[0], row[1:]) for row in rows]

    def _read(self, *conditions: ColumnElement[bool]) -> tuple[Task, ...]:
        statement = select(*READ).where(*conditions).order_by(*IN_ORDER)
        for _ in range(READINGS):
            columns = in_columns(self._connection, statement)
            if not columns:
                return ()
            wanted = frozenset(columns[TERMS_AT])
            shared = self._shared(wanted)
            if len(shared) == len(wanted):
                return tasks_of(columns, shared, self._keys)
        raise Refused(CLASH)

    def _shared(self, ids: frozenset[str]) -> dict[str, Shared]:
        """The terms of these ids, as far as they are there."""
        found = {key: one for key in ids if (one := _known.get(key)) is not None}
        for chunk in chunks(ids - found.keys()):
            rows = self._connection.execute(select(TERMS).where(TERMS.c.id.in_(chunk))).mappings()
            found |= {row["id"]: shared_of(row) for row in rows}
        if len(_known) > MOST_KNOWN:
            _known.clear()
        _known.update(found)
        return found


def _terms_of(plan: str) -> Select[tuple[str]]:
    return select(TERMS.c.id).where(TERMS.c.plan == plan)


def _around(now: datetime, ahead: timedelta, back: timedelta) -> ColumnElement[bool]:
    """Each alternative is answered by an index of its own, however many tasks there are: what is live by its window,
    what is over and what was moved by hand by its due. Nothing is due a day before its window begins, in any zone."""
    last = (now + ahead).date()
    begins, due = TASKS.c.window_start, DUE.between(now - back, now + ahead)
    live = TASKS.c.state.in_(LIVE)
    near = and_(live, begins <= last + A_DAY, or_(begins <= last, due))
    return or_(near, and_(IS_OVER, due), and_(BY_HAND, live, due))


def _engagement(task: Task) -> Engagement:
    asked = task.occurrence
    settled = task.date_state is not DateState.PROPOSED
    starts, ends = (task.starts, task.ends) if settled else (None, None)
    return Engagement(
        asked.activity, asked.seat, task.date, asked.minutes, asked.attendees, starts, ends, task.handed_to
    )
