"""Every plan in `plans/` is one that a reader can start from: it parses, compiles, passes the linter and rehearses."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from cadence import bundled
from cadence.core.model import Occurrence, Problem, Severity
from cadence.core.planfile import json_schema
from cadence.core.triggers import Awaited
from cadence.services.compiling import Compiled, compiled
from cadence.services.gather import gather
from cadence.services.rehearse import rehearse
from cadence.templating import words

PLANS = bundled.folder("plans")
SHIPPED = sorted(path.stem for path in PLANS.glob("*.yaml"))
SIX_ACTIONS = {"field_ride", "campaign_review", "manager_debrief", "quick_win", "qbr", "release"}
CARRYING = {"communication", "expectation_setting", "audit", "gate_proof"}
VACANT = {"P305", "P310"}
"""What a plan without people cannot help: nobody holds its seats."""
WAITING = "P190"
"""What is kept until signals and figures come in: a note, and the plan says so."""
TRIED = """\
plan: tried
extends: {name}
rollout: 2027-01-11
timezone: America/New_York
calendar: {{country: US}}
keepers: [kim-lee]
roles: {{vp: vera-pohl, sponsor: sam-osei, enablement: kim-lee, assessor: harbor-point}}
backups: {{vp: kim-lee, enablement: vera-pohl, sponsor: pat-board, assessor: kim-lee, dana-ruiz: vera-pohl}}
people:
  list:
    pat-board: {{name: Pat Board, email: pat@example.test}}
    sam-osei: {{name: Sam Osei, email: sam@example.test, reports_to: pat-board}}
    vera-pohl: {{name: Vera Pohl, email: vera@example.test, reports_to: sam-osei}}
    kim-lee: {{name: Kim Lee, email: kim@example.test, reports_to: sam-osei}}
    harbor-point: {{name: Harbor Point, email: review@example.org, external: true}}
    dana-ruiz: {{name: Dana Ruiz, email: dana@example.test}}
    moses-frase: {{name: Moses Frase, email: moses@example.test, manager: dana-ruiz}}
"""
MORE = """\
    zoe-hart: {name: Zoe Hart, email: zoe@example.test, manager: dana-ruiz}
    bob-ray: {name: Bob Ray, email: bob@example.test}
    cara-losch: {name: Cara Losch, email: cara@example.test, manager: bob-ray}
