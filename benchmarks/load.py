"""How fast a plan is stored and loaded again, beside the obvious program: rrule, uuid5, SQLModel objects, add_all.

    python -m benchmarks.load             100,000 tasks, the median of 7, on SQLite and on PostgreSQL
    python -m benchmarks.load --quick     5,000 tasks, the median of 3

Both programs run by turns in one process. Every row says what was measured, the seconds of both, their ratio and the
bar of the design.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from dateutil.rrule import WEEKLY, rrule
from sqlalchemy import Engine
from sqlmodel import Field, Session, SQLModel, create_engine, select

from benchmarks import organisation
from cadence import templating
from cadence.core.model import Bundle, Task
from cadence.services.compiling import compiled
from cadence.services.context import Context
from cadence.services.reconcile import Prepared, load, prepare
from cadence.store import Store, open_store
from tests.support import postgres

NOW = datetime(2027, 1, 2, 9, tzinfo=UTC)
WEEKS = 50
"""Of each series of the obvious program."""
REPS_OF_ONE = 8
A_TEAM = 460
"""So many tasks, or nearly, has each team of the plan."""

PLAN = organisation.PLAN + '  huddles: {kind: team_meeting, every: 6 weeks, on: tue, at: "{at}"}\n'
"""The organisation of `benchmarks.compile`, with a meeting that is one task in a hundred."""


class Row(SQLModel, table=True):
    """A task as the obvious program has it."""

    __tablename__ = "rows"
    id: str = Field(primary_key=True)
    plan: str = Field(index=True)
    activity: str
    kind: str
    about: str
    owner: str
    title: str
    day: date
    window_start: date
    window_stop: date
    due: datetime
    starts: datetime | None = None
    ends: datetime | None = None
    state: str = Field(default="planned", index=True)
    version: int = 1


def bundle(tasks: int, at: str = "09:00") -> Bundle:
    """A plan of about so many tasks; `at` is the hour of one in a hundred of them."""
    files = (("plan.yaml", PLAN.replace("{at}", at)), ("people.csv", organisation.people(round(tasks / A_TEAM))))
    holidays = tuple((country, tuple(sorted(days))) for country, days in organisation.HOLIDAYS.items())
    return Bundle(plan="plan.yaml", files=files, holidays=holidays, hash=at)


def obvious_rows(tasks: int) -> list[Row]:
    namespace, rows = uuid.NAMESPACE_URL, []
    for series in range(tasks // WEEKS):
        for n, day in enumerate(rrule(WEEKLY, dtstart=datetime(2027, 1, 11, 17), count=WEEKS)):
            rows.append(
                Row(
                    id=str(uuid.uuid5(namespace, f"big/{series}/{n}")),
                    plan="big",
                    activity="talks",
                    kind="one_on_one",
                    about=f"rep/r{series}",
                    owner=f"m{series // REPS_OF_ONE}",
                    title=f"One-on-one with Rep {series}",
                    day=day.date(),
                    window_start=day.date(),
                    window_stop=day.date(),
                    due=day.replace(tzinfo=UTC),
                )
            )
    return rows


def obvious_store(engine: Engine, tasks: int) -> None:
    with Session(engine) as session:
        session.add_all(obvious_rows(tasks))
        session.commit()


def obvious_read(engine: Engine) -> None:
    with Session(engine) as session:
        session.exec(select(Row)).all()


@contextmanager
def installed(url: str, tasks: int) -> Iterator[Context]:
    store = open_store(url, asked_to_upgrade=True)
    try:
        yield Context(store=store, channels={}, words=templating.words, most_tasks=2 * tasks)
    finally:
        store.close()


def seconds(work: Callable[[], object], clock: Callable[[], float] = process_time) -> float:
    """Of the processor, as in `benchmarks.compile`; of the clock on the wall where a server works as well."""
    gc.collect()
    start = clock()
    work()
    return clock() - start


def compile_and_store(folder: Path, tasks: int, turn: int) -> tuple[float, float]:
    """Both from nothing to a committed database file."""
    engine = create_engine(f"sqlite:///{folder / f'obvious-{turn}.db'}")
    SQLModel.metadata.create_all(engine, tables=[Row.__table__])  # type: ignore[attr-defined]
    theirs = seconds(partial(obvious_store, engine, tasks))
    engine.dispose()
    with installed(f"sqlite:///{folder / f'ours-{turn}.db'}", tasks) as context:
        ours = seconds(lambda: load(context, replace(bundle(tasks), hash=f"first {turn}"), NOW))
    return ours, theirs


def load_again(folder: Path, tasks: int, turn: int, *, whole: bool) -> tuple[float, float]:
    """A load of which one task in a hundred is another than the stored one, beside reading all objects. The comparison
    and the writing alone, both plans read and compiled before; or the `whole` command."""
    engine = create_engine(f"sqlite:///{folder / 'obvious-0.db'}")
    theirs = seconds(partial(obvious_read, engine))
    engine.dispose()
    with installed(f"sqlite:///{folder / 'ours-0.db'}", tasks) as context:
        changed = bundle(tasks, at=f"{8 + turn % 8:02}:{30 if whole else 15}")
        if not whole:
            with context.store.read() as work:
                prepare(work, context, changed, NOW)
        shown: list[Prepared | None] = []
        ours = seconds(lambda: shown.append(load(context, changed, NOW)[0]))
        assert shown[0] is not None
        assert 0 < len(shown[0].change_set.amend) <= max(100, tasks // 50)
        return ours, theirs


def store_on_postgresql(server: str, tasks: int, turn: int) -> tuple[float, float]:
    """The rows alone: the tasks are compiled and the objects built before."""
    engine = create_engine(server)
    SQLModel.metadata.drop_all(engine, tables=[Row.__table__])  # type: ignore[attr-defined]
    SQLModel.metadata.create_all(engine, tables=[Row.__table__])  # type: ignore[attr-defined]
    rows = obvious_rows(tasks)

    def theirs() -> None:
        with Session(engine) as session:
            session.add_all(rows)
            session.commit()

    taken = seconds(theirs, perf_counter)
    engine.dispose()
    with installed(server, tasks) as context:
        result, _ = compiled(bundle(tasks), context.words("en").say, limit=2 * tasks)
        assert result is not None
        found = [
            Task(occurrence=replace(asked, id=f"{turn:02}{asked.id[2:]}"), changed_at=NOW)
            for asked in result.compilation.schedule
        ]
        return seconds(partial(add, context.store, found), perf_counter), taken


def add(store: Store, tasks: list[Task]) -> None:
    with store.begin() as work:
        work.tasks.add(tasks)


def say(what: str, bar: float, pairs: list[tuple[float, float]]) -> None:
    ours, theirs = (median(side) for side in zip(*pairs, strict=True))
    ratio = median(b / a for a, b in pairs)
    print(f"{what:46} ours {ours:7.2f} s   obvious {theirs:7.2f} s   {ratio:5.1f} x   (bar {bar:g} x)", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--tasks", type=int)
    arguments.add_argument("--turns", type=int)
    given = arguments.parse_args()
    tasks = given.tasks or (5_000 if given.quick else 100_000)
    turns = given.turns or (3 if given.quick else 7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say(f"compile and store {tasks} (SQLite)", 8, [compile_and_store(folder, tasks, n) for n in range(turns)])
        for what, whole in (("compare and write", False), ("load again", True)):
            pairs = [load_again(folder, tasks, n, whole=whole) for n in range(turns)]
            say(f"{what}, 1 % of {tasks} changed (SQLite)", 8, pairs)
    with postgres._server() as server:
        say(f"store {tasks} (PostgreSQL)", 6, [store_on_postgresql(server, tasks, n) for n in range(turns)])


if __name__ == "__main__":
    main()
