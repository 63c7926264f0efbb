"""Words that people wrote or read, kept apart so that they can be erased while history stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, insert, select, update

from cadence.store.keys import Keys
from cadence.store.schema import ANSWERS, DELIVERIES, TASKS, TERMS, TEXTS


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

    def add_all(self, texts: Sequence[tuple[str | None, int | None]], now: datetime) -> list[int | None]:
        """The same for many (body, person's id), in their order."""
        rows = [{"body": body, "person_id": of, "written_at": now} for body, of in texts if body is not None]
        if not rows:
            return [None] * len(texts)
        returned = insert(TEXTS).returning(TEXTS.c.id, sort_by_parameter_order=True)
        ids = iter(self._connection.execute(returned, rows).scalars().all())
        return [None if body is None else int(next(ids)) for body, _ in texts]

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

    def expire(self, before: Mapping[str, datetime]) -> int:
        """Blanks the words of answers that are older than their plan keeps them, and of messages older than any plan
        does: a message may speak of all. `before` is an instant by plan. How many there were."""
        about = select(ANSWERS.c.text_id).join(TASKS, ANSWERS.c.task_id == TASKS.c.id)
        count = self._blank(select(DELIVERIES.c.text_id), max(before.values())) if before else 0
        for plan, instant in before.items():
            of_plan = about.join(TERMS, TASKS.c.terms_id == TERMS.c.id).where(TERMS.c.plan == plan)
            count += self._blank(of_plan, instant)
        return count

    def _blank(self, which: Select[tuple[int | None]], before: datetime) -> int:
        old = (TEXTS.c.id.in_(which), TEXTS.c.written_at < before, TEXTS.c.body.is_not(None))
        return self._connection.execute(update(TEXTS).where(*old).values(body=None)).rowcount
