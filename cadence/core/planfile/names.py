"""Names of people: their slugs, their parts, the e-mail address a pattern makes of them, and who is meant by a word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from cadence.core.planfile.schema import PersonRow
from cadence.core.triggers.words import BadWord, did_you_mean

MOST_GUESSED = 2_000
"""Above this many names nobody guesses which one was meant: it would take longer than the reading."""
SLOTS = ("first", "last", "id")
"""What a pattern of addresses may say in braces."""
PLAIN = str.maketrans(
    dict(zip("ŁłØøĐđÐðĦħŦŧıŊŋ", "LlOoDdDdHhTtiNn", strict=True))
    | {"Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "Th", "þ": "th", "ẞ": "SS", "ß": "ss"}
)
"""Letters that Unicode does not take apart, as people write them where there are only 26."""


def slug(name: str) -> str:
    """`Zoë O'Hara` -> `zoe-o-hara`: NFKD, ASCII, lower case, hyphens. Empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", name).translate(PLAIN).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def full_name(cells: Iterable[str]) -> str:
    """One name out of its cells; `Last, First` is turned round."""
    name = " ".join(part for cell in cells for part in cell.split())
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() and "," not in first else name


def check_slots(pattern: str) -> None:
    """Raises BadWord for braces in a pattern of addresses that stand for nothing: `{frist}`, `{first`."""
    for slot in re.findall(r"\{([^{}]*)\}", pattern):
        if slot not in SLOTS:
            near = get_close_matches(slot.strip().casefold(), SLOTS, 1)
            hint = f"did you mean {{{near[0]}}}?" if near else "write {first}, {last} or {id}"
            raise BadWord(f"`{{{slot[:40]}}}` stands for nothing", hint)
    if re.search(r"[{}]", re.sub(r"\{[^{}]*\}", "", pattern)):
        raise BadWord("a brace without its other half", "write {first}, {last} or {id}")


def address(pattern: str, name: str, ident: str | None) -> str | None:
    """The address that `pattern` makes of a name; None when a part of it is missing."""
    parts = [slug(part).replace("-", "") for part in name.split()]
    parts = [part for part in parts if part]
    if (
        not parts
        or ("{id}" in pattern and not ident)
        or (len(parts) < 2 and "{last}" in pattern and "{first}" in pattern)
    ):
        return None
    filled = pattern.replace("{first}", parts[0]).replace("{last}", parts[-1])
    return filled.replace("{id}", slug(ident or ""))


class WhoIs:
    """Finds the person meant by a key, an id, an e-mail address or a full name; several of one name are nobody."""

    def __init__(self, rows: Iterable[PersonRow]) -> None:
        self._found: dict[str, set[str]] = {}
        self.keys: set[str] = set()
        for row in rows:
            self.add(row)

    def add(self, row: PersonRow) -> None:
        self.keys.add(row.key)
        for word in (row.id, row.email, row.name):
            if word:
                self._found.setdefault(word.casefold(), set()).add(row.key)

    def alias(self, word: str, key: str) -> None:
        self._found.setdefault(word.casefold(), set()).add(key)

    def find(self, word: str) -> str | None:
        if word in self.keys:
            return word
        found = self.all(word)
        return found[0] if len(found) == 1 else None

    def all(self, word: str) -> tuple[str, ...]:
        """Everybody the word may mean, ordered by key."""
        turned = full_name([word])
        return tuple(sorted(self._found.get(word.casefold(), set()) | self._found.get(turned.casefold(), set())))

    def nearest(self, word: str, others: Iterable[str] = ()) -> str:
        """`did you mean ...?`, out of all keys and `others`; empty when nothing is near."""
        known = (*others, *sorted(self.keys)) if len(self.keys) <= MOST_GUESSED else tuple(others)
        return did_you_mean(word[:60], known)
