"""A plan over its parents: what merges, what replaces, what `off` takes away, and where each part then stands."""

from __future__ import annotations

import pytest

from tests.core.planfile.reading import plan_of, said

PARENT = """\
plan: base
rollout: 2026-01-05
milestones: {qbr: day 90, v2: day 180}
phases: {start: weeks 1-2}
budget: 2 per week
keepers: [kim]
roles: {coach: kim}
metrics: {adoption: {target: 70%}, wins: {target: 3}}
accept: {P311: one coach}
people: {list: {kim: {name: Kim Lee}, bob: {name: Bob Day}}}
activities:
  rides:
    kind: field_ride
    every: 2 weeks
    on: tue
    at: "09:00"
    ping: 1h before
    only: {region: East}
    topics: [one]
    ask: {next: {label: Next}, mine: {label: Mine}, aids: off}
  audit: {kind: audit, with: [kim]}
"""


def test_off_drops_whatever_a_parent_says() -> None:
    text = """\
        plan: child
        extends: base
        rollout: 2027-01-11
        milestones: {v2: off}
        phases: {start: off}
        roles: {coach: off}
        metrics: {wins: off}
        accept: {P311: off}
        budget: off
        people: {list: {bob: off}}
        activities:
          rides: {at: off, ping: off, only: off, +topics: [two], ask: {next: off, mine: off, aids: {label: Aids}}}
          audit: off
        """
    plan = plan_of(text, base=PARENT)
    (rides,) = plan.activities
    assert (dict(plan.phases), dict(plan.roles), dict(plan.accept), plan.budget) == ({}, {}, {}, None)
    assert (list(plan.milestones), [metric.key for metric in plan.metrics]) == (["qbr"], ["adoption"])
    assert [row.key for row in plan.people.rows] == ["kim"]
    assert (rides.at, rides.ping, rides.only.empty, len(rides.topics)) == (None, None, True, 2)
    assert [(field.key, field.off) for field in rides.ask] == [("next", True), ("aids", False)]


def test_several_parents_stand_over_each_other_and_chains_go_up() -> None:
    child = "plan: child\nextends: [base, other.yaml]\nrollout: 2027-01-11\n"
    other = "plan: other\nextends: top\nrollout: 2026-01-05\nmilestones: {qbr: day 80}\nactivities: {audit: off}\n"
    top = "plan: top\nrollout: 2026-01-05\nends: week 40\nactivities:\n  audit: {kind: audit}\n"
    top += "  talk: {kind: training, on: day 3}\n"
    plan = plan_of(child, base=PARENT, **{"other.yaml": other, "top": top})
    assert (str(plan.ends), str(plan.milestones["qbr"])) == ("week 40", "day 80")
    assert [activity.key for activity in plan.activities] == ["audit", "rides", "talk"]
    assert plan.place("activities.talk.on").file == "top"
    assert plan.place("milestones.qbr").file == "other.yaml"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("milestones: {v3: off}", "no parent has a milestone 'v3' to drop; delete the line"),
        ("roles: {vp: off}", "no parent has a role 'vp' to drop; delete the line"),
        ("people: {list: {bib: off}}", "no parent has a person 'bib' to drop; did you mean 'bob'?"),
        ("activities: {rides: {accept: {P310: off}}}", "no parent has an accepted 'P310' to drop; delete the line"),
        ("activities: {audit: {at: off}}", "'off' is not a time of day; write hours and minutes: \"08:30\""),
        ("activities: {rides: {ask: {myne: off}}}", "has no field 'myne' to drop; take the line away"),
    ],
)
def test_what_no_parent_says_cannot_be_dropped(words: str, line: str) -> None:
    lines = said(f"plan: child\nextends: base\nrollout: 2027-01-11\n{words}\n", base=PARENT)
    assert any(one.endswith(line) for one in lines), lines


def test_a_childs_rule_replaces_the_parents_rhythm() -> None:
    text = "plan: c\nextends: base\nrollout: 2027-01-11\nactivities: {rides: {rrule: FREQ=WEEKLY;BYDAY=FR}}\n"
    rides = plan_of(text, base=PARENT).activities[1]
    assert getattr(rides.trigger, "rule", "") == "FREQ=WEEKLY;BYDAY=FR"


@pytest.mark.parametrize("words", ["with: [vp], +with: [sponsor]", "+with: [sponsor], with: [vp]"])
def test_a_list_is_replaced_or_added_to_and_not_both(words: str) -> None:
    """Else the order of the two would decide."""
    lines = said(f"plan: child\nextends: base\nrollout: 2027-01-11\nactivities: {{rides: {{{words}}}}}\n", base=PARENT)
    assert any("error[P110]: 'with' and '+with' both stand here" in line for line in lines), lines


def test_plans_that_extend_each_other_in_a_circle_are_refused() -> None:
    child = "plan: child\nrollout: 2027-01-11\nextends: a\n"
    lines = said(child, a="plan: a\nextends: b\n", b="plan: b\nextends: a\n")
    assert lines == ["b:2:10: error[P211] extends: plans extend each other in a circle: a -> b -> a"]
