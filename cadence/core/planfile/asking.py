"""The form of an activity as the plan words it: each field checked against the kind's field of that key."""

from __future__ import annotations

from collections.abc import Mapping

from cadence.core.kinds import Field, Kind
from cadence.core.planfile.references import Names
from cadence.core.planfile.schema import FormField
from cadence.core.planfile.written import FieldText
from cadence.core.triggers.words import guess

MOST_REQUIRED = 2
MOST_SHOWN = 6
"""Whoever has to fill in more than this after a meeting stops doing so."""
CHANGED = "changed"
"""What became of last time's answer: asked in every form that carries one, and dropped like a field."""


def asked(text: Mapping[str, FieldText], kind: Kind, path: str, names: Names) -> tuple[FormField, ...]:
    """The plan's own fields in its order; they are laid over the kind's. `path` is where the form stands."""
    known = {one.key: one for one in kind.form}
    for key, field in text.items():
        if not field.off:
            _checked(key, field, known.get(key), f"{path}.{key}", names)
            _nameless(field, known.get(key), kind, f"{path}.{key}.anonymous", names)
        elif key not in known and not (key == CHANGED and _carries(text, known)):
            message = f"the form of a {kind.name} has no field `{key[:60]}` to drop"
            names.wrong("P204", f"{path}.{key}", message, guess(key, known, "take the line away"))
    if text:
        _short(text, known, path, names)
    return tuple(
        FormField(key=key, **{name: getattr(field, name) for name in FieldText.model_fields})
        for key, field in text.items()
    )


def _carries(text: Mapping[str, FieldText], known: Mapping[str, Field]) -> bool:
    """Whether a field of the form that comes out shows its answer the next time."""
    own = any(field.carry and not field.off for field in text.values())
    return own or any(field.carry and key not in text for key, field in known.items())


def _checked(key: str, text: FieldText, known: Field | None, at: str, names: Names) -> None:
    """What cannot be said together of one field."""
    said = text.type or (known.type if known else "choice" if text.options else "text")
    options = text.options or (known.options if known else ())
    if text.options and said != "choice":
        names.wrong("P203", f"{at}.options", f"a {said} has no options", "write `type: choice`, or take them away")
    elif said == "choice" and len(options) < 2:
        names.wrong("P202", at, f"the choice `{key[:60]}` has fewer than two options", "add `options: [one, two]`")
    elif len({option.casefold() for option in text.options}) < len(text.options):
        names.wrong("P203", f"{at}.options", "an option is given twice", "name each once")
    if text.many and said != "choice":
        names.wrong("P203", f"{at}.many", f"only one answer fits a {said}", "write `type: choice` with `options`")


def _nameless(text: FieldText, known: Field | None, kind: Kind, at: str, names: Names) -> None:
    """An anonymous answer is neither carried on nor shown to one other person only."""
    if not text.anonymous:
        return
    if text.carry or (text.carry is None and known and known.carry):
        names.wrong("P207", at, "what is carried on is shown to who said it", "drop one of the two")
    collected = text.collect or (known.collect if known else None)
    if text.seen_by == "pair" or (text.seen_by is None and kind.per == "pair" and not collected):
        names.wrong("P207", at, "between two people nothing is anonymous", "write `seen_by: keepers`, or drop it")


def _short(text: Mapping[str, FieldText], known: Mapping[str, Field], path: str, names: Names) -> None:
    """A finding where the form that comes out is longer than people fill in."""
    shown = [key for key in (*known, *(key for key in text if key not in known)) if not (key in text and text[key].off)]
    required = [key for key in shown if _required(text.get(key), known.get(key))]
    for count, most, what in ((len(required), MOST_REQUIRED, "are required"), (len(shown), MOST_SHOWN, "are shown")):
        if count > most:
            message = f"{count} fields {what}, and people answer {most}"
            names.note("P219", path, message, "drop some with `off`, or ask them elsewhere")


def _required(own: FieldText | None, known: Field | None) -> bool:
    if own is not None and own.required is not None:
        return own.required
    return known.required if known else False
