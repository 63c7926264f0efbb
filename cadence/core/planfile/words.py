"""The small words of a plan and their types: clock times, weekdays, spans of days, texts, lists of names.

Each parser takes what stands in the text and gives the value, or raises `BadWord` with what to write instead. The
types made of them carry their own JSON Schema, so that an editor accepts what the parser does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import BeforeValidator, InstanceOf, WithJsonSchema

from cadence.core.model import Days
from cadence.core.planfile.names import check_slots
from cadence.core.planfile.schema import Text
from cadence.core.planfile.synonyms import choice_meant
from cadence.core.triggers import meant
from cadence.core.triggers.words import (
    DATE_EXAMPLES,
    WEEKDAYS,
    BadWord,
    DateWord,
    Duration,
    did_you_mean,
    guess,
    is_free_name,
    parse_date,
    parse_duration,
    parse_span,
)

LONG_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TITLE = 5_000
LONGEST_KEY = 100
CALENDAR_DATE = "write year-month-day: `2027-03-01`"
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_SLOTS = re.compile(r"\{([^{}]*)\}")

SCALAR = {"type": ["string", "number", "boolean"]}
TEXT = {"anyOf": [SCALAR, {"type": "object", "additionalProperties": SCALAR}]}
WEEKDAY = "^[A-Za-z]{3}|[A-Za-z]+day$"
YES_OR_NO = {"enum": [True, False, "true", "false", "yes", "no", "on", "off"]}
ONE_OR_MANY = {"anyOf": [SCALAR, {"type": "array", "items": SCALAR}]}


def text(value: object) -> str:
    """A single text on one line; maps and lists are refused in words that a reader of plans knows."""
    return " ".join(lines(value).split())


def lines(value: object) -> str:
    """A single text with its line breaks."""
    if isinstance(value, str):
        return value.strip()
    raise BadWord(f"{_shape(value)} stands where a single text belongs", "write one text")


def _shape(value: object) -> str:
    return "a list" if isinstance(value, list | tuple) else "a map"


def key(value: object) -> str:
    word = text(value)
    if len(word) > LONGEST_KEY:
        raise BadWord(f"`{word[:60]}...` has {len(word)} characters", f"shorten it to {LONGEST_KEY}")
    if not _KEY.fullmatch(word):
        raise BadWord(f"`{word[:60]}` cannot be a key", "use letters, digits, hyphens, dots: `field-rides`")
    return word


def date_name(value: object) -> str:
    """What a milestone or a phase is called: a name that can stand where a date stands."""
    word = text(value)
    if not is_free_name(word):
        raise BadWord(f"`{word[:60]}` cannot name a date", "use letters, digits and hyphens: `qbr`, `go-live`")
    return word


def day(value: object) -> date:
    """A calendar date and nothing that has to be counted from another."""
    try:
        word = parse_date(text(value))
    except BadWord as mistake:
        remedy = CALENDAR_DATE if DATE_EXAMPLES in mistake.remedy else mistake.remedy
        raise BadWord(mistake.message, remedy) from None
    if word.shift is None and isinstance(word.base, date):
        return word.base
    raise BadWord(f"`{word}` is not a calendar date", CALENDAR_DATE)


def clock(value: object) -> time:
    found = _CLOCK.fullmatch(text(value))
    if not found:
        likely = meant.clock(text(value)) or "08:30"
        raise BadWord(f"`{text(value)}` is not a time of day", f'write hours and minutes: "{likely}"')
    return time(int(found[1]), int(found[2]))


def hours(value: object) -> tuple[time, time]:
    """`08:00-18:00`: when a working day begins and ends, in that order."""
    first, dash, last = text(value).replace("–", "-").partition("-")
    if not dash:
        raise BadWord(f"`{text(value)}` are no working hours", 'write "08:00-18:00"')
    spelt = [meant.clock(part) for part in (first, last)]
    if all(spelt) and not all(_CLOCK.fullmatch(part.strip()) for part in (first, last)):
        raise BadWord(f"`{text(value)}` are no working hours", f'write "{spelt[0]}-{spelt[1]}"')
    opens, closes = clock(first), clock(last)
    if opens >= closes:
        raise BadWord(f"`{text(value)}` ends before it begins", 'write the earlier time first: "08:00-18:00"')
    return opens, closes


def weekday(value: object) -> int:
    word = text(value).lower()
    if word[:3] in WEEKDAYS and (len(word) == 3 or word in LONG_WEEKDAYS):
        return WEEKDAYS.index(word[:3])
    raise BadWord(f"`{word}` is not a weekday", f"write one of {', '.join(WEEKDAYS)}")


def workdays(value: object) -> frozenset[int]:
    """`mon-fri`, `sun-thu` (across the week's end), or a list of weekdays."""
    if isinstance(value, list | tuple):
        found = frozenset(weekday(item) for item in value)
    elif "-" in text(value):
        first, _, last = text(value).partition("-")
        begin, end = weekday(first), weekday(last)
        found = frozenset((begin + n) % 7 for n in range((end - begin) % 7 + 1))
    elif spelt := re.fullmatch(r"([A-Za-z]+) (?:to|bis|through|until) ([A-Za-z]+)", text(value)):
        raise BadWord(f"`{text(value)}` are no working days", f"write `{spelt[1].lower()[:3]}-{spelt[2].lower()[:3]}`")
    else:
        found = frozenset(weekday(part) for part in text(value).split(","))
    if not found:
        raise BadWord("a week without a working day", "write `mon-fri` or a list of weekdays")
    return found


def days(value: object) -> Days:
    """`2027-02-08..2027-02-12`, both inclusive, or a single date."""
    first, dots, last = text(value).partition("..")
    if not dots and ".." in (likely := meant.span(text(value))):
        raise BadWord(f"`{text(value)}` is not a span of days", f"write `{likely}`")
    begin = day(first)
    end = day(last) if dots else begin
    if end < begin:
        raise BadWord(f"`{text(value)}` ends before it begins", f"write `{end}..{begin}`")
    return Days.inclusive(begin, end)


def several(value: object) -> Sequence[object]:
    """One thing where several may stand is a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def one_or_many(value: object) -> str | tuple[str, ...]:
    return names(value) if isinstance(value, list | tuple) else text(value)


def month(value: object) -> int:
    """`feb`, `February` or `2`."""
    word = text(value).lower()
    if word.isascii() and word.isdecimal() and len(word) < 3 and 1 <= int(word) <= 12:
        return int(word)
    if word[:3] in MONTHS and len(word) > 2:
        return MONTHS.index(word[:3]) + 1
    raise BadWord(f"`{word[:60]}` is not a month", "write `jan` to `dec`")


def names(value: object) -> tuple[str, ...]:
    return tuple(text(item) for item in value) if isinstance(value, list | tuple) else (text(value),)


def tags(value: object) -> frozenset[str]:
    """A list, or in one cell of a table separated by commas, semicolons or bars."""
    parts = names(value) if isinstance(value, list | tuple) else re.split(r"[,;|]", text(value))
    return frozenset(part.strip() for part in parts if part.strip())


def texts(value: object) -> Text:
    """A string, or one string a language."""
    if not isinstance(value, Mapping):
        return Text(words={"": _fitting(lines(value))})
    for word in value:
        if not _LANGUAGE.fullmatch(str(word)):
            raise BadWord(f"`{word}` is not a language", "write `{en: ..., de: ...}`, or one text")
    if not value:
        raise BadWord("no text is written", "write one text")
    return Text(words={str(word): _fitting(lines(said)) for word, said in value.items()})


def _fitting(said: str) -> str:
    if len(said) > TITLE:
        raise BadWord(f"a text of {len(said):,} characters", f"shorten it to {TITLE:,}")
    return said


def yes(value: object) -> bool:
    word = text(value).lower()
    if word in ("true", "yes", "on"):
        return True
    if word in ("false", "no", "off"):
        return False
    raise BadWord(f"`{word[:60]}` is neither yes nor no", "write `true` or `false`")


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Those that are the same everywhere: `localtime` is another one on every machine."""
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}


