"""What HR systems write into a cell: dates in a dialect of their own, nothing in many words, numbers as decimals.

A plan says its dates as year-month-day. A table comes out of a machine that nobody can teach that, so every date is
read that has one meaning only; `03/04/2027` has two, unless another date of the same table shows which comes first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Literal

from cadence.core.triggers.words import BadWord

Order = Literal["day", "month"]
"""Which of the two a date such as `03/04/2027` begins with."""


class TwoDates(BadWord):
    """A date that has two meanings."""


NOTHING = frozenset({"-", "--", "–", "—", "n/a", "#n/a", "null", "(null)", "none", "nil", "(blank)", "00.00.0000"})
"""What stands in a cell that says nothing. Never asked of a name: Null is a surname, and NA is a region."""
NEVER = 9999
"""The year in which SAP and its kind end what does not end."""
WRITE = "write year-month-day: `2027-03-01`"

_MONTHS: tuple[str, ...] = ("january", "february", "march", "april", "may", "june")
_MONTHS += ("july", "august", "september", "october", "november", "december")
_CLOCK = re.compile(r"[T ][0-9]{1,2}:[0-9]{2}[0-9:.]* ?([AaPp][Mm])?(Z|[+-][0-9]{2}:?[0-9]{2})?$")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_DIGITS = re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.]) ?([0-9]{1,2})\2 ?([0-9]{4})")
_DAY_MONTH = re.compile(r"([0-9]{1,2})[ .-]+([a-z]{3,9})[ .,-]+([0-9]{4})")
_MONTH_DAY = re.compile(r"([a-z]{3,9})[ .]+([0-9]{1,2}),? ([0-9]{4})")
_WHOLE = re.compile(r"([0-9]+)\.0+")


def written(cell: str) -> str:
    """The cell, or nothing where it says nothing: `N/A` -> ``."""
    return "" if cell.casefold() in NOTHING else cell


def whole(cell: str) -> str:
    """A number of somebody as it was before a spreadsheet took it for a decimal: `1001.0` -> `1001`."""
    found = _WHOLE.fullmatch(cell)
    return found[1] if found else cell


def order_of(cells: Iterable[str]) -> Order | None:
    """Whether day or month comes first in the dates of a table; None where nothing shows it, or both are there."""
    shown: set[Order] = set()
    for cell in cells:
        found = _readings(cell)
        if len(found) == 1:
            shown.update(order for order in found if order)
    return shown.pop() if len(shown) == 1 else None


def day_of(cell: str, order: Order | None) -> date | None:
    """The day that the cell means in a table of this order; None for the year in which nothing ends.

    Raises BadWord for what is no date, and TwoDates for what may be one of two."""
    found = _readings(cell)
    days = {found[order]} if order in found else set(found.values())  # none where the cell is no date
    if not days:
        raise BadWord(f"`{cell[:60]}` is not a date", WRITE)
    if len(days) > 1:
        first, second = sorted(days)
        raise TwoDates(f"`{cell}` may be {first} or {second}", WRITE)
    day = days.pop()
    return None if day.year == NEVER else day


@lru_cache(maxsize=4_096)
def _readings(cell: str) -> Mapping[Order | None, date]:
    """Every day that the cell can mean; under None where its form leaves no choice."""
    return {order: day for order, parts in _parts(_CLOCK.sub("", cell).casefold()) if (day := _day(*parts))}


def _parts(text: str) -> Iterator[tuple[Order | None, tuple[str, str, str]]]:
    """Year, month and day as they may be meant. With dots the day comes first wherever dots are written."""
    if found := _YEAR_FIRST.fullmatch(text) or _DIGITS.fullmatch(text):
        yield None, (found[1], found[3], found[4])
    elif found := _YEAR_LAST.fullmatch(text):
        first, sign, second, year = found.groups()
        yield (None if sign == "." else "day"), (year, second, first)
        if sign != ".":
            yield "month", (year, first, second)
    elif found := _DAY_MONTH.fullmatch(text):
        yield None, (found[3], found[2], found[1])
    elif found := _MONTH_DAY.fullmatch(text):
        yield None, (found[3], found[1], found[2])


def _day(year: str, month: str, day: str) -> date | None:
    named = next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(month)), 0)
    try:
        return date(int(year), int(month) if month.isdecimal() else named, int(day))
    except ValueError:
        return None
