"""Everything that the database holds about one person: found wherever it points at them, and erased for good.

What is kept of somebody who was forgotten is an opaque number, in every row that counts. Their name, key and address
are looked for in every column of every table, so that nothing new can be overlooked.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    RowMapping,
    Table,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from cadence.core.model import WORKWEEK, Reason
from cadence.errors import Unreachable
from cadence.store.dialect import BUSY_SECONDS, CHUNK, file_of, translated
from cadence.store.keys import Keys
from cadence.store.schema import (
    ABSENCES,
    ANSWERS,
    BUNDLES,
    DELIVERIES,
    FEEDS,
    PERSONS,
    SERIES,
    TASKS,
    TERMS,
    TEXTS,
    Row,
)

TOKEN = "forgotten"  # noqa: S105 - a word of ours, no secret
"""Begins the key, the identity and the name of whoever was forgotten; their number follows."""
POINTING: dict[Table, tuple[str, ...]] = {
    table: columns
    for table in Row.metadata.sorted_tables
    if (columns := tuple(c.name for c in table.columns if c.references(PERSONS.c.id)))
}
"""Every table that points at persons, and the columns that do."""
SECRET = frozenset({"token_hash"})


class Personal:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def held(self, key: str) -> dict[str, list[dict[str, Any]]]:
        """Every row that points at the person, by table; texts with their words. Calendar tokens are left out."""
        number = self._keys.id_of(key)
        return {table.name: list(self._pointing(table, columns, number)) for table, columns in POINTING.items()}

    def _pointing(self, table: Table, columns: Iterable[str], number: int) -> Iterator[dict[str, Any]]:
        theirs = or_(*(table.c[name] == number for name in columns))
        rows = self._connection.execute(select(table).where(theirs).order_by(*table.primary_key)).mappings()
        for row in rows:
            yield {
                name.removesuffix("_id") if name in columns else name: self._named(name in columns, value)
                for name, value in row.items()
                if name not in SECRET
            }

    def _named(self, points: bool, value: object) -> object:
        return self._keys.key_of(value) if points and isinstance(value, int) else value

    def plans_naming(self, key: str) -> tuple[str, ...]:
        """The plans in force whose texts name the person."""
        spelt = self._spelt(self._person(key))
        newest = select(func.max(BUNDLES.c.id)).group_by(BUNDLES.c.plan)
        rows = self._connection.execute(select(BUNDLES).where(BUNDLES.c.id.in_(newest)).order_by(BUNDLES.c.plan))
        return tuple(row["plan"] for row in rows.mappings() if spelt.names(row))

    def is_forgotten(self, key: str) -> bool:
        return str(self._person(key)["identity"]).startswith(f"{TOKEN}:")

    def _person(self, key: str) -> RowMapping:
        own = PERSONS.c.id == self._keys.id_of(key)
        return self._connection.execute(select(PERSONS).where(own)).mappings().one()

    def _spelt(self, person: RowMapping) -> Spelling:
        """Without the name where somebody else has the same: it is theirs too."""
        namesakes = select(PERSONS.c.id).where(PERSONS.c.name == person["name"], PERSONS.c.id != person["id"])
        return Spelling(person, by_name=self._connection.execute(namesakes).first() is None)

    def erase(self, key: str, now: datetime) -> str:
        """Forgets a person whom no plan in force names; the key that stands for them from now on."""
        person = self._person(key)
        number, spelt = person["id"], self._spelt(person)
        self._say_less(number)
        emptied: dict[str, Any] = {"files": [], "holidays": [], "moved": [], "by_hand": []}
        self._change(TEXTS, lambda row: {"body": None} if spelt.is_about(row) else {})
        self._change(BUNDLES, lambda row: emptied if spelt.names(row) else {})
        self._connection.execute(update(PERSONS).where(PERSONS.c.id == number).values(**_nobody(number, now)))
        for table in Row.metadata.sorted_tables:
            if table is not TEXTS:
                self._change(table, partial(spelt.without, table))
        self._keys.reload()
        return f"{TOKEN}-{number}"

    def _say_less(self, number: int) -> None:
        """Takes away what is theirs alone: absences, calendars, addresses, and reasons in words of their own."""
        run = self._connection.execute
        run(delete(ABSENCES).where(ABSENCES.c.person_id == number))
        run(delete(FEEDS).where(FEEDS.c.person_id == number))
        run(update(DELIVERIES).where(DELIVERIES.c.recipient_id == number).values(receipt={}, error=None))
        free = and_(ANSWERS.c.actor_id == number, ANSWERS.c.reason.not_in([reason.value for reason in Reason]))
        for task, reason in run(select(ANSWERS.c.task_id, ANSWERS.c.reason).where(free)).all():
            run(update(TASKS).where(TASKS.c.id == task, TASKS.c.reason == reason).values(reason=Reason.OTHER.value))
        run(update(ANSWERS).where(free).values(reason=Reason.OTHER.value))

    def _change(self, table: Table, wanted: Callable[[RowMapping], dict[str, Any]]) -> None:
        """Changes every row of a table as `wanted` says of it; all are looked at before one is changed."""
        rows = self._connection.execute(select(table).execution_options(yield_per=CHUNK)).mappings()
        for row, changed in [(row, changed) for row in rows if (changed := wanted(row))]:
            self._rewrite(table, row, changed)

    def _rewrite(self, table: Table, row: RowMapping, changed: dict[str, Any]) -> None:
        """Terms have the digest of what they say as their id: others get another one. Series are only remembered."""
        if table is SERIES:
            self._connection.execute(delete(SERIES).where(*_same(SERIES, row)))
        elif table is TERMS:
            said = {**row, **changed}
            said["id"] = f"~{hashlib.blake2b(repr(sorted(said.items())).encode(), digest_size=8).hexdigest()}"
            self._connection.execute(insert(TERMS).values(said))
            self._connection.execute(update(TASKS).where(TASKS.c.terms_id == row["id"]).values(terms_id=said["id"]))
            self._connection.execute(delete(TERMS).where(TERMS.c.id == row["id"]))
        else:
            self._connection.execute(update(table).where(*_same(table, row)).values(**changed))


def _same(table: Table, row: RowMapping) -> list[Any]:
    return [column == row[column.name] for column in table.primary_key]


def _nobody(number: int, now: datetime) -> dict[str, Any]:
    """The row of somebody who was forgotten: it says nothing and can be mistaken for nobody else's."""
    empty = ("email", "country", "subdivision", "channel", "reports_to", "team", "region", "started")
    return {
        **dict.fromkeys((*empty, "own_channel", "own_brief", "briefs")),
        **{"key": f"{TOKEN}-{number}", "identity": f"{TOKEN}:{number}", "name": f"{TOKEN}-{number}"},
        **{"timezone": "UTC", "workdays": sorted(WORKWEEK), "opens": time(8), "closes": time(18), "brief": time(8, 30)},
        **{"language": "en", "tags": [], "external": False, "left": now.date()},
    }


