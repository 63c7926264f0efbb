"""What Slack sends: heard once when Slack signed it, refused without a trace when not, never an error of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from cadence.core.model import Source, State
from cadence.web import create_app
from tests.support.slack import SECRET, signed
from tests.support.world import World
from tests.web.conftest import trace

Request = tuple[bytes, dict[str, str]]
"""Body and headers."""


def press(house: World, by: str = "mia@example.test") -> Request:
    """Somebody presses Done in Mia's brief."""
    return house.slack.press(house.slack.inbox("mia@example.test")[-1], "Done", by=by)


def send(house: World, request: Request) -> int:
    body, headers = request
    return house.web.post("/slack/events", content=body, headers=headers).status_code


def test_done_in_slack_completes_the_task_and_has_the_message_rewritten(house: World) -> None:
    assert send(house, press(house)) == 200
    task = house.task("ride")
    assert (task.state, task.done_by) == (State.DONE, "mia")
    assert house.events(task)[-1].source is Source.SLACK
    house.beat()
    assert "Done by Mia Lang" in house.slack.inbox("mia@example.test")[-1].text


def test_the_same_request_ten_times_has_one_effect(house: World) -> None:
    request = press(house)
    assert [send(house, request) for _ in range(10)] == [200] * 10
    answered = [event for event in house.events(house.task("ride")) if event.type == "answered"]
    assert len(answered) == 1
    assert house.slack.whispers == []


def test_who_may_not_answer_is_told_so_and_nobody_else(house: World) -> None:
    before = house.task("ride")
    assert send(house, press(house, by="tom@example.test")) == 200
    assert house.task("ride") == before
    [(to, text)] = house.slack.whispers
    assert to == "tom@example.test"
    assert "Mia Lang" in text


def test_a_stranger_is_told_so_and_nothing_is_changed(house: World) -> None:
    house.slack.register("eve@elsewhere.test")
    before = house.task("ride")
    assert send(house, press(house, by="eve@elsewhere.test")) == 200
    assert house.task("ride") == before
    assert "does not know you" in house.slack.whispers[0][1]


def test_a_second_answer_is_told_what_the_first_one_was(house: World) -> None:
    send(house, press(house))
    house.clock.now += timedelta(seconds=1)
    assert send(house, press(house)) == 200
    assert "Mia Lang did it" in house.slack.whispers[0][1]


def test_slack_is_asked_whose_user_it_is_when_nobody_remembers(house: World) -> None:
    channel = house.context.channels["slack"]
    channel._user_ids.clear()  # type: ignore[attr-defined]  # as after a restart
    assert send(house, press(house)) == 200
    assert house.slack.count("users.info") == 1
    assert house.task("ride").state is State.DONE


def test_slacks_question_whether_somebody_is_there_is_answered_with_its_word(house: World) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "word"}).encode()
    headers = {**signed(body, house.clock.now), "Content-Type": "application/json"}
    answer = house.web.post("/slack/events", content=body, headers=headers)
    assert (answer.status_code, answer.text) == (200, "word")


def form(payload: object) -> bytes:
    return urlencode({"payload": payload if isinstance(payload, str) else json.dumps(payload)}).encode()


Spoil = Callable[[World, Request], Request]


def unsigned(change: Callable[[dict[str, str]], dict[str, str]]) -> Spoil:
    """The right body, with headers that are not right."""
    return lambda house, request: (request[0], change(dict(request[1])))


def without(name: str) -> Spoil:
    return unsigned(lambda headers: {key: value for key, value in headers.items() if key != name})


def aged(seconds: int) -> Spoil:
    return lambda house, request: (request[0], signed(request[0], house.clock.now + timedelta(seconds=seconds)))


def holding(body: bytes, kind: str = "application/x-www-form-urlencoded") -> Spoil:
    """Another body, rightly signed."""
    return lambda house, request: (body, {**signed(body, house.clock.now), "Content-Type": kind})


