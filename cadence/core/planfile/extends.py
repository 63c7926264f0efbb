"""A plan laid over its parents: maps merge by key, lists replace, `+key` adds to a list, `off` drops an activity.

Works on trees, so that every part keeps the place where it was written, in whichever file that is.
"""

from __future__ import annotations

from collections.abc import Mapping

from cadence.core.model import Problem
from cadence.core.planfile.loader import BUDGET, Budget, load
from cadence.core.planfile.nodes import Entry, Leaf, Map, Node, Seq
from cadence.core.planfile.traps import error
from cadence.core.triggers import BadWord, parse_on
from cadence.core.triggers.words import did_you_mean

REPEATS = ("every", "when", "rrule")
WHEN = ("on", *REPEATS)
LIMITS = ("from", "until", "during", "times", "except", *WHEN)
GENERATIONS = 8
"""How many parents a plan may name, and how many of them may stand above each other."""


def parents_of(root: Map) -> tuple[tuple[str, Entry], ...]:
    """The names after `extends`, nearest ancestor last, each with where it stands."""
    entry = root.entries.get("extends")
    if entry is None:
        return ()
    items = entry.node.items if isinstance(entry.node, Seq) else (entry.node,)
    return tuple((item.text.strip(), Entry(item.place, item)) for item in items if isinstance(item, Leaf))


def with_parents(
    name: str, files: Mapping[str, str], budget: Budget = BUDGET
) -> tuple[Map | None, tuple[Problem, ...]]:
    """The tree of the plan `name` over all of its parents; None where its own text is not readable."""
    merging = _Merging(files, budget)
    root = merging.whole(name, files[name], ())
    return root, tuple(merging.problems)


class _Merging:
    def __init__(self, files: Mapping[str, str], budget: Budget) -> None:
        self.files, self.budget = files, budget
        self.problems: list[Problem] = []
        self.read: dict[str, Map | None] = {}

    def whole(self, name: str, text: str, heirs: tuple[str, ...]) -> Map | None:
        """The plan over its parents, read once however many plans extend it."""
        if name not in self.read:
            self.read[name] = self.grown(name, text, heirs)
        return self.read[name]

    def grown(self, name: str, text: str, heirs: tuple[str, ...]) -> Map | None:
        own, problems = load(name, text, self.budget)
        self.problems.extend(problems)
        if own is None:
            return None
        base: Map | None = None
        parents = parents_of(own)
        for extra, entry in parents[GENERATIONS:]:
            self.problems.append(error("P101", entry.place, f"`{extra[:60]}` is one parent too many", "", "extends"))
        for parent, entry in parents[:GENERATIONS]:
            above = self.parent(parent, entry, (*heirs, name))
            if above is not None:
                base = above if base is None else self.laid_over(above, base)
        return self.settled(own, base)

    def parent(self, name: str, entry: Entry, heirs: tuple[str, ...]) -> Map | None:
        if name in heirs:
            circle = " -> ".join((*heirs[heirs.index(name) :], name))
            self.problems.append(
                error("P211", entry.place, f"plans extend each other in a circle: {circle}", "", "extends")
            )
        elif name not in self.files:
            hint = did_you_mean(name, self.files) or "write the name of a shipped plan, or of a file beside this one"
            self.problems.append(
                error("P210", entry.place, f"there is no plan `{name[:60]}` to extend", hint, "extends")
            )
        elif len(heirs) >= GENERATIONS:
            self.problems.append(error("P101", entry.place, f"more than {GENERATIONS} generations", "", "extends"))
        else:
            return self.whole(name, self.files[name], heirs)
        return None

    def settled(self, own: Map, base: Map | None) -> Map:
        """The plan with `+lists` and `off` carried out, over `base` where it has one."""
        empty = Map(own.place, {})
        merged = self.laid_over(own, base or empty)
        if merged.size > self.budget.nodes:
            self.problems.append(error("P101", own.place, f"with its parents more than {self.budget.nodes:,} parts"))
            return own
        return merged

    def laid_over(self, own: Map, base: Map, path: str = "") -> Map:
        entries = dict(base.entries)
        for key, entry in own.entries.items():
            at = f"{path}.{key}" if path else key
            name = key[1:] if key.startswith("+") and len(key) > 1 else key
            if path == "activities" and _off(entry.node):
                self.drop(entries, key, entry, at)
            elif name != key:
                entries[name] = Entry(entry.place, self.added(entries.get(name), entry.node))
            else:
                entries[key] = Entry(entry.place, self.merged(base.entries.get(key), entry.node, at))
        return Map(own.place, entries)

    def merged(self, under: Entry | None, node: Node, path: str) -> Node:
        if not isinstance(node, Map):
            return node
        base = under.node if under and isinstance(under.node, Map) else Map(node.place, {})
        if path.startswith("activities.") and path.count(".") == 1 and any(word in node.entries for word in WHEN):
            base = Map(base.place, {key: e for key, e in base.entries.items() if key not in _replaced(node)})
        return self.laid_over(node, base, path)

    def added(self, under: Entry | None, node: Node) -> Seq:
        before = under.node if under else Seq(node.place, ())
        return Seq(node.place, (*_items(before), *_items(node)))

    def drop(self, entries: dict[str, Entry], key: str, entry: Entry, path: str) -> None:
        if entries.pop(key, None) is None:
            hint = did_you_mean(key, entries) or "delete the line"
            self.problems.append(error("P204", entry.place, f"no parent has an activity `{key}` to drop", hint, path))


def _replaced(node: Map) -> tuple[str, ...]:
    """A rhythm or date of one's own takes the parent's whole rhythm away; a weekday alone only refines it."""
    if (
        "on" in node.entries
        and not any(word in node.entries for word in REPEATS)
        and not _dated(node.entries["on"].node)
    ):
        return ("on", "when", "rrule")
    return LIMITS


def _dated(on: Node) -> bool:
    words = [item.text for item in _items(on) if isinstance(item, Leaf)]
    try:
        return isinstance(parse_on(words[0] if isinstance(on, Leaf) else words), tuple)
    except BadWord:
        return True


def _off(node: Node) -> bool:
    return isinstance(node, Leaf) and node.text.strip().lower() == "off"


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Seq) else (node,)
