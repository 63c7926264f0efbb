"""People who answer as people do: most in time, some late, one not at all. No chance is involved but the seed's.

They see only what was sent to them and act only by pressing its buttons, as Slack would report it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cadence.core.model import MessageKind
from cadence.core.worktime import Worktime
from cadence.services.rehearse.sinks import Recorded

LATE_SHARE = 0.2
"""How many of the people are of the late kind."""
PREFERRED = ("decide:talk", "decide:hand-over", "decide:extend", "decide:take-over", "decide:pause")


class Manners(StrEnum):
    """How a whole organisation answers."""

    REALISTIC = "realistic"
    PERFECT = "perfect"
    SILENT = "silent"


class Temper(StrEnum):
    PROMPT = "prompt"
    LATE = "late"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, order=True)
class Press:
    """One button that somebody will press. `payload` is the interaction as Slack sends it."""

    at: datetime
    person: str
    payload: str


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be pressed in a message: its action, its value, whether it stands in a menu."""

    action: str
    value: str
    in_menu: bool

    @property
    def subject(self) -> str:
        """The task or decision it is about."""
        parts = self.value.split(":")
        return parts[1] if self.in_menu and self.action.startswith("answer:") else parts[0]


def temper(person: str, manners: Manners, silent: frozenset[str], seed: int, late: float = LATE_SHARE) -> Temper:
    """What kind of person this is, for the whole rehearsal."""
    if manners is Manners.SILENT or (person in silent and manners is Manners.REALISTIC):
        return Temper.SILENT
    if manners is Manners.REALISTIC and share(seed, person, "temper") < late:
        return Temper.LATE
    return Temper.PROMPT


def share(seed: int, *about: str) -> float:
    """A number from 0 up to but not including 1 that is the same for the same words, on every machine."""
    digest = hashlib.sha256("\n".join((str(seed), *about)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def presses(message: Recorded, how: Temper, worktime: Worktime, seed: int) -> Iterator[Press]:
    """What the person will press in a message that has just come."""
    if how is Temper.SILENT or message.edits or message.channel != "slack" or message.kind is MessageKind.DIGEST:
        return
    by_subject: dict[str, list[Button]] = {}
    for button in buttons(json.loads(message.payload)):
        by_subject.setdefault(button.subject, []).append(button)
    for subject, offered in by_subject.items():
        choice = _choice(offered, subject, how, seed)
        if choice is not None:
            at = _when(message.at, subject, how, worktime, seed)
            yield Press(at, message.to, _interaction(message, choice))


def _choice(offered: list[Button], subject: str, how: Temper, seed: int) -> Button | None:
    by_action = {button.action: button for button in offered}
    luck = share(seed, subject, "choice")
    for action in PREFERRED:
        if action in by_action:
            return by_action[action] if how is Temper.PROMPT or luck < 0.5 else None
    if "answer:place" in by_action:
        return by_action["answer:place"] if how is Temper.PROMPT else None
    if how is Temper.LATE and luck < 0.25:
        return next((b for b in offered if b.value.startswith("on_it:")), None)
    return by_action.get("answer:done") if how is Temper.LATE or luck < 0.93 else None


def _when(sent: datetime, subject: str, how: Temper, worktime: Worktime, seed: int) -> datetime:
    """On the hour, in the person's own day: the prompt the same afternoon, the late some days on."""
    day: date = worktime.today(sent)
    if how is Temper.LATE:
        day = worktime.add(day, 1 + int(share(seed, subject, "days") * 4))
    hours = 3 + int(share(seed, subject, "hour") * 5)
    opening = worktime.opening(day)
    return max(opening + timedelta(hours=hours), sent + timedelta(hours=1)).replace(minute=0, second=0)


def buttons(payload: Mapping[str, object]) -> Iterator[Button]:
    """Everything that can be pressed in `chat.postMessage` arguments."""
    blocks = payload.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        for element in block.get("elements", ()) if block.get("type") == "actions" else ():
            if "value" in element:
                yield Button(element["action_id"], element["value"], in_menu=False)
            for option in element.get("options", ()):
                yield Button(element["action_id"], option["value"], in_menu=True)


def _interaction(message: Recorded, button: Button) -> str:
    chosen: dict[str, object] = {"selected_option": {"value": button.value}} if button.in_menu else {}
    action = {"action_id": button.action, **(chosen or {"value": button.value})}
    container = {"type": "message", "channel_id": "D1", "message_ts": f"{int(message.at.timestamp())}.000001"}
    told = {"type": "block_actions", "user": {"id": message.to}, "container": container, "actions": [action]}
    return json.dumps(told)
