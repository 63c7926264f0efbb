"""A message as mail: both forms of its text, every header a machine owes, and no way in for anything else."""

from __future__ import annotations

import email.parser
import email.policy
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from cadence.channels.email.mime import Letter, Sender, build, deliverable, letter, message_id
from cadence.core.messages import Message
from cadence.errors import WrongUsage
from cadence.templating import words
from tests.channels.samples import CANARIES, DUSTIN, decision, line, message, same_as_golden, whole_brief

SENDER = Sender("cadence@example.com", "Cadence", "keepers@example.com")
WHEN = datetime(2027, 1, 11, 13, 30, tzinfo=UTC)
ALLOWED = {
    "from", "to", "reply-to", "subject", "date", "message-id", "list-id", "auto-submitted", "x-auto-response-suppress",
    "mime-version", "content-type",
}  # fmt: skip


def mail(said: Message) -> bytes:
    return build(letter(said, words(), WHEN), SENDER)


def read(raw: bytes) -> EmailMessage:
    parsed = email.parser.BytesParser(policy=email.policy.default).parsebytes(raw)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(parsed: EmailMessage, kind: str) -> str:
    body = parsed.get_body(preferencelist=(kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def digest(**more: object) -> Letter:
    told: dict[str, object] = {
        "key": "digest:cara:2027-W02",
        "to_name": "Cara Losch",
        "to_address": "cara@example.com",
        "subject": "Your week",
        "text": "Three things.\n",
        "html": "<html><head></head><body><p>Three things.</p></body></html>",
        "date": WHEN,
        "series": "digest",
    }
    return Letter(**(told | more))  # type: ignore[arg-type]  # a test may say any part


def test_a_whole_brief_is_written_as_in_the_golden_file() -> None:
    assert same_as_golden("brief.eml", mail(whole_brief()).decode("ascii"))


def test_the_same_message_is_the_same_bytes() -> None:
    assert mail(whole_brief()) == mail(whole_brief())


def test_a_mail_has_text_first_and_html_with_the_styles_inlined() -> None:
    parsed = read(mail(message(line("Ride & <roll>"))))
    assert parsed.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert "* Ride & <roll>\n  Today at 09:00." in part(parsed, "plain")
    html = part(parsed, "html")
    assert "Ride &amp; &lt;roll&gt;" in html
    assert 'style="font-weight: bold;"' in html
    assert "prefers-color-scheme: dark" in html


def test_the_headers_say_that_a_machine_wrote_and_where_a_reply_goes() -> None:
    parsed = read(mail(message(line("Field ride"))))
    assert {name.lower() for name in parsed} == ALLOWED
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Reply-To"] == "keepers@example.com"
    assert parsed["List-Id"] == "<brief.cadence.example.com>"
    assert parsed["To"] == "Dustin Brinkmann <dustin@example.com>"
    assert parsed["Subject"] == "Field ride"
    assert parsed["Date"].datetime == WHEN


def test_the_message_id_depends_on_the_delivery_alone() -> None:
    one = read(mail(message(line("A"), key="k")))
    other = read(mail(message(line("B"), key="k")))
    assert one["Message-ID"] == other["Message-ID"] == message_id("k", "example.com")
    assert message_id("k", "example.com") != message_id("l", "example.com")


def test_one_click_unsubscribe_survives_on_one_line_however_long() -> None:
    link = "https://cadence.example.com/unsubscribe/" + "x" * 600
    raw = build(digest(unsubscribe=link), SENDER)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in raw
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw


def test_a_digest_is_built_from_given_text_and_html() -> None:
    parsed = read(build(digest(), SENDER))
    assert part(parsed, "plain") == "Three things.\n"
    assert parsed["List-Id"] == "<digest.cadence.example.com>"


def test_nothing_is_fetched_for_a_style_sheet() -> None:
    html = '<html><head><link rel="stylesheet" href="http://127.0.0.1:9/x.css"></head><body>Hi</body></html>'
    assert "Hi" in part(read(build(digest(html=html), SENDER)), "html")


def test_a_mail_is_seven_bit_with_no_line_too_long() -> None:
    raw = build(digest(subject="Grüße 👩", text="é" * 5000, html=f"<html><body>{'日' * 5000}</body></html>"), SENDER)
    assert max(raw) < 128
    assert max(len(row) for row in raw.split(b"\r\n")) <= 998
    assert part(read(raw), "plain").strip() == "é" * 5000


@pytest.mark.parametrize("canary", CANARIES, ids=lambda text: ascii(text)[:30])
def test_no_text_adds_a_header_a_part_or_live_markup(canary: str) -> None:
    said = message(
        line(canary, facts={"at": canary}),
        decision(title=canary, candidate=canary),
        to=replace(DUSTIN, name=canary),
        instead_of=canary,
    )
    raw = mail(said)
    parsed = read(raw)
    assert {name.lower() for name in parsed} == ALLOWED
    assert len(parsed["To"].addresses) == 1
    assert parsed["To"].addresses[0].addr_spec == "dustin@example.com"
    assert [p.get_content_type() for p in parsed.iter_parts()] == ["text/plain", "text/html"]
    html = part(parsed, "html")
    assert html.count("<tr>") == 3, "one row for the page and one a line"
    assert "<script" not in html
    assert "<img" not in html
    assert "49" not in part(parsed, "plain") or "49" in canary
    assert max(raw) < 128


def test_an_encoded_word_is_not_decoded_into_a_header_of_its_own() -> None:
    hidden = "=?utf-8?q?Hi=0d=0aBcc:_x@y.z?="
    raw = build(digest(subject=hidden, to_name=hidden), replace(SENDER, name=hidden))
    assert b"\r\nBcc" not in raw
    assert "Bcc" not in read(raw)


def test_a_poisoned_title_among_fifty_stops_none_of_the_mails() -> None:
    assert all(mail(message(line(title), key=title[:9])) for title in ["fine"] * 49 + ["\r\nBcc: x@y.z"])


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@",
        "@b",
        "a b@c.de",
        "a@b\r\nBcc: x@y.z",
        "a@b,c@d",
        "<a@b.de>",
        "a@b.de>",
        "ü@b.de",
        "a..b@c.de",
    ],
)
def test_what_is_no_address_is_told_apart_before_a_mail_is_built(address: str) -> None:
    assert not deliverable(address)


@pytest.mark.parametrize("address", ["a@b", "first.last+tag@sub.example.com", "o'neil@example.co.uk", "a_b-c@x-y.de"])
def test_usual_addresses_are_deliverable(address: str) -> None:
    assert deliverable(address)


def test_a_sender_is_read_from_settings_or_refused_by_the_setting_s_name() -> None:
    assert Sender.written("Cadence <c@example.com>", "k@example.com") == Sender(
        "c@example.com", "Cadence", "k@example.com"
    )
    with pytest.raises(WrongUsage, match="CADENCE_MAIL__SENDER"):
        Sender.written("nobody")
    with pytest.raises(WrongUsage, match="CADENCE_MAIL__REPLY_TO"):
        Sender.written("c@example.com", "a\r\nb")
