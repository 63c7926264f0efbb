"""What comes back from Slack: proves who sent it and reads which button was pressed; decides nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from slack_sdk.signature import Clock, SignatureVerifier

from cadence.core.model import Choice, Reason, Verb

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
TRIGGER = re.compile(r"[!-~]{1,200}")
NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """One button pressed by one Slack user: an answer to a task, or the way out of a decision.

    `version` is the task's version on the screen, None when the message named none. `trigger` opens a form within
    three seconds; `channel` and `ts` name the message.
    """

    user_id: str
    action: Verb | Choice
    task_id: str | None = None
    version: int | None = None
    decision_id: str | None = None
    reason: Reason | None = None
    channel: str
    ts: str
    trigger: str | None

    @property
    def choice(self) -> Choice | None:
        return self.action if isinstance(self.action, Choice) else None


Press = Callable[..., Pressed]


class _At(Clock):
    """The verifier's clock, standing at one instant."""

    def __init__(self, now: datetime) -> None:
        self._now = now.timestamp()

    def now(self) -> float:
        return self._now


def signature_ok(secret: str, timestamp: str | None, signature: str | None, body: bytes, now: datetime) -> bool:
    """The request is from Slack and at most five minutes old. Whether it was seen before is the store's to say."""
    try:
        return SignatureVerifier(secret, _At(now)).is_valid(body, timestamp, signature)
    except Exception:  # the verifier raises on what is no number, no text or no ASCII: all of it is "no"
        return False


def parse(payload: str) -> Pressed | None:
    """The press in an interaction payload; None when it is none of ours. Raises ValueError when malformed."""
    try:
        told = json.loads(payload)
    except RecursionError:
        raise ValueError("payload is nested too deeply") from None
    if not isinstance(told, dict):
        raise ValueError("payload is not an object")
    if told.get("type") != "block_actions":
        return None
    actions = told.get("actions")
    if not isinstance(actions, list) or not actions:
        raise ValueError("a press without an action")
    return _pressed(told, _object(actions[0]))


def _pressed(told: Mapping[str, object], action: Mapping[str, object]) -> Pressed | None:
    area, _, name = _text(action, "action_id").partition(":")
    if area not in ("answer", "decide"):
        return None
    chosen = action.get("selected_option")
    value = _text(action if chosen is None else _object(chosen), "value")
    container = _object(told.get("container"))
    trigger = told.get("trigger_id")
    press = partial(
        Pressed,
        user_id=_shaped(ID, _text(_object(told.get("user")), "id")),
        channel=_shaped(ID, _text(container, "channel_id")),
        ts=_shaped(TS, _text(container, "message_ts")),
        trigger=_shaped(TRIGGER, trigger) if isinstance(trigger, str) else None,
    )
    return _answered(press, name, value) if area == "answer" else _decided(press, value)


def _answered(press: Press, name: str, value: str) -> Pressed:
    """`TASK:VERSION` under a button named by its verb, `VERB:TASK:VERSION` in a menu; `:REASON` where one was asked."""
    verb, task, version, *reason = (value if name.startswith("more-") else f"{name}:{value}").split(":")
    number = int(_shaped(NUMBER, version)) if version else None
    return press(action=Verb(verb), task_id=_shaped(ID, task), version=number, reason=_reason(reason))


def _decided(press: Press, value: str) -> Pressed:
    """`DECISION:CHOICE`, and `:REASON` where it was asked."""
    decision, choice, *reason = value.split(":")
    return press(action=Choice(choice), decision_id=_shaped(ID, decision), reason=_reason(reason))


def _reason(parts: Sequence[str]) -> Reason | None:
    if len(parts) > 1:
        raise ValueError("a press with too many parts")
    return Reason(parts[0]) if parts else None


def _object(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing from the press")
    return value


def _text(told: Mapping[str, object], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _shaped(shape: re.Pattern[str], text: str) -> str:
    """The text if it has the shape: nothing else gets as far as a look-up."""
    if not shape.fullmatch(text):
        raise ValueError("a name in the press has a form that is never given out")
    return text
