"""Rows to values and back: the one place that knows both. Law: `x_of(x_row(x)) == x` for each pair here.

A row is a mapping from column to value. Keys of persons become ids on the way in and keys on the way out; enums
go in by value; what a person wrote or read goes into a text of its own (`*_words`, a JSON body).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from types import MappingProxyType
from typing import Any

from cadence.core.model import (
    Answer,
    Briefs,
    Bundle,
    ByHand,
    Choice,
    Days,
    Decision,
    DecisionKind,
    Delivery,
    DeliveryState,
    Entry,
    Event,
    EventType,
    Hold,
    MessageKind,
    Notice,
    Person,
    Preference,
    Rung,
    Section,
    Source,
    Verb,
)
from cadence.store.dialect import Stored
from cadence.store.keys import Keys

PERSON_SAME = tuple(f.name for f in fields(Person) if f.name not in ("workdays", "tags", "away", "briefs"))
# fmt: off
DELIVERY_SAME = (
    "key", "channel", "occasion", "not_before", "created_at", "lease_until", "fence", "attempts", "edits", "shows",
    "template_hash", "bundle_hash", "error", "sent_at",
)
ANSWER_SAME = ("task_id", "at", "version", "happened_on", "until", "back", "reason")
DECISION_SAME = ("id", "plan", "task_id", "asked_at", "round", "answered_at")
HOLD_SAME = ("scope", "until", "reason", "since")
"""Columns that hold a field under its own name and as it is."""
# fmt: on


def _same(value: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def _picked(row: Stored, names: Iterable[str]) -> dict[str, Any]:
    return {name: row[name] for name in names}


def _frozen(data: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(data))


def fingerprint(text: str) -> str:
    """What is kept of a text when its words are erased."""
    return hashlib.sha256(text.encode()).hexdigest()


# --- bundles


def bundle_row(bundle: Bundle) -> dict[str, Any]:
    return {
        "file": bundle.plan,
        "files": [list(file) for file in bundle.files],
        "holidays": [[calendar, [day.isoformat() for day in days]] for calendar, days in bundle.holidays],
        "moved": [[name, day.isoformat()] for name, day in bundle.moved],
        "by_hand": [_by_hand_row(said) for said in bundle.by_hand],
        "hash": bundle.hash,
    }


def bundle_of(row: Stored) -> Bundle:
    return Bundle(
        plan=row["file"],
        files=tuple((name, text) for name, text in row["files"]),
        holidays=tuple((calendar, tuple(map(date.fromisoformat, days))) for calendar, days in row["holidays"]),
        moved=tuple((name, date.fromisoformat(day)) for name, day in row["moved"] or ()),
        by_hand=tuple(_by_hand_of(said) for said in row["by_hand"] or ()),
        hash=row["hash"],
    )


def _by_hand_row(said: ByHand) -> list[str | None]:
    left, since = (day.isoformat() if day else None for day in (said.left, said.since))
    return [said.person, left, said.replaces, since]


def _by_hand_of(row: Sequence[str | None]) -> ByHand:
    person, left, replaces, since = row
    days = [date.fromisoformat(day) if day else None for day in (left, since)]
    return ByHand(str(person), days[0], replaces, days[1])


# --- people


def person_row(person: Person) -> dict[str, Any]:
    """Without `away`: absences are rows of their own; without `briefs`: see `preference_row`."""
    return {
        **_same(person, PERSON_SAME),
        "workdays": sorted(person.workdays),
        "tags": sorted(person.tags),
    }


def preference_row(wish: Preference) -> dict[str, Any]:
    return {"own_channel": wish.channel, "own_brief": wish.brief, "briefs": wish.briefs and wish.briefs.value}


def preference_of(row: Stored) -> Preference:
    briefs = None if row["briefs"] is None else Briefs(row["briefs"])
    return Preference(channel=row["own_channel"], brief=row["own_brief"], briefs=briefs)


def person_of(row: Stored, away: Iterable[Days] = ()) -> Person:
    """As files say; what the person prefers stands in columns of its own."""
    return Person(
        **_picked(row, PERSON_SAME),
        workdays=frozenset(row["workdays"]),
        tags=frozenset(row["tags"]),
        away=tuple(away),
    )


# --- notices and deliveries


def notice_row(notice: Notice, keys: Keys) -> dict[str, Any]:
    return {
        "subject": notice.subject,
        "round": notice.round,
        "rung": notice.rung.value,
        "recipient_id": keys.id_of(notice.recipient),
    }


def notice_of(row: Stored, keys: Keys) -> Notice:
    return Notice(row["subject"], row["round"], Rung(row["rung"]), keys.key_of(row["recipient_id"]))


def delivery_row(delivery: Delivery, keys: Keys) -> dict[str, Any]:
    """Without `subject`, `text` and `payload`: see `delivery_words`. A post goes to a room, not to a person."""
    posted = delivery.kind is MessageKind.POST
    return {
        **_same(delivery, DELIVERY_SAME),
        "kind": delivery.kind.value,
        "recipient_id": None if posted else keys.id_of(delivery.recipient),
        "room": delivery.recipient if posted else None,
        "entries": [_entry_row(entry, keys) for entry in delivery.entries],
        "state": delivery.state.value,
        "receipt": dict(delivery.receipt),
        "text_hash": None if delivery.text is None else fingerprint(delivery.text),
    }


def delivery_of(row: Stored, keys: Keys) -> Delivery:
    """`row` has the column `body` of its text beside its own; None when there is none or it was erased."""
    words = json.loads(row["body"]) if row["body"] else {}
    return Delivery(
        **_picked(row, DELIVERY_SAME),
        kind=MessageKind(row["kind"]),
        recipient=row["room"] if row["recipient_id"] is None else keys.key_of(row["recipient_id"]),
        entries=tuple(_entry_of(entry, keys) for entry in row["entries"] or ()),
        state=DeliveryState(row["state"]),
        receipt=_frozen(row["receipt"]),
        subject=words.get("subject"),
        text=words.get("text"),
        payload=words.get("payload"),
    )


def delivery_words(delivery: Delivery) -> str | None:
    words = {"subject": delivery.subject, "text": delivery.text, "payload": delivery.payload}
    return None if set(words.values()) == {None} else json.dumps(words)


def _entry_row(entry: Entry, keys: Keys) -> dict[str, str | int]:
    row: dict[str, str | int | None] = {
        "section": entry.section.value,
        "task_id": entry.task_id,
        "decision_id": entry.decision_id,
        "rung": entry.rung and entry.rung.value,
        "code": entry.code,
    }
    if entry.subject is not None:  # a person where it is one: names stay out of history
        known = keys.knows(entry.subject)
        row["person" if known else "subject"] = keys.id_of(entry.subject) if known else entry.subject
    return {name: value for name, value in row.items() if value is not None}


def _entry_of(row: Mapping[str, Any], keys: Keys) -> Entry:
    return Entry(
        section=Section(row["section"]),
        task_id=row.get("task_id"),
        decision_id=row.get("decision_id"),
        rung=Rung(row["rung"]) if "rung" in row else None,
        code=row.get("code"),
        subject=keys.key_of(row["person"]) if "person" in row else row.get("subject"),
    )


# --- answers, events, decisions, holds


def answer_row(answer: Answer, keys: Keys) -> dict[str, Any]:
    """Without `text` and `form`: see `answer_words`."""
    return {
        **_same(answer, ANSWER_SAME),
        "verb": answer.verb.value,
        "source": answer.source.value,
        "actor_id": keys.id_or_none(answer.actor),
        "to_person_id": keys.id_or_none(answer.to_person),
    }


def answer_of(row: Stored, keys: Keys) -> Answer:
    """`row` has the column `body` of its text beside its own."""
    words = json.loads(row["body"]) if row["body"] else {}
    return Answer(
        **_picked(row, ANSWER_SAME),
        verb=Verb(row["verb"]),
        source=Source(row["source"]),
        actor=keys.key_or_none(row["actor_id"]),
        to_person=keys.key_or_none(row["to_person_id"]),
        text=words.get("text"),
        form=_frozen(words.get("form", {})),
    )


def answer_words(answer: Answer) -> str | None:
    if answer.text is None and not answer.form:
        return None
    return json.dumps({"text": answer.text, "form": dict(answer.form)})


def event_row(event: Event, keys: Keys) -> dict[str, Any]:
    return {
        "at": event.at,
        "type": event.type.value,
        "source": event.source.value,
        "plan": event.plan,
        "task_id": event.task_id,
        "actor_id": keys.id_or_none(event.actor),
        "subject_id": keys.id_or_none(event.subject),
        "data": dict(event.data),
    }


def event_of(row: Stored, keys: Keys) -> Event:
    return Event(
        at=row["at"],
        type=EventType(row["type"]),
        source=Source(row["source"]),
        plan=row["plan"],
        task_id=row["task_id"],
        actor=keys.key_or_none(row["actor_id"]),
        subject=keys.key_or_none(row["subject_id"]),
        data=_frozen(row["data"]),
    )


def decision_row(decision: Decision, keys: Keys) -> dict[str, Any]:
    return {
        **_same(decision, DECISION_SAME),
        "kind": decision.kind.value,
        "tasks": list(decision.tasks),
        "about_person_id": keys.id_or_none(decision.about_person),
        "asked_id": keys.id_of(decision.asked),
        "choices": [choice.value for choice in decision.choices],
        "choice": decision.choice and decision.choice.value,
        "by_id": keys.id_or_none(decision.by),
    }


def decision_of(row: Stored, keys: Keys) -> Decision:
    return Decision(
        **_picked(row, DECISION_SAME),
        kind=DecisionKind(row["kind"]),
        tasks=tuple(row["tasks"]),
        about_person=keys.key_or_none(row["about_person_id"]),
        asked=keys.key_of(row["asked_id"]),
        choices=tuple(map(Choice, row["choices"])),
        choice=None if row["choice"] is None else Choice(row["choice"]),
        by=keys.key_or_none(row["by_id"]),
    )


def hold_row(hold: Hold) -> dict[str, Any]:
    return _same(hold, HOLD_SAME)


def hold_of(row: Stored) -> Hold:
    return Hold(**_picked(row, HOLD_SAME))
