"""One activity from what is written to what is meant: its kind's defaults, its trigger, its seats, its own ladder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from cadence.core.kinds import KINDS, Kind
from cadence.core.planfile.asking import asked
from cadence.core.planfile.phrases import PER
from cadence.core.planfile.references import ATTENDING, EACH, GROUPS, LADDER, OWNERS, TURNS, Names, wanted
from cadence.core.planfile.schema import Activity, Step, read_only
from cadence.core.planfile.translate import bad_word
from cadence.core.planfile.written import ActivityText, PlanText, StepText
from cadence.core.triggers import TRIGGER_KEYS, Awaited, Duration, Trigger, default_roll, trigger_for
from cadence.core.triggers.words import BadWord, Excluded, guess

MOST_RULES = 40
"""Activities of one plan that may say when by a recurrence rule; a rule can be slow to expand, a rhythm cannot."""

_WORKDAYS = {"day": 5 / 7, "workday": 1, "week": 5, "month": 21.7}
"""About how many working days one of a unit is: enough to put the steps of a ladder in order."""


def activities(text: PlanText, names: Names) -> tuple[Activity, ...]:
    """All activities that can be made sense of, ordered by key; the mistakes of the others are in `names`. Where there
    are more mistakes than anybody is shown, it is not read to the end."""
    ruled = [key for key, said in sorted(text.activities.items()) if said.rrule is not None]
    for key in ruled[MOST_RULES:]:
        message = f"more than {MOST_RULES} activities of a plan have an `rrule`"
        names.wrong("P101", f"activities.{key}.rrule", message, "say it with `every:`")
    read = takewhile(lambda _: not names.full(), sorted(text.activities.items()))
    found = (_activity(key, said, text, names) for key, said in read)
    return tuple(activity for activity in found if activity is not None)


def _activity(key: str, text: ActivityText, plan: PlanText, names: Names) -> Activity | None:
    path = f"activities.{key}"
    kind = _kind(text, path, names)
    trigger = _trigger(text, kind, path, plan, names)
    owner = _owner(text, kind, path, names)
    with_ = names.seats(text.with_, f"{path}.with", GROUPS) if text.with_ is not None else kind.with_
    shadow = names.seats(text.shadow, f"{path}.shadow", ATTENDING)
    ladder = tuple(_ladder(text, owner, plan, path, names))
    form = asked(text.ask, kind, f"{path}.ask", names)
    only, not_ = wanted(text.only, f"{path}.only", names), wanted(text.not_, f"{path}.not", names)
    names.accepted(text.accept, f"{path}.accept")
    _series(text, owner, path, names)
    if text.ping is not None and text.at is None:
        message = "`ping` counts back from a time of day, and there is none"
        names.wrong("P202", f"{path}.ping", message, 'add `at: "10:00"`, or write `remind: [same day]`')
    if trigger is None or owner is None:
        return None
    return Activity(
        key=key,
        was=text.was,
        kind=kind.name,
        title=text.title,
        agenda=text.agenda,
        owner=owner,
        rotate=text.rotate,
        with_=with_,
        shadow=shadow,
        trigger=trigger,
        roll=text.roll or default_roll(trigger),
        at=text.at,
        minutes=text.lasts if text.lasts is not None else kind.minutes,
        weight=text.weight or kind.weight,
        mode=kind.mode,
        when_absent=kind.when_absent,
        date=kind.date,
        only=only,
        not_=not_,
        accept=read_only(text.accept),
        ask=form,
        topics=text.topics,
        remind=text.remind,
        ping=text.ping,
        escalate=ladder,
        urgent=text.urgent,
        channel=text.channel,
    )


def _kind(text: ActivityText, path: str, names: Names) -> Kind:
    """The kind, with `custom` standing in for one that there is not."""
    if text.kind not in KINDS:
        remedy = guess(text.kind, KINDS, f"one of {', '.join(sorted(KINDS))}")
        names.wrong("P206", f"{path}.kind", f"there is no kind `{text.kind[:60]}`", remedy)
    return KINDS.get(text.kind, KINDS["custom"])


def _owner(text: ActivityText, kind: Kind, path: str, names: Names) -> str | None:
    """Who owes it; None where that is a mistake. Where turns are taken, nobody owes it by name."""
    if text.rotate and text.owner:
        message = "`owner` and `rotate` both say who owes it"
        names.wrong("P207", f"{path}.rotate", message, f"keep `rotate: {text.rotate[:60]}`, or the owner")
    if text.rotate and text.rotate not in TURNS:
        remedy = guess(text.rotate, TURNS, f"write one of {', '.join(TURNS)}")
        names.wrong("P204", f"{path}.rotate", f"`{text.rotate[:60]}` cannot take turns", remedy)
    return names.seat(text.owner, f"{path}.owner", OWNERS) if text.owner else kind.owner


def _series(text: ActivityText, owner: str | None, path: str, names: Names) -> None:
    """What cannot be a series: turns that go round some only, pairs of somebody with themselves."""
    for word, said in (("only", text.only), ("not", text.not_)):
        if text.rotate and said is not None:
            message = f"`rotate` goes round all {text.rotate[:60]}, and `{word}` leaves nobody out of it"
            names.wrong("P207", f"{path}.{word}", message, "take one of the two away, or write `owner: manager`")
    each = [word for word in EACH if text.with_ and word in text.with_]
    own = EACH.get(each[0], ()) if each else ()
    if len(each) > 1:
        message = "a series is about each rep or about each manager"
        names.wrong("P207", f"{path}.with", message, "keep one of the two; for the other write `reps` or `managers`")
    elif (text.rotate or owner) in own:
        message = f"`{each[0]}` would be with themselves, because `{text.rotate or owner}` owes it"
        names.wrong("P204", f"{path}.with", message, "write `team` or `managers`, or another owner")


def _ladder(text: ActivityText, owner: str | None, plan: PlanText, path: str, names: Names) -> Iterator[Step]:
    """The steps in order of their time. A step to whoever owes it would ask them about themselves."""
    seen: set[tuple[Duration, str]] = set()
    for n, step in sorted(enumerate(text.escalate), key=lambda pair: _delay(pair[1])):
        at = f"{path}.escalate.{n}"
        to = names.seat(step.to, f"{at}.to", LADDER)
        if to is None:
            continue
        if to == owner or (owner is not None and plan.roles.get(to, to) == plan.roles.get(owner, owner)):
            names.wrong("P204", f"{at}.to", f"`{step.to[:60]}` is who owes it", "write `to: line`, or somebody else")
        if (step.after, to) in seen:
            names.wrong("P203", at, f"`{to}` is asked twice after {step.after}", "take one of the two away")
        seen.add((step.after, to))
        yield Step(after=step.after, to=to, ask=step.ask)


def _delay(step: StepText) -> float:
    return step.after.amount * _WORKDAYS[step.after.unit]


def _trigger(text: ActivityText, kind: Kind, path: str, plan: PlanText, names: Names) -> Trigger | None:
    given = _given(text)
    if not given and not kind.rhythms:
        if text.kind in KINDS:
            names.wrong("P202", path, "it never says when", "write `on: day 28`, or `every: week`")
        return None
    try:
        trigger = trigger_for(kind.rhythms, given)
    except BadWord as mistake:
        names.add(bad_word(names.root, path, mistake, _code(mistake)))
        return None
    names.trigger(trigger, path)
    return _measured(trigger, path, plan, names) if isinstance(trigger, Awaited) else trigger


def _code(mistake: BadWord) -> str:
    return "P207" if isinstance(mistake, Excluded) else "P203"


def _given(text: ActivityText) -> dict[str, object]:
    """What the plan itself says about when, as words."""
    said: dict[str, object] = {}
    for word in TRIGGER_KEYS:
        value = getattr(text, word if word not in ("from", "except") else f"{word}_")
        if word == "when" and text.when is not None:
            said[word] = text.when.model_dump(exclude_none=True)
        elif value is not None:
            said[word] = list(value) if isinstance(value, tuple) else value
    return said


def _measured(trigger: Awaited, path: str, plan: PlanText, names: Names) -> Awaited:
    """A trigger by metric with the metric's own `per` where it has none; its amount is in the metric's unit."""
    metric = plan.metrics.get(trigger.metric or "")
    if trigger.metric is None or not names.metric(trigger.metric, f"{path}.when.metric") or metric is None:
        return trigger
    for side in ("below", "above"):
        amount = getattr(trigger, side)
        if amount and amount.unit and metric.counted_in and amount.unit != metric.counted_in:
            message = f"`{amount}` is not in the unit of `{trigger.metric}`, which is {metric.counted_in}"
            names.wrong("P203", f"{path}.when.{side}", message, "write the amount in that unit")
    per = trigger.per or metric.per
    if PER.index(per) < PER.index(metric.per):
        message = f"`{trigger.metric}` is measured per {metric.per}, and nobody knows it per {per}"
        names.wrong("P203", f"{path}.when.per", message, f"write `per: {metric.per}`, or measure it per {per}")
    return replace(trigger, per=per)
