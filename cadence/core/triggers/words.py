"""Durations and date words: the closed grammar in which a plan says how long and which day, read and spelt.

Every word has one canonical spelling, `str(word)`, and reading it back gives the same word. Whatever is not
in the grammar raises `BadWord`, which says what is wrong and what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Literal, TypeVar

from cadence.core.triggers import meant

T = TypeVar("T")
Unit = Literal["min", "hour", "day", "workday", "week", "month"]
ShiftUnit = Literal["day", "workday", "week", "month"]

YEARS = range(2000, 2101)
"""Years a plan may name; outside lies a slip of the finger."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORDINALS = ("first", "second", "third", "fourth", "last")
RESERVED = frozenset({*WEEKDAYS, *ORDINALS, "day", "week", "month", "quarter", "workday", "rollout", "off", "once"})
"""Words a milestone or a phase cannot be called, because they already mean something where a date stands."""

DATE_EXAMPLES = "`2027-03-01`, `day 90`, `week 3`, `v2 - 6 weeks` or a milestone's name"
DURATION_EXAMPLES = "`15 min`, `4h`, `2 workdays`, `3 days`, `2 weeks`, `1 month`"

_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hour", "hours"), "hour"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("workday", "workdays"), "workday"),
    **dict.fromkeys(("week", "weeks"), "week"),
    **dict.fromkeys(("month", "months"), "month"),
}
_NAME = r"[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*"
_DURATION = re.compile(r"([0-9]{1,4}) ?([A-Za-z]+)")
_DATE = re.compile(
    rf"(?:(?P<iso>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})|(?i:day) ?(?P<day>[+-]?[0-9]{{1,4}})"
    rf"|(?i:week) ?(?P<week>[+-]?[0-9]{{1,4}})|(?P<name>{_NAME}))"
    r"(?: ?(?P<sign>[+-]) ?(?P<amount>[0-9]{1,3}) ?(?P<unit>[A-Za-z]+))?"
)
_ONE_NAME = re.compile(_NAME)
_PLURAL_SPAN = re.compile(r"(weeks|days) ?([0-9]{1,4}) ?- ?([0-9]{1,4})")
_DASHES = str.maketrans({"–": "-", "−": "-"})


class BadWord(ValueError):
    """A word the language does not have. `at` is the key (`until`, `except.1`) inside what was being read.

    A remedy that has to be searched for may be given as how to find it: of ten thousand mistakes few are shown."""

    def __init__(self, message: str, remedy: str | Callable[[], str] = "", at: str = "") -> None:
        super().__init__(f"{message}; {remedy}" if remedy and isinstance(remedy, str) else message)
        self.message, self.at = message, at
        self._remedy = remedy

    @property
    def remedy(self) -> str:
        return self._remedy if isinstance(self._remedy, str) else self._remedy()

    def below(self, key: str) -> BadWord:
        """The same mistake, seen from one level further up."""
        return type(self)(self.message, self._remedy, f"{key}.{self.at}" if self.at else key)


class Excluded(BadWord):
    """A word that does not go with another one beside it."""