class Spelling:
    """The ways in which a person is written: by key, by address, and by name either way round."""

    def __init__(self, person: RowMapping, *, by_name: bool) -> None:
        parts = str(person["name"]).split() if by_name else []
        turned = f"{parts[-1]}, {' '.join(parts[:-1])}" if len(parts) > 1 else ""
        words = {person["key"], person["email"] or "", person["name"] if by_name else "", turned}
        either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True) if len(word) > 1)
        more = r"(?!(?-i: [A-ZÀ-ÖØ-Þ]))" if len(parts) == 1 else ""  # "Meg" is not "Meg Ryan"
        self._said = re.compile(rf"(?<![\w@-])(?:{either})(?![\w-]){more}", re.IGNORECASE)
        self._parts = frozenset(part.casefold() for part in parts) if len(parts) > 1 else frozenset()
        self._number, self._token = person["id"], f"{TOKEN}-{person['id']}"

    def is_about(self, text: RowMapping) -> bool:
        """Whether a text, kept as JSON, is the person's own or names them."""
        if text["body"] is None or text["person_id"] == self._number:
            return text["body"] is not None
        return any(self._said.search(words) for words in _words(_read(text["body"])))

    def names(self, bundle: RowMapping) -> bool:
        """Whether the texts of a bundle name the person; in a table the name may stand in several columns."""
        texts = [text for file in bundle["files"] for text in file]
        if any(self._said.search(text) for text in (*texts, *_words(bundle["by_hand"]))):
            return True
        lines = (set(re.findall(r"[\w'-]+", line.casefold())) for text in texts for line in text.splitlines())
        return bool(self._parts) and any(self._parts <= words for words in lines)

    def without(self, table: Table, row: RowMapping) -> dict[str, Any]:
        """The columns of a row that name the person, as they read without it."""
        changed = {}
        for column in (table.c.reports_to,) if table is PERSONS else table.columns:
            written = self._blanked(row[column.name])
            if written != row[column.name]:
                changed[column.name] = written
        return changed

    def _blanked(self, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
        if isinstance(value, str):
            return self._said.sub(self._token, value)
        if isinstance(value, list):
            return [self._blanked(item) for item in value]
        if isinstance(value, dict):
            return {self._blanked(name): self._blanked(item) for name, item in value.items()}
        return value


def _read(body: str) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return body


def _words(value: object) -> Iterator[str]:
    """Every string within, and within what is JSON again."""
    if isinstance(value, str):
        yield value
        if value[:1] in "[{" and (inner := _read(value)) != value:
            yield from _words(inner)
    elif isinstance(value, list | dict):
        for item in (*value, *value.values()) if isinstance(value, dict) else value:
            yield from _words(item)


def compact(engine: Engine) -> None:
    """Writes the database anew, so that nothing that was deleted is left in its bytes. Raises Unreachable while others
    keep it busy."""
    file = file_of(engine.url)
    engine.dispose()
    if file is not None:
        _vacuum(file)
    elif engine.dialect.name == "postgresql":
        with translated(engine.url), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM FULL")


def _vacuum(file: Path) -> None:
    try:
        with closing(sqlite3.connect(file, isolation_level=None, timeout=BUSY_SECONDS)) as raw:
            raw.execute("vacuum")
            busy, *_ = raw.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.OperationalError as error:
        raise Unreachable(f"{file} cannot be written anew: {error}") from error
    if busy:
        raise Unreachable(f"{file} cannot be written anew: somebody reads it")
