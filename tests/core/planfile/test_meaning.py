"""What a plan means: its words typed, its parents merged, its kinds' defaults filled in."""

import json
import re
from datetime import date, time
from pathlib import Path

import pytest

from cadence.core.kinds import KINDS
from cadence.core.model import DateState, Days, Mode, Place, Weight, WhenAbsent
from cadence.core.planfile import CODES, Outline, json_schema, outline
from cadence.core.planfile.translate import words_of
from cadence.core.planfile.written import ActivityText, PlanText
from cadence.core.triggers import Every, Once, OnDates, Rhythm, Several, Weekdays, parse_date
from tests.core.planfile.reading import HEAD, plan_of, read

WHOLE = """\
plan: gap-selling-2027
title: Gap Selling rollout
rollout: 2027-01-11
ends: week 30
timezone: America/New_York
language: de
calendar: {country: us, subdivision: NY, workdays: sun-thu, hours: "08:30-17:00", closed: [2027-12-24..2027-12-31]}
milestones: {qbr: day 90, v2: 2027-07-15}
phases: {activation: weeks 1-2}
keepers: enablement
people:
  list:
    dana-ruiz: {name: Dana Ruiz, email: dana@x.example}
    kim-lee: {name: Kim Lee}
roles: {vp: dana-ruiz, enablement: kim-lee}
away: {vp: 2027-03-01, dana-ruiz: [2027-02-08..2027-02-12]}
backups: {vp: enablement, dana-ruiz: kim-lee}
brief: 7:15
digest: {on: tue, at: "09:00"}
channel: "#wins"
accept: {P310: agreed with Dana}
fiscal_year: feb
quiet: [{from: 2027-03-22, until: day 80, only: [light]}]
activities:
  rides: {kind: field_ride, every: 3 weeks, on: [tue, wed], until: day 84}
  debriefs: {kind: manager_debrief, owner: dana-ruiz, at: "15:00", lasts: 45 min, weight: key, roll: keep}
"""


def test_the_words_at_the_top_have_their_types() -> None:
    plan = plan_of(WHOLE)
    assert (plan.id, plan.title, plan.rollout, str(plan.ends)) == (
        "gap-selling-2027",
        "Gap Selling rollout",
        date(2027, 1, 11),
        "week 30",
    )
    calendar = plan.calendar
    assert (calendar.country, calendar.subdivision, calendar.workdays) == ("US", "NY", frozenset({6, 0, 1, 2, 3}))
    assert (calendar.opens, calendar.closes) == (time(8, 30), time(17))
    assert calendar.closed == (Days(date(2027, 12, 24), date(2028, 1, 1)),)
    assert dict(plan.phases) == {"activation": (parse_date("week 1"), parse_date("week 2"))}
    assert plan.keepers == ("kim-lee",)
    assert dict(plan.away) == {
        "dana-ruiz": (Days(date(2027, 2, 8), date(2027, 2, 13)), Days(date(2027, 3, 1), date(2027, 3, 2)))
    }
    assert dict(plan.backups) == {"vp": "kim-lee", "dana-ruiz": "kim-lee"}
    assert (plan.brief, plan.digest.weekday, plan.digest.at) == (time(7, 15), 1, time(9))
    assert (plan.channel, plan.fiscal_year, plan.language) == ("#wins", 2, "de")
    assert (plan.quiet[0].only, str(plan.quiet[0].until)) == ((Weight.LIGHT,), "day 80")


def test_an_activity_says_only_what_differs_from_its_kind() -> None:
    debriefs, rides = plan_of(WHOLE).activities
    assert (rides.owner, rides.with_, rides.minutes) == ("manager", ("each rep",), 240)
    assert (rides.weight, rides.date, rides.when_absent) == (Weight.STANDARD, DateState.PROPOSED, WhenAbsent.MOVE)
    assert rides.trigger == Rhythm(every=Every(3, "week"), on=Weekdays((1, 2)), until=parse_date("day 84"))
    assert (debriefs.owner, debriefs.with_, debriefs.minutes) == ("dana-ruiz", ("managers",), 45)
    assert (debriefs.weight, debriefs.at, debriefs.roll, debriefs.mode) == (Weight.KEY, time(15), "keep", Mode.ACTIVE)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_reads_with_a_date_of_its_own(kind: str) -> None:
    (activity,) = plan_of(f"{HEAD}activities: {{a: {{kind: {kind}, on: day 28}}}}\n").activities
    assert activity.trigger == Once(parse_date("day 28"))
    assert activity.minutes == KINDS[kind].minutes


def test_a_kinds_own_dates_are_checked_like_written_ones() -> None:
    _, problems = read(f"{HEAD}activities: {{v2: {{kind: release}}}}\n")
    assert {problem.code for problem in problems} == {"P205"}
    (activity,) = plan_of(f"{HEAD}milestones: {{v2: day 150}}\nactivities: {{v2: {{kind: release}}}}\n").activities
    assert isinstance(activity.trigger, OnDates)
    assert activity.roll == "previous"


def test_a_texts_language_falls_back_to_plain_and_then_to_english() -> None:
    text = f'{HEAD}activities: {{a: {{kind: audit, title: {{en: "Look", de: "Schau"}}, agenda: "One\\nTwo"}}}}\n'
    (activity,) = plan_of(text).activities
    assert activity.title is not None
    assert [activity.title.in_language(language) for language in ("de", "en", "fr")] == ["Schau", "Look", "Look"]
    assert activity.agenda is not None
    assert activity.agenda.in_language("de") == "One\nTwo"


BASE = """\
plan: base
rollout: 2026-01-05
keepers: [kim]
people: {list: {kim: {name: Kim Lee}, bob: {name: Bob Day}}}
activities:
  rides: {kind: field_ride, every: 2 weeks, on: tue, until: day 84, lasts: 4h}
  audit: {kind: audit, with: [kim]}
"""


