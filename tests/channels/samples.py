"""Messages, people and hostile texts that the channels' tests share."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from cadence.core.messages import Line, Message
from cadence.core.model import Choice, Delivery, MessageKind, Person, Section, Verb

GOLDEN = Path(__file__).parent / "golden"
NOW = datetime(2027, 1, 11, 13, 30, tzinfo=UTC)
DAY = date(2027, 1, 11)
ALL_VERBS = (Verb.DONE, Verb.ON_IT, Verb.SNOOZE, Verb.MOVE, Verb.HAND_OVER, Verb.CANT)

DUSTIN = Person(
    key="dustin-brinkmann", identity="mail:dustin@example.com", name="Dustin Brinkmann", email="dustin@example.com"
)


def line(title: str = "Field ride with Moses Frase", section: Section = Section.TODAY, **more: object) -> Line:
    """A line with something in it to do; every part of it can be said otherwise."""
    told: dict[str, object] = {
        "note": "line.today",
        "facts": {"at": "09:00"},
        "task_id": "3f2a91c0b7de",
        "version": 2,
        "verbs": (Verb.DONE, Verb.ON_IT, Verb.SNOOZE),
    }
    return Line(section=section, title=title, **(told | more))  # type: ignore[arg-type]  # a test may say any part


def decision(**more: object) -> Line:
    told: dict[str, object] = {
        "section": Section.DECIDE,
        "title": "Deal review with Anna Snelling",
        "note": "decision.key_late",
        "facts": {"holder": "Moses Frase", "days": 2, "day": date(2027, 1, 7)},
        "task_id": None,
        "verbs": (),
        "decision_id": "9a0c1d2e3f40",
        "choices": (Choice.HAND_OVER, Choice.EXTEND, Choice.WAIVE, Choice.TAKE_OVER),
        "candidate": "Anna Snelling",
    }
    return line(**(told | more))  # type: ignore[arg-type]  # a test may say any part


def message(*lines: Line, key: str = "brief:dustin-brinkmann:2027-01-11", **more: object) -> Message:
    told: dict[str, object] = {"kind": MessageKind.BRIEF, "to": DUSTIN, "day": DAY}
    return Message(key=key, lines=lines, **(told | more))  # type: ignore[arg-type]  # a test may say any part


def delivery(payload: str, channel: str, key: str = "brief:dustin-brinkmann:2027-01-11", **more: object) -> Delivery:
    told: dict[str, object] = {
        "kind": MessageKind.BRIEF,
        "recipient": DUSTIN.key,
        "occasion": "2027-01-11",
        "not_before": NOW,
        "created_at": NOW,
    }
    return Delivery(key=key, channel=channel, payload=payload, **(told | more))  # type: ignore[arg-type]  # as above


def whole_brief() -> Message:
    """One line of every kind a brief can hold, given out of order."""
    return message(
        line(
            "Coaching round with Moses Frase",
            Section.COMING,
            note="line.coming",
            facts={"day": date(2027, 1, 14)},
            verbs=(),
        ),
        line(verbs=ALL_VERBS),
        line(
            "Pipeline check",
            task_id="77aa",
            version=5,
            facts={"at": None, "for_person": "Cara Losch", "until": date(2027, 2, 12)},
        ),
        line("Role play", task_id="88bb", status="status.done", facts={"by": "Dustin Brinkmann", "on": DAY}, verbs=()),
        line(
            "Field ride with Anna Snelling",
            Section.PLACE,
            task_id="99cc",
            version=1,
            note="line.place",
            facts={"by": date(2027, 1, 22), "day": date(2027, 1, 13)},
            verbs=(Verb.PLACE, Verb.MOVE),
        ),
        line("Team huddle", Section.OVERDUE, task_id="aadd", note="line.help", facts={"days": 1, "keeper": "Kim Lee"}),
        decision(),
        line(
            "Certification",
            Section.TOLD,
            task_id="bbee",
            note="line.told",
            facts={"holder": "Cecily Lampkin", "days": 3, "day": date(2027, 1, 6)},
            verbs=(),
        ),
        line(
            "Region West",
            Section.EXCEPTIONS,
            task_id=None,
            note="line.vacant",
            facts={"seat": "Manager, West"},
            verbs=(),
        ),
    )


def same_as_golden(name: str, text: str) -> bool:
    """Compares with the golden file; with CADENCE_UPDATE_GOLDEN=1 writes it instead."""
    path = GOLDEN / name
    if os.environ.get("CADENCE_UPDATE_GOLDEN") == "1":
        path.write_bytes(text.encode())
    return path.read_bytes() == text.encode()


CANARIES = (
    "<!channel>",
    "<!here>",
    "<!everyone>",
    "<!subteam^S1>",
    "<@U1>",
    "<#C1|general>",
    "<https://evil.example|bank.example>",
    "@channel @here #general",
    "&lt;!channel&gt;",
    "&amp;",
    "a & b < c > d",
    "*bold* _em_ ~no~ `code`",
    "```block```",
    "> quoted",
    "\r\nBcc: evil@example.com",
    "Subject: x\r\n\r\nbody",
    "line\nline",
    "line\rline",
    "tab\there",
    "nul\x00here",
    "bell\x07",
    "esc\x1b[31mred",
    "c1\x85next\x9b31m",
    "\u2028line\u2029paragraph",
    "\u202eevil\u202c",
    "\u2066isolated\u2069",
    "\u200fright to left",
    "שלום עולם",
    "مرحبا بالعالم",
    "Grüße aus Köln",
    "日本語のタイトル",
    "👩‍👩‍👧‍👦 family",
    "🏳️‍🌈",
    "e\u0301 and é",
    "zero\u200bwidth\u200djoined",
    "\ufeffmark",
    "\ud800 lone",
    "x" * 5000,
    "&" * 5000,
    "<" * 5000,
    "👩‍👩‍👧‍👦" * 1000,
    "word " * 1000,
    "*" * 200,
    "",
    "   ",
    "\n\n",
    "\u00a0",
    "{{ 7 * 7 }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}",
    "{{ ''.__class__ }}",
    "${HOME}",
    "%s %(x)s {0}",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</td></table></body>",
    "<!-- comment",
    "=1+1",
    "=?utf-8?q?Hi=0d=0aBcc:_x@y.z?=",
    ".\r\n.\r\nMAIL FROM:<x@y.z>",
    "'; DROP TABLE tasks; --",
)


def in_time() -> bool:
    """Nothing here waits for so long that it is too late to send."""
    return True
