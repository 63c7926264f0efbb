"""Runs the real command and counts its steps: every database statement, commit, connection and byte on the wire.

    python -m tests.crash.steps 17 FILE -- run --once
    python -m tests.crash.steps chat.postMessage FILE -- run --once

Each step is named in FILE as it is reached; before the 17th the process is killed by SIGKILL. 0 kills nothing, and a
name kills when the answer to what was so named has come and is not read. With `STOP` before the `--` it is stopped
(SIGSTOP) in place of killed; once it goes on, six minutes seem to have passed.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from cadence.cli import main

ANSWER_SECONDS = 20
NAMED = re.compile(r"(?:POST|GET) /api/([\w.]+)|(EHLO|HELO|MAIL|RCPT|DATA|QUIT|RSET)\b", re.IGNORECASE)
TABLE = re.compile(r'(?:FROM|INTO|UPDATE)\s+"?(\w+)', re.IGNORECASE)
TEXT = "mail text"
"""The name of the step that hands a mail over."""
DUE = "now"
ASLEEP_SECONDS = 360.0


class Steps:
    """Counts for all threads together: while one is at its step, the others wait at theirs."""

    def __init__(self, deadly: str, file: str, end: signal.Signals = signal.SIGKILL) -> None:
        self._deadly, self._reached = int(deadly) if deadly.isdecimal() else -1, 0
        self._end = end
        self._after = deadly if deadly == TEXT else f"send {deadly}"
        self._log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._lock = threading.RLock()

    def reach(self, name: str, ready: Callable[[], object] = lambda: None) -> None:
        """One step further, or the end. `ready` waits for what was begun before and cannot be taken back."""
        with self._lock:
            self._reached += 1
            os.write(self._log, f"{name}\n".encode())
            if name == "read" and self._after == DUE:
                self._deadly, self._after = self._reached, ""
            if name == self._after:
                self._after = DUE
            if self._reached == self._deadly:
                ready()
                os.kill(os.getpid(), self._end)
                _has_slept()

    def on_database(self) -> None:
        @event.listens_for(Engine, "before_cursor_execute")
        def _statement(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            table = TABLE.search(statement)
            verb = statement.split(maxsplit=1)[0].lower()
            self.reach(f"{verb} {table[1]}" if table else verb)

        @event.listens_for(Engine, "commit")
        def _commit(_connection: object) -> None:
            self.reach("commit")

    def on_wire(self) -> None:
        """Before an answer is read it is waited for: by then the other side has done all that it was asked."""
        self._before("connect", lambda *_: "connect")
        self._before("sendall", lambda _, data, *__: _said(bytes(data)))
        self._before("recv_into", lambda *_: "read", lambda line: select.select([line], [], [], ANSWER_SECONDS))

    def _before(
        self,
        call: str,
        name: Callable[..., str],
        ready: Callable[[socket.socket], object] = lambda _: None,
    ) -> None:
        real = getattr(socket.socket, call)

        def counted(line: socket.socket, *arguments: Any) -> object:  # noqa: ANN401 - whatever the call takes
            self.reach(name(line, *arguments), lambda: ready(line))
            return real(line, *arguments)

        setattr(socket.socket, call, counted)


def _has_slept() -> None:
    real = time.clock_gettime
    time.clock_gettime = lambda clock: real(clock) + ASLEEP_SECONDS


def _said(data: bytes) -> str:
    """What goes out, by the method or the command; never anything of its content."""
    text = data[:200].decode("latin-1")
    if found := NAMED.match(text):
        return f"send {found[1] or found[2].upper()}"
    return "send body" if text.startswith(("{", "channel=", "email=", "users=", "user=", "limit=")) else TEXT


if __name__ == "__main__":
    words, arguments = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    steps = Steps(words[0], words[1], signal.SIGSTOP if "STOP" in words else signal.SIGKILL)
    steps.on_database()
    steps.on_wire()
    sys.argv = ["cadence", *arguments]
    main()
