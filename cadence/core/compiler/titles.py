"""Titles: what the tasks of a series are called, in the plan's language."""

from __future__ import annotations

from cadence.core.compiler.series import Series
from cadence.core.directory import Directory
from cadence.core.messages import Say
from cadence.core.planfile.schema import Activity, Plan

SOMEBODY = "\ufffc"
"""Stands for a name: no text that was cleaned holds it."""


class Titles:
    """The catalogue's words for each series. A sentence costs much more than a task, and the thousand series of an
    activity differ by a name only: it is asked for once with a stand-in, and the names are put in its place. A sentence
    that does more with a name than to say it is asked for each time."""

    def __init__(self, plan: Plan, directory: Directory, say: Say) -> None:
        self._plan = plan
        self._directory = directory
        self._say = say
        self._patterns: dict[tuple[str, bool], str | None] = {}
        self._names: dict[tuple[str, str], str] = {}

    def of(self, series: Series) -> tuple[str, ...]:
        """The titles in turn: one for each topic, one alone without topics."""
        activity, language = series.activity, self._plan.language
        title = self._title(activity, self._name(series.about, series.seat))
        if not activity.topics:
            return (title,)
        topics = (one_line(topic.in_language(language)) for topic in activity.topics)
        return tuple(self._say("task.topic", title=title, topic=topic) for topic in topics)

    def _name(self, about: str, seat: str) -> str:
        """A manager's own team needs no name: whoever reads the title sees whose task it is."""
        if (about, seat) not in self._names:
            kind, _, key = about.partition("/")
            named = kind == "rep" or (kind == "team" and seat != f"manager/{key}")
            self._names[about, seat] = one_line(self._directory.title_of(about)) if named else ""
        return self._names[about, seat]

    def _title(self, activity: Activity, name: str) -> str:
        key = (activity.key, bool(name))
        if key not in self._patterns:
            pattern = self._said(activity, SOMEBODY if name else "")
            alike = pattern.replace(SOMEBODY, name) == self._said(activity, name)
            self._patterns[key] = pattern if alike else None
        known = self._patterns[key]
        return self._said(activity, name) if known is None else known.replace(SOMEBODY, name)

    def _said(self, activity: Activity, name: str) -> str:
        own = one_line(activity.title.in_language(self._plan.language)) if activity.title else ""
        return self._say(f"kind.{activity.kind}.title", about=name, title=own)


def one_line(text: str) -> str:
    """`text` in one line. What nobody should see in it was taken out when it was read."""
    return " ".join(text.split())
