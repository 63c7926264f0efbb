"""From what is written to what is meant: kinds' defaults filled in, triggers built, names looked up.

Every step adds its mistakes to one list; a plan comes out only when there are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta

from cadence.core.kinds import KINDS, Kind
from cadence.core.model import Days, Problem, Severity
from cadence.core.planfile.nodes import Map, Node, paths_of, place_of
from cadence.core.planfile.people import People
from cadence.core.planfile.references import GROUPS, LADDER, OWNERS, TURNS, Names
from cadence.core.planfile.schema import (
    EVERYONE,
    Activity,
    Digest,
    Filter,
    FormField,
    Metric,
    PeopleSource,
    Plan,
    PlanCalendar,
    Quiet,
    Step,
    Text,
    Wave,
    read_only,
)
from cadence.core.planfile.translate import bad_word
from cadence.core.planfile.traps import error
from cadence.core.planfile.written import ActivityText, CalendarText, FieldText, FilterText, PlanText
from cadence.core.triggers import (
    DEFAULT_ENDS,
    TRIGGER_KEYS,
    Awaited,
    DateWord,
    Rule,
    Trigger,
    default_roll,
    plan_dates,
    resolve,
    trigger_for,
)
from cadence.core.triggers.words import BadWord, Name, did_you_mean
from cadence.core.worktime import Worktime

LONGEST = timedelta(days=3 * 366)
WAITING = {
    "": ("waves", "metrics", "budget", "privacy", "quiet", "channel"),
    "activities": ("ask", "topics", "when", "escalate", "remind", "ping", "rrule", "urgent", "channel"),
}
"""Words of the language that are read and kept while nothing acts on them yet."""

_RRULE = re.compile(r"(RRULE:)?FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;[A-Z]{2,12}=[A-Z0-9,+-]{1,60}){0,10}", re.IGNORECASE)


def meant(file: str, root: Map, text: PlanText, people: People) -> tuple[Plan, tuple[Problem, ...]]:
    """The plan, and what is wrong or not acted on in it; with an error among them the plan is not to be used."""
    names = Names.of(root, people)
    problems = names.problems
    activities = [_activity(key, said, names) for key, said in sorted(text.activities.items())]
    _dates(text, names)
    _kept_only(root, problems)
    roles = {
        role: key
        for role, word in sorted(text.roles.items())
        if (key := names.person(word, f"roles.{role}")) is not None
    }
    title = text.title.in_language(text.language or "") if text.title else text.plan
    plan = Plan(
        id=text.plan,
        title=" ".join(title.split()),
        file=file,
        rollout=text.rollout,
        ends=text.ends or DEFAULT_ENDS,
        timezone=text.timezone or "UTC",
        language=text.language or "en",
        calendar=_calendar(text.calendar),
        milestones=read_only(text.milestones),
        phases=read_only(text.phases),
        keepers=_keepers(text, roles, names),
        roles=read_only(roles),
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
        quiet=_quiet(text, names),
        waves=_waves(text, names),
        metrics=_metrics(text, names),
        activities=tuple(activity for activity in activities if activity is not None),
        root=root,
    )
    problems += _waiting_kinds(plan)
    _identities(plan, problems)
    return plan, tuple(problems)


def _waiting_kinds(plan: Plan) -> Iterator[Problem]:
    """Activities whose kind waits for a signal by itself: nobody wrote a word that could be noted."""
    for activity in plan.activities:
        path = f"activities.{activity.key}"
        if isinstance(activity.trigger, Awaited) and not {"when", "rrule"} & _written_words(plan.root, path):
            message = f"a {activity.kind} waits for a signal, and nothing acts on signals in this version"
            yield Problem("P190", Severity.NOTE, plan.place(path), path, message, "give it a rhythm with `every:`")


def _written_words(root: Node | None, path: str) -> frozenset[str]:
    """The words that stand in the part of the plan called `path`; none where there is no such part."""
    node = root
    for step in path.split("."):
        entry = node.entries.get(step) if isinstance(node, Map) else None
        node = entry.node if entry else None
    return frozenset(node.entries) if isinstance(node, Map) else frozenset()


def _calendar(text: CalendarText) -> PlanCalendar:
    given = PlanCalendar(country=text.country, subdivision=text.subdivision, closed=tuple(sorted(text.closed)))
    changes: dict[str, object] = {}
    if text.workdays is not None:
        changes["workdays"] = text.workdays
    if text.hours is not None:
        changes["opens"], changes["closes"] = text.hours
    return given.model_copy(update=changes)


def _filter(text: FilterText | None, path: str, names: Names) -> Filter:
    if text is None:
        return EVERYONE
    names.filtered("region", text.region, path)
    names.filtered("tags", text.tags, path)
    return Filter(region=text.region, team=text.team, tags=text.tags)


def _activity(key: str, text: ActivityText, names: Names) -> Activity | None:
    path = f"activities.{key}"
    kind = KINDS.get(text.kind)
    if kind is None:
        at = f"{path}.kind"
        hint = did_you_mean(text.kind[:60], KINDS) or f"one of {', '.join(sorted(KINDS))}"
        names.problems.append(error("P206", place_of(names.root, at), f"there is no kind `{text.kind[:60]}`", hint, at))
    kind = kind or KINDS["custom"]
    trigger = _trigger(text, kind, path, names)
    owner = names.seat(text.owner, f"{path}.owner", OWNERS) if text.owner else kind.owner
    with_ = _seats(text.with_, f"{path}.with", names) if text.with_ is not None else kind.with_
    shadow = _seats(text.shadow, f"{path}.shadow", names)
    steps = [
        Step(after=step.after, to=to, ask=step.ask)
        for n, step in enumerate(text.escalate)
        if (to := names.seat(step.to, f"{path}.escalate.{n}.to", LADDER)) is not None
    ]
    if text.rotate and text.rotate not in TURNS:
        names.seat(text.rotate, f"{path}.rotate", TURNS)
    if trigger is None or owner is None:
        return None
    return Activity(
        key=key,
        was=text.was,
        kind=kind.name,
        title=_one_line(text.title),
        agenda=text.agenda,
        owner=owner,
        rotate=text.rotate,
        with_=with_,
        shadow=shadow,
        trigger=trigger,
        roll=text.roll or default_roll(trigger),
        at=text.at,
        minutes=text.lasts if text.lasts is not None else kind.minutes,
        weight=text.weight or kind.weight,
        mode=kind.mode,
        when_absent=kind.when_absent,
        date=kind.date,
        only=_filter(text.only, f"{path}.only", names),
        not_=_filter(text.not_, f"{path}.not", names),
        accept=read_only(text.accept),
        ask=tuple(_form_field(name, said) for name, said in text.ask.items()),
        topics=text.topics,
        remind=text.remind,
        ping=text.ping,
        escalate=tuple(steps),
        urgent=text.urgent,
        channel=text.channel,
    )


def _one_line(title: Text | None) -> Text | None:
    return Text(words={lang: " ".join(said.split()) for lang, said in title.words.items()}) if title else None


def _seats(words: tuple[str, ...], path: str, names: Names) -> tuple[str, ...]:
    found = [names.seat(word, at, GROUPS) for word, at in paths_of(names.root, path, words)]
    return tuple(dict.fromkeys(word for word in found if word is not None))


def _form_field(key: str, text: FieldText) -> FormField:
    said = {name: getattr(text, name) for name in FieldText.model_fields}
    return FormField(key=key, **said)


def _trigger(text: ActivityText, kind: Kind, path: str, names: Names) -> Trigger | None:
    given = _given(text)
    if text.rrule is not None:
        return _rule(text.rrule, given, path, names)
    if not given and not kind.rhythms:
        if text.kind in KINDS:
            at = place_of(names.root, path)
            remedy = "write `on: day 28`, or `every: week`"
            names.problems.append(error("P202", at, "it never says when", remedy, path))
        return None
    try:
        trigger = trigger_for(kind.rhythms, given)
    except BadWord as mistake:
        names.problems.append(bad_word(names.root, path, mistake))
        return None
    names.trigger(trigger, path)
    return trigger


def _given(text: ActivityText) -> dict[str, object]:
    """What the plan itself says about when, as words."""
    said: dict[str, object] = {}
    for word in TRIGGER_KEYS:
        value = getattr(text, word if word not in ("from", "except") else f"{word}_")
        if word == "when" and text.when is not None:
            said[word] = text.when.model_dump(exclude_none=True)
        elif value is not None:
            said[word] = list(value) if isinstance(value, tuple) else value
    return said


def _rule(rule: str, given: Mapping[str, object], path: str, names: Names) -> Trigger | None:
    at = f"{path}.rrule"
    if given:
        other = ", ".join(f"`{word}`" for word in given)
        message = f"`rrule` says all about when, and {other} too"
        names.problems.append(error("P207", place_of(names.root, at), message, "keep one of them", at))
    elif not _RRULE.fullmatch(rule.strip()):
        remedy = "write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY and its parts: `FREQ=WEEKLY;INTERVAL=2;BYDAY=MO`"
        names.problems.append(error("P203", place_of(names.root, at), "this is no recurrence rule", remedy, at))
    return Rule(rule=rule)


def _dates(text: PlanText, names: Names) -> None:
    """Milestones, phases and the end: known, without a circle, in their order, within three years."""
    before = len(names.problems)
    for name, word in text.milestones.items():
        names.dates(word, f"milestones.{name}")
    for name, span in text.phases.items():
        for word in dict.fromkeys(span):
            names.dates(word, f"phases.{name}")
    names.dates(text.ends or DEFAULT_ENDS, "ends")
    if len(names.problems) > before:
        return
    worktime = Worktime(text.timezone or "UTC")
    dates, lost = plan_dates(text.rollout, text.milestones, text.phases, text.ends or DEFAULT_ENDS, worktime)
    for path in lost:
        names.problems.append(_lost(path, text, names))
    if not lost and resolve(text.ends or DEFAULT_ENDS, dates, end=True) - text.rollout > LONGEST:
        at = place_of(names.root, "ends")
        names.problems.append(error("P203", at, "the plan is longer than three years", "end it sooner", "ends"))


def _lost(path: str, text: PlanText, names: Names) -> Problem:
    room, _, name = path.partition(".")
    place = place_of(names.root, path)
    if room != "milestones":
        return error("P213", place, "it ends before it begins", "write the earlier day first", path)
    circle = _circle(name, text.milestones)
    if circle:
        return error("P211", place, f"milestones in a circle: {' -> '.join(circle)}", "give one of them a date", path)
    return error("P203", place, f"`{text.milestones[name]}` is no day that can be reached", "name a nearer day", path)


def _circle(name: str, milestones: Mapping[str, DateWord]) -> tuple[str, ...]:
    chain = [name]
    while True:
        base = milestones[chain[-1]].base
        if not isinstance(base, Name) or base.name not in milestones:
            return ()
        if base.name in chain:
            return (*chain[chain.index(base.name) :], base.name)
        chain.append(base.name)


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
        if seat is not None and instead is not None:
            found[seat] = roles.get(instead, instead)
    return read_only(found)


def _quiet(text: PlanText, names: Names) -> tuple[Quiet, ...]:
    for n, span in enumerate(text.quiet):
        names.dates(span.from_, f"quiet.{n}.from")
        names.dates(span.until, f"quiet.{n}.until")
    return tuple(
        Quiet(from_=span.from_, until=span.until, only=span.only)
        if span.only
        else Quiet(from_=span.from_, until=span.until)
        for span in text.quiet
    )


def _waves(text: PlanText, names: Names) -> tuple[Wave, ...]:
    found = []
    for key, wave in sorted(text.waves.items()):
        roles = {
            role: person
            for role, word in sorted(wave.roles.items())
            if (person := names.person(word, f"waves.{key}.roles.{role}")) is not None
        }
        only = _filter(wave.only, f"waves.{key}.only", names)
        found.append(Wave(key=key, rollout=wave.rollout, only=only, roles=read_only(roles)))
    return tuple(found)


def _metrics(text: PlanText, names: Names) -> tuple[Metric, ...]:
    found = []
    for key, metric in sorted(text.metrics.items()):
        owner = names.seat(metric.owner, f"metrics.{key}.owner", OWNERS) if metric.owner else None
        said = {name: getattr(metric, name) for name in type(metric).model_fields if name != "owner"}
        found.append(Metric(key=key, owner=owner, **said))
    return tuple(found)


def _kept_only(root: Map, problems: list[Problem]) -> None:
    """Says of every word that nothing acts on yet that it is only kept: silence would be a broken promise."""
    for word in WAITING[""]:
        _note(root, word, word, problems)
    activities = root.entries.get("activities")
    for key, entry in activities.node.entries.items() if activities and isinstance(activities.node, Map) else ():
        for word in WAITING["activities"]:
            if isinstance(entry.node, Map) and word in entry.node.entries:
                _note(entry.node, word, f"activities.{key}.{word}", problems)


def _note(node: Map, word: str, path: str, problems: list[Problem]) -> None:
    if word in node.entries:
        message = f"`{word}` is kept, but not acted on in this version"
        problems.append(Problem("P190", Severity.NOTE, node.entries[word].place, path, message, ""))


def _identities(plan: Plan, problems: list[Problem]) -> None:
    """An old key may not be somebody else's: both would claim the same history."""
    first: dict[str, str] = {}
    for activity in plan.activities:
        known = first.setdefault(activity.identity, activity.key)
        if known != activity.key:
            path = f"activities.{activity.key}" + (".was" if activity.was else "")
            message = f"`{activity.identity}` is also what `{known}` is or was"
            problems.append(error("P110", plan.place(path), message, "give one of them another key", path))
