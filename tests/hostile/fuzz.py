"""Damaged and generated plans through the whole road of the compiler: nothing raises, hangs or fills the memory.

    python -m tests.hostile.fuzz --mutations 100000 --plans 5000 --seed 7

Prints what was tried, how it ended, the slowest, and each failure with the seed that makes it again; ends with 1 if
there was any. A bounded part of it runs with the other tests.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from cadence.core import documents
from cadence.core.model import Bundle, Severity
from cadence.core.planfile import outline
from cadence.services import compiling
from cadence.services.gather import gather
from cadence.templating import words
from tests.hostile.fields import bundle
from tests.hostile.plans import plan_by_chance

ROOT = Path(__file__).parents[2]
SLOW = 2.0
"""Seconds of the processor that one plan may take at most."""
HANGS = 20
"""Seconds after which it is cut off."""
MEMORY = 300
"""Mebibytes that the whole process may take."""
SHORT = """\
plan: gap
rollout: 2027-01-11
ends: week 12
milestones: {qbr: day 90, v2: 2027-07-15}
phases: {start: weeks 1-2}
waves: {east: {rollout: 2027-01-18, only: {region: East}}}
quiet: [{from: week 3, until: day 25, only: light}]
people:
  file: people.csv
  list:
    dana-ruiz: {name: Dana Ruiz, email: dana@x.example}
roles: {vp: dana-ruiz}
away: {dana-ruiz: [2027-02-08..2027-02-12]}
activities:
  rides: &a {kind: field_ride, owner: manager, with: each rep, every: 2 weeks, on: [tue, wed]}
  copy: {<<: *a, lasts: 4h, except: [day 16]}
  rule: {kind: training, owner: vp, rrule: FREQ=MONTHLY;BYDAY=-1FR}
  health: {kind: audit, on: qbr - 2 weeks, title: "Look: again", ask: {next: {label: Next, type: text}}}
"""
PEOPLE = 'name,manager,region\nAnna Berg,Cara Losch,East\n"Day, Bob",Cara Losch,West\n'
PIECES = (
    *("\n", ":", ": ", "- ", "  ", "\t", "{", "}", "[", "]", ",", "#", "&a", "*a", "<<: *a", "!", "|", ">", "'", '"'),
    *("%", "@", "`", "?", "~", "\r", "\x00", "\x85", "\u00a0", "\u2028", "\ufeff", "“", "—", "\U0001f600"),
    *("off", "999999999", "..", "day ", "week ", "every: ", "on: ", "- 6 weeks", "2027-02-30", "FREQ=DAILY", "+1e9"),
)


@dataclass
class Tried:
    """What came of it so far."""

    endings: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def note(self, seconds: float, name: str) -> None:
        self.slowest = sorted([*self.slowest, (seconds, name)], reverse=True)[:5]
        if seconds > SLOW:
            self.failures.append(f"{name}: {seconds:.1f} s")


class Hangs(Exception):
    """It took longer than anybody waits."""


def _cut_off(_number: int, _frame: FrameType | None) -> None:
    raise Hangs


def tried(name: str, what: Callable[[], str], found: Tried) -> None:
    """Runs one of them with a limit of time, and notes how it ended."""
    signal.setitimer(signal.ITIMER_REAL, HANGS)
    before = time.process_time()
    try:
        found.endings[what()] += 1
    except Exception:
        found.failures.append(f"{name}\n{traceback.format_exc(limit=-6)}")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        found.note(time.process_time() - before, name)


def compiles_or_says_why(asked: Bundle) -> str:
    """A plan or an error; every problem is one line that says where."""
    outline(asked.plan, dict(asked.files)[asked.plan])
    result, problems = compiling.compiled(asked, words().say)
    assert (result is None) == any(problem.severity is Severity.ERROR for problem in problems)
    assert all("\n" not in str(problem) and problem.place.file for problem in problems)
    return "refused" if result is None else "compiled"


def compiles_alike_twice(asked: Bundle) -> str:
    ending = compiles_or_says_why(asked)
    first, again = _bytes(asked), _bytes(asked)
    assert first == again, "the same plan gives other bytes"
    return ending


def _bytes(asked: Bundle) -> str:
    compiling._read.cache_clear()
    compiling._compiled.cache_clear()
    result, problems = compiling.compiled(asked, words().say)
    if result is None:
        return repr(problems)
    ids = [task.id for task in result.compilation.schedule]
    assert len(set(ids)) == len(ids), "two tasks of one identity"
    return json.dumps(documents.compiled("x", "x", result.compilation, result.directory, problems))


def sources() -> tuple[Bundle, ...]:
    """A short plan for most of the damage, and all that are shipped; each compiles as it is."""
    shipped = [gather(path)[0] for path in sorted((ROOT / "plans" / "example").glob("*.yaml"))]
    found = (bundle(SHORT, PEOPLE), *(one for one in shipped if one is not None))
    broken = [one.files[0] for one in found if compiles_or_says_why(one) == "refused"]
    assert not broken, broken
    return found


def mutated(source: Bundle, luck: random.Random) -> Bundle:
    """The same with one of its files damaged: bytes lost, doubled, changed, moved, or replaced by YAML's own signs."""
    number = luck.randrange(len(source.files))
    name, text = source.files[number]
    raw = bytearray(text.encode("utf-8"))
    for _ in range(luck.choice((1, 1, 2, 3, 6))):
        _damage(raw, luck)
    damaged = raw.decode("utf-8", "surrogateescape" if luck.random() < 0.1 else "replace")
    files = (*source.files[:number], (name, damaged), *source.files[number + 1 :])
    return Bundle(plan=source.plan, files=files, holidays=source.holidays, hash="")


