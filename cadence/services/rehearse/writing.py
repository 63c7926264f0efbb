"""Leaves a rehearsal in a folder: every message in its channel's form, each person's transcript, calendars, a page.

A folder that was written by an earlier rehearsal is written anew; one that holds anything else is not touched.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_string
from email.policy import default as POLICY
from pathlib import Path
from zoneinfo import ZoneInfo

from cadence.core.model import MessageKind
from cadence.errors import Refused
from cadence.services.rehearse.page import digest_name, page
from cadence.services.rehearse.running import Rehearsal
from cadence.services.rehearse.sinks import Recorded
from cadence.services.rehearse.story import escalations
from cadence.templating import Words

MARK = ".rehearsal"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(rehearsal: Rehearsal, words: Words, out: Path) -> None:
    """Everything into `out`. Raises Refused when the folder is not a rehearsal's."""
    _make_room(out)
    _messages(rehearsal, out)
    _transcripts(rehearsal, out / "transcripts")
    _digests(rehearsal, out / "digests")
    for name, calendar in rehearsal.calendars.items():
        _file(out / "calendars" / f"{name}.ics", calendar)
    _file(out / "load.csv", _load(rehearsal).encode())
    _file(out / "escalations.txt", _escalations(rehearsal, words).encode())
    _file(out / "index.html", page(rehearsal, words).encode())


def _make_room(out: Path) -> None:
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise Refused(f"the folder '{out}' holds something else; name an empty one with --out")
    if out.exists():
        shutil.rmtree(out)
    _file(out / MARK, b"written by `cadence rehearse`; the next rehearsal replaces this folder\n")


def _file(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _messages(rehearsal: Rehearsal, out: Path) -> None:
    """Numbered in the order in which they came; what rewrote one of them bears its number."""
    numbers = {message.key: number for number, message in enumerate(rehearsal.first, 1)}
    again: Counter[str] = Counter()
    for message in rehearsal.messages:
        name = f"{numbers.get(message.edits or message.key, 0):04d}-{message.to}"
        if message.edits:
            again[message.edits] += 1
            place = {"channel": message.place[0], "ts": message.place[1]}
            _file(out / "rewrites" / f"{name}-{again[message.edits]}.slack.json", _arguments(place, message))
        elif message.channel == "slack":
            _file(out / "messages" / f"{name}.slack.json", _arguments({"channel": message.place[0]}, message))
        else:
            _file(out / "messages" / f"{name}.eml", message.payload.encode("utf-8", "surrogateescape"))


def _arguments(place: dict[str, str], message: Recorded) -> bytes:
    """What `chat.postMessage`, or `chat.update`, was called with."""
    return f"{json.dumps({**place, **json.loads(message.payload)}, indent=1, ensure_ascii=False)}\n".encode()


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


def _digests(rehearsal: Rehearsal, folder: Path) -> None:
    for message in _mailed_digests(rehearsal):
        name = digest_name(message)
        body = message_from_string(message.payload, policy=POLICY).get_body(("html",))
        _file(folder / f"{name}.eml", message.payload.encode())
        _file(folder / f"{name}.txt", message.text.encode())
        _file(folder / f"{name}.html", str(body.get_content() if body else "").encode())


def _load(rehearsal: Rehearsal) -> str:
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(("person", "tasks", "minutes_per_week_max", "messages"))
    load = rehearsal.compiled.compilation.load
    messages = Counter(message.to for message in rehearsal.first)
    for person in sorted({*load, *messages}):
        own = load.get(person)
        safe = f"'{person}" if person.startswith(FORMULA) else person
        rows.writerow((safe, own.tasks if own else 0, own.minutes_per_week_max if own else 0, messages[person]))
    return table.getvalue()


def _escalations(rehearsal: Rehearsal, words: Words) -> str:
    lines = [
        f"{e.at:%Y-%m-%d %H:%M} UTC  to {e.to}: {e.kind}: {e.about}" + (f" -> {e.answer}" if e.answer else "")
        for e in escalations(rehearsal, words)
    ]
    return "\n".join(lines or ["Nothing had to be escalated."]) + "\n"


def guide(rehearsal: Rehearsal, words: Words, out: Path) -> Iterator[str]:
    """What to look at in the folder, and how to go on from here."""
    asked = len(escalations(rehearsal, words))
    manager = next((name for name in sorted(rehearsal.calendars) if not name.startswith("plan-")), "KEY")
    digest = next((digest_name(m) for m in reversed(_mailed_digests(rehearsal)) if m.to == manager), "KEY-WEEK")
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
