"""Words that people wrote or read, kept apart so that they can be erased while history stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, update

from cadence.store.keys import Keys
from cadence.store.schema import TEXTS


class Texts:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, body: str | None, person_id: int | None, now: datetime) -> int | None:
        """The id of the new text; None when there is nothing to keep."""
        if body is None:
            return None
        values = {"body": body, "person_id": person_id, "written_at": now}
        added = self._connection.execute(insert(TEXTS).values(**values).returning(TEXTS.c.id))
        return int(added.scalar_one())

    def overwrite(self, text_id: int, body: str | None, now: datetime) -> None:
        self._connection.execute(update(TEXTS).where(TEXTS.c.id == text_id).values(body=body, written_at=now))

    def erase(self, *, key: str | None = None, before: datetime | None = None) -> int:
        """Blanks the words of one person, or those older than an instant, or both; how many there were."""
        conditions: list[ColumnElement[bool]] = [TEXTS.c.body.is_not(None)]
        if key is not None:
            conditions.append(TEXTS.c.person_id == self._keys.id_of(key))
        if before is not None:
            conditions.append(TEXTS.c.written_at < before)
        return self._connection.execute(update(TEXTS).where(*conditions).values(body=None)).rowcount
