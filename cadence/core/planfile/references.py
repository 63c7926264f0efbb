"""Who and when the words of a plan refer to: roles, persons and groups by name, milestones and phases by date words.

Names are looked up in what was written, not in what could be read, so that one mistake makes no second one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cadence.core.model import Place, Problem, Severity
from cadence.core.planfile.codes import CODES, acceptable
from cadence.core.planfile.names import slug
from cadence.core.planfile.nodes import Map, paths_of, place_of
from cadence.core.planfile.people import People, place_names
from cadence.core.planfile.schema import EVERYONE, Filter, PersonRow, read_only
from cadence.core.planfile.translate import MOST
from cadence.core.planfile.written import FilterText
from cadence.core.triggers import DateWord, Trigger, date_words
from cadence.core.triggers.words import Name, guess

Remedy = str | Callable[[], str]
"""What to write instead, or how to find it."""

STANDING_ROLES = ("vp", "sponsor", "enablement", "assessor")
"""Roles that shipped plans and the line above know; without a person they are vacant: a finding, no mistake."""

OWNERS = ("manager", "rep")
TURNS = ("managers", "reps")
ATTENDING = ("team", *TURNS, *OWNERS)
EACH: Mapping[str, tuple[str, ...]] = {"each rep": ("rep", "reps"), "each manager": ("manager", "managers")}
"""With whom there is a series each, and who would owe it to themselves."""
GROUPS = (*EACH, *ATTENDING)
LADDER = ("line", "keepers", "backup")
NOBODY = {
    "region": "nobody is in `{}`",
    "team": "there is no team `{}`",
    "tags": "nobody has `{}` among their tags",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What can be referred to in one plan, and what was referred to in vain."""

    root: Map
    people: People
    roles: tuple[str, ...]
    milestones: frozenset[str]
    phases: frozenset[str]
    metrics: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    tally: Counter[Severity] = field(default_factory=Counter)
    sides: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Map, people: People) -> Names:
        roles = {*place_names(root, "roles"), *STANDING_ROLES}
        for wave in place_names(root, "waves"):
            roles.update(place_names(root, f"waves.{wave}.roles"))
        milestones = frozenset((*place_names(root, "milestones"), "rollout"))
        phases, metrics = (frozenset(place_names(root, room)) for room in ("phases", "metrics"))
        return cls(root, people, tuple(sorted(roles)), milestones, phases, metrics)

    def add(self, *problems: Problem) -> None:
        self.problems.extend(problems)
        self.tally.update(problem.severity for problem in problems)

    def full(self, severity: Severity = Severity.ERROR) -> bool:
        """Whether so many are known that nobody is shown more: no reason to look for what was meant."""
        return self.tally[severity] > MOST

    def wrong(self, code: str, path: str, message: str, remedy: Remedy = "") -> None:
        self._say(Severity.ERROR, code, path, message, remedy)

    def warn(self, code: str, path: str, message: str, remedy: Remedy = "") -> None:
        self._say(Severity.WARNING, code, path, message, remedy)

    def note(self, code: str, path: str, message: str, remedy: Remedy = "") -> None:
        self._say(Severity.NOTE, code, path, message, remedy)

    def _say(self, severity: Severity, code: str, path: str, message: str, remedy: Remedy) -> None:
        if not self.full(severity):
            found = remedy if isinstance(remedy, str) else remedy()
            self.add(Problem(code, severity, place_of(self.root, path), path, message, found))

    def person(self, word: str, path: str, what: str = "person") -> str | None:
        """The key of the person that `word` means; a problem and None when it means nobody."""
        found = self.people.who.find(word)
        if found is None and not self._listed(word):
            self._unknown(word, path, what, ())
        return found

    def people_of(self, words: Mapping[str, str], path: str) -> Mapping[str, str]:
        """The words with keys of persons for names of persons; who is not known is left out."""
        found = ((word, self.person(said, f"{path}.{word}")) for word, said in sorted(words.items()))
        return read_only({word: key for word, key in found if key is not None})

    def seat(self, word: str, path: str, groups: Sequence[str]) -> str | None:
        """`word` as the model keeps it: a group, a role or a person's key."""
        if word in groups or word in self.roles:
            return word
        found = self.people.who.find(word)
        if found is None and not self._listed(word):
            self._unknown(word, path, "role, person or group" if groups else "role or person", (*groups, *self.roles))
        return found

    def seats(self, words: Sequence[str], path: str, groups: Sequence[str]) -> tuple[str, ...]:
        """Each of `words` as the model keeps it, once; who is not known is left out."""
        found = dict.fromkeys(self.seat(word, at, groups) for word, at in self._stands(words, path, groups))
        return tuple(word for word in found if word is not None)

    def _stands(self, words: Sequence[str], path: str, groups: Sequence[str]) -> Iterable[tuple[str, str]]:
        """The words with where they stand, which is looked up only where it may have to be said."""
        if all(word in groups or word in self.roles for word in words):
            return ((word, path) for word in words)
        return paths_of(self.root, path, words)

    def _listed(self, word: str) -> bool:
        """Written, though it could not be read; or not to be known, since the people file could not."""
        return not self.people.complete or word in place_names(self.root, "people.list")

    def _unknown(self, word: str, path: str, what: str, others: tuple[str, ...]) -> None:
        many = self.people.who.all(word)
        if many:
            remedy = f"write a key: {', '.join(many[:5])}"
            self.wrong("P204", path, f"{len(many)} people are called `{word[:60]}`", remedy)
        else:
            self.wrong("P204", path, f"no {what} is called `{word[:60]}`", partial(self._near, word, others))

    def _near(self, word: str, others: tuple[str, ...]) -> str:
        names = (*others, *sorted(self.people.who.keys))
        known = f"known here: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"
        return self.people.who.nearest(word, others) or (known if names else "name the people")

    def filtered(self, word: str, values: tuple[str, ...], path: str) -> None:
        """Warns of a region, team or tag that nobody has: the filter would leave nobody and say nothing."""
        if not values or not self.people.complete or not self.people.rows:
            return
        if word not in self.sides:
            self.sides[word] = _sides(word, self.people.rows)
        known = self.sides[word]
        for value, at in paths_of(self.root, f"{path}.{word}", values):
            if value.casefold() not in known:
                message = NOBODY[word].format(value[:60])
                named = sorted(set(known.values()))
                self.warn("P215", at, message, guess(value, named, f"known: {', '.join(named[:12]) or 'none'}"))

    def metric(self, name: str, path: str) -> bool:
        """Whether the plan has the metric; a problem when it does not."""
        if name not in self.metrics:
            remedy = guess(name, self.metrics, f"add it: `metrics: {{{name[:60]}: {{target: 70%}}}}`")
            self.wrong("P216", path, f"there is no metric `{name[:60]}`", remedy)
        return name in self.metrics

    def accepted(self, reasons: Mapping[str, str], path: str) -> None:
        """Checks that each code is one of a finding; a mistake cannot be accepted."""
        for code in reasons:
            if code not in CODES:
                remedy = guess(code, CODES, "`cadence explain` lists them all")
                self.wrong("P217", f"{path}.{code}", f"there is no finding `{code[:20]}`", remedy)
            elif not acceptable(code):
                message = f"`{code}` ({CODES[code].title}) is a mistake, and nothing works around it"
                self.wrong("P217", f"{path}.{code}", message, "correct it, and take this line away")

    def dates(self, word: DateWord, path: str) -> bool:
        """Whether a date word names a milestone that there is, or none; a problem when it does not."""
        if not isinstance(word.base, Name) or word.base.name in self.milestones:
            return True
        name = word.base.name[:60]
        remedy = guess(name, self.milestones, f"add it: `milestones: {{{name}: day 90}}`")
        self.wrong("P205", path, f"there is no milestone `{name}`", remedy)
        return False

    def trigger(self, trigger: Trigger, path: str) -> None:
        told: set[tuple[object, Place]] = set()
        for key, word in date_words(trigger):
            at = f"{path}.{key}"
            stands = (word.base, place_of(self.root, at))  # a kind's own dates stand at one place, and are one mistake
            if stands not in told and not self.dates(word, at):
                told.add(stands)
        during = getattr(trigger, "during", None)
        if during is not None and during not in self.phases:
            remedy = guess(during, self.phases, f"add it: `phases: {{{during[:60]}: weeks 1-2}}`")
            self.wrong("P205", f"{path}.during", f"there is no phase `{during[:60]}`", remedy)


def wanted(text: FilterText | None, path: str, names: Names) -> Filter:
    """For whom; `path` is where it stands."""
    if text is None:
        return EVERYONE
    for word in ("region", "team", "tags"):
        names.filtered(word, getattr(text, word), path)
    return Filter(region=text.region, team=text.team, tags=text.tags)


def _sides(word: str, rows: Iterable[PersonRow]) -> dict[str, str]:
    """All that a filter of this word can ask for, as it is compared and as it is written. A team is asked for by its
    name or, as it has none in the file, by its manager's."""
    match word:
        case "region":
            found = [row.region for row in rows if row.region]
        case "tags":
            found = [tag for row in rows for tag in row.tags]
        case _:
            named = {row.key: row.name for row in rows}
            managers = {row.manager for row in rows if row.manager}
            found = [name for row in rows if row.team for name in (row.team, slug(row.team))]
            found += [name for key in managers for name in (named.get(key, key), key)]
    return {name.casefold(): name for name in found}
