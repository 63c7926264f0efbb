"""A plan beside the plans that are loaded: people told differently, meetings at once, weeks too full over all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cadence.core.model import Bundle, Moved, Problem, Severity, State, Task
from cadence.services.compiling import Compiled, compiled
from cadence.services.neighbours import findings
from cadence.store import Store, open_store
from tests.core.compiling import say
from tests.support.sqlite import fresh_sqlite

LEADERS = """
plan: leaders
rollout: 2027-01-11
ends: week 4
timezone: America/New_York
people:
  list:
    meg: {name: Meg Day, email: meg@example.com}
    ann: {name: Ann Berg, manager: meg, email: ann@example.com}
    dana: {name: Dana Ruiz, email: dana@example.com}
roles: {vp: dana, sponsor: dana}
activities:
  circle: {kind: training, owner: manager, with: team, every: week, on: mon, at: "09:00", lasts: 60 min}
"""
ROLLOUT = """
plan: rollout
rollout: 2027-01-11
ends: week 4
timezone: America/New_York
people:
  list:
    megan: {name: Meg Day, email: meg@example.com}
    annie: {name: Ann Berg, manager: megan, email: ann@example.com}
    priya: {name: Priya Shah, email: priya@example.com}
roles: {sponsor: priya}
activities:
  talk: {kind: team_meeting, on: mon, at: "09:30"}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(fresh_sqlite(tmp_path))
    yield opened
    opened.close()


def made(store: Store, text: str) -> Compiled:
    bundle = Bundle(plan="plan.yaml", files=(("plan.yaml", text),), holidays=(), hash=text)
    with store.read() as work:
        result, problems = compiled(bundle, say, work.people.aliases())
    assert result is not None, problems
    return result


def as_it_is(task: Task) -> Task:
    return task


def loaded(store: Store, text: str, change: Callable[[Task], Task] = as_it_is) -> None:
    one = made(store, text)
    stamp = one.directory.calendar.opening(one.plan.rollout)
    with store.begin() as work:
        work.people.save(one.directory.persons.values())
        work.plans.save(one.plan.id, one.bundle, "", stamp)
        work.tasks.add(change(Task(occurrence=asked, changed_at=stamp)) for asked in one.compilation.schedule)


def found(store: Store, text: str) -> tuple[Problem, ...]:
    mine = made(store, text)
    with store.read() as work:
        return findings(work, mine)


def test_a_meeting_at_the_time_of_another_plans_is_found_with_who_and_when(store: Store) -> None:
    loaded(store, LEADERS)
    (one,) = found(store, ROLLOUT)
    assert (one.code, one.severity, one.path) == ("P331", Severity.WARNING, "activities.talk.at")
    assert ROLLOUT.splitlines()[one.place.line - 1].startswith("  talk:")
    assert one.message == (
        "Ann Berg and Meg Day are in talk and, by plan leaders, in circle at the same time on 4 days: "
        "2027-01-11, 2027-01-18, 2027-01-25 and 1 more"
    )
    assert not found(store, ROLLOUT.replace("09:30", "10:00"))
    assert not found(store, ROLLOUT + "accept: {P331: it is one meeting}")


def test_what_is_done_and_ones_own_earlier_load_collide_with_nothing(store: Store) -> None:
    loaded(store, LEADERS, lambda task: replace(task, state=State.DONE))
    loaded(store, ROLLOUT)
    assert found(store, ROLLOUT) == ()


def test_what_was_moved_or_handed_over_counts_as_it_is_now(store: Store) -> None:
    def changed(task: Task) -> Task:
        if task.date > date(2027, 1, 11):
            return replace(task, handed_to="dana")
        later = task.due + timedelta(days=1)
        return replace(task, moved=Moved(date=date(2027, 1, 12), due=later, starts=later, ends=later))

    loaded(store, LEADERS, changed)
    (one,) = found(store, ROLLOUT)
    assert one.message.startswith("Ann Berg is in talk and, by plan leaders, in circle at the same time on 3 days")


def test_two_plans_that_share_nobody_leave_each_other_alone(store: Store) -> None:
    loaded(store, LEADERS)
    apart = ROLLOUT.replace("meg@", "mag@").replace("ann@", "anna@").replace("Meg", "Mag").replace("timezone", "title")
    assert found(store, apart) == ()


