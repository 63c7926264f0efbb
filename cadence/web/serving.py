"""Runs an application on uvicorn until the process is told to stop."""

from __future__ import annotations

import signal

import uvicorn
from starlette.types import ASGIApp

SECONDS_TO_FINISH = 3


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Answers on host and port until SIGTERM or SIGINT, then finishes what it is answering, and returns."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        access_log=False,  # it would hold the tokens of feeds; the gate writes its own
        log_config=None,
        server_header=False,
        h11_max_incomplete_event_size=16 * 1024,
        limit_concurrency=100,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=SECONDS_TO_FINISH,
    )
    # uvicorn raises the signal once more when it is done; for whom stopping when told is no failure, it means nothing.
    before = {number: signal.signal(number, _nothing) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        uvicorn.Server(config).run()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _nothing(number: int, frame: object) -> None:
    """The server has stopped already."""
