"""How fast a plan is compiled, beside what else one could do.

    python -m benchmarks.compile             10,000 and 100,000 tasks, the median of 7
    python -m benchmarks.compile --quick     10,000 tasks, the median of 3
    python -m benchmarks.compile --million   a million tasks as well, once

Three programs over the same rhythms, by turns in one process; a ratio is taken within a turn, and the median counts:
- cadence   `compile_plan` as the program calls it: ids, zones, calendars, holidays, absences, placing, load, findings;
- dates     python-dateutil's rrule, for the bare dates of each series and nothing else;
- obvious   what one would write first: rrule, a uuid5 and a SQLModel object per task.
"""

from __future__ import annotations

import argparse
import gc
import math
import resource
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from dateutil.rrule import DAILY, FR, MO, TH, TU, WE, WEEKLY, rrule
from sqlmodel import Field, SQLModel

from benchmarks.organisation import ROLLOUT, Organisation, organisation
from benchmarks.stages import stages
from cadence.core.compiler import Compilation, compile_plan
from cadence.services.uncollected import uncollected
from cadence.templating import words

A_TEAM = 455
"""About so many tasks come of one team."""
FIRST = 500
"""Series that the obvious program has to do: all of them would take minutes and gigabytes."""
MOST_TRACED = 100_000
"""Tasks up to which memory is traced, which takes five times as long. Beyond, the process tells the most it had."""
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
    """Microseconds a task and ratios, medians over the turns. `to_dates` and `swept` are how many times as long as the
    bare dates it takes, the latter with Python's search for cycles left on; `obvious` how many times as long the
    obvious program takes. `held` and `peak` are bytes a task."""

    tasks: int
    cadence: float
    dates: float
    to_dates: float
    swept: float
    obvious: float
    held: float
    peak: float


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


def shape(compilation: Compilation) -> tuple[int, Series]:
    """How many tasks there are, and their series in order."""
    schedule = compilation.schedule
    return len(schedule), sorted({(made.activity, made.about) for made in schedule})


def measured(org: Organisation, turns: int) -> Measured:
    """By turns. The obvious program, whose time for a task hardly depends on the number, has the first series only."""
    say = words().say

    def swept() -> Compilation:
        return compile_plan(org.plan, org.directory, say)

    def ours() -> Compilation:
        with uncollected():
            return swept()

    tasks, series = shape(ours())
    first = series[:FIRST]
    dates, few = (sum(1 for _ in bare_dates(some)) for some in (series, first))
    took = [
        (
            seconds(ours) / tasks,
            seconds(swept) / tasks,
            seconds(lambda: list(bare_dates(series))) / dates,
            seconds(lambda: obvious(first)) / few,
        )
        for _ in range(turns)
    ]
    held, peak = traced(ours) if tasks <= MOST_TRACED else (math.nan, of_the_process())
    return Measured(
        tasks=tasks,
        cadence=statistics.median(mine for mine, _, _, _ in took) * 1e6,
        dates=statistics.median(bare for _, _, bare, _ in took) * 1e6,
        to_dates=statistics.median(mine / bare for mine, _, bare, _ in took),
        swept=statistics.median(slow / bare for _, slow, bare, _ in took),
        obvious=statistics.median(plain / mine for mine, _, _, plain in took),
        held=held / tasks,
        peak=peak / tasks,
    )


def traced(work: Callable[[], object]) -> tuple[float, float]:
    """Bytes that the result holds on to, and the most that were held on the way."""
    gc.collect()
    tracemalloc.start()
    kept = work()
    found = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return found


def of_the_process() -> float:
    """The most bytes that this process ever had, the organisation, the interpreter and the other programs counted."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true")
    arguments.add_argument("--million", action="store_true")
    given = arguments.parse_args()
    sizes = [(10_000, 3)] if given.quick else [(10_000, 7), (100_000, 7)]
    sizes += [(1_000_000, 1)] if given.million else []
    print("    tasks   cadence     dates   cadence/dates   swept/dates   obvious/cadence   bytes held   peak")
    for size, turns in sizes:
        org = organisation(size // A_TEAM)
        found = measured(org, turns)
        print(
            f"{found.tasks:>9,} {found.cadence:>6.1f} us {found.dates:>6.1f} us {found.to_dates:>15.2f}"
            f" {found.swept:>13.2f} {found.obvious:>17.1f} {found.held:>12.0f} {found.peak:>6.0f}",
            flush=True,
        )
    print(f"\nWhere the time goes with {found.tasks:,}, in microseconds a task:")
    with uncollected():
        for stage, micros in stages(org, words().say):
            print(f"  {stage:<46} {micros:>6.2f}")


if __name__ == "__main__":
    main()
