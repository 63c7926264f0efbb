"""How triggers are read: the closed grammar of `every`, `on` and their limits, and the triggers they make.

Every mistake is a `BadWord` that says where it stands (`except.1`) and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypedDict

from cadence.core.triggers import meant
from cadence.core.triggers.awaiting import parse_when
from cadence.core.triggers.recurrence import parse_rrule
from cadence.core.triggers.trigger import (
    Every,
    MonthDay,
    NthWeekday,
    On,
    Once,
    OnDates,
    Rhythm,
    RhythmUnit,
    Rule,
    Several,
    Trigger,
    Weekdays,
)
from cadence.core.triggers.words import (
    ORDINALS,
    WEEKDAYS,
    BadWord,
    DateWord,
    Excluded,
    did_you_mean,
    parse_date,
    parse_phase,
    read_at,
    tidy,
)

EVERY_EXAMPLES = "`workday`, `week`, `2 weeks`, `month`, `quarter` or `10 workdays`"
ON_EXAMPLES = "`mon`, `[tue, wed, thu]`, `15th`, `first mon`, `last fri`"
REPEATS = ("every", "when", "rrule")
LIMITS = ("from", "until", "during", "times", "except")
TRIGGER_KEYS = ("every", "on", "from", "until", "during", "times", "except", "when", "rrule")
MOST = {"workday": 260, "week": 52, "month": 12, "quarter": 4}
"""The longest rhythm in each unit: a year."""

_UNITS: dict[str, RhythmUnit] = {
    "workday": "workday",
    "workdays": "workday",
    "week": "week",
    "weeks": "week",
    "month": "month",
    "months": "month",
    "quarter": "quarter",
    "quarters": "quarter",
}
_LONG_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = {word: n for words in (WEEKDAYS, _LONG_WEEKDAYS) for n, word in enumerate(words)}
_EVERY = re.compile(r"(?:([0-9]{1,3}) )?([a-z]+)")
_MONTH_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)")


def parse_every(text: str) -> Every:
    found = _EVERY.fullmatch(tidy(text).lower())
    unit = _UNITS.get(found[2]) if found else None
    if not found or not unit:
        if found and found[2] in ("day", "days"):
            remedy = f"write `{meant.every(found[0]) or 'workday'}`"
            raise BadWord(f"`every: {text}` would fall on free days too", remedy)
        raise BadWord(f"`every: {text}` is not a rhythm", lambda: _every_remedy(tidy(text).lower()))
    n = int(found[1] or 1)
    if not 1 <= n <= MOST[unit]:
        raise BadWord(f"`every: {text}` is out of range", f"between 1 and {MOST[unit]} {unit}s")
    return Every(n, unit)


def _every_remedy(text: str) -> str:
    if text in _WEEKDAY:
        return f"write `every: week` and `on: {WEEKDAYS[_WEEKDAY[text]]}`"
    if likely := meant.every(text):
        return f"write `{likely}`"
    amount = text.rpartition(" ")[0]
    return did_you_mean(text, [f"{amount} {word}".strip() for word in _UNITS]) or f"write {EVERY_EXAMPLES}"


def parse_on(value: str | Sequence[str]) -> On | tuple[DateWord, ...]:
    """Days within a period (`mon`, `[tue, wed]`, `15th`, `last fri`), or dates (`day 28`, `[day 0, day 14]`)."""
    if isinstance(value, str):
        return _one_on(tidy(value))
    words = [tidy(item) for item in value]
    if not words:
        raise BadWord("`on:` is an empty list", f"write {ON_EXAMPLES}, or dates")
    if any(word.lower() in _WEEKDAY for word in words):
        return _choice(words)
    return _distinct(tuple(read_at(f"on.{n}", parse_date, word) for n, word in enumerate(words)))


def _one_on(text: str) -> On | tuple[DateWord, ...]:
    lower = text.lower()
    if lower in _WEEKDAY:
        return Weekdays((_WEEKDAY[lower],))
    if found := _MONTH_DAY.fullmatch(lower):
        if not 1 <= int(found[1]) <= 31:
            raise BadWord(f"no month has a {text}", "between `1st` and `31st`")
        return MonthDay(int(found[1]))
    if likely := meant.on(lower):
        raise BadWord(f"`{text}` is no day of a period", _on_remedy(lower, likely))
    first, _, last = lower.partition(" ")
    if first in ORDINALS:
        if last not in _WEEKDAY:
            raise BadWord(f"`{text}`: `{last}` is not a weekday", did_you_mean(last, WEEKDAYS) or "`first mon`")
        return NthWeekday(-1 if first == "last" else ORDINALS.index(first) + 1, _WEEKDAY[last])
    return (parse_date(text),)


def _on_remedy(text: str, likely: str) -> str:
    """The last day is the 31st: a shorter month has its own last day then; a working one is found by rolling."""
    match text:
        case "last workday":
            return f"write `{likely}` with `roll: previous`"
        case "last day":
            return f"write `{likely}`: a shorter month then has its last day"
        case _:
            return f"write `{likely}`"


def _choice(words: list[str]) -> Weekdays:
    for n, word in enumerate(words):
        if word.lower() not in _WEEKDAY:
            hint = did_you_mean(word, WEEKDAYS) or "a choice is of weekdays: `[tue, wed, thu]`"
            raise BadWord(f"`{word}` is not a weekday", hint, f"on.{n}")
    days = tuple(_WEEKDAY[word.lower()] for word in words)
    if len(set(days)) < len(days):
        raise BadWord("`on:` names a weekday twice", "name each once")
    return Weekdays(days)


def _distinct(words: tuple[DateWord, ...]) -> tuple[DateWord, ...]:
    seen: set[str] = set()
    for n, word in enumerate(words):
        if word.slug in seen:
            raise BadWord(f"`{word}` is given twice", "name each date once", f"on.{n}")
        seen.add(word.slug)
    return words


def build_trigger(words: Mapping[str, object]) -> Trigger:
    """The trigger that the words of an activity make together: `every` or `rrule` with its limits `from`, `until`,
    `during`, `times` and `except`; `on` with dates; or `when`."""
    for key in words:
        if key not in TRIGGER_KEYS:
            hint = did_you_mean(key, TRIGGER_KEYS) or f"write one of {', '.join(TRIGGER_KEYS)}"
            raise BadWord(f"`{key}` says nothing about when", hint, key)
    if "when" in words:
        _alone("when", words, ())
        return parse_when(words["when"])
    if "rrule" in words:
        _alone("rrule", words, LIMITS)
        return _rule(words)
    if "every" in words:
        return _rhythm(words)
    if "on" not in words:
        raise BadWord("it never says when", "write `on: day 28`, or `every: week`")
    return _dated(words)


def _alone(word: str, words: Mapping[str, object], beside: Sequence[str]) -> None:
    for key in words:
        if key != word and key not in beside:
            raise Excluded(f"`{key}:` does not go with `{word}:`, which says all about when", f"leave `{key}` out", key)


def trigger_for(defaults: Sequence[Mapping[str, object]], given: Mapping[str, object]) -> Trigger:
    """The trigger of an activity whose kind has the rhythms `defaults` and whose plan says `given`. What the
    plan says about how often, or a date of its own, replaces the kind's; a weekday or a limit refines it."""
    if not defaults or any(key in given for key in REPEATS) or _names_dates(given.get("on")):
        return build_trigger(given)
    if len(defaults) == 1:
        return build_trigger({**defaults[0], **given})
    on = {"on": given["on"]} if "on" in given else {}
    parts = tuple(_rhythm({**part, **on}) for part in defaults)
    return Several(parts=parts, **_limits(given))


