"""Every mistake at once, each at its place, with what to write instead."""

import pytest

from cadence.core.planfile import CODES
from tests.core.planfile.reading import HEAD, read, said

PEOPLE = """\
name,manager,email
Anna Berg,Cara Losch,anna@x.example
Bob Day,Cara Losch,bob at x
"""


def test_ten_mistakes_give_ten_lines_each_at_its_place() -> None:
    text = """\
        plan: ten
        rollout: 2027-02-30
        colour: red
        people: {file: people.csv}
        roles: {vp: cara-lsoch}
        activities:
          rides:
            kind: feild_ride
            owner: mangaer
            every: 2 weks
          audit: {kind: audit, on: qrb + 3 days}
          talk: {kind: training}
          talk: {kind: training, on: day 3, lasts: 3 weeks}
        """
    assert said(text, people=PEOPLE) == [
        "people.csv:3:1: error[P203] email: 'bob at x' is not an e-mail address; write one address: 'ana@example.com'",
        "plan.yaml:2:1: error[P203] rollout: there is no 2027-02-30; write year-month-day: '2027-03-01'",
        "plan.yaml:3:1: error[P201] colour: 'colour' is not a word of the plan language here; known here: plan, title,"
        " extends, rollout, ends, timezone, language, calendar, milestones, phases, keepers, people, roles, away,"
        " backups, waves, metrics, quiet, brief, digest, channel, budget, accept, fiscal_year, privacy, activities",
        "plan.yaml:5:9: error[P204] roles.vp: no person is called 'cara-lsoch'; did you mean 'cara-losch'?",
        "plan.yaml:8:5: error[P206] activities.rides.kind: there is no kind 'feild_ride'; did you mean 'field_ride'?",
        "plan.yaml:9:5: error[P204] activities.rides.owner: no role, person or group is called 'mangaer';"
        " did you mean 'manager'?",
        "plan.yaml:10:5: error[P203] activities.rides.every: 'every: 2 weks' is not a rhythm; did you mean '2 weeks'?",
        "plan.yaml:11:24: error[P205] activities.audit.on: there is no milestone 'qrb';"
        " add it: 'milestones: {qrb: day 90}'",
        "plan.yaml:12:3: error[P202] activities.talk: it never says when; write 'on: day 28', or 'every: week'",
        "plan.yaml:13:3: error[P110]: 'talk' is given twice; the first is in line 12; merge the two, or rename one",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title:Gap\nlanguage: en", "3:1: error[P102]: no blank after the colon; write 'title: Gap'"),
        (
            "title = Gap\nlanguage: en",
            "3:1: error[P102]: a colon belongs between a word and its value; write 'title: Gap'",
        ),
        (
            "activities: {a: {kind = custom, on: day 3}}",
            "3:18: error[P102]: a colon belongs between a word and its value; write 'kind: custom'",
        ),
        ("calendar: {country:US}", "3:12: error[P102]: no blank after the colon; write 'country: US'"),
        ("title: Gap: selling", '3:11: error[P105]: a colon in unquoted text; put the text in quotes: "Gap: selling"'),
        (
            "channel: #wins",
            "3:1: error[P106]: nothing is left of 'channel': a # begins a comment; write channel: \"#wins\"",
        ),
        (
            "title: Deal #4",
            "3:13: warning[P106]: everything from '#4' on is a comment;"
            ' put the text in quotes if it belongs to it, else write "# " with a blank',
        ),
        (
            'digest: {on: mon, tue, at: "08:00"}',
            "3:19: error[P107]: 'tue' stands alone between commas;"
            " put the text of 'on' in quotes: inside braces a comma ends it",
        ),
        ("people:\n\tfile: x", "4:1: error[P103]: a tab in the indent; indent with spaces only"),
        (
            "people:\n\u00a0\u00a0file: x",
            "4:1: error[P109]: a no-break space in the indent; retype it as a plain space",
        ),
        ("title:\u00a0Gap", "3:7: error[P109]: a no-break space after the colon; retype it as a plain space"),
        (
            "brief: “08:30”",
            '3:8: error[P108]: curly quotes, as a word processor makes them; write straight quotes: "..."',
        ),
        (
            "people:\n    email: x\n  file: y",
            "5:3: error[P104]: the indent fits no line above; indent the line exactly like its neighbours",
        ),
        ("title: 'Gap", "3:1: error[P102]: a quote is opened and never closed; close it on the same line"),
        ("keepers: [ana", "3:1: error[P102]: a bracket or brace is opened and not closed; close it, or quote the text"),
        ("title: @gap", "3:8: error[P102]: a text cannot begin with '@'; put the text in quotes"),
        ("title:", "3:1: error[P112]: nothing is written after 'title:'; write the value, or delete the line"),
        (
            "title: *gap",
            "3:8: error[P113]: *gap repeats something that no &gap above it marks;"
            " mark it first, outside of itself, or quote the text if the * belongs to it",
        ),
        (
            "title: !!python/object:os.system x",
            "3:8: error[P111]: a tag (tag:yaml.org,2002:python/object:os.system); delete it; everything is text",
        ),
        ("---\ntitle: x", "3:1: error[P111]: a second document begins; one plan a file; delete the '---'"),
    ],
)
def test_a_trap_of_yaml_is_answered_with_its_cure_at_the_line(text: str, line: str) -> None:
    assert f"plan.yaml:{line}" in said(f"{HEAD}{text}\n")


