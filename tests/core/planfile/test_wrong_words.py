"""What is not meant by any word of the language: refused, or found odd, at its place and with what to write instead."""

from __future__ import annotations

import time

import pytest

from cadence.core.model import Severity
from cadence.core.planfile import CODES
from tests.core.planfile.reading import HEAD, read, said

ORG = """\
milestones: {qbr: day 90}
phases: {activation: weeks 1-2}
metrics: {adoption: {unit: percent, baseline: 20%, target: 70%, per: team}}
people: {list: {kim: {name: Kim Lee, region: East}, ann: {name: Ann Berg, manager: kim, team: Hawks}}}
roles: {vp: kim}
"""


def found(text: str) -> list[tuple[str, str, str]]:
    return [(p.code, p.path, f"{p.message}; {p.remedy}") for p in read(text)[1] if p.code != "P190"]


@pytest.mark.parametrize(
    ("words", "code", "path", "says"),
    [
        # triggers
        ("rrule: FREQ=DAILY, every: week", "P207", "every", "does not go with 'rrule:'"),
        ("rrule: FREQ=DAILY, on: mon", "P207", "on", "leave 'on' out"),
        ("rrule: 'FREQ=DAILY;INTERVAL=0'", "P203", "rrule", "a whole number from 1 to 366"),
        ("rrule: 'FREQ=HOURLY'", "P203", "rrule", "more often than daily"),
        ("rrule: 'FREQ=DAILY;BYHOUR=9'", "P203", "rrule", "a time of day"),
        ("rrule: 'FREQ=DAILY;COUNT=3;UNTIL=20270301'", "P203", "rrule", "keep one of them"),
        ("rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'", "P203", "rrule", "names no day"),
        ("rrule: 'FREQ=DAILY;INTERVAL=7;BYDAY=TU'", "P203", "rrule", "names no day"),
        ("rrule: FREQ=DAILY, until: qrb", "P205", "until", "did you mean 'qbr'?"),
        ("when: {signal: x}, until: day 3", "P207", "until", "does not go with 'when:'"),
        ("when: {metric: adopton, below: 70%}", "P216", "when.metric", "did you mean 'adoption'?"),
        ("when: {metric: adoption, below: 70 days}", "P203", "when.below", "which is percent"),
        ("when: {metric: adoption}", "P203", "when", "write 'below: 70%'"),
        ("when: {metric: adoption, below: 1,5}", "P203", "", ""),
        ("when: {metric: adoption, below: 70%, check_on: qrb}", "P205", "when.check_on", "did you mean 'qbr'?"),
        ("when: {metric: adoption, below: 70%, per: reps}", "P203", "when.per", "did you mean 'rep'?"),
        ("when: {metric: adoption, below: 70%, per: rep}", "P203", "when.per", "is measured per team"),
        # people
        ("on: day 3, owner: vp, rotate: managers", "P207", "rotate", "both say who owes it"),
        ("on: day 3, rotate: mangers", "P204", "rotate", "did you mean 'managers'?"),
        ("on: day 3, rotate: vp", "P204", "rotate", "write one of managers, reps"),
        ("on: day 3, shadow: knm", "P204", "shadow", "did you mean 'kim'?"),
        ("on: day 3, shadow: each rep", "P204", "shadow", "called 'each rep'"),
        ("on: day 3, rotate: reps, only: {region: East}", "P207", "only", "leaves nobody out of it"),
        ("on: day 3, rotate: managers, not: {tags: x}", "P207", "not", "take one of the two away"),
        ("on: day 3, owner: rep, with: each rep", "P204", "with", "would be with themselves"),
        ("on: day 3, with: each manager", "P204", "with", "because 'manager' owes it"),
        ("on: day 3, rotate: reps, with: each rep", "P204", "with", "because 'reps' owes it"),
        ("on: day 3, owner: vp, with: [each rep, each manager]", "P207", "with", "keep one of the two"),
        # a window that opens after its day
        ("on: day 3, from: day 5", "P213", "from", "is 2027-01-16, later than 'on: day 3', 2027-01-14"),
        ("on: qbr, from: 2027-08-01", "P213", "from", "write an earlier day, or take it away"),
        # reminders and ladders
        ("on: day 3, ping: 1h before", "P202", "ping", "add 'at: \"10:00\"'"),
        ('on: day 3, at: "09:00", ping: 2 days before', "P203", "ping", "remind: [2 days before]"),
        ('on: day 3, at: "09:00", ping: at nine', "P203", "ping", "write '1h before'"),
        ("on: day 3, remind: [2 workdays before, 2 workdays before]", "P203", "remind", "name each once"),
        ("on: day 3, remind: tomorrow", "P203", "remind", "write '2 workdays before' or 'same day'"),
        ("on: day 3, remind: 2h before", "P203", "remind", "write 'ping: 2h before'"),
        ("on: day 3, escalate: [{after: 4h, to: line}]", "P203", "escalate.0.after", "write '3 workdays'"),
        ("on: day 3, escalate: [{after: 3 days, to: lime}]", "P204", "escalate.0.to", "did you mean 'line'?"),
        (
            "on: day 3, escalate: [{after: 3 days, to: line, ask: decide}]",
            "P203",
            "escalate.0.ask",
            "write 'decision' or 'help'",
        ),
        ("on: day 3, escalate: [{to: line}]", "P202", "escalate.0.after", "is missing"),
        ("on: day 3, owner: vp, escalate: [{after: 3 days, to: vp}]", "P204", "escalate.0.to", "is who owes it"),
        ("on: day 3, owner: vp, escalate: [{after: 3 days, to: kim}]", "P204", "escalate.0.to", "is who owes it"),
        (
            "on: day 3, escalate: [{after: 3 days, to: line}, {after: 3 days, to: line}]",
            "P203",
            "escalate.1",
            "is asked twice",
        ),
        ("on: day 3, channel: '#Big Wins'", "P203", "channel", 'write "#big-wins"'),
        ("on: day 3, duration: 30 min", "P201", "duration", "did you mean 'lasts'?"),
        ("on: day 3, weight: high", "P203", "weight", "write 'key'"),
        ("on: day 3, at: 9am", "P203", "at", 'write hours and minutes: "09:00"'),
        ("on: day 3, lasts: 90", "P203", "lasts", "add the unit: '90 min'"),
        ("every: week, except: [2027-02-01..2027-02-28]", "P203", "except.0", "a whole week such as 'week 8'"),
        ("on: day 3, topics: []", "P203", "topics", "name one or more"),
        # forms
        ("on: day 3, ask: {x: off}", "P204", "ask.x", "has no field 'x' to drop"),
        ("on: day 3, ask: {x: {type: essay}}", "P203", "ask.x.type", "is not one of yes/no"),
        ("on: day 3, ask: {x: {type: choice}}", "P202", "ask.x", "add 'options: [one, two]'"),
        ("on: day 3, ask: {x: {type: choice, options: [one]}}", "P202", "ask.x", "fewer than two options"),
        ("on: day 3, ask: {x: {options: [one, One]}}", "P203", "ask.x.options", "name each once"),
        ("on: day 3, ask: {x: {type: text, options: [a, b]}}", "P203", "ask.x.options", "a text has no options"),
        ("on: day 3, ask: {x: {type: date, many: true}}", "P203", "ask.x.many", "only one answer fits a date"),
        ("on: day 3, ask: {x: {per: rep}}", "P203", "ask.x.per", "is not one of attendee"),
        ("on: day 3, ask: {x: {seen_by: all}}", "P203", "ask.x.seen_by", "is not one of pair"),
        ("on: day 3, ask: {x: {anonymous: true, seen_by: pair}}", "P207", "ask.x.anonymous", "nothing is anonymous"),
        ("kind: one_on_one, ask: {x: {anonymous: true}}", "P207", "ask.x.anonymous", "write 'seen_by: keepers'"),
        ("on: day 3, ask: {x: {anonymous: true, carry: true}}", "P207", "ask.x.anonymous", "drop one of the two"),
        ("on: day 3, ask: {x: {collect: losses}}", "P203", "ask.x.collect", "is not one of wins"),
        # accepted findings
        ("on: day 3, accept: {P204: never mind}", "P217", "accept.P204", "is a mistake"),
        ("on: day 3, accept: {P3111: one coach}", "P217", "accept.P3111", "did you mean 'P311'?"),
        ("on: day 3, accept: {P311: ''}", "P203", "accept.P311", "write the reason"),
    ],
)
def test_an_activity_cannot_say(words: str, code: str, path: str, says: str) -> None:
    words = words if "kind:" in words else f"kind: custom, {words}"
    text = f"{HEAD}{ORG}activities: {{a: {{{words}}}}}\n"
    plan, _ = read(text)
    assert plan is None
    if path:
        assert (code, f"activities.a.{path}") in [(c, p) for c, p, _ in found(text)], found(text)
        assert says in next(line for c, p, line in found(text) if (c, p) == (code, f"activities.a.{path}"))


