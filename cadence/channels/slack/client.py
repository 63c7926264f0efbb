"""The line to Slack: the SDK's client, its own retries off, that looks at the clock once more before the first byte.

A process may be stopped between the decision to send and the sending, for longer than its lease. What it would then
say, another one has said already.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any, cast
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from slack_sdk import WebClient

from cadence.channels import InTime
from cadence.channels.slack.faults import TooLate

_turn = threading.local()
_silent = logging.getLogger("cadence.slack_sdk")
# What fails is reported as an outcome; the library's own log would repeat it, with people's words in it.
_silent.setLevel(logging.CRITICAL)


@contextmanager
def only(in_time: InTime) -> Iterator[None]:
    """Inside, this thread says nothing to Slack once it is no longer in time: the call raises TooLate."""
    _turn.in_time = in_time
    try:
        yield
    finally:
        del _turn.in_time


def _check() -> None:
    if hasattr(_turn, "in_time") and not _turn.in_time():
        raise TooLate


class _Line(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _check()


class _SafeLine(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _check()


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_Line, req)


class _Https(HTTPSHandler):
    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_SafeLine, req, context=cast(Any, self)._context)


class Client(WebClient):
    """Safe to share between threads: every call has a connection of its own."""

    _opener: OpenerDirector | None = None

    def __init__(self, token: str, base_url: str, timeout: int) -> None:
        super().__init__(token, base_url=base_url.rstrip("/") + "/", timeout=timeout, retry_handlers=[], logger=_silent)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        if self._opener is None:
            proxies = {"http": self.proxy, "https": self.proxy} if self.proxy else {}
            self._opener = build_opener(ProxyHandler(proxies), _Http(), _Https(context=self.ssl))
        with self._opener.open(req, timeout=self.timeout) as answer:
            body = answer.read().decode(answer.headers.get_content_charset() or "utf-8")
            return {"status": answer.status, "headers": answer.headers, "body": body}
