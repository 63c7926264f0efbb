"""The people of a plan: rows of the people file, amended and completed by `list`, each with the place it stands at.

Whoever is only named as a manager becomes a person too. Two rows that nothing tells apart are a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cadence.core.model import Place, Problem
from cadence.core.planfile.csvtext import Row, Table, read_csv
from cadence.core.planfile.loader import BUDGET, Budget
from cadence.core.planfile.names import WhoIs, address, full_name, slug
from cadence.core.planfile.nodes import Data, Map, place_of
from cadence.core.planfile.schema import PersonRow
from cadence.core.planfile.translate import MOST, validated
from cadence.core.planfile.traps import error
from cadence.core.planfile.written import ColumnsText, PeopleText, PersonText, PlaceText
from cadence.core.triggers.words import did_you_mean

NOWHERE = PlaceText()


@dataclass(slots=True)
class Draft:
    """A person while the sources are still being put together; `said` is what file and `list` say of them."""

    key: str
    said: PersonText
    source: str
    place: Place
    path: str = ""

    @property
    def name(self) -> str:
        return self.said.name or self.key


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
    people = People()
    drafts = _from_file(text, root, files, people, budget)
    _told_apart(drafts, text, people)
    drafts = _with_list(drafts, text, root)
    _named(drafts, people)
    _one_identity(drafts, text, people)
    rows = [_row(draft, text) for draft in drafts]
    rows = _renamed(rows, aliases, people)
    rows = _with_managers(rows, drafts, text, root, people)
    people.rows = tuple(sorted(rows, key=lambda row: row.key))
    return people


def _from_file(text: PeopleText, root: Map, files: Mapping[str, str], people: People, budget: Budget) -> list[Draft]:
    if text.file is None:
        return []
    if text.file not in files:
        people.complete = False
        place = place_of(root, "people.file")
        message = f"the people file `{text.file[:200]}` is not there"
        people.problems.append(error("P100", place, message, "write its path as seen from the plan", "people.file"))
        return []
    table, problems = read_csv(text.file, files[text.file], budget)
    people.problems.extend(problems)
    columns = _columns(text.columns, table, root, people) if table else {}
    if table is None or "name" not in columns:
        people.complete = False
        return []
    rows = [row for row in table.rows if _kept(row, text.where)]
    _known_columns(text.where, table, root, people)
    found = [_draft(row, columns, people) for row in rows]
    return [draft for draft in found if draft]


def _columns(text: ColumnsText, table: Table, root: Map, people: People) -> dict[str, tuple[str, ...]]:
    """The word of the language -> the columns it is read from; silence takes a column of the word's own name."""
    by_name = {name.casefold(): name for name in reversed(table.columns)}
    columns: dict[str, tuple[str, ...]] = {}
    for word in ColumnsText.model_fields:
        said = getattr(text, word)
        wanted = (said,) if isinstance(said, str) else said
        if wanted is None:
            if word in by_name:
                columns[word] = (by_name[word],)
            continue
        for name in wanted:
            if name.casefold() not in by_name:
                _unknown_column(name, f"people.columns.{word}", table, root, people)
        columns[word] = tuple(by_name[name.casefold()] for name in wanted if name.casefold() in by_name)
    if "name" not in columns:
        _unknown_column("name", "people.columns", table, root, people)
    return columns


def _unknown_column(name: str, path: str, table: Table, root: Map, people: People) -> None:
    hint = did_you_mean(name, table.columns) or f"its columns: {', '.join(c for c in table.columns[:20] if c)}"
    message = f"the people file has no column `{name[:60]}`"
    people.problems.append(error("P208", place_of(root, path), message, hint, path))


def _known_columns(where: Mapping[str, Sequence[str]], table: Table, root: Map, people: People) -> None:
    for name in where:
        if name not in table.columns:
            _unknown_column(name, f"people.where.{name}", table, root, people)


def _kept(row: Row, where: Mapping[str, Sequence[str]]) -> bool:
    wanted = {column: {value.casefold() for value in values} for column, values in where.items()}
    return all(row.cells.get(column, "").casefold() in values for column, values in wanted.items())


def _draft(row: Row, columns: Mapping[str, tuple[str, ...]], people: People) -> Draft | None:
    data: dict[str, Data] = {}
    for word, names in columns.items():
        cells = [row.cells[name] for name in names if name in row.cells]
        if cells:
            data[word] = full_name(cells) if word == "name" else cells[0]
    said, problems = validated(PersonText, Map(row.place, {}), data)
    if len(people.problems) <= MOST:
        people.problems.extend(problems)
    if said is None or not said.name:
        people.problems.append(
            error("P202", row.place, "this row has no name", "give the person a name, or delete the row")
        )
        return None
    return Draft(slug(said.name) or slug(said.email or "") or slug(said.id or ""), said, "file", row.place)


def _told_apart(drafts: list[Draft], text: PeopleText, people: People) -> None:
    """Gives those of one name keys that tell them apart: by id, else by the local part of their own address."""
    groups: dict[str, list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.key, []).append(draft)
    for twins in groups.values():
        if len(twins) < 2:
            continue
        marks = {(twin.said.id or twin.said.email or "").casefold() for twin in twins}
        for twin in twins[1:] if "" in marks else ():
            message = f"two people are called {twin.name}; the other is in line {twins[0].place.line}"
            remedy = "give both rows an id or an e-mail of their own"
            people.problems.append(error("P209", twin.place, message, remedy))
        for twin in twins if "" not in marks else ():
            local = (twin.said.email or "").partition("@")[0]
            twin.key = f"{twin.key}-{slug(twin.said.id)}" if twin.said.id else slug(local) or twin.key


