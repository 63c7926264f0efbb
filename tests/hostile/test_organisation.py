"""An organisation whose every name, title and agenda is a canary: what a compile puts out, and what people get."""

from __future__ import annotations

import csv
import email
import email.policy
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from cadence import templating
from cadence.channels import Channel
from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.services.beat import beat
from cadence.services.calendars import calendar_of
from cadence.services.context import Context
from cadence.services.gather import gather
from cadence.services.reconcile import load
from cadence.services.rehearse.sinks import Post, Recorded, Sink
from cadence.store import open_store
from tests.cli.conftest import Cadence, cadence
from tests.hostile.fields import Data, block
from tests.support.canaries import CANARIES, COMPUTED, structure, unseen
from tests.support.slack_limits import faults, texts
from tests.support.sqlite import fresh_sqlite
from tests.support.world import Clock

__all__ = ["cadence"]


EVENT = {
    *("UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DESCRIPTION", "DTSTART", "DTEND", "STATUS"),
    *("TRANSP", "CATEGORIES", "URL"),
}
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("MIME-Version", "Content-Type"),
}
RUN_BY_SPREADSHEETS = ("=", "+", "-", "@")
MOMENTS = tuple(datetime(2027, 1, day, 9, 30, tzinfo=UTC) for day in (11, 18, 19))
"""The morning of the first day, and the Monday and Tuesday after it, when digests go out."""


def organisation() -> str:
    """Everybody is called like a canary and owes something called like one; half of them are reached by mail."""
    people: dict[str, Data] = {"boss": {"name": "Vic Petrov", "email": "vic@example.test"}}
    activities: dict[str, Data] = {}
    for n, text in enumerate(CANARIES):
        other = CANARIES[(n + 1) % len(CANARIES)]
        person: dict[str, Data] = {"name": text, "email": f"p{n}@example.test", "reports_to": "boss", "region": other}
        people[f"p{n}"] = {**person, "channel": "email" if n % 2 else "slack", "team": text, "tags": [other[:200]]}
        owed: dict[str, Data] = {"kind": "training", "owner": f"p{n}", "on": ["day 0", "day 8"], "agenda": text}
        activities[f"a{n}"] = {**owed, "title": text, "with": "boss"}
    head: dict[str, Data] = {"plan": "canaries", "title": CANARIES[8], "rollout": "2027-01-11", "ends": "week 3"}
    roles: dict[str, Data] = {"vp": "boss", "enablement": "p8"}
    return block({**head, "people": {"list": people}, "roles": roles, "activities": activities})


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("organisation") / "plan.yaml"
    path.write_bytes(organisation().encode("utf-8", "replace"))
    return path


def _channels(post: Post, clock: Clock) -> dict[str, Channel]:
    slack = SlackChannel("xoxb-0", base_url="http://127.0.0.1:9/")
    mail = EmailChannel(Server("127.0.0.1", 9, "none"), Sender("cadence@example.test", "Cadence"), clock)
    return {"slack": Sink(slack, post), "email": Sink(mail, post)}


@dataclass(frozen=True, slots=True)
class Lived:
    """What everybody got until the second Tuesday, and the calendar of the plan and of one who gets mail."""

    messages: tuple[Recorded, ...]
    calendars: tuple[bytes, ...]


@pytest.fixture(scope="module")
def lived(plan: Path) -> Iterator[Lived]:
    clock = Clock(MOMENTS[0] - timedelta(days=1))
    post = Post(clock)
    store = open_store(fresh_sqlite(plan.parent))
    try:
        context = Context(store=store, channels=_channels(post, clock), words=templating.words)
        bundle, problems = gather(plan)
        assert bundle is not None, problems
        prepared, problems = load(context, bundle, clock.now, author="canaries", force=True)
        assert prepared is not None, problems
        for moment in MOMENTS:
            clock.now = moment
            beat(context, moment)
        with store.read() as work:
            subjects = (("plan", "canaries"), ("person", "p1"), ("person", "p8"))
            calendars = tuple(calendar_of(context, work, kind, subject, clock.now) for kind, subject in subjects)
        yield Lived(tuple(post.taken), calendars)
    finally:
        store.close()


def test_every_form_of_a_compile_is_whole(cadence: Cadence, plan: Path) -> None:
    count = 2 * len(CANARIES)
    rows = cadence("compile", str(plan)).out
    assert [line.count("\t") for line in rows.splitlines()] == [4] * count
    assert not unseen(rows, allowed="\n\t")
    cells = list(csv.reader(io.StringIO(cadence("compile", str(plan), "--csv").out, newline="")))
    assert [len(row) for row in cells] == [len(cells[0])] * (count + 1)
    assert not [cell for row in cells for cell in row if cell.lstrip().startswith(RUN_BY_SPREADSHEETS)]
    assert not unseen("".join(cell for row in cells for cell in row), allowed="")
    events_are_ours(cadence("compile", str(plan), "--ics").out, count)


def events_are_ours(text: str, count: int) -> None:
    """So many events, no line too long, no property or component that was smuggled in."""
    assert max(len(line.encode()) for line in text.split("\n")) <= 76, "75 and the CR"
    assert not unseen(text.replace("\r\n", "\n"))
    calendar = Calendar.from_ical(text)
    events = calendar.walk("VEVENT")
    assert len(events) == count
    assert {part.name for part in calendar.walk()} == {"VCALENDAR", "VEVENT"}
    assert not {name for event in events for name in event} - EVENT
    assert COMPUTED not in text


def test_calendars_hold_every_event_and_no_other(lived: Lived) -> None:
    everything, *own = lived.calendars
    events_are_ours(everything.decode(), 2 * len(CANARIES))
    for calendar in own:
        events_are_ours(calendar.decode(), 2)


def by(lived: Lived, channel: str) -> list[Recorded]:
    found = [message for message in lived.messages if message.channel == channel]
    assert len(found) > len(CANARIES) / 3
    assert {message.kind.value for message in lived.messages} >= {"brief", "digest"}
    return found


def test_slack_gets_no_markup_but_ours(lived: Lived) -> None:
    for message in by(lived, "slack"):
        payload = json.loads(message.payload)
        assert not faults({"channel": "D1", **payload})
        for text in (payload["text"], *texts(payload["blocks"])):
            assert not {"<", ">"} & set(text), text
            assert not unseen(text)
            assert COMPUTED not in text


def test_mails_have_our_headers_our_elements_and_no_links(lived: Lived) -> None:
    for message in by(lived, "email"):
        mail = email.message_from_string(message.payload, policy=email.policy.default)
        assert set(mail.keys()) <= HEADERS
        assert len(mail.keys()) == len(set(mail.keys()))
        assert not mail.defects
        assert not unseen(str(mail["Subject"]) + str(mail["To"]), allowed="")
        assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
        text, html = (str(part.get_content()) for part in mail.iter_parts())
        elements, links, seen = structure(html)
        assert not {element for element in elements if element[1:].split()[0].rstrip(">") not in OURS}
        assert not [element for element in elements if " on" in element]
        assert not links
        assert not unseen(text + seen, allowed="\n\r\t\u200c\u200d")
        assert COMPUTED not in text + seen


OURS = {
    *("!", "html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "th", "h1", "h2", "h3"),
    *("p", "span", "div", "ul", "li", "br", "strong", "em"),
}
