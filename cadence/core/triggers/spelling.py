"""Triggers written back as plan words, and the questions a plan asks about those words."""

from __future__ import annotations

from typing import assert_never

from cadence.core.triggers.trigger import (
    Awaited,
    MonthDay,
    NthWeekday,
    On,
    Once,
    OnDates,
    Rhythm,
    Roll,
    Rule,
    Several,
    Trigger,
    Weekdays,
)
from cadence.core.triggers.words import ORDINALS, WEEKDAYS, DateWord, Name


def spell(trigger: Once | OnDates | Rhythm | Rule | Awaited) -> dict[str, object]:
    """The canonical plan words of a trigger; `build_trigger` makes it again from them. (`Several` is made of a
    kind's defaults and has no words of its own: spell its parts.)"""
    match trigger:
        case Once(day, from_):
            return {"on": str(day), **({"from": str(from_)} if from_ else {})}
        case OnDates(days):
            return {"on": [str(day) for day in days]}
        case Rhythm():
            return (
                {"every": str(trigger.every)} | ({"on": _spell_on(trigger.on)} if trigger.on else {}) | _limits(trigger)
            )
        case Rule():
            return {"rrule": trigger.rule} | _limits(trigger)
        case Awaited():
            return {"when": _spell_when(trigger)}
        case _:
            assert_never(trigger)


def _spell_on(on: On) -> str | list[str]:
    match on:
        case Weekdays((day,)):
            return WEEKDAYS[day]
        case Weekdays(days):
            return [WEEKDAYS[day] for day in days]
        case MonthDay(n):
            return f"{n}{'th' if 10 < n < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"
        case NthWeekday(nth, weekday):
            return f"{'last' if nth < 0 else ORDINALS[nth - 1]} {WEEKDAYS[weekday]}"
        case _:
            assert_never(on)


def _limits(rhythm: Rhythm | Rule) -> dict[str, object]:
    words = {"from": rhythm.from_, "until": rhythm.until, "during": rhythm.during, "times": rhythm.times}
    spelt: dict[str, object] = {key: str(word) for key, word in words.items() if word is not None}
    return spelt | ({"except": [str(word) for word in rhythm.except_]} if rhythm.except_ else {})


def _spell_when(trigger: Awaited) -> dict[str, object]:
    words = {
        "signal": trigger.signal,
        "metric": trigger.metric,
        "below": trigger.below,
        "above": trigger.above,
        "check_on": trigger.check_on,
        "within": trigger.within,
        "at_most": f"{trigger.at_most[0]} per {trigger.at_most[1]}" if trigger.at_most else None,
        "per": trigger.per,
    }
    spelt: dict[str, object] = {key: str(word) for key, word in words.items() if word is not None}
    where = {key: words[0] if len(words) == 1 else list(words) for key, words in trigger.where}
    return spelt | ({"where": where} if where else {})


def date_words(trigger: Trigger) -> tuple[tuple[str, DateWord], ...]:
    """Every date word of a trigger with the key it stands under (`until`, `on.1`), so that a plan can check it."""
    match trigger:
        case Once(day, from_):
            return (("on", day), *_named(("from", from_)))
        case OnDates(days):
            return tuple((f"on.{n}", day) for n, day in enumerate(days))
        case Rhythm() | Rule() | Several():
            excepted = ((f"except.{n}", word) for n, word in enumerate(trigger.except_))
            return _named(("from", trigger.from_), ("until", trigger.until), *excepted)
        case Awaited():
            return _named(("when.check_on", trigger.check_on))
        case _:
            assert_never(trigger)


def _named(*words: tuple[str, DateWord | None]) -> tuple[tuple[str, DateWord], ...]:
    return tuple((key, word) for key, word in words if word is not None)


def default_roll(trigger: Trigger) -> Roll:
    """Which way a free day rolls unless the plan says: a deadline before a milestone (`v2 - 6 weeks`) must not
    slip towards it and rolls back; everything else rolls on."""
    days = (trigger.date,) if isinstance(trigger, Once) else trigger.dates if isinstance(trigger, OnDates) else ()
    before = any(isinstance(day.base, Name) and day.shift and day.shift.amount < 0 for day in days)
    return "previous" if before else "next"