def _with_list(drafts: list[Draft], text: PeopleText, root: Map) -> list[Draft]:
    """Lays `list` over the file: an entry amends the row of its key, id or address, else it is a person of its own."""
    by_word: dict[str, Draft] = {}
    for draft in drafts:
        for word in (draft.key, f"id:{draft.said.id}", f"mail:{(draft.said.email or '').casefold()}"):
            by_word.setdefault(word, draft)
    added = []
    for key, said in text.list_.items():
        path = f"people.list.{key}"
        words = (key, f"id:{said.id}" if said.id else "", f"mail:{said.email.casefold()}" if said.email else "")
        known = next((by_word[word] for word in words if word in by_word), None)
        if known is None:
            added.append(Draft(key, said, "list", place_of(root, path), path))
        else:
            given = {name: getattr(said, name) for name in PersonText.model_fields if getattr(said, name) is not None}
            known.said, known.key, known.path = known.said.model_copy(update=given), key, path
    return drafts + added


def _named(drafts: list[Draft], people: People) -> None:
    for draft in drafts:
        if not draft.said.name:
            remedy = "add `name: ...`, or use the key of somebody in the people file"
            people.problems.append(error("P202", draft.place, f"`{draft.key}` has no name", remedy, draft.path))


def _one_identity(drafts: list[Draft], text: PeopleText, people: People) -> None:
    seen: dict[str, Draft] = {}
    for draft in drafts:
        mail = draft.said.email.casefold() if draft.said.email else None
        for kind, mark in (("id", draft.said.id), ("e-mail", mail)):
            first = seen.setdefault(f"{kind}:{mark}", draft) if mark else draft
            if first is not draft:
                message = f"{draft.name} has the {kind} of {first.name} ({first.place.file}:{first.place.line})"
                remedy = "one person stands in one row; give the other their own"
                people.problems.append(error("P214", draft.place, message, remedy, draft.path))
                break


def _row(draft: Draft, text: PeopleText) -> PersonRow:
    said = draft.said
    site = text.places.get(said.place or "", NOWHERE)
    hours = said.hours or site.hours
    email = said.email or (address(text.email, draft.name, said.id) if text.email and draft.source == "file" else None)
    return PersonRow(
        key=draft.key,
        name=draft.name,
        source="file" if draft.source == "file" else "list",
        place=draft.place,
        id=said.id,
        email=email,
        manager=said.manager,
        team=said.team,
        region=said.region,
        site=said.place,
        language=said.language or site.language,
        timezone=said.timezone or site.timezone,
        country=said.country or site.country,
        subdivision=said.subdivision or (site.subdivision if not said.country else None),
        workdays=said.workdays if said.workdays is not None else site.workdays,
        opens=hours[0] if hours else None,
        closes=hours[1] if hours else None,
        channel=said.channel,
        brief=said.brief,
        reports_to=said.reports_to,
        started=said.started,
        left=said.left,
        tags=said.tags or frozenset(),
        external=bool(said.external),
        replaces=said.replaces,
        since=said.since,
    )


def _renamed(rows: list[PersonRow], aliases: Mapping[str, str], people: People) -> list[PersonRow]:
    """Gives everybody the key the installation knows them by; the plan may say either."""
    renamed = []
    for row in rows:
        key = aliases.get(row.identity or "", row.key)
        renamed.append(row.model_copy(update={"key": key}) if key != row.key else row)
        people.who.add(renamed[-1])
        if key != row.key:
            people.who.alias(row.key, key)
    return renamed


def _with_managers(
    rows: list[PersonRow], drafts: list[Draft], text: PeopleText, root: Map, people: People
) -> list[PersonRow]:
    """Turns managers, `reports_to` and `replaces` into keys, and adds managers who have no row of their own."""
    added: list[PersonRow] = []
    found = []
    for row, draft in zip(rows, drafts, strict=True):
        changes: dict[str, str | date | None] = {}
        if row.manager:
            changes["manager"] = _manager(row, draft, text, root, people, added)
        for word in ("reports_to", "replaces"):
            if getattr(row, word):
                changes[word] = _person(getattr(row, word), word, draft, root, people)
        found.append(row.model_copy(update=changes) if changes else row)
    return found + added


def _manager(
    row: PersonRow, draft: Draft, text: PeopleText, root: Map, people: People, added: list[PersonRow]
) -> str | None:
    named = row.manager or ""
    key = people.who.find(named)
    if key is not None:
        return key if key != row.key else None
    name = full_name([named])
    if people.who.all(named) or "@" in named or not slug(name) or named.isdecimal():
        return _person(named, "manager", draft, root, people)
    email = address(text.email, name, None) if text.email else None
    fresh = PersonRow(key=slug(name), name=name, source="manager", place=draft.place, email=email)
    if fresh.key in people.who.keys:
        return fresh.key
    people.who.add(fresh)
    added.append(fresh)
    return fresh.key


def _person(word: str, column: str, draft: Draft, root: Map, people: People) -> str | None:
    key = people.who.find(word)
    if key is not None:
        return key
    path = f"{draft.path}.{column}" if draft.path else ""
    place = place_of(root, path) if path and isinstance(draft.place, Place) else draft.place
    many = people.who.all(word)
    if many:
        message, hint = f"{len(many)} people are called `{word[:60]}`", f"write a key: {', '.join(many[:5])}"
    else:
        message, hint = f"no person is called `{word[:60]}`", people.who.nearest(word) or "add the person"
    people.problems.append(error("P204", place, message, hint, path))
    return None


def place_names(root: Map, path: str) -> tuple[str, ...]:
    """The keys that stand under `path` as written, also those whose value is a mistake."""
    node: object = root
    for part in path.split("."):
        if not isinstance(node, Map) or part not in node.entries:
            return ()
        node = node.entries[part].node
    return tuple(node.entries) if isinstance(node, Map) else ()
