"""Health: whether the process lives, whether the database answers, whether somebody beats."""

from __future__ import annotations

from datetime import timedelta

from starlette.testclient import TestClient

from cadence.store import open_store
from cadence.web import create_app
from tests.support.world import World


def test_a_process_that_answers_is_alive(house: World) -> None:
    assert house.web.get("/healthz").json() == {"status": "ok"}


def test_it_is_ready_while_the_last_beat_is_young(house: World) -> None:
    house.clock.now += timedelta(seconds=90)
    answer = house.web.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "last_beat_seconds": 90}


def test_it_is_not_ready_when_nobody_beats_any_more(house: World) -> None:
    house.clock.now += timedelta(minutes=6)
    assert house.web.get("/readyz").status_code == 503


def test_it_is_ready_before_the_first_beat(house: World) -> None:
    from dataclasses import replace

    empty = open_store(f"sqlite:///{house.folder / 'empty.db'}")
    web = TestClient(create_app(replace(house.context, store=empty), house.clock))
    assert web.get("/readyz").json()["last_beat_seconds"] is None
    empty.close()


def test_every_answer_carries_the_security_headers(house: World) -> None:
    for path in ("/healthz", "/readyz", "/nothing", "/feeds/x.ics", "/slack/events", "/openapi.json"):
        headers = house.web.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_nothing_is_loaded_from_elsewhere_to_describe_the_interface(house: World) -> None:
    assert house.web.get("/docs").status_code == 404
    assert house.web.get("/redoc").status_code == 404
