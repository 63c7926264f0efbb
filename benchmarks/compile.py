"""How fast a plan is compiled, beside what else one could do. Run it with `python benchmarks/compile.py [--quick]`.

Three ways over the same rhythms, in turn, seven times; the median counts:
- cadence   `compile_plan`: ids, zones, calendars, holidays, absences, placing, load and all findings;
- dates     python-dateutil's rrule, for the bare dates of each series and nothing else;
- obvious   what one would write first: rrule, a uuid5 and a SQLModel object per task.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, WEEKLY, rrule
from sqlmodel import Field, SQLModel

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.organisation import ROLLOUT, Organisation, organisation
from benchmarks.stages import stages
from cadence.core.compiler import compile_plan
from cadence.templating import words

A_TEAM = 455
"""About so many tasks come of one team."""
START = datetime(ROLLOUT.year, ROLLOUT.month, ROLLOUT.day)
WEEK_5, WORKWEEK = START + timedelta(days=28), (MO, TU, WE, TH, FR)
BEFORE, ENDS = WEEK_5 - timedelta(days=1), START + timedelta(days=181)
RHYTHMS: dict[str, tuple[dict[str, object], ...]] = {
    "field-rides": (
        {"freq": WEEKLY, "interval": 2, "dtstart": START, "until": BEFORE},
        {"freq": WEEKLY, "interval": 4, "dtstart": WEEK_5, "until": ENDS},
    ),
    "one-on-ones": ({"freq": WEEKLY, "dtstart": START, "until": ENDS},),
    "campaign-reviews": (
        {"freq": WEEKLY, "byweekday": MO, "dtstart": START, "until": BEFORE},
        {"freq": WEEKLY, "interval": 2, "byweekday": MO, "dtstart": WEEK_5, "until": ENDS},
    ),
    "stand-ups": ({"freq": DAILY, "byweekday": WORKWEEK, "dtstart": START, "until": BEFORE},),
    "quick-wins": ({"freq": WEEKLY, "interval": 2, "byweekday": TH, "dtstart": START, "until": ENDS},),
    "pulse": ({"freq": WEEKLY, "interval": 2, "byweekday": FR, "dtstart": START, "until": ENDS},),
    "debriefs": ({"freq": WEEKLY, "interval": 2, "byweekday": FR, "dtstart": START, "until": ENDS},),
}
"""What the plan's activities come to, as a programmer would write them down for rrule."""

Series = list[tuple[str, str]]
"""Activity and about."""


class Row(SQLModel, table=True):
    """A task as the obvious program has it."""

    id: str = Field(primary_key=True)
    activity: str
    about: str
    owner: str
    date: date
    due: datetime
    title: str
    state: str = "planned"


@dataclass(frozen=True)
class Measured:
    """Microseconds a task, medians; bytes that a task holds when all is done."""

    tasks: int
    cadence: float
    dates: float
    obvious: float
    memory: float


def bare_dates(series: Series) -> Iterator[tuple[str, str, datetime]]:
    for activity, about in series:
        for rule in RHYTHMS.get(activity, ()):
            for when in rrule(**rule):  # type: ignore[arg-type]  # the words of a rule differ in type
                yield activity, about, when


def obvious(series: Series) -> list[Row]:
    return [
        Row(
            id=str(uuid5(NAMESPACE_URL, f"{activity}/{about}/{when}")),
            activity=activity,
            about=about,
            owner=about,
            date=when.date(),
            due=when.replace(hour=18, tzinfo=UTC),
            title=f"{activity} with {about}",
        )
        for activity, about, when in bare_dates(series)
    ]


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, with what earlier rounds left behind cleared away."""
    gc.collect()
    start = time.process_time()
    kept = work()
    took = time.process_time() - start
    del kept
    return took


def measured(org: Organisation, rounds: int) -> Measured:
    say = words().say

    def ours() -> object:
        return compile_plan(org.plan, org.directory, say)

    schedule = compile_plan(org.plan, org.directory, say).schedule
    series = sorted({(made.activity, made.about) for made in schedule})
    tasks, dates = len(schedule), sum(1 for _ in bare_dates(series))
    del schedule
    took = [
        (seconds(ours), seconds(lambda: list(bare_dates(series))), seconds(lambda: obvious(series)))
        for _ in range(rounds)
    ]
    mine, bare, plain = (statistics.median(column) * 1e6 for column in zip(*took, strict=True))
    return Measured(tasks, mine / tasks, bare / dates, plain / dates, _bytes(ours) / tasks)


def _bytes(work: Callable[[], object]) -> float:
    """What the result holds on to."""
    gc.collect()
    tracemalloc.start()
    kept = work()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return held


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="10,000 tasks, three rounds")
    arguments.add_argument("--million", action="store_true", help="a million tasks as well, three rounds")
    given = arguments.parse_args()
    sizes = [(10_000, 3)] if given.quick else [(10_000, 7), (100_000, 7)]
    sizes += [(1_000_000, 3)] if given.million else []
    print("   tasks   cadence     dates   obvious   cadence/dates   obvious/cadence   bytes a task")
    for size, rounds in sizes:
        found = measured(organisation(size // A_TEAM), rounds)
        print(
            f"{found.tasks:>8,} {found.cadence:>6.1f} us {found.dates:>6.1f} us {found.obvious:>6.1f} us"
            f" {found.cadence / found.dates:>15.2f} {found.obvious / found.cadence:>17.1f} {found.memory:>14.0f}"
        )
    print("\nWhere the time goes, in microseconds a task:")
    for stage, micros in stages(organisation(sizes[-1 if not given.million else 1][0] // A_TEAM), words().say):
        print(f"  {stage:<46} {micros:>6.2f}")


if __name__ == "__main__":
    main()
