"""One task as `show` tells it: who, when and why; last time's answer on top of what is asked; what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from cadence.cli import output

if TYPE_CHECKING:
    from cadence.core.agenda import Situation
    from cadence.core.documents import Document
    from cadence.core.forms import Carried, Question
    from cadence.core.model import Task
    from cadence.core.planfile.schema import Activity
    from cadence.store import Work
    from cadence.templating import Words

TOLD = ("id", "plan", "activity", "state", "date", "window", "due", "holder", "with", "weight", "date_state")
MORE = ("done_by", "happened_on", "on_time", "handed_to", "paused_until", "may_act")


def whole(work: Work, situation: Situation, task: Task, words: Words) -> Document:
    """Everything that is known about a task, for the operator. Texts are in the language of `words`."""
    from cadence.core import documents
    from cadence.services.calendars import agendas
    from cadence.services.listing import task_documents

    (document,) = task_documents(work, situation, [task])
    directory, activity = situation.directory(task), situation.activity(task)
    on = max(task.date, situation.day_of(task))
    last_time = situation.carried.get(task.series, ()) if task.state.live else ()
    return {
        **document,
        "why": _why(task, situation),
        "agenda": agendas(work, task.occurrence.plan, words.language)(task).splitlines(),
        "topics": [one.in_language(words.language) for one in activity.topics] if activity else [],
        "handed_to": task.handed_to,
        "paused_until": documents.value(task.paused_until),
        "last_time": [_carried(one, words) for one in last_time],
        "form": [_question(one, words) for one in _asked(activity, last_time)],
        "may_act": [key for key in directory.persons if directory.may_act(key, task, on)] if directory else [],
        "events": [documents.event(one) for one in work.records.events(task_id=task.id)],
    }


def _why(task: Task, situation: Situation) -> Document:
    """Why it is with whom it is: the seat is theirs, or they stand in for somebody until a day."""
    from cadence.core.documents import value

    if situation.directory(task) is None:
        return {"seat": task.occurrence.seat, "why": "gone", "instead_of": None, "until": None}
    holding = situation.seat(task).holding
    return {
        "seat": task.occurrence.seat,
        "why": holding.why,
        "instead_of": holding.instead_of,
        "until": value(holding.until),
    }


def _asked(activity: Activity | None, last_time: Iterable[Carried]) -> Iterable[Question]:
    """The form; what became of last time's answer is asked once there is one."""
    from cadence.core.forms import CHANGE, form

    questions = form(activity) if activity else ()
    return questions if list(last_time) else (one for one in questions if one.key != CHANGE)


def _carried(one: Carried, words: Words) -> Document:
    from cadence.core.documents import value
    from cadence.core.forms import readable

    field = f"{one.question.key}[{one.whom}]" if one.whom else one.question.key
    return {"field": field, "answer": readable(one.words), "by": one.by, "on": value(one.on)}


def _question(one: Question, words: Words) -> Document:
    from cadence.core.forms import label

    return {
        "field": one.key,
        "type": one.type,
        "required": one.required,
        "label": label(one, words.language, cast(Callable[[str], str], words.say)),
        "options": list(one.options),
        "many": one.many,
        "per": "attendee" if one.each else None,
        "seen_by": one.seen_by,
    }


def printed(document: Document, words: Words) -> None:
    """The same for a person to read."""
    output.line(output.cell(document["title"]))
    for name in (*TOLD, *MORE):
        if document[name] not in (None, []):
            value = [document[name]] if name == "window" else document[name]
            output.line(f"  {name.replace('_', ' ')}: {output.cell(value)}")
    _say(words, "why", _map(document["why"]))
    for point in _list(document["agenda"]):
        output.line(f"  - {output.cell(point)}")
    for one in _list(document["last_time"]):
        _say(words, "last_time", _map(one))
    for one in _list(document["form"]):
        _say(words, "asks", _map(one))
    for one in _list(document["answers"]):
        for field, answer in _map(_map(one)["form"]).items():
            _say(words, "answered", {"field": field, "answer": output.cell(answer), "by": _map(one)["by"]})
    for one in _list(document["events"]):
        happened = _map(one)
        data = " ".join(f"{key}={value}" for key, value in _map(happened["data"]).items())
        who = happened["actor"] or happened["source"]
        output.line(f"  {happened['at']}  {happened['type']} {who} {output.cell(data)}".rstrip())


def _say(words: Words, sentence: str, facts: Mapping[str, object]) -> None:
    said = words.say(f"show.{sentence}", **facts)
    if said.strip():
        output.line(f"  {output.cell(said)}")


def _list(value: object) -> list[object]:
    return cast(list[object], value)


def _map(value: object) -> Mapping[str, object]:
    return cast(Mapping[str, object], value)
