"""The whole vocabulary of the plan language: a row for every form, what it means, and that editors accept it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from cadence.core.model import Days, Weight
from cadence.core.planfile import Activity, Plan, json_schema
from cadence.core.planfile.schema import Budget, Digest, Filter, Metric, Quiet, Remind, Step
from cadence.core.triggers import (
    Awaited,
    DateWord,
    Duration,
    Every,
    MonthDay,
    NthWeekday,
    Once,
    OnDates,
    Quantity,
    Rhythm,
    Rule,
    Several,
    Trigger,
    Weekdays,
    parse_date,
)
from tests.core.planfile.reading import HEAD, read
from tests.core.planfile.schema_check import as_an_editor_reads, refusals

ORG = """\
milestones: {qbr: day 90, v2: 2027-07-15}
phases: {activation: weeks 1-2}
people:
  list:
    kim: {name: Kim Lee, email: kim@x.example}
    ann: {name: Ann Berg, manager: kim, region: East, team: Hawks, tags: [ramping]}
roles: {vp: kim}
"""
SCHEMA = json_schema()
day = parse_date


def accepted(text: str) -> Plan:
    """The plan of a text with people and milestones, which an editor accepts too."""
    plan, problems = read(HEAD + text)
    assert plan is not None, "\n".join(map(str, problems))
    assert not [problem for problem in problems if problem.code != "P190"], "\n".join(map(str, problems))
    assert refusals(SCHEMA, as_an_editor_reads(HEAD + text)) == []
    return plan


def the_activity(words: str, plan: str = "") -> Activity:
    return accepted(f"{ORG}{plan}activities: {{a: {{{words}}}}}\n").activities[0]


def rhythm(every: Every, **more: Any) -> Rhythm:  # noqa: ANN401  # each has the type of its field
    return Rhythm(every=every, **more)


WEEK, FORTNIGHT, MONTH = Every(1, "week"), Every(2, "week"), Every(1, "month")
TRIGGERS: Mapping[str, Trigger] = {
    # once
    "on: day 28": Once(day("day 28")),
    "on: day -14": Once(day("day -14")),
    "on: qbr": Once(day("qbr")),
    "on: week 3": Once(day("week 3")),
    "on: 2027-06-01": Once(DateWord(date(2027, 6, 1))),
    "on: v2 - 6 weeks": Once(day("v2 - 6 weeks")),
    "on: qbr + 3 workdays": Once(day("qbr + 3 workdays")),
    "on: rollout - 1 month": Once(day("rollout - 1 month")),
    "on: day 4, from: day -14": Once(day("day 4"), day("day -14")),
    "on: [day 0, day 14, v2]": OnDates((day("day 0"), day("day 14"), day("v2"))),
    # a rhythm
    "every: workday": rhythm(Every(1, "workday")),
    "every: 10 workdays": rhythm(Every(10, "workday")),
    "every: week": rhythm(WEEK),
    "every: 2 weeks, on: mon": rhythm(FORTNIGHT, on=Weekdays((0,))),
    "every: 2 weeks, on: [tue, wed, thu]": rhythm(FORTNIGHT, on=Weekdays((1, 2, 3))),
    "every: month, on: 15th": rhythm(MONTH, on=MonthDay(15)),
    "every: month, on: 31st": rhythm(MONTH, on=MonthDay(31)),
    "every: month, on: first mon": rhythm(MONTH, on=NthWeekday(1, 0)),
    "every: 2 months, on: [mon, tue]": rhythm(Every(2, "month"), on=Weekdays((0, 1))),
    "every: quarter, on: last fri": rhythm(Every(1, "quarter"), on=NthWeekday(-1, 4)),
    "every: week, from: day -14, until: week 12": rhythm(WEEK, from_=day("day -14"), until=day("week 12")),
    "every: week, times: 6": rhythm(WEEK, times=6),
    "every: week, during: activation": rhythm(WEEK, during="activation"),
    "every: week, except: [2027-07-05, week 12]": rhythm(WEEK, except_=(day("2027-07-05"), day("week 12"))),
    "every: week, except: day 7": rhythm(WEEK, except_=(day("day 7"),)),
    "kind: team_meeting, on: fri, until: week 6": rhythm(WEEK, on=Weekdays((4,)), until=day("week 6")),
    "kind: field_ride, with: each rep, until: day 84": Several(
        parts=(rhythm(FORTNIGHT, until=day("day 27")), rhythm(Every(4, "week"), from_=day("day 28"))),
        until=day("day 84"),
    ),
    # the way out
    "rrule: FREQ=WEEKLY;INTERVAL=2;BYDAY=MO": Rule(rule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    "rrule: 'RRULE:FREQ=DAILY;COUNT=5', from: day 7, except: [day 8]": Rule(
        rule="FREQ=DAILY;COUNT=5", from_=day("day 7"), except_=(day("day 8"),)
    ),
    "rrule: 'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1', until: week 20, times: 3, during: activation": Rule(
        rule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", until=day("week 20"), times=3, during="activation"
    ),
    # a signal, a metric
    "when: {signal: deal.stage, where: {stage: Proposal}, within: 3 workdays, at_most: 2 per week}": Awaited(
        signal="deal.stage",
        where=(("stage", ("Proposal",)),),
        within=Duration(3, "workday"),
        at_most=(2, "week"),
    ),
    "when: {signal: deal.stage, where: {stage: [Proposal, Contract], region: East}}": Awaited(
        signal="deal.stage", where=(("region", ("East",)), ("stage", ("Proposal", "Contract")))
    ),
    "when: {metric: adoption, below: 70%, check_on: day 35, per: team}": Awaited(
        metric="adoption", below=Quantity(Decimal(70), "percent"), check_on=day("day 35"), per="team"
    ),
    "when: {metric: adoption, above: 90}": Awaited(metric="adoption", above=Quantity(Decimal(90)), per="team"),
    "kind: deal_review": Awaited(signal="deal.stage", within=Duration(3, "workday")),
}


@pytest.mark.parametrize(("words", "trigger"), TRIGGERS.items(), ids=str)
def test_what_a_plan_may_say_about_when(words: str, trigger: Trigger) -> None:
    words = words if "kind:" in words else f"kind: custom, {words}"
    assert the_activity(words, "metrics: {adoption: {baseline: 20%, target: 70%, per: team}}\n").trigger == trigger


ACTIVITY: Mapping[str, tuple[Callable[[Activity], object], object]] = {
    "owner: vp": (lambda a: a.owner, "vp"),
    "owner: manager": (lambda a: a.owner, "manager"),
    "owner: rep": (lambda a: a.owner, "rep"),
    "owner: kim": (lambda a: a.owner, "kim"),
    "owner: Kim Lee": (lambda a: a.owner, "kim"),
    "rotate: managers": (lambda a: a.rotate, "managers"),
    "rotate: reps": (lambda a: a.rotate, "reps"),
    "with: each rep": (lambda a: a.with_, ("each rep",)),
    "owner: vp, with: each manager": (lambda a: a.with_, ("each manager",)),
    "with: [team, managers, vp, ann]": (lambda a: a.with_, ("team", "managers", "vp", "ann")),
    "shadow: kim": (lambda a: a.shadow, ("kim",)),
    "shadow: [vp, ann]": (lambda a: a.shadow, ("vp", "ann")),
    "only: {region: East}": (lambda a: a.only, Filter(region=("East",))),
    "only: {region: [East], team: hawks}": (lambda a: a.only, Filter(region=("East",), team=("hawks",))),
    "not: {tags: [ramping]}": (lambda a: a.not_, Filter(tags=("ramping",))),
    'at: "10:00", lasts: 15 min': (lambda a: (a.at, a.minutes), (time(10), 15)),
    "lasts: 4h": (lambda a: a.minutes, 240),
    "roll: next": (lambda a: a.roll, "next"),
    "roll: previous": (lambda a: a.roll, "previous"),
    "roll: keep": (lambda a: a.roll, "keep"),
    "was: older-key": (lambda a: a.identity, "older-key"),
    "title: Health check": (lambda a: a.title and dict(a.title.words), {"": "Health check"}),
    "title: {en: Look, de: Schau}": (lambda a: a.title and a.title.in_language("de"), "Schau"),
    'agenda: "One\\nTwo"': (lambda a: a.agenda and a.agenda.in_language("en"), "One\nTwo"),
    "topics: [one, {en: two, de: zwei}]": (lambda a: [t.in_language("de") for t in a.topics], ["one", "zwei"]),
    "topics: one": (lambda a: [t.in_language("de") for t in a.topics], ["one"]),
    "weight: light": (lambda a: a.weight, Weight.LIGHT),
    "weight: standard": (lambda a: a.weight, Weight.STANDARD),
    "weight: key": (lambda a: a.weight, Weight.KEY),
    "urgent: true": (lambda a: a.urgent, True),
    "urgent: no": (lambda a: a.urgent, False),
    'channel: "#wins"': (lambda a: a.channel, "#wins"),
    "channel: wins-emea": (lambda a: a.channel, "#wins-emea"),
    "channel: C0123456789": (lambda a: a.channel, "C0123456789"),
    "remind: [2 workdays before, same day]": (
        lambda a: a.remind,
        (Remind(before=Duration(2, "workday")), Remind()),
    ),
    "remind: 1 week before": (lambda a: a.remind, (Remind(before=Duration(1, "week")),)),
    "remind: []": (lambda a: a.remind, ()),
    "lasts: 30 min": (lambda a: a.remind, None),
    'ping: 1h before, at: "09:00"': (lambda a: a.ping and a.ping.before, Duration(1, "hour")),
    'ping: 15 min before, at: "09:00"': (lambda a: a.ping and a.ping.before, Duration(15, "min")),
    "escalate: [{after: 3 workdays, to: line, ask: decision}]": (
        lambda a: a.escalate,
        (Step(after=Duration(3, "workday"), to="line", ask="decision"),),
    ),
    "escalate: [{after: 1 week, to: keepers}, {after: 2 workdays, to: backup, ask: help}, {after: 3 days, to: ann}]": (
        lambda a: [(str(step.after), step.to, step.ask) for step in a.escalate],
        [("2 workdays", "backup", "help"), ("3 days", "ann", None), ("1 week", "keepers", None)],
    ),
    "accept: {P311: there is no second coach}": (lambda a: dict(a.accept), {"P311": "there is no second coach"}),
}


@pytest.mark.parametrize("words", ACTIVITY)
def test_what_an_activity_may_say_beside_when(words: str) -> None:
    look, meaning = ACTIVITY[words]
    assert look(the_activity(f"kind: custom, on: day 3, {words}")) == meaning


FIELDS: Mapping[str, Mapping[str, object]] = {
    "{label: One thing to change, type: text, required: true, carry: true}": {
        "type": "text",
        "required": True,
        "carry": True,
    },
    "{type: yes/no}": {"type": "yes/no"},
    "{type: choice, options: [often, rarely]}": {"type": "choice", "options": ("often", "rarely")},
    "{options: [often, rarely], many: true}": {"type": None, "many": True},
    "{type: score}": {"type": "score"},
    "{type: number, required: no}": {"type": "number", "required": False},
    "{type: date}": {"type": "date"},
    "{type: link}": {"type": "link"},
    "{type: person}": {"type": "person"},
    "{per: attendee}": {"per": "attendee"},
    "{seen_by: pair}": {"seen_by": "pair"},
    "{seen_by: line}": {"seen_by": "line"},
    "{seen_by: keepers, anonymous: true}": {"seen_by": "keepers", "anonymous": True},
    "{seen_by: plan}": {"seen_by": "plan"},
    "{collect: wins}": {"collect": "wins"},
    "{collect: recommendations}": {"collect": "recommendations"},
    "{collect: lessons}": {"collect": "lessons"},
}


@pytest.mark.parametrize("field", FIELDS)
def test_what_a_field_of_a_form_may_say(field: str) -> None:
    (asked,) = the_activity(f"kind: custom, on: day 3, ask: {{mine: {field}}}").ask
    assert {name: getattr(asked, name) for name in FIELDS[field]} == FIELDS[field]


def test_a_field_is_laid_over_the_kinds_or_drops_it() -> None:
    asked = the_activity("kind: field_ride, with: each rep, ask: {next: {label: {en: Next, de: Nun}}, aids: off}").ask
    assert [(field.key, field.off, field.label and field.label.in_language("de")) for field in asked] == [
        ("next", False, "Nun"),
        ("aids", True, None),
    ]


PLAN: Mapping[str, tuple[Callable[[Plan], object], object]] = {
    "title: {en: Rollout, de: Einführung}\nlanguage: de": (lambda p: p.title, "Einführung"),
    "title: {en: Rollout, de: Einführung}\nlanguage: fr": (lambda p: p.title, "Rollout"),
    "ends: week 30": (lambda p: str(p.ends), "week 30"),
    "ends: qbr + 2 weeks": (lambda p: str(p.ends), "qbr + 2 weeks"),
    "timezone: America/New_York": (lambda p: p.timezone, "America/New_York"),
    'calendar: {country: US, subdivision: NY, workdays: sun-thu, hours: "09:00-17:30"}': (
        lambda p: (p.calendar.country, p.calendar.subdivision, p.calendar.workdays, p.calendar.closes),
        ("US", "NY", frozenset({6, 0, 1, 2, 3}), time(17, 30)),
    ),
    "calendar: {workdays: [mon, wed], closed: [2027-12-24..2027-12-31, 2027-05-07]}": (
        lambda p: (p.calendar.workdays, len(p.calendar.closed)),
        (frozenset({0, 2}), 2),
    ),
    "fiscal_year: feb": (lambda p: p.fiscal_year, 2),
    "keepers: [ann, vp]": (lambda p: p.keepers, ("ann", "kim")),
    "away: {ann: [2027-02-08..2027-02-12], vp: 2027-03-01}": (
        lambda p: p.away["ann"],
        (Days(date(2027, 2, 8), date(2027, 2, 13)),),
    ),
    "backups: {ann: vp, vp: ann}": (lambda p: dict(p.backups), {"ann": "kim", "vp": "ann"}),
    'brief: "08:30"': (lambda p: p.brief, time(8, 30)),
    'digest: {on: friday, at: "16:00"}': (lambda p: p.digest, Digest(weekday=4, at=time(16))),
    "budget: 2 per week": (lambda p: p.budget, Budget(count=2, per="week")),
    "budget: 1 per day": (lambda p: p.budget, Budget(count=1, per="day")),
    'channel: "#wins"': (lambda p: p.channel, "#wins"),
    "privacy: {keep: 12 months}": (lambda p: p.keep, Duration(12, "month")),
    "accept: {P310: until May nobody is the coach}": (lambda p: list(p.accept), ["P310"]),
    "quiet: [{from: 2027-03-22, until: 2027-03-31, only: [light, standard]}]": (
        lambda p: p.quiet,
        (Quiet(from_=day("2027-03-22"), until=day("2027-03-31"), only=(Weight.LIGHT, Weight.STANDARD)),),
    ),
    "quiet: [{from: week 3, until: week 4}, {from: day 60, until: qbr, only: key}]": (
        lambda p: [span.only for span in p.quiet],
        [tuple(Weight), (Weight.KEY,)],
    ),
    "waves: {east: {rollout: 2027-01-25, only: {region: [East]}, roles: {vp: ann}}}": (
        lambda p: [(w.key, w.rollout, w.only.region, dict(w.roles)) for w in p.waves],
        [("east", date(2027, 1, 25), ("East",), {"vp": "ann"})],
    ),
    "waves: {a: {rollout: 2027-01-11, only: {team: Hawks}}, b: {rollout: 2026-11-02, only: {tags: ramping}}}": (
        lambda p: [w.key for w in p.waves],
        ["a", "b"],
    ),
    "metrics: {m: {unit: percent, baseline: 20%, target: 70%, per: team, owner: kim, every: 2 weeks}}": (
        lambda p: p.metrics[0],
        Metric(
            key="m",
            unit="percent",
            baseline=Decimal(20),
            target=Decimal(70),
            per="team",
            owner="kim",
            every=FORTNIGHT,
        ),
    ),
    "metrics: {ramp: {baseline: 90, target: 60 days, better: lower, per: rep}, won: {target: EUR 12000}}": (
        lambda p: [(m.key, m.unit, m.better, m.per) for m in p.metrics],
        [("ramp", "days", "lower", "rep"), ("won", "EUR", "higher", "plan")],
    ),
}


@pytest.mark.parametrize("words", PLAN)
def test_what_a_plan_may_say_at_the_top(words: str) -> None:
    look, meaning = PLAN[words]
    assert look(accepted(f"{ORG}{words}\n")) == meaning