@pytest.mark.parametrize(
    ("words", "code", "path", "says"),
    [
        ("budget: many", "P203", "budget", "write '2 per week'"),
        ("calendar: {workdays: monday to friday}", "P203", "calendar.workdays", "write 'mon-fri'"),
        ("calendar: {workdays: monday-and-friday}", "P203", "calendar.workdays", "is not a weekday"),
        ("calendar: {hours: 8-18}", "P203", "calendar.hours", 'write "08:00-18:00"'),
        ("away: {kim: 2027-02-08 to 2027-02-12}", "P203", "away.kim.0", "write '2027-02-08..2027-02-12'"),
        ("phases: {start: week 1 to week 2}", "P203", "phases.start", "write 'weeks 1-2'"),
        ("budget: 0 per week", "P203", "budget", "write '2 per week'"),
        ("milestones: {mon: day 3}", "P203", "milestones.mon", "cannot name a date"),
        ("milestones: {rollout: day 3}", "P203", "milestones.rollout", "cannot name a date"),
        ("phases: {'weeks 1': day 3}", "P203", "phases.weeks 1", "cannot name a date"),
        ("quiet: [{from: day 9, until: day 3}]", "P213", "quiet.0", "ends before it begins"),
        ("quiet: [{from: day 9}]", "P202", "quiet.0.until", "is missing"),
        ("quiet: [{from: v3, until: day 30}]", "P205", "quiet.0.from", "there is no milestone 'v3'"),
        ("quiet: [{from: day 3, until: day 9, only: heavy}]", "P203", "quiet.0.only", "is not one of light"),
        ("waves: {west: {rollout: 2027-01-25}}", "P202", "waves.west", "does not say who is in it"),
        ("waves: {west: {only: {region: East}}}", "P202", "waves.west.rollout", "is missing"),
        (
            "waves: {west: {rollout: 2027-01-25, only: {region: E}, roles: {vp: knm}}}",
            "P204",
            "waves.west.roles.vp",
            "kim",
        ),
        ("ends: 2027-02-01\nwaves: {w: {rollout: 2027-03-01, only: {region: E}}}", "P213", "waves.w.rollout", "'ends'"),
        ("metrics: {m: {unit: parsecs}}", "P203", "metrics.m.unit", "is not a unit"),
        ("metrics: {m: {baseline: 1,200}}", "P203", "", ""),
        ("metrics: {m: {baseline: '1,200'}}", "P203", "metrics.m.baseline", "without a separator"),
        ("metrics: {m: {baseline: 1.200}}", "P203", "metrics.m.baseline", "thousands or a fraction"),
        ("metrics: {m: {baseline: 20%, target: 30 days}}", "P203", "metrics.m.target", "in one unit"),
        ("metrics: {m: {every: fortnight}}", "P203", "metrics.m.every", "is not a rhythm"),
        ("metrics: {m: {per: person}}", "P203", "metrics.m.per", "write 'rep' or 'team' or 'plan'"),
        ("metrics: {m: {owner: knm}}", "P204", "metrics.m.owner", "did you mean"),
        ("backups: {kim: kim}", "P204", "backups.kim", "'kim' would stand in for themselves"),
        ("roles: {vp: kim}\nbackups: {vp: Kim Lee}", "P204", "backups.vp", "name somebody else"),
        ("language: klingon", "P203", "language", "write its two letters: 'en', 'de'"),
        ("timezone: localtime", "P212", "timezone", "there is no time zone 'localtime'"),
        ("away: {kim: day 3}", "P203", "away.kim.0", "write year-month-day"),
        ("away: {kim: tomorrow}", "P203", "away.kim.0", "write year-month-day"),
        ("away: {kim: 2027-1-11}", "P203", "away.kim.0", "write year-month-day: '2027-01-11'"),
        (f"roles: {{{'x' * 101}: kim}}", "P203", f"roles.{'x' * 101}", "has 101 characters; shorten it to 100"),
        ("accept: {P101: small enough}", "P217", "accept.P101", "is a mistake"),
        ("accept: {X: y}", "P217", "accept.X", "cadence explain"),
    ],
)
def test_a_plan_cannot_say(words: str, code: str, path: str, says: str) -> None:
    text = f"{HEAD}people: {{list: {{kim: {{name: Kim Lee}}}}}}\n{words}\nactivities: {{a: {{kind: audit}}}}\n"
    assert read(text)[0] is None
    if path:
        assert [p for c, p, line in found(text) if c == code and says in line and p.startswith(path)], found(text)


