"""People who answer as people do: most in time, some late, one not at all, one busy manager who puts things off.

They see only what was sent to them and act only by what Slack would report. No chance is involved but the seed's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from cadence.core.forms import Question
from cadence.core.messages import Say
from cadence.core.model import Choice, MessageKind, Reason, Task, Verb
from cadence.core.worktime import Worktime
from cadence.services.hear import NO_FORM, Filled
from cadence.services.rehearse.sinks import Recorded
from cadence.services.rehearse.whatif import Manners

PHRASES = 4
"""So many sentences there are of each sort for what people write: `said.SORT-1` and so on."""
SORTS = {"wins": "win", "recommendations": "idea", "lessons": "lesson"}
EXCUSES = (Reason.CUSTOMER_FIRST, Reason.NO_OCCASION, Reason.I_WAS_ABSENT)


class Temper(StrEnum):
    """What kind of person somebody is, for the whole rehearsal."""

    PERFECT = "perfect"
    PROMPT = "prompt"
    LATE = "late"
    BUSY = "busy"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is of which temper. `silent` and `busy` are keys, `late` the share of the others who are late."""

    manners: Manners
    seed: int
    late: float
    silent: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()

    def temper(self, person: str) -> Temper:
        if self.manners is Manners.SILENT:
            return Temper.SILENT
        if self.manners is Manners.PERFECT:
            return Temper.PERFECT
        if person in self.silent:
            return Temper.SILENT
        if share(self.seed, person, "temper") < self.late:
            return Temper.LATE
        return Temper.BUSY if person in self.busy else Temper.PROMPT


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody with a message before them: their temper, their working time, their language, the seed's luck."""

    temper: Temper
    worktime: Worktime
    say: Say
    seed: int

    def luck(self, *about: str) -> float:
        return share(self.seed, *about)

    def among(self, many: int, *about: str) -> int:
        """A number from 0 up to but not including `many`."""
        return int(self.luck(*about) * many)


@dataclass(frozen=True, slots=True)
class Errand:
    """What somebody knows of a task that they are asked about: what its form asks, and who could do it for them."""

    task: Task
    questions: tuple[Question, ...]
    colleague: str | None


@dataclass(frozen=True, slots=True, order=True)
class Press:
    """One button that somebody will press. `payload` is the interaction as Slack sends it, `filled` the form."""

    at: datetime
    person: str
    payload: str
    filled: Filled = field(default=NO_FORM, compare=False)


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
        return parts[1] if self.in_menu and self.action.startswith("answer:more-") else parts[0]

    @property
    def answer(self) -> str:
        """The verb or the choice; an empty text for anything else."""
        area, _, name = self.action.partition(":")
        if area == "answer":
            return self.value.partition(":")[0] if name.startswith("more-") else name
        return name if area == "decide" else ""


