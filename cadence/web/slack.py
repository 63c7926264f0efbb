"""`POST /slack/events`: believes only what Slack signed, hears each press once, and answers at once.

A press is acknowledged when it is written down; the message is rewritten by the ledger with the next beat.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.background import BackgroundTask

from cadence.channels.slack.inbound import Pressed, parse, signature_ok
from cadence.clock import Clock
from cadence.services.context import Context
from cadence.services.hear import hear, whisper

LARGEST = 100 * 1024
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


async def raw_body(request: Request) -> bytes:
    """The body exactly as it was signed. Raises 413 as soon as it is too large, whatever its header promised."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(413)
    return bytes(body)


def routes(context: Context, clock: Clock, secret: str) -> APIRouter:
    router = APIRouter()

    @router.post("/slack/events", response_class=Response)
    def events(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> Response:
        """401 unless signed, 400 unless readable, else 200: also for a repeat, and for what is none of ours."""
        now = clock()
        signature = _signature(request, secret, body, now)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == JSON:
            return _event(body)
        if kind != FORM:
            raise HTTPException(415)
        pressed = _pressed(body)
        if pressed is None or not _first_time(context, signature, now):
            return Response()
        reply = hear(context, pressed, now)
        return Response(background=BackgroundTask(whisper, context, pressed, reply) if reply else None)

    return router


def _signature(request: Request, secret: str, body: bytes, now: datetime) -> str:
    """The signature, proven. Raises 401; a header that comes twice proves nothing."""
    timestamps = request.headers.getlist("x-slack-request-timestamp")
    signatures = request.headers.getlist("x-slack-signature")
    if len(timestamps) == len(signatures) == 1 and signature_ok(secret, timestamps[0], signatures[0], body, now):
        return signatures[0]
    raise HTTPException(401)


def _event(body: bytes) -> Response:
    """Slack's question whether somebody is there is answered with its own word; other events are none of ours."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    challenge = told.get("challenge") if isinstance(told, dict) else None
    if isinstance(challenge, str) and told.get("type") == "url_verification":
        return Response(challenge, media_type="text/plain")
    return Response()


def _pressed(body: bytes) -> Pressed | None:
    """The press in a form; None for a slash command, which has fields and no payload. Raises 400."""
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=20, errors="strict")
        payloads = fields.pop("payload", [])
        if len(payloads) > 1 or not (payloads or fields):
            raise ValueError("nothing at all, or two payloads")
        return parse(payloads[0]) if payloads else None
    except ValueError:  # broken encodings are among them
        raise HTTPException(400) from None


def _first_time(context: Context, signature: str, now: datetime) -> bool:
    with context.store.begin() as work:
        return work.records.seen(f"slack:{signature}", now)
