"""Answers once given: as values for other programs, last time's on top of the next, and those that are collected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cadence.core.directory import Directory
from cadence.core.forms.asked import Question, form
from cadence.core.forms.checking import NUMBER
from cadence.core.kinds import Collect
from cadence.core.model import Answer, Task
from cadence.core.planfile.schema import Activity, Plan


def given(answers: Iterable[Answer]) -> dict[str, str]:
    """The form of a task as it is filled in by now: what was added later counts."""
    return {reference: words for answer in answers for reference, words in answer.form.items()}


def readable(words: str) -> str:
    """An answer on one line: several choices with commas."""
    return ", ".join(words.splitlines())


def typed(questions: Sequence[Question], answers: Mapping[str, str]) -> dict[str, object]:
    """Answers as values: true and false, numbers, a list of several choices, those per attendee by person.

    An answer to an anonymous field is left out, because the answer says who gave it; one to a field that the plan no
    longer asks stays words."""
    by_key = {question.key: question for question in questions}
    found: dict[str, dict[str, object]] = {}
    for reference, words in answers.items():
        key, whom = parted(reference)
        question = by_key.get(key)
        if question is None or not question.anonymous:
            found.setdefault(key, {})[whom] = _typed(question, words) if question else words
    return {key: values[""] if set(values) == {""} else values for key, values in found.items()}


def parted(reference: str) -> tuple[str, str]:
    """The field's key and, where it is asked of each attendee, whose answer it is."""
    key, _, whom = reference.partition("[")
    return key, whom.rstrip("]")


def _typed(question: Question, words: str) -> object:
    """An answer from before the plan changed the type of its field stays words."""
    match question.type:
        case "yes/no" if words in ("yes", "no"):
            return words == "yes"
        case "number" | "score" if NUMBER.fullmatch(words):
            return float(words) if "." in words else int(words)
        case "choice" if question.many:
            return words.splitlines()
        case _:
            return words


# --- on top of the next ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Carried:
    """Last time's answer to a question, and the day it is from; `whom` it is about where it is asked of each attendee.
    `by` None: the field is anonymous, or it was the operator."""

    question: Question
    words: str
    by: str | None
    on: date | None
    whom: str = ""


def carries(activity: Activity) -> tuple[Question, ...]:
    """The questions whose answers stand on top of the next task of the series."""
    return tuple(question for question in form(activity) if question.carry)


def carried(
    questions: Iterable[Question], before: Sequence[Task], answers: Mapping[str, Sequence[Answer]]
) -> tuple[Carried, ...]:
    """The newest answer to each question that is carried; `before` are the earlier tasks of the series, done ones
    count by the day they happened."""
    happened = sorted(before, key=lambda task: (task.happened_on or task.date, task.id), reverse=True)
    asked = [question for question in questions if question.carry]
    return tuple(one for question in asked for one in _newest(question, happened, answers))


def _newest(question: Question, tasks: Iterable[Task], answers: Mapping[str, Sequence[Answer]]) -> tuple[Carried, ...]:
    """What was answered about the newest task in which the question was; several where it is asked of each attendee."""
    for task in tasks:
        found: dict[str, Carried] = {}
        for answer in answers.get(task.id, ()):
            by = None if question.anonymous else answer.actor
            for reference, words in answer.form.items():
                key, whom = parted(reference)
                if key == question.key:
                    found[reference] = Carried(question, words, by, task.happened_on, whom)
        if found:
            return tuple(found.values())
    return ()


def may_see(question: Question, person: str, task: Task, directory: Directory, day: date) -> bool:
    """Whether `person` may read the answers to `question` about `task`. The pair are the seat's holder, whom it is
    about and that one's manager by now; who merely stands in or took it over is none of them. Each wider circle holds
    the narrower."""
    if question.seen_by == "plan":
        return person in directory.persons
    seat, about = task.occurrence.seat, task.occurrence.about
    pair = {directory.holder(seat, day), _person_of(about, directory, day), _manager_of(about, directory, day)}
    if person in pair:
        return True
    if question.seen_by == "pair":
        return False
    above = directory.lines_above(seat, day, *(one for one in pair if one))
    return person in above or (question.seen_by == "keepers" and person in directory.keepers_on(day))


def _person_of(about: str, directory: Directory, day: date) -> str | None:
    kind, _, name = about.partition("/")
    return name if kind in ("rep", "person") else directory.holder(about, day)


def _manager_of(about: str, directory: Directory, day: date) -> str | None:
    kind, _, name = about.partition("/")
    team = directory.members.get(name) if kind == "rep" else name if kind == "team" else None
    return directory.holder(f"manager/{team}", day) if team else None


# --- collected ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one task adds to a collection: its texts by field, in the form's order. `by` None where a field of it is
    anonymous, and for the operator."""

    what: Collect
    task_id: str
    activity: str
    about: str
    by: str | None
    on: date | None
    texts: tuple[tuple[str, str], ...]


def collected(plan: Plan, tasks: Iterable[Task], answers: Mapping[str, Sequence[Answer]]) -> tuple[Collected, ...]:
    """Every win, recommendation and lesson that was told, by day, then task."""
    forms = {activity.key: form(activity) for activity in plan.activities}
    found = (
        one
        for task in tasks
        for one in _of_task(task, forms.get(task.occurrence.activity, ()), answers.get(task.id, ()))
    )
    return tuple(sorted(found, key=lambda one: (one.on or date.max, one.task_id, one.what)))


def _of_task(task: Task, questions: Sequence[Question], answers: Sequence[Answer]) -> Iterator[Collected]:
    said = given(answers)
    for what in dict.fromkeys(question.collect for question in questions if question.collect):
        fields = [question for question in questions if question.collect == what]
        texts = tuple(
            (question.key, words)
            for question in fields
            for reference, words in said.items()
            if parted(reference)[0] == question.key
        )
        if texts:
            hidden = any(question.anonymous for question in fields)
            by = None if hidden else next(one.actor for one in reversed(answers) if one.form)
            asked = task.occurrence
            yield Collected(
                what=what,
                task_id=task.id,
                activity=asked.activity,
                about="" if hidden else asked.about,
                by=by,
                on=task.happened_on,
                texts=texts,
            )
