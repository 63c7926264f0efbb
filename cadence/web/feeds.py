"""`GET /feeds/TOKEN.ics`: a calendar for whoever has its address. One that opens nothing looks like any other."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.background import BackgroundTask

from cadence.clock import Clock
from cadence.errors import NothingToActOn
from cadence.feeds import etag
from cadence.services.calendars import calendar_of, feed_by_token
from cadence.services.context import Context
from cadence.store import Feed

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
CHANGED = re.compile(rb"^LAST-MODIFIED:(\d{8}T\d{6}Z)", re.MULTILINE)


def routes(context: Context, clock: Clock) -> APIRouter:
    router = APIRouter()

    @router.head("/feeds/{token}.ics", include_in_schema=False)
    @router.get("/feeds/{token}.ics", response_class=Response)
    def feed(token: str, request: Request) -> Response:
        """A calendar as text/calendar; 404 for every token that opens none."""
        now = clock()
        opened = _opened(context, token, now)
        if opened is None:
            raise HTTPException(404)
        found, content = opened
        headers = _headers(content)
        told = BackgroundTask(_mark, context, found, now)
        if _has(request.headers.get("if-none-match", ""), headers["ETag"]):
            return Response(status_code=304, headers=headers, background=told)
        return Response(content, media_type="text/calendar; charset=utf-8", headers=headers, background=told)

    return router


def _opened(context: Context, token: str, now: datetime) -> tuple[Feed, bytes] | None:
    """The feed and its bytes; None for a token that is malformed, unknown or revoked, or whose subject is gone."""
    if not TOKEN.fullmatch(token):
        return None
    with context.store.read() as work:
        feed = feed_by_token(work, token)
        if feed is None:
            return None
        try:
            return feed, calendar_of(context, work, feed.kind, feed.subject, now)
        except NothingToActOn:
            return None


def _headers(content: bytes) -> dict[str, str]:
    headers = {"ETag": etag(content), "Cache-Control": "private, max-age=900"}
    if changed := max(CHANGED.findall(content), default=None):
        when = datetime.strptime(changed.decode(), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        headers["Last-Modified"] = format_datetime(when, usegmt=True)
    return headers


def _has(asked: str, tag: str) -> bool:
    """If-None-Match, which compares weakly (RFC 9110, 13.1.2)."""
    return asked.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in asked.split(","))


def _mark(context: Context, feed: Feed, now: datetime) -> None:
    """Remembers the fetch, after the answer: a reader never waits for a writer."""
    with context.store.begin() as work:
        work.feeds.fetched(feed.id, now)
