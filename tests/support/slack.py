"""A Slack on the loopback: strict about what it is sent, scripted to fail, and able to press its own buttons.

It listens on 127.0.0.1 only. A method nobody taught it, a payload over the limits, or (in strict mode) a message
that no test looked at fails the test when the server is closed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import struct
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qs, urlencode

from tests.support.slack_limits import faults as limits_broken
from tests.support.slack_limits import texts

Json = dict[str, object]
TOKEN = "xoxb-loopback"
SECRET = "loopback-signing-secret"


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one call. `stored`: the call took effect all the same."""

    kind: Literal["status", "html", "error", "drop", "slow", "garbled"]
    status: int = 200
    retry_after: int | None = None
    error: str = ""
    seconds: float = 0
    stored: bool = False


@dataclass(slots=True)
class Posted:
    """One message in a conversation: as posted first, and rewritten since."""

    email: str
    channel: str
    ts: str
    payload: Json
    earlier: list[Json] = field(default_factory=list)
    seen: bool = False

    @property
    def text(self) -> str:
        """What a reader sees in it, unescaped, one text a line."""
        return unescape("\n".join(texts(self.payload.get("blocks", []))))

    @property
    def notification(self) -> str:
        return unescape(str(self.payload.get("text", "")))

    @property
    def key(self) -> object:
        metadata = self.payload.get("metadata")
        payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
        return payload.get("key") if isinstance(payload, dict) else None

    def elements(self) -> list[tuple[Json, Json]]:
        """Every (block, element) that can be pressed."""
        blocks = self.payload.get("blocks", [])
        assert isinstance(blocks, list)
        return [(b, e) for b in blocks if b.get("type") == "actions" for e in b["elements"]]


