"""What somebody most likely meant who wrote a day, a length, an hour or a rhythm in everyday words.

For remedies only: nothing is read through this. Each function gives plan words, or "" where nobody can tell.
"""

from __future__ import annotations

import re
from datetime import date

_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTS = {word: n for n, word in enumerate(_NUMBERS)} | {
    "a": 1,
    "an": 1,
    "other": 2,
}
_EVERY = {
    **dict.fromkeys(("daily", "day", "every day", "each day"), "workday"),
    **dict.fromkeys(("weekly", "7 days"), "week"),
    **dict.fromkeys(("biweekly", "bi-weekly", "fortnight", "fortnightly", "14 days"), "2 weeks"),
    **dict.fromkeys(("yearly", "annually", "year", "1 year"), "12 months"),
    **dict.fromkeys(("half year", "half-yearly", "6 month"), "6 months"),
    "monthly": "month",
    "bimonthly": "2 months",
    "quarterly": "quarter",
}
_MONTHS = ("jan", "feb", "mar", "apr", "ma[yi]", "jun", "jul", "aug", "sep", "o[ck]t", "nov", "de[cz]")
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TO = r" ?(?:-|–|\.\.|to|until|till|through|bis) ?"


def every(text: str) -> str:
    """`two weeks` -> `2 weeks`, `daily` -> `workday`, `biweekly` -> `2 weeks`."""
    word = _in_digits(text)
    if word in _EVERY:
        return _EVERY[word]
    found = re.fullmatch(r"([0-9]{1,3}) ?(workday|day|week|month|quarter)s?", word)
    if not found or not int(found[1]):
        return ""
    if found[2] == "day":
        return f"{int(found[1]) // 7} weeks" if int(found[1]) % 7 == 0 else f"{int(found[1])} workdays"
    return f"{int(found[1])} {found[2]}s"


def clock(text: str) -> str:
    """`9` -> `09:00`, `9.30` -> `09:30`, `5 pm` -> `17:00`, `noon` -> `12:00`."""
    word = text.strip().lower().replace(".m.", "m")
    if word == "noon":
        return "12:00"
    found = re.fullmatch(r"([0-9]{1,2})(?:[:.h]?([0-5][0-9]))? ?(am|pm|uhr|h|o'clock)?", word)
    if not found:
        return ""
    hour = int(found[1]) % 12 + 12 * (found[3] == "pm") if found[3] in ("am", "pm") else int(found[1])
    return f"{hour:02}:{found[2] or '00'}" if hour < 24 and (found[3] not in ("am", "pm") or int(found[1]) < 13) else ""


def duration(text: str) -> str:
    """`1h30` and `1.5h` -> `90 min`, `half a day` -> `4h`, `two weeks` -> `2 weeks`."""
    word = _in_digits(text)
    half = {"half 1 day": "4h", "half day": "4h", "half 1 hour": "30 min", "half hour": "30 min"}
    if word in half:
        return half[word]
    if found := re.fullmatch(r"([0-9]{1,2})(?: ?h(?:ours?)? ?|:)([0-9]{1,2})(?: ?m(?:in(?:utes)?)?)?", word):
        return f"{int(found[1]) * 60 + int(found[2])} min"
    if found := re.fullmatch(r"([0-9]{1,2})[.,]([0-9]) ?(?:h|hours?)", word):
        return f"{int(found[1]) * 60 + int(found[2]) * 6} min"
    found = re.fullmatch(r"([0-9]{1,4}) (h|hour|workday|day|week|month)s?", word)
    return f"{int(found[1])} {found[2]}{'s' if int(found[1]) > 1 else ''}" if found and word != text.lower() else ""


def day(text: str) -> str:
    """`11.01.2027` -> `2027-01-11`, `90 days` -> `day 90`, `6 weeks before v2` -> `v2 - 6 weeks`."""
    word = text.strip()
    if found := re.fullmatch(r"([0-9]{1,3}) ?days?", word, re.IGNORECASE):
        return f"day {int(found[1])}"
    if found := re.fullmatch(r"([0-9]{1,3} (?:work)?(?:day|week|month)s?) (before|after) ([\w-]+)", word):
        return f"{found[3]} {'-' if found[2] == 'before' else '+'} {found[1]}"
    if found := re.fullmatch(r"(.+) (minus|plus) ([0-9]{1,3} (?:work)?(?:day|week|month)s?)", word):
        return f"{found[1]} {'-' if found[2] == 'minus' else '+'} {found[3]}"
    return _calendar(word)


def span(text: str) -> str:
    """`week 1 to week 2` -> `weeks 1-2`, `2027-02-08 to 2027-02-12` -> `2027-02-08..2027-02-12`."""
    word = " ".join(text.lower().split())
    if found := re.fullmatch(rf"({_ISO}){_TO}({_ISO})", word):
        return f"{found[1]}..{found[2]}"
    found = re.fullmatch(rf"(week|day)s? ?([0-9]{{1,3}}){_TO}(?:(?:week|day)s? ?)?([0-9]{{1,3}})", word)
    return f"{found[1]}s {found[2]}-{found[3]}" if found else ""


def on(text: str) -> str:
    """`15` -> `15th`, `1st mon` -> `first mon`, `last day` -> `31st`."""
    word = " ".join(text.lower().split())
    if re.fullmatch(r"[1-9]|[12][0-9]|3[01]", word):
        teen = word[0] == "1" and len(word) > 1
        return word + ("th" if teen else {"1": "st", "2": "nd", "3": "rd"}.get(word[-1], "th"))
    if word in ("last day", "last workday"):
        return "31st"
    if word in ("first day", "first workday"):
        return "1st"
    ordinals = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "last", "fifth": "last"}
    first, _, rest = word.partition(" ")
    weekday = rest[:3] in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return f"{ordinals[first]} {rest}" if first in ordinals and weekday else ""


def _in_digits(text: str) -> str:
    """Lower case, `every` left out, numbers in digits."""
    words = text.lower().removeprefix("every ").split()
    return " ".join(str(_COUNTS.get(word, word)) for word in words)


def _calendar(word: str) -> str:
    """A calendar date written otherwise; both readings where two countries would differ."""
    if found := re.fullmatch(r"([0-9]{4})[./-]([0-9]{1,2})[./-]([0-9]{1,2})(?:[T ][0-9:]+)?", word):
        return _iso(found[1], found[2], found[3])
    if found := re.fullmatch(r"([0-9]{1,2})([./])([0-9]{1,2})[./]([0-9]{4})", word):
        day_first, month_first = _iso(found[4], found[3], found[1]), _iso(found[4], found[1], found[3])
        readings = (day_first,) if found[2] == "." else (day_first, month_first)
        return "` or `".join(dict.fromkeys(filter(None, readings)))
    year, number = re.search(r"\b[0-9]{4}\b", word), re.search(r"\b([0-9]{1,2})(?:st|nd|rd|th)?\b", word)
    month = next((n for n, name in enumerate(_MONTHS, 1) if re.search(rf"\b{name}[a-z]*", word.lower())), 0)
    return _iso(year[0], str(month), number[1]) if year and number and month else ""


def _iso(year: str, month: str, number: str) -> str:
    try:
        return date(int(year), int(month), int(number)).isoformat()
    except ValueError:
        return ""
