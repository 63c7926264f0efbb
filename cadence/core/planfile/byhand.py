"""Who left and who replaces whom by hand: it counts above what the files say, until they say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cadence.core.model import ByHand, Problem, Severity
from cadence.core.planfile.names import identities
from cadence.core.planfile.schema import PersonRow, Plan
from cadence.core.planfile.translate import spoken

Aliases = Mapping[str, str]
"""From an identity to the key that the installation knows the person by."""


def with_people_by_hand(plan: Plan, said: Sequence[ByHand], aliases: Aliases) -> Plan:
    """`plan` with what was `said`; about whom it does not name is passed over."""
    if not said:
        return plan
    rows = _by_key(plan, aliases)
    told = {rows[one.person].key: one for one in said if one.person in rows}
    amended = tuple(_amended(row, told.get(row.key), rows) for row in plan.people.rows)
    return plan.model_copy(update={"people": plan.people.model_copy(update={"rows": amended})})


def _by_key(plan: Plan, aliases: Aliases) -> dict[str, PersonRow]:
    """The rows by the key for good."""
    return {_known(row, aliases): row for row in plan.people.rows}


def _known(row: PersonRow, aliases: Aliases) -> str:
    names = identities(row.key, row.email, row.id)
    return next((aliases[name] for name in names if name in aliases), row.key)


def _amended(row: PersonRow, said: ByHand | None, rows: Mapping[str, PersonRow]) -> PersonRow:
    if said is None:
        return row
    changes: dict[str, object] = {"left": said.left} if said.left else {}
    if old := rows.get(said.replaces or ""):
        changes |= {"replaces": old.key, "since": said.since}
    return row.model_copy(update=changes)


def carried_people(said: Iterable[ByHand], plan: Plan, aliases: Aliases) -> tuple[ByHand, ...]:
    """What a plan whose files are read as they stand takes over of what was `said`: all about people whom it names and
    that it does not say itself, ordered by person."""
    rows = _by_key(plan, aliases)
    left = (_unsaid(one, rows[one.person], rows) for one in said if one.person in rows)
    return tuple(sorted(one for one in left if one.left or one.replaces))


def _unsaid(said: ByHand, row: PersonRow, rows: Mapping[str, PersonRow]) -> ByHand:
    old = rows.get(said.replaces or "")
    known = old is None or (row.replaces == old.key and row.since == said.since)
    return replace(
        said,
        left=None if row.left == said.left else said.left,
        replaces=None if known else said.replaces,
        since=None if known else said.since,
    )


def people_found(carried: Iterable[ByHand], plan: Plan, aliases: Aliases) -> Iterator[Problem]:
    """A note for everything that stands above the files."""
    rows = _by_key(plan, aliases)
    for said in carried:
        row = rows[said.person]
        if said.left:
            files = f"the files say {row.left}" if row.left else "the files do not say so"
            back = f"`cadence people end {said.person} --back`"
            yield _note(plan, row, f"{row.name} is here until {said.left} by hand; {files}", back)
        if said.replaces:
            old = rows[said.replaces].name
            message = f"{row.name} replaces {old} since {said.since} by hand; the files do not say so"
            yield _note(plan, row, message, f"`cadence people replace {said.replaces} {said.person} --back`")


def _note(plan: Plan, row: PersonRow, message: str, back: str) -> Problem:
    path = f"people.list.{row.key}"
    remedy = f"write it into the files too, or {back} takes it back"
    return spoken(Problem("P362", Severity.NOTE, plan.place(path), path, message, remedy))


def told(earlier: Iterable[ByHand], kept: Iterable[ByHand]) -> tuple[str, ...]:
    """What changes from the one to the other, a line each."""
    before, after = {one.person: one for one in earlier}, {one.person: one for one in kept}
    changed = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return tuple(_told(after.get(key), key) for key in changed)


def _told(said: ByHand | None, key: str) -> str:
    if said is None:
        return f"{key} as the files say"
    left = f"{key} until {said.left}" if said.left else ""
    return left or f"{key} replaces {said.replaces} since {said.since}"
