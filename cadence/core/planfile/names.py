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
MOST_GUESSES = 20
"""Words that somebody is guessed for, in one reading: whoever misspelt more has another mistake."""
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "cpa", "esq"})
"""What stands behind a comma and is no first name."""
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
    """One name out of its cells; in a single one `Last, First` is turned round, and `James Carter, PhD` is not."""
    parts = [" ".join(cell.split()) for cell in cells if cell and not cell.isspace()]
    name = " ".join(parts)
    last, *others = (part.strip() for part in name.split(","))
    ends = [part for part in others if _is_suffix(part)]
    first = others[0] if others else ""
    turned = first and others == [first, *ends] and len(parts) == 1 and not _is_suffix(first)
    return ", ".join([f"{first} {last}".strip(), *ends]) if turned else name


def _is_suffix(word: str) -> bool:
    return word.replace(".", "").casefold() in SUFFIXES


def key_of(name: str, email: str | None, ident: str | None) -> str:
    """The key somebody is first called by: out of the name, else of their own address, else `person-ID`.

    Empty for a name in other letters than these 26 with neither."""
    local = (email or "").partition("@")[0]
    number = slug(ident or "")
    return slug(name) or slug(local) or (f"person-{number}" if number else "")


def identities(key: str, email: str | None, ident: str | None) -> tuple[str, ...]:
    """What somebody may be known by, best first: the id, the address, and the mere key, which is only a promise."""
    known = (f"id:{ident}" if ident else None, f"mail:{email.lower()}" if email else None, f"key:{key}")
    return tuple(word for word in known if word)


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
    plain = [slug(part).replace("-", "") for part in name.replace(",", " ").split() if not _is_suffix(part)]
    parts = [part for part in plain if part]
    wanted = [slot for slot in ("first", "last") if f"{{{slot}}}" in pattern]
    if len(parts) < len(wanted) or ("{id}" in pattern and not ident):
        return None
    first, last = (parts[0], parts[-1]) if parts else ("", "")
    return pattern.replace("{first}", first).replace("{last}", last).replace("{id}", slug(ident or ""))


class WhoIs:
    """Finds the person meant by a key, an id, an e-mail address or a full name; several of one name are nobody."""

    def __init__(self, rows: Iterable[PersonRow]) -> None:
        self._found: dict[str, set[str]] = {}
        self._aliases: dict[str, str] = {}
        self._guessed: dict[tuple[str, ...], str] = {}
        self.keys: set[str] = set()
        for row in rows:
            self.add(row)

    def add(self, row: PersonRow) -> None:
        self.keys.add(row.key)
        for word in (row.id, row.email, row.name):
            if word:
                self._found.setdefault(word.casefold(), set()).add(row.key)

    def alias(self, word: str, key: str) -> None:
        """`word` is another key of the same person, and means nobody else."""
        self._aliases[word] = key

    def find(self, word: str) -> str | None:
        """The key of the one person whom `word` means; keys go before everything else."""
        if word in self.keys or word in self._aliases:
            return self._aliases.get(word, word)
        found = self.all(word)
        return found[0] if len(found) == 1 else None

    def all(self, word: str) -> tuple[str, ...]:
        """Everybody the word may mean, ordered by key."""
        turned = full_name([word])
        return tuple(sorted(self._found.get(word.casefold(), set()) | self._found.get(turned.casefold(), set())))

    def nearest(self, word: str, others: Iterable[str] = ()) -> str:
        """`did you mean ...?`, out of all keys and `others`; empty when nothing is near, and after many guesses."""
        word, others = word[:60], tuple(others)
        if (word, *others) not in self._guessed and len(self._guessed) < MOST_GUESSES:
            keys = sorted(self.keys) if len(self.keys) <= MOST_GUESSED else ()
            self._guessed[word, *others] = did_you_mean(word, (*others, *keys))
        return self._guessed.get((word, *others), "")
