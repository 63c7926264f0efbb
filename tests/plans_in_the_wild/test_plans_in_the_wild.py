"""Plans that others have published, written down in the language: each compiles, and says what its source says.

The plans tell where they come from and what could not be said; README.md in this folder sums it up.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from cadence.core.model import Occurrence, Severity
from cadence.core.planfile.schema import Metric
from cadence.services.compiling import Compiled, compiled
from cadence.services.gather import gather
from cadence.templating import words

HERE = Path(__file__).parent
PLANS = sorted(path.stem for path in HERE.glob("*.yaml") if path.stem != "organisation")
REPS = 6
TEAMS = 3


@cache
def plan(name: str) -> Compiled:
    bundle, problems = gather(HERE / f"{name}.yaml")
    assert bundle is not None, "\n".join(map(str, problems))
    result, problems = compiled(bundle, words().say)
    assert result is not None, "\n".join(map(str, problems))
    return result


def tasks(name: str, *activities: str) -> list[Occurrence]:
    return [made for made in plan(name).compilation.schedule if made.activity in activities]


def per_series(name: str, activity: str) -> dict[str, int]:
    return Counter(made.about for made in tasks(name, activity))


def metric(name: str, key: str) -> Metric:
    (found,) = (metric for metric in plan(name).plan.metrics if metric.key == key)
    return found


# -- all of them -------------------------------------------------------------------------------------------------


def test_there_are_five() -> None:
    assert len(PLANS) == 5


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_from_the_wild_compiles_without_a_warning(name: str) -> None:
    problems = plan(name).problems
    assert [str(problem) for problem in problems if problem.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_from_the_wild_says_where_it_comes_from_and_what_could_not_be_said(name: str) -> None:
    head = (HERE / f"{name}.yaml").read_text(encoding="utf-8").partition("\nplan:")[0]
    for line in (r'^# Source: ".+"', r"^# By: \S", r"^# URL: https://\S+$", r"^# Read: \S"):
        assert re.search(line, head, re.MULTILINE), line
    unsaid = head.partition("# Could not be said:\n")[2]
    assert unsaid.count("# - ") >= 3


@pytest.mark.parametrize("name", PLANS)
def test_the_table_of_this_folder_names_each_plan_and_its_source(name: str) -> None:
    table = (HERE / "README.md").read_text(encoding="utf-8")
    address = re.search(r"^# URL: (\S+)$", (HERE / f"{name}.yaml").read_text(encoding="utf-8"), re.MULTILINE)
    assert address is not None
    assert f"]({name}.yaml)" in table
    assert address[1] in table


# -- after a kickoff ---------------------------------------------------------------------------------------------


def test_two_weeks_of_ten_minutes_a_day_then_half_an_hour_a_week() -> None:
    days = {made.date for made in tasks("post-kickoff", "stand-ups") if made.about == "team/marek-zeman"}
    assert days == {date(2027, 2, 1) + timedelta(days=n) for n in range(12) if n % 7 < 5}
    assert {made.minutes for made in tasks("post-kickoff", "stand-ups")} == {10}
    syncs = tasks("post-kickoff", "monday-sync")
    assert (len(syncs), {made.minutes for made in syncs}) == (2 * TEAMS, {30})


def test_managers_hear_of_it_for_two_hours_before_the_event() -> None:
    (kickoff,) = tasks("post-kickoff", "manager-kickoff")
    assert (kickoff.minutes, kickoff.date < plan("post-kickoff").plan.rollout) == (120, True)


def test_reps_in_ramp_practise_twenty_minutes_a_week_from_week_five_to_eight() -> None:
    assert per_series("post-kickoff", "ramp-practice") == {"rep/june-park": 4, "rep/tom-aldous": 4}
    assert {made.minutes for made in tasks("post-kickoff", "ramp-practice")} == {20}


def test_the_vp_sits_in_about_twice_a_month_and_everybody_is_asked_every_week() -> None:
    assert len([made for made in tasks("post-kickoff", "spot-checks") if made.date < date(2027, 3, 15)]) == TEAMS
    assert set(per_series("post-kickoff", "weekly-pulse").values()) == {8}


def test_below_seventy_percent_on_day_35_it_is_taught_once_more() -> None:
    (again,) = (activity for activity in plan("post-kickoff").plan.activities if activity.key == "re-teach")
    assert again.minutes == 30
    assert metric("post-kickoff", "adoption").target == 70


# -- coaching ----------------------------------------------------------------------------------------------------


def test_each_rep_has_thirteen_talks_three_clinics_and_one_deep_dive_a_quarter() -> None:
    talks = per_series("coaching-cadence", "weekly-talks")
    assert (len(talks), set(talks.values())) == (REPS, {13})
    assert per_series("coaching-cadence", "skill-clinics") == dict.fromkeys(talks_of_teams(), 3)
    assert set(per_series("coaching-cadence", "deep-dives").values()) == {1}


def talks_of_teams() -> set[str]:
    return {f"team/{team}" for team in plan("coaching-cadence").directory.teams}


@pytest.mark.parametrize(("activity", "minutes"), [("weekly-talks", 45), ("skill-clinics", 60), ("deep-dives", 90)])
def test_the_three_layers_last_as_long_as_the_source_says(activity: str, minutes: int) -> None:
    assert {made.minutes for made in tasks("coaching-cadence", activity)} == {minutes}


def test_a_clinic_is_about_one_skill_and_the_next_about_another() -> None:
    titles = [made.title for made in tasks("coaching-cadence", "skill-clinics") if made.about == "team/yuki-arai"]
    assert [title.partition(": ")[2] for title in titles] == [
        "Discovery",
        "More than one contact",
        "Building a champion",
    ]


def test_what_was_agreed_is_carried_to_the_next_talk() -> None:
    (talks,) = (activity for activity in plan("coaching-cadence").plan.activities if activity.key == "weekly-talks")
    assert [field.key for field in talks.ask if field.carry] == ["next"]


# -- an operating rhythm -----------------------------------------------------------------------------------------


def test_managers_are_called_in_the_first_month_of_a_fiscal_quarter_and_everybody_in_the_second() -> None:
    assert [made.date.month for made in tasks("operating-rhythm", "manager-calls")] == [2, 5]
    assert [made.date.month for made in tasks("operating-rhythm", "org-calls")] == [3, 6]
    assert {made.date.weekday() for made in tasks("operating-rhythm", "org-calls")} <= {0, 1}
    assert {made.minutes for made in tasks("operating-rhythm", "manager-calls", "org-calls")} == {50}


def test_asia_has_its_questions_answered_one_to_three_workdays_later() -> None:
    calls, answers = (tasks("operating-rhythm", key) for key in ("manager-calls", "asia-questions"))
    assert [(b.date - a.date).days for a, b in zip(calls, answers, strict=True)] == [2, 2]


def test_reviews_are_held_in_the_first_weeks_of_a_quarter() -> None:
    days = [made.date for made in tasks("operating-rhythm", "quarterly-reviews")]
    assert len(days) == 2 * TEAMS
    assert all(day.month in (2, 5) and day.day <= 21 for day in days)


def test_the_spotlight_is_on_thursdays_at_nine_except_in_the_last_two_weeks_of_a_quarter() -> None:
    spotlights = tasks("operating-rhythm", "spotlights")
    assert len(spotlights) == 26 - 2 * 2
    assert {made.date.weekday() for made in spotlights} == {3}
    assert not [made for made in spotlights if made.date >= date(2027, 7, 17)]


def test_leaders_tell_by_turns_every_eight_weeks_and_the_key_figures_are_read_every_month() -> None:
    assert len(tasks("operating-rhythm", "group-conversations")) == 4
    assert [made.date.month for made in tasks("operating-rhythm", "key-reviews")] == [2, 3, 4, 5, 6, 7]


def test_fridays_are_kept_free() -> None:
    assert 4 not in {made.date.weekday() for made in plan("operating-rhythm").compilation.schedule}


# -- reinforcing a change ----------------------------------------------------------------------------------------


def test_each_person_is_watched_at_the_training_and_thirty_and_ninety_days_after() -> None:
    checks = per_series("change-reinforcement", "proficiency-checks")
    assert (len(checks), set(checks.values())) == (REPS, {3})
    rollout = plan("change-reinforcement").plan.rollout
    after = {(made.date - rollout).days for made in tasks("change-reinforcement", "proficiency-checks")}
    assert {0, 30} <= after
    assert max(after) - 90 <= 4  # day 90 is a Sunday, and a Monday is free in Chicago


@pytest.mark.parametrize(
    ("activity", "how_often"),
    [("team-reports", 26), ("steering", 13), ("adoption-report", 6), ("benefits", 2)],
)
def test_it_is_reported_weekly_fortnightly_monthly_and_quarterly(activity: str, how_often: int) -> None:
    assert len(tasks("change-reinforcement", activity)) == how_often


@pytest.mark.parametrize(
    ("key", "target", "better"),
    [
        ("awareness", 100, "higher"),
        ("adoption", 85, "higher"),
        ("proficiency", 80, "higher"),
        ("resistance", 10, "lower"),
        ("sustained", 90, "higher"),
    ],
)
def test_the_indicators_have_the_targets_of_the_source(key: str, target: int, better: str) -> None:
    found = metric("change-reinforcement", key)
    assert (int(found.target or 0), str(found.better)) == (target, better)


def test_people_are_asked_every_other_week_in_five_questions_without_their_names() -> None:
    (pulse,) = (activity for activity in plan("change-reinforcement").plan.activities if activity.key == "pulse")
    assert [field.anonymous for field in pulse.ask] == [True] * 5
    assert set(per_series("change-reinforcement", "pulse").values()) == {13}


# -- a launch in three regions -----------------------------------------------------------------------------------

LAUNCHES = {"americas": date(2027, 3, 5), "emea": date(2027, 4, 30), "apac": date(2027, 6, 25)}


def test_three_regions_launch_eight_weeks_apart() -> None:
    assert {made.wave: made.date for made in tasks("regional-launch", "launch-day")} == LAUNCHES
    assert LAUNCHES["apac"] - LAUNCHES["emea"] == LAUNCHES["emea"] - LAUNCHES["americas"] == timedelta(weeks=8)


@pytest.mark.parametrize(("activity", "weeks"), [("first-training", 6), ("second-training", 5), ("readiness", 3)])
def test_sales_is_trained_six_and_five_weeks_before_and_ready_three_weeks_before(activity: str, weeks: int) -> None:
    before = {made.wave: LAUNCHES[made.wave or ""] - made.date for made in tasks("regional-launch", activity)}
    assert set(before) == set(LAUNCHES)
    assert all(timedelta(weeks=weeks - 1) < lead <= timedelta(weeks=weeks) for lead in before.values()), before


def test_the_sync_is_half_an_hour_every_other_week_then_longer_and_weekly() -> None:
    for activity, how_often, minutes in (("early-sync", 3, 30), ("weekly-sync", 4, 45), ("final-sync", 3, 60)):
        assert set(per_series("regional-launch", activity).values()) == {how_often}, activity
        assert {made.minutes for made in tasks("regional-launch", activity)} == {minutes}


def test_after_the_launch_there_are_fifteen_minutes_a_day_for_a_week_and_a_look_back_in_the_fourth() -> None:
    stand_ups = [made for made in tasks("regional-launch", "stand-ups") if made.wave == "americas"]
    assert (len(stand_ups), {made.minutes for made in stand_ups}) == (5, {15})
    back = {made.wave: (made.date - LAUNCHES[made.wave or ""]).days for made in tasks("regional-launch", "look-back")}
    assert all(22 <= days <= 31 for days in back.values()), back


def test_what_one_region_learnt_is_asked_before_the_next_one_decides() -> None:
    (learnt, *_) = (made.date for made in tasks("regional-launch", "look-back") if made.wave == "americas")
    (decided,) = (made.date for made in tasks("regional-launch", "readiness") if made.wave == "emea")
    assert learnt <= decided
