"""The text of a new plan from a few answers: what repeats is left to the shipped plan it extends."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from pathlib import Path

from cadence.core.planfile.names import address, check_slots, slug
from cadence.core.triggers.words import BadWord
from cadence.errors import NothingToActOn, WrongUsage

COLUMNS = {
    "id": ("id", "employee id", "employee_id", "personnel number"),
    "name": ("name", "full name", "employee", "employee name", "rep", "agent", "sales_agent", "sales agent"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address"),
    "manager": ("manager", "manager name", "reports to", "reports_to", "supervisor"),
    "team": ("team",),
    "region": ("region", "regional_office", "regional office", "territory"),
    "place": ("place", "location", "office", "site"),
}
"""What a column of people is usually called, by the plan's word for it."""


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    email: str | None = None

    @property
    def key(self) -> str:
        return slug(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers. `vp`, `sponsor` and `keeper` are written `Name <e-mail>`; `beside` is the plan's folder."""

    plan: str
    title: str
    rollout: date
    people: Path | None
    teams: tuple[tuple[str, tuple[str, ...]], ...]
    email: str
    vp: str
    sponsor: str
    keeper: str
    country: str
    timezone: str
    beside: Path


def team_of(written: str) -> tuple[str, tuple[str, ...]]:
    """`Dana Ruiz: Moses Frase, Anna Snelling` -> the manager and the reps. Raises WrongUsage."""
    manager, colon, rest = written.partition(":")
    reps = tuple(name.strip() for name in rest.split(",") if name.strip())
    if not (colon and manager.strip() and reps):
        raise WrongUsage(f"'{written}' is no team; write it as 'Manager: rep, rep'")
    return manager.strip(), reps


def somebody(written: str) -> Somebody:
    """`Kim Lee <kim@example.com>`, or either of the two. Raises WrongUsage."""
    name, mail = parseaddr(written)
    if not name and "@" in mail:
        name = re.sub(r"[._-]+", " ", mail.partition("@")[0]).title()
    elif not name:
        name, mail = written.strip(), ""
    if not slug(name):
        raise WrongUsage(f"'{written}' names nobody; write it as 'Kim Lee <kim@example.com>'")
    return Somebody(name, mail or None)


def draft(answers: Draft) -> str:
    """The plan as text; every value is quoted, so that nobody's name can be read as something else. Raises WrongUsage
    for a pattern of addresses that says nothing, and for somebody who cannot be all that they are named as."""
    try:
        check_slots(answers.email)
    except BadWord as wrong:
        raise WrongUsage(f"--email: {wrong}".replace("`", "'")) from None
    _one_place_each(answers)
    return "\n".join(_lines(answers)) + "\n"


def _one_place_each(answers: Draft) -> None:
    """A rep has one manager and no other part: else one of the two would be lost without a word."""
    offices = {"VP": answers.vp, "sponsor": answers.sponsor, "keeper": answers.keeper}
    parts = {somebody(written).key: f"the {office}" for office, written in offices.items()}
    parts |= {somebody(manager).key: "a manager" for manager, _ in answers.teams}
    for manager, reps in answers.teams:
        part = f"a rep of {somebody(manager).name}"
        for rep in map(somebody, reps):
            if parts.setdefault(rep.key, part) != part:
                raise WrongUsage(f"{rep.name} is {parts[rep.key]} and {part}; name each rep in one team only")


def _lines(answers: Draft) -> Iterator[str]:
    vp, sponsor, keeper = (somebody(one) for one in (answers.vp, answers.sponsor, answers.keeper))
    yield "# yaml-language-server: $schema=plan.schema.json"
    yield "# `cadence schema > plan.schema.json` gives editors what they need to complete and check this file."
    yield f"plan: {_quoted(slug(answers.plan) or answers.plan)}"
    yield f"title: {_quoted(answers.title)}"
    yield "extends: sbi-six-actions               # what you write here wins; `quick-wins: off` drops an activity"
    yield f"rollout: {answers.rollout}"
    yield f"timezone: {_quoted(answers.timezone)}"
    yield f"calendar: {{country: {_quoted(answers.country.upper())}}}"
    yield f"keepers: [{_quoted(keeper.key)}]"
    yield ""
    yield "people:"
    yield from _file(answers)
    if answers.email and answers.people:
        yield f"  email: {_quoted(answers.email)}"
    yield "  list:"
    yield from _listed(answers, vp, sponsor, keeper)
    roles = {"vp": vp, "sponsor": sponsor, "enablement": keeper}
    named = ", ".join(f"{role}: {_quoted(one.key)}" for role, one in roles.items())
    yield f"roles: {{{named}}}"
    yield ""
    yield "activities:"
    yield "  # The review after 90 days wants somebody from outside: give `roles` an `assessor`, then drop this line."
    yield "  qbr-day-90: off"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _file(answers: Draft) -> Iterator[str]:
    if answers.people is None:
        return
    columns = _columns(answers.people)
    yield f"  file: {_quoted(Path(os.path.relpath(answers.people, answers.beside)).as_posix())}"
    if named := {word: heading for word, heading in columns.items() if word != heading}:
        yield f"  columns: {{{', '.join(f'{word}: {_quoted(heading)}' for word, heading in named.items())}}}"


def _columns(file: Path) -> dict[str, str]:
    """The plan's word -> the heading in the file, for those that can be told."""
    if not file.is_file():
        raise NothingToActOn(f"there is no people file '{file}'")
    first = file.read_bytes()[:65536].decode("utf-8-sig", "replace").splitlines()[:1] or [""]
    separator = max(",;\t", key=first[0].count)
    headings = next(csv.reader(first, delimiter=separator), [])
    known = {heading.strip().lower(): heading.strip() for heading in headings}
    return {
        word: next(known[name] for name in names if name in known)
        for word, names in COLUMNS.items()
        if any(name in known for name in names)
    }


def _listed(answers: Draft, vp: Somebody, sponsor: Somebody, keeper: Somebody) -> Iterator[str]:
    seen: set[str] = set()
    above = {vp.key: sponsor.key, keeper.key: sponsor.key}
    for one in (sponsor, vp, keeper):
        if one.key not in seen:
            seen.add(one.key)
            boss = above.get(one.key) if above.get(one.key) != one.key else None
            yield _person(one, reports_to=boss)
    for name, reps in answers.teams:
        manager = somebody(name)
        for one, boss in ((manager, None), *((somebody(rep), manager.key) for rep in reps)):
            if one.key not in seen:
                seen.add(one.key)
                mail = one.email or address(answers.email, one.name, None)
                yield _person(Somebody(one.name, mail), manager=boss)


def _person(one: Somebody, **more: str | None) -> str:
    parts = {"name": one.name, "email": one.email, **more}
    written = ", ".join(f"{word}: {_quoted(value)}" for word, value in parts.items() if value)
    return f"    {one.key}: {{{written}}}"
