"""What is written down and kept: events, answers, decisions, holds, marks, and signatures already seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from cadence.core.model import Answer, Decision, Event, EventType, Hold
from cadence.store.dialect import add_all, add_new, chunks, put
from cadence.store.keys import Keys
from cadence.store.mapping import (
    answer_of,
    answer_row,
    answer_words,
    decision_of,
    decision_row,
    event_of,
    event_row,
    hold_of,
    hold_row,
)
from cadence.store.schema import ANSWERS, DECISIONS, EVENTS, HOLDS, MARKS, SEEN, TEXTS
from cadence.store.texts import Texts

REMEMBERED = timedelta(minutes=10)
"""How long a signature is known again; twice the age at which Slack's own are refused."""


class Records:
    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        self._keys = keys
        self.texts = Texts(connection, keys)

    def event(self, *events: Event) -> None:
        add_all(self._connection, EVENTS, [event_row(event, self._keys) for event in events])

    def events(
        self, plan: str | None = None, task_id: str | None = None, since: datetime | None = None
    ) -> tuple[Event, ...]:
        """Those that meet every condition given, in the order in which they were recorded."""
        conditions: list[ColumnElement[bool]] = []
        if plan is not None:
            conditions.append(EVENTS.c.plan == plan)
        if task_id is not None:
            conditions.append(EVENTS.c.task_id == task_id)
        if since is not None:
            conditions.append(EVENTS.c.at >= since)
        rows = self._connection.execute(select(EVENTS).where(*conditions).order_by(EVENTS.c.id)).mappings()
        return tuple(event_of(row, self._keys) for row in rows)

    def happened(self, types: Iterable[EventType], since: datetime) -> tuple[Event, ...]:
        """Those of these types since then, in the order in which they were recorded."""
        wanted = EVENTS.c.type.in_([kind.value for kind in types])
        rows = self._connection.execute(select(EVENTS).where(wanted, EVENTS.c.at >= since).order_by(EVENTS.c.id))
        return tuple(event_of(row, self._keys) for row in rows.mappings())

    def newest(self) -> int:
        """The number of the newest event: as long as it stays, nothing has happened. 0 before the first."""
        return self._connection.execute(select(func.max(EVENTS.c.id))).scalar() or 0

    def touched(self, after: int) -> frozenset[str] | None:
        """The tasks and decisions that the events after that number are about; None when one is about neither."""
        rows = self._connection.execute(select(EVENTS.c.task_id, EVENTS.c.data).where(EVENTS.c.id > after))
        about = [{row.task_id, row.data.get("decision")} - {None} for row in rows]
        return frozenset().union(*about) if all(about) else None

    def answer(self, answer: Answer) -> None:
        row = answer_row(answer, self._keys)
        row["text_id"] = self.texts.add(answer_words(answer), row["actor_id"], answer.at)
        self._connection.execute(insert(ANSWERS).values(**row))

    def answers(self, task_id: str) -> tuple[Answer, ...]:
        """What was said about a task, oldest first; erased words are None and an empty form."""
        whole = select(ANSWERS, TEXTS.c.body).outerjoin(TEXTS, ANSWERS.c.text_id == TEXTS.c.id)
        rows = self._connection.execute(whole.where(ANSWERS.c.task_id == task_id).order_by(ANSWERS.c.id)).mappings()
        return tuple(answer_of(row, self._keys) for row in rows)

    def answers_about(self, task_ids: Iterable[str]) -> dict[str, tuple[Answer, ...]]:
        """What was said about each of these tasks, oldest first; tasks nobody spoke of are left out."""
        said: dict[str, list[Answer]] = {}
        whole = select(ANSWERS, TEXTS.c.body).outerjoin(TEXTS, ANSWERS.c.text_id == TEXTS.c.id).order_by(ANSWERS.c.id)
        for chunk in chunks(task_ids):
            for row in self._connection.execute(whole.where(ANSWERS.c.task_id.in_(chunk))).mappings():
                said.setdefault(row["task_id"], []).append(answer_of(row, self._keys))
        return {task_id: tuple(answers) for task_id, answers in said.items()}

    def decisions(self, open_only: bool = False, asked: str | None = None) -> tuple[Decision, ...]:
        """By the instant of asking, then id."""
        conditions: list[ColumnElement[bool]] = []
        if open_only:
            conditions.append(DECISIONS.c.answered_at.is_(None))
        if asked is not None:
            conditions.append(DECISIONS.c.asked_id == self._keys.id_of(asked))
        return self._decisions(*conditions)

    def decision(self, prefix: str) -> Decision | None:
        """The one whose id begins so; None when there is none, or more than one."""
        found = self._decisions(DECISIONS.c.id.startswith(prefix, autoescape=True))
        return found[0] if len(found) == 1 else None

    def ask(self, decision: Decision) -> bool:
        """False when this question was already put."""
        return add_new(self._connection, DECISIONS, decision_row(decision, self._keys))

    def decide(self, decision: Decision) -> bool:
        """Keeps the answer if it is the first one; False when somebody was quicker."""
        unanswered = (DECISIONS.c.id == decision.id, DECISIONS.c.answered_at.is_(None))
        values = decision_row(decision, self._keys)
        return self._connection.execute(update(DECISIONS).where(*unanswered).values(**values)).rowcount == 1

    def holds(self, on: date | None = None) -> tuple[Hold, ...]:
        """By scope; with `on`, those still in force on that day."""
        conditions = [] if on is None else [HOLDS.c.until >= on]
        rows = self._connection.execute(select(HOLDS).where(*conditions).order_by(HOLDS.c.scope)).mappings()
        return tuple(hold_of(row) for row in rows)

    def hold(self, hold: Hold) -> None:
        """A new hold of the same scope takes the place of the old one."""
        put(self._connection, HOLDS, hold_row(hold))

    def release(self, scope: str) -> int:
        return self._connection.execute(delete(HOLDS).where(HOLDS.c.scope == scope)).rowcount

    def mark(self, name: str, value: str) -> None:
        put(self._connection, MARKS, {"name": name, "value": value})

    def marked(self, name: str) -> str | None:
        return self._connection.execute(select(MARKS.c.value).where(MARKS.c.name == name)).scalar_one_or_none()

    def seen(self, key: str, at: datetime) -> bool:
        """True the first time; False when this key came before, in the last ten minutes."""
        self._connection.execute(delete(SEEN).where(SEEN.c.at < at - REMEMBERED))
        return add_new(self._connection, SEEN, {"key": key, "at": at})

    def _decisions(self, *conditions: ColumnElement[bool]) -> tuple[Decision, ...]:
        ordered = select(DECISIONS).where(*conditions).order_by(DECISIONS.c.asked_at, DECISIONS.c.id)
        return tuple(decision_of(row, self._keys) for row in self._connection.execute(ordered).mappings())
