"""What is asked when a task is done: the kind's short form, as the plan changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, cast

from cadence.core.kinds import CHANGED, KINDS, Collect, Field, FieldType
from cadence.core.planfile.schema import Activity, FormField, Text

SeenBy = Literal["pair", "line", "keepers", "plan"]
CHANGE = "changed"
"""The field that asks what became of last time's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a form as it is asked. `label` is the plan's; without one the catalogue's, `form.KIND.KEY`, where
    `kind` is set, else the key itself. `each` asks it once per attendee."""

    key: str
    type: FieldType = "text"
    kind: str | None = None
    label: Text | None = None
    required: bool = False
    carry: bool = False
    many: bool = False
    each: bool = False
    options: tuple[str, ...] = ()
    seen_by: SeenBy = "line"
    anonymous: bool = False
    collect: Collect | None = None


def form(activity: Activity) -> tuple[Question, ...]:
    """The kind's fields as the plan changes them, then the plan's own in its order. Where something is carried, it is
    asked first what became of it."""
    own = {one.key: one for one in activity.ask}
    dropped = {one.key for one in activity.ask if one.off}
    kind = KINDS[activity.kind]
    asked = [_of_kind(one, kind.name, activity) for one in kind.form]
    asked += [_new(one, activity) for one in activity.ask if one.key not in {question.key for question in asked}]
    laid = tuple(_laid_over(one, own.get(one.key)) for one in asked if one.key not in dropped)
    if any(one.carry for one in laid) and CHANGE not in {*(one.key for one in laid), *dropped}:
        generic = Question(key=CHANGE, type="choice", kind="any", options=CHANGED, seen_by=_seen_by(activity, None))
        return (generic, *laid)
    return laid


def _of_kind(one: Field, kind: str, activity: Activity) -> Question:
    return Question(
        key=one.key,
        type=one.type,
        kind=kind,
        required=one.required,
        carry=one.carry,
        many=one.many,
        each=one.each,
        options=one.options,
        seen_by=_seen_by(activity, one.collect),
        collect=one.collect,
    )


def _new(one: FormField, activity: Activity) -> Question:
    return Question(
        key=one.key,
        type="choice" if one.options else "text",
        seen_by=_seen_by(activity, cast(Collect | None, one.collect)),
    )


def _seen_by(activity: Activity, collect: Collect | None) -> SeenBy:
    """What coaching brings up stays with the pair, what is collected is everybody's, the rest the line's."""
    if collect:
        return "plan"
    return "pair" if KINDS[activity.kind].per == "pair" or "each rep" in activity.with_ else "line"


def _laid_over(asked: Question, own: FormField | None) -> Question:
    """What the plan says about a field; its silence leaves the field as it is."""
    if own is None:
        return asked
    told: dict[str, object] = {
        "type": own.type,
        "label": own.label,
        "required": own.required,
        "carry": own.carry,
        "many": own.many,
        "each": own.per == "attendee" or None,
        "options": own.options or (() if own.type not in (None, "choice") else None),
        "seen_by": own.seen_by,
        "anonymous": own.anonymous,
        "collect": own.collect,
    }
    return replace(asked, **{name: value for name, value in told.items() if value is not None})  # type: ignore[arg-type]  # each has the type of its field


def label(question: Question, language: str, say: Callable[[str], str]) -> str:
    """What is asked, in the words of the plan or of the catalogue."""
    if question.label is not None:
        return question.label.in_language(language)
    return say(f"form.{question.kind}.{question.key}") if question.kind else question.key.replace("-", " ")
