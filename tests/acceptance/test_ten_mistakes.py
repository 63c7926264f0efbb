"""A bad plan at the real command line: every mistake at once, each at its place, each with what to write instead."""

from __future__ import annotations

from pathlib import Path

from tests.support.command import Command, Ended

NOW = "2027-01-08T09:00:00Z"

PLAN = """\
plan: gap-selling
title: “Gap Selling”
rollout: 2027-02-30
timezone: Europe/Berln
milestones: {qbr: day 90, v2: kickoff + 2 weeks}
keeper: [vera-pohl]
people:
  file: people.csv
  columns: {name: sales_agent, manager: manager, region: office}
  email: "{first}.{last}@example.com"
  list:
    vera-pohl: {name: Vera Pohl, email: vera@example.com}
roles: {vp: vera-pohl}
activities:
  rides: {kind: feild_ride, owner: manager, with: each rep}
  debriefs:
    kind: manager_debrief
    owner: vpp
    with: managers
  health-check: {owner: vp, on: day 60}
  kick-off: {kind: communication, owner: vp, on: day 0}
  kick-off: {kind: communication, owner: vp, on: day 1}
"""
PEOPLE = "sales_agent,manager\nMoses Frase,Dana Ruiz\n"

MISTAKES = [
    # place, code and where in the plan; what to write instead
    ("plan.yaml:2:8: error[P108]:", 'write straight quotes: "..."'),
    ("plan.yaml:3:1: error[P203] rollout:", "write year-month-day: '2027-03-01'"),
    ("plan.yaml:4:1: error[P212] timezone:", "did you mean 'Europe/Berlin'?"),
    ("plan.yaml:5:27: error[P205] milestones.v2:", "add it: 'milestones: {kickoff: day 90}'"),
    ("plan.yaml:6:1: error[P201] keeper:", "did you mean 'keepers'?"),
    ("plan.yaml:9:50: error[P208] people.columns.region:", "its columns: sales_agent, manager"),
    ("plan.yaml:15:11: error[P206] activities.rides.kind:", "did you mean 'field_ride'?"),
    ("plan.yaml:18:5: error[P204] activities.debriefs.owner:", "did you mean 'vp'?"),
    ("plan.yaml:20:3: error[P202] activities.health-check.kind:", "write 'kind: field_ride', or 'kind: custom'"),
    ("plan.yaml:22:3: error[P110]:", "merge the two, or rename one"),
]


def checked(folder: Path, plan: str, *, people: str | None = PEOPLE) -> Ended:
    """`cadence check` on a plan that is expected to be refused."""
    (folder / "plan.yaml").write_text(plan, encoding="utf-8")
    if people is not None:
        (folder / "people.csv").write_text(people, encoding="utf-8")
    ended = Command(folder, NOW)("check", "plan.yaml", code=1)
    assert ended.out == ""
    return ended


def test_ten_mistakes_are_ten_lines_each_at_its_place_with_its_remedy(tmp_path: Path) -> None:
    *lines, summary = checked(tmp_path, PLAN).err.splitlines()
    assert [line.partition(": error[")[0] for line in lines] == [
        start.partition(": error[")[0] for start, _ in MISTAKES
    ]
    for line, (start, remedy) in zip(lines, MISTAKES, strict=True):
        assert line.startswith(f"{start} "), line
        assert line.endswith(f"; {remedy}"), line
    assert summary == "plan.yaml: 10 errors, 0 warnings, 0 notes"


def test_each_place_is_where_an_editor_finds_the_word() -> None:
    words = ["“", "rollout", "timezone", "v2", "keeper", "region", "kind", "owner", "health-check", "kick-off"]
    lines = PLAN.splitlines()
    for (start, _), word in zip(MISTAKES, words, strict=True):
        line, column = (int(part) for part in start.split(":")[1:3])
        assert lines[line - 1][column - 1 :].startswith(word)


def test_a_people_file_that_is_not_there_hides_no_other_mistake(tmp_path: Path) -> None:
    plan = "plan: x\nrollout: soon\npeople: {file: gone.csv}\nactivities: {a: {kind: feild_ride, owner: manager}}\n"
    *lines, _ = checked(tmp_path, plan, people=None).err.splitlines()
    assert [line.partition("]")[0] for line in lines] == [
        "plan.yaml:2:1: error[P203",
        "plan.yaml:3:10: error[P100",
        "plan.yaml:4:18: error[P206",
    ]


def test_holidays_that_nobody_knows_are_a_mistake_and_end_the_check(tmp_path: Path) -> None:
    plan = "plan: x\nrollout: 2027-01-11\ncalendar: {country: ZZ}\nactivities: {a: {kind: audit, on: day 3}}\n"
    (line, _) = checked(tmp_path, plan).err.splitlines()
    assert line.startswith("plan.yaml:3:12: error[P212] calendar.country: ")
