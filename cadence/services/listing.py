"""Tasks as every list shows them, from any surface: who answers as things stand, how far up it went, what was said."""

from __future__ import annotations

from collections.abc import Iterable

from cadence.core import documents
from cadence.core.agenda import Situation
from cadence.core.agenda.escalation import escalations
from cadence.core.documents import Document
from cadence.core.model import Task
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
        documents.task(task, holder_of(task, situation), raised.get(task.id), said.get(task.id, ())) for task in wanted
    ]
