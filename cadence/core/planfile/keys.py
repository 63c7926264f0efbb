"""Keys of people: everybody in a plan gets one of their own, and who had one before keeps it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cadence.core.model import Problem
from cadence.core.planfile.drafts import Draft
from cadence.core.planfile.names import WhoIs, identities, slug
from cadence.core.planfile.schema import PersonRow
from cadence.core.planfile.traps import error


def told_apart(drafts: list[Draft], problems: list[Problem]) -> list[Draft]:
    """Everybody under a key. Those of one name get keys by their id, else by the local part of their own address; who
    has neither is left out with the mistake."""
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.key, []).append(draft)
    for name in groups.pop("", ()):
        remedy = "give the row an id or an e-mail, or write the name in the letters a to z"
        problems.append(error("P241", name.place, f"no key can be made of the name `{name.name[:60]}`", remedy))
    kept: list[Draft] = []
    for twins in groups.values():
        kept += _twins(twins, problems) if len(twins) > 1 else twins
    return kept


def _twins(twins: list[Draft], problems: list[Problem]) -> list[Draft]:
    """Those of one name with keys that tell them apart; only the first where one of them has neither id nor e-mail."""
    first = twins[0]
    if not all(twin.said.id or twin.said.email for twin in twins):
        for twin in twins[1:]:
            message = f"two people are called {twin.name}; the other is in line {first.place.line}"
            problems.append(error("P209", twin.place, message, "give both rows an id or an e-mail of their own"))
        return [first]
    for twin in twins:
        twin.key = _marked(twin)
    return twins


def _marked(draft: Draft) -> str:
    """A key by more than the name: with the id behind it, else the local part of the address; the same without."""
    local = (draft.said.email or "").partition("@")[0]
    return f"{draft.key}-{slug(draft.said.id)}" if draft.said.id else slug(local) or draft.key


def distinct(drafts: list[Draft], pattern: str | None, aliases: Mapping[str, str]) -> None:
    """No key twice, and none that the installation gave to somebody else of this plan: whoever has it by the mere name
    makes way, and an entry of `list` never does. Among those who would share one, the order of ids and addresses
    decides who gets a number."""
    for draft in _in_the_way(drafts, pattern, aliases) if aliases else ():
        draft.key = _marked(draft)
    taken = {draft.key for draft in drafts if draft.path}
    if len({draft.key for draft in drafts}) == len(drafts):
        return
    for draft in sorted(drafts, key=lambda draft: (draft.key, draft.identities(None))):
        if draft.path:
            continue
        wanted, number = draft.key, 1
        while draft.key in taken:
            number += 1
            draft.key = f"{wanted}-{number}"
        taken.add(draft.key)


def _in_the_way(drafts: list[Draft], pattern: str | None, aliases: Mapping[str, str]) -> Iterator[Draft]:
    """Those who have by their name what the installation calls somebody else of this plan. Who is known by nothing but
    that name stays: another key would be another person."""
    owners: dict[str, Draft] = {}
    for draft in drafts:
        known = next((aliases[name] for name in draft.identities(pattern) if name in aliases), None)
        if known is not None:
            owners.setdefault(known, draft)
    for draft in drafts:
        promised = draft.path or f"key:{draft.key}" in aliases
        if not promised and owners.get(draft.key, draft) is not draft:
            yield draft


def known_as(rows: list[PersonRow], aliases: Mapping[str, str], who: WhoIs) -> list[PersonRow]:
    """Everybody under the key that the installation knows them by; the plan may say either.

    A key that this plan gives to somebody else stays theirs in it, and who is known by the mere key keeps it: the
    directory finds them their keys for good."""
    given = {row.key for row in rows}
    found = []
    for row in rows:
        *names, promise = identities(row.key, row.email, row.id)
        key = next((aliases[name] for name in (*names, promise) if name in aliases), row.key)
        free = key not in given
        kept = free and any(name in aliases for name in names)
        found.append(row.model_copy(update={"key": key}) if kept else row)
        who.add(found[-1])
        if free:
            who.alias(*((row.key, key) if kept else (key, row.key)))
    return found