BAD = [
    pytest.param(401, without("X-Slack-Signature"), id="no signature"),
    pytest.param(401, without("X-Slack-Request-Timestamp"), id="no timestamp"),
    pytest.param(401, aged(-301), id="old"),
    pytest.param(401, aged(301), id="from the future"),
    pytest.param(401, lambda h, r: (r[0], signed(r[0], h.clock.now, "other")), id="another secret"),
    pytest.param(401, lambda h, r: (r[0] + b"&x=1", r[1]), id="body changed"),
    pytest.param(401, lambda h, r: (b"", r[1]), id="body gone"),
    pytest.param(401, unsigned(lambda h: h | {"X-Slack-Request-Timestamp": "now"}), id="timestamp in words"),
    pytest.param(401, unsigned(lambda h: h | {"X-Slack-Signature": "v0="}), id="signature empty"),
    pytest.param(413, holding(form("x" * 200_000)), id="too large"),
    pytest.param(415, holding(b"payload=1", "text/plain"), id="another content type"),
    pytest.param(415, holding(b"payload=1", "multipart/form-data; boundary=x"), id="multipart"),
    pytest.param(400, holding(b""), id="empty"),
    pytest.param(400, holding(b"payload=%FF%FE"), id="no text"),
    pytest.param(401, holding(b"\xff\xfe"), id="no form"),
    pytest.param(400, holding(form("[1, 2")), id="no JSON"),
    pytest.param(400, holding(form([1])), id="no object"),
    pytest.param(400, holding(form("[" * 30_000)), id="nested without end"),
    pytest.param(400, holding(form({"type": "block_actions"})), id="no action"),
    pytest.param(400, holding(form({"type": "block_actions", "actions": [{"action_id": 7}]})), id="action of a number"),
    pytest.param(400, holding(b"payload={}&payload={}"), id="two payloads"),
    pytest.param(400, holding(b"&".join(b"a%d=1" % n for n in range(1000))), id="a thousand fields"),
    pytest.param(400, holding(b"{", "application/json"), id="JSON cut short"),
    pytest.param(400, holding(b"[" * 50_000, "application/json"), id="JSON nested without end"),
    pytest.param(200, holding(b"[]", "application/json"), id="an event of no shape"),
    pytest.param(200, holding(form({"type": "view_submission"})), id="a form of somebody else's"),
    pytest.param(200, holding(b"command=%2Fcadence&text=win"), id="a command"),
]


@pytest.mark.parametrize(("status", "spoil"), BAD)
def test_what_is_no_press_of_ours_leaves_no_trace(house: World, status: int, spoil: Spoil) -> None:
    request = spoil(house, press(house))
    before = trace(house)
    assert send(house, request) == status
    assert trace(house) == before
    assert house.slack.whispers == []


def test_a_signature_that_comes_twice_proves_nothing(house: World) -> None:
    body, headers = press(house)
    pairs = [*headers.items(), ("X-Slack-Signature", headers["X-Slack-Signature"])]
    assert house.web.post("/slack/events", content=body, headers=pairs).status_code == 401


def test_a_press_on_a_task_that_is_gone_is_told_so(house: World) -> None:
    payload = {
        "type": "block_actions",
        "user": {"id": next(user["id"] for email, user in house.slack._users.items() if email.startswith("mia"))},
        "container": {"channel_id": "D1", "message_ts": "1.1"},
        "actions": [{"action_id": "answer:done", "value": "ffffffffffff:1"}],
    }
    assert send(house, (form(payload), signed(form(payload), house.clock.now))) == 200
    assert "no longer here" in house.slack.whispers[0][1]


def test_without_a_signing_secret_there_is_no_such_address(house: World) -> None:
    web = TestClient(create_app(house.context, house.clock))
    body, headers = press(house)
    assert web.post("/slack/events", content=body, headers=headers).status_code == 404


def test_the_secret_is_the_applications_own(house: World) -> None:
    other = TestClient(create_app(house.context, house.clock, signing_secret=f"{SECRET}x"))
    body, headers = press(house)
    assert other.post("/slack/events", content=body, headers=headers).status_code == 401
