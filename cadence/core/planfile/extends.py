"""A plan laid over its parents: maps merge by key, lists replace, `+key` adds to a list, `off` drops what one says.

Works on trees, so that every part keeps the place where it was written, in whichever file that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cadence.core.kinds import KINDS
from cadence.core.model import Place, Problem
from cadence.core.planfile.loader import BUDGET, Budget, load
from cadence.core.planfile.nodes import Entry, Leaf, Map, Node, Seq
from cadence.core.planfile.traps import error
from cadence.core.triggers import BadWord, parse_on
from cadence.core.triggers.words import did_you_mean

Path = tuple[str, ...]

NAMED: Mapping[Path, str] = {
    ("activities",): "an activity",
    ("milestones",): "a milestone",
    ("phases",): "a phase",
    ("roles",): "a role",
    ("away",): "an absence of",
    ("backups",): "a backup of",
    ("waves",): "a wave",
    ("metrics",): "a metric",
    ("accept",): "an accepted",
    ("people", "list"): "a person",
    ("people", "places"): "a place",
    ("activities", "*", "accept"): "an accepted",
    ("waves", "*", "roles"): "a role",
}
"""Maps whose keys are names that a plan gives: `off` drops one, and it is a mistake where no parent has it."""

SAYS_OFF = frozenset(
    {"title", "agenda", "label", "urgent", "external", "required", "carry", "many", "anonymous", "off"}
)
"""Words for which `off` is a value: texts, and what is yes or no."""

REPEATS = ("every", "when", "rrule")
WHEN = ("on", *REPEATS)
LIMITS = ("from", "until", "during", "times", "except", *WHEN)
GENERATIONS = 8
"""How many parents a plan may name, and how many of them may stand above each other."""


NOTHING = Entry(Place(""), Leaf(Place(""), ""))


def parents_of(root: Map) -> tuple[tuple[str, Entry], ...]:
    """The names after `extends`, nearest ancestor last, each with where it stands."""
    entry = root.entries.get("extends")
    if entry is None:
        return ()
    items = entry.node.items if isinstance(entry.node, Seq) else (entry.node,)
    return tuple((item.text.strip(), Entry(item.place, item)) for item in items if isinstance(item, Leaf))


def with_parents(
    name: str, files: Mapping[str, str], budget: Budget = BUDGET, plans: Iterable[str] = ()
) -> tuple[Map | None, tuple[Problem, ...]]:
    """The tree of the plan `name` over all of its parents; None where its own text is not readable. `plans` are names
    of plans that could have been meant."""
    merging = _Merging(files, budget, plans)
    root = merging.whole(name, files[name], ())
    return root, tuple(merging.problems)


class _Merging:
    def __init__(self, files: Mapping[str, str], budget: Budget, plans: Iterable[str]) -> None:
        self.files, self.budget, self.plans = files, budget, tuple(plans)
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
            hint = did_you_mean(name, self.plans) or "write the name of a shipped plan, or of a file beside this one"
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

    def laid_over(self, own: Map, base: Map, path: Path = ()) -> Map:
        entries = dict(base.entries)
        for key, entry in own.entries.items():
            name = key[1:] if key.startswith("+") and len(key) > 1 else key
            if name != key and name in own.entries:
                message = f"`{name}` and `{key}` both stand here"
                self.problems.append(error("P110", entry.place, message, f"keep `{key}` to add, `{name}` to replace"))
            if name != key:
                entries[name] = Entry(entry.place, self.added(entries.get(name), entry.node))
            elif _off(entry.node) and self.drops(path, key, base):
                self.drop(entries, key, entry, path)
            else:
                entries[key] = Entry(entry.place, self.merged(base.entries.get(key), entry.node, (*path, key)))
        return Map(own.place, entries)

    def merged(self, under: Entry | None, node: Node, path: Path) -> Node:
        if not isinstance(node, Map) or (under is None and not _unsettled(node)):
            return node
        base = under.node if under and isinstance(under.node, Map) else Map(node.place, {})
        if len(path) == 2 and path[0] == "activities":
            return self.activity(node, base, path)
        return self.laid_over(node, base, path)

    def activity(self, own: Map, base: Map, path: Path) -> Map:
        """An activity over its parent's: a rhythm or date of its own replaces the parent's whole rhythm."""
        gone = _replaced(own) if any(word in own.entries for word in WHEN) else ()
        rest = Map(base.place, {key: entry for key, entry in base.entries.items() if key not in gone})
        return _without_dropped_fields(self.laid_over(own, rest, path), base)

    def added(self, under: Entry | None, node: Node) -> Seq:
        before = under.node if under else Seq(node.place, ())
        return Seq(node.place, (*_items(before), *_items(node)))

    def drops(self, path: Path, key: str, base: Map) -> bool:
        """Whether `off` takes away what stands under the key: always where keys are names, else what a parent says."""
        return _named(path) is not None or (path[-1:] != ("ask",) and key not in SAYS_OFF and key in base.entries)

    def drop(self, entries: dict[str, Entry], key: str, entry: Entry, path: Path) -> None:
        if entries.pop(key, None) is None:
            hint = did_you_mean(key, entries) or "delete the line"
            message = f"no parent has {_named(path)} `{key[:60]}` to drop"
            self.problems.append(error("P204", entry.place, message, hint, ".".join((*path, key))))


def _unsettled(node: Map) -> bool:
    """Whether an `off` or a `+list` is still to be carried out anywhere in it."""
    return any(
        key.startswith("+") or _off(entry.node) or (isinstance(entry.node, Map) and _unsettled(entry.node))
        for key, entry in node.entries.items()
    )


def _named(path: Path) -> str | None:
    """What the keys at `path` are the names of; None where they are words of the language."""
    if len(path) == 3:
        return NAMED.get((path[0], "*", path[2]))
    return NAMED.get(path)


def _without_dropped_fields(activity: Map, base: Map) -> Map:
    """Without the dropped fields of a form that only a parent had; those of the kind are dropped in `asking`."""
    ask, before = (one.entries.get("ask", NOTHING).node for one in (activity, base))
    kind = activity.entries.get("kind", NOTHING).node
    if not isinstance(ask, Map) or not isinstance(before, Map):
        return activity
    known = KINDS.get(kind.text.strip()) if isinstance(kind, Leaf) else None
    form = {one.key for one in known.form} if known else set()
    kept = {key: e for key, e in ask.entries.items() if not _off(e.node) or key in form or key not in before.entries}
    asked = Entry(activity.entries["ask"].place, Map(ask.place, kept))
    return Map(activity.place, {**activity.entries, "ask": asked})


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
