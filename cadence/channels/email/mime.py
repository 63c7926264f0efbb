"""Mail as bytes: a letter in text and HTML with every header a machine's mail owes; the same letter, the same bytes.

Headers are cleaned before they are set, so that no title can add one and none can stop a digest.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

import css_inline

from cadence.channels.reading import one_line, read, text_of
from cadence.core.messages import Message
from cadence.errors import WrongUsage
from cadence.templating import Words

POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")
"""A folded List-Unsubscribe would be encoded, and one-click with it broken; 7bit passes every server."""
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
HEADER = 200
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=True)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail is from and where a reply goes, usually to the keepers."""

    address: str
    name: str = ""
    reply_to: str | None = None

    @classmethod
    def written(cls, text: str, reply_to: str | None = None) -> Sender:
        """From settings: `cadence@example.com` or `Cadence <cadence@example.com>`. Raises WrongUsage."""
        name, address = parseaddr(text)
        for setting, given in (("SENDER", address), ("REPLY_TO", reply_to)):
            if given is not None and not deliverable(given):
                raise WrongUsage(f"setting CADENCE_MAIL__{setting} is not a mail address; write name@example.com")
        return cls(address, name, reply_to)

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is said to whom. `series` names the List-Id by which a reader can filter; `unsubscribe` is an https link."""

    key: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    date: datetime
    series: str
    unsubscribe: str | None = None


def deliverable(address: str | None) -> bool:
    """It has the form of a mail address that every server takes."""
    return bool(address) and ADDRESS.fullmatch(address or "") is not None and ".." not in (address or "")


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a delivery: the same for every attempt, so that a repeat can be told by the receiver."""
    return f"<{_digest(key)}@{domain}>"


def letter(message: Message, words: Words, date: datetime) -> Letter:
    """A message as a letter. The person must have a deliverable address."""
    reading = read(message, words.say)
    return Letter(
        key=message.key,
        to_name=message.to.name,
        to_address=message.to.email or "",
        subject=reading.subject,
        text=text_of(reading, words),
        html=words.page("brief.html", reading=reading, language=message.to.language),
        date=date,
        series=message.kind,
    )


def build(letter: Letter, sender: Sender) -> bytes:
    """The letter as it goes over the wire, in ASCII. Style sheets are inlined; nothing is fetched."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(_header(sender.name), addr_spec=sender.address)
    mail["To"] = Address(_header(letter.to_name), addr_spec=letter.to_address)
    if sender.reply_to:
        mail["Reply-To"] = Address(addr_spec=sender.reply_to)
    mail["Subject"] = _header(letter.subject)
    mail["Date"] = letter.date
    mail["Message-ID"] = message_id(letter.key, sender.domain)
    mail["List-Id"] = f"<{letter.series}.cadence.{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text)
    mail.add_alternative(INLINER.inline(letter.html), subtype="html")
    mail.set_boundary(f"=_{_digest(letter.key)}")
    return mail.as_bytes()


def _header(text: str) -> str:
    """Text for a header: one line, and no encoded word, which the library would decode into real line ends."""
    return one_line(text, HEADER).replace("=?", "= ?")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:32]
