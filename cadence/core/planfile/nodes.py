"""A text as a tree with the place of every part: what the loader makes and parents are merged on.

Trees are shared where an anchor repeats them, so each part knows how large and how deep it is written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cadence.core.model import Place

Data = str | list["Data"] | dict[str, "Data"] | None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text. All of YAML's other scalars are texts here too; the models give them their types."""

    place: Place
    text: str
    size: int = 1
    depth: int = 1


@dataclass(frozen=True, slots=True)
class Seq:
    place: Place
    items: tuple[Node, ...]
    size: int = field(init=False)
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", 1 + sum(item.size for item in self.items))
        object.__setattr__(self, "depth", 1 + max((item.depth for item in self.items), default=0))


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its place, and what stands behind it."""

    place: Place
    node: Node


@dataclass(frozen=True, slots=True)
class Map:
    place: Place
    entries: Mapping[str, Entry]
    size: int = field(init=False)
    depth: int = field(init=False)

    def __post_init__(self) -> None:
        nodes = [entry.node for entry in self.entries.values()]
        object.__setattr__(self, "size", 1 + len(nodes) + sum(node.size for node in nodes))
        object.__setattr__(self, "depth", 1 + max((node.depth for node in nodes), default=0))


Node = Leaf | Seq | Map


def plain(node: Node) -> Data:
    """The same as texts, lists and dicts, for the models."""
    match node:
        case Leaf():
            return node.text
        case Seq():
            return [plain(item) for item in node.items]
        case Map():
            return {key: plain(entry.node) for key, entry in node.entries.items()}


def place_of(root: Node, path: str) -> Place:
    """Where the dotted path stands: a key's own place, an item's beginning, else those of the nearest parent."""
    place, node, rest = root.place, root, path
    while rest:
        step = _step(node, rest)
        if step is None:
            return place
        place, node, rest = step
    return place


def paths_of(root: Node, path: str, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each of the words under `path` with its own path: items of a list are numbered, a single word is not."""
    numbered = place_of(root, f"{path}.0") != place_of(root, path)
    for n, word in enumerate(words):
        yield word, f"{path}.{n}" if numbered else path


def _step(node: Node, path: str) -> tuple[Place, Node, str] | None:
    """The first key or item of `path`; keys may hold dots themselves, so the longest that fits is taken."""
    head, rest = path, ""
    while head:
        match node:
            case Map() if head in node.entries:
                return node.entries[head].place, node.entries[head].node, rest
            case Seq() if head.isdecimal() and int(head[:9]) < len(node.items):
                return node.items[int(head[:9])].place, node.items[int(head[:9])], rest
        head, _, last = head.rpartition(".")
        rest = f"{last}.{rest}" if rest else last
    return None
