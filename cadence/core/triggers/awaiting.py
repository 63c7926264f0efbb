"""How `when` is read: what a signal from outside or the value of a metric has to be like to make a task."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal, cast

from cadence.core.triggers.quantities import parse_quantity
from cadence.core.triggers.trigger import Awaited
from cadence.core.triggers.words import (
    BadWord,
    Duration,
    Excluded,
    did_you_mean,
    parse_date,
    parse_duration,
    read_at,
    tidy,
)

OF_A_SIGNAL = ("where",)
OF_A_METRIC = ("below", "above", "check_on", "per")
WHEN_KEYS = ("signal", "metric", *OF_A_SIGNAL, *OF_A_METRIC, "within", "at_most")
WHEN_EXAMPLES = "`{signal: deal.stage, within: 3 workdays}` or `{metric: adoption, below: 70%, check_on: day 35}`"
_SIGNAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}(?:\.[A-Za-z0-9_-]{1,40}){0,3}")
_AT_MOST = re.compile(r"([0-9]{1,3}) per (day|week|month)")


def parse_when(value: object) -> Awaited:
    if not isinstance(value, Mapping):
        raise BadWord("`when:` is a map", f"write {WHEN_EXAMPLES}", "when")
    try:
        return _awaited(value)
    except BadWord as mistake:
        raise mistake.below("when") from None


def _awaited(when: Mapping[str, object]) -> Awaited:
    for key in when:
        if key not in WHEN_KEYS:
            raise BadWord(f"`{key}` is not known here", did_you_mean(str(key), WHEN_KEYS) or WHEN_EXAMPLES, str(key))
    if ("signal" in when) == ("metric" in when):
        raise BadWord("`when:` waits for one signal or for one metric", f"write {WHEN_EXAMPLES}")
    within = read_at("within", _within, when["within"]) if "within" in when else None
    at_most = read_at("at_most", _at_most, when["at_most"]) if "at_most" in when else None
    if "signal" in when:
        _none_of(OF_A_METRIC, when, "signal")
        signal = read_at("signal", _signal, when["signal"])
        return Awaited(signal=signal, where=_where(when.get("where", {})), within=within, at_most=at_most)
    _none_of(OF_A_SIGNAL, when, "metric")
    if ("below" in when) == ("above" in when):
        raise BadWord("a metric is waited for on one side", "write `below: 70%`, or `above: 14 days`")
    return Awaited(
        metric=read_at("metric", tidy, when["metric"]),
        below=read_at("below", parse_quantity, when["below"]) if "below" in when else None,
        above=read_at("above", parse_quantity, when["above"]) if "above" in when else None,
        check_on=read_at("check_on", parse_date, when["check_on"]) if "check_on" in when else None,
        per=read_at("per", _per, when["per"]) if "per" in when else None,
        within=within,
        at_most=at_most,
    )


def _none_of(keys: Sequence[str], when: Mapping[str, object], source: str) -> None:
    for key in keys:
        if key in when:
            raise Excluded(f"`{key}` does not go with a {source}", f"leave `{key}` out", key)


def _signal(text: str) -> str:
    if not _SIGNAL.fullmatch(tidy(text)):
        raise BadWord(f"`{text[:60]}` is not the name of a signal", "write words with dots: `deal.stage`")
    return tidy(text)


def _within(text: str) -> Duration:
    within = parse_duration(text)
    if within.minutes is not None:
        raise BadWord(f"`within: {within}` is shorter than a day", "write days or workdays: `3 workdays`")
    return within


def _where(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the signal has to say: a word or a choice of words a key, ordered by key."""
    if not isinstance(value, Mapping):
        raise BadWord("`where:` is a map of words", "write `where: {stage: Proposal}`", "where")
    return tuple(sorted((str(key), _words(said, f"where.{key}")) for key, said in value.items()))


def _words(said: object, at: str) -> tuple[str, ...]:
    words = (said,) if isinstance(said, str) else tuple(said) if isinstance(said, Sequence) else ()
    if not words or not all(isinstance(word, str) for word in words):
        raise BadWord("a word or a list of words belongs here", "write `where: {stage: [Proposal, Contract]}`", at)
    return tuple(tidy(word) for word in words)


def _at_most(text: str) -> tuple[int, Literal["day", "week", "month"]]:
    found = _AT_MOST.fullmatch(tidy(text).lower())
    if not found or not int(found[1]):
        raise BadWord(f"`{text[:60]}` is not a limit", "write `2 per week`")
    return int(found[1]), cast(Literal["day", "week", "month"], found[2])


def _per(text: str) -> Literal["rep", "team", "plan"]:
    match tidy(text).lower():
        case "rep" | "team" | "plan" as word:
            return word
    hint = did_you_mean(text[:60], ("rep", "team", "plan"))
    raise BadWord(f"`{text[:60]}` is not one of rep, team, plan", hint or "write `per: team`")