def share(seed: int, *about: str) -> float:
    """A number from 0 up to but not including 1 that is the same for the same words, on every machine."""
    digest = hashlib.sha256("\n".join((str(seed), *about)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def presses(message: Recorded, actor: Actor, errands: Mapping[str, Errand]) -> Iterator[Press]:
    """What somebody will press in a message that has just come. `errands` are the tasks that it shows, by id."""
    silent = actor.temper is Temper.SILENT or message.channel != "slack"
    if silent or message.edits or message.kind is MessageKind.DIGEST:
        return
    by_subject: dict[str, list[Button]] = {}
    for button in buttons(json.loads(message.payload)):
        by_subject.setdefault(button.subject, []).append(button)
    for subject, offered in by_subject.items():
        errand = errands.get(subject)
        if any(button.action.startswith("decide:") for button in offered):
            press = _decision(message, subject, offered, actor)
        else:
            press = _answer(message, errand, offered, actor) if errand else None
        if press is not None:
            yield press


def buttons(payload: Mapping[str, object]) -> Iterator[Button]:
    """Everything that can be pressed in `chat.postMessage` arguments."""
    blocks = payload.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        for element in block.get("elements", ()) if block.get("type") == "actions" else ():
            if "value" in element:
                yield Button(element["action_id"], element["value"], in_menu=False)
            for option in element.get("options", ()):
                yield Button(element["action_id"], option["value"], in_menu=True)


# -- decisions --------------------------------------------------------------------------------------------------------


def _decision(message: Recorded, subject: str, offered: Iterable[Button], actor: Actor) -> Press | None:
    """One of the ways out, a talk before all others. Whoever is late leaves every second one to the sponsor."""
    if actor.temper is Temper.LATE and actor.luck(subject, "choice") < 0.5:
        return None
    ways = [button for button in offered if button.answer not in ("", Choice.WAIVE)]
    if not ways:
        return None
    talk = next((button for button in ways if button.answer == Choice.TALK), None)
    chosen = ways[actor.among(len(ways), subject, "way")]
    if talk is not None and actor.luck(subject, "talk") < 0.6:
        chosen = talk
    return _press(message, chosen, _soon(message, subject, actor))


# -- tasks ------------------------------------------------------------------------------------------------------------


def _answer(message: Recorded, errand: Errand, offered: Iterable[Button], actor: Actor) -> Press | None:
    by_verb = {button.answer: button for button in offered}
    done, task = by_verb.get(Verb.DONE), errand.task
    if actor.temper is Temper.LATE:
        return _late(message, errand, by_verb, actor)
    if Verb.PLACE in by_verb:
        return _press(message, by_verb[Verb.PLACE], _soon(message, task.id, actor))
    if actor.temper is Temper.BUSY and (press := _put_off(message, errand, by_verb, actor)):
        return press
    if done is None or _forgets(message, task, actor):
        return None
    at = _soon(message, task.id, actor)
    return _press(message, done, at, Filled(_words(errand, message.to, at, actor)))


def _forgets(message: Recorded, task: Task, actor: Actor) -> bool:
    """One in fourteen slips through even where people mean well; a reminder helps half of the times."""
    if actor.temper is Temper.PERFECT:
        return False
    return actor.luck(task.id, "choice") >= 0.93 and actor.luck(task.id, message.key, "again") < 0.5


def _late(message: Recorded, errand: Errand, by_verb: Mapping[str, Button], actor: Actor) -> Press | None:
    """It happens once its window is over. They say so the same day, or a day later and name the day; now and then
    they only say that they are on it."""
    task, worktime = errand.task, actor.worktime
    luck = actor.luck(task.id, message.key, "late")
    if luck < 0.2 and Verb.ON_IT in by_verb:
        return _press(message, by_verb[Verb.ON_IT], _soon(message, task.id, actor))
    if Verb.DONE not in by_verb:
        return None
    happens = worktime.add(max(worktime.today(message.at), task.occurrence.window.last), 1 + int(luck * 3))
    told = worktime.add(happens, 1) if luck < 0.6 else happens
    at = _hour(told, task.id, actor)
    return _press(message, by_verb[Verb.DONE], at, Filled(_words(errand, message.to, at, actor), happens))


def _put_off(message: Recorded, errand: Errand, by_verb: Mapping[str, Button], actor: Actor) -> Press | None:
    """A busy manager's ways round a task: later, somebody else, not possible. Half of the time it is simply done."""
    task, luck = errand.task, actor.luck(errand.task.id, message.key, "busy")
    at = _soon(message, task.id, actor)
    if luck < 0.2 and Verb.SNOOZE in by_verb:
        return _press(message, by_verb[Verb.SNOOZE], at)
    if luck < 0.35 and errand.colleague:
        over = Button("answer:more-0", f"{Verb.HAND_OVER}:{task.id}:{task.version}", in_menu=True)
        return _press(message, over, at, Filled(to_person=errand.colleague))
    if luck < 0.5:
        excuse = EXCUSES[actor.among(len(EXCUSES), task.id, "excuse")]
        cannot = Button("answer:cant", f"{task.id}:{task.version}:{excuse}", in_menu=True)
        return _press(message, cannot, at)
    return None


# -- what they write --------------------------------------------------------------------------------------------------


def _words(errand: Errand, me: str, at: datetime, actor: Actor) -> dict[str, str]:
    """The form, filled in: what is required or carried always, the rest mostly."""
    found: dict[str, str] = {}
    for question in errand.questions:
        attendees = errand.task.occurrence.attendees
        whom = [f"{question.key}[{one}]" for one in attendees] if question.each else [question.key]
        for reference in whom:
            often = 0.3 if question.collect else 0.7
            if question.required or question.carry or actor.luck(errand.task.id, reference) < often:
                luck = actor.luck(errand.task.id, reference, "word")
                found[reference] = _word(question, luck, next(iter(attendees), me), at, actor)
    return found


def _word(question: Question, luck: float, whom: str, at: datetime, actor: Actor) -> str:
    match question.type:
        case "yes/no":
            return "no" if luck < 0.2 else "yes"
        case "score":
            return str(3 + int(luck * 3))
        case "number":
            return str(1 + int(luck * 8))
        case "choice":
            return question.options[int(luck * len(question.options))]
        case "date":
            return actor.worktime.today(at).isoformat()
        case "link":
            return "https://example.com/notes"
        case "person":
            return whom
        case _:
            sort = "next" if question.carry else SORTS.get(question.collect or "", "note")
            return actor.say(f"said.{sort}-{1 + int(luck * PHRASES)}")


# -- when -------------------------------------------------------------------------------------------------------------


def _soon(message: Recorded, subject: str, actor: Actor) -> datetime:
    """The same afternoon; whoever is late takes one to four working days."""
    day = actor.worktime.today(message.at)
    if actor.temper is Temper.LATE:
        day = actor.worktime.add(day, 1 + actor.among(4, subject, "days"))
    earliest = message.at + timedelta(hours=1)
    return max(_hour(day, subject, actor), earliest.replace(minute=0, second=0, microsecond=0))


def _hour(day: date, subject: str, actor: Actor) -> datetime:
    """On the hour, in the afternoon of the person's own day."""
    hours = 3 + actor.among(5, subject, "hour")
    return (actor.worktime.opening(day) + timedelta(hours=hours)).replace(minute=0, second=0)


def _press(message: Recorded, button: Button, at: datetime, filled: Filled = NO_FORM) -> Press:
    chosen: dict[str, object] = {"selected_option": {"value": button.value}} if button.in_menu else {}
    action = {"action_id": button.action, **(chosen or {"value": button.value})}
    container = {"type": "message", "channel_id": message.place[0], "message_ts": message.place[1]}
    told = {"type": "block_actions", "user": {"id": "U1"}, "container": container, "actions": [action]}
    return Press(at, message.to, json.dumps(told), filled)
