"""Where Slack and the mail server would be: the real channels render, and what is sent is written into a file.

One call in twenty goes wrong, in one of the ways that the real channels report. The file outlives a killed process.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cadence import templating
from cadence.channels import Channel
from cadence.channels.email.channel import EmailChannel, Server
from cadence.channels.email.mime import Sender
from cadence.channels.slack.channel import SlackChannel
from cadence.core.model import Delivery, Entry, Outcome, Person, Section, Sent, Temporary, Unknown
from cadence.services.context import Context
from cadence.store import open_store
from tests.soak.company import luck

FAULTS = 0.05
SENDER = Sender("cadence@example.test", "Cadence", "kim@example.test")
NOWHERE = "http://127.0.0.1:9/"


@dataclass(frozen=True, slots=True)
class Taken:
    """One message or rewrite that a provider took. `asked` are the tasks and decisions it shows with buttons, `shown`
    those it names at all."""

    at: str
    to: str
    channel: str
    kind: str
    key: str
    edits: str | None
    asked: tuple[str, ...]
    shown: tuple[str, ...]

    @property
    def first(self) -> str:
        """The key of the message that the person was to get, by whatever channel it came."""
        return self.key.partition(":")[0]


@dataclass(slots=True)
class Office:
    """What the providers hold. `now` is the clock of everybody; `troubled` False lets every call succeed."""

    file: Path
    seed: int
    now: datetime
    troubled: bool = True
    taken: list[Taken] = field(default_factory=list)
    keys: Counter[str] = field(default_factory=Counter)
    doubted: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    faults: int = 0
    _read: int = 0

    def __call__(self) -> datetime:
        return self.now

    def take(self, delivery: Delivery, person: Person, channel: str) -> None:
        lines = [entry for entry in delivery.entries if _subject(entry)]
        asked = [_subject(entry) for entry in lines if entry.code is None and entry.section is not Section.COMING]
        one = Taken(
            at=self.now.isoformat(),
            to=person.key,
            channel=channel,
            kind=delivery.kind.value,
            key=delivery.key,
            edits=delivery.edits,
            asked=tuple(dict.fromkeys(asked)),
            shown=tuple(dict.fromkeys(_subject(entry) for entry in lines)),
        )
        with open(self.file, "a", encoding="utf-8") as out:
            out.write(json.dumps(asdict(one)) + "\n")
            out.flush()
            os.fsync(out.fileno())
        self.look()

    def look(self) -> None:
        """Takes in what was written since, by whatever process."""
        if not self.file.exists():
            return
        with open(self.file, encoding="utf-8") as there:
            there.seek(self._read)
            lines = there.readlines()
            self._read = there.tell()
        for line in lines:
            row = json.loads(line)
            one = Taken(**{**row, "asked": tuple(row["asked"]), "shown": tuple(row["shown"])})
            self.taken.append(one)
            self.keys[one.key] += 1

    def goes_wrong(self, *about: object) -> float | None:
        """None for a call that succeeds, else a number from 0 to 1 that says how it fails."""
        self.calls += 1
        drawn = luck(self.seed, "call", *about)
        if not self.troubled or drawn >= FAULTS:
            return None
        self.faults += 1
        return drawn / FAULTS

    def doubt(self, delivery: Delivery, person: Person, channel: str, *, stored: bool) -> Unknown:
        """The answer is lost, whether or not the message was taken."""
        self.doubted[delivery.key] += 1
        if stored:
            self.take(delivery, person, channel)
        return Unknown("the answer was lost")


def _subject(entry: Entry) -> str:
    return entry.task_id or entry.decision_id or ""


InTime = Callable[[], bool]


class SoakSlack(SlackChannel):
    """Slack without its network. A rewrite may be done again as often as one likes."""

    def __init__(self, office: Office) -> None:
        super().__init__("xoxb-soak", base_url=NOWHERE)
        self._office = office
        self.at_once = 0

    def send(self, delivery: Delivery, person: Person, in_time: InTime = lambda: True) -> Outcome:
        wrong = self._office.goes_wrong("slack", delivery.key, delivery.attempts, self._office.now)
        if wrong is not None and wrong < 0.5 and delivery.edits is None:
            return self._office.doubt(delivery, person, self.name, stored=wrong < 0.25)
        if wrong is not None:
            return Temporary("slack: 503") if wrong < 0.75 else Temporary("slack: ratelimited", timedelta(seconds=30))
        self._office.take(delivery, person, self.name)
        return Sent(delivery.receipt if delivery.edits else _place(delivery, person))

    def find(self, delivery: Delivery, person: Person) -> Sent | Unknown | None:
        if self._office.goes_wrong("history", delivery.key, self._office.now) is not None:
            return Unknown("slack: no answer")
        return Sent(_place(delivery, person)) if self._office.keys[delivery.key] else None


class SoakMail(EmailChannel):
    """Mail without its network."""

    def __init__(self, office: Office) -> None:
        super().__init__(Server("127.0.0.1", 9, "none"), SENDER, office)
        self._office = office
        self.at_once = 0

    def send(self, delivery: Delivery, person: Person, in_time: InTime = lambda: True) -> Outcome:
        wrong = self._office.goes_wrong("mail", delivery.key, delivery.attempts, self._office.now)
        if wrong is not None and wrong < 0.4:
            return self._office.doubt(delivery, person, self.name, stored=wrong < 0.2)
        if wrong is not None:
            return Temporary("smtp: rcpt 450 4.2.0" if wrong < 0.7 else "smtp: SMTPServerDisconnected")
        self._office.take(delivery, person, self.name)
        return Sent({"message_id": f"<{delivery.key}@example.test>"})


def _place(delivery: Delivery, person: Person) -> Mapping[str, str]:
    return {"channel": f"D-{person.key}", "ts": delivery.key}


def opened(office: Office, url: str) -> Context:
    """The installation as a process that starts finds it."""
    channels: dict[str, Channel] = {"slack": SoakSlack(office), "email": SoakMail(office)}
    return Context(store=open_store(url), channels=channels, words=templating.words)
