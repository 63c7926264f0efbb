"""Text to a tree with the place of every part, or every slip in it: one loader (libyaml), bounded in time and memory.

Reads libyaml's events and builds the tree itself: depth and size are checked as it grows, so what explodes or nests
without end is refused at the spot before anything walks it. All scalars stay texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import yaml
from yaml._yaml import Mark as CMark

from cadence.core.model import Place, Problem, Severity
from cadence.core.planfile.nodes import Entry, Leaf, Map, Node, Seq
from cadence.core.planfile.traps import CURLY, LONG_DASHES, Slip, alone, clean, cured, error, long_dash, readable, slip
from cadence.errors import CadenceError

MEBIBYTE = 1024 * 1024
KEY = 200
EMPTY = (None, "", "|", ">")
"""Styles in which nothing is no text; `""` is one."""
RETRIES = 12
RETRY_UP_TO = 128 * 1024


@dataclass(frozen=True, slots=True)
class Budget:
    """How much a text may hold: bytes, levels, and parts once its anchors are written out."""

    size: int = MEBIBYTE
    depth: int = 50
    nodes: int = 200_000


BUDGET = Budget()


class _Stop(Exception):
    """Reading on makes no sense after this problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


@lru_cache(maxsize=8)
def load(file: str, text: str, budget: Budget = BUDGET) -> tuple[Map | None, tuple[Problem, ...]]:
    """The tree of a plan file; None where the text as a whole is not readable. Never raises for what is in `text`.

    The last few are kept: a plan is read to learn what else it needs, and again with all of that."""
    if not yaml.__with_libyaml__:
        raise CadenceError("PyYAML was installed without libyaml; install the wheel of PyYAML for this platform")
    if len(text) > budget.size or len(text.encode("utf-8", "surrogatepass")) > budget.size:
        return None, (error("P101", Place(file, 1, 1), f"larger than {budget.size:,} bytes", "split the plan"),)
    text, problems = cured(file, readable(text))
    found = list(problems)
    for _ in range(RETRIES):
        outcome, slips = _read(file, text, budget)
        if not isinstance(outcome, Slip):
            return outcome, tuple(found) + slips
        if any(known.place.line <= outcome.problem.place.line for known in problems):
            return None, tuple(found)  # most likely only what the tab or no-break space did to the indent
        found.append(outcome.problem)
        if outcome.text is None or len(text) > RETRY_UP_TO:
            return None, tuple(found) + slips
        text = outcome.text
    return None, tuple(found)


def _read(file: str, text: str, budget: Budget) -> tuple[Map | Slip | None, tuple[Problem, ...]]:
    tree = _Tree(file, text, budget)
    try:
        return tree.document(), tuple(tree.problems)
    except _Stop as stop:
        return None, (*tree.problems, stop.problem)
    except yaml.MarkedYAMLError as complaint:
        mark = complaint.problem_mark or complaint.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        opened = complaint.context_mark.line + 1 if complaint.context_mark else None
        words = f"{complaint.context or ''}: {complaint.problem or ''}"
        return slip(file, text, words, line, column, opened), tuple(tree.problems)
    except yaml.YAMLError as complaint:
        return Slip(error("P102", Place(file, 1, 1), f"not readable as YAML ({_line(complaint)})")), ()


def _line(complaint: object) -> str:
    return " ".join(str(complaint).split())[:200]


