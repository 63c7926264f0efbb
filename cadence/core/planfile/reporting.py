"""Who reports to whom: the words of the `manager` column, of `reports_to` and of `replaces` become keys of persons.

A manager is named by number, e-mail or name, and is found among the kept rows, else among those that `where` leaves
out; a name that stands in no row at all is a person of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from cadence.core.model import Place, Problem, Severity
from cadence.core.planfile.drafts import Draft
from cadence.core.planfile.names import WhoIs, address, full_name, slug
from cadence.core.planfile.nodes import Map
from cadence.core.planfile.peoplefile import LeftOut
from cadence.core.planfile.schema import PersonRow
from cadence.core.planfile.traps import error

ALMOST = 0.88
"""Two names as near as this are most likely one that was misspelt."""
MOST_COMPARED = 200
"""So many managers are looked at, each beside so many names: more would take longer than the reading."""
SHOWN = 6
"""So many names of a circle are shown."""


@dataclass(slots=True)
class Reporting:
    """Resolves one plan's words for persons; adds to `who` and `problems`, and in the end to the rows."""

    who: WhoIs
    left_out: LeftOut
    row_of: Callable[[Draft], PersonRow]
    root: Map
    problems: list[Problem]
    pattern: str | None
    added: list[PersonRow] = field(default_factory=list)
    names: dict[str, list[str]] = field(default_factory=dict)

    def resolved(self, rows: Sequence[PersonRow], drafts: Sequence[Draft]) -> list[PersonRow]:
        """The rows with keys for words, and after them whoever was only named."""
        for row in rows:
            self._spelt(row.name)
        found = [self._row(row, draft) for row, draft in zip(rows, drafts, strict=True)]
        self.problems.extend(_circles(found))
        return found + self.added

    def _row(self, row: PersonRow, draft: Draft) -> PersonRow:
        changes: dict[str, str | None] = {}
        if row.manager:
            changes["manager"] = self._manager(row, draft)
        for word in ("reports_to", "replaces"):
            if getattr(row, word):
                changes[word] = self._person(getattr(row, word), word, draft)
        return row.model_copy(update=changes) if changes else row

    def _manager(self, row: PersonRow, draft: Draft) -> str | None:
        named = row.manager or ""
        key = self.who.find(named) or self._left_out(named)
        if key == row.key:
            place, path = draft.stands("manager", self.root)
            remedy = "leave it empty for whoever stands at the top"
            self.problems.append(error("P211", place, f"{row.name} is their own manager", remedy, path))
            return None
        name = full_name([named])
        if key or self.who.all(named) or "@" in named or named.isdecimal():
            return key or self._person(named, "manager", draft)
        return self._only_named(name, draft)

    def _only_named(self, name: str, draft: Draft) -> str | None:
        """The key of a manager without a row: a new person, with the address that the pattern makes."""
        place, path = draft.stands("manager", self.root)
        key = slug(name)
        if not key:
            message = f"the manager `{name[:60]}` stands in no row, and no key can be made of the name"
            self.problems.append(error("P241", place, message, "add a row for them, with an id or an e-mail", path))
            return None
        if key in self.who.keys:
            return key
        if near := self._almost(name):
            message = f"the manager `{name[:60]}` stands in no row"
            self.problems.append(Problem("P246", Severity.WARNING, place, path, message, f"did you mean `{near}`?"))
        email = address(self.pattern, name, None) if self.pattern else None
        self._add(PersonRow(key=key, name=name, source="manager", place=place, email=email))
        return key

    def _person(self, word: str, column: str, draft: Draft) -> str | None:
        key = self.who.find(word) or self._left_out(word)
        if key is None:
            place, path = draft.stands(column, self.root)
            self.problems.append(error("P204", place, *self._unknown(word, column), path))
        return key

    def _unknown(self, word: str, column: str) -> tuple[str, str]:
        """What is wrong with a word that means nobody or several, and what to write."""
        if many := self.who.all(word):
            return f"{len(many)} people are called `{word[:60]}`", f"write a key: {', '.join(many[:5])}"
        message = f"no person is called `{word[:60]}`"
        gone = "keep who has gone in `list`, with `name:` and `left:`" if column == "replaces" else "add the person"
        return message, ("" if word.isdecimal() else self.who.nearest(word)) or gone

    def _left_out(self, word: str) -> str | None:
        """The key of somebody whose row `where` leaves out, who becomes a person by being named."""
        draft = self.left_out.named(word, self.problems) if not self.who.all(word) else None
        if draft is None:
            return None
        if draft.key in self.who.keys:
            draft.key = f"{draft.key}-{slug(draft.said.id or '') or slug(draft.said.email or '') or 'manager'}"
        self._add(self.row_of(draft))
        return draft.key

    def _add(self, row: PersonRow) -> None:
        self.who.add(row)
        self.added.append(row)
        self._spelt(row.name)

    def _spelt(self, name: str) -> None:
        for part in name.casefold().split():
            self.names.setdefault(part, []).append(name)

    def _almost(self, name: str) -> str:
        """A name that shares a part with this one and is nearly the same; empty where there is none."""
        if len(self.added) > MOST_COMPARED:
            return ""
        known = [other for part in name.casefold().split() for other in self.names.get(part, ())[:MOST_COMPARED]]
        near = get_close_matches(name, known, n=1, cutoff=ALMOST)
        return near[0] if near else ""


def _circles(rows: Sequence[PersonRow]) -> Iterator[Problem]:
    """A mistake for each circle of managers, at the first of its rows."""
    above = {row.key: row for row in rows}
    seen: set[str] = set()
    for row in rows:
        chain: dict[str, PersonRow] = {}
        current: PersonRow | None = row
        while current is not None and current.key not in seen:
            seen.add(current.key)
            chain[current.key] = current
            current = above.get(current.manager or "")
        if current is not None and current.key in chain:
            keys = list(chain)
            yield _circle([chain[key] for key in keys[keys.index(current.key) :]])


def _circle(members: Sequence[PersonRow]) -> Problem:
    begin = min(range(len(members)), key=lambda n: (members[n].place, members[n].key))
    around = [*members[begin:], *members[: begin + 1]]
    names = [member.name for member in around]
    shown = names if len(names) <= SHOWN else [*names[: SHOWN - 1], "...", names[-1]]
    place: Place = around[0].place
    remedy = "correct the manager of one of them"
    return error("P211", place, f"managers in a circle: {' -> '.join(shown)}", remedy)
