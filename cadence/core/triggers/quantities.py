"""Amounts of an indicator: `70%`, `14 days`, `12000 EUR`; what two countries would read differently is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from cadence.core.triggers.words import BadWord, did_you_mean, tidy

UNITS = ("percent", "count", "days", "hours", "minutes", "points", "ratio")
"""What an indicator can be counted in, beside the three letters of a currency."""

QUANTITY_EXAMPLES = "`70%`, `14 days`, `1200`, `12000 EUR`"
_WORDS = {"%": "percent", "day": "days", "hour": "hours", "h": "hours", "min": "minutes", "minute": "minutes",
          "point": "points", **{unit: unit for unit in UNITS}}  # fmt: skip
_QUANTITY = re.compile(r"(?P<before>[A-Z]{3} )?(?P<amount>[+-]?[0-9]{1,12}(?:\.[0-9]{1,6})?) ?(?P<unit>%|[A-Za-z]+)?")
_TWO_READINGS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount, and its unit where one stands with it."""

    amount: Decimal
    unit: str | None = None

    def __str__(self) -> str:
        number = f"{self.amount:f}"
        return f"{number}%" if self.unit == "percent" else f"{number} {self.unit}" if self.unit else number


def parse_unit(text: str) -> str:
    """`percent`, `days`, ..., or a currency's three capital letters."""
    word = tidy(text)
    if re.fullmatch(r"[A-Z]{3}", word):
        return word
    if word.lower() in _WORDS:
        return _WORDS[word.lower()]
    raise BadWord(f"`{word[:60]}` is not a unit", lambda: _near_unit(word))


def _near_unit(word: str) -> str:
    if near := did_you_mean(word.lower()[:60], UNITS):
        return near
    if re.fullmatch(r"[a-z]{3}", word):
        return f"did you mean `{word.upper()}`?"
    return f"write one of {', '.join(UNITS)}, or a currency such as `EUR`"


def parse_quantity(text: str) -> Quantity:
    word = tidy(text)
    found = _QUANTITY.fullmatch(word)
    if not found or (found["before"] and found["unit"]):
        remedy = "write thousands without a separator: `1200`" if "," in word or "'" in word else ""
        raise BadWord(f"`{word[:60]}` is not an amount", remedy or f"write {QUANTITY_EXAMPLES}")
    if _TWO_READINGS.fullmatch(found["amount"]):
        whole = found["amount"].replace(".", "")
        raise BadWord(f"`{word}` may be thousands or a fraction", f"write `{whole}`, or fewer decimals")
    unit = found["unit"] or (found["before"] or "").strip()
    return Quantity(Decimal(found["amount"]), parse_unit(unit) if unit else None)
