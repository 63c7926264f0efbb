"""Calendars over HTTP: conditional, private, and closed to everybody who does not hold a token."""

from __future__ import annotations

import threading
import urllib.request
from datetime import timedelta

import pytest
import uvicorn

from cadence.core.model import Verb
from cadence.services.calendars import new_feed, revoke_feed, rotated_feed
from cadence.web import create_app
from cadence.web.gate import masked
from tests.support.world import World


def token(house: World, kind: str = "person", subject: str = "mia") -> str:
    with house.store.begin() as work:
        return new_feed(work, kind, subject, house.clock.now)


def test_a_feed_is_served_as_a_calendar_that_no_cache_shares_and_no_search_engine_lists(house: World) -> None:
    answer = house.web.get(f"/feeds/{token(house)}.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=900"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["last-modified"].endswith("GMT")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "SUMMARY:Ride with Tom" in answer.text


@pytest.mark.parametrize("asked", ["{etag}", 'W/{etag}, "other"', '"other",{etag}', "*"])
def test_who_has_the_newest_bytes_gets_none(house: World, asked: str) -> None:
    address = f"/feeds/{token(house)}.ics"
    etag = house.web.get(address).headers["etag"]
    again = house.web.get(address, headers={"If-None-Match": asked.format(etag=etag)})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


def test_the_entity_tag_holds_until_a_task_changes(house: World) -> None:
    address = f"/feeds/{token(house)}.ics"
    first = house.web.get(address).headers["etag"]
    house.clock.now += timedelta(hours=1)
    assert house.web.get(address).headers["etag"] == first
    house.answer(house.task("ride"), Verb.DONE)
    after = house.web.get(address, headers={"If-None-Match": first})
    assert after.status_code == 200
    assert after.headers["etag"] != first


def test_malformed_unknown_and_revoked_tokens_and_those_of_nobody_cannot_be_told_apart(house: World) -> None:
    revoked, gone = token(house), token(house)
    with house.store.begin() as work:
        revoke_feed(work, 1, house.clock.now)
        work.feeds.add("team", "nobodys", "0" * 64, house.clock.now)
        rotated_feed(work, 2, house.clock.now)
    known = {"date"}
    answers = [
        house.web.get(f"/feeds/{name}.ics")
        for name in (revoked, gone, "A" * 32, "short", "%00", "é" * 30, "A" * 5000, "..%2f..%2fetc", " ")
    ]
    seen = {(a.status_code, a.text, tuple((k, v) for k, v in a.headers.items() if k not in known)) for a in answers}
    assert len(seen) == 1
    assert answers[0].status_code == 404


def test_the_fetch_is_remembered(house: World) -> None:
    house.web.get(f"/feeds/{token(house)}.ics")
    with house.store.read() as work:
        assert work.feeds.list()[0].fetched_at == house.clock.now


def test_head_gives_the_headers_of_get_and_no_bytes(house: World) -> None:
    config = uvicorn.Config(create_app(house.context, house.clock), port=0, access_log=False, log_config=None)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        address = f"http://127.0.0.1:{port}/feeds/{token(house)}.ics"
        whole = urllib.request.urlopen(address, timeout=5)
        head = urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=5)
        content = whole.read()
        assert head.read() == b""
        assert head.headers["etag"] == whole.headers["etag"]
        assert int(head.headers["content-length"]) == len(content)
    finally:
        server.should_exit = True
        thread.join(10)


def test_no_token_is_written_to_the_log() -> None:
    assert masked("/feeds/s3cret-s3cret.ics") == "/feeds/***"
    assert masked("/my/a/b") == "/my/***"
    assert masked("/healthz") == "/healthz"
    assert len(masked("/" + "x" * 5000)) == 200
