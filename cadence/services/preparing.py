"""Just before it is sent: whether a delivery is still true, what it says now, and to which address it goes."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from cadence.channels import Channel, Rendered
from cadence.core.agenda import Situation, message, still_owed
from cadence.core.messages import Message
from cadence.core.model import Delivery, Entry, MessageKind, Permanent, Person, Temporary
from cadence.services.context import Context
from cadence.services.installation import is_stale, known, look
from cadence.services.outcomes import Ready, fall_back
from cadence.services.report import digest_page
from cadence.store import Work
from cadence.templating import Words

REDIRECT_RESTS = timedelta(minutes=5)
"""How long messages wait while the one who is to get everything is nobody."""


@dataclass(slots=True)
class View:
    """The situation as last looked at, None before. Looking is dear, so it is done again only after something has
    happened."""

    situation: Situation | None = None
    stamp: int = -1
    bundles: Mapping[str, str] = field(default_factory=dict)
    _plans: Mapping[str, str] | None = None
    """Which plan each task is of."""

    @classmethod
    def of_now(cls, work: Work, situation: Situation) -> View:
        """A situation that is what the store says in this transaction."""
        return cls(situation, work.records.newest(), known(work).hashes)

    def renewed(self, work: Work, now: datetime) -> Situation:
        """The situation, looked at again when there is a newer event than it knows."""
        newest = work.records.newest()
        if self.situation is None or newest != self.stamp:
            self.situation, self.stamp, self.bundles = look(work, now), newest, known(work).hashes
            self._plans = None
        return self.situation

    def bundles_of(self, delivery: Delivery) -> str:
        """The hashes of the plans that it speaks of."""
        if self._plans is None:
            tasks = self.situation.tasks if self.situation else ()
            self._plans = {task.id: task.occurrence.plan for task in tasks}
        plans = {self._plans.get(entry.task_id or "", "") for entry in delivery.entries}
        return ",".join(self.bundles[plan] for plan in sorted(plans) if plan in self.bundles)


def prepare(
    work: Work, context: Context, delivery: Delivery, now: datetime, view: View, shut: Set[str]
) -> Ready | None:
    """Renders what is true as `view` has it; None when there is nothing to send, which is then written down. What waits
    for one of the channels that are `shut` goes another way, where there is one."""
    situation = view.renewed(work, now) if view.situation is None else view.situation
    person = situation.persons.get(delivery.recipient)
    if person is None:
        work.ledger.drop(delivery.key, delivery.fence, now, "nobody to send to")
        return None
    if context.redirect is not None and context.redirect not in situation.persons:
        # A trial run must not reach real people because its one reader is gone.
        _wait(work, delivery, "redirected to nobody", now, now + REDIRECT_RESTS)
        return None
    if (rest := _not_now(delivery, person, situation, now)) is not None:
        _wait(work, delivery, "waits for working time", now, rest)
        return None
    if is_stale(delivery, situation.worktimes, now):
        work.ledger.drop(delivery.key, delivery.fence, now, "its day is over")
        work.ledger.unsay(delivery)
        return None
    to = situation.persons[context.redirect or person.key]
    channel = context.channels.get(delivery.channel)
    if channel is None or delivery.channel in shut:
        _go_another_way(work, context, delivery, to, now, shut)
        return None
    rendered = _render(work, context, delivery, person, channel, situation, now)
    said = () if isinstance(rendered, str) else rendered.entries
    if not delivery.edits:  # what a hold or an absence took out at the last moment is owed again when that ends
        work.ledger.unsay(replace(delivery, entries=tuple(e for e in delivery.entries if e not in said)))
    if isinstance(rendered, str):
        work.ledger.drop(delivery.key, delivery.fence, now, rendered)
        return None
    return Ready(replace(rendered, bundle_hash=view.bundles_of(rendered)), to, channel, view.stamp)


def _wait(work: Work, delivery: Delivery, why: str, now: datetime, until: datetime) -> None:
    work.ledger.settle(delivery.key, delivery.fence, Temporary(why), now, retry_at=until)


def _go_another_way(
    work: Work, context: Context, delivery: Delivery, to: Person, now: datetime, shut: Set[str]
) -> None:
    """Its channel is gone, or has taken nothing for a long time."""
    if delivery.channel in context.channels:
        if not fall_back(work, context, delivery, to, now, shut):
            _wait(work, delivery, f"{delivery.channel} takes nothing", now, now + REDIRECT_RESTS)
            return
        why = f"{delivery.channel} takes nothing: goes another way"
    else:
        why = "no channel"
        if not fall_back(work, context, delivery, to, now, shut):
            work.ledger.unsay(delivery)
    work.ledger.settle(delivery.key, delivery.fence, Permanent(why), now, retry_at=None)


def _not_now(delivery: Delivery, person: Person, situation: Situation, now: datetime) -> datetime | None:
    """When it may go, if that is not now: nothing reaches a person outside their working time or while held. A rewrite
    is silent."""
    worktime = situation.worktimes[person.key]
    if delivery.edits or is_stale(delivery, situation.worktimes, now):
        return None
    if situation.is_held(person=person.key):
        return worktime.opening(worktime.add(worktime.today(now), 1))
    return None if worktime.is_open(now) else worktime.next_open(now)


def _render(
    work: Work,
    context: Context,
    delivery: Delivery,
    person: Person,
    channel: Channel,
    situation: Situation,
    now: datetime,
) -> Delivery | str:
    """The delivery with what it says now, or why there is nothing left to say."""
    words = context.words(person.language)
    if delivery.kind is MessageKind.DIGEST:
        page = digest_page(context, situation, delivery, person, now)
        return _written(delivery, channel.render_page(page), words, "")
    entries = delivery.entries
    if not delivery.edits:
        entries = still_owed(entries, person.key, situation)
        if not entries or (any(e.rung for e in delivery.entries) and not any(e.rung for e in entries)):
            return "nothing left to say"
    said = _message(delivery, person, situation, context, entries)
    if delivery.edits and work.ledger.shows(delivery.edits) == said.shows:
        return "says the same as before"
    return _written(replace(delivery, entries=entries), channel.render(said, words), words, said.shows)


def _message(
    delivery: Delivery, person: Person, situation: Situation, context: Context, entries: tuple[Entry, ...]
) -> Message:
    day = date.fromisoformat(delivery.occasion)
    redirected = context.redirect in situation.persons and context.redirect != person.key
    if redirected:  # what a pair told each other is not for whoever reads along
        situation = replace(situation, carried={})
    said = message(delivery.edits or delivery.key, delivery.kind, person.key, day, entries, situation)
    return replace(said, instead_of=person.name) if redirected else said


def _written(delivery: Delivery, rendered: Rendered, words: Words, shows: str) -> Delivery:
    return replace(
        delivery,
        subject=rendered.subject,
        text=rendered.text,
        payload=rendered.payload,
        shows=shows,
        template_hash=words.digest_of_templates,
    )