def read_at(key: str, read: Callable[[str], T], text: object) -> T:
    """`read(text)`, its mistake marked with where it stands."""
    if not isinstance(text, str):
        shape = "map" if isinstance(text, Mapping) else "list" if isinstance(text, Sequence) else type(text).__name__
        raise BadWord(f"`{key.partition('.')[0]}:` is one word", f"not a {shape}", key)
    try:
        return read(text)
    except BadWord as mistake:
        raise (mistake if mistake.at else mistake.below(key)) from None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean `x`?` for the nearest of `known`, or nothing."""
    spelt = {name.casefold(): name for name in known}
    near = get_close_matches(word.casefold(), spelt, n=1, cutoff=0.65)
    return f"did you mean `{spelt[near[0]]}`?" if near else ""


def guess(word: str, known: Iterable[str], otherwise: str) -> Callable[[], str]:
    """How to find a remedy: the nearest of `known`, else `otherwise`."""
    return lambda: did_you_mean(word[:60], known) or otherwise


def tidy(text: str) -> str:
    """One space between words (no-break spaces too), and the dashes Word makes of a minus taken back."""
    return " ".join(text.translate(_DASHES).split())


def counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length: `15 min`, `4h`, `2 workdays`."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        match self.unit:
            case "min":
                return f"{self.amount} min"
            case "hour":
                return f"{self.amount}h"
            case _:
                return counted(self.amount, self.unit)

    @property
    def minutes(self) -> int | None:
        """Its clock length; None for days and longer, which are no length on a clock."""
        return {"min": self.amount, "hour": self.amount * 60}.get(self.unit)


@lru_cache(maxsize=4096)
def parse_duration(text: str) -> Duration:
    found = _DURATION.fullmatch(tidy(text))
    if not found:
        raise BadWord(f"`{text}` is not a duration", lambda: _duration_remedy(text))
    unit = _UNITS.get(found[2].lower())
    if unit is None:
        known = [f"{found[1]} {word}" for word in _UNITS]
        raise BadWord(
            f"`{found[2]}` is not a unit of time",
            guess(f"{found[1]} {found[2]}", known, f"write {DURATION_EXAMPLES}"),
        )
    if not int(found[1]):
        raise BadWord(f"`{text}` lasts nothing", f"write {DURATION_EXAMPLES}")
    return Duration(int(found[1]), unit)


def _duration_remedy(text: str) -> str:
    bare = tidy(text)
    if bare.isascii() and bare.isdecimal():
        return f"add the unit: `{bare} min`, `{bare}h`, `{bare} workdays`"
    likely = meant.duration(bare)
    return f"write `{likely}`" if likely else f"write {DURATION_EXAMPLES}"


@dataclass(frozen=True, slots=True)
class Day:
    """Calendar days after the rollout, which is day 0."""

    n: int

    def __str__(self) -> str:
        return f"day {self.n}"


@dataclass(frozen=True, slots=True)
class Week:
    """A week of the plan: week 1 is days 0-6."""

    n: int

    def __str__(self) -> str:
        return f"week {self.n}"


@dataclass(frozen=True, slots=True)
class Name:
    """A milestone of the plan, or `rollout`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Shift:
    """`+ 3 workdays`, `- 6 weeks`: an amount other than 0, before the base when negative."""

    amount: int
    unit: ShiftUnit

    def __str__(self) -> str:
        return f"{'-' if self.amount < 0 else '+'} {counted(abs(self.amount), self.unit)}"


@dataclass(frozen=True, slots=True)
class DateWord:
    """A day as the plan says it, before anybody knows when the rollout is."""

    base: date | Day | Week | Name
    shift: Shift | None = None

    def __str__(self) -> str:
        return f"{self.base} {self.shift}" if self.shift else str(self.base)

    @property
    def slug(self) -> str:
        """The word as part of a slot: `day-14`, `day-m14`, `v2-6-weeks`, `v2-plus-6-weeks`."""
        base = f"day-m{-self.base.n}" if isinstance(self.base, Day) and self.base.n < 0 else str(self.base)
        shift = str(self.shift).replace("- ", "").replace("+ ", "plus-") if self.shift else ""
        return f"{base} {shift}".strip().lower().replace(" ", "-")


@lru_cache(maxsize=4096)
def parse_date(text: str) -> DateWord:
    found = _DATE.fullmatch(tidy(text))
    if not found:
        raise BadWord(f"`{text}` is not a date", lambda: _date_remedy(text))
    return DateWord(_base(found, text), _shift(found, text))


def _date_remedy(text: str) -> str:
    if likely := meant.day(tidy(text)):
        return f"write year-month-day: `{likely}`" if likely[0].isdigit() else f"write `{likely}`"
    if re.search(r"[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}", text):
        return "write year-month-day: `2027-03-01`"
    if ".." in text:
        return "a span cannot stand here: name a day, or a whole week such as `week 8`"
    first, _, rest = tidy(text).partition(" ")
    known = [f"{word} {rest}" for word in ("day", "week")] if rest.isdecimal() else []
    return did_you_mean(f"{first} {rest}", known) or f"write {DATE_EXAMPLES}"


def _base(found: re.Match[str], text: str) -> date | Day | Week | Name:
    if found["iso"]:
        return _calendar_day(found["iso"])
    if found["day"]:
        return Day(int(found["day"]))
    if found["week"]:
        if int(found["week"]) < 1:
            raise BadWord(f"`{text}`: weeks count from 1", "for days before the rollout write `day -14`")
        return Week(int(found["week"]))
    return Name(_free_name(found["name"]))


def _free_name(name: str) -> str:
    lower = name.lower()
    if lower == "rollout":
        return lower
    if lower in RESERVED:
        remedy = f"write `every: week` with `on: {lower}`" if lower in WEEKDAYS else f"write {DATE_EXAMPLES}"
        raise BadWord(f"`{name}` alone is not a date", remedy)
    return name


def is_free_name(word: str) -> bool:
    """Whether a milestone or a phase can be called so: where a date stands, it must mean nothing else."""
    return bool(_ONE_NAME.fullmatch(word)) and word.lower() not in RESERVED


def parse_phase(text: str) -> str:
    """A phase's name; whether the plan has it is known where its days are."""
    if not is_free_name(text.strip()):
        raise BadWord(f"`{text}` is not a phase", "name one of the plan's `phases`, or use `from` and `until`")
    return text.strip()


def _calendar_day(iso: str) -> date:
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        raise BadWord(f"there is no {iso}", "write year-month-day: `2027-03-01`") from None
    if day.year not in YEARS:
        raise BadWord(f"{iso} is out of reach", f"plans live between {YEARS.start} and {YEARS.stop - 1}")
    return day


def _shift(found: re.Match[str], text: str) -> Shift | None:
    if not found["unit"]:
        return None
    unit = _UNITS.get(found["unit"].lower())
    if unit is None or unit == "min" or unit == "hour":
        units = ("days", "workdays", "weeks", "months")
        remedy = guess(found["unit"], units, "write days, workdays, weeks or months")
        raise BadWord(f"`{found['unit']}` cannot move a date", remedy)
    if not int(found["amount"]):
        raise BadWord(f"`{text}` moves by nothing", f"leave `{found['sign']} {found['amount']} {found['unit']}` out")
    return Shift(int(found["sign"] + found["amount"]), unit)


def parse_span(text: str) -> tuple[DateWord, DateWord]:
    """First and last day, inclusive: `weeks 1-2`, `days 0-13`, `2027-12-24..2027-12-31`, or one date word."""
    if several := _PLURAL_SPAN.fullmatch(tidy(text).lower()):
        unit, first, last = several[1].removesuffix("s"), several[2], several[3]
        if int(first) > int(last):
            raise BadWord(f"`{text}` ends before it begins", f"write `{several[1]} {last}-{first}`")
        return parse_date(f"{unit} {first}"), parse_date(f"{unit} {last}")
    first, dots, last = text.partition("..")
    if not dots and (likely := meant.span(tidy(text))):
        raise BadWord(f"`{text}` is not a span", f"write `{likely}`")
    begin = parse_date(first)
    return begin, parse_date(last) if dots else begin
