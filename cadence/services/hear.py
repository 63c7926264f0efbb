"""Hears a button pressed in Slack: the press becomes an answer or the way out of a decision, given by one person.

What cannot be done is said to the one who pressed, in their language; it never changes anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cadence.channels.slack.channel import SlackChannel
from cadence.channels.slack.inbound import Pressed
from cadence.core.deciding import Way
from cadence.core.lifecycle import Refusal
from cadence.core.model import Answer, Choice, Person, Source
from cadence.errors import NothingToActOn, Refused
from cadence.services.context import Context
from cadence.services.respond import Reply, Ruling, decide, respond


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form behind a button was filled in with: the answers, the day it happened, whom it goes to."""

    form: Mapping[str, str] = field(default_factory=dict)
    happened_on: date | None = None
    to_person: str | None = None


NO_FORM = Filled()


def hear(context: Context, pressed: Pressed, now: datetime) -> str | None:
    """Carries out the press of whoever pressed. What to say to them when nothing changed; None when it did."""
    person = person_of(context, pressed.user_id)
    if person is None:
        return context.words("en").say("heard.stranger")
    say = context.words(person.language).say
    try:
        came_of_it = carry_out(context, pressed, person.key, now)
    except NothingToActOn:
        return say("heard.gone")
    except Refused:  # somebody else changed the same task at the same moment
        return say("refused.stale")
    refusal = came_of_it.refusal
    return say(f"refused.{refusal.code}", **_facts(context, refusal)) if refusal else None


def _facts(context: Context, refusal: Refusal) -> Mapping[str, object]:
    """The refusal's facts with the person's name in place of the key."""
    by = refusal.facts.get("by")
    if not isinstance(by, str):
        return refusal.facts
    with context.store.read() as work:
        known = work.people.all().get(by)
    return {**refusal.facts, "by": known.name if known else None}


def person_of(context: Context, user_id: str) -> Person | None:
    """The person whose Slack user this is, matched by e-mail; None for a stranger."""
    slack = context.channels.get("slack")
    email = slack.email_of(user_id) if isinstance(slack, SlackChannel) else None
    if email is None:
        return None
    with context.store.read() as work:
        persons = work.people.all().values()
    return next((person for person in persons if (person.email or "").lower() == email.lower()), None)


def whisper(context: Context, pressed: Pressed, text: str) -> None:
    """Says something to the one who pressed, and to nobody else."""
    slack = context.channels.get("slack")
    if isinstance(slack, SlackChannel):
        slack.whisper(pressed.channel, pressed.user_id, text)


def carry_out(
    context: Context, pressed: Pressed, person: str, now: datetime, filled: Filled = NO_FORM
) -> Reply | Ruling:
    """What the press does when `person` made it. Raises NothingToActOn for a task or decision that is not there."""
    if isinstance(pressed.action, Choice):
        reason = pressed.reason.value if pressed.reason else None
        way = Way(choice=pressed.action, by=person, source=Source.SLACK, at=now, reason=reason)
        return decide(context, pressed.decision_id or "", way)
    answer = Answer(
        task_id=pressed.task_id or "",
        verb=pressed.action,
        actor=person,
        source=Source.SLACK,
        at=now,
        version=pressed.version,
        reason=pressed.reason.value if pressed.reason else None,
        form=filled.form,
        happened_on=filled.happened_on,
        to_person=filled.to_person,
    )
    return respond(context, answer)
