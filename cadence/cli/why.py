"""`why`: for a message the rule, the date, the calendar, the person and the policy; for a silence what caused it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, cast

import typer

from cadence.cli import output
from cadence.cli.session import day, opened, words_of
from cadence.cli.tasks import Json

commands = typer.Typer()

OF_MESSAGE = ("to", "kind", "state", "channel", "at", "receipt", "attempts", "error", "template", "plan_hash")


@commands.command()
def why(
    ctx: typer.Context,
    what: Annotated[str, typer.Argument(metavar="DELIVERY | TASK | PERSON", help="A key or the beginning of an id.")],
    on: Annotated[str | None, typer.Option("--on", metavar="D", help="The day that a person is asked about.")] = None,
    json: Json = False,
) -> None:
    """Explain why a message came, or why none did."""
    from cadence.services.why import why as explained

    asked = day(on)
    with opened(ctx) as session:
        found = explained(session.context, what, session.now, words_of(session.settings), asked)
    if json:
        output.document(found)
    else:
        for line in _lines(found):
            output.line(output.cell(line))


def _lines(found: Mapping[str, object]) -> Iterator[str]:
    match found["about"]:
        case "person":
            yield f"{found['person']} on {found['on']}"
            yield from (f"  {one['kind']} {one['key']}: {one['state']}" for one in _many(found["messages"]))
            yield from _reasons(found)
        case "task":
            yield f"{found['title']} ({found['task']}), {found['state']}"
            yield from _rule(found, "  ")
            yield from _reasons(found)
            for one in _many(found["said"]):
                yield f"  said: {one['at']} to {one['to']} ({one['rung'] or 'listed'}) in {one['delivery']}"
        case _:
            yield f"{found['key']}: {found['subject'] or ''}"
            yield from _facts(found)
            yield from _reasons(found)
            for one in _many(found["lines"]):
                yield f"  {one['section']}: {one.get('title') or one['decision'] or ''}: {one['says']}"
                yield from _rule(one, "    ")


def _rule(found: Mapping[str, object], indent: str) -> Iterator[str]:
    """The line of the plan, the days, the person and the policy of a task; nothing for a line about no task."""
    if "seat" not in found:
        return
    if rule := cast("Mapping[str, object] | None", found["rule"]):
        yield f"{indent}rule: {rule['file']}:{rule['line']}: {rule['words']}"
    first, last = cast("list[str]", found["window"])
    yield f"{indent}when: {found['date']}, in time from {first} to {last}; due {found['due']} ({found['timezone']})"
    stands_in = f" for {found['instead_of']}" if found["instead_of"] else ""
    until = f", away until {found['until']}" if found["until"] else ""
    yield f"{indent}who: {found['holder'] or 'nobody'} ({found['why']} of {found['seat']}{stands_in}{until})"
    yield f"{indent}policy: {found['policy']}"


def _facts(found: Mapping[str, object]) -> Iterator[str]:
    for name in OF_MESSAGE:
        given = found[name]
        if given not in (None, {}):
            said = " ".join(f"{key}={part}" for key, part in given.items()) if isinstance(given, Mapping) else given
            yield f"  {name.replace('_', ' ')}: {said}"


def _reasons(found: Mapping[str, object]) -> Iterator[str]:
    return (f"  because: {one['says']}" for one in _many(found["because"]))


def _many(found: object) -> list[Mapping[str, object]]:
    return cast("list[Mapping[str, object]]", found)
