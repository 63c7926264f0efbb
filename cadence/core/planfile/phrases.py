"""The words of an activity that say more than one thing: reminders, pings, budgets, amounts; and its closed sets.

Like `words`, each parser gives the value or raises `BadWord`, and each type carries its own JSON Schema.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

from cadence.core.kinds import KINDS
from cadence.core.model import Weight
from cadence.core.planfile.schema import Budget, Ping, Remind, Text
from cadence.core.planfile.words import ONE_OR_MANY, SCALAR, TEXT, choice, duration, enum, names, several, text, texts
from cadence.core.triggers import Duration, Every, Quantity, Roll, parse_every, parse_quantity, parse_unit
from cadence.core.triggers.words import BadWord

_BUDGET = re.compile(r"([1-9][0-9]?) per (day|week)")
_CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{8,20}")
_ROOM = 80


def ping(value: object) -> Ping:
    """`1h before`."""
    said = text(value)
    lead = duration(said.removesuffix(" before")) if said.endswith(" before") else None
    if lead is None:
        raise BadWord(f"`{said[:60]}` does not say how long before", "write `1h before`")
    if lead.minutes is None:
        remedy = f"write `1h before`, or `remind: [{lead} before]`"
        raise BadWord(f"`{said[:60]}` cannot be counted on a clock", remedy)
    return Ping(before=lead)


def remind(value: object) -> tuple[Remind, ...]:
    """`[2 workdays before, same day]` in the order given; an empty list is no reminder at all before the day."""
    found = tuple(_reminder(word) for word in names(value))
    if len(set(found)) < len(found):
        raise BadWord("the same reminder twice", "name each once")
    return found


def _reminder(said: str) -> Remind:
    if said.lower() == "same day":
        return Remind()
    lead = duration(said.removesuffix(" before")) if said.endswith(" before") else None
    if lead is None:
        raise BadWord(f"`{said[:60]}` is no reminder", "write `2 workdays before` or `same day`")
    if lead.minutes is not None:
        raise BadWord(f"`{said[:60]}` is shorter than a day", f"write `ping: {lead} before`, or `same day`")
    return Remind(before=lead)


def delay(value: object) -> Duration:
    """How long after the due day a step of a ladder comes: days or longer."""
    after = duration(value)
    if after.minutes is not None:
        raise BadWord(f"`{after}` is shorter than a day", "write `3 workdays`")
    return after


def budget(value: object) -> Budget:
    """`2 per week`: how many messages beside the brief."""
    found = _BUDGET.fullmatch(text(value).lower())
    if not found:
        raise BadWord(f"`{text(value)[:60]}` is no budget", "write `2 per week` or `1 per day`")
    return Budget(count=int(found[1]), per="day" if found[2] == "day" else "week")


def room(value: object) -> str:
    """A channel that posts go to: `#wins`, whether its mark was written or not, or Slack's own id of it."""
    said = text(value)
    if _CHANNEL_ID.fullmatch(said):
        return said
    name = said.removeprefix("#")
    if not re.fullmatch(r"[^\W A-Z][\w-]*", name) or name != name.lower() or len(name) > _ROOM:
        near = re.sub(r"[^\w-]+", "-", name.lower()).strip("-")[:_ROOM]
        raise BadWord(f"`{said[:60]}` is no channel", f'write "#{near or "wins"}": small letters, digits and hyphens')
    return f"#{name}"


def topics(value: object) -> tuple[Text, ...]:
    """One topic or several, each a text on one line or one a language."""
    found = tuple(one_line(texts(item)) for item in several(value))
    if not found:
        raise BadWord("`topics` is an empty list", "name one or more, or take the line away")
    return found


def one_line(title: Text) -> Text:
    return Text(words={language: " ".join(said.split()) for language, said in title.words.items()})


def reason(value: object) -> str:
    """Why something is accepted: not empty."""
    said = text(value)
    if not said:
        raise BadWord("nothing says why", "write the reason, for whoever reads the plan in a year")
    return said


def quantity(value: object) -> Quantity:
    return parse_quantity(text(value))


def unit(value: object) -> str:
    return parse_unit(text(value))


def every(value: object) -> Every:
    return parse_every(text(value))


PingWord = Annotated[InstanceOf[Ping], BeforeValidator(ping), WithJsonSchema({"type": "string"})]
RemindWord = Annotated[tuple[Remind, ...], BeforeValidator(remind), WithJsonSchema(ONE_OR_MANY)]
DelayWord = Annotated[InstanceOf[Duration], BeforeValidator(delay), WithJsonSchema({"type": "string"})]
BudgetWord = Annotated[InstanceOf[Budget], BeforeValidator(budget), WithJsonSchema({"type": "string"})]
RoomWord = Annotated[str, BeforeValidator(room), WithJsonSchema({"type": "string"})]
QuantityWord = Annotated[InstanceOf[Quantity], BeforeValidator(quantity), WithJsonSchema(SCALAR)]
UnitWord = Annotated[str, BeforeValidator(unit), WithJsonSchema({"type": "string"})]
EveryWord = Annotated[InstanceOf[Every], BeforeValidator(every), WithJsonSchema({"type": "string"})]
KindWord = Annotated[str, BeforeValidator(text), enum(*sorted(KINDS))]
TitleWord = Annotated[InstanceOf[Text], BeforeValidator(lambda value: one_line(texts(value))), WithJsonSchema(TEXT)]
TopicsWord = Annotated[
    tuple[Text, ...], BeforeValidator(topics), WithJsonSchema({"anyOf": [TEXT, {"type": "array", "items": TEXT}]})
]
ReasonWord = Annotated[str, BeforeValidator(reason), WithJsonSchema({"type": "string"})]

RollWord = Annotated[Roll, BeforeValidator(choice("next", "previous", "keep")), enum("next", "previous", "keep")]
WeightWord = Annotated[Weight, BeforeValidator(choice(*Weight)), enum(*Weight)]
_WEIGHTS = {"enum": [str(weight) for weight in Weight]}
WeightsWord = Annotated[
    tuple[Weight, ...],
    BeforeValidator(lambda value: tuple(Weight(choice(*Weight)(word)) for word in several(value))),
    WithJsonSchema({"anyOf": [_WEIGHTS, {"type": "array", "items": _WEIGHTS}]}),
]
PER = ("rep", "team", "plan")
"""What a metric is measured for, the finest first."""
PerWord = Annotated[Literal["rep", "team", "plan"], BeforeValidator(choice(*PER)), enum(*PER)]
BetterWord = Annotated[Literal["higher", "lower"], BeforeValidator(choice("higher", "lower")), enum("higher", "lower")]
StepAsk = Annotated[Literal["decision", "help"], BeforeValidator(choice("decision", "help")), enum("decision", "help")]
ANSWERS = ("yes/no", "text", "choice", "score", "number", "date", "link", "person")
AnswerWord = Annotated[str, BeforeValidator(choice(*ANSWERS)), enum(*ANSWERS)]
AttendeeWord = Annotated[str, BeforeValidator(choice("attendee")), enum("attendee")]
SEEN_BY = ("pair", "line", "keepers", "plan")
SeenWord = Annotated[str, BeforeValidator(choice(*SEEN_BY)), enum(*SEEN_BY)]
COLLECTIONS = ("wins", "recommendations", "lessons")
CollectWord = Annotated[str, BeforeValidator(choice(*COLLECTIONS)), enum(*COLLECTIONS)]
