"""The processes that run on: from settings to a clean end, with a log on stderr. Each ends with 0 within ten seconds
of being told to stop."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from cadence.bootstrap import clock_of, open_context, secrets_of
from cadence.logbook import log_to
from cadence.services.context import Context
from cadence.settings import Settings
from cadence.web import create_app
from cadence.web import serve as serve_app
from cadence.worker import Worker, end
from cadence.worker import work as work_on


def run(settings: Settings, *, host: str, port: int) -> None:
    """Scheduler and web in one process."""
    with _opened(settings) as context:
        worker = _worker(settings, context)
        worker.start()
        try:
            _serve(settings, context, host, port)
        finally:
            end(worker)


def work(settings: Settings) -> None:
    """The scheduler alone."""
    with _opened(settings) as context:
        work_on(_worker(settings, context))


def serve(settings: Settings, *, host: str, port: int) -> None:
    """The web alone."""
    with _opened(settings) as context:
        _serve(settings, context, host, port)


@contextmanager
def _opened(settings: Settings) -> Iterator[Context]:
    log_to(sys.stderr, secrets_of(settings))
    with open_context(settings, clock_of(settings), sys.stdout) as context:
        yield context


def _worker(settings: Settings, context: Context) -> Worker:
    return Worker(context, clock_of(settings), heartbeat_url=settings.heartbeat_url)


def _serve(settings: Settings, context: Context, host: str, port: int) -> None:
    secret = settings.slack.signing_secret
    app = create_app(context, clock_of(settings), signing_secret=secret.get_secret_value() if secret else None)
    serve_app(app, host, port)
