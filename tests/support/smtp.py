"""An SMTP server on the loopback: keeps the mails it took, parsed, and fails as scripted."""

from __future__ import annotations

import email.parser
import email.policy
import socket
from collections import deque
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType
from typing import Literal, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Step = Literal["mail", "rcpt", "data"]


@dataclass(slots=True)
class Mail:
    """One mail as it was taken; `raw` are the very bytes."""

    sender: str
    to: str
    raw: bytes
    message: EmailMessage
    seen: bool = False

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    def _part(self, kind: Literal["plain", "html"]) -> str:
        body = self.message.get_body(preferencelist=(kind,))
        assert body is not None, f"no {kind} part"
        return str(body.get_content())


@dataclass(slots=True)
class LoopbackSmtp:
    """The server; `with LoopbackSmtp() as smtp:` starts it and, in strict mode, fails on a mail nobody looked at."""

    strict: bool = True
    mails: list[Mail] = field(default_factory=list)
    _replies: dict[Step, deque[str]] = field(
        default_factory=lambda: {"mail": deque(), "rcpt": deque(), "data": deque()}
    )
    _drops: deque[bool] = field(default_factory=deque)
    _controller: Controller | None = None

    host = "127.0.0.1"

    @property
    def port(self) -> int:
        assert self._controller is not None, "not started"
        return int(self._controller.port)

    def __enter__(self) -> Self:
        self._controller = Controller(_Handler(self), hostname=self.host, port=free_port(), data_size_limit=10_000_000)
        self._controller.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._controller is not None
        self._controller.stop()
        if kind is None:
            self.settle()

    def settle(self) -> None:
        unseen = [mail for mail in self.mails if not mail.seen]
        assert not (self.strict and unseen), f"nobody expected: {[(mail.to, mail.subject) for mail in unseen]}"

    def refuse(self, step: Step, *replies: str) -> None:
        """The next commands of this step get these replies, one each: `450 4.2.0 greylisted`."""
        self._replies[step].extend(replies)

    def drop(self, *, stored: bool) -> None:
        """The next mail's connection is cut after its text, whether or not the mail was kept."""
        self._drops.append(stored)

    def inbox(self, address: str) -> list[Mail]:
        """All mails to one address, oldest first; they count as looked at."""
        found = [mail for mail in self.mails if mail.to == address]
        for mail in found:
            mail.seen = True
        return found

    def expect(self, address: str, text: str) -> Mail:
        """The oldest mail not yet looked at whose subject or text says `text`."""
        for mail in self.mails:
            if mail.to == address and not mail.seen and (text in mail.subject or text in mail.text):
                mail.seen = True
                return mail
        waiting = [mail.subject for mail in self.mails if mail.to == address and not mail.seen]
        raise AssertionError(f"no mail to {address} says {text!r}; not looked at yet: {waiting}")

    def reply(self, step: Step) -> str | None:
        return self._replies[step].popleft() if self._replies[step] else None

    def keep(self, envelope: Envelope) -> None:
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        parsed = email.parser.BytesParser(policy=email.policy.default).parsebytes(raw)
        assert isinstance(parsed, EmailMessage)
        self.mails += [Mail(str(envelope.mail_from), to, raw, parsed) for to in envelope.rcpt_tos]

    def dropping(self) -> bool | None:
        return self._drops.popleft() if self._drops else None


class _Handler:
    """aiosmtpd's hooks: each gives the reply of one command."""

    def __init__(self, smtp: LoopbackSmtp) -> None:
        self._smtp = smtp

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self._smtp.reply("mail"):
            return reply
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self._smtp.reply("rcpt"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if reply := self._smtp.reply("data"):
            return reply
        dropped = self._smtp.dropping()
        if dropped is not False:
            self._smtp.keep(envelope)
        if dropped is not None and server.transport is not None:
            server.transport.close()
        return "250 OK"


def free_port() -> int:
    """A port that was free a moment ago; aiosmtpd cannot choose one itself."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
