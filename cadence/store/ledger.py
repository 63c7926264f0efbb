"""The ledger of messages: nothing is lost, nothing goes out twice.

`queued -> claimed -> sending -> sent | retry | failed | unknown`, or `dropped` when it no longer matters. Each
step is one conditional update on state and fence, and its row count says whether the step was ours to take.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    not_,
    null,
    or_,
    select,
    update,
)

from cadence.core.model import (
    Closed,
    Delivery,
    DeliveryState,
    MessageKind,
    Notice,
    Outcome,
    Permanent,
    Sent,
    Temporary,
    Unknown,
)
from cadence.store.dialect import add_new, as_they_come, chunks, insert_new
from cadence.store.keys import Keys
from cadence.store.mapping import delivery_of, delivery_row, delivery_words, fingerprint, notice_of, notice_row
from cadence.store.schema import DELIVERIES, NOTICES, TEXTS
from cadence.store.texts import Texts

DUE = (DeliveryState.QUEUED.value, DeliveryState.RETRY.value)
HELD = (DeliveryState.CLAIMED, DeliveryState.SENDING)
WAITING = (
    DeliveryState.QUEUED,
    DeliveryState.RETRY,
    DeliveryState.CLAIMED,
    DeliveryState.SENDING,
    DeliveryState.UNKNOWN,
)
COLUMN = DELIVERIES.c
FEW = 20
"""So many subjects are looked for by the database itself; for more of them it would take longer than we do."""
LONGEST_LEASE = timedelta(minutes=30)
"""A lease that has longer to run was given by a clock that went back since."""


NOTICES_ABOUT = select(NOTICES).where(NOTICES.c.subject.in_(bindparam("subjects", expanding=True)))
"""Built once: with hundreds of subjects a beat, building it anew costs more than the database does."""
WORDLESS: Select[Any] = select(DELIVERIES, null().label("body"))
"""Deliveries without their words: texts are long, and most questions are not about them."""
OUTLINE: Select[Any] = select(
    *(column for column in COLUMN if column.name != "entries"), null().label("entries"), null().label("body")
)
"""Deliveries without their lines either."""


ONE_OF_MANY = update(DELIVERIES).where(COLUMN.key == bindparam("its_key"), COLUMN.fence == bindparam("its_fence"))
"""For rows whose values differ, sent to the database together."""


class Ledger:
    def __init__(self, connection: Connection, keys: Keys, texts: Texts) -> None:
        self._connection = connection
        self._keys = keys
        self._texts = texts

    # --- what was owed and is said

    def notices(self, subjects: Iterable[str]) -> frozenset[Notice]:
        """Every notice already given about these tasks and decisions."""
        found: set[Notice] = set()
        for chunk in chunks(subjects):
            rows = self._connection.execute(NOTICES_ABOUT, {"subjects": chunk}).mappings()
            found.update(notice_of(row, self._keys) for row in rows)
        return frozenset(found)

    def note(self, notices: Iterable[Notice], at: datetime) -> None:
        """A notice given before stays as it was."""
        if rows := [{**notice_row(notice, self._keys), "noted_at": at} for notice in notices]:
            self._connection.execute(insert_new(NOTICES, self._connection.dialect.name), rows)

    def unsay(self, delivery: Delivery) -> None:
        """What this message was to say and never said is owed again."""
        for entry in delivery.entries:
            subject = entry.task_id or entry.decision_id or f"person/{entry.subject}"
            if entry.rung is not None:
                said = (NOTICES.c.subject == subject, NOTICES.c.rung == entry.rung.value)
                to = NOTICES.c.recipient_id == self._keys.id_of(delivery.recipient)
                self._connection.execute(delete(NOTICES).where(*said, to))

    def enqueue(self, delivery: Delivery) -> bool:
        """False, and nothing changes, when there is a delivery with this key."""
        row = {**delivery_row(delivery, self._keys), "changed_at": delivery.created_at}
        if not add_new(self._connection, DELIVERIES, row):
            return False
        text_id = self._texts.add(delivery_words(delivery), row["recipient_id"], delivery.created_at)
        if text_id is not None:
            self._step(COLUMN.key == delivery.key, text_id=text_id)
        return True

    def get(self, key: str) -> Delivery | None:
        return next(iter(self._read(COLUMN.key == key, order=())), None)

    def exists(self, key: str) -> bool:
        return self._connection.execute(select(COLUMN.key).where(COLUMN.key == key)).first() is not None

    def existing(self, keys: Iterable[str]) -> frozenset[str]:
        """Those of the keys that there is a delivery with."""
        found = (self._connection.execute(select(COLUMN.key).where(COLUMN.key.in_(chunk))) for chunk in chunks(keys))
        return frozenset(row.key for rows in found for row in rows)

    # --- the road of one delivery

    def claim(
        self, now: datetime, lease: timedelta, limit: int, but: Mapping[str, datetime | None] | None = None
    ) -> tuple[Delivery, ...]:
        """At most `limit` due deliveries, longest due first, ours until `now + lease`; no other worker has them. Of the
        channels in `but` only what has been due since that instant; None: nothing."""
        due = select(COLUMN.key).where(COLUMN.state.in_(DUE), COLUMN.not_before <= now)
        for channel, since in (but or {}).items():
            other = COLUMN.channel != channel
            due = due.where(other if since is None else or_(other, COLUMN.not_before <= since))
        due = due.order_by(COLUMN.not_before, COLUMN.key).limit(limit)
        # Two statements: as a subquery of the update, PostgreSQL may lock more rows than the limit.
        keys = self._connection.execute(due.with_for_update(skip_locked=True)).scalars().all()
        if not keys:
            return ()
        mine = COLUMN.key.in_(keys)
        values = {"state": DeliveryState.CLAIMED.value, "lease_until": now + lease, "fence": COLUMN.fence + 1}
        self._step(mine, changed_at=now, **values)
        return self._read(mine, order=(COLUMN.not_before, COLUMN.key))

    def sending(self, deliveries: Sequence[Delivery], now: datetime, lease: timedelta) -> frozenset[str]:
        """Writes down, just before the network is touched, what is about to be sent and that it is tried; it is ours
        until `now + lease`. The keys of those that are: of the others the lease has run out or the fence is newer."""
        given = {delivery.key: delivery for delivery in deliveries}
        held = (COLUMN.key.in_(given), COLUMN.state == DeliveryState.CLAIMED.value, COLUMN.lease_until > now)
        asked = select(COLUMN.key, COLUMN.fence, COLUMN.text_id, COLUMN.recipient_id).where(*held).with_for_update()
        rows = [row for row in self._connection.execute(asked) if row.fence == given[row.key].fence]
        if not rows:
            return frozenset()
        ours = [given[row.key] for row in rows]
        marked = {"state": DeliveryState.SENDING.value, "lease_until": now + lease, "changed_at": now}
        said = zip(ours, self._keep_words(ours, rows, now), strict=True)
        self._connection.execute(ONE_OF_MANY, [{**_marked(one, text_id), **marked} for one, text_id in said])
        return frozenset(row.key for row in rows)

    def arrived(self, sent: Sequence[tuple[Delivery, Sent]], now: datetime) -> None:
        """Settles many at once that were taken; those that are no longer ours stay as they are."""
        taken = ({**_settled(outcome, now, now), "changed_at": now, **_whose(one)} for one, outcome in sent)
        self._connection.execute(ONE_OF_MANY.where(COLUMN.state == DeliveryState.SENDING.value), list(taken))

    def hand_back(self, delivery: Delivery, now: datetime) -> bool:
        """Puts one that was claimed, and perhaps marked, but of which nothing was ever said, back into the queue as it
        was; False when it is not ours."""
        values = {"state": DeliveryState.QUEUED.value, "lease_until": None, "attempts": delivery.attempts}
        return self._step(*_at(delivery.key, delivery.fence, *HELD), changed_at=now, **values) == 1

    def settle(self, key: str, fence: int, outcome: Outcome, now: datetime, *, retry_at: datetime | None) -> bool:
        """What became of an attempt. A temporary failure without `retry_at` has had its last one: it has failed. One
        that met a closed channel was none.

        Also from `claimed`, for one that trips before it is sent. False when the delivery is no longer ours.
        """
        if isinstance(outcome, Temporary) and retry_at is None:
            outcome = Permanent(outcome.error)
        states = HELD if isinstance(outcome, Temporary | Permanent) else (DeliveryState.SENDING,)
        return self._step(*_at(key, fence, *states), changed_at=now, **_settled(outcome, now, retry_at or now)) == 1

    def put_off(self, key: str, fence: int, error: str, now: datetime, *, retry_at: datetime | None) -> bool:
        """One that trips over itself before it is sent: the attempt counts. Without `retry_at` it is parked as failed;
        False when it is not ours."""
        state = DeliveryState.FAILED if retry_at is None else DeliveryState.RETRY
        values = {"state": state.value, "lease_until": None, "error": error, "not_before": retry_at or now}
        ours = _at(key, fence, DeliveryState.CLAIMED)
        return self._step(*ours, changed_at=now, attempts=COLUMN.attempts + 1, **values) == 1

    def drop(self, key: str, fence: int, now: datetime, why: str) -> bool:
        """Ends a claimed delivery that no longer matters; False when it is not ours."""
        values = {"state": DeliveryState.DROPPED.value, "lease_until": None, "error": why}
        return self._step(*_at(key, fence, DeliveryState.CLAIMED), changed_at=now, **values) == 1

    def expire(self, now: datetime) -> tuple[int, int]:
        """Leases that ran out: how many went back to the queue, and how many may or may not have been sent."""
        over = or_(COLUMN.lease_until <= now, COLUMN.lease_until > now + LONGEST_LEASE)
        held = COLUMN.state.in_([state.value for state in HELD])
        # What a stopped process has locked stays as it is, and nobody waits for it.
        keys = self._connection.execute(select(COLUMN.key).where(held, over).with_for_update(skip_locked=True))
        ours = COLUMN.key.in_(keys.scalars().all())
        lapsed = {"state": DeliveryState.QUEUED.value, "lease_until": None}
        doubtful = {"state": DeliveryState.UNKNOWN.value, "lease_until": None, "error": "lease ran out while sending"}
        return (
            self._step(COLUMN.state == DeliveryState.CLAIMED.value, ours, changed_at=now, **lapsed),
            self._step(COLUMN.state == DeliveryState.SENDING.value, ours, changed_at=now, **doubtful),
        )

    def unknown(self, now: datetime, older_than: timedelta) -> tuple[Delivery, ...]:
        """Those in doubt for at least so long, the oldest doubt first."""
        doubtful = (COLUMN.state == DeliveryState.UNKNOWN.value, COLUMN.changed_at <= now - older_than)
        return self._read(*doubtful, order=(COLUMN.changed_at, COLUMN.key))

    def resolve(self, key: str, outcome: Outcome, now: datetime) -> bool:
        """What the provider says about one in doubt; `Temporary`: it never arrived and may be tried again.

        False when it is no longer in doubt.
        """
        again = now + (outcome.after or timedelta()) if isinstance(outcome, Temporary) else now
        doubtful = (COLUMN.key == key, COLUMN.state == DeliveryState.UNKNOWN.value)
        return self._step(*doubtful, changed_at=now, **_settled(outcome, now, again)) == 1

    # --- questions

    def sent(
        self,
        to: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        task_id: str | None = None,
        kinds: Iterable[MessageKind] | None = None,
    ) -> tuple[Delivery, ...]:
        """What went out and meets every condition given (`since` inclusive, `until` not), newest last."""
        conditions: list[ColumnElement[bool]] = [COLUMN.state == DeliveryState.SENT.value]
        if to is not None:
            conditions.append(COLUMN.recipient_id == self._keys.id_of(to))
        if since is not None:
            conditions.append(COLUMN.sent_at >= since)
        if until is not None:
            conditions.append(COLUMN.sent_at < until)
        if kinds is not None:
            conditions.append(COLUMN.kind.in_([kind.value for kind in kinds]))
        if task_id is not None:  # a first sieve in the database; the entries themselves decide below
            conditions.append(cast(COLUMN.entries, String).contains(task_id, autoescape=True))
        found = self._read(*conditions, order=(COLUMN.sent_at, COLUMN.key))
        return tuple(one for one in found if task_id is None or any(e.task_id == task_id for e in one.entries))

    def recent(self, kinds: Iterable[MessageKind], since: datetime) -> tuple[Delivery, ...]:
        """Those decided since then, whatever became of them, without lines and words; rewrites left out, oldest
        first."""
        wanted = COLUMN.kind.in_([kind.value for kind in kinds])
        conditions = (wanted, COLUMN.created_at >= since, COLUMN.edits.is_(None))
        return self._read(*conditions, order=(COLUMN.created_at, COLUMN.key), of=OUTLINE)

    def by_prefix(self, text: str) -> tuple[Delivery, ...]:
        """Those whose key begins with `text`, whatever became of them."""
        return self._read(COLUMN.key.startswith(text, autoescape=True), order=(COLUMN.key,))

    def meant_for(self, recipient: str, day: date) -> tuple[Delivery, ...]:
        """Those meant for a person's day, whatever became of them, in the order in which they were decided."""
        theirs = (COLUMN.recipient_id == self._keys.id_of(recipient), COLUMN.occasion == day.isoformat())
        return self._read(*theirs, order=(COLUMN.created_at, COLUMN.key))

    def lately(
        self, kinds: Iterable[MessageKind], since: datetime
    ) -> list[tuple[str, MessageKind, str, DeliveryState]]:
        """Of what `recent` gives, in its order, the recipient, kind, occasion and state alone."""
        wanted = COLUMN.kind.in_([kind.value for kind in kinds])
        outline = select(COLUMN.recipient_id, COLUMN.kind, COLUMN.occasion, COLUMN.state)
        outline = outline.where(wanted, COLUMN.created_at >= since, COLUMN.edits.is_(None))
        rows = as_they_come(self._connection, outline.order_by(COLUMN.created_at, COLUMN.key))
        key = self._keys.key_of
        return [(key(one), MessageKind(kind), occasion, DeliveryState(state)) for one, kind, occasion, state in rows]

    def failures(self) -> int:
        """How many have failed for good, ever."""
        failed = select(func.count()).where(COLUMN.state == DeliveryState.FAILED.value)
        return int(self._connection.execute(failed).scalar_one())

    def unsent(self, kinds: Iterable[MessageKind]) -> tuple[Delivery, ...]:
        """Those of these kinds that still wait in the queue, rewrites left out; longest due first."""
        wanted = COLUMN.kind.in_([kind.value for kind in kinds])
        return self._read(wanted, COLUMN.state.in_(DUE), COLUMN.edits.is_(None), order=(COLUMN.not_before, COLUMN.key))

    def shows(self, key: str) -> str | None:
        """The hash of what a sent message shows by now; None for an unknown key."""
        return self._connection.execute(select(COLUMN.shows).where(COLUMN.key == key)).scalar_one_or_none()

    def shown(self, key: str, shows: str) -> None:
        """A rewrite has arrived: the message shows this now."""
        self._step(COLUMN.key == key, shows=shows)

    def abandon(self, key: str, now: datetime, why: str) -> bool:
        """Ends a delivery that nobody has claimed; False when somebody has or it is no longer waiting."""
        values = {"state": DeliveryState.DROPPED.value, "error": why}
        return self._step(COLUMN.key == key, COLUMN.state.in_(DUE), changed_at=now, **values) == 1

    def put_aside(self, now: datetime, why: str, asked: Iterable[str]) -> int:
        """Ends everything that waits or is under way. What went, or was to go, through a channel in `asked` becomes
        doubtful instead, so that the channel is asked whether it arrived; a rewrite does not. How many there were."""
        waits = COLUMN.state.in_([state.value for state in WAITING])
        doubtful = and_(COLUMN.channel.in_(asked), COLUMN.edits.is_(None))
        values = {"lease_until": None, "error": why, "changed_at": now}
        ended = self._step(waits, not_(doubtful), state=DeliveryState.DROPPED.value, **values)
        return ended + self._step(waits, doubtful, state=DeliveryState.UNKNOWN.value, **values)

    def waiting(self) -> Mapping[DeliveryState, int]:
        """How many stand in each state that is not an end, zeros included."""
        waits = COLUMN.state.in_([state.value for state in WAITING])
        counted = select(COLUMN.state, func.count()).where(waits).group_by(COLUMN.state)
        counts = {DeliveryState(state): count for state, count in self._connection.execute(counted)}
        return {state: counts.get(state, 0) for state in WAITING}

    def doubles(self) -> int:
        """How many briefs and digests were sent although their recipient had one for the occasion; always 0."""
        kinds = (MessageKind.BRIEF.value, MessageKind.DIGEST.value)
        sent = (COLUMN.state == DeliveryState.SENT.value, COLUMN.kind.in_(kinds), COLUMN.edits.is_(None))
        grouped = select(func.count().label("many")).where(*sent)
        counted = grouped.group_by(COLUMN.kind, COLUMN.occasion, COLUMN.recipient_id).subquery()
        return int(self._connection.execute(select(func.coalesce(func.sum(counted.c.many - 1), 0))).scalar_one())

    def stuck(self, before: datetime) -> int:
        """How many are in the hands of somebody whose lease ran out before then."""
        held = COLUMN.state.in_([state.value for state in HELD])
        counted = select(func.count()).where(held, COLUMN.lease_until < before)
        return int(self._connection.execute(counted).scalar_one())

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the one has been due that waits longest for its end; None when none that is due waits."""
        unsettled = COLUMN.state.in_([state.value for state in WAITING])
        first = select(func.min(COLUMN.not_before)).where(unsettled, COLUMN.not_before <= now)
        return self._connection.execute(first).scalar_one_or_none()

    def next_due(self) -> datetime | None:
        """When the next claim can find something; None when nothing waits for its time."""
        first = select(COLUMN.not_before).where(COLUMN.state.in_(DUE)).order_by(COLUMN.not_before).limit(1)
        return self._connection.execute(first).scalar_one_or_none()

    def editable(self, since: datetime, subjects: Collection[str] | None = None) -> tuple[Delivery, ...]:
        """Briefs and alerts sent through Slack since then that can still be rewritten, without their words; oldest
        first. With `subjects`, all that have a line about one of these tasks and decisions, and perhaps others."""
        kinds = (MessageKind.BRIEF.value, MessageKind.ALERT.value)
        sent = (COLUMN.state == DeliveryState.SENT.value, COLUMN.sent_at >= since)
        ours = (COLUMN.channel == "slack", COLUMN.kind.in_(kinds), COLUMN.edits.is_(None))
        few = subjects is not None and len(subjects) <= FEW
        lines = cast(COLUMN.entries, String)
        sieve = (or_(*(lines.contains(one, autoescape=True) for one in subjects or ())),) if few else ()
        found = self._read(*sent, *ours, *sieve, order=(COLUMN.sent_at, COLUMN.key), of=WORDLESS)
        return tuple(one for one in found if one.receipt)

    def _step(self, *conditions: ColumnElement[bool], **values: Any) -> int:  # noqa: ANN401 - columns of any type
        return self._connection.execute(update(DELIVERIES).where(*conditions).values(**values)).rowcount

    def _keep_words(self, deliveries: Sequence[Delivery], rows: Sequence[Any], now: datetime) -> list[int | None]:
        """The ids of their texts. A second attempt says what it says now, in the place of the first."""
        said = [(delivery_words(delivery), row) for delivery, row in zip(deliveries, rows, strict=True)]
        added = iter(self._texts.add_all([(words, row.recipient_id) for words, row in said if not row.text_id], now))
        for words, row in said:
            if row.text_id:
                self._texts.overwrite(row.text_id, words, now)
        return [row.text_id or next(added) for row in rows]

    def _read(
        self, *conditions: ColumnElement[bool], order: Iterable[ColumnElement[Any]], of: Select[Any] | None = None
    ) -> tuple[Delivery, ...]:
        """Whole deliveries, or what `of` selects of them."""
        whole = select(DELIVERIES, TEXTS.c.body).outerjoin(TEXTS, COLUMN.text_id == TEXTS.c.id)
        chosen = (whole if of is None else of).where(*conditions).order_by(*order)
        return tuple(delivery_of(row, self._keys) for row in self._connection.execute(chosen).mappings())


def _whose(delivery: Delivery) -> dict[str, Any]:
    return {"its_key": delivery.key, "its_fence": delivery.fence}


def _marked(delivery: Delivery, text_id: int | None) -> dict[str, Any]:
    """The columns that differ between those that are sent together."""
    return _whose(delivery) | {
        "attempts": delivery.attempts + 1,
        "shows": delivery.shows,
        "template_hash": delivery.template_hash,
        "bundle_hash": delivery.bundle_hash,
        "text_hash": None if delivery.text is None else fingerprint(delivery.text),
        "text_id": text_id,
    }


def _at(key: str, fence: int, *states: DeliveryState) -> tuple[ColumnElement[bool], ...]:
    return (COLUMN.key == key, COLUMN.fence == fence, COLUMN.state.in_([state.value for state in states]))


def _settled(outcome: Outcome, now: datetime, retry_at: datetime) -> dict[str, Any]:
    """The columns that an outcome changes."""
    free: dict[str, Any] = {"lease_until": None}
    match outcome:
        case Sent(receipt):
            return free | {"state": DeliveryState.SENT.value, "receipt": dict(receipt), "sent_at": now, "error": None}
        case Temporary(error):
            return free | {"state": DeliveryState.RETRY.value, "not_before": retry_at, "error": error}
        case Permanent(error):
            return free | {"state": DeliveryState.FAILED.value, "error": error}
        case Closed(error):
            waits = {"state": DeliveryState.RETRY.value, "not_before": retry_at, "error": error}
            return free | waits | {"attempts": COLUMN.attempts - 1}
        case Unknown(error):
            return free | {"state": DeliveryState.UNKNOWN.value, "error": error}
        case _:
            assert_never(outcome)
