"""Trouble with the database and with the process itself: every twentieth transaction fails, and now and then a beat
ends at one of its statements.

    python -m tests.soak.trouble DATABASE FILE SEED INSTANT STATEMENT

does one beat in a process of its own and kills it (SIGKILL) before that statement.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from cadence.services.beat import beat
from tests.soak.company import luck
from tests.soak.office import FAULTS, Office, opened


class Abandoned(BaseException):
    """The end of a process, played within one: nothing but rolling back happens after it."""


class Trouble:
    """Watches every statement of every engine while it is `on`."""

    def __init__(self, seed: int, *, really: bool = False) -> None:
        self.on = False
        self.faults = self.transactions = 0
        self._seed, self._really = seed, really
        self._left: int | None = None
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._step)

    def close(self) -> None:
        event.remove(Engine, "before_cursor_execute", self._statement)
        event.remove(Engine, "commit", self._step)

    def arm(self, statement: int | None) -> None:
        """The end comes before so many statements more; None: not at all."""
        self._left = statement

    @property
    def armed(self) -> bool:
        return self._left is not None

    def _statement(self, _connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not self.on:
            return
        self._step()
        if statement.startswith("BEGIN"):
            self.transactions += 1
            if luck(self._seed, "transaction", self.transactions) < FAULTS:
                self.faults += 1
                raise OperationalError(statement, {}, sqlite3.OperationalError("database is locked"))

    def _step(self, *_: object) -> None:
        if not self.on or self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            self._left = None
            if self._really:
                os.kill(os.getpid(), signal.SIGKILL)
            raise Abandoned


@contextmanager
def without_waiting() -> Iterator[None]:
    """Sending neither looks at the clock on the wall nor rests when the database does not answer: how fast the machine
    is must not be seen in what happens."""
    with patch.multiple("cadence.services.dispatch", elapsed=lambda: 0.0, DATABASE_RESTS=0.0):
        yield


def main() -> None:
    url, file, seed, now, statement = sys.argv[1:]
    office = Office(Path(file), int(seed), datetime.fromisoformat(now))
    office.look()
    context = opened(office, url)
    trouble = Trouble(int(seed), really=True)
    trouble.arm(int(statement))
    trouble.on = True
    with without_waiting():
        beat(context, office.now)
    context.store.close()


if __name__ == "__main__":
    main()
