"""`cadence rehearse` on the command line: its document, its slips, its bar, and the same bytes from two processes."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence
from tests.support.forked import start

TOTALS = {"messages", "on_time", "escalations", "per_person_workday", "promise_kept", "most_briefs_a_day"}


def test_the_document_is_messages_and_totals(cadence: Cadence, plan: Path) -> None:
    ended = cadence("rehearse", str(plan), "--days", "10", "--json")
    found = json.loads(ended.out)
    assert set(found) == {"messages", "totals"}
    assert set(found["totals"]) >= TOTALS
    assert found["messages"]
    for message in found["messages"]:
        assert list(message) == ["at", "to", "channel", "kind", "subject", "text", "tasks"]
        assert message["at"].endswith("Z")
        assert message["kind"] in ("brief", "alert", "digest", "post")
        assert message["channel"] in ("slack", "email")
    assert [one["at"] for one in found["messages"]] == sorted(one["at"] for one in found["messages"])


def test_nothing_is_kept_and_nothing_configured_is_used(
    cadence: Cadence, plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_SLACK__BOT_TOKEN", "xoxb-real")
    monkeypatch.setenv("CADENCE_MAIL__HOST", "mail.invalid")
    ended = cadence("rehearse", str(plan), "--days", "3")
    assert (ended.code, ended.out) == (0, "")
    assert "messages per person and working day; kept: one brief a day" in ended.err
    assert [path.name for path in tmp_path.iterdir()] == [plan.name]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--people", "lazy"], 2, "it is one of realistic, perfect, silent"),
        (["--people", "perfect", "--late", "0.5"], 2, "leave it out with --people perfect"),
        (["--late", "2"], 2, "2"),
        (["--days", "0"], 2, "0"),
        (["--away", "dana-ruiz"], 2, "write it as dana-ruiz:2027-02-08..2027-02-12"),
        (["--away", "dana-ruiz:2027-02-12..2027-02-08"], 2, "is no span of days"),
        (["--away", "dana-ruiz:soon"], 2, "'soon' is not a day"),
        (["--away", "dan:2027-02-08"], 4, "the plan knows no person 'dan'"),
        (["--without", "dan"], 4, "the plan knows no person 'dan'"),
        (["--slack-down", "2027-02-12..2027-02-08"], 2, "is no span of days"),
    ],
)
def test_a_slip_on_the_command_line_is_one_line(
    cadence: Cadence, plan: Path, arguments: list[str], code: int, said: str
) -> None:
    ended = cadence("rehearse", str(plan), *arguments)
    assert ended.code == code
    assert said in ended.err
    assert len(ended.err.strip().splitlines()) == 1


def test_the_same_seed_gives_the_same_bytes_in_two_processes(plan: Path, tmp_path: Path) -> None:
    found: list[tuple[bytes, dict[str, bytes]]] = []
    for number in ("1", "2"):
        out = tmp_path / number
        line = [
            "rehearse",
            str(plan),
            "--days",
            "4",
            "--without",
            "dana-ruiz",
            "--slack-down",
            "2027-01-11",
            "--json",
            "--out",
            str(out),
        ]
        ran = subprocess.run(
            [sys.executable, "-m", "cadence", *line],
            env={**os.environ, "PYTHONHASHSEED": number},
            capture_output=True,
            check=True,
        )
        files = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        found.append((ran.stdout, files))
    (one, files), (other, others) = found
    assert one == other
    assert files.keys() == others.keys()
    assert [name for name in files if files[name] != others[name]] == []


def test_ctrl_c_on_a_terminal_ends_the_bar_and_leaves_nothing_behind(plan: Path, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    out = tmp_path / "out"
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    with os.fdopen(slave, "w") as terminal, (tmp_path / "stdout").open("w") as nowhere:
        line = ["cadence", "rehearse", str(plan), "--days", "1000", "--out", str(out)]
        running = start(line, tmp_path, environment, nowhere, terminal)
    seen = b""
    while b"rehearsing" not in seen:
        seen += os.read(master, 1000)
    running.send_signal(signal.SIGINT)
    with suppress(OSError):  # what a terminal says when nobody is left
        while said := os.read(master, 1000):
            seen += said
    os.close(master)
    assert running.wait() == 130
    assert b"Traceback" not in seen
    assert not out.exists()