@pytest.mark.parametrize(
    ("theirs", "ours", "message", "path"),
    [
        (
            "{name: Meg Day, timezone: Europe/Berlin,",
            "{name: Meg Day,",
            "the time zone of Meg Day is America/New_York here and Europe/Berlin in plan leaders (plan.yaml:7)",
            "timezone",
        ),
        (
            "{name: Ann Berg,",
            '{name: Ann Berg, brief: "10:00",',
            "the brief hour of Ann Berg is 10:00 here and 08:30 in plan leaders (plan.yaml:1)",
            "people.list.ann.brief",
        ),
        (
            "{name: Ann Berg, reports_to: dana,",
            "{name: Ann Berg, reports_to: megan,",
            "the line above of Ann Berg is Meg Day here and Dana Ruiz in plan leaders (plan.yaml:8)",
            "people.list.ann.reports_to",
        ),
        (
            "{name: Meg Day, workdays: mon-thu,",
            "{name: Meg Day,",
            "the working week of Meg Day is Monday, Tuesday, Wednesday, Thursday, Friday here and"
            " Monday, Tuesday, Wednesday, Thursday in plan leaders (plan.yaml:7)",
            "calendar.workdays",
        ),
        (
            "{name: Meg Day, country: DE, subdivision: BY,",
            "{name: Meg Day, country: DE, subdivision: HH,",
            "the subdivision of Meg Day is HH here and BY in plan leaders (plan.yaml:7)",
            "people.list.meg.subdivision",
        ),
        (
            "{name: Meg Day, hours: 08:00-16:00,",
            "{name: Meg Day,",
            "the working day of Meg Day is 08:00-18:00 here and 08:00-16:00 in plan leaders (plan.yaml:7)",
            "calendar.hours",
        ),
    ],
)
def test_a_person_told_differently_is_found_with_both_places(
    store: Store, theirs: str, ours: str, message: str, path: str
) -> None:
    name = theirs.partition(",")[0] + ","
    loaded(store, LEADERS.replace(name, theirs).strip())
    told = [one for one in found(store, ROLLOUT.replace(name, ours).replace("09:30", "11:00")) if one.code == "P332"]
    assert [(one.message, one.path) for one in told] == [(message, path)]


def test_a_word_of_somebody_whom_the_plan_calls_otherwise_stands_in_their_own_row(store: Store) -> None:
    loaded(store, LEADERS)
    late = ROLLOUT.replace("{name: Ann Berg,", '{name: Ann Berg, brief: "10:00",').strip()
    (one,) = (one for one in found(store, late) if one.code == "P332")
    assert late.splitlines()[one.place.line - 1].strip().startswith("annie:")


def test_what_differs_for_everybody_is_told_once(store: Store) -> None:
    loaded(store, LEADERS.replace("America/New_York", "Europe/Berlin").strip())
    (one,) = (one for one in found(store, ROLLOUT) if one.code == "P332")
    assert one.message == (
        "the time zone of Ann Berg is America/New_York here and Europe/Berlin in plan leaders (plan.yaml:4); "
        "the same goes for Meg Day"
    )


def test_a_channel_or_country_that_one_plan_leaves_out_is_no_disagreement(store: Store) -> None:
    loaded(store, LEADERS.replace("{name: Meg Day,", "{name: Meg Day, channel: email, country: US,"))
    assert not [one for one in found(store, ROLLOUT) if one.code == "P332"]


def test_a_week_that_only_all_plans_together_overfill_is_found(store: Store) -> None:
    much = "  days: {kind: custom, owner: manager, every: week, on: tue, lasts: 8h}\n"
    more = "  more: {kind: custom, owner: manager, every: week, on: wed, lasts: 8h}\n"
    loaded(store, LEADERS + much + more)
    (one,) = (one for one in found(store, ROLLOUT + much + more) if one.code == "P333")
    assert (one.path, one.severity) == ("people.list.meg", Severity.WARNING)
    assert one.message == (
        "Meg Day has too much in 4 weeks together with leaders; most in the week of 2027-01-11: "
        "33.5 h, 8.5 h above the 25 h there is room for"
    )
    exactly_25_hours = ROLLOUT.replace("on: mon,", "on: mon, lasts: 8h,")
    assert not [one for one in found(store, exactly_25_hours) if one.code == "P333"]
