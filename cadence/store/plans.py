"""The loaded plans: every bundle as it came, the newest of each plan being the one in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from cadence.core.model import Bundle
from cadence.store.dialect import Stored
from cadence.store.mapping import bundle_of, bundle_row
from cadence.store.schema import BUNDLES

LOADING = 0x_CADE_10AD
"""The advisory lock of a load on PostgreSQL. One for all plans: they share their people."""


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A plan as it was loaded; `author` is whoever loaded it, as they were known then."""

    plan: str
    bundle: Bundle
    loaded_at: datetime
    author: str


class Plans:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def current(self) -> tuple[StoredPlan, ...]:
        """The bundle in force of every plan, by plan."""
        newest = select(func.max(BUNDLES.c.id)).group_by(BUNDLES.c.plan)
        rows = self._connection.execute(select(BUNDLES).where(BUNDLES.c.id.in_(newest)).order_by(BUNDLES.c.plan))
        return tuple(_stored_plan_of(row) for row in rows.mappings())

    def get(self, plan: str) -> StoredPlan | None:
        newest = select(BUNDLES).where(BUNDLES.c.plan == plan).order_by(BUNDLES.c.id.desc()).limit(1)
        row = self._connection.execute(newest).mappings().one_or_none()
        return None if row is None else _stored_plan_of(row)

    def lock(self) -> None:
        """Nobody else loads a plan until the transaction ends; on SQLite nobody else writes anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(LOADING)))

    def save(self, plan: str, bundle: Bundle, author: str, now: datetime) -> None:
        """Puts a bundle in force. Earlier ones stay: deliveries name them by hash."""
        values = {"plan": plan, "author": author, "loaded_at": now, **bundle_row(bundle)}
        self._connection.execute(insert(BUNDLES).values(**values))


def _stored_plan_of(row: Stored) -> StoredPlan:
    return StoredPlan(row["plan"], bundle_of(row), row["loaded_at"], row["author"])
