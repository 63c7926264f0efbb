"""How `rrule` is read: the parts of RFC 5545 that make sense for days, each in its range, in one spelling.

Whatever could be slower to expand than to read is refused here: clock times, a step of nothing, a part given twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from cadence.core.triggers.words import BadWord, did_you_mean, parse_date

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
RRULE_EXAMPLE = "`FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1`"
LONGEST_STEP = 366
MOST_COUNTED = 5000
WEEKS_OF_A_MONTH = 5

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CLOCK = {"FREQ": ("HOURLY", "MINUTELY", "SECONDLY"), "BY": ("BYHOUR", "BYMINUTE", "BYSECOND")}
_BYDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(T[0-9]{6}Z?)?")

Parts = Mapping[str, str]


def parse_rrule(text: str) -> str:
    """The rule in capitals, its parts in the order given, its values in one spelling; without `RRULE:` before it."""
    parts = _split(text)
    if "FREQ" not in parts:
        raise BadWord("a rule says first how often", f"write {RRULE_EXAMPLE}")
    read = {name: _PARTS[name](name, value) for name, value in parts.items()}
    _together(read)
    return ";".join(f"{name}={value}" for name, value in read.items())


def last_day(rule: str) -> date | None:
    """The day of UNTIL, inclusive; its time of day says nothing to a rule of whole days."""
    found = dict(part.split("=") for part in rule.split(";")).get("UNTIL")
    return date.fromisoformat(found) if found else None


def endless(rule: str) -> str:
    """The rule without its UNTIL."""
    return ";".join(part for part in rule.split(";") if not part.startswith("UNTIL="))


def _split(text: str) -> Parts:
    parts: dict[str, str] = {}
    for part in "".join(text.upper().removeprefix("RRULE:").split()).strip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise BadWord(f"`{part[:60]}` is no part of a rule", f"write {RRULE_EXAMPLE}")
        if name in _CLOCK["BY"]:
            raise BadWord(f"`{name}` is a time of day, and a rule names days", 'leave it out and write `at: "09:00"`')
        if name not in _PARTS:
            hint = did_you_mean(name[:60], _PARTS) or f"the parts are {', '.join(_PARTS)}"
            raise BadWord(f"`{name[:60]}` is no part of a rule", hint)
        if name in parts:
            raise BadWord(f"`{name}` is given twice", "give each part once")
        parts[name] = value
    return parts


def _frequency(name: str, value: str) -> str:
    if value in _CLOCK["FREQ"]:
        raise BadWord(f"`{name}={value}` is more often than daily", "write `FREQ=DAILY`, or less often")
    if value not in FREQUENCIES:
        hint = did_you_mean(value[:60], FREQUENCIES) or f"write one of {', '.join(FREQUENCIES)}"
        raise BadWord(f"`{name}={value[:60]}` is not how often", hint)
    return value


def _count(most: int) -> Callable[[str, str], str]:
    def read(name: str, value: str) -> str:
        if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= most:
            raise BadWord(f"`{name}={value[:60]}` is out of range", f"a whole number from 1 to {most}")
        return str(int(value))

    return read


def _until(name: str, value: str) -> str:
    found = _UNTIL.fullmatch(value)
    if not found:
        raise BadWord(f"`{name}={value[:60]}` is not a day", f"write `{name}=20271231`")
    try:
        parse_date(f"{found[1]}-{found[2]}-{found[3]}")
    except BadWord as mistake:
        raise BadWord(mistake.message, f"write `{name}=20271231`") from None
    return value[:8]


def _numbers(most: int, least: int = 1) -> Callable[[str, str], str]:
    """A list of numbers of which -1 is the last; `least` above 0 takes no negative ones."""

    def read(name: str, value: str) -> str:
        words = value.split(",")
        if not all(re.fullmatch(r"[+-]?[0-9]{1,3}", word) for word in words):
            raise BadWord(f"`{name}={value[:60]}` is no list of numbers", f"write `{name}=1`, or several with commas")
        numbers = [int(word) for word in words]
        if any(abs(n) > most or n < least or n == 0 for n in numbers):
            start = "1" if least > 0 else f"-{most} to -1 or 1"
            raise BadWord(f"`{name}={value[:60]}` is out of range", f"whole numbers from {start} to {most}")
        return _list(name, [str(n) for n in numbers])

    return read


def _weekdays(name: str, value: str) -> str:
    words = []
    for word in value.split(","):
        found = _BYDAY.fullmatch(word)
        if not found or (found[1] and not 1 <= abs(int(found[1])) <= 53):
            raise BadWord(f"`{word[:60]}` is no weekday of a rule", "write `MO` to `SU`, or `2TU`, `-1FR`")
        words.append(f"{int(found[1])}{found[2]}" if found[1] else found[2])
    return _list(name, words)


def _list(name: str, words: list[str]) -> str:
    if len(set(words)) < len(words):
        raise BadWord(f"`{name}` names something twice", "name each once")
    return ",".join(words)


def _week_start(name: str, value: str) -> str:
    if value not in _DAYS:
        raise BadWord(f"`{name}={value[:60]}` is not a weekday", "write `MO` to `SU`")
    return value


_PARTS: Mapping[str, Callable[[str, str], str]] = {
    "FREQ": _frequency,
    "INTERVAL": _count(LONGEST_STEP),
    "COUNT": _count(MOST_COUNTED),
    "UNTIL": _until,
    "WKST": _week_start,
    "BYDAY": _weekdays,
    "BYMONTHDAY": _numbers(31, -31),
    "BYMONTH": _numbers(12),
    "BYSETPOS": _numbers(366, -366),
    "BYYEARDAY": _numbers(366, -366),
    "BYWEEKNO": _numbers(53, -53),
}


def _furthest(weekdays: str) -> int:
    """How far from an end of the month or year the weekdays are counted; 0 where none is."""
    return max((int(number) for number in re.findall(r"[0-9]+", weekdays)), default=0)


def _together(parts: Parts) -> None:
    """What the RFC forbids side by side, and what would name no day in any year."""
    often = parts["FREQ"]
    if "COUNT" in parts and "UNTIL" in parts:
        raise BadWord("`COUNT` and `UNTIL` both say when it ends", "keep one of them")
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise BadWord("`BYSETPOS` chooses from days, and nothing names them", "add `BYDAY=MO,TU,WE,TH,FR`")
    if re.search(r"[0-9]", parts.get("BYDAY", "")) and (often in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts):
        raise BadWord(f"`BYDAY={parts['BYDAY']}` counts weekdays of a month or year", "write `FREQ=MONTHLY`")
    if (often == "MONTHLY" or "BYMONTH" in parts) and _furthest(parts.get("BYDAY", "")) > WEEKS_OF_A_MONTH:
        raise BadWord(f"`BYDAY={parts['BYDAY'][:60]}`: no month has so many weeks", "write `1FR` to `5FR`, or `-1FR`")
    for name, wrong in (
        ("BYMONTHDAY", ("WEEKLY",)),
        ("BYYEARDAY", ("DAILY", "WEEKLY", "MONTHLY")),
        ("BYWEEKNO", ("DAILY", "WEEKLY", "MONTHLY")),
    ):
        if name in parts and often in wrong:
            better = "MONTHLY" if name == "BYMONTHDAY" else "YEARLY"
            raise BadWord(f"`{name}` does not go with `FREQ={often}`", f"write `FREQ={better}`")
