"""What a long-running process has to tell: one JSON object a line, and never a secret.

Only the processes that run on write a log; a command talks to the person at the keyboard instead.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from typing import TextIO

import structlog

SHAPES = r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=/feeds/)[\w-]{8,}|(?<=://)[^/\s:@\"]+:[^/\s@\"]+(?=@)"
"""Slack's tokens, a feed's token in a path, user and password in a URL: blotted out wherever they come from."""
FRAMES = 20


def log_to(stream: TextIO, secrets: Iterable[str] = ()) -> None:
    """From here on everything that is logged, by whichever library, goes to `stream` as JSON, without `secrets`."""
    as_values = structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=FRAMES)
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.add_log_level,
            structlog.processors.ExceptionRenderer(as_values),
            structlog.processors.JSONRenderer(ensure_ascii=False),
            Redaction(secrets),
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(handlers=[_Foreign()], level=logging.WARNING, force=True)


class Redaction:
    """The last step before a line is written: blots out this installation's secrets, and what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        written = {json.dumps(secret, ensure_ascii=False)[1:-1] for secret in secrets if secret}
        longest_first = sorted(written, key=len, reverse=True)
        self._secret = re.compile("|".join([*map(re.escape, longest_first), SHAPES]))

    def __call__(self, logger: object, method: str, line: object) -> str:
        return self._secret.sub("***", str(line))


class _Foreign(logging.Handler):
    """Brings in what the libraries log."""

    def emit(self, record: logging.LogRecord) -> None:
        log = structlog.get_logger()
        log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