"""
"""A second rep, and a second team."""


def over(name: str, folder: Path, more: str = MORE) -> Path:
    """The shipped plan over a small organisation: two teams, or one of one rep without `more`."""
    path = folder / "plan.yaml"
    path.write_text(TRIED.format(name=name) + more, encoding="utf-8")
    return path


def load(path: Path) -> tuple[Compiled, tuple[Problem, ...]]:
    bundle, problems = gather(path)
    assert bundle is not None, "\n".join(map(str, problems))
    result, found = compiled(bundle, words().say)
    assert result is not None, "\n".join(map(str, found))
    return result, (*problems, *found)


@pytest.fixture(scope="module", params=SHIPPED)
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Compiled, list[Problem]]:
    """A shipped plan over two small teams, and what there is to say about it."""
    result, problems = load(over(request.param, tmp_path_factory.mktemp("tried")))
    return result, [problem for problem in problems if problem.code != WAITING]


# -- each shipped plan -------------------------------------------------------------------------------------------


def test_there_are_six() -> None:
    assert SHIPPED == [
        "adoption-plan",
        "coaching-loop",
        "everything",
        "passive-audit",
        "sbi-six-actions",
        "sustainment",
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_without_people_a_shipped_plan_lacks_nothing_but_people(name: str) -> None:
    _, problems = load(PLANS / f"{name}.yaml")
    assert {p.code for p in problems if p.severity is Severity.WARNING} <= VACANT


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_plan_names_seats_and_no_people(name: str) -> None:
    text = (PLANS / f"{name}.yaml").read_text(encoding="utf-8")
    assert not re.search(r"^(people|roles|backups|away|keepers):", text, re.MULTILINE)
    assert text.startswith("# yaml-language-server: $schema=plan.schema.json\n#\n# ")


def test_over_real_people_there_is_nothing_to_warn_of(tried: tuple[Compiled, list[Problem]]) -> None:
    assert [str(problem) for problem in tried[1]] == []


def test_whatever_a_shipped_plan_does_not_wait_for_happens(tried: tuple[Compiled, list[Problem]]) -> None:
    result, _ = tried
    asked = {activity.key for activity in result.plan.activities if not isinstance(activity.trigger, Awaited)}
    assert {occurrence.activity for occurrence in result.compilation.schedule} == asked


def test_each_activity_has_a_title_and_an_agenda_of_one_to_three_lines(tried: tuple[Compiled, list[Problem]]) -> None:
    for activity in tried[0].plan.activities:
        assert activity.title is not None, activity.key
        assert activity.agenda is not None, activity.key
        assert 1 <= len(activity.agenda.in_language("en").strip().splitlines()) <= 3, activity.key


def test_a_form_is_short(tried: tuple[Compiled, list[Problem]]) -> None:
    for activity in tried[0].plan.activities:
        asked = [field for field in activity.ask if not field.off]
        assert len(asked) <= 6, activity.key
        assert len([field for field in asked if field.required]) <= 2, activity.key


def test_a_leading_indicator_has_somebody_who_reads_it(tried: tuple[Compiled, list[Problem]]) -> None:
    plan = tried[0].plan
    assert plan.metrics
    assert all(metric.owner and metric.every and metric.title for metric in plan.metrics)


def test_nobody_who_leads_a_team_owes_more_than_a_tenth_of_the_week(tried: tuple[Compiled, list[Problem]]) -> None:
    """Two reps a team: a manager of six owes up to three times as much."""
    result, _ = tried
    weeks = max(1, (result.compilation.schedule[-1].date - result.plan.rollout).days // 7)
    minutes = Counter[str]()
    for occurrence in result.compilation.schedule:
        if occurrence.seat.startswith("manager/"):
            minutes[occurrence.seat] += occurrence.minutes or 15
    assert all(total / weeks <= 4 * 60 for total in minutes.values()), minutes


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_plan_rehearses(name: str, tmp_path: Path) -> None:
    """Three days from day 0 on: the VP is spoken to, and every message could be rendered."""
    bundle, problems = gather(over(name, tmp_path, more=""))
    assert bundle is not None, problems
    rehearsal, problems = rehearse(bundle, words, days=3)
    assert rehearsal is not None, problems
    assert "vera-pohl" in {message.to for message in rehearsal.messages}


def test_the_schema_that_editors_use_is_what_the_reader_of_plans_accepts() -> None:
    """After a change of the language: `cadence schema > plans/plan.schema.json`."""
    assert json.loads((PLANS / "plan.schema.json").read_text(encoding="utf-8")) == json_schema()


# -- what each is for --------------------------------------------------------------------------------------------


def over_two_teams(name: str, folder: Path) -> tuple[Occurrence, ...]:
    return load(over(name, folder))[0].compilation.schedule


def of(schedule: Iterable[Occurrence], *activities: str) -> list[Occurrence]:
    return [occurrence for occurrence in schedule if occurrence.activity in activities]


def test_the_six_actions_are_all_there_and_so_is_what_carries_them(tmp_path: Path) -> None:
    assert {made.kind for made in over_two_teams("sbi-six-actions", tmp_path)} == SIX_ACTIONS | CARRYING


def test_the_adoption_plan_keeps_each_meeting_of_its_cadence_month_after_month(tmp_path: Path) -> None:
    schedule = over_two_teams("adoption-plan", tmp_path)
    for activity in ("cso-communication", "metric-review", "deal-reviews", "win-loss-reviews", "team-meetings"):
        months = {made.date.month for made in of(schedule, activity)}
        assert months >= {2, 3, 4, 5, 6}, activity
    assert all("harbor-point" in made.attendees for made in of(schedule, "manager-debriefs")), "an outside firm shadows"


def test_the_five_steps_of_sustainment_follow_one_another(tmp_path: Path) -> None:
    schedule = over_two_teams("sustainment", tmp_path)
    steps = ("team-expectations", "practice", "relapse-talks", "metric-review", "onboarding-proof")
    spans = [(made[0].date, made[-1].date) for step in steps if (made := of(schedule, step))]
    assert len(spans) == 5
    assert all(before[1] < after[0] for before, after in pairwise(spans)), spans


def test_the_passive_audit_proves_five_gates_in_weeks_of_their_own_and_asks_nothing_of_reps(tmp_path: Path) -> None:
    schedule = over_two_teams("passive-audit", tmp_path)
    proofs = [made for made in schedule if made.kind == "gate_proof"]
    assert len({made.activity for made in proofs}) == 5
    assert max(Counter(made.date.isocalendar()[:2] for made in proofs).values()) == 1
    assert not [made for made in schedule if made.seat.startswith("rep/")]


def test_in_the_coaching_loop_each_pair_takes_one_thing_to_the_next_talk(tmp_path: Path) -> None:
    result, _ = load(over("coaching-loop", tmp_path))
    (talks,) = (activity for activity in result.plan.activities if activity.key == "talks")
    assert [field.key for field in talks.ask if field.carry] == ["next"]
    assert set(Counter(made.about for made in of(result.compilation.schedule, "talks")).values()) == {13}


def test_everything_is_all_of_them_and_says_nothing_twice(tmp_path: Path) -> None:
    schedule = over_two_teams("everything", tmp_path)
    for other in set(SHIPPED) - {"everything"}:
        assert {made.activity for made in over_two_teams(other, tmp_path)} & {made.activity for made in schedule}
    assert not of(schedule, "stage-gate-proof", "health-check", "practice")


# -- what the page about them says -------------------------------------------------------------------------------

PAGE = PLANS.parent / "docs" / "reference" / "plans.md"
WHO = ("dana-ruiz", "vera-pohl", "sam-osei", "kim-lee", "moses-frase")
"""The columns of the table: a manager of six, the VP, the sponsor, enablement, one of the six."""
SIX = "".join(f"    rep-{n}: {{name: Rep {n}, email: r{n}@example.test, manager: dana-ruiz}}\n" for n in range(2, 7))
UNMEASURED = 15


def hours_a_month(name: str, folder: Path) -> list[float]:
    """In half hours; who does anything at all has at least one."""
    result, _ = load(over(name, folder, SIX))
    schedule, minutes = result.compilation.schedule, Counter[str | None]()
    for made in schedule:
        pair = {made.about.removeprefix("rep/")} if made.about.startswith("rep/") else set()
        for one in {result.directory.holder(made.seat, made.date), *made.attendees, *pair}:
            minutes[one] += made.minutes or UNMEASURED
    months = ((schedule[-1].date - result.plan.rollout).days + 1) / 30.4
    return [max(0.5, round(minutes[one] / 30 / months) / 2) if minutes[one] else 0.0 for one in WHO]


@pytest.mark.parametrize("name", SHIPPED)
def test_the_page_of_plans_says_what_each_asks_of_whom(name: str, tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert f"](../../plans/{name}.yaml)" in text
    (row,) = re.findall(rf"^\| {name} \| (.+) \|$", text, re.MULTILINE)
    assert [float(cell) for cell in row.split(" | ")] == hours_a_month(name, tmp_path)


# -- the example -------------------------------------------------------------------------------------------------

EXAMPLE = PLANS / "example"


@cache
def example(name: str = "rollout") -> tuple[Compiled, tuple[Problem, ...]]:
    return load(EXAMPLE / f"{name}.yaml")


@pytest.mark.parametrize("name", ["rollout", "leadership", "everything"])
def test_the_example_passes_the_linter(name: str) -> None:
    assert [str(problem) for problem in example(name)[1] if problem.code != WAITING] == []


def test_the_example_is_an_organisation_of_seven_teams_in_three_countries() -> None:
    who = example()[0].directory
    assert (len(who.teams), len(who.reps)) == (7, 39)
    people = [who.persons[key] for key in (*who.reps, *(team.manager for team in who.teams.values()))]
    assert {person.timezone for person in people} == {"America/New_York", "Europe/Berlin", "Africa/Cairo"}
    assert {person.country for person in people} == {"US", "DE", "EG"}
    assert who.keepers == ("mei-tanaka",)


def test_nobody_of_another_department_is_in_the_example() -> None:
    assert not {"sven-richter", "patrick-doyle", "henrik-dahl", "verena-pichler"} & set(example()[0].directory.persons)


def test_two_people_of_one_name_are_two_people() -> None:
    who = example()[0].directory
    carters = [person for person in who.persons.values() if person.name == "James Carter"]
    assert len({person.identity for person in carters}) == 2
    assert len({who.members[person.key] for person in carters}) == 2


def test_each_wave_begins_on_its_own_day_and_has_its_own_vp() -> None:
    result, _ = example()
    first = {made.about: made for made in reversed(of(result.compilation.schedule, "expectation-setting"))}
    assert {about: made.date for about, made in first.items()} == {
        "wave/americas": date(2027, 1, 12),
        "wave/emea": date(2027, 1, 19),
    }
    holders = {about: result.directory.holder(made.seat, made.date) for about, made in first.items()}
    assert holders == {"wave/americas": "rachel-lindqvist", "wave/emea": "tomas-havel"}


def test_each_rep_has_two_rides_in_the_first_month_of_the_wave_and_then_one_in_four_weeks() -> None:
    result, _ = example()
    rides = of(result.compilation.schedule, "field-rides")
    rollout = {"americas": date(2027, 1, 11), "emea": date(2027, 1, 18)}
    early = Counter(made.about for made in rides if made.date < rollout[made.wave or ""] + timedelta(days=28))
    assert set(early.values()) == {2}
    assert set(Counter(made.about for made in rides).values()) <= {3, 4}  # one leaves in February


def test_cairo_works_from_sunday_to_thursday() -> None:
    result, _ = example()
    cairo = [made for made in result.compilation.schedule if made.seat == "manager/nadia-mansour"]
    assert {made.date.weekday() for made in cairo} <= {6, 0, 1, 2, 3}
    assert 6 in {made.date.weekday() for made in of(cairo, "stand-ups")}


def test_the_quarter_is_closed_in_quiet() -> None:
    result, _ = example()
    quiet = [made for made in result.compilation.schedule if date(2027, 3, 22) <= made.date <= date(2027, 3, 31)]
    assert {made.kind for made in quiet if made.weight != "key"} <= set()


def test_each_campaign_review_has_the_next_phase_in_its_title() -> None:
    reviews = of(example()[0].compilation.schedule, "campaign-reviews")
    titles = [made.title for made in reviews if made.about == "team/grace-okafor"]
    assert titles[:2] == ["Campaign review: opening", "Campaign review: the problem and what it costs"]


def test_the_example_speaks_german_when_it_is_asked_to(tmp_path: Path) -> None:
    for file in ("rollout.yaml", "people.csv"):
        (tmp_path / file).write_bytes((EXAMPLE / file).read_bytes())
    german = tmp_path / "german.yaml"
    german.write_text("plan: de\nextends: rollout.yaml\nrollout: 2027-01-11\nlanguage: de\n", encoding="utf-8")
    titles = {made.title for made in load(german)[0].compilation.schedule}
    assert {"Morgenrunde", "Kampagnen-Review: Einstieg", "Ein Erfolg zum Weitersagen"} <= titles


def test_the_review_after_ninety_days_is_run_from_outside() -> None:
    result, _ = example()
    reviews = of(result.compilation.schedule, "qbr-day-90")
    assert [(made.date, made.seat) for made in reviews] == [
        (date(2027, 4, 12), "role/assessor"),  # day 90 of the Americas is a Sunday
        (date(2027, 4, 19), "role/assessor"),
    ]
    assert result.directory.persons["harbor-point"].external


def test_the_next_version_is_announced_before_its_day() -> None:
    releases = of(example()[0].compilation.schedule, "v2-release")
    assert [made.date for made in releases] == [date(2027, 6, 3), date(2027, 7, 1), date(2027, 7, 15)]


def test_while_a_manager_is_away_the_backup_runs_what_cannot_wait() -> None:
    result, _ = example()
    (review,) = (
        made
        for made in of(result.compilation.schedule, "campaign-reviews")
        if (made.seat, made.date) == ("manager/katharina-vogel", date(2027, 1, 25))
    )
    holding = result.directory.acting(review.seat, review.window, review.date, review.when_absent)
    assert (holding.person, holding.why, holding.instead_of) == ("nadia-mansour", "backup", "katharina-vogel")


def test_every_seat_of_the_example_has_a_holder_a_backup_and_a_line_above() -> None:
    result, _ = example()
    who, day = result.directory, result.plan.rollout
    for seat in {made.seat for made in result.compilation.schedule} - {"role/assessor"}:
        holder = who.holder(seat, day)
        assert holder is not None, seat
        assert who.backup(seat, holder, day) is not None, seat
        assert seat == "role/sponsor" or who.line_above_seat(seat, day) is not None, seat


def test_six_weeks_later_a_manager_leaves_and_nobody_follows() -> None:
    result, problems = example("rollout-week-6")
    who = result.directory
    assert who.holder("manager/tanya-brooks", date(2027, 2, 26)) == "tanya-brooks"
    assert who.holder("manager/tanya-brooks", date(2027, 3, 1)) is None
    assert {problem.code for problem in problems if problem.severity is Severity.WARNING} == {"P310"}


def test_six_weeks_later_what_is_about_a_rep_has_followed_the_rep() -> None:
    before, after = (example(name)[0].compilation.schedule for name in ("rollout", "rollout-week-6"))
    moved = [{made.id for made in schedule if made.about == "rep/kevin-nguyen"} for schedule in (before, after)]
    assert moved[0] == moved[1] != set()
    assert {made.seat for made in after if made.about == "rep/kevin-nguyen"} == {"manager/grace-okafor"}


def test_six_weeks_later_a_newcomer_begins_five_working_days_after_the_first() -> None:
    rides = [
        made.date for made in example("rollout-week-6")[0].compilation.schedule if made.about == "rep/clara-winter"
    ]
    assert min(rides) >= date(2027, 2, 22)


def test_what_is_about_a_rep_who_leaves_ends_on_the_last_day() -> None:
    days = [made.date for made in example()[0].compilation.schedule if made.about == "rep/robert-hale"]
    assert days
    assert max(days) <= date(2027, 2, 26)


def test_the_second_plan_is_about_three_managers_of_the_first() -> None:
    leaders = example("leadership")[0].directory
    assert set(leaders.reps) == {"grace-okafor", "jonas-albrecht", "nadia-mansour"}
    identities = {leaders.persons[key].identity for key in leaders.reps}
    assert identities <= {person.identity for person in example()[0].directory.persons.values()}


def test_nobody_in_the_example_can_be_reached_by_accident() -> None:
    for name in ("people.csv", "people-week-6.csv"):
        rows = (EXAMPLE / name).read_text(encoding="utf-8-sig").splitlines()[1:]
        addresses = [row.split(";")[7] for row in rows]
        assert len(set(addresses)) == len(rows) > 60
        assert all(address.endswith(".example") for address in addresses)