@pytest.mark.parametrize(
    ("words", "code", "path", "severity"),
    [
        ("metrics: {m: {baseline: 70%, target: 20%}}", "P218", "metrics.m.target", Severity.WARNING),
        ("metrics: {m: {baseline: 20, target: 90, better: lower}}", "P218", "metrics.m.target", Severity.WARNING),
        ("metrics: {m: {baseline: 20, target: 20}}", "P218", "metrics.m.target", Severity.WARNING),
        (
            "waves: {a: {rollout: 2027-01-18, only: {region: East}}, b: {rollout: 2027-01-11, only: {region: East}}}",
            "P220",
            "waves.a.only",
            Severity.WARNING,
        ),
        ("quiet: [{from: 2028-03-22, until: 2028-03-31}]", "P221", "quiet.0", Severity.WARNING),
        ("quiet: [{from: 2025-03-22, until: 2025-03-31}]", "P221", "quiet.0", Severity.WARNING),
        ("activities: {a: {kind: audit, only: {team: Hakws}}}", "P215", "activities.a.only.team", Severity.WARNING),
        (
            "activities: {a: {kind: quick_win, ask: {named: {required: true}}}}",
            "P219",
            "activities.a.ask",
            Severity.NOTE,
        ),
        (
            "activities: {a: {kind: field_ride, ask: {mine: {label: And more?}}}}",
            "P219",
            "activities.a.ask",
            Severity.NOTE,
        ),
    ],
)
def test_what_is_odd_and_no_mistake_is_a_finding_that_can_be_accepted(
    words: str, code: str, path: str, severity: Severity
) -> None:
    org = "people: {list: {kim: {name: Kim Lee, region: East}, ann: {name: Ann, manager: kim, team: Hawks}}}\n"
    plan, problems = read(f"{HEAD}{org}{words}\n")
    assert plan is not None
    assert [(p.code, p.path, p.severity) for p in problems if p.code != "P190"] == [(code, path, severity)]
    assert all(problem.remedy for problem in problems if problem.code != "P190")
    assert not found(f"{HEAD}{org}{words}\naccept: {{{code}: so it is}}\n")


