"""Why a message came, why none came: for a delivery, a task or a person, from what was written down and what holds.

Everything is looked up at one instant; what was sent is told from the ledger, never made anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cadence.channels.reading import shortened
from cadence.core.agenda import Situation
from cadence.core.agenda.reasons import Because, of_silence, of_task
from cadence.core.documents import Document, delivery, value
from cadence.core.model import Delivery, DeliveryState, Entry, MessageKind, Task
from cadence.errors import NothingToActOn
from cadence.services.context import Context
from cadence.services.installation import look
from cadence.store import Work
from cadence.templating import Words

BRIEFS = (MessageKind.BRIEF, MessageKind.ALERT)
WORDS = 200
"""Characters of the plan that are quoted."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What every explanation is made from."""

    work: Work
    context: Context
    words: Words
    situation: Situation


def why(context: Context, what: str, now: datetime, words: Words, on: date | None = None) -> Document:
    """Explains the person with the key `what`, else the task or the message whose id or key begins so; `on` is the day
    that a person is asked about, by default today. Raises NothingToActOn for none and for several."""
    with context.store.read() as work:
        asking = Asking(work, context, words, look(work, now))
        if what in asking.situation.persons:
            return _of_person(asking, what, on)
        tasks, sent = work.tasks.by_prefix(what) if what else (), work.ledger.by_prefix(what) if what else ()
        if len(tasks) + len(sent) > 1:
            raise NothingToActOn(f"'{what}' begins {len(tasks)} tasks and {len(sent)} messages; write more of it")
        if tasks:
            return _of_task(asking, tasks[0])
        if sent:
            return _of_delivery(asking, sent[0])
    raise NothingToActOn(
        f"there is no person, task or message '{what}'; see `cadence people list`, `cadence tasks`, `cadence sent`"
    )


# --- a message


def _of_delivery(asking: Asking, one: Delivery) -> Document:
    return {
        "about": "delivery",
        **delivery(one),
        "state": one.state.value,
        "error": one.error,
        "attempts": one.attempts,
        "template": one.template_hash,
        "plan_hash": one.bundle_hash,
        "because": _told(asking, _reasons_of(asking, one)),
        "lines": [_line(asking, entry) for entry in one.entries],
    }


def _reasons_of(asking: Asking, one: Delivery) -> Iterable[Because]:
    """What made it this kind of message, at this hour, by this channel, and where it stands."""
    person = asking.situation.persons.get(one.recipient)
    clock = asking.situation.worktimes.get(one.recipient)
    if one.edits:
        yield Because("rewrite", {"key": one.edits})
    elif person is None or clock is None:
        yield Because(one.kind.value, {"at": None, "zone": None, "occasion": one.occasion})
    else:
        at = max(person.brief, clock.opens).strftime("%H:%M")
        yield Because(one.kind.value, {"at": at, "zone": clock.zone, "occasion": one.occasion})
    yield Because("channel", {"channel": one.channel, "chosen": person.channel if person else None})
    if one.state is not DeliveryState.SENT:
        yield Because("state", {"state": one.state.value, "error": one.error, "not_before": one.not_before})
    if asking.context.redirect:
        yield Because("redirect", {"person": asking.situation.name_of(asking.context.redirect)})


def _line(asking: Asking, entry: Entry) -> Document:
    """One line of the message: which rung it said, by which rule, for whom and until when."""
    (task,) = asking.work.tasks.find(ids=(entry.task_id,)) if entry.task_id else (None,)
    said = Because(f"rung-{entry.rung.base}" if entry.rung else "listed", {"rung": entry.rung and entry.rung.value})
    listed: Document = {
        "section": entry.section.value,
        "task": entry.task_id,
        "decision": entry.decision_id,
        "rung": entry.rung.value if entry.rung else None,
        "says": _told(asking, (said,))[0]["says"],
    }
    return listed if task is None else {**listed, **_rule(asking, task)}


# --- a task


def _of_task(asking: Asking, task: Task) -> Document:
    return {
        "about": "task",
        "task": task.id,
        **_rule(asking, task),
        "state": task.state.value,
        "because": _told(asking, of_task(task, asking.situation)),
        "said": _said(asking, task),
    }


def _rule(asking: Asking, task: Task) -> Document:
    """The line of the plan that asks for it, the days it gave, who has it and why, and the policy of its weight."""
    asked = task.occurrence
    known = asking.situation.directory(task) is not None
    holding = asking.situation.seat(task).holding if known else None
    return {
        "title": asked.title,
        "rule": _place(asking, task),
        "date": value(task.date),
        "window": value(asked.window),
        "due": value(task.due),
        "timezone": asked.timezone,
        "seat": asked.seat,
        "holder": holding.person if holding else None,
        "why": holding.why if holding else "gone",
        "instead_of": holding.instead_of if holding else None,
        "until": value(holding.until) if holding else None,
        "policy": asking.words.say(f"why.policy.{_policy(asking, task)}"),
    }


def _policy(asking: Asking, task: Task) -> str:
    activity = asking.situation.activity(task)
    return "own" if activity and activity.escalate else task.occurrence.weight.value


def _place(asking: Asking, task: Task) -> Document | None:
    """Where the plan in force asks for it, with that line's words; None when it no longer does."""
    plan, activity = asking.situation.plans.get(task.occurrence.plan), asking.situation.activity(task)
    stored = asking.work.plans.get(task.occurrence.plan)
    if plan is None or activity is None or stored is None:
        return None
    place = plan.place(f"activities.{activity.key}")
    lines = dict(stored.bundle.files).get(place.file, "").splitlines()[max(place.line - 1, 0) :]
    return {"file": place.file, "line": place.line, "words": shortened(" ".join(_block(lines)), WORDS)}


def _block(lines: Sequence[str]) -> Iterator[str]:
    """The first line with those that are indented under it."""
    for n, line in enumerate(lines):
        if n and line.strip() and _indent(line) <= _indent(lines[0]):
            return
        yield from line.split()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _said(asking: Asking, task: Task) -> list[Document]:
    """What was said about it in messages that went out, oldest first."""
    return [
        {
            "at": value(one.sent_at),
            "to": one.recipient,
            "kind": one.kind.value,
            "rung": entry.rung.value if entry.rung else None,
            "delivery": one.key,
        }
        for one in asking.work.ledger.sent(task_id=task.id)
        for entry in one.entries
        if entry.task_id == task.id and not one.edits
    ]


# --- a person


def _of_person(asking: Asking, who: str, on: date | None) -> Document:
    situation = asking.situation
    today = situation.today(who)
    day = on or today
    found = [one for one in asking.work.ledger.meant_for(who, day) if one.kind in BRIEFS and not one.edits]
    got_brief = any(one.kind is MessageKind.BRIEF for one in found)
    silence = () if got_brief else of_silence(who, day, situation)
    unreachable = (Because("unreachable", {}),) if who in situation.unreachable else ()
    expected = () if got_brief or silence else (Because("expected" if day >= today else "as-now", {}),)
    return {
        "about": "person",
        "person": who,
        "on": value(day),
        "messages": [{**delivery(one), "state": one.state.value, "error": one.error} for one in found],
        "because": _told(asking, (*silence, *expected, *unreachable)),
    }


def _told(asking: Asking, reasons: Iterable[Because]) -> list[Document]:
    return [{"code": one.code, **_facts(one.facts), "says": _says(asking.words, one)} for one in reasons]


def _facts(facts: Mapping[str, object]) -> Document:
    return {name: value(fact) for name, fact in facts.items()}


def _says(words: Words, one: Because) -> str:
    return words.say(f"why.{one.code}", **one.facts)
