"""The words: every sentence a person reads, from `templates/LANGUAGE/`, the installation's own folder first.

A catalogue (all `*.toml` of the folder) holds sentences as one-line templates; a page is a whole file. Sentences are
plain text, because each channel escapes in its own way; pages that end in `.html`, `.svg` or `.xml` are escaped here.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names, get_month_names
from jinja2 import FunctionLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cadence import bundled
from cadence.errors import CadenceError

ENGLISH = "en"
LONGEST = 1024 * 1024
"""Characters a template may put out, so that a slip in an own template cannot fill the memory or a mailbox."""

SENTENCES = 4096
"""How many sentences of a language are kept as they were last said."""
ESCAPED = (".html", ".svg", ".xml")


class NoWords(CadenceError):
    """The words for something are missing or cannot be read; says which and where they belong."""


def words(language: str = ENGLISH, own: Path | None = None) -> Words:
    """The words in `language`; one that no folder speaks becomes its main language (`de-AT`: `de`), then English."""
    roots = (bundled.folder("templates"), *([own.resolve()] if own else []))
    tag = language.replace("-", "_") if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", language) else ENGLISH
    for spoken in (tag, tag.partition("_")[0].lower()):
        if any((root / spoken).is_dir() for root in roots):
            return _words(spoken, tag, roots)
    return _words(ENGLISH, ENGLISH, roots)


@lru_cache(maxsize=64)
def _words(spoken: str, tag: str, roots: tuple[Path, ...]) -> Words:
    names = dict.fromkeys((ENGLISH, spoken))
    return Words(spoken, _locale(tag, spoken), tuple(root / name for name in names for root in roots))


def _locale(*tags: str) -> Locale:
    for tag in tags:
        try:
            return Locale.parse(tag)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale(ENGLISH)


class Words:
    """What is said in one language. `folders` are searched from the last to the first: the last word wins."""

    def __init__(self, language: str, locale: Locale, folders: tuple[Path, ...]) -> None:
        self.language = language
        self._locale = locale
        self._folders = tuple(folder for folder in folders if folder.is_dir())
        self._entries = _catalogue(self._folders)
        self._compiled: dict[str, Template] = {}
        self._said = lru_cache(maxsize=SENTENCES, typed=True)(self._say)
        self._jinja = ImmutableSandboxedEnvironment(
            loader=FunctionLoader(self._source),
            undefined=StrictUndefined,
            autoescape=lambda name: name is not None and name.endswith(ESCAPED),
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters |= {"day": self.day, "clock": self.clock, "month": self.month, "weekday": self.weekday}
        self._jinja.globals["say"] = self.say

    def say(self, key: str, /, **facts: object) -> str:
        """The sentence called `key` with `facts` filled in, as plain text. Raises NoWords, a missing fact included."""
        try:  # the same sentence is said again and again; instants are left out: equal ones may read differently
            known = not any(isinstance(fact, datetime) for fact in facts.values())
            return self._said(key, **facts) if known else self._say(key, **facts)
        except TypeError:  # facts that have no hash
            return self._say(key, **facts)

    def _say(self, key: str, /, **facts: object) -> str:
        if key not in self._entries:
            raise NoWords(f"no words for '{key}' in '{self.language}'; add it to a .toml file in {self._folders[-1]}")
        return self._filled(f"the words for '{key}'", lambda: _rendered(self._template(key), facts))

    def page(self, name: str, /, **facts: object) -> str:
        """The file `name` with `facts` filled in; inside, `say(...)` gives sentences. Raises NoWords."""
        return self._filled(f"the page '{name}'", lambda: _rendered(self._jinja.get_template(name), facts))

    @cached_property
    def digest_of_templates(self) -> str:
        """Names the exact words that were in use, for the ledger: a changed file is a changed digest."""
        digest = hashlib.sha256()
        for folder in self._folders:
            for path in sorted(path for path in folder.rglob("*") if path.is_file()):
                content = path.read_bytes()
                digest.update(f"{path.relative_to(folder).as_posix()}\n{len(content)}\n".encode() + content)
        return digest.hexdigest()[:16]

    def day(self, value: object, zone: str | None = None) -> str:
        """`Tue 12 Jan`. An instant is shown on the day it has in `zone`, without one in its own."""
        if not isinstance(value, date):
            raise TypeError(f"{value} is not a day")
        if zone and isinstance(value, datetime):
            value = value.astimezone(ZoneInfo(zone))
        return str(format_date(value, self._pattern("day", "EEE d MMM"), locale=self._locale))

    def clock(self, value: object, zone: str | None = None) -> str:
        """`08:30`, the wall time in `zone`, without one the value's own."""
        if isinstance(value, datetime):
            value = (value.astimezone(ZoneInfo(zone)) if zone else value).time()
        if not isinstance(value, time):
            raise TypeError(f"{value} is not a time")
        return str(format_time(value, self._pattern("clock", "HH:mm"), locale=self._locale))

    def month(self, value: date | int) -> str:
        """`January`, of a day or of the month's number."""
        number = value if isinstance(value, int) else value.month
        return str(get_month_names("wide", "stand-alone", self._locale)[number])

    def weekday(self, value: date | int) -> str:
        """`Tuesday`, of a day or of the weekday's number (0 is Monday)."""
        number = value if isinstance(value, int) else value.weekday()
        return str(get_day_names("wide", "stand-alone", self._locale)[number])

    def _filled(self, what: str, fill: Callable[[], str]) -> str:
        try:
            return fill()
        except NoWords:
            raise
        except Exception as error:  # a template raises whatever its expressions do: a division, a fact of another type
            said = str(error) or type(error).__name__
            raise NoWords(f"{what} in '{self.language}' cannot be filled in: {said}") from error

    def _pattern(self, name: str, default: str) -> str:
        return self._entries.get(f"format.{name}", default)

    def _template(self, key: str) -> Template:
        if key not in self._compiled:
            self._compiled[key] = self._jinja.from_string(self._entries[key])
        return self._compiled[key]

    def _source(self, name: str) -> str | None:
        for folder in reversed(self._folders):
            path = (folder / name).resolve()
            if path.is_relative_to(folder.resolve()) and path.is_file():
                return path.read_text(encoding="utf-8")
        return None


def _rendered(template: Template, facts: Mapping[str, object]) -> str:
    pieces: list[str] = []
    length = 0
    for piece in template.generate(**facts):
        length += len(piece)
        if length > LONGEST:
            raise NoWords(f"the template {template.name or ''} puts out more than {LONGEST} characters; shorten it")
        pieces.append(piece)
    return "".join(pieces)


def _catalogue(folders: tuple[Path, ...]) -> dict[str, str]:
    entries: dict[str, str] = {}
    for folder in folders:
        entries |= _folder_entries(folder)
    return entries


def _folder_entries(folder: Path) -> dict[str, str]:
    """One folder's sentences; the same key in two of its files is a slip that would hide one of them."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.toml")):
        if not path.resolve().is_relative_to(folder.resolve()):
            raise NoWords(f"{path} points out of its folder; put the file itself there")
        try:
            read = dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValueError) as error:
            raise NoWords(f"{path}: {error}") from error
        if twice := sorted(found.keys() & read.keys()):
            raise NoWords(f"{path}: '{twice[0]}' is said twice in {folder}; keep one of them")
        found |= read
    return found


def _flat(table: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{above}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, str) and "\n" not in value:
            yield key, value
        else:
            raise ValueError(f"'{key}' is not one line of text; write it as {name} = \"...\"")