def test_a_milestone_that_only_the_kind_names_is_missed_once() -> None:
    org = "people: {list: {kim: {name: Kim Lee}}}\nroles: {enablement: kim}\n"
    assert [(c, p) for c, p, _ in found(f"{HEAD}{org}activities: {{a: {{kind: release}}}}\n")] == [
        ("P205", "activities.a.on.0")
    ]


@pytest.mark.parametrize(("written", "meant"), [("DE", "de"), ("de_at", "de-AT"), ("pt-br", "pt-BR"), ("en", "en")])
def test_a_language_is_read_however_it_is_spelt(written: str, meant: str) -> None:
    plan, problems = read(f"{HEAD}language: {written}\ntitle: {{en: Journey, de: Reise}}\n")
    assert plan is not None, problems
    assert (plan.language, plan.title) == (meant, "Reise" if meant.startswith("de") else "Journey")


def test_a_finding_may_be_accepted_where_it_is_made() -> None:
    words = "kind: quick_win, ask: {named: {required: true}}"
    both = f"activities: {{a: {{{words}, accept: {{P219: short enough}}}}, b: {{{words}}}}}\n"
    assert [(code, path) for code, path, _ in found(HEAD + both)] == [("P219", "activities.b.ask")]


def test_no_more_than_forty_activities_have_a_rule() -> None:
    rules = "".join(f"  a{n:02}: {{kind: custom, rrule: 'FREQ=DAILY;INTERVAL={n + 1}'}}\n" for n in range(41))
    assert found(f"{HEAD}activities:\n{rules}") == [
        ("P101", "activities.a40.rrule", "more than 40 activities of a plan have an 'rrule'; say it with 'every:'")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "activities:\n" + "".join(f"  a{n}: {{kind: ride{n}, owner: x{n}, every: 2 wekes{n}}}\n" for n in range(1000)),
        "activities:\n"
        + "".join(f"  a{n}: {{kind: custom, until: q{n}, only: {{team: t{n}}}}}\n" for n in range(1000)),
        "people:\n  list:\n" + "".join(f"    p{n}: {{timezone: Europe/Belrin{n}}}\n" for n in range(1000)),
        "accept:\n" + "".join(f"  Px{n}: yes\n" for n in range(1000)),
        "quiet:\n" + "".join(f"  - {{from: v{n}, until: w{n}}}\n" for n in range(1000)),
    ],
    ids=["kinds", "dates", "zones", "codes", "spans"],
)
def test_a_thousand_mistakes_cost_no_more_than_the_reading(text: str) -> None:
    before = time.process_time()
    assert len(said(HEAD + text)) == 201
    assert time.process_time() - before < 2


def test_every_code_of_this_page_is_explained() -> None:
    assert {"P216", "P217", "P218", "P219", "P220", "P221"} <= set(CODES)
