"""The people of a plan: rows of the people file, amended and completed by `list`, each with the place it stands at.

Whoever is only named as a manager becomes a person too, and so does whoever the plan names of the rows that `where`
leaves out. Two rows that nothing tells apart are a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cadence.core.model import Problem, Severity
from cadence.core.planfile.drafts import Draft
from cadence.core.planfile.keys import distinct, known_as, told_apart
from cadence.core.planfile.loader import BUDGET, Budget
from cadence.core.planfile.names import WhoIs
from cadence.core.planfile.nodes import Leaf, Map, Node, Seq, place_of
from cadence.core.planfile.peoplefile import LeftOut, read_people_file
from cadence.core.planfile.reporting import Reporting
from cadence.core.planfile.schema import PersonRow
from cadence.core.planfile.sites import Sites
from cadence.core.planfile.traps import error
from cadence.core.planfile.written import PeopleText, PersonText
from cadence.core.triggers.words import did_you_mean

NAMING = ("roles", "keepers", "backups", "owner", "with", "shadow", "to")
"""Words of a plan behind which persons are named."""
SHOWN = 3
"""So many names of a list are written out."""
SPEAKING_OF_PEOPLE = ("roles", "keepers", "backups", "away", "waves", "metrics", "activities")


@dataclass(slots=True)
class People:
    """Everybody, who is meant by which word, and what was wrong. `complete` is False when a source was unreadable."""

    rows: tuple[PersonRow, ...] = ()
    who: WhoIs = field(default_factory=lambda: WhoIs(()))
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True


def read_people(
    text: PeopleText, root: Map, files: Mapping[str, str], aliases: Mapping[str, str], budget: Budget = BUDGET
) -> People:
    """All persons of the plan, ordered by key. `aliases` maps an identity to the key it was first given."""
    file = read_people_file(text, root, files, budget)
    people = People(problems=file.problems, complete=file.complete)
    drafts = told_apart(file.kept, people.problems)
    drafts = _with_list(drafts, file.left_out, text, root, aliases, people.problems)
    drafts = _with_named(drafts, file.left_out, root, people.problems)
    distinct(drafts, text.email, aliases)
    sites = Sites(text, root, people.problems)
    rows = known_as([sites.row(draft) for draft in drafts], aliases, people.who)
    reporting = Reporting(people.who, file.left_out, sites.row, root, people.problems, text.email)
    found = reporting.resolved(rows, drafts)
    people.problems.extend(_one_identity(found, {row.key: d for row, d in zip(rows, drafts, strict=True)}))
    people.problems.extend(_taken_for_reps(found, file.left_out, people.who, root))
    people.rows = tuple(sorted(found, key=lambda row: row.key))
    return people


def _with_list(
    drafts: list[Draft],
    left_out: LeftOut,
    text: PeopleText,
    root: Map,
    aliases: Mapping[str, str],
    problems: list[Problem],
) -> list[Draft]:
    """Lays `list` over the file: an entry amends the row of its key, id, address or alias, else it is a person of its
    own; so is one whose id is another than the row's."""
    by_word = _words(drafts, text.email, aliases) if text.list_ else {}
    added: list[Draft] = []
    for key, said in text.list_.items():
        path = f"people.list.{key}"
        marks = (f"id:{said.id}" if said.id else "", f"mail:{said.email.lower()}" if said.email else "")
        found = (by_word[word] for word in (key, *marks) if word in by_word)
        known = next((draft for draft in found if not said.id or draft.said.id in (None, said.id)), None)
        if known is None and (known := _left_out(left_out, (key, said.id, said.email), problems)):
            added.append(known)
        if known is None:
            added.append(Draft(key, said, "list", place_of(root, path), path))
            if not said.name:
                problems.append(_nameless(key, path, root, by_word))
        else:
            if known.path:
                message = f"`{key}` is {known.name}, of whom `{known.key}` says something already"
                problems.append(error("P214", place_of(root, path), message, "make one entry of the two", path))
            given = {name: getattr(said, name) for name in PersonText.model_fields if getattr(said, name) is not None}
            known.said, known.key, known.path = known.said.model_copy(update=given), key, path
    return drafts + added


