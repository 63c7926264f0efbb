"""Words that people write for words of the plan language: for remedies only, nothing is read through them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

_KEYS: Mapping[str, tuple[str, ...]] = {
    "agenda": ("description", "notes", "details"),
    "ask": ("form", "questions", "fields"),
    "at": ("time", "hour", "start_time"),
    "away": ("absences", "vacation", "holidays"),
    "email": ("mail", "e-mail", "address"),
    "every": ("frequency", "repeat", "repeats", "rhythm", "interval", "cadence"),
    "except": ("skip", "exclude", "excluding", "without"),
    "from": ("start", "begin", "begins", "starting"),
    "kind": ("type",),
    "lasts": ("duration", "length"),
    "manager": ("boss", "supervisor"),
    "on": ("day", "date", "days"),
    "only": ("filter", "who_for"),
    "owner": ("responsible", "assignee", "who", "owned_by"),
    "remind": ("reminder", "reminders"),
    "rollout": ("start", "start_date", "begin", "date"),
    "ends": ("end", "end_date"),
    "times": ("count", "repetitions"),
    "title": ("name", "label", "subject"),
    "until": ("end", "ends", "to"),
    "weight": ("priority", "importance", "severity"),
    "with": ("attendees", "participants", "invitees", "members"),
}
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "key": ("high", "critical", "important", "urgent"),
    "standard": ("medium", "normal", "default"),
    "light": ("low", "minor"),
    "next": ("forward", "forwards", "after", "later"),
    "previous": ("backward", "backwards", "back", "before", "earlier"),
    "keep": ("none", "no", "off", "stay"),
    "yes/no": ("boolean", "bool", "checkbox"),
    "text": ("string", "textarea"),
    "choice": ("select", "enum", "list"),
    "number": ("integer", "int", "float"),
    "score": ("rating", "scale"),
    "link": ("url",),
}


def _by_word(table: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    words = {said for others in table.values() for said in others}
    return MappingProxyType({said: tuple(word for word, also in table.items() if said in also) for said in words})


_MEANT_KEYS, _MEANT_CHOICES = _by_word(_KEYS), _by_word(_CHOICES)


def key_meant(word: str, known: Iterable[str]) -> str:
    """The key among `known` that somebody means by `word`: `lasts` for `duration`; "" where there is none."""
    return next((key for key in _MEANT_KEYS.get(word.lower(), ()) if key in known), "")


def choice_meant(word: str, known: Iterable[str]) -> str:
    """The word of a closed set that somebody means: `key` for `high`; "" where there is none."""
    return next((choice for choice in _MEANT_CHOICES.get(word.lower(), ()) if choice in known), "")
