"""A person while the sources are still being put together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cadence.core.model import Place
from cadence.core.planfile.names import address, identities, key_of
from cadence.core.planfile.nodes import Map, place_of
from cadence.core.planfile.written import PersonText


@dataclass(slots=True)
class Draft:
    """`said` is what file and `list` say of somebody; `place` is where the row stands, and `path` the entry in `list`
    that amends it or is all there is. `source` means what it does in `PersonRow`."""

    key: str
    said: PersonText
    source: Literal["file", "list", "manager"]
    place: Place
    path: str = ""

    @classmethod
    def of_row(cls, said: PersonText, place: Place, source: Literal["file", "manager"] = "file") -> Draft:
        """A row of the people file under the key it gives by itself; empty where it gives none."""
        return cls(key_of(said.name or "", said.email, said.id), said, source, place)

    @property
    def name(self) -> str:
        return self.said.name or self.key

    def address(self, pattern: str | None) -> str | None:
        """Their own address, or the one that the pattern of the file makes of the name."""
        made = address(pattern, self.name, self.said.id) if pattern and self.source != "list" else None
        return self.said.email or made

    def identities(self, pattern: str | None) -> tuple[str, ...]:
        return identities(self.key, self.address(pattern), self.said.id)

    def stands(self, word: str, root: Map) -> tuple[Place, str]:
        """Where `word` is said of them, and its path: in `list` where it says so, else in their row."""
        path = f"{self.path}.{word}"
        said = place_of(root, path)
        return (said, path) if self.path and said != place_of(root, self.path) else (self.place, "")
