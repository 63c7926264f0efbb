"""Where the time of a compile goes: its stages, one after another, as `compile_plan` puts them together."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator

from benchmarks.organisation import Organisation
from cadence.core.compiler.compilation import dates_of, waves_dates
from cadence.core.compiler.holders import Holders
from cadence.core.compiler.load import load_of, overload
from cadence.core.compiler.review import Reviewed, review
from cadence.core.compiler.runs import in_order
from cadence.core.compiler.scheduling import Scheduling
from cadence.core.messages import Say


def stages(org: Organisation, say: Say) -> Iterator[tuple[str, float]]:
    """Each stage and its microseconds a task, in the order of a compile."""
    plan, directory = org.plan, org.directory
    gc.collect()
    clock = [time.process_time()]
    holders = Holders(directory)
    dates, _ = dates_of(plan, plan.rollout, directory)
    scheduling = Scheduling(plan, directory, waves_dates(plan, dates, directory), holders, say, None)
    scheduling.expand()
    clock.append(time.process_time())
    scheduling.place()
    clock.append(time.process_time())
    runs = scheduling.runs()
    clock.append(time.process_time())
    schedule = in_order(runs)
    clock.append(time.process_time())
    reviewed = Reviewed(plan, holders, runs)
    load = load_of(runs, holders)
    clock.append(time.process_time())
    found = [*scheduling.findings(), *overload(load, directory), *review(reviewed)]
    clock.append(time.process_time())
    names = ("series, dates, fixed tasks and wishes", "placing", "proposed tasks", "order", "load", "findings")
    for name, start, stop in zip(names, clock, clock[1:], strict=False):
        yield name, (stop - start) * 1e6 / len(schedule)
    yield "findings in all", float(len(found))
