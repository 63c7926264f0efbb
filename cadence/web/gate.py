"""What every answer passes: the security headers, and one line in the log that holds no token."""

from __future__ import annotations

import re
from time import perf_counter

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
SECRET_PART = re.compile(r"^/(feeds|my|t|unsubscribe)/.*", re.DOTALL)
"""Paths of which only the first word is told."""
LONGEST = 200

log = structlog.get_logger("cadence.web")


class Gate:
    """ASGI middleware around the whole application. A route's own header of the same name comes first."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 500, perf_counter()

        async def dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self.app(scope, receive, dressed)
        finally:
            spent = round(1000 * (perf_counter() - started))
            log.info("request", method=scope["method"], path=masked(scope["path"]), status=status, ms=spent)


def masked(path: str) -> str:
    """The path as it may be written down."""
    return SECRET_PART.sub(r"/\1/***", path)[:LONGEST]