def test_a_colon_in_a_title_does_not_hide_the_mistakes_behind_it() -> None:
    lines = said("plan: x\nrollout: 2027-01-11\ntitle: Gap: selling\nbrief: noon\nchannel: a: b\n")
    assert sorted({line.split(":")[1] for line in lines if "error" in line}) == ["3", "4", "5"]


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("timezone: America/New_Yrok", "P212", "did you mean 'America/New_York'?"),
        ("timezone: EST5", "P212", "write one such as 'Europe/Berlin'"),
        ("timezone: GMT+1", "P212", "write one such as 'Europe/Berlin'"),
        ("timezone: utc", "P212", "did you mean 'UTC'?"),
        ("timezone: Berlin", "P212", "did you mean 'Europe/Berlin'?"),
        ("calendar: {workdays: mon-fry}", "P203", "write one of mon, tue, wed, thu, fri, sat, sun"),
        ("calendar: {hours: 18:00-08:00}", "P203", 'write the earlier time first: "08:00-18:00"'),
        ("brief: 25:00", "P203", 'write hours and minutes: "08:30"'),
        ("away: {vp: 2027-02-12..2027-02-08}", "P203", "write '2027-02-08..2027-02-12'"),
        ("away: [vp]", "P203", "write 'key: value' lines, indented under it"),
        ("phases: {start: weeks 4-2}", "P203", "write 'weeks 2-4'"),
        ("phases: {start: day 9..day 3}", "P213", "write the earlier day first"),
        ("milestones: {a: b, b: a}", "P211", "give one of them a date"),
        ("ends: week 400", "P203", "end it sooner"),
        ("people: {file: sales.csv}", "P100", "write its path as seen from the plan"),
        ("extends: sbi", "P210", "write the name of a shipped plan, or of a file beside this one"),
        ("keepers: [nobody]", "P204", "known here: assessor, enablement, sponsor, vp"),
        ("activities: {a: {kind: audit, weigth: key}}", "P201", "did you mean 'weight'?"),
        ("activities: {a: {kind: audit, weight: heavy}}", "P203", "write 'light' or 'standard' or 'key'"),
        ("activities: {a: {kind: team_meeting, during: start}}", "P205", "add it: 'phases: {start: weeks 1-2}'"),
        ("activities: {a: {kind: audit, with: [each rpe]}}", "P204", "did you mean 'each rep'?"),
        ("activities: {a: {kind: audit, rrule: FREQ=SECONDLY}}", "P203", "write 'FREQ=DAILY', or less often"),
        ("activities: {a: {kind: audit}, b: {kind: audit, was: a}}", "P110", "give one of them another key"),
        ("activities: {a: off}", "P204", "delete the line"),
        (f"title: {'x' * 5001}", "P203", "shorten it to 5,000"),
    ],
)
def test_a_wrong_word_comes_with_what_to_write_instead(text: str, code: str, remedy: str) -> None:
    plan, problems = read(f"{HEAD}{text}\n")
    assert plan is None
    assert (code, remedy) in [(problem.code, problem.remedy) for problem in problems]
    assert all(problem.code in CODES and problem.place.line > 0 for problem in problems)


def test_one_mistake_makes_no_second_one() -> None:
    lines = said(
        HEAD
        + "milestones: {v2: soon-ish, qbr: v2 + nothing}\nroles: {coach: [ana]}\n"
        + "activities: {a: {kind: audit, on: qbr, owner: coach}}\n"
    )
    assert [line.split("]")[1].split(":")[0].strip() for line in lines] == [
        "milestones.v2",
        "milestones.qbr",
        "roles.coach",
    ]


def test_without_the_people_file_nobody_in_it_is_called_unknown() -> None:
    lines = said(f"{HEAD}people: {{file: gone.csv}}\nkeepers: [ana]\nroles: {{vp: bob}}\n")
    assert len(lines) == 1
    assert "error[P100]" in lines[0]


def test_a_word_that_nothing_acts_on_yet_is_named_and_stops_nothing() -> None:
    text = f"{HEAD}metrics: {{m: {{target: 3}}}}\nactivities:\n"
    plan, problems = read(text + "  a: {kind: deal_review, when: {signal: deal.won}}\n  b: {kind: win_loss_review}\n")
    assert plan is not None
    assert [(problem.code, problem.path, str(problem.severity)) for problem in problems] == [
        ("P190", "metrics", "note"),
        ("P190", "activities.a.when", "note"),
        ("P190", "activities.b", "note"),
    ]


def test_whoever_makes_one_mistake_ten_thousand_times_is_shown_two_hundred() -> None:
    lines = said(HEAD + "".join(f"word{n}: x\n" for n in range(10_000)))
    assert len(lines) == 201
    assert lines[-1].endswith("and more like these")
