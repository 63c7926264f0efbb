"""The text of a new plan from a few answers: what repeats is left to the shipped plan it extends."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email.utils import parseaddr
from pathlib import Path

from cadence.cli.headings import columns
from cadence.core.compiler.findings import few
from cadence.core.planfile.names import address, check_slots, slug
from cadence.core.triggers.words import BadWord
from cadence.errors import WrongUsage

MARGIN = 38
"""Where the comments of a plan begin."""
WIDTH = 110
_SAFE = re.compile(r"[^\W\d_](?:[\w.@/+ -]*[\w.])?")
_READ_OTHERWISE = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Somebody:
    name: str
    email: str | None = None

    @property
    def key(self) -> str:
        return slug(self.name)


Team = tuple[str, tuple[str, ...]]
Rows = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """The answers. `vp`, `sponsor`, `keeper` and `assessor` are written `Name <e-mail>`, no `assessor` is the empty
    string; `where` holds columns and the values that are kept; `unwanted` are the activities of `extends` to leave
    out, `waiting` those that wait for an assessor, `example` is one that stays; `examples` are the people whom nobody
    named; `beside` is the plan's folder."""

    plan: str
    title: str
    extends: str
    rollout: date
    people: Path | None
    where: tuple[Rows, ...]
    teams: tuple[Team, ...]
    email: str
    vp: str
    sponsor: str
    keeper: str
    assessor: str
    country: str
    timezone: str
    beside: Path
    unwanted: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    example: str = "field-rides"
    examples: tuple[str, ...] = ()

    @property
    def offices(self) -> Mapping[str, Somebody]:
        """The roles that somebody has, in the order in which a plan names them."""
        said = {"vp": self.vp, "sponsor": self.sponsor, "enablement": self.keeper, "assessor": self.assessor}
        return {role: somebody(written) for role, written in said.items() if written}


def team_of(written: str) -> Team:
    """`Dana Ruiz: Moses Frase, Anna Snelling` -> the manager and the reps. Raises WrongUsage."""
    return _headed(written, "is no team; write it as 'Manager: rep, rep'")


def kept_rows(written: str) -> Rows:
    """`Job: Sales Manager, Account Executive` -> the column and the values that are kept. Raises WrongUsage."""
    return _headed(written, "keeps no rows; write it as 'Column: value, value'")


def _headed(written: str, complaint: str) -> tuple[str, tuple[str, ...]]:
    head, colon, rest = written.partition(":")
    parts = tuple(part.strip() for part in rest.split(",") if part.strip())
    if not (colon and head.strip() and parts):
        raise WrongUsage(f"'{written}' {complaint}")
    return head.strip(), parts


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
    """The plan as text; what could be read as something else is quoted. Raises WrongUsage for a pattern of addresses
    that says nothing, and for somebody who cannot be all that they are named as."""
    try:
        check_slots(answers.email)
    except BadWord as wrong:
        raise WrongUsage(f"--email: {wrong}".replace("`", "'")) from None
    _one_place_each(answers)
    parts = (_head(answers), _terms(answers), _people(answers), _activities(answers))
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _one_place_each(answers: Draft) -> None:
    """A rep has one manager and no other part, and everybody one address: else one of the two would be lost without a
    word."""
    mails: dict[str, str] = {}
    for one in (*answers.offices.values(), *(somebody(name) for head, reps in answers.teams for name in (head, *reps))):
        if one.email and mails.setdefault(one.key, one.email) != one.email:
            raise WrongUsage(f"{one.name} is {mails[one.key]} and {one.email}; give one address")
    offices = {"the VP": answers.vp, "the sponsor": answers.sponsor, "the keeper": answers.keeper}
    if answers.assessor:
        offices["the assessor"] = answers.assessor
    parts = {somebody(written).key: office for office, written in offices.items()}
    parts |= {somebody(manager).key: "a manager" for manager, _ in answers.teams}
    for manager, reps in answers.teams:
        part = f"a rep of {somebody(manager).name}"
        for rep in map(somebody, reps):
            if parts.setdefault(rep.key, part) != part:
                raise WrongUsage(f"{rep.name} is {parts[rep.key]} and {part}; name each rep in one team only")


def _head(answers: Draft) -> Iterator[str]:
    yield "# yaml-language-server: $schema=plan.schema.json"
    yield "#"
    yield f"# What happens, and when, comes from `{answers.extends}`; here stand people, dates, and what differs."
    yield "# `cadence check` says what is wrong with this file, `cadence diff` what a change of it would change."


