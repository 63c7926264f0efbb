"""The log of a process that runs on: one JSON object a line, tracebacks without values, never a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from cadence.logbook import Redaction, log_to


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    written = io.StringIO()
    log_to(written, ['s3cr"et'])
    yield written
    structlog.reset_defaults()
    root.handlers[:], root.level = before


def test_a_line_is_one_object_with_its_instant_and_level(stream: io.StringIO) -> None:
    structlog.get_logger().info("beat", sent=3)
    line = json.loads(stream.getvalue())
    assert (line["event"], line["sent"], line["level"]) == ("beat", 3, "info")
    assert line["at"].endswith("Z")


def test_an_exception_is_told_without_the_values_it_ran_into(stream: io.StringIO) -> None:
    token = "canary-value"
    try:
        raise ValueError(len(token))
    except ValueError:
        structlog.get_logger().exception("beat failed")
    assert json.loads(stream.getvalue())["exception"][0]["exc_type"] == "ValueError"
    assert "canary-value" not in stream.getvalue()


def test_what_libraries_log_comes_in_the_same_form(stream: io.StringIO) -> None:
    logging.getLogger("apscheduler").warning("missed %s", "xoxb-1-2-abc")
    line = json.loads(stream.getvalue())
    assert (line["event"], line["logger"]) == ("missed ***", "apscheduler")


@pytest.mark.parametrize(
    "text",
    ['s3cr"et', "xoxb-12-abc", "xapp-1-A", "/feeds/abcdefgh12.ics", "postgresql://me:s3cret@host/db"],
)
def test_no_secret_is_written(stream: io.StringIO, text: str) -> None:
    structlog.get_logger().warning("went wrong", error=text)
    line = json.loads(stream.getvalue())["error"]
    assert "***" in line
    assert not [part for part in ("s3cr", "12-abc", "1-A", "abcdefgh12") if part in line]


def test_without_secrets_nothing_else_is_blotted_out() -> None:
    assert Redaction()(None, "info", "https://example.test/healthz at 08:30") == "https://example.test/healthz at 08:30"
