"""What is wrong or worth knowing in what somebody wrote: a value with a place, never an exception."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in the user's text: lines and columns count from 1; line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake or a finding in what the user wrote: what is wrong, where, and what to write instead."""

    code: str
    severity: Severity
    place: Place
    path: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}:{self.place.column}"
        path = f" {self.path}" if self.path else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{where}: {self.severity}[{self.code}]{path}: {self.message}{remedy}"
