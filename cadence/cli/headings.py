"""What the columns of a people file are called, told by their headings."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from cadence.errors import NothingToActOn

COLUMNS = {
    "id": ("id", "employee id", "employee_id", "employee number", "personnel number", "staff id"),
    "name": ("name", "full name", "employee", "employee name", "rep", "agent", "sales_agent", "sales agent"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "work email"),
    "manager": ("manager", "manager name", "manager id", "line manager", "reports to", "reports_to", "supervisor"),
    "team": ("team",),
    "region": ("region", "regional_office", "regional office", "territory"),
    "place": ("place", "location", "office", "site"),
    "language": ("language",),
    "started": ("started", "start date", "hired", "hire date", "joined"),
    "left": ("left", "last day", "end date", "leaving date"),
}
"""What a column of people is usually called, by the plan's word for it."""


def columns(file: Path) -> Mapping[str, str]:
    """The plan's word -> the heading in the file, for those that can be told."""
    if not file.is_file():
        raise NothingToActOn(f"there is no people file '{file}'")
    first = file.read_bytes()[:65536].decode("utf-8-sig", "replace").splitlines()[:1] or [""]
    separator = max(",;\t", key=first[0].count)
    headings = next(csv.reader(first, delimiter=separator), [])
    known = {heading.strip().lower(): heading.strip() for heading in headings}
    return {
        word: next(known[name] for name in names if name in known)
        for word, names in COLUMNS.items()
        if any(name in known for name in names)
    }
