"""All that can be said about a code of a mistake or finding: what it means, an example, the cure, how to accept it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from cadence.core.compiler.examples import EXAMPLES
from cadence.core.compiler.findings import FINDINGS
from cadence.core.model import Severity
from cadence.core.planfile.codes import CODES, acceptable
from cadence.core.planfile.examples import Example

NO_EXAMPLE = Example()
WIDTH = 100


@dataclass(frozen=True, slots=True)
class Explained:
    """`remedy` is empty where it differs from case to case and stands in each message."""

    code: str
    severity: Severity
    title: str
    explanation: str
    remedy: str
    example: Example
    acceptable: bool


def explained(code: str) -> Explained:
    """Raises KeyError for a code that there is not."""
    known, example = CODES[code], EXAMPLES.get(code, NO_EXAMPLE)
    severity, remedy = FINDINGS.get(code, (example.severity, ""))
    return Explained(code, severity, known.title, known.explanation, remedy, example, acceptable(code))


def lines(about: Explained) -> Iterator[str]:
    """The whole of it for a terminal."""
    example = about.example
    yield from (f"{about.code}: {about.title} ({about.severity})", "", *wrap(about.explanation, WIDTH))
    yield from _shown("For example:", example.told or example.wrong, example.people)
    yield from _shown("Write instead:", "" if example.cured else example.right, example.cured)
    if about.remedy:
        yield from ("", *wrap(f"What to do: {about.remedy}.", WIDTH))
    if about.acceptable:
        how = f"`accept: {{{about.code}: why}}`, at the top of the plan or in the activity it is about"
        yield from ("", f"To accept it: {how}.")
    else:
        yield from ("", "It cannot be accepted: a mistake has to be corrected.")


def _shown(heading: str, text: str, people: str) -> Iterator[str]:
    """A fragment of a plan and, where it matters, the people file; nothing where there is neither."""
    if text or people:
        yield from ("", heading, "")
    yield from (f"    {line}" for line in text.splitlines())
    if people:
        yield from ("    # people.csv", *(f"    {line}" for line in people.splitlines()))
