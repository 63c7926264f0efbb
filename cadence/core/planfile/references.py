"""Who and when the words of a plan refer to: roles, persons and groups by name, milestones and phases by date words.

Names are looked up in what was written, not in what could be read, so that one mistake makes no second one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cadence.core.model import Problem, Severity
from cadence.core.planfile.nodes import Map, paths_of, place_of
from cadence.core.planfile.people import People, place_names
from cadence.core.planfile.traps import error
from cadence.core.triggers import DateWord, Trigger, date_words
from cadence.core.triggers.words import Name, did_you_mean

STANDING_ROLES = ("vp", "sponsor", "enablement", "assessor")
"""Roles that shipped plans and the line above know; without a person they are vacant: a finding, no mistake."""

OWNERS = ("manager", "rep")
GROUPS = ("each rep", "each manager", "team", "managers", "reps", *OWNERS)
TURNS = ("managers", "reps", "team")
LADDER = ("line", "keepers", "backup")


@dataclass(frozen=True, slots=True)
class Names:
    """What can be referred to in one plan, and what was referred to in vain."""

    root: Map
    people: People
    roles: tuple[str, ...]
    milestones: frozenset[str]
    phases: frozenset[str]
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, root: Map, people: People) -> Names:
        roles = {*place_names(root, "roles"), *STANDING_ROLES}
        for wave in place_names(root, "waves"):
            roles.update(place_names(root, f"waves.{wave}.roles"))
        milestones = frozenset((*place_names(root, "milestones"), "rollout"))
        return cls(root, people, tuple(sorted(roles)), milestones, frozenset(place_names(root, "phases")))

    def person(self, word: str, path: str, what: str = "person") -> str | None:
        """The key of the person that `word` means; a problem and None when it means nobody."""
        found = self.people.who.find(word)
        if found is None and not self._listed(word):
            self._unknown(word, path, what, ())
        return found

    def seat(self, word: str, path: str, groups: Iterable[str]) -> str | None:
        """`word` as the model keeps it: a group, a role or a person's key."""
        groups = tuple(groups)
        if word in groups or word in self.roles:
            return word
        found = self.people.who.find(word)
        if found is None and not self._listed(word):
            self._unknown(word, path, "role, person or group" if groups else "role or person", (*groups, *self.roles))
        return found

    def _listed(self, word: str) -> bool:
        """Written, though it could not be read; or not to be known, since the people file could not."""
        return not self.people.complete or word in place_names(self.root, "people.list")

    def _unknown(self, word: str, path: str, what: str, others: tuple[str, ...]) -> None:
        many = self.people.who.all(word)
        if many:
            message, remedy = f"{len(many)} people are called `{word[:60]}`", f"write a key: {', '.join(many[:5])}"
        else:
            message = f"no {what} is called `{word[:60]}`"
            remedy = self.people.who.nearest(word, others) or self._known(others)
        self.problems.append(error("P204", place_of(self.root, path), message, remedy, path))

    def _known(self, others: tuple[str, ...]) -> str:
        names = (*others, *sorted(self.people.who.keys))
        return (
            f"known here: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}" if names else "name the people"
        )

    def filtered(self, word: str, values: tuple[str, ...], path: str) -> None:
        """Warns of a region or tag that nobody has: the filter would leave nobody and say nothing."""
        rows = self.people.rows if self.people.complete else ()
        known = {value for row in rows for value in (row.tags if word == "tags" else (row.region,)) if value}
        for value, at in paths_of(self.root, f"{path}.{word}", values):
            if rows and value not in known:
                message = (
                    f"nobody has `{value[:60]}` among their {word}"
                    if word == "tags"
                    else f"nobody is in `{value[:60]}`"
                )
                hint = did_you_mean(value[:60], sorted(known)) or f"known: {', '.join(sorted(known)[:12]) or 'none'}"
                place = place_of(self.root, at)
                self.problems.append(Problem("P215", Severity.WARNING, place, at, message, hint))

    def dates(self, word: DateWord, path: str) -> None:
        """Checks that a date word names a milestone that there is."""
        if isinstance(word.base, Name) and word.base.name not in self.milestones:
            hint = (
                did_you_mean(word.base.name, self.milestones) or f"add it: `milestones: {{{word.base.name}: day 90}}`"
            )
            message = f"there is no milestone `{word.base.name[:60]}`"
            self.problems.append(error("P205", place_of(self.root, path), message, hint, path))

    def trigger(self, trigger: Trigger, path: str) -> None:
        for key, word in date_words(trigger):
            self.dates(word, f"{path}.{key}")
        during = getattr(trigger, "during", None)
        if during is not None and during not in self.phases:
            hint = did_you_mean(during, self.phases) or f"add it: `phases: {{{during}: weeks 1-2}}`"
            at = f"{path}.during"
            self.problems.append(error("P205", place_of(self.root, at), f"there is no phase `{during[:60]}`", hint, at))
