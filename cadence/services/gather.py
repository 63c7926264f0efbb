"""Reads what a compile needs from disk into a bundle: the plan, its parents, the people file, the holidays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

import holidays as public_holidays

from cadence import bundled
from cadence.core.directory import calendars_needed
from cadence.core.model import Bundle, Place, Problem, Severity
from cadence.core.planfile import outline, parse
from cadence.errors import NothingToActOn

YEARS_AROUND = 3
"""Holidays are resolved from the year before the rollout to so many years after it."""


def gather(path: Path) -> tuple[Bundle | None, tuple[Problem, ...]]:
    """The bundle of the plan at `path`, or every problem that keeps it from being read."""
    if not path.is_file():
        raise NothingToActOn(f"there is no plan file '{path}'")
    files: dict[str, str] = {}
    unreadable = _read_plan(path.name, path, files)
    plan, mistakes = parse(_bundle(path.name, files, ()))
    if path.name not in files:
        return None, unreadable or mistakes
    if plan is None or unreadable:
        return None, _unique((*unreadable, *mistakes))
    resolved, strange = _holidays(calendars_needed(plan), plan.rollout.year, plan.place("calendar.country"))
    bundle = None if strange else _bundle(path.name, files, resolved)
    return bundle, _unique((*mistakes, *strange))


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
        if parent not in files:
            problems = (*problems, *_read_plan(parent, _parent_path(parent, path), files))
    if found.people_file and found.people_file not in files:
        people, unreadable = _read(found.people_file, path.parent / found.people_file)
        if people is not None:
            files[found.people_file] = people
        elif unreadable:
            problems = (*problems, unreadable)
    return problems


def _parent_path(parent: str, child: Path) -> Path:
    """A file beside the plan, else a shipped plan of that name."""
    beside = child.parent / parent
    return beside if beside.suffix in (".yaml", ".yml") or beside.is_file() else shipped(parent)


def shipped(name: str) -> Path:
    """Where the shipped plan `name` lies; it need not exist."""
    return bundled.folder("plans") / f"{Path(name).name}.yaml"


def _read(name: str, path: Path) -> tuple[str | None, Problem | None]:
    """The text; neither text nor problem for a file that is not there."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None, None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding), None
        except UnicodeDecodeError:
            continue
    place = Place(name, 1, 1)
    return None, Problem("P102", Severity.ERROR, place, "", "the text is in no known encoding", "save it as UTF-8")


def _bundle(plan: str, files: dict[str, str], resolved: Iterable[tuple[str, tuple[date, ...]]]) -> Bundle:
    ordered = tuple(files.items())
    days = tuple(resolved)
    digest = hashlib.sha256(repr((plan, ordered, days)).encode()).hexdigest()[:16]
    return Bundle(plan=plan, files=ordered, holidays=days, hash=digest)


def _holidays(
    needed: Iterable[tuple[str, str | None]], year: int, place: Place
) -> tuple[tuple[tuple[str, tuple[date, ...]], ...], tuple[Problem, ...]]:
    resolved: list[tuple[str, tuple[date, ...]]] = []
    problems: list[Problem] = []
    for country, subdivision in sorted(needed, key=lambda pair: (pair[0], pair[1] or "")):
        name = f"{country}-{subdivision}" if subdivision else country
        try:
            resolved.append((name, _days(country, subdivision, year)))
        except NotImplementedError:
            remedy = "write an ISO 3166 code such as US or DE, and a subdivision such as NY or BY"
            message = f"no public holidays are known for '{name}'"
            problems.append(Problem("P212", Severity.ERROR, place, "calendar.country", message, remedy))
    return tuple(resolved), tuple(problems)


@lru_cache(maxsize=256)
def _days(country: str, subdivision: str | None, year: int) -> tuple[date, ...]:
    years = range(year - 1, year + YEARS_AROUND)
    return tuple(sorted(public_holidays.country_holidays(country, subdiv=subdivision, years=years)))


def _unique(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