def _damage(raw: bytearray, luck: random.Random) -> None:
    at = luck.randrange(len(raw) + 1)
    length = luck.choice((0, 1, 1, 2, 5, 40))
    match luck.randrange(5):
        case 0:
            del raw[at : at + length]
        case 1:
            raw[at:at] = raw[at : at + length] * luck.choice((1, 2, 50))
        case 2:
            raw[at : at + 1] = bytes([luck.randrange(256)])
        case 3:
            raw[at:at] = raw[luck.randrange(len(raw) + 1) :][:length]
        case _:
            raw[at : at + length] = luck.choice(PIECES).encode()


def mutations(numbers: Iterable[int], seed: int, found: Tried) -> None:
    """Nearly all are the short plan, which is damaged sooner where it matters; one in fifty is a shipped one."""
    known = sources()
    for number in numbers:
        luck = random.Random(f"{seed}:{number}")
        source = known[0] if luck.random() < 0.98 else luck.choice(known[1:])
        tried(f"mutation {number}", lambda s=source, r=luck: compiles_or_says_why(mutated(s, r)), found)  # type: ignore[misc]  # bound at once


def generated(numbers: Iterable[int], seed: int, found: Tried) -> None:
    for number in numbers:
        text, people = plan_by_chance(seed * 1_000_000 + number)
        tried(f"plan {number}", lambda t=text, p=people: compiles_alike_twice(bundle(t, p)), found)  # type: ignore[misc]  # bound at once


def mebibytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description="Damaged and generated plans through the compiler.")
    for name, usual in (("mutations", 100_000), ("plans", 5_000), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    signal.signal(signal.SIGALRM, _cut_off)
    found = Tried()
    began = time.monotonic()
    for what, run, count in (("mutations", mutations, asked.mutations), ("plans", generated, asked.plans)):
        run(range(count), asked.seed, found)
        print(
            f"{count} {what}: {dict(found.endings)}, {time.monotonic() - began:.0f} s, {mebibytes():.0f} MiB",
            flush=True,
        )
    print("slowest:", *(f"{name} {seconds * 1000:.0f} ms" for seconds, name in found.slowest), sep="\n  ")
    if mebibytes() > MEMORY:
        found.failures.append(f"{mebibytes():.0f} MiB")
    print(f"{len(found.failures)} failures", *found.failures[:20], sep="\n")
    sys.exit(bool(found.failures))


if __name__ == "__main__":
    main()
