"""Mail as a channel: hands one letter for one person to an SMTP server and says exactly how far it got.

Once the server was asked for its consent to the text (DATA), a lost answer means that nobody knows.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from cadence.channels import InTime, Page, Rendered
from cadence.channels.email.mime import Letter, Sender, build, deliverable, letter, message_id
from cadence.clock import Clock
from cadence.core.messages import Message
from cadence.core.model import Closed, Delivery, Outcome, Permanent, Person, Sent, Temporary, Unknown
from cadence.templating import Words

UNKNOWN_TO_THEM = frozenset({530, 534, 535, 538})
"""Login wanted, too weak, wrong, or to be encrypted first: wrong with the installation, whoever the mail is for."""
ENHANCED = re.compile(rb"\d\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in. With `tls` other than `none` nothing is ever said in clear text."""

    host: str
    port: int = 587
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout: float = 10


class EmailChannel:
    """One recipient a mail, one connection a mail. The clock stamps the Date header when a mail is rendered. Nobody
    can be asked whether a mail arrived, so only `at_once` are ever under way."""

    name = "email"
    can_ask = False
    can_edit = False

    def __init__(self, server: Server, sender: Sender, clock: Clock, at_once: int = 1) -> None:
        self._server, self._sender, self._clock = server, sender, clock
        self.at_once = at_once

    def reaches(self, person: Person) -> bool:
        return deliverable(person.email)

    def render(self, message: Message, words: Words) -> Rendered:
        written = letter(message, words, self._clock())
        return Rendered(written.subject, written.text, build(written, self._sender).decode("ascii"))

    def render_page(self, page: Page) -> Rendered:
        written = Letter(
            key=page.key,
            to_name=page.to.name,
            to_address=page.to.email or "",
            subject=page.subject,
            text=page.text,
            html=page.html,
            date=page.date,
            series=page.series,
        )
        return Rendered(page.subject, page.text, build(written, self._sender).decode("ascii"))

    def send(self, delivery: Delivery, person: Person, in_time: InTime) -> Outcome:
        if not deliverable(person.email):
            return Permanent("smtp: no mail address to send to")
        begun = False
        try:
            with self._session() as smtp:
                if (refused := self._envelope(smtp, person.email or "")) is not None:
                    return refused
                if not in_time():
                    return Temporary("smtp: too late")
                begun = True
                code, said = smtp.data((delivery.payload or "").encode("ascii"))
        except OSError as error:  # smtplib's own exceptions are among them
            return _fault(error, begun=begun)
        return _reply("data", code, said) or Sent({"message_id": message_id(delivery.key, self._sender.domain)})

    def find(self, delivery: Delivery, person: Person) -> None:
        return None

    @contextmanager
    def _session(self) -> Iterator[smtplib.SMTP]:
        server, name = self._server, self._sender.domain
        context = ssl.create_default_context()
        smtp = (
            smtplib.SMTP_SSL(server.host, server.port, name, timeout=server.timeout, context=context)
            if server.tls == "tls"
            else smtplib.SMTP(server.host, server.port, name, timeout=server.timeout)
        )
        try:
            smtp.ehlo_or_helo_if_needed()
            if server.tls == "starttls":
                smtp.starttls(context=context)
                smtp.ehlo_or_helo_if_needed()
            if server.username:
                smtp.login(server.username, server.password or "")
            yield smtp
        finally:
            with suppress(OSError):  # what the server says to a good-bye changes nothing
                smtp.quit()
            smtp.close()

    def _envelope(self, smtp: smtplib.SMTP, address: str) -> Outcome | None:
        return _reply("mail", *smtp.mail(self._sender.address)) or _reply("rcpt", *smtp.rcpt(address))


def _reply(step: str, code: int, said: bytes) -> Outcome | None:
    """What a refusal at this step means; None when the server agreed. Its words may hold names and are left out."""
    if 200 <= code < 300:
        return None
    detail = ENHANCED.match(said)
    error = f"smtp: {step} {code}" + (f" {detail[0].decode()}" if detail else "")
    if code in UNKNOWN_TO_THEM and step != "data":
        return Closed(error)
    if 500 <= code < 600:
        return Permanent(error)
    return Temporary(error) if 400 <= code < 500 or step != "data" else Unknown(error)


def _fault(error: OSError, *, begun: bool) -> Outcome:
    if isinstance(error, smtplib.SMTPDataError):
        return _reply("data", error.smtp_code, _bytes(error.smtp_error)) or Unknown("smtp: data")
    if begun:
        return Unknown(f"smtp: {type(error).__name__} after data")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        said = f"smtp: auth {error.smtp_code}"
        return Closed(said) if error.smtp_code >= 500 else Temporary(said)
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return Closed(f"smtp: tls or auth not possible ({type(error).__name__})")
    if isinstance(error, smtplib.SMTPResponseException):
        return Temporary(f"smtp: greeting {error.smtp_code}")
    return Temporary(f"smtp: {type(error).__name__}")


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("utf-8", "replace")
