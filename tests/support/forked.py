"""Processes without their start: one parent has imported the program, and every command is a fork of it.

Importing takes a command longer than its work. A fork is a process of its own in everything that tests look at: its
folder, environment, signals, exit code and death by SIGKILL. That the real start works too is told by
`tests/cli/test_process.py`, and by the pages whose consoles are replayed.

    python -m tests.support.forked SOCKET

The parent forks a waiter for each command, and the waiter the command: the waiter alone tells its pid and how it ended.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
ONCE = (
    *("cadence.cli.app", "cadence.bootstrap", "cadence.web", "cadence.worker", "cadence.services.rehearse"),
    *("cadence.cli.process", "cadence.channels.slack.channel", "cadence.channels.email.channel", "cadence.feeds"),
    *("cadence.services.gather", "cadence.services.reconcile", "cadence.services.beat", "cadence.services.report"),
    *("alembic.command", "babel.dates", "css_inline", "holidays", "icalendar", "uvicorn", "apscheduler"),
)
"""What commands import inside their bodies, and what these import in turn."""
LONGEST = 1_000_000


@dataclass(slots=True)
class Forked:
    """A command that runs: what a test asks of `subprocess.Popen`."""

    pid: int
    _line: socket.socket = field(repr=False)
    _code: int | None = None

    def poll(self) -> int | None:
        """How it ended, as `subprocess` counts: negative is a signal. None while it runs."""
        return self._told(0)

    def wait(self, seconds: float = 120) -> int:
        code = self._told(seconds)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), seconds)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _told(self, seconds: float) -> int | None:
        if self._code is None:
            self._line.settimeout(seconds)
            try:
                self._code = _heard(self._line)
            except (TimeoutError, BlockingIOError):
                return None
            self._line.close()
        return self._code


def start(program: Sequence[str], folder: Path, environment: Mapping[str, str], out: IO[str], err: IO[str]) -> Forked:
    """`python -m program...` in a folder, with an environment of its own and nothing to read."""
    line = _asked(_parent(), program, folder, environment, out, err)
    return Forked(_heard(line), line)


def command_in(folder: Path) -> None:
    """Lays an executable `cadence` into a folder: for a shell, what `start` is for a test."""
    command = folder / "cadence"
    command.write_text(
        f"#!{sys.executable} -IS\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
        f"from tests.support.forked import passed_on\nsys.exit(passed_on({_parent()!r}))\n"
    )
    command.chmod(0o755)


def passed_on(parent: str) -> int:
    """Has the parent run what this process was called with; ends as that ends."""
    line = _asked(parent, ["cadence", *sys.argv[1:]], Path.cwd(), os.environ, sys.stdout, sys.stderr)
    return Forked(_heard(line), line).wait()


@cache
def _parent() -> str:
    """The address of this test process's own parent of commands; it ends when its stdin does, at the latest with us."""
    folder = tempfile.mkdtemp(prefix="cadence-forked-")
    address = f"{folder}/commands"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CADENCE_")}
    line = [sys.executable, "-m", "tests.support.forked", address]
    process = subprocess.Popen(line, cwd=ROOT, env=kept, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    atexit.register(process.communicate)
    deadline = time.monotonic() + 60
    while not Path(address).exists():
        assert process.poll() is None, "the parent of the commands did not start"
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return address


def _asked(
    parent: str, program: Sequence[str], folder: Path, environment: Mapping[str, str], out: IO[str], err: IO[str]
) -> socket.socket:
    line = socket.socket(socket.AF_UNIX)
    line.connect(parent)
    asked = json.dumps([list(program), str(folder), dict(environment)]).encode()
    socket.send_fds(line, [asked], [out.fileno(), err.fileno()])
    return line


# -- the other side -------------------------------------------------------------------------------------------------


def _serve(address: Path) -> None:
    for name in ONCE:
        importlib.import_module(name)
    assert threading.active_count() == 1, "only a process of one thread can be forked without fear"
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the waiters
    listening = socket.socket(socket.AF_UNIX)
    unready = address.with_suffix(".new")
    listening.bind(str(unready))
    listening.listen(8)
    unready.rename(address)
    while listening in select.select([listening, sys.stdin], [], [])[0]:
        line, _ = listening.accept()
        if os.fork() == 0:
            listening.close()
            _wait_for_command(line)
        line.close()
    shutil.rmtree(address.parent)


def _wait_for_command(line: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, (out, err), _, _ = socket.recv_fds(line, LONGEST, 2)
    pid = os.fork()
    if pid == 0:
        line.close()
        for there, here in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(there, here)
            os.close(there)
        _run(*json.loads(asked))
    _tell(line, pid)
    _tell(line, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
    os._exit(0)


def _tell(line: socket.socket, number: int) -> None:
    line.sendall(number.to_bytes(8, signed=True))


def _heard(line: socket.socket) -> int:
    return int.from_bytes(line.recv(8, socket.MSG_WAITALL), signed=True)


def _run(program: list[str], folder: str, environment: dict[str, str]) -> None:
    """Becomes the command, and ends as the interpreter would end it."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    sys.argv = list(program)
    code: object = 1
    try:
        runpy.run_module(program[0], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
