"""Leaves a rehearsal in a folder: every message in its channel's form, each person's transcript, calendars, a page.

A folder that was written by an earlier rehearsal is written anew; one that holds anything else is not touched.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_string
from email.policy import default as POLICY
from pathlib import Path
from zoneinfo import ZoneInfo

from cadence.core.model import Decision, MessageKind
from cadence.errors import Refused
from cadence.services.rehearse.running import Rehearsal
from cadence.services.rehearse.sinks import Recorded
from cadence.templating import Words

MARK = ".rehearsal"
FIRST_WEEKS = timedelta(days=14)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Escalation:
    """One question to somebody above, as a line: when, who was asked, about what, and what came of it."""

    at: datetime
    to: str
    kind: str
    about: str
    answer: str | None


def write(rehearsal: Rehearsal, words: Words, out: Path) -> None:
    """Everything into `out`. Raises Refused when the folder is not a rehearsal's."""
    _make_room(out)
    _messages(rehearsal, out / "messages")
    _transcripts(rehearsal, out / "transcripts")
    _digests(rehearsal, out / "digests")
    for name, calendar in rehearsal.calendars.items():
        _file(out / "calendars" / f"{name}.ics", calendar)
    _file(out / "load.csv", _load(rehearsal).encode())
    _file(out / "escalations.txt", _escalations(rehearsal, words).encode())
    _file(out / "index.html", _page(rehearsal, words).encode())


def _make_room(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise Refused(f"the folder '{out}' holds something else; name an empty one with --out")
    if out.exists():
        shutil.rmtree(out)
    _file(out / MARK, b"written by `cadence rehearse`; the next rehearsal replaces this folder\n")


def _file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _messages(rehearsal: Rehearsal, folder: Path) -> None:
    for number, message in enumerate(rehearsal.messages, 1):
        name = f"{number:04d}-{message.to}"
        if message.channel == "slack":
            pretty = json.dumps(json.loads(message.payload), indent=1, ensure_ascii=False)
            _file(folder / f"{name}.slack.json", f"{pretty}\n".encode())
        else:
            _file(folder / f"{name}.eml", message.payload.encode("utf-8", "surrogateescape"))


def _transcripts(rehearsal: Rehearsal, folder: Path) -> None:
    by_person: dict[str, list[Recorded]] = defaultdict(list)
    for message in rehearsal.messages:
        by_person[message.to].append(message)
    for person, messages in by_person.items():
        zone = rehearsal.situation.persons[person].timezone
        text = "\n\n\n".join(_entry(message, zone) for message in messages)
        _file(folder / f"{person}.txt", f"{text}\n".encode())


def _entry(message: Recorded, zone: str) -> str:
    at = message.at.astimezone(ZoneInfo(zone))
    what = f"{message.kind} by {message.channel}" + (", rewritten in place" if message.edits else "")
    return f"--- {at:%a %Y-%m-%d %H:%M %Z}  {what}\n{message.subject}\n\n{message.text.strip()}"


def _mailed_digests(rehearsal: Rehearsal) -> list[Recorded]:
    return [m for m in rehearsal.messages if m.kind is MessageKind.DIGEST and m.channel == "email"]


def _digest_name(message: Recorded) -> str:
    """`dana-ruiz-2027-W02`: the key of a digest begins `digest-2027-W02-`."""
    return "-".join((message.to, *message.key.split("-")[1:3]))


def _digests(rehearsal: Rehearsal, folder: Path) -> None:
    for message in _mailed_digests(rehearsal):
        name = _digest_name(message)
        body = message_from_string(message.payload, policy=POLICY).get_body(("html",))
        _file(folder / f"{name}.eml", message.payload.encode())
        _file(folder / f"{name}.txt", message.text.encode())
        _file(folder / f"{name}.html", str(body.get_content() if body else "").encode())


def _load(rehearsal: Rehearsal) -> str:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("person", "tasks", "minutes_per_week_max", "messages"))
    load = rehearsal.compiled.compilation.load
    for person in sorted({*load, *(message.to for message in rehearsal.messages)}):
        own = load.get(person)
        messages = sum(message.to == person and not message.edits for message in rehearsal.messages)
        safe = f"'{person}" if person.startswith(FORMULA) else person
        rows.writerow((safe, own.tasks if own else 0, own.minutes_per_week_max if own else 0, messages))
    return table.getvalue()


