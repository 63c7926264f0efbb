"""Puts the routes together behind one gate. Nothing here is imported by a command that does not serve."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from cadence.clock import Clock
from cadence.errors import Unreachable
from cadence.services.context import Context
from cadence.web import feeds, health, slack
from cadence.web.gate import Gate


def create_app(context: Context, clock: Clock, *, signing_secret: str | None = None) -> FastAPI:
    """The whole of it. Without a signing secret there is nothing to tell Slack from anybody else by, hence no
    `/slack/events`."""
    app = FastAPI(title="cadence", docs_url=None, redoc_url=None)  # their pages load from a CDN
    app.include_router(feeds.routes(context, clock))
    app.include_router(health.routes(context, clock))
    if signing_secret:
        app.include_router(slack.routes(context, clock, signing_secret))
    app.add_exception_handler(Unreachable, _unreachable)
    app.add_middleware(Gate)
    return app


def _unreachable(request: Request, error: Exception) -> Response:
    """The database is away: says so, and nothing of where it is."""
    return JSONResponse({"detail": "try again later"}, status_code=503, headers={"Retry-After": "30"})
