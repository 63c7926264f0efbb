"""From what is written to what is meant: the plan as a whole, with kinds' defaults filled in and names looked up.

`dated` checks the plan's days, `activities` makes the activities (with the forms of `asking`), `watched` the metrics.
Every step adds its mistakes to one list; a plan comes out only when there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cadence.core.model import Days, Problem, Severity
from cadence.core.planfile.activities import activities
from cadence.core.planfile.dated import check_rules, check_windows, checked_dates, quiet_spans, waves
from cadence.core.planfile.nodes import Map, Node, paths_of
from cadence.core.planfile.people import People
from cadence.core.planfile.references import Names
from cadence.core.planfile.schema import Digest, PeopleSource, Plan, PlanCalendar, read_only
from cadence.core.planfile.traps import error
from cadence.core.planfile.watched import metrics
from cadence.core.planfile.written import CalendarText, PlanText
from cadence.core.triggers import DEFAULT_ENDS, Awaited

WAITING = {"": ("metrics", "channel"), "activities": ("when", "channel")}
"""Words of the language that are read, checked and kept while nothing acts on them yet."""


def meant(file: str, root: Map, text: PlanText, people: People) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan, and what is wrong or not acted on in it; with an error among them the plan is not to be used."""
    names = Names.of(root, people)
    made = activities(text, names)
    dates = checked_dates(text, names)
    check_rules(made, dates, names)
    check_windows(made, dates, names)
    names.accepted(text.accept, "accept")
    names.add(*_kept_only(root))
    roles = names.people_of(text.roles, "roles")
    title = text.title.in_language(text.language or "") if text.title else text.plan
    plan = Plan(
        id=text.plan,
        title=title,
        file=file,
        rollout=text.rollout,
        ends=text.ends or DEFAULT_ENDS,
        timezone=text.timezone or "UTC",
        language=text.language or "en",
        calendar=_calendar(text.calendar),
        milestones=read_only(text.milestones),
        phases=read_only(text.phases),
        keepers=_keepers(text, roles, names),
        roles=roles,
        people=PeopleSource(
            file=text.people.file, email=text.people.email, rows=people.rows, after_start=text.people.after_start
        ),
        away=_away(text, roles, names),
        backups=_backups(text, roles, names),
        brief=text.brief,
        digest=Digest(weekday=text.digest.on, at=text.digest.at),
        channel=text.channel,
        budget=text.budget,
        keep=text.privacy.keep,
        accept=read_only(text.accept),
        fiscal_year=text.fiscal_year or 1,
        quiet=quiet_spans(text, dates, names),
        waves=waves(text, dates, names),
        metrics=metrics(text, names),
        activities=made,
        root=root,
    )
    names.add(*_waiting_kinds(plan), *_identities(plan))
    return plan, tuple(names.problems)


def _calendar(text: CalendarText) -> PlanCalendar:
    given = PlanCalendar(country=text.country, subdivision=text.subdivision, closed=tuple(sorted(text.closed)))
    changes: dict[str, object] = {}
    if text.workdays is not None:
        changes["workdays"] = text.workdays
    if text.hours is not None:
        changes["opens"], changes["closes"] = text.hours
    return given.model_copy(update=changes)


def _keepers(text: PlanText, roles: Mapping[str, str], names: Names) -> tuple[str, ...]:
    found = []
    for word, path in paths_of(names.root, "keepers", text.keepers):
        key = names.seat(word, path, ())
        if key is not None:
            found.append(roles.get(key, key))
    return tuple(sorted(dict.fromkeys(key for key in found if key in names.people.who.keys)))


def _away(text: PlanText, roles: Mapping[str, str], names: Names) -> Mapping[str, tuple[Days, ...]]:
    found: dict[str, tuple[Days, ...]] = {}
    for word, spans in sorted(text.away.items()):
        key = names.seat(word, f"away.{word}", ())
        if key is not None:
            person = roles.get(key, key)
            found[person] = tuple(sorted({*found.get(person, ()), *spans}))
    return read_only(found)


def _backups(text: PlanText, roles: Mapping[str, str], names: Names) -> Mapping[str, str]:
    """Who stands in for a role or a person; a role on the right is its person."""
    found = {}
    for word, backup in sorted(text.backups.items()):
        path = f"backups.{word}"
        seat, instead = names.seat(word, path, ()), names.seat(backup, path, ())
        if seat is None or instead is None:
            continue
        if roles.get(seat, seat) == roles.get(instead, instead):
            names.wrong("P204", path, f"`{backup[:60]}` would stand in for themselves", "name somebody else")
        found[seat] = roles.get(instead, instead)
    return read_only(found)


def _kept_only(root: Map) -> Iterator[Problem]:
    """Says of every word that nothing acts on yet that it is only kept: silence would be a broken promise."""
    for word in WAITING[""]:
        yield from _note(root, word, word)
    activities = root.entries.get("activities")
    for key, entry in activities.node.entries.items() if activities and isinstance(activities.node, Map) else ():
        for word in WAITING["activities"]:
            if isinstance(entry.node, Map):
                yield from _note(entry.node, word, f"activities.{key}.{word}")


def _note(node: Map, word: str, path: str) -> Iterator[Problem]:
    if word in node.entries:
        message = f"`{word}` is kept, but not acted on in this version"
        yield Problem("P190", Severity.NOTE, node.entries[word].place, path, message, "")


def _waiting_kinds(plan: Plan) -> Iterator[Problem]:
    """Activities whose kind waits for a signal by itself: nobody wrote a word that could be noted."""
    for activity in plan.activities:
        path = f"activities.{activity.key}"
        if isinstance(activity.trigger, Awaited) and "when" not in _written_words(plan.root, path):
            message = f"a {activity.kind} waits for a signal, and nothing acts on signals in this version"
            yield Problem("P190", Severity.NOTE, plan.place(path), path, message, "give it a rhythm with `every:`")


def _written_words(root: Node | None, path: str) -> frozenset[str]:
    """The words that stand in the part of the plan called `path`; none where there is no such part."""
    node = root
    for step in path.split("."):
        entry = node.entries.get(step) if isinstance(node, Map) else None
        node = entry.node if entry else None
    return frozenset(node.entries) if isinstance(node, Map) else frozenset()


def _identities(plan: Plan) -> Iterator[Problem]:
    """An old key may not be somebody else's: both would claim the same history."""
    first: dict[str, str] = {}
    for activity in plan.activities:
        known = first.setdefault(activity.identity, activity.key)
        if known != activity.key:
            path = f"activities.{activity.key}" + (".was" if activity.was else "")
            message = f"`{activity.identity}` is also what `{known}` is or was"
            yield error("P110", plan.place(path), message, "give one of them another key", path)
