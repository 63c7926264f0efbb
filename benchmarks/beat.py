"""How fast a beat is: an empty one beside the number of tasks that are stored, a full one, and a rehearsal of 26 weeks.

    python -m benchmarks.beat             10,000 and 1,000,000 open tasks on SQLite, the median of 7
    python -m benchmarks.beat --quick     1,000 and 20,000 open tasks, four weeks of rehearsal

The empty beats are taken by turns in one process. A beat is empty when nothing fell due and nothing was written since
the one before; the first beat after a start, and every one at an hour at which somebody's day begins or ends, reads
what is near in time and is measured for itself.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median

from benchmarks.load import installed, seconds
from cadence import templating
from cadence.core.model import Days, Hold, Occurrence, State, Task
from cadence.services.beat import beat
from cadence.services.compiling import compiled
from cadence.services.context import Context
from cadence.services.gather import gather
from cadence.services.reconcile import load
from cadence.services.rehearse import Rehearsal, rehearse

NOW = datetime(2027, 1, 5, 9, 7, tzinfo=UTC)
PORTION = 50_000
EXAMPLE = Path("plans/example/rollout.yaml")
LONG_AHEAD = timedelta(days=400)
BEATS = 20
"""Empty beats to a turn."""


def stored(context: Context, tasks: int) -> None:
    """The example, loaded, and as many open tasks as are asked for: its own again and again, each due long from now."""
    bundle, _ = gather(EXAMPLE)
    assert bundle is not None
    load(context, bundle, NOW, author="benchmark", force=True)
    result, _ = compiled(bundle, context.words("en").say)
    assert result is not None
    asked = cycle(result.compilation.schedule)
    for start in range(0, tasks, PORTION):
        with context.store.begin() as work:
            work.tasks.add([far(next(asked), number) for number in range(start, min(start + PORTION, tasks))])


def far(asked: Occurrence, number: int) -> Task:
    """An open task of the same series, long from now."""
    occurrence = replace(
        asked,
        id=f"{number:012x}",
        date=asked.date + LONG_AHEAD,
        due=asked.due + LONG_AHEAD,
        window=Days(asked.window.start + LONG_AHEAD, asked.window.stop + LONG_AHEAD),
        starts=None,
        ends=None,
    )
    return Task(occurrence=occurrence, state=State.OPEN, changed_at=NOW)


def at_rest(context: Context) -> None:
    """Beats until one finds nothing to decide."""
    for _ in range(3):
        beat(context, NOW)


def empty_beats(context: Context) -> float:
    """Seconds of one."""
    return seconds(lambda: [beat(context, NOW) for _ in range(BEATS)]) / BEATS


def looking_beat(context: Context, turn: int) -> float:
    """Seconds of one that looks, as the first after something was written does; all that was read before is kept."""
    with context.store.begin() as work:
        work.records.hold(Hold(scope="plan/nobody", until=NOW.date(), reason=str(turn), since=NOW))
    return seconds(partial(beat, context, NOW))


def sizes(folder: Path, few: int, many: int, turns: int) -> None:
    def at(tasks: int) -> str:
        return f"sqlite:///{folder / f'{tasks}.db'}"

    with installed(at(few), few) as small, installed(at(many), many) as large:
        for context, tasks in ((small, few), (large, many)):
            stored(context, tasks)
            first = seconds(partial(beat, context, NOW))
            at_rest(context)
            print(f"first beat of a process, {tasks} open tasks stored: {first:.2f} s", flush=True)
        pairs = [(empty_beats(small), empty_beats(large)) for _ in range(turns)]
        say("empty beat", few, many, pairs, " (bar 1.3)")
        say("beat that looks", few, many, [(looking_beat(small, n), looking_beat(large, n)) for n in range(turns)])


def say(what: str, few: int, many: int, pairs: list[tuple[float, float]], bar: str = "") -> None:
    small, large = (median(side) for side in zip(*pairs, strict=True))
    ratio = median(b / a for a, b in pairs)
    print(
        f"{what}: {few} tasks {small * 1000:.2f} ms, {many} tasks {large * 1000:.2f} ms, {ratio:.2f} x{bar}", flush=True
    )


def rehearsal(days: int) -> None:
    bundle, _ = gather(EXAMPLE)
    assert bundle is not None
    found: list[Rehearsal | None] = []
    taken = seconds(lambda: found.append(rehearse(bundle, templating.words, days=days)[0]))
    assert found[0] is not None
    print(f"rehearsal of {days} days: {taken:.1f} s, {len(found[0].messages)} messages, {len(found[0].tasks)} tasks")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true")
    quick = arguments.parse_args().quick
    with tempfile.TemporaryDirectory() as name:
        sizes(Path(name), *((1_000, 20_000, 3) if quick else (10_000, 1_000_000, 7)))
    rehearsal(28 if quick else 26 * 7)


if __name__ == "__main__":
    main()