def language(value: object) -> str:
    """`de` or `de-AT`, as a tag of its language and country; `DE` and `de_at` are read as well."""
    main, _, land = text(value).replace("_", "-").partition("-")
    word = f"{main.lower()}-{land.upper()}" if land else main.lower()
    if not _LANGUAGE.fullmatch(word):
        raise BadWord(f"`{text(value)[:60]}` is not a language", "write its two letters: `en`, `de`")
    return word


def zone(value: object) -> str:
    word = text(value)
    if word not in _zones():
        raise BadWord(f"there is no time zone `{word[:60]}`", lambda: _near_zone(word))
    return word


def _near_zone(word: str) -> str:
    """The zone of that city, else one of a city with the same first letter that is nearly spelt so. Never a bare
    offset: `EST` has no summer time, and `Etc/GMT+1` lies west of Greenwich."""
    wanted = _city(word.replace(" ", "_"))
    near = sorted(name for name in _zones() if _city(name)[:1] == wanted[:1] and not _is_offset(name))
    same = next((name for name in near if wanted and _city(name) == wanted), None)
    return f"did you mean `{same}`?" if same else did_you_mean(word[:60], near) or "write one such as `Europe/Berlin`"


def _is_offset(zone: str) -> bool:
    return zone != "UTC" and (zone.isupper() or zone.startswith("Etc/"))


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].casefold()


