"""Calendar feeds: found by the hash of their token, which itself is shown once and never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from cadence.store.dialect import Stored
from cadence.store.keys import Keys
from cadence.store.schema import FEEDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`kind` is what it is a calendar of (`person`, `team`, `role`, `plan`), `subject` the key of that."""

    id: int
    kind: str
    subject: str
    created_at: datetime
    fetched_at: datetime | None = None
    revoked_at: datetime | None = None


class Feeds:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, kind: str, subject: str, token_hash: str, now: datetime) -> Feed:
        person_id = self._keys.id_of(subject) if kind == "person" else None
        values = {
            "kind": kind,
            "person_id": person_id,
            "subject": subject if person_id is None else None,
            "token_hash": token_hash,
            "created_at": now,
        }
        feed_id = self._connection.execute(insert(FEEDS).values(**values).returning(FEEDS.c.id)).scalar_one()
        return Feed(id=feed_id, kind=kind, subject=subject, created_at=now)

    def find(self, token_hash: str) -> Feed | None:
        """None for an unknown token and for a revoked one alike: nobody outside can tell them apart."""
        valid = (FEEDS.c.token_hash == token_hash, FEEDS.c.revoked_at.is_(None))
        row = self._connection.execute(select(FEEDS).where(*valid)).mappings().one_or_none()
        return None if row is None else self._feed_of(row)

    def list(self) -> tuple[Feed, ...]:
        """All of them, revoked ones too, oldest first."""
        rows = self._connection.execute(select(FEEDS).order_by(FEEDS.c.id)).mappings()
        return tuple(self._feed_of(row) for row in rows)

    def fetched(self, feed_id: int, now: datetime) -> None:
        self._connection.execute(update(FEEDS).where(FEEDS.c.id == feed_id).values(fetched_at=now))

    def revoke(self, feed_id: int, now: datetime) -> bool:
        """False when there is no such feed or it was revoked before."""
        valid = (FEEDS.c.id == feed_id, FEEDS.c.revoked_at.is_(None))
        return self._connection.execute(update(FEEDS).where(*valid).values(revoked_at=now)).rowcount == 1

    def _feed_of(self, row: Stored) -> Feed:
        return Feed(
            id=row["id"],
            kind=row["kind"],
            subject=row["subject"] if row["person_id"] is None else self._keys.key_of(row["person_id"]),
            created_at=row["created_at"],
            fetched_at=row["fetched_at"],
            revoked_at=row["revoked_at"],
        )
