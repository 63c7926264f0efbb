"""Tasks as every list shows them, from any surface: who answers as things stand, how far up it went, what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from cadence.core import documents
from cadence.core.agenda import Situation
from cadence.core.agenda.escalation import escalations
from cadence.core.documents import Document
from cadence.core.forms import form, typed
from cadence.core.model import Answer, Delivery, Task
from cadence.services.installation import glance
from cadence.store import Work


def holder_of(task: Task, situation: Situation) -> str | None:
    """Who answers for it now; of what is over, who answered for it on its day. None for an empty seat."""
    return situation.seat(task).holder if situation.directory(task) else task.handed_to


def task_documents(work: Work, situation: Situation, tasks: Iterable[Task]) -> list[Document]:
    """The tasks as documents, in their order."""
    wanted = tuple(tasks)
    raised = escalations(situation)
    said = work.records.answers_about(task.id for task in wanted)
    return [
        {
            **documents.task(task, holder_of(task, situation), raised.get(task.id)),
            "answers": _answers(task, said.get(task.id, ()), situation),
        }
        for task in wanted
    ]


def _answers(task: Task, said: Iterable[Answer], situation: Situation) -> list[Document]:
    """What was said, with the forms as values. This is the operator's view: all but what was answered anonymously."""
    activity = situation.activity(task)
    questions = form(activity) if activity else ()
    return [{**documents.answer(one), "form": typed(questions, one.form)} for one in said]


def delivery_documents(work: Work, now: datetime, sent: Iterable[Delivery]) -> list[Document]:
    """Messages as they were sent, in their order, each with what was said about its tasks after it went out."""
    found = tuple(sent)
    wanted = dict.fromkeys(key for one in found for key in documents.shown(one))
    tasks = work.tasks.find(ids=wanted)
    situation = glance(work, now, tasks)
    said = work.records.answers_about(wanted)
    forms = {task.id: _answers(task, said.get(task.id, ()), situation) for task in tasks}
    return [{**documents.delivery(one), "answers": _after(one, said, forms)} for one in found]


def _after(one: Delivery, said: Mapping[str, Sequence[Answer]], forms: Mapping[str, list[Document]]) -> list[Document]:
    """What was said since `one` went out, each with the task that it is about."""
    return [
        {"task": task, **document}
        for task in documents.shown(one)
        for answer, document in zip(said.get(task, ()), forms.get(task, ()), strict=True)
        if one.sent_at is None or answer.at >= one.sent_at
    ]
