"""What the channels have in common: the order of trying, the console, and the words of every line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest

from cadence.channels import FALLBACK, Channel, Page, ways
from cadence.channels.console import ConsoleChannel
from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.reading import one_line, read
from cadence.channels.slack.channel import SlackChannel
from cadence.clock import fixed
from cadence.core.model import Choice, MessageKind, Person, Reason, Section, Sent, Verb
from cadence.templating import words
from tests.channels.samples import CANARIES, DUSTIN, NOW, delivery, in_time, line, message, same_as_golden, whole_brief
from tests.support.slack_limits import faults, texts

WORDS = words()
CHANNELS: dict[str, Channel] = {
    "console": ConsoleChannel(StringIO()),
    "email": EmailChannel(Server("127.0.0.1"), Sender("c@example.com"), fixed(NOW)),
    "slack": SlackChannel("x"),
}


@pytest.mark.parametrize(
    ("person", "names"),
    [
        (DUSTIN, ["slack", "email", "console"]),
        (replace(DUSTIN, channel="email"), ["email", "slack", "console"]),
        (replace(DUSTIN, channel="pigeon"), ["slack", "email", "console"]),
        (replace(DUSTIN, email=None), ["console"]),
    ],
)
def test_the_chosen_channel_is_tried_first_then_the_others_that_reach_the_person(
    person: Person, names: list[str]
) -> None:
    assert [channel.name for channel in ways(CHANNELS, person)] == names


def test_every_channel_stands_in_the_table_under_its_name() -> None:
    assert set(FALLBACK) == {channel.name for channel in CHANNELS.values()}


def test_the_console_prints_the_whole_message_as_in_the_golden_file() -> None:
    stream = StringIO()
    console = ConsoleChannel(stream)
    rendered = console.render(whole_brief(), WORDS)
    owed = replace(delivery(rendered.payload, "console", "k"), subject=rendered.subject)
    assert console.send(owed, DUSTIN, in_time) == Sent({"key": "k"})
    assert same_as_golden("brief.txt", stream.getvalue())


@pytest.mark.parametrize("canary", CANARIES, ids=lambda text: ascii(text)[:30])
def test_no_text_steers_a_terminal_or_breaks_its_line(canary: str) -> None:
    stream = StringIO()
    console = ConsoleChannel(stream)
    person = replace(DUSTIN, name=canary)
    rendered = console.render(message(line(canary), to=person), WORDS)
    console.send(replace(delivery(rendered.payload, "console"), subject=rendered.subject), person, in_time)
    printed = stream.getvalue()
    assert not set("\x00\x07\x1b\r\x85\x9b\u2028\u202e") & set(printed)
    assert sum(row.startswith("* ") for row in printed.splitlines()) == 1


@pytest.mark.parametrize("kind", [MessageKind.BRIEF, MessageKind.ALERT, MessageKind.POST, MessageKind.TEST])
@pytest.mark.parametrize("lines", [(), (line(),), (line(status="status.missed"),)])
def test_every_kind_of_message_has_words_with_and_without_open_lines(kind: MessageKind, lines: tuple[()]) -> None:
    reading = read(message(*lines, kind=kind), WORDS.say)
    assert reading.subject
    assert reading.notification
    assert reading.opening


D = date(2027, 1, 14)
NOTES: list[tuple[str, dict[str, str | int | date | None], str]] = [
    ("line.place", {"day": D, "by": date(2027, 1, 22)}, "Proposed for Thu 14 Jan; any day until Fri 22 Jan is fine."),
    ("line.today", {"at": None}, "Today."),
    ("line.today", {"at": "09:00"}, "Today at 09:00."),
    ("line.before", {"day": D, "n": 1}, "the next working day"),
    ("line.before", {"day": D, "n": 10}, "in 10 working days"),
    ("line.help", {"days": 1, "keeper": None}, "last working day"),
    ("line.help", {"days": 3, "keeper": "Kim Lee"}, "Kim Lee is glad to help"),
    ("line.since", {"day": date(2027, 1, 12), "by": date(2027, 1, 22)}, "any day until Fri 22 Jan is still in time"),
    ("line.overdue", {"days": 3, "day": D}, "Open since Thu 14 Jan."),
    ("line.told", {"holder": "Ana", "days": 3, "day": D}, "Ana had this planned for Thu 14 Jan"),
    ("line.told_many", {"holder": "Ana", "n": 3, "day": D}, "3 things planned since Thu 14 Jan"),
    ("line.coming", {"day": D}, "Thu 14 Jan"),
    ("line.vacant", {"seat": "Manager, West"}, "Nobody holds Manager, West"),
    ("line.unreachable", {"person": "Ana"}, "do not reach Ana"),
    ("line.closed", {"person": "Slack"}, "Slack takes no messages from here"),
    ("line.held", {"n": 1}, "one task waits"),
    ("line.held", {"n": 4}, "4 tasks wait"),
    ("decision.key_late", {"holder": "Ana", "days": 2, "day": D}, "Ana had this planned for Thu 14 Jan"),
    ("decision.sponsor", {"holder": "Ana", "days": 5}, "waited 5 working days"),
    ("decision.cant", {"holder": "Ana", "reason": "customer-first"}, "Ana cannot do this: a customer came first."),
    ("decision.cant", {"holder": "Ana", "reason": "the lift is broken"}, "the lift is broken"),
    (
        "decision.pattern",
        {"what": "Field ride", "missed": 3, "of": 4},
        "Field ride: it worked out 1 of the last 4 times.",
    ),
    ("decision.vacancy", {"seat": "Manager, West", "n": 4}, "Nobody holds the seat Manager, West"),
]
STATUSES: list[tuple[str, dict[str, str | int | date | None], str]] = [
    ("status.done", {"by": "Ana", "on": D}, "Done by Ana, on Thu 14 Jan."),
    ("status.done", {"by": None, "on": D}, "Done, on Thu 14 Jan."),
    ("status.skipped", {"by": "Ana", "reason": "no-point"}, "Left out by Ana: it would not have helped."),
    ("status.skipped", {"by": None, "reason": None}, "Left out."),
    ("status.missed", {}, "The time for this has passed."),
    ("status.placed", {"day": D}, "It stays on Thu 14 Jan."),
    ("status.moved", {"to": D}, "Moved to Thu 14 Jan."),
    ("status.handed", {"to": "Bo"}, "Now with Bo."),
    ("status.paused", {"until": D}, "Paused until Thu 14 Jan."),
    ("status.retired", {}, "The plan no longer asks for this."),
    ("status.decided", {"by": "Ana", "choice": "take-over"}, "Ana decided: it is taken on in person."),
]


@pytest.mark.parametrize(("note", "facts", "said"), NOTES)
def test_every_note_has_its_sentence(note: str, facts: dict[str, object], said: str) -> None:
    (part,) = read(message(line(note=note, facts=facts)), WORDS.say).parts
    assert said in part.rows[0].sentence


@pytest.mark.parametrize(("status", "facts", "said"), STATUSES)
def test_every_status_has_its_sentence(status: str, facts: dict[str, object], said: str) -> None:
    (part,) = read(message(line(status=status, facts=facts)), WORDS.say).parts
    assert said in part.rows[0].sentence


def test_every_section_verb_choice_and_reason_has_its_words() -> None:
    for key in (
        *(f"section.{section}" for section in Section),
        *(f"button.{verb}" for verb in Verb),
        *(f"decided.{choice}" for choice in Choice),
        *(f"reason.{reason}" for reason in Reason),
    ):
        assert WORDS.say(key)
    for choice in Choice:
        assert WORDS.say(f"choice.{choice}", candidate="Ana")


def test_one_line_is_one_line_cut_with_an_ellipsis() -> None:
    assert one_line("a\r\nb\tc\x1b[0m") == "a b c [0m"
    assert one_line("x" * 20, 10) == "x" * 9 + "…"


def page(**more: object) -> Page:
    told: dict[str, object] = {"subject": "Your week", "text": "Three <b>things</b>.\n", "html": "<p>Three things.</p>"}
    fixed_parts = {"key": "digest:k", "to": DUSTIN, "series": "digest", "date": NOW}
    return Page(**(fixed_parts | told | more))  # type: ignore[arg-type]  # a test may say any part


def test_a_whole_page_goes_through_every_channel_with_its_subject_and_text() -> None:
    for channel in CHANNELS.values():
        rendered = channel.render_page(page())
        assert (rendered.subject, rendered.text) == ("Your week", "Three <b>things</b>.\n")


def test_a_page_through_slack_is_escaped_keeps_the_limits_and_carries_its_key() -> None:
    for text in ("Three <b>things</b>.\n", "&" * 50_000, *filter(str.strip, CANARIES)):
        payload = json.loads(CHANNELS["slack"].render_page(page(text=text)).payload)
        assert faults(payload) == []
        assert payload["metadata"]["event_payload"] == {"key": "digest:k"}
        assert not any(set("<>") & set(shown) for shown in [payload["text"], *texts(payload["blocks"])])