def test_maps_merge_lists_replace_plus_adds_and_off_drops() -> None:
    text = """\
        plan: child
        extends: base
        rollout: 2027-01-11
        +keepers: [bob]
        activities:
          rides: {on: fri, lasts: 2h}
          audit: off
          extra: {kind: training, on: day 3, with: [bob]}
        """
    plan = plan_of(text, base=BASE)
    assert (plan.id, plan.rollout, plan.keepers) == ("child", date(2027, 1, 11), ("bob", "kim"))
    extra, rides = plan.activities
    assert (extra.key, rides.key, rides.minutes) == ("extra", "rides", 120)
    assert rides.trigger == Rhythm(every=Every(2, "week"), on=Weekdays((4,)), until=parse_date("day 84"))


def test_a_rhythm_of_its_own_replaces_the_parents_whole_rhythm() -> None:
    head = "plan: child\nextends: base\nrollout: 2027-01-11\nactivities: "
    weekly = plan_of(head + "{rides: {every: week}}\n", base=BASE).activities[1]
    once = plan_of(head + "{rides: {on: day 9}}\n", base=BASE).activities[1]
    assert weekly.trigger == Rhythm(every=Every(1, "week"))
    assert once.trigger == Once(parse_date("day 9"))


def test_a_mistake_in_a_parent_is_said_in_the_parent() -> None:
    _, problems = read(f"{HEAD}extends: base\n", base=BASE.replace("[kim]}", "[kin]}"))
    assert [(problem.place, problem.path) for problem in problems] == [
        (Place("base", 7, 31), "activities.audit.with.0")
    ]


def test_a_filter_that_leaves_nobody_is_a_warning() -> None:
    text = f"{HEAD}people: {{list: {{bob: {{name: Bob, region: East, tags: [new]}}}}}}\n"
    activities = "activities: {a: {kind: audit, only: {region: [East, Eats]}, not: {tags: ramping}}}\n"
    plan, problems = read(text + activities)
    assert plan is not None
    assert (plan.activities[0].only.region, plan.activities[0].not_.tags) == (("East", "Eats"), ("ramping",))
    assert [(problem.code, problem.path, problem.remedy) for problem in problems] == [
        ("P215", "activities.a.only.region.1", "did you mean 'East'?"),
        ("P215", "activities.a.not.tags", "known: new"),
    ]


def test_an_outline_names_the_files_to_fetch() -> None:
    assert outline("p", f"{HEAD}extends: [a, b.yaml]\npeople: {{file: x.csv}}\n") == (
        Outline(("a", "b.yaml"), "x.csv"),
        (),
    )
    assert outline("p", "extends: a\nwrong: 1\n") == (Outline(("a",), None), ())
    assert outline("p", "[")[0] is None


def test_a_place_is_that_of_the_nearest_part_that_was_written() -> None:
    plan = plan_of(f"{HEAD}people: {{where: {{a.b: x}}}}\nactivities:\n  a:\n    kind: audit\n")
    assert plan.place("activities.a.kind") == Place("plan.yaml", 6, 5)
    assert plan.place("activities.a.owner") == Place("plan.yaml", 5, 3)
    assert plan.place("people.where.a.b") == Place("plan.yaml", 3, 18)
    assert plan.place("nowhere.at.all") == Place("plan.yaml", 1, 1)


def test_the_place_of_somebody_in_the_people_file_is_their_line_there() -> None:
    text = f"{HEAD}people: {{file: people.csv, list: {{bob: {{name: Bob}}, ann-berg: {{region: East}}}}}}\n"
    plan = plan_of(text, people="name,manager\nAnn Berg,Cara Losch\n")
    assert plan.place("people.list.ann-berg") == Place("people.csv", 2, 1)
    assert plan.place("people.list.cara-losch") == Place("people.csv", 2, 1)
    assert plan.place("people.list.bob") == Place("plan.yaml", 3, 35)


def test_the_order_of_keys_decides_nothing() -> None:
    head, _, activities = WHOLE.partition("activities:\n")
    rides, debriefs = activities.splitlines()
    turned = f"{head}activities:\n{debriefs}\n{rides}\n"
    assert plan_of(turned).activities == plan_of(WHOLE).activities


def test_a_rhythm_of_two_halves_keeps_both_under_common_limits() -> None:
    (activity,) = plan_of(f"{HEAD}activities: {{a: {{kind: campaign_review, until: day 60}}}}\n").activities
    assert isinstance(activity.trigger, Several)
    assert activity.trigger.until == parse_date("day 60")


def test_the_schema_knows_every_word_and_no_null() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    text = json.dumps(schema)
    assert '"null"' not in text
    for model in (PlanText, ActivityText):
        assert all(f'"{word}"' in text for word in words_of(model))
    assert all(f'"{kind}"' in text for kind in KINDS)
    for reference in re.findall(r'"#/\$defs/(\w+)"', text):
        assert f'"{reference}": {{' in text


def test_every_code_that_is_used_is_in_the_table_once() -> None:
    folder = Path(json_schema.__code__.co_filename).parent.parent
    used = {code for file in folder.rglob("*.py") for code in re.findall(r'"(P[123]\d\d)"', file.read_text("utf-8"))}
    assert used == set(CODES)
    assert all(code.title and code.explanation for code in CODES.values())


def test_control_characters_never_reach_a_text() -> None:
    plan = plan_of(f'{HEAD}activities: {{a: {{kind: audit, title: "a\\x07b\\u202ec\\x85d\\ne"}}}}\n')
    title = plan.activities[0].title
    assert title is not None
    assert title.in_language("en") == "a bc d e"
