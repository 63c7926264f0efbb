"""Runs the real command and, at one step of a message's road, kills the process by SIGKILL.

    python -m tests.support.crash sent:2 -- run --once

`sent:2` is the second time that the step is reached. Nothing is tidied up: no handler, no `finally`, no rollback
but the database's own.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any, Literal, NamedTuple

from cadence.channels.email.channel import EmailChannel
from cadence.channels.slack.channel import SlackChannel
from cadence.cli import main
from cadence.store.ledger import Ledger


class Point(NamedTuple):
    """Just before or just after a step. After a step of the ledger its transaction is still open."""

    when: Literal["before", "after"]
    step: str
    owners: tuple[type, ...] = (Ledger,)


POINTS = {
    "deciding": Point("after", "enqueue"),
    "decided": Point("before", "claim"),
    "claiming": Point("after", "claim"),
    "claimed": Point("before", "sending"),
    "marking": Point("after", "sending"),
    "marked": Point("before", "send", (SlackChannel, EmailChannel)),
    "sent": Point("before", "settle"),
    "settling": Point("after", "settle"),
}
"""In the order of the road."""


def deadly(point: Point, times: int) -> None:
    """From now on, whoever reaches the point for the `times`th time ends there."""
    reached = count(1)
    for owner in point.owners:
        setattr(owner, point.step, _wrapped(getattr(owner, point.step), point, times, reached))


def _wrapped(step: Callable[..., object], point: Point, times: int, reached: count[int]) -> Callable[..., object]:
    def wrapped(*arguments: Any, **named: Any) -> object:  # noqa: ANN401 - whatever the step takes
        its_turn = next(reached) == times
        if its_turn and point.when == "before":
            _die()
        result = step(*arguments, **named)
        if its_turn:
            _die()
        return result

    return wrapped


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    _, where, _, *arguments = sys.argv
    name, _, times = where.partition(":")
    deadly(POINTS[name], int(times or 1))
    sys.argv = ["cadence", *arguments]
    main()
