"""A feed is read by every client as the same events at the same instants; its bytes change only with a task."""

import string
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from cadence.feeds import FeedItem, calendar, etag, feed

CHANGED = datetime(2027, 1, 4, 9, 30, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden.ics"

RIDE = FeedItem(
    uid="0a1b2c3d4e5f",
    summary="Ride along and coach with Jürgen Bauer",
    description="A proposed day: keep it or choose your own until Fri 22 Jan.\nOwed by Katharina Vogel.",
    day=date(2027, 1, 12),
    proposed=True,
    changed_at=CHANGED,
    url="https://cadence.example/t/0a1b2c3d4e5f",
    categories=("Field ride",),
)
DEBRIEF = FeedItem(
    uid="1a1b2c3d4e5f",
    summary="Managers' debrief",
    day=date(2027, 1, 15),
    starts=datetime(2027, 1, 15, 15, 0, tzinfo=UTC),
    ends=datetime(2027, 1, 15, 16, 0, tzinfo=UTC),
    busy=True,
    sequence=3,
    changed_at=CHANGED,
    categories=("Manager debrief",),
)
CANCELLED = replace(DEBRIEF, uid="2a1b2c3d4e5f", cancelled=True, day=date(2027, 1, 29), starts=None, ends=None)
ITEMS = (RIDE, DEBRIEF, CANCELLED)


def read(content: bytes) -> list[Any]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def written(*items: FeedItem, name: str = "Reinforcement", color: str | None = None) -> str:
    return calendar(name, "feed-1", items, color=color).decode()


def only(item: FeedItem) -> str:
    """The lines of one event, unfolded."""
    return written(item).replace("\r\n ", "").partition("BEGIN:VEVENT")[2]


def test_a_feed_looks_like_this() -> None:
    content = calendar("Reinforcement: Katharina Vogel", "feed-1", ITEMS, color="navy")
    assert content == GOLDEN.read_bytes()


def test_another_program_reads_the_same_number_instants_and_titles() -> None:
    events = recurring_ical_events.of(icalendar.Calendar.from_ical(calendar("x", "y", ITEMS))).between(
        date(2027, 1, 1), date(2027, 3, 1)
    )
    assert [(event.start, event.end, str(event["SUMMARY"])) for event in events] == [
        (date(2027, 1, 12), date(2027, 1, 13), RIDE.summary),
        (DEBRIEF.starts, DEBRIEF.ends, DEBRIEF.summary),
        (date(2027, 1, 29), date(2027, 1, 30), CANCELLED.summary),
    ]


def test_an_instant_in_any_zone_is_written_in_utc() -> None:
    berlin = datetime.fromisoformat("2027-01-15T16:00:00+01:00")
    assert "DTSTART:20270115T150000Z\r\n" in only(replace(DEBRIEF, starts=berlin))


def test_a_naive_instant_is_left_out_rather_than_guessed() -> None:
    naive = datetime(2027, 1, 15, 15, 0)  # noqa: DTZ001 - what must not come through
    assert feed("x", "y", [replace(DEBRIEF, starts=naive)]).skipped == (DEBRIEF.uid,)


def test_every_line_ends_with_crlf_and_has_at_most_75_octets() -> None:
    content = calendar("x", "y", [replace(RIDE, summary="Überstunden 🚀 " * 40)])
    assert content.count(b"\n") == content.count(b"\r\n") > 10
    assert max(len(line) for line in content.split(b"\r\n")) <= 75


@pytest.mark.parametrize("absent", ["METHOD", "VTIMEZONE", "VALARM", "RRULE"])
def test_a_feed_holds_nothing_that_clients_misread(absent: str) -> None:
    assert absent not in written(*ITEMS)


def test_clients_are_told_how_often_to_ask_in_both_dialects() -> None:
    text = written()
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "\r\nX-PUBLISHED-TTL:PT1H\r\n" in text


def test_the_name_of_a_feed_is_escaped() -> None:
    assert "\r\nX-WR-CALNAME:East\\; South\\, all\r\n" in written(name="East; South, all")


@pytest.mark.parametrize(
    ("item", "status", "transparency"),
    [
        (RIDE, "TENTATIVE", "TRANSPARENT"),
        (replace(RIDE, proposed=False), "CONFIRMED", "TRANSPARENT"),
        (DEBRIEF, "CONFIRMED", "OPAQUE"),
        (replace(RIDE, cancelled=True), "CANCELLED", "TRANSPARENT"),
        (replace(DEBRIEF, cancelled=True), "CANCELLED", "TRANSPARENT"),
    ],
)
def test_an_event_says_how_sure_it_is_and_whether_it_takes_the_time(
    item: FeedItem, status: str, transparency: str
) -> None:
    assert f"\r\nSTATUS:{status}\r\n" in only(item)
    assert f"\r\nTRANSP:{transparency}\r\n" in only(item)


def test_the_stamp_is_when_the_task_changed_not_when_the_feed_was_read() -> None:
    event = only(DEBRIEF)
    assert "DTSTAMP:20270104T093000Z" in event
    assert "LAST-MODIFIED:20270104T093000Z" in event
    assert "SEQUENCE:3" in event


# -- the same bytes ----------------------------------------------------------------------------------------------


@given(st.permutations(ITEMS))
def test_the_order_in_which_tasks_come_changes_no_byte(items: Sequence[FeedItem]) -> None:
    assert calendar("x", "y", items) == calendar("x", "y", ITEMS)


def test_the_newest_of_two_with_one_uid_counts() -> None:
    newer = replace(DEBRIEF, sequence=4, summary="Newer")
    assert calendar("x", "y", [newer, DEBRIEF]) == calendar("x", "y", [DEBRIEF, newer]) == calendar("x", "y", [newer])


def test_the_etag_follows_the_bytes() -> None:
    content = calendar("x", "y", ITEMS)
    assert etag(content) == etag(calendar("x", "y", ITEMS))
    assert etag(content) != etag(calendar("x", "y", ITEMS[:2]))
    assert etag(content).startswith('"')
    assert etag(content).endswith('"')


# -- hostile text ------------------------------------------------------------------------------------------------

UNPRINTED = (0, 1, 7, 8, 9, 11, 12, 13, 27, 127, 0x85, 0x9F, 0x2028, 0x2029, 0x202E, 0xFEFF)
HOSTILE = (
    *(f"a{sign}b" for sign in string.punctuation),
    *(f"Ride{chr(code)}along" for code in UNPRINTED),
    "Ride\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\nSUMMARY:evil",
    "Ride\nBEGIN:VALARM\nACTION:EMAIL\nATTENDEE:mailto:all@x.example\nEND:VALARM",
    "Ride\rEND:VCALENDAR",
    "Ride\\nEND:VEVENT\\nBEGIN:VEVENT",
    "\\", "\\\\", "\\,", "\\;", "\\n", "\\N", "ends with \\", '"quoted";PARAM="x":y', "^n^'^^",
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "{{ 7 * 7 }}", "%0d%0aBEGIN:VEVENT",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 " * 30, "\ud800", "e\u0301" * 100, "ﷺ" * 80, " ", "", "x" * 5000,
)  # fmt: skip


def plain(text: str) -> str:
    """What has to arrive: the words, on one line, with whatever cannot be seen as a blank."""
    seen = text.replace("\ud800", "?").replace("\u202e", " ").replace("\ufeff", " ")
    seen = "".join(" " if ord(sign) < 32 or 127 <= ord(sign) < 160 else sign for sign in seen)
    words = " ".join(seen.replace("\\N", "\\n").split())
    return words if len(words) <= 250 else words[:249].rstrip() + "…"


def test_there_are_enough_hostile_texts() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_hostile_text_arrives_as_text_and_brings_no_event_along(text: str) -> None:
    item = replace(RIDE, summary=text, description=text, categories=(text or "x",))
    result = feed(text, text, [item, DEBRIEF])
    ride, debrief = read(result.content)
    assert result.skipped == ()
    assert (str(ride["SUMMARY"]), str(debrief["SUMMARY"])) == (plain(text), DEBRIEF.summary)
    assert ride["UID"] == "0a1b2c3d4e5f@cadence"
    assert not ride.subcomponents
    assert not any(code in result.content for code in [b"\x00", b"\x07", b"\x1b", b"\xc2\x85", b"\xe2\x80\xa8"])


@given(st.text())
def test_any_text_arrives_in_one_event(text: str) -> None:
    (event,) = read(calendar(text, text, [replace(RIDE, summary=text, description=text)]))
    assert event["UID"] == "0a1b2c3d4e5f@cadence"


def test_lines_of_a_description_stay_lines() -> None:
    (event,) = read(calendar("x", "y", [replace(RIDE, description="one\r\ntwo\nthree")]))
    assert str(event["DESCRIPTION"]) == "one\ntwo\nthree"


@pytest.mark.parametrize(
    "bad",
    [
        replace(RIDE, url="https://x.example/\r\nBEGIN:VEVENT"),
        replace(RIDE, day=date.max),
        replace(DEBRIEF, ends=datetime(2027, 1, 15, 14, tzinfo=UTC)),
        replace(RIDE, changed_at=datetime(2027, 1, 4)),  # noqa: DTZ001 - what must not come through
    ],
    ids=["url", "end-of-time", "ends-before-it-starts", "naive"],
)
def test_one_bad_item_is_named_and_spoils_no_other(bad: FeedItem) -> None:
    other = replace(DEBRIEF, uid="other")
    result = feed("x", "y", [bad, other])
    assert result.skipped == (bad.uid,)
    assert result.content == calendar("x", "y", [other])


@pytest.mark.parametrize("color", ["navy\r\nX-EVIL:1", "#fff", "", "url(x)"])
def test_a_colour_that_is_no_css_name_is_left_out(color: str) -> None:
    assert "COLOR" not in written(RIDE, color=color)


def test_an_hour_that_the_clocks_skip_or_repeat_is_one_instant_like_any_other() -> None:
    autumn = datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    (event,) = read(calendar("x", "y", [replace(DEBRIEF, starts=autumn, ends=autumn + timedelta(hours=1))]))
    assert (event.start, event.end) == (autumn, autumn + timedelta(hours=1))
