"""The days of a plan as written: milestones, phases, the end, quiet spans and waves, checked against each other.

All of them move with the rollout, and each wave has one of its own: what is right for the plan can be wrong for a wave.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from cadence.core.planfile.references import Names, wanted
from cadence.core.planfile.schema import Activity, Quiet, Wave
from cadence.core.planfile.written import PlanText, QuietText
from cadence.core.triggers import (
    DEFAULT_ENDS,
    DateWord,
    Name,
    Once,
    PlanDates,
    Rule,
    names_a_day,
    plan_dates,
    resolve,
    slots,
)
from cadence.core.triggers.words import BadWord
from cadence.core.worktime import Worktime

LONGEST = timedelta(days=3 * 366)
EARLIEST = timedelta(days=366)
"""So long before the rollout a plan may have something to prepare."""


def checked_dates(text: PlanText, names: Names) -> PlanDates | None:
    """The plan's days in the plan's own zone, without holidays; None where one of its words means none."""
    words = [(f"milestones.{name}", word) for name, word in text.milestones.items()]
    words += [(f"phases.{name}", word) for name, span in text.phases.items() for word in dict.fromkeys(span)]
    words.append(("ends", text.ends or DEFAULT_ENDS))
    known = [names.dates(word, path) for path, word in words]
    if not all(known):
        return None
    dates, lost = _dates_from(text.rollout, text)
    for circle in _circles(text.milestones):
        around = " -> ".join((*circle, circle[0]))
        names.wrong("P211", f"milestones.{circle[0]}", f"milestones in a circle: {around}", "give one of them a date")
    for path in lost:
        _lost(path, frozenset(lost), text, names)
    if not lost and dates.ends - text.rollout > LONGEST:
        names.wrong("P203", "ends", "the plan is longer than three years", "end it sooner")
    return None if lost else dates


def _dates_from(rollout: date, text: PlanText) -> tuple[PlanDates, tuple[str, ...]]:
    worktime, ends = Worktime(text.timezone or "UTC"), text.ends or DEFAULT_ENDS
    return plan_dates(rollout, text.milestones, text.phases, ends, worktime, text.fiscal_year or 1)


def _lost(path: str, lost: frozenset[str], text: PlanText, names: Names) -> None:
    """A milestone that leans on a lost one, as all in a circle do, is no mistake of its own."""
    room, _, name = path.partition(".")
    if room != "milestones":
        names.wrong("P213", path, "it ends before it begins", "write the earlier day first")
        return
    base = text.milestones[name].base
    if not isinstance(base, Name) or f"milestones.{base.name}" not in lost:
        message = f"`{text.milestones[name]}` is no day that can be reached"
        names.wrong("P203", path, message, "name a nearer day")


def _circles(milestones: Mapping[str, DateWord]) -> Iterator[tuple[str, ...]]:
    """Each circle once, from the first of its milestones that is met."""
    seen: set[str] = set()
    for name in milestones:
        chain: dict[str, None] = {}
        while name in milestones and name not in seen:
            seen.add(name)
            chain[name] = None
            base = milestones[name].base
            name = base.name if isinstance(base, Name) else ""
        if name in chain:
            links = list(chain)
            yield tuple(links[links.index(name) :])


def quiet_spans(text: PlanText, dates: PlanDates | None, names: Names) -> tuple[Quiet, ...]:
    """The spans in the order given; one that lies outside of the plan is a finding."""
    for n, span in enumerate(text.quiet):
        known = [names.dates(span.from_, f"quiet.{n}.from"), names.dates(span.until, f"quiet.{n}.until")]
        if dates is not None and all(known):
            _quiet_days(span, dates, f"quiet.{n}", names)
    return tuple(
        Quiet(from_=span.from_, until=span.until, **({"only": span.only} if span.only else {})) for span in text.quiet
    )


def _quiet_days(span: QuietText, dates: PlanDates, path: str, names: Names) -> None:
    try:
        first, last = resolve(span.from_, dates), resolve(span.until, dates, end=True)
    except BadWord as mistake:
        names.wrong("P203", path, mistake.message, mistake.remedy)
        return
    if last < first:
        names.wrong("P213", path, "it ends before it begins", "write the earlier day after `from`")
    elif first > dates.ends or last < dates.rollout - EARLIEST:
        message = f"{first} to {last} lies outside of the plan, {dates.rollout} to {dates.ends}"
        names.warn("P221", path, message, "correct the days, or take the span away")


def waves(text: PlanText, dates: PlanDates | None, names: Names) -> tuple[Wave, ...]:
    """The waves, ordered by key, each with a filter of its own and with days that make sense from its rollout."""
    found = []
    for key, wave in sorted(text.waves.items()):
        path = f"waves.{key}"
        roles = names.people_of(wave.roles, f"{path}.roles")
        only = wanted(wave.only, f"{path}.only", names)
        if only.empty:
            message = f"the wave `{key}` does not say who is in it"
            names.wrong("P202", path, message, "add `only: {region: East}`, or delete the wave")
        if dates is not None:
            _days_of_wave(key, wave.rollout, text, names)
        found.append(Wave(key=key, rollout=wave.rollout, only=only, roles=roles))
    _told_apart(found, names)
    return tuple(found)


def _days_of_wave(key: str, rollout: date, text: PlanText, names: Names) -> None:
    dates, lost = _dates_from(rollout, text)
    for word in lost:
        message = f"with the rollout on {rollout}, `{word}` ends before it begins"
        names.wrong("P213", f"waves.{key}.rollout", message, f"count `{word}` in days or weeks, or correct the day")
    if not lost and dates.ends - rollout > LONGEST:
        names.wrong("P203", f"waves.{key}.rollout", "from here the plan is longer than three years", "begin it later")


def _told_apart(found: Iterable[Wave], names: Names) -> None:
    """Two waves of one filter: the earlier has everybody, and the later nobody."""
    first: dict[object, str] = {}
    for wave in sorted(found, key=lambda wave: (wave.rollout, wave.key)):
        known = first.setdefault(wave.only, wave.key)
        if known != wave.key and not wave.only.empty:
            message = f"`{wave.key}` has the filter of `{known}`, which begins before it and has everybody"
            names.warn("P220", f"waves.{wave.key}.only", message, "make the two filters differ")


def check_windows(activities: Iterable[Activity], dates: PlanDates | None, names: Names) -> None:
    """What is dated once, in a window that would open after it."""
    for activity in () if dates is None else activities:
        once = activity.trigger
        if dates is None or not isinstance(once, Once) or once.from_ is None:
            continue
        try:
            opens, day = resolve(once.from_, dates), resolve(once.date, dates)
        except BadWord:
            continue  # an unknown milestone: said in its place
        if opens > day:
            message = f"`from: {once.from_}` is {opens}, later than `on: {once.date}`, {day}"
            names.wrong("P213", f"activities.{activity.key}.from", message, "write an earlier day, or take it away")


def check_rules(activities: Iterable[Activity], dates: PlanDates | None, names: Names) -> None:
    """Recurrence rules that name no day at all, such as 30 February: a slip, which expanding alone would not show."""
    for activity in () if dates is None or names.full() else activities:
        rule = activity.trigger
        if dates is None or not isinstance(rule, Rule):
            continue
        try:
            begin = resolve(rule.from_, dates) if rule.from_ else dates.rollout
            if not slots(rule, dates, dates.worktime) and not names_a_day(rule.rule, begin):
                message = f"`{rule.rule[:200]}` names no day"
                names.wrong("P203", f"activities.{activity.key}.rrule", message, "take one of its parts away")
        except BadWord:
            continue  # an unknown phase or milestone, or too many days: said elsewhere, in its place