class LoopbackSlack:
    """The server; `with LoopbackSlack() as slack:` starts it and, at the end, holds the test to account."""

    def __init__(self, *, strict: bool = True, clock: Callable[[], datetime] | None = None) -> None:
        self.strict = strict
        self.clock = clock or (lambda: datetime(2027, 1, 11, 13, 30, tzinfo=UTC))
        self.token = TOKEN
        self.latency = 0.0
        """Seconds that every answer takes."""
        self.posts: list[Posted] = []
        self.calls: list[tuple[str, Json]] = []
        self.whispers: list[tuple[str, str]] = []
        self.surprises: list[str] = []
        self._users: dict[str, Json] = {}
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.RLock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if kind is None:
            self.settle()

    def settle(self) -> None:
        """Fails when something came that no test expected."""
        assert not self.surprises, f"Slack was surprised: {self.surprises}"
        unseen = [post for post in self.posts if not post.seen]
        assert not (self.strict and unseen), f"nobody expected: {[(post.email, post.notification) for post in unseen]}"

    def register(self, email: str, *, deleted: bool = False) -> str:
        """A member of the workspace; the user id that look-ups give."""
        user = f"U{len(self._users) + 1:08d}"
        self._users[email] = {"id": user, "deleted": deleted, "profile": {"email": email}}
        return user

    @property
    def emails(self) -> frozenset[str]:
        """Whoever is a member of the workspace."""
        return frozenset(self._users)

    def fail(self, method: str, *faults: Fault) -> None:
        """The next calls of the method go wrong, one fault each."""
        self._faults[method].extend(faults)

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.calls if name == method)

    def inbox(self, email: str) -> list[Posted]:
        """All messages to one person, oldest first; they count as looked at."""
        found = [post for post in self.posts if post.email == email]
        for post in found:
            post.seen = True
        return found

    def expect(self, email: str, text: str) -> Posted:
        """The oldest message not yet looked at that says `text` to this person."""
        for post in self.posts:
            if post.email == email and not post.seen and (text in post.text or text in post.notification):
                post.seen = True
                return post
        waiting = [post.notification for post in self.posts if post.email == email and not post.seen]
        raise AssertionError(f"no message to {email} says {text!r}; not looked at yet: {waiting}")

    def press(
        self, post: Posted, action: str, *, about: str = "", by: str | None = None, secret: str = SECRET
    ) -> tuple[bytes, dict[str, str]]:
        """The signed request Slack makes when somebody presses a button.

        `action` is an action_id, the part after its colon, a menu's choice or a label; `about` a task's or decision's
        id where several blocks have such a button.
        """
        pressed = _pressed(post, action, about)
        user = self._users[by or post.email]["id"]
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "container": {"type": "message", "message_ts": post.ts, "channel_id": post.channel},
            "channel": {"id": post.channel, "name": "directmessage"},
            "message": {"ts": post.ts, "text": post.payload.get("text"), "blocks": post.payload.get("blocks")},
            "trigger_id": f"{len(self.calls)}.1.{'a' * 32}",
            "response_url": f"{self.url}response",
            "actions": [pressed],
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return body, signed(body, self.clock(), secret)

    def answer(self, method: str, asked: Json, token: str) -> Json:
        """What the method answers, and its effect."""
        with self._lock:
            self.calls.append((method, asked))
            if token != self.token:
                return {"ok": False, "error": "invalid_auth"}
            known = {
                "auth.test": self._auth,
                "users.lookupByEmail": self._lookup,
                "users.info": self._info,
                "conversations.open": self._open,
                "conversations.history": self._history,
                "chat.postMessage": self._post,
                "chat.update": self._update,
                "chat.postEphemeral": self._whisper,
            }
            if method not in known:
                self.surprises.append(f"unknown method {method}")
                return {"ok": False, "error": "unknown_method"}
            return known[method](asked)

    def next_fault(self, method: str) -> Fault | None:
        with self._lock:
            return self._faults[method].popleft() if self._faults[method] else None

    def _auth(self, asked: Json) -> Json:
        return {"ok": True, "team": "Loopback", "team_id": "T00000001", "user_id": "U00000000", "bot_id": "B00000001"}

    def _info(self, asked: Json) -> Json:
        user = next((known for known in self._users.values() if known["id"] == asked.get("user")), None)
        return {"ok": True, "user": user} if user else _no("user_not_found")

    def _whisper(self, asked: Json) -> Json:
        self.whispers.append((self._email_of(str(asked.get("user"))) or str(asked.get("user")), str(asked.get("text"))))
        return {"ok": True, "message_ts": "1.000001"}

    def _lookup(self, asked: Json) -> Json:
        user = self._users.get(str(asked.get("email")))
        return {"ok": True, "user": user} if user else {"ok": False, "error": "users_not_found"}

    def _open(self, asked: Json) -> Json:
        email = self._email_of(str(asked.get("users")))
        return {"ok": True, "channel": {"id": f"D{asked['users']}"}} if email else _no("user_not_found")

    def _post(self, asked: Json) -> Json:
        email = self._email_of(str(asked.get("channel")).removeprefix("D"))
        if email is None:
            return _no("channel_not_found")
        if broken := limits_broken(asked):
            self.surprises.append(f"invalid blocks: {broken}")
            return _no("invalid_blocks")
        ts = f"{int(self.clock().timestamp())}.{len(self.posts) + 1:06d}"
        self.posts.append(Posted(email, str(asked["channel"]), ts, asked))
        return {"ok": True, "channel": asked["channel"], "ts": ts, "message": {"text": asked["text"]}}

    def _update(self, asked: Json) -> Json:
        post = next((p for p in self.posts if (p.channel, p.ts) == (asked.get("channel"), asked.get("ts"))), None)
        if post is None:
            return _no("message_not_found")
        if broken := limits_broken(asked):
            self.surprises.append(f"invalid blocks: {broken}")
            return _no("invalid_blocks")
        post.earlier.append(post.payload)
        post.payload, post.seen = asked, False
        return {"ok": True, "channel": post.channel, "ts": post.ts, "text": asked["text"]}

    def _history(self, asked: Json) -> Json:
        here = [post for post in reversed(self.posts) if post.channel == asked.get("channel")]
        start, limit = int(str(asked.get("cursor") or 0)), int(str(asked.get("limit") or 100))
        whole = str(asked.get("include_all_metadata")).lower() in ("1", "true")
        more = start + limit < len(here)
        return {
            "ok": True,
            "messages": [_shown(post, whole=whole) for post in here[start : start + limit]],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    def _email_of(self, user: str) -> str | None:
        return next(
            (email for email, known in self._users.items() if known["id"] == user and not known["deleted"]), None
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, slack: LoopbackSlack) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.slack = slack


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        if len(raw) < length:  # whoever asked is gone
            return
        method = self.path.removeprefix("/api/")
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        time.sleep(self.server.slack.latency)
        fault = self.server.slack.next_fault(method)
        asked = self._asked(raw)
        if fault is None or fault.stored:
            answer = self.server.slack.answer(method, asked, token)
        else:
            self.server.slack.calls.append((method, asked))
        if fault is None:
            self._say(200, json.dumps(answer))
        else:
            self._go_wrong(fault)

    def _go_wrong(self, fault: Fault) -> None:
        match fault.kind:
            case "status":
                self._say(fault.status, '{"ok": false, "error": "ratelimited"}', retry_after=fault.retry_after)
            case "html":
                self._say(fault.status, "<html>Sorry, something went wrong</html>")
            case "garbled":
                self._say(200, "[1, 2")
            case "error":
                self._say(200, json.dumps(_no(fault.error)))
            case "slow":
                time.sleep(fault.seconds)
                self.close_connection = True
            case "drop":
                # An RST instead of a FIN: the peer sees a reset, not an orderly end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True

    def _asked(self, raw: bytes) -> Json:
        if "json" in self.headers.get("Content-Type", ""):
            told: Json = json.loads(raw)
            return told
        return {name: values[-1] for name, values in parse_qs(raw.decode()).items()}

    def _say(self, status: int, body: str, *, retry_after: int | None = None) -> None:
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if body.startswith("<") else "application/json")
        self.send_header("Content-Length", str(len(data)))
        if retry_after is not None:
            self.send_header("Retry-After", str(retry_after))
        self.end_headers()
        self.wfile.write(data)

    def finish(self) -> None:
        with suppress(OSError, ValueError):  # the connection may have been dropped on purpose
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what was called is in `calls`."""


def signed(body: bytes, at: datetime, secret: str = SECRET) -> dict[str, str]:
    """The headers of a request that Slack signed, by Slack's written recipe and not by the library under test."""
    timestamp = str(int(at.timestamp()))
    mac = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={mac}",
    }


def _pressed(post: Posted, action: str, about: str) -> Json:
    for block, element in post.elements():
        if about and about not in str(block.get("block_id", "")):
            continue
        base = {"type": element["type"], "action_id": element["action_id"], "block_id": block.get("block_id")}
        options = element.get("options")
        for option in options if isinstance(options, list) else []:
            if action in (unescape(option["text"]["text"]), *str(option["value"]).split(":")):
                return {**base, "selected_option": option}
        if options is None and action in _names(element):
            return {**base, "value": element["value"], "text": element["text"]}
    raise AssertionError(f"nothing in the message can be pressed as {action!r}: {post.text}")


def _names(element: Json) -> tuple[str, ...]:
    label = element["text"]
    assert isinstance(label, dict)
    return (str(element["action_id"]), str(element["action_id"]).partition(":")[2], unescape(str(label["text"])))


def _no(error: str) -> Json:
    return {"ok": False, "error": error}


def _shown(post: Posted, *, whole: bool) -> Json:
    shown: Json = {"type": "message", "bot_id": "B00000001", "ts": post.ts, "text": post.payload["text"]}
    return shown | ({"metadata": post.payload["metadata"]} if whole and "metadata" in post.payload else {})
