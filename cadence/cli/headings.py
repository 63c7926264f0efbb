"""What the columns of a people file are called, told by their headings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cadence.core.planfile.csvtext import read_csv
from cadence.errors import NothingToActOn
from cadence.services.gather import text_of

COLUMNS = {
    "id": ("id", "employee id", "employee_id", "employee number", "personnel number", "staff id", "personalnummer"),
    "name": ("name", "full name", "employee", "employee name", "rep", "agent", "sales_agent", "sales agent"),
    "email": ("email", "e-mail", "mail", "e-mail address", "email address", "work email"),
    "manager": (
        *("manager", "manager name", "manager id", "line manager", "reports to", "reports_to", "supervisor"),
        *("vorgesetzter", "vorgesetzte"),
    ),
    "team": ("team",),
    "region": ("region", "regional_office", "regional office", "territory"),
    "place": ("place", "location", "office", "site", "standort"),
    "language": ("language", "sprache"),
    "started": ("started", "start date", "hired", "hire date", "joined", "eintritt"),
    "left": ("left", "last day", "end date", "leaving date", "austritt"),
}
"""What a column of people is usually called, by the plan's word for it."""
FIRST = ("first name", "firstname", "first_name", "given name", "forename", "vorname")
LAST = ("last name", "lastname", "last_name", "surname", "family name", "nachname")
"""What the two are called where a name has a column each."""


def columns(file: Path) -> Mapping[str, tuple[str, ...]]:
    """The plan's word -> the heading in the file, or two for a name, for those that can be told."""
    text = text_of(file)
    if text is None:
        raise NothingToActOn(f"there is no people file '{file}'")
    table, _ = read_csv(file.name, text)
    known = {heading.casefold(): heading for heading in (table.columns if table else ())}
    found = {word: _first(names, known) for word, names in COLUMNS.items()}
    parts = _first(FIRST, known) + _first(LAST, known)
    if not found["name"] and len(parts) > 1:
        found["name"] = parts
    return {word: headings for word, headings in found.items() if headings}


def _first(names: tuple[str, ...], known: Mapping[str, str]) -> tuple[str, ...]:
    """The heading of the first of `names` that the file has; nothing where it has none."""
    return next(((known[name],) for name in names if name in known), ())