def _names_dates(on: object) -> bool:
    return on is not None and isinstance(_on(on), tuple)


def _on(value: object) -> On | tuple[DateWord, ...]:
    if isinstance(value, str):
        return read_at("on", parse_on, value)
    if not isinstance(value, Sequence) or not all(isinstance(item, str) for item in value):
        raise BadWord("`on:` is a day or a list of days", f"write {ON_EXAMPLES}", "on")
    try:
        return parse_on([str(item) for item in value])
    except BadWord as mistake:
        raise (mistake if mistake.at else mistake.below("on")) from None


def _date(words: Mapping[str, object], key: str) -> DateWord | None:
    return read_at(key, parse_date, words[key]) if key in words else None


def _rhythm(words: Mapping[str, object]) -> Rhythm:
    every = read_at("every", parse_every, words["every"])
    return Rhythm(every=every, on=_on_within(every, words["on"]) if "on" in words else None, **_limits(words))


def _rule(words: Mapping[str, object]) -> Rule:
    return Rule(rule=read_at("rrule", parse_rrule, words["rrule"]), **_limits(words))


class _Limits(TypedDict):
    from_: DateWord | None
    until: DateWord | None
    during: str | None
    times: int | None
    except_: tuple[DateWord, ...]


def _limits(words: Mapping[str, object]) -> _Limits:
    return {
        "from_": _date(words, "from"),
        "until": _date(words, "until"),
        "during": read_at("during", parse_phase, words["during"]) if "during" in words else None,
        "times": read_at("times", _times, words["times"]) if "times" in words else None,
        "except_": _excepted(words.get("except", ())),
    }


def _on_within(every: Every, value: object) -> On:
    on = _on(value)
    if isinstance(on, tuple):
        hint = did_you_mean(str(on[0]), WEEKDAYS) or f"write {ON_EXAMPLES}"
        raise BadWord(f"`on: {on[0]}` is no day of each period, as `every: {every}` wants", hint, "on")
    if every.unit == "workday":
        raise BadWord(f"`every: {every}` counts days and takes no `on:`", "leave it out, or write `every: week`", "on")
    if every.unit == "week" and not isinstance(on, Weekdays):
        raise BadWord(f"`every: {every}` takes weekdays", "write `on: mon` or `on: [tue, wed, thu]`", "on")
    return on


def _times(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text.strip()) or not int(text):
        raise BadWord(f"`times: {text}` is not a count", "write a whole number from 1")
    return int(text)


def _excepted(value: object) -> tuple[DateWord, ...]:
    if isinstance(value, str):
        return (read_at("except", parse_date, value),)
    if not isinstance(value, Sequence):
        raise BadWord("`except:` is a list of dates", "write `except: [2027-07-05, week 12]`", "except")
    return tuple(read_at(f"except.{n}", parse_date, item) for n, item in enumerate(value))


def _dated(words: Mapping[str, object]) -> Once | OnDates:
    on = _on(words["on"])
    if not isinstance(on, tuple):
        raise BadWord("`on:` names a day of a period, and nothing says how often", "add `every: week`", "on")
    for key in ("until", "during", "times", "except"):
        if key in words:
            raise BadWord(f"`{key}:` limits a rhythm, and `on:` names its dates", f"leave `{key}` out", key)
    if len(on) > 1 and "from" in words:
        raise BadWord("`from:` goes with a single date", "leave `from` out", "from")
    return Once(on[0], _date(words, "from")) if isinstance(words["on"], str) or "from" in words else OnDates(on)
