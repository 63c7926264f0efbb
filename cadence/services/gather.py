"""Reads what a compile needs from disk into a bundle: the plan, its parents, the people file, the holidays.

Whoever writes a plan is trusted with little. What a plan names is looked for from where the plan lies, `../` included,
because an export of HR seldom lies beside it. A link is followed too: whoever may lay one beside the plan may lay the
file there. An absolute path is not, and nothing is read that is no regular file: a folder cannot be read, a pipe or a
device may never end. No text is read beyond the budget.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_ISREG
from types import MappingProxyType

import holidays as public_holidays

from cadence import bundled
from cadence.core.directory import calendars_needed
from cadence.core.model import Bundle, Place, Problem, Severity
from cadence.core.model.bundles import bundle_hash
from cadence.core.planfile import BUDGET, outline, parse
from cadence.core.planfile.schema import Plan
from cadence.errors import NothingToActOn

YEARS_AROUND = 3
"""Holidays are resolved from the year before the first rollout to so many years after the last: as long as a plan
may be."""
NOBODY: Mapping[str, str] = MappingProxyType({})
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a text may begin with, and its encoding: Excel's Unicode text is UTF-16."""
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What an Excel workbook begins with. It is no text: the reader is left to say so."""


def gather(path: Path, aliases: Mapping[str, str] = NOBODY) -> tuple[Bundle | None, tuple[Problem, ...]]:
    """The bundle of the plan at `path`, or every problem that keeps it from being read.

    `aliases` maps an identity to the key the installation knows it by: a plan may name people by those too."""
    if not path.is_file():
        raise NothingToActOn(f"there is no plan file '{path}'")
    files: dict[str, str] = {}
    unreadable = _read_plan(path.name, path, files)
    plan, mistakes = parse(_bundle(path.name, files, ()), aliases, plans=_plans(path))
    if path.name not in files:
        return None, unreadable or mistakes
    if plan is None or unreadable:
        return None, _unique((*unreadable, *(one for one in mistakes if not _said(one, unreadable))))
    resolved, strange = _holidays(plan)
    bundle = None if strange else _bundle(path.name, files, resolved)
    return bundle, _unique((*mistakes, *strange))


def _said(mistake: Problem, unreadable: Iterable[Problem]) -> bool:
    """Whether it calls a file missing that is there and cannot be read."""
    return mistake.code in ("P100", "P210") and any(one.place.file in mistake.message for one in unreadable)


def _read_plan(name: str, path: Path, files: dict[str, str]) -> tuple[Problem, ...]:
    """Adds the text at `path` and what it asks for to `files`. One that is not there is a mistake of the plan that
    names it, and reported with all others when the plan is read."""
    text, problem = _read(name, path)
    if text is None:
        return (problem,) if problem else ()
    files[name] = text
    found, _ = outline(name, text)
    if found is None:
        return ()
    problems: tuple[Problem, ...] = ()
    for parent in found.parents:
        if parent not in files and not _absolute(parent):
            problems = (*problems, *_read_plan(parent, _parent_path(parent, path), files))
    if found.people_file and found.people_file not in files and not _absolute(found.people_file):
        people, unreadable = _read(found.people_file, path.parent / found.people_file)
        if people is not None:
            files[found.people_file] = people
        elif unreadable:
            problems = (*problems, unreadable)
    return problems


def _absolute(name: str) -> bool:
    """Whether `name` says where something lies on one machine, of whichever system: `/etc/x`, `C:\\x`, `~/x`."""
    return PurePosixPath(name).is_absolute() or bool(PureWindowsPath(name).anchor) or name.startswith("~")


def _parent_path(parent: str, child: Path) -> Path:
    """A file beside the plan, else a shipped plan of that name."""
    beside = child.parent / parent
    return beside if beside.suffix in (".yaml", ".yml") or beside.is_file() else shipped(parent)


def _plans(child: Path) -> tuple[str, ...]:
    """What a plan at `child` can extend: the shipped plans and the other ones beside it."""
    beside = (one.name for one in child.parent.glob("*.y*ml") if one.name != child.name)
    return tuple(sorted((*beside, *(one.stem for one in bundled.folder("plans").glob("*.yaml")))))


def shipped(name: str) -> Path:
    """Where the shipped plan `name` lies; it need not exist."""
    return bundled.folder("plans") / f"{Path(name).name}.yaml"


def _read(name: str, path: Path) -> tuple[str | None, Problem | None]:
    """The text; neither text nor problem for what is not there, or is no regular file that can be read."""
    try:
        if not S_ISREG(path.stat().st_mode):
            return None, None
        with path.open("rb") as file:
            raw = file.read(BUDGET.size + 1)
    except (OSError, ValueError):
        return None, None
    text = _decoded(raw)
    if text is not None:
        return text, None
    place = Place(name, 1, 1)
    return None, Problem("P102", Severity.ERROR, place, "", "the text is in no known encoding", "save it as UTF-8")


def text_of(path: Path) -> str | None:
    """The text at `path`, whatever its encoding; None where there is none to be read."""
    return _read(path.name, path)[0]


def _decoded(raw: bytes) -> str | None:
    """By its mark, else UTF-8, else as Windows wrote it in the west; None for anything else.

    More than the budget is one character a byte, whatever it was: the reader refuses it by its length."""
    if len(raw) > BUDGET.size or raw.startswith(WORKBOOKS):
        return raw.decode("latin-1")
    marked = next((encoding for mark, encoding in MARKS if raw.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _bundle(plan: str, files: dict[str, str], resolved: Iterable[tuple[str, tuple[date, ...]]]) -> Bundle:
    texts, days = tuple(files.items()), tuple(resolved)
    return Bundle(plan=plan, files=texts, holidays=days, hash=bundle_hash(plan, texts, days))


def _holidays(plan: Plan) -> tuple[tuple[tuple[str, tuple[date, ...]], ...], tuple[Problem, ...]]:
    """The holidays of everybody in the plan, and a mistake for each calendar that there is not, where it is said."""
    rollouts = [plan.rollout, *(wave.rollout for wave in plan.waves)]
    years = range(min(rollouts).year - 1, max(rollouts).year + YEARS_AROUND + 1)
    resolved: list[tuple[str, tuple[date, ...]]] = []
    problems: list[Problem] = []
    for (country, subdivision), (place, path) in sorted(calendars_needed(plan).items(), key=str):
        name = f"{country}-{subdivision}" if subdivision else country
        try:
            resolved.append((name, _days(country, subdivision, years)))
        except NotImplementedError:
            remedy = "write an ISO 3166 code such as US or DE, and a subdivision such as NY or BY"
            message = f"no public holidays are known for '{name}'"
            problems.append(Problem("P212", Severity.ERROR, place, path, message, remedy))
    return tuple(sorted(resolved)), tuple(problems)


@lru_cache(maxsize=256)
def _days(country: str, subdivision: str | None, years: range) -> tuple[date, ...]:
    return tuple(sorted(public_holidays.country_holidays(country, subdiv=subdivision, years=years)))


def _unique(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