def country(value: object) -> str:
    word = text(value).upper()
    if not (len(word) in (2, 3) and word.isascii() and word.isalpha()):
        raise BadWord(f"`{text(value)[:60]}` is not a country", "write its two letters: `US`, `DE`")
    return word


def email(value: object) -> str:
    word = text(value)
    if not re.fullmatch(r"[^\s@,;<>\"]{1,64}@[^\s@,;<>\"]{1,190}", word) or not word.isprintable():
        raise BadWord(f"`{word[:60]}` is not an e-mail address", "write one address: `ana@example.com`")
    return word


def pattern(value: object) -> str:
    """An e-mail address in which `{first}` and `{last}` stand for the parts of a name."""
    word = text(value)
    check_slots(word)
    if "{" not in word:
        raise BadWord("the same address for everybody", 'write "{first}.{last}@example.com"')
    email(_SLOTS.sub("x", word))
    return word


def phase(value: object) -> tuple[DateWord, DateWord]:
    return parse_span(text(value))


def date_word(value: object) -> DateWord:
    return parse_date(text(value))


def duration(value: object) -> Duration:
    return parse_duration(text(value))


def length(value: object) -> int:
    """Minutes that something lasts; a workday is no length on a clock."""
    lasts = duration(value)
    if lasts.minutes is None or lasts.minutes > 24 * 60:
        raise BadWord(f"`{lasts}` is no length for a meeting", "write minutes or hours: `45 min`, `4h`")
    return lasts.minutes


def choice(*words: str) -> Callable[[object], str]:
    """A parser of a closed set of words."""

    def parse(value: object) -> str:
        word = text(value).lower()
        if word in words:
            return word
        spelt = " or ".join(f"`{one}`" for one in words)
        likely = choice_meant(word, words)
        remedy = f"write `{likely}`" if likely else guess(word, words, f"write {spelt}")
        raise BadWord(f"`{word[:60]}` is not one of {', '.join(words)}", remedy)

    return parse


def enum(*options: str) -> WithJsonSchema:
    """What an editor offers for a closed set."""
    return WithJsonSchema({"enum": [str(option) for option in options]})


TextWord = Annotated[str, BeforeValidator(text), WithJsonSchema(SCALAR)]
KeyWord = Annotated[str, BeforeValidator(key), WithJsonSchema(SCALAR)]
DateNameWord = Annotated[str, BeforeValidator(date_name), WithJsonSchema(SCALAR)]
DayWord = Annotated[date, BeforeValidator(day), WithJsonSchema({"type": "string", "format": "date"})]
ClockWord = Annotated[time, BeforeValidator(clock), WithJsonSchema({"type": "string", "pattern": r"^\d?\d:\d\d$"})]
HoursWord = Annotated[tuple[time, time], BeforeValidator(hours), WithJsonSchema({"type": "string"})]
WeekdayWord = Annotated[int, BeforeValidator(weekday), WithJsonSchema({"type": "string", "pattern": WEEKDAY})]
WorkdaysWord = Annotated[frozenset[int], BeforeValidator(workdays), WithJsonSchema(ONE_OR_MANY)]
DaysWord = Annotated[InstanceOf[Days], BeforeValidator(days), WithJsonSchema({"type": "string"})]
NamesWord = Annotated[tuple[str, ...], BeforeValidator(names), WithJsonSchema(ONE_OR_MANY)]
TagsWord = Annotated[frozenset[str], BeforeValidator(tags), WithJsonSchema(ONE_OR_MANY)]
TextsWord = Annotated[InstanceOf[Text], BeforeValidator(texts), WithJsonSchema(TEXT)]
YesWord = Annotated[bool, BeforeValidator(yes), WithJsonSchema(YES_OR_NO)]
ZoneWord = Annotated[str, BeforeValidator(zone), WithJsonSchema({"type": "string"})]
LanguageWord = Annotated[str, BeforeValidator(language), WithJsonSchema(SCALAR)]
CountryWord = Annotated[str, BeforeValidator(country), WithJsonSchema({"type": "string"})]
EmailWord = Annotated[str, BeforeValidator(email), WithJsonSchema({"type": "string"})]
PatternWord = Annotated[str, BeforeValidator(pattern), WithJsonSchema({"type": "string"})]
PhaseWord = Annotated[tuple[InstanceOf[DateWord], InstanceOf[DateWord]], BeforeValidator(phase), WithJsonSchema(SCALAR)]
Date = Annotated[InstanceOf[DateWord], BeforeValidator(date_word), WithJsonSchema(SCALAR)]
Length = Annotated[int, BeforeValidator(length), WithJsonSchema({"type": "string"})]
Lasting = Annotated[InstanceOf[Duration], BeforeValidator(duration), WithJsonSchema({"type": "string"})]
MonthWord = Annotated[int, BeforeValidator(month), WithJsonSchema(SCALAR)]