def _words(drafts: list[Draft], pattern: str | None, aliases: Mapping[str, str]) -> dict[str, Draft]:
    """Whom an entry of `list` may mean: by key, id and address, and only then by what the installation calls them."""
    found: dict[str, Draft] = {}
    for draft in drafts:
        for word in (draft.key, *draft.identities(pattern)):
            found.setdefault(word, draft)
    for draft in drafts if aliases else ():
        for word in draft.identities(pattern):
            found.setdefault(aliases.get(word, word), draft)
    return found


def _left_out(left_out: LeftOut, words: tuple[str | None, ...], problems: list[Problem]) -> Draft | None:
    found = (left_out.named(word, problems) for word in words if word)
    return next((draft for draft in found if draft), None)


def _nameless(key: str, path: str, root: Map, known: Mapping[str, Draft]) -> Problem:
    hint = did_you_mean(key[:60], sorted({draft.key for draft in known.values()})[:500])
    remedy = hint or "add `name: ...`, or use the key of somebody in the people file"
    return error("P202", place_of(root, path), f"`{key}` has no name", remedy, path)


def _with_named(drafts: list[Draft], left_out: LeftOut, root: Map, problems: list[Problem]) -> list[Draft]:
    """With those whom the plan names elsewhere and who stand in no row that is kept."""
    known = {draft.key for draft in drafts}
    added: dict[str, Draft] = {}
    for section in SPEAKING_OF_PEOPLE:
        entry = root.entries.get(section)
        for word in _names(entry.node, section in NAMING, section == "away") if entry else ():
            draft = left_out.named(word, problems) if word not in known else None
            if draft and draft.key not in known:
                added.setdefault(draft.key, draft)
    return [*drafts, *(added[key] for key in sorted(added))]


def _names(node: Node, naming: bool, by_key: bool = False) -> Iterator[str]:
    """Every word below `node` that stands where a person may be named."""
    match node:
        case Leaf() if naming:
            yield node.text
        case Seq():
            for item in node.items:
                yield from _names(item, naming)
        case Map():
            for key, entry in node.entries.items():
                if naming or by_key:
                    yield key
                yield from _names(entry.node, naming or key in NAMING)


def _taken_for_reps(rows: list[PersonRow], left_out: LeftOut, who: WhoIs, root: Map) -> Iterator[Problem]:
    """A note of those who have reports in the company and none among the rows that are kept."""
    reported_to = {row.manager for row in rows}
    leading = {who.find(word) for word in left_out.managers()} - reported_to
    names = [row.name for row in rows if row.key in leading and row.source == "file"]
    if names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        message = f"taken for reps, because `where` leaves out who reports to them: {', '.join(names[:SHOWN])}{more}"
        remedy = "keep those rows too, or leave these out as well"
        place = place_of(root, "people.where")
        yield Problem("P247", Severity.NOTE, place, "people.where", message, remedy)


def _one_identity(rows: list[PersonRow], drafts: Mapping[str, Draft]) -> Iterator[Problem]:
    """A mistake for whoever has the id or the address, also one made by the pattern, of somebody before."""
    seen: dict[str, PersonRow] = {}
    for row in rows:
        mail = row.email.casefold() if row.email else None
        for kind, mark in (("id", row.id), ("e-mail", mail)):
            first = seen.setdefault(f"{kind}:{mark}", row) if mark else row
            if first is not row:
                message = f"{row.name} has the {kind} of {first.name} ({first.place.file}:{first.place.line})"
                remedy = "one person stands in one row; give the other their own"
                path = drafts[row.key].path if row.key in drafts else ""
                yield error("P214", row.place, message, remedy, path)
                break


def place_names(root: Map, path: str) -> tuple[str, ...]:
    """The keys that stand under `path` as written, also those whose value is a mistake."""
    node: object = root
    for part in path.split("."):
        if not isinstance(node, Map) or part not in node.entries:
            return ()
        node = node.entries[part].node
    return tuple(node.entries) if isinstance(node, Map) else ()