@dataclass(slots=True)
class _Tree:
    """Grows the tree out of libyaml's events. A part is known by its anchor only once it is complete."""

    file: str
    text: str
    budget: Budget
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, Node] = field(default_factory=dict)
    events: Iterator[yaml.Event] = field(init=False)
    lines: list[str] = field(init=False)
    size: int = 0

    def __post_init__(self) -> None:
        self.lines = self.text.split("\n")
        self.events = yaml.parse(self.text, Loader=yaml.CSafeLoader)

    def document(self) -> Map | None:
        next(self.events)
        if not isinstance(next(self.events), yaml.DocumentStartEvent):
            raise _Stop(error("P202", Place(self.file, 1, 1), "the file is empty", "begin with `plan: my-plan`"))
        root = self.node(next(self.events), 1)
        next(self.events)
        after = next(self.events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise _Stop(
                error("P111", self.place(after), "a second document begins", "one plan a file; delete the `---`")
            )
        if isinstance(root, Map):
            return root
        raise _Stop(error("P111", Place(self.file, 1, 1), "a plan is `key: value` lines", "begin with `plan: my-plan`"))

    def place(self, event: yaml.Event) -> Place:
        return self.at(event.start_mark)

    def at(self, mark: yaml.Mark | CMark | None) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)

    def line(self, place: Place) -> str:
        return self.lines[place.line - 1] if place.line <= len(self.lines) else ""

    def node(self, event: yaml.Event, depth: int) -> Node:
        place = self.place(event)
        if isinstance(event, yaml.AliasEvent):
            repeated = self.repeated(event, place)
            return self.counted(repeated, repeated.size, depth, place)
        if (tag := getattr(event, "tag", None)) is not None:
            self.problems.append(error("P111", place, f"a tag ({str(tag)[:60]})", "delete it; everything is text"))
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self.leaf(event, place)
        elif depth >= self.budget.depth:
            raise _Stop(error("P101", place, f"nested deeper than {self.budget.depth} levels", "flatten the plan"))
        elif isinstance(event, yaml.SequenceStartEvent):
            node = self.seq(place, depth)
        else:
            node = self.map(event, place, depth)
        if anchor := getattr(event, "anchor", None):
            self.anchors[anchor] = node
        return self.counted(node, 1, depth, place)

    def counted(self, node: Node, size: int, depth: int, place: Place) -> Node:
        """The same node, once it is known to fit: what repeats counts as often as it is written out."""
        self.size += size
        if self.size > self.budget.nodes:
            many = f"more than {self.budget.nodes:,} parts once its anchors are written out"
            raise _Stop(error("P101", place, many, "repeat less, or split the plan"))
        if depth + node.depth - 1 > self.budget.depth:
            raise _Stop(error("P101", place, f"nested deeper than {self.budget.depth} levels", "flatten the plan"))
        return node

    def repeated(self, event: yaml.AliasEvent, place: Place) -> Node:
        name = event.anchor or ""
        if name in self.anchors:
            return self.anchors[name]
        message = f"*{name[:60]} repeats something that no &{name[:60]} above it marks"
        raise _Stop(
            error("P113", place, message, "mark it first, outside of itself, or quote the text if the * belongs to it")
        )

    def leaf(self, event: yaml.ScalarEvent, place: Place) -> Leaf:
        text = clean(event.value)
        if not event.style and len(text) > 1 and text[0] in CURLY and text[-1] in CURLY:
            self.problems.append(
                error("P108", place, "curly quotes, as a word processor makes them", 'write straight quotes: "..."')
            )
            text = text[1:-1]
        if not event.style and text.startswith(LONG_DASHES):
            self.problems.append(long_dash(place))
        if not event.style and text:
            self.comment(event)
        return Leaf(place, text)

    def comment(self, event: yaml.ScalarEvent) -> None:
        """A `#` that touches the next word was hardly meant to begin a comment."""
        mark = event.end_mark
        if mark and mark.line < len(self.lines) and self.lines[mark.line].find("#", mark.column) < 0:
            return
        end = self.at(mark)
        rest = self.line(end)[end.column - 1 :]
        comment = rest.strip()
        if len(comment) > 1 and comment[0] == "#" and not comment[1].isspace():
            message = f"everything from {comment[:40]!r} on is a comment"
            remedy = 'put the text in quotes if it belongs to it, else write "# " with a blank'
            place = Place(self.file, end.line, end.column + len(rest) - len(rest.lstrip()))
            self.problems.append(Problem("P106", Severity.WARNING, place, "", message, remedy))

    def seq(self, place: Place, depth: int) -> Seq:
        items: list[Node] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            item = self.node(event, depth + 1)
            if isinstance(item, Leaf) and not item.text and not getattr(event, "style", "x"):
                self.problems.append(
                    error("P112", item.place, "nothing is written for this item", "write it, or delete the dash")
                )
            else:
                items.append(item)
        return Seq(place, tuple(items))

    def map(self, event: yaml.Event, place: Place, depth: int) -> Map:
        braces = bool(getattr(event, "flow_style", False))
        entries: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        last = ""
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key, at = self.key(event, depth)
            value = next(self.events)
            node = self.node(value, depth + 1)
            if key == "<<":
                self.merge(node, at, merged)
            elif isinstance(node, Leaf) and not node.text and getattr(value, "style", "x") in EMPTY:
                self.nothing(key, at, value, braces, last)
            elif key in entries:
                first = entries[key].place
                message = f"`{key}` is given twice; the first is in line {first.line}"
                self.problems.append(error("P110", at, message, "merge the two, or rename one"))
            else:
                entries[key] = Entry(at, node)
                last = key
        return Map(place, {**merged, **entries})

    def key(self, event: yaml.Event, depth: int) -> tuple[str, Place]:
        node = self.node(event, depth + 1)
        if not isinstance(node, Leaf):
            remedy = "quote the text if brackets or braces belong to it"
            raise _Stop(error("P111", node.place, "a key is a plain word", remedy))
        if len(node.text) > KEY:
            raise _Stop(error("P101", node.place, f"a key longer than {KEY} characters", "shorten it"))
        return node.text.strip(), node.place

    def merge(self, node: Node, place: Place, merged: dict[str, Entry]) -> None:
        for part in node.items if isinstance(node, Seq) else (node,):
            if not isinstance(part, Map):
                self.problems.append(error("P111", place, "`<<` takes a map or a list of maps", "write `<<: *name`"))
                return
            self.size += part.size
            for key, entry in part.entries.items():
                merged.setdefault(key, entry)

    def nothing(self, key: str, place: Place, value: yaml.Event, braces: bool, last: str) -> None:
        there = self.place(value)
        line = self.line(there)
        rest = line[there.column - 1 :].lstrip()
        if braces and line[: there.column - 1].rstrip()[-1:] != ":" and not rest.startswith(":"):
            self.problems.append(alone(place, key, last))
        elif rest.startswith("#") and not rest[1:2].isspace() and len(rest) > 1:
            quoted = f'write {key}: "{rest.rstrip()[:60]}"'
            self.problems.append(error("P106", place, f"nothing is left of `{key}`: a # begins a comment", quoted))
        else:
            message = f"nothing is written after `{key}:`"
            self.problems.append(error("P112", place, message, "write the value, or delete the line"))
