"""Persons' keys and the opaque ids behind them, read once per transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select

from cadence.errors import NothingToActOn
from cadence.store.schema import PERSONS


class Keys:
    """Both ways between key and id; `reload` after persons were saved."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._ids: dict[str, int] | None = None
        self._keys: dict[int, str] = {}

    def reload(self) -> None:
        self._ids = None

    def knows(self, key: str) -> bool:
        return key in self._loaded()

    def id_of(self, key: str) -> int:
        try:
            return self._loaded()[key]
        except KeyError:
            raise NothingToActOn(f"nobody here has the key {key}") from None

    def id_or_none(self, key: str | None) -> int | None:
        return None if key is None else self.id_of(key)

    def key_of(self, person_id: int) -> str:
        self._loaded()
        return self._keys[person_id]

    def key_or_none(self, person_id: int | None) -> str | None:
        return None if person_id is None else self.key_of(person_id)

    def _loaded(self) -> dict[str, int]:
        if self._ids is None:
            rows = self._connection.execute(select(PERSONS.c.id, PERSONS.c.key))
            self._keys = {row.id: row.key for row in rows}
            self._ids = {key: person_id for person_id, key in self._keys.items()}
        return self._ids