def _terms(answers: Draft) -> Iterator[str]:
    yield _noted(f"plan: {_word(slug(answers.plan) or answers.plan)}", "the id; it never changes")
    yield f"title: {_word(answers.title)}"
    yield f"extends: {answers.extends}"
    yield _noted(f"rollout: {answers.rollout}", "day 0: the first working day after the training event")
    yield _noted(f"timezone: {_word(answers.timezone)}", "for whoever has no other")
    yield _noted(f"calendar: {{country: {_word(answers.country.upper())}}}", "whose public holidays count")
    keeper = answers.offices["enablement"].key
    yield _noted(f"keepers: [{_word(keeper)}]", "who keeps the plan: sees the exceptions, may act for others")


def _people(answers: Draft) -> Iterator[str]:
    yield "people:"
    yield from _file(answers)
    invented = few(answers.examples, len(answers.examples))
    yield _noted("  list:", f"examples, to be replaced: {invented}") if invented else "  list:"
    yield from _listed(answers)
    yield f"roles: {{{', '.join(f'{role}: {_word(one.key)}' for role, one in answers.offices.items())}}}"
    vp, keeper = answers.offices["vp"].key, answers.offices["enablement"].key
    if vp != keeper:
        yield _noted(f"# backups: {{vp: {_word(keeper)}}}", "who steps in while somebody is away")


def _activities(answers: Draft) -> Iterator[str]:
    one = answers.example
    if not (answers.unwanted or answers.waiting):
        yield "# activities:"
        yield _noted(f"#   {one}: {{title: Another title}}", f"what differs; `{one}: off` would drop it")
        return
    yield "activities:"
    yield f"  # Say what differs, as in `{one}: {{title: Another title}}`; `{one}: off` drops an activity."
    yield from (f"  {key}: off" for key in answers.unwanted)
    if answers.waiting:
        yield "  # This wants somebody from outside: give `roles` an `assessor`, then drop the line."
        yield from (f"  {key}: off" for key in answers.waiting)


def _noted(line: str, why: str) -> str:
    return f"{line:<{MARGIN}} # {why}"


def _word(text: str) -> str:
    """As YAML takes it for a text and nothing else: plain where that is safe, else in quotes."""
    if _SAFE.fullmatch(text) and text.lower() not in _READ_OTHERWISE:
        return text
    return json.dumps(text, ensure_ascii=False)


def _file(answers: Draft) -> Iterator[str]:
    if answers.people is None:
        return
    known = columns(answers.people)
    yield f"  file: {_word(Path(os.path.relpath(answers.people, answers.beside)).as_posix())}"
    named = [f"{word}: {_headings(headings)}" for word, headings in known.items() if headings != (word,)]
    yield from _either("  columns:", f"{{{', '.join(named)}}}", named) if named else ()
    if answers.where:
        yield _noted("  where:", "keeps these rows")
        for column, values in answers.where:
            words = [_word(value) for value in values]
            yield from _either(f"    {_word(column)}:", f"[{', '.join(words)}]", [f"- {word}" for word in words])
    if answers.email:
        yield _noted(f"  email: {_word(answers.email)}", "for whoever has none in the file")


def _headings(headings: tuple[str, ...]) -> str:
    """One heading, or the list of those that a name is made of."""
    words = [_word(heading) for heading in headings]
    return words[0] if len(words) == 1 else f"[{', '.join(words)}]"


def _either(head: str, short: str, lines: Iterable[str]) -> Iterator[str]:
    """On one line where it fits, else a line each."""
    if len(head) + 1 + len(short) <= WIDTH:
        yield f"{head} {short}"
        return
    yield head
    indent = " " * (len(head) - len(head.lstrip()) + 2)
    yield from (f"{indent}{line}" for line in lines)


def _listed(answers: Draft) -> Iterator[str]:
    """One line a person: those with a role, then each manager and the team."""
    offices = answers.offices
    sponsor = offices["sponsor"].key
    seen: set[str] = set()
    for role in ("sponsor", "vp", "enablement", "assessor"):
        one = offices.get(role)
        if one and one.key not in seen:
            seen.add(one.key)
            outside = role == "assessor"
            yield _person(one, reports_to=None if outside or one.key == sponsor else sponsor, external=outside)
    for name, reps in answers.teams:
        manager = somebody(name)
        for one, boss in ((manager, None), *((somebody(rep), manager.key) for rep in reps)):
            if one.key not in seen:
                seen.add(one.key)
                mail = one.email or address(answers.email, one.name, None)
                yield _person(Somebody(one.name, mail), manager=boss)


def _person(one: Somebody, *, external: bool = False, **more: str | None) -> str:
    parts = {"name": one.name, "email": one.email, **more}
    written = [f"{word}: {_word(value)}" for word, value in parts.items() if value]
    return f"    {one.key}: {{{', '.join([*written, *(('external: true',) if external else ())])}}}"
