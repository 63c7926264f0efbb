"""Mail as a channel, against an SMTP server on the loopback: what arrives, and what every fault means."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Thread

import pytest

from cadence.channels import Channel
from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender, message_id
from cadence.clock import fixed
from cadence.core.model import Closed, Delivery, Outcome, Permanent, Sent, Temporary, Unknown
from cadence.templating import words
from tests.channels.samples import DUSTIN, NOW, delivery, in_time, line, message
from tests.support.smtp import LoopbackSmtp, Step, free_port

SENDER = Sender("cadence@example.com", "Cadence")
KEY = "brief:dustin-brinkmann:2027-01-11"
HOST = "127.0.0.1"


def channel(port: int, **more: object) -> EmailChannel:
    told: dict[str, object] = {"tls": "none", "timeout": 1} | more
    return EmailChannel(Server(HOST, port, **told), SENDER, fixed(NOW))  # type: ignore[arg-type]  # any setting


def owed() -> Delivery:
    return delivery(channel(1).render(message(line()), words()).payload, "email", KEY)


@contextmanager
def scripted(*replies: bytes | None) -> Iterator[int]:
    """A server that gives these replies, the first as its greeting, whatever it hears; None hangs up."""
    with socket.create_server((HOST, 0)) as listening:
        worker = Thread(target=_talk, args=(listening, replies), daemon=True)
        worker.start()
        yield listening.getsockname()[1]
        worker.join(timeout=5)


def _talk(listening: socket.socket, replies: tuple[bytes | None, ...]) -> None:
    connection, _ = listening.accept()
    with connection, suppress(ConnectionResetError):  # the client may hang up first
        for reply in replies:
            if reply is None:
                return
            connection.sendall(reply + b"\r\n")
            if not connection.recv(65536):
                return


def test_a_mail_arrives_from_the_sender_with_the_message_id_of_its_delivery(smtp: LoopbackSmtp) -> None:
    outcome = channel(smtp.port).send(owed(), DUSTIN, in_time)
    mail = smtp.expect("dustin@example.com", "Field ride with Moses Frase")
    assert outcome == Sent({"message_id": message_id(KEY, "example.com")})
    assert mail.message["Message-ID"] == message_id(KEY, "example.com")
    assert mail.sender == "cadence@example.com"
    assert "Today at 09:00" in mail.text


def test_a_repeat_has_the_same_message_id(smtp: LoopbackSmtp) -> None:
    assert channel(smtp.port).send(owed(), DUSTIN, in_time) == channel(smtp.port).send(owed(), DUSTIN, in_time)
    first, second = smtp.inbox("dustin@example.com")
    assert first.raw == second.raw


REFUSALS: list[tuple[Step, str, Outcome]] = [
    ("mail", "451 4.3.0 try later", Temporary("smtp: mail 451 4.3.0")),
    ("mail", "550 5.7.1 no such sender", Permanent("smtp: mail 550 5.7.1")),
    ("mail", "530 5.7.0 log in first", Closed("smtp: mail 530 5.7.0")),
    ("mail", "552 5.3.4 too big", Permanent("smtp: mail 552 5.3.4")),
    ("rcpt", "450 4.2.0 greylisted", Temporary("smtp: rcpt 450 4.2.0")),
    ("rcpt", "421 4.7.0 too many", Temporary("smtp: rcpt 421 4.7.0")),
    ("rcpt", "550 5.1.1 dustin@example.com unknown", Permanent("smtp: rcpt 550 5.1.1")),
    ("rcpt", "553 no", Permanent("smtp: rcpt 553")),
    ("data", "452 4.3.1 full", Temporary("smtp: data 452 4.3.1")),
    ("data", "554 5.6.0 refused", Permanent("smtp: data 554 5.6.0")),
]


@pytest.mark.parametrize(("step", "reply", "outcome"), REFUSALS)
def test_each_refusal_has_its_outcome(smtp: LoopbackSmtp, step: Step, reply: str, outcome: Outcome) -> None:
    smtp.refuse(step, reply)
    assert channel(smtp.port).send(owed(), DUSTIN, in_time) == outcome
    assert smtp.mails == []


def test_greylisting_passes_at_the_second_attempt(smtp: LoopbackSmtp) -> None:
    smtp.refuse("rcpt", "450 4.2.0 greylisted")
    assert isinstance(channel(smtp.port).send(owed(), DUSTIN, in_time), Temporary)
    assert isinstance(channel(smtp.port).send(owed(), DUSTIN, in_time), Sent)
    assert len(smtp.inbox("dustin@example.com")) == 1


@pytest.mark.parametrize("stored", [True, False])
def test_a_connection_lost_after_the_text_leaves_the_outcome_unknown(smtp: LoopbackSmtp, stored: bool) -> None:
    smtp.drop(stored=stored)
    assert channel(smtp.port).send(owed(), DUSTIN, in_time) == Unknown("smtp: SMTPServerDisconnected after data")
    assert len(smtp.inbox("dustin@example.com")) == int(stored)


OK = b"250 OK"
TALKS: list[tuple[tuple[bytes | None, ...], dict[str, object], Outcome]] = [
    ((None,), {}, Temporary("smtp: SMTPServerDisconnected")),
    ((b"421 busy",), {}, Temporary("smtp: greeting 421")),
    ((b"554 go away",), {}, Temporary("smtp: greeting 554")),
    ((b"220 hi", OK, None), {}, Temporary("smtp: SMTPServerDisconnected")),
    ((b"220 hi", OK, OK, None), {}, Temporary("smtp: SMTPServerDisconnected")),
    ((b"220 hi", OK, OK, OK, None), {}, Unknown("smtp: SMTPServerDisconnected after data")),
    ((b"220 hi", OK, OK, OK, b"354 go", None), {}, Unknown("smtp: SMTPServerDisconnected after data")),
    ((b"220 hi", OK, OK, OK, b"354 go", b"nonsense"), {}, Unknown("smtp: data -1")),
    ((b"220 hi", OK, OK, OK, b"451 not now"), {}, Temporary("smtp: data 451")),
    (
        (b"220 hi", b"250-x\r\n250 AUTH PLAIN", b"535 5.7.8 wrong"),
        {"username": "u", "password": "p"},
        Closed("smtp: auth 535"),
    ),
    (
        (b"220 hi", OK, OK),
        {"username": "u", "password": "p"},
        Closed("smtp: tls or auth not possible (SMTPNotSupportedError)"),
    ),
    ((b"220 hi", OK, OK), {"tls": "starttls"}, Closed("smtp: tls or auth not possible (SMTPNotSupportedError)")),
    (
        (b"220 hi", b"250-x\r\n250 STARTTLS", b"454 not now"),
        {"tls": "starttls"},
        Temporary("smtp: greeting 454"),
    ),
    (
        (b"220 hi", b"250-x\r\n250 STARTTLS", b"220 go", b"no handshake"),
        {"tls": "starttls"},
        Closed("smtp: tls or auth not possible (SSLError)"),
    ),
    ((b"220 not tls",), {"tls": "tls"}, Closed("smtp: tls or auth not possible (SSLError)")),
]


@pytest.mark.parametrize(("replies", "settings", "outcome"), TALKS)
def test_each_way_a_talk_can_end_has_its_outcome(
    replies: tuple[bytes | None, ...], settings: dict[str, object], outcome: Outcome
) -> None:
    with scripted(*replies) as port:
        assert channel(port, **settings).send(owed(), DUSTIN, in_time) == outcome


def test_nothing_is_ever_said_in_clear_text_when_tls_was_asked_for(smtp: LoopbackSmtp) -> None:
    outcome = channel(smtp.port, tls="starttls", username="u", password="p").send(owed(), DUSTIN, in_time)
    assert isinstance(outcome, Closed)
    assert smtp.mails == []


def test_a_mail_whose_time_is_over_is_not_handed_over(smtp: LoopbackSmtp) -> None:
    assert channel(smtp.port).send(owed(), DUSTIN, lambda: False) == Temporary("smtp: too late")
    assert smtp.mails == []


def test_a_silent_server_is_temporary_because_nothing_was_sent() -> None:
    with socket.create_server((HOST, 0)) as silent:
        outcome = channel(silent.getsockname()[1], timeout=0.2).send(owed(), DUSTIN, in_time)
    assert isinstance(outcome, Temporary)


def test_a_closed_port_and_a_name_that_does_not_resolve_are_temporary() -> None:
    assert channel(free_port()).send(owed(), DUSTIN, in_time) == Temporary("smtp: ConnectionRefusedError")
    lost = EmailChannel(Server("smtp.invalid", 25, "none"), SENDER, fixed(NOW))
    assert lost.send(owed(), DUSTIN, in_time) == Temporary("smtp: gaierror")


@pytest.mark.parametrize("address", [None, "nobody", "a@b\r\nDATA"])
def test_a_person_without_a_usable_address_is_not_reached(address: str | None) -> None:
    nobody = replace(DUSTIN, email=address)
    assert not channel(1).reaches(nobody)
    assert isinstance(channel(1).send(owed(), nobody, in_time), Permanent)


def test_the_password_is_not_in_the_server_s_repr() -> None:
    assert "hunter2" not in repr(Server(HOST, password="hunter2"))


def test_mail_cannot_be_asked_for_nor_rewritten() -> None:
    mail: Channel = channel(1)
    assert (mail.can_ask, mail.can_edit, mail.find(owed(), DUSTIN)) == (False, False, None)
