"""`/healthz`: the process lives. `/readyz`: the database answers and the beat goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from cadence.clock import Clock
from cadence.errors import Unreachable
from cadence.services.context import Context

LATE = timedelta(minutes=5)
"""A beat older than this means that nobody beats any more."""


def routes(context: Context, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.get("/healthz")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", response_class=JSONResponse)
    def ready() -> Response:
        """503 when the database does not answer or the last beat is too old; before the first beat all is well."""
        try:
            with context.store.read() as work:
                last = work.records.marked("beat")
        except Unreachable:
            return JSONResponse({"status": "no database"}, status_code=503)
        age = clock() - datetime.fromisoformat(last) if last else None
        late = age is not None and age > LATE
        seconds = None if age is None else round(age.total_seconds())
        told = {"status": "no beat" if late else "ok", "database": "ok", "last_beat_seconds": seconds}
        return JSONResponse(told, status_code=503 if late else 200)

    return router