def escalations(rehearsal: Rehearsal, words: Words) -> tuple[Escalation, ...]:
    """Every question that was put to somebody above, in order."""
    titles = {task.id: task.occurrence.title for task in rehearsal.tasks}
    names = {key: person.name for key, person in rehearsal.situation.persons.items()}

    def about(decision: Decision) -> str:
        title = titles.get(decision.task_id or "", "")
        return " · ".join(part for part in (names.get(decision.about_person or "", ""), title) if part)

    return tuple(
        Escalation(
            at=decision.asked_at,
            to=names.get(decision.asked, decision.asked),
            kind=words.say(f"escalation.{decision.kind}"),
            about=about(decision) or decision.round,
            answer=words.say(f"decided.{decision.choice}") if decision.choice else None,
        )
        for decision in rehearsal.decisions
    )


def _escalations(rehearsal: Rehearsal, words: Words) -> str:
    lines = [
        f"{e.at:%Y-%m-%d %H:%M} UTC  to {e.to}: {e.kind}: {e.about}" + (f" -> {e.answer}" if e.answer else "")
        for e in escalations(rehearsal, words)
    ]
    return "\n".join(lines or ["Nothing had to be escalated."]) + "\n"


def _page(rehearsal: Rehearsal, words: Words) -> str:
    persons = rehearsal.situation.persons
    until = rehearsal.start + timedelta(days=14) + FIRST_WEEKS
    return words.page(
        "rehearsal.html",
        title=rehearsal.compiled.plan.title,
        start=rehearsal.start.date(),
        stop=rehearsal.stop.date(),
        totals=rehearsal.totals,
        escalations=escalations(rehearsal, words),
        findings=[str(problem) for problem in rehearsal.compiled.problems],
        load=[(persons[key].name if key in persons else key, load) for key, load in _by_load(rehearsal)],
        people=list(_first_messages(rehearsal, until)),
        silent=[persons[key].name for key in sorted(rehearsal.silent)],
        missed=rehearsal.totals["missed"],
        sent=sum(1 for message in rehearsal.messages if not message.edits),
        calendars=sorted(rehearsal.calendars),
        digests=[_digest_name(message) for message in _mailed_digests(rehearsal)],
    )


def _by_load(rehearsal: Rehearsal) -> Sequence[tuple[str, object]]:
    load = rehearsal.compiled.compilation.load
    return sorted(load.items(), key=lambda item: (-item[1].minutes_per_week_max, item[0]))


def _first_messages(rehearsal: Rehearsal, until: datetime) -> Iterator[Mapping[str, object]]:
    for key, person in sorted(rehearsal.situation.persons.items()):
        own = [m for m in rehearsal.messages if m.to == key and not m.edits]
        if own:
            early = [
                {"at": m.at.astimezone(ZoneInfo(person.timezone)), "subject": m.subject, "text": m.text.strip()}
                for m in own
                if m.at < until
            ]
            yield {"name": person.name, "key": key, "count": len(own), "messages": early}


def guide(rehearsal: Rehearsal, words: Words, out: Path) -> Iterator[str]:
    """What to look at in the folder, and how to go on from here."""
    asked = len(escalations(rehearsal, words))
    manager = next((name for name in sorted(rehearsal.calendars) if not name.startswith("plan-")), "KEY")
    digest = next((_digest_name(m) for m in reversed(_mailed_digests(rehearsal)) if m.to == manager), "KEY-WEEK")
    plan = rehearsal.compiled.plan.id
    yield ""
    yield "Look at:"
    for path, what in (
        ("index.html", "everything on one page, for a browser"),
        (f"transcripts/{manager}.txt", "what one manager got in Slack, as text (one file a person)"),
        ("messages/", "the same as Block Kit JSON and as mail, in order, numbered"),
        (f"calendars/{manager}.ics", f"that manager's calendar; plan-{plan}.ics is the whole plan's"),
        (f"digests/{digest}.eml", "the weekly digest as mail; .html and .txt beside it"),
        ("escalations.txt", f"the {asked} questions that went to somebody above"),
    ):
        yield f"  {out / path}  {what}"
    yield ""
    yield "For real: run `cadence init`, then `cadence check PLAN`, `cadence load PLAN` and `cadence run`."
    yield "Without Slack or mail set up, messages appear on the console; docs/quickstart.md goes on from there."
