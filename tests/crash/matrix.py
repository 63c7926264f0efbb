"""The crash matrix: the real program is killed (SIGKILL) before every database statement and every network call, and
started again; the servers count what was lost and what came twice.

    python -m tests.crash.matrix                      # everything: some twenty minutes
    python -m tests.crash.matrix --every 10 --twice 20

`run --once` is a beat in which all happens that can happen in one (see `stage`); `done` is an answer coming in, that
the person gives again when the command has died. `--twice` kills so many times a second time, while it mends.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.stage import BEAT, Killed, Stage, Way, call_of, stage
from tests.support.command import Command
from tests.support.postgres import server_with_template

WAYS: tuple[Way, ...] = ("slack", "mail")
PLAYS = ("run", "done")
ROW = "{:<9} {:<6} {:<5} {:>6} {:>6} {:>5} {:>6} {:>8} {:>8} {:>6} {:>8}"
HEAD = ("database", "by", "what", "steps", "kills", "lost", "twice", "repeats", "per kill", "beats", "seconds")


@dataclass(slots=True)
class Row:
    """One database, one way out, one command: how many steps it has, and what came of the kills."""

    database: str
    way: Way
    play: str
    steps: int = 0
    kills: list[Killed] = field(default_factory=list)
    seconds: float = 0

    def __str__(self) -> str:
        kills = [one for one in self.kills if one.step is not None]
        lost, twice = (sum(len(getattr(one, name)) for one in kills) for name in ("lost", "twice"))
        repeats = [len(one.repeats) for one in kills]
        most = max((one.beats for one in kills), default=0)
        counts = (self.steps, len(kills), lost, twice, sum(repeats), max(repeats, default=0), most)
        return ROW.format(self.database, self.way, self.play, *counts, f"{self.seconds:.0f}")


def play(database: str, way: Way, what: str, set_up: Stage, every: int, twice: int = 0, start: int = 1) -> Row:
    """Kills at every `every`th step, from step `start` on, and `twice` times more at two random ones."""
    began = time.monotonic()
    arguments = ("run", "--once") if what == "run" else _answer(set_up)
    wanted, steps = set_up.undisturbed(arguments)
    row = Row(database, way, what, len(steps))
    row.kills += [set_up.kill(wanted, number, arguments) for number in range(start, len(steps) + 1, every)]
    chosen = random.Random(len(steps))
    for _ in range(twice):
        number, also = chosen.randint(1, len(steps)), chosen.randint(1, len(steps))
        row.kills.append(set_up.kill(wanted, number, arguments, also))
    row.seconds = time.monotonic() - began
    return row


def _answer(set_up: Stage) -> tuple[str, ...]:
    """Ben says at last that his first call took place: in Slack his message shows it."""
    settings = {**set_up.settings, "CADENCE_DATABASE_URL": set_up.url}
    return ("done", call_of(Command(set_up.folder, BEAT, settings), "ben", "2027-03-03"), "--by", "ben")


@contextmanager
def _server(databases: Sequence[str]) -> Iterator[str | None]:
    with server_with_template() if "postgres" in databases else nullcontext() as url:
        yield url


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--database", nargs="*", default=["sqlite", "postgres"], choices=["sqlite", "postgres"])
    asked.add_argument("--way", nargs="*", default=WAYS, choices=WAYS)
    asked.add_argument("--what", nargs="*", default=PLAYS, choices=PLAYS)
    asked.add_argument("--every", type=int, default=1, metavar="N", help="kill at every Nth step")
    asked.add_argument("--twice", type=int, default=40, metavar="N", help="so many kills with a second one after them")
    chosen = asked.parse_args()
    failed = []
    print(ROW.format(*HEAD), flush=True)
    with _server(chosen.database) as server:
        for database in chosen.database:
            for way in chosen.way:
                with (
                    tempfile.TemporaryDirectory() as folder,
                    stage(way, Path(folder), server if database == "postgres" else None) as set_up,
                ):
                    for what in chosen.what:
                        row = play(database, way, what, set_up, chosen.every, chosen.twice if what == "run" else 0)
                        print(row, flush=True)
                        failed += [f"{database} {way} {what}: {one}" for one in row.kills if not one.holds]
    print("\n".join(failed) or "nothing lost, nothing twice; no mail but the one on its way came again")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
