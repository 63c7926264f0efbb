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
    problems = _read_plan(path.name, path, files)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    bare = _bundle(path.name, files, ())
    plan, mistakes = parse(bare)
    if plan is None:
        return None, _unique((*problems, *mistakes))
    resolved, strange = _holidays(calendars_needed(plan), plan.rollout.year, plan.place("calendar.country"))
    bundle = _bundle(path.name, files, resolved)
    return bundle, _unique((*problems, *strange))


def _read_plan(name: str, path: Path, files: dict[str, str]) -> tuple[Problem, ...]:
    text, problem = _read(name, path)
    if text is None:
        return (problem,) if problem else ()
    files[name] = text
    found, problems = outline(name, text)
    if found is None:
        return problems
    for parent in found.parents:
        if parent not in files:
            problems = (*problems, *_read_plan(parent, _parent_path(parent, path), files))
    if found.people_file and found.people_file not in files:
        people, missing = _read(found.people_file, path.parent / found.people_file, asked_in=name)
        if people is not None:
            files[found.people_file] = people
        elif missing:
            problems = (*problems, missing)
    return problems


def _parent_path(parent: str, child: Path) -> Path:
    """A file beside the plan, else a shipped plan of that name."""
    beside = child.parent / parent
    return beside if beside.suffix in (".yaml", ".yml") or beside.is_file() else shipped(parent)


def shipped(name: str) -> Path:
    """Where the shipped plan `name` lies; it need not exist."""
    return bundled.folder("plans") / f"{Path(name).name}.yaml"


def _read(name: str, path: Path, asked_in: str = "") -> tuple[str | None, Problem | None]:
    try:
        raw = path.read_bytes()
    except OSError:
        remedy = "name a file beside the plan or a shipped plan (`cadence plans`)"
        place = Place(asked_in or name)
        return None, Problem("P101", Severity.ERROR, place, "", f"cannot read '{name}'", remedy)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding), None
        except UnicodeDecodeError:
            continue
    place = Place(name)
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
            problems.append(Problem("P240", Severity.ERROR, place, "calendar.country", message, remedy))
    return tuple(resolved), tuple(problems)


@lru_cache(maxsize=256)
def _days(country: str, subdivision: str | None, year: int) -> tuple[date, ...]:
    years = range(year - 1, year + YEARS_AROUND)
    return tuple(sorted(public_holidays.country_holidays(country, subdiv=subdivision, years=years)))


def _unique(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
