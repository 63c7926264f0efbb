"""What a person, a team, a role and a plan see of the tasks, and what becomes of an event as its task goes on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from cadence.core.directory import Directory, directory
from cadence.core.model import (
    Bundle,
    DateState,
    Days,
    Mode,
    Moved,
    Occurrence,
    State,
    Task,
    Weight,
    WhenAbsent,
)
from cadence.core.planfile import parse
from cadence.feeds import Audience, FeedItem, calendar, items
from cadence.templating import words

PLAN = """
plan: p
rollout: 2027-01-11
people:
  list:
    grace: {name: Grace Okafor, email: grace@x.example}
    ana: {name: Ana Lima, email: ana@x.example, manager: grace}
    dana: {name: Dana Ruiz, email: dana@x.example}
roles: {vp: dana}
activities:
  rides: {kind: field_ride}
"""
CHANGED = datetime(2027, 1, 4, 9, tzinfo=UTC)
NOW = datetime(2027, 1, 12, 9, tzinfo=UTC)
GRACE, ANA, DANA = (Audience("person", key) for key in ("grace", "ana", "dana"))


@pytest.fixture(scope="module")
def people() -> Directory:
    plan, problems = parse(Bundle(plan="p.yaml", files=(("p.yaml", PLAN),), holidays=(), hash=""))
    assert plan is not None, problems
    return directory(plan, {})[0]


def occurrence(**changes: object) -> Occurrence:
    ride = Occurrence.of(
        id="aaaaaaaaaaaa",
        plan="p",
        activity="rides",
        kind="field_ride",
        weight=Weight.STANDARD,
        mode=Mode.ACTIVE,
        about="rep/ana",
        seat="manager/grace",
        attendees=("ana",),
        slot="2w-01",
        wave=None,
        language="en",
        title="Field ride with Ana Lima",
        date=date(2027, 1, 13),
        window=Days.inclusive(date(2027, 1, 11), date(2027, 1, 22)),
        date_state=DateState.PROPOSED,
        due=datetime(2027, 1, 22, 18, tzinfo=UTC),
        starts=None,
        ends=None,
        timezone="UTC",
        minutes=240,
        when_absent=WhenAbsent.MOVE,
    )
    return ride.but(**changes)


RIDE = Task(occurrence=occurrence(), changed_at=CHANGED)
DEBRIEF = Task(
    occurrence=occurrence(
        id="bbbbbbbbbbbb",
        kind="manager_debrief",
        about="role/vp",
        seat="role/vp",
        attendees=("grace",),
        title="Managers' debrief",
        date=date(2027, 1, 15),
        date_state=DateState.FIXED,
        starts=datetime(2027, 1, 15, 15, tzinfo=UTC),
        ends=datetime(2027, 1, 15, 16, tzinfo=UTC),
    ),
    changed_at=CHANGED,
)
HOLDERS = {"manager/grace": "grace", "role/vp": "dana", "rep/ana": "ana"}


def seen(people: Directory, audience: Audience, *tasks: Task, now: datetime = NOW) -> list[FeedItem]:
    return list(
        items(
            tasks or (RIDE, DEBRIEF),
            people,
            words().say,
            now,
            audience,
            holder=lambda task: task.handed_to or HOLDERS.get(task.occurrence.seat),
            link=lambda task: f"https://cadence.example/t/{task.id}",
        )
    )


def one(people: Directory, task: Task, audience: Audience = GRACE, now: datetime = NOW) -> FeedItem:
    (item,) = seen(people, audience, task, now=now)
    return item


# -- who sees what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "titles"),
    [
        (GRACE, ["Field ride with Ana Lima", "Managers' debrief"]),
        (ANA, ["Field ride with Ana Lima"]),
        (DANA, ["Managers' debrief"]),
        (Audience("person", "nobody"), []),
        (Audience("team", "grace"), ["Field ride with Ana Lima (Grace Okafor)"]),
        (Audience("team", "other"), []),
        (Audience("role", "vp"), ["Managers' debrief (Dana Ruiz)"]),
        (Audience("plan", "p"), ["Field ride with Ana Lima (Grace Okafor)", "Managers' debrief (Dana Ruiz)"]),
        (Audience("plan", "q"), []),
    ],
)
def test_a_calendar_holds_what_its_reader_owes_and_takes_part_in(
    people: Directory, audience: Audience, titles: list[str]
) -> None:
    assert [item.summary for item in seen(people, audience)] == titles


def test_what_a_rep_owes_belongs_to_the_team(people: Directory) -> None:
    task = replace(RIDE, occurrence=occurrence(seat="rep/ana", title="Win to tell"))
    assert one(people, task, Audience("team", "grace")).summary == "Win to tell (Ana Lima)"


def test_a_task_handed_over_stands_in_the_calendar_of_whoever_has_it_now(people: Directory) -> None:
    handed = replace(RIDE, handed_to="dana")
    assert len(seen(people, DANA, handed)) == 1
    assert seen(people, GRACE, handed) == []


def test_a_name_that_stands_in_the_title_is_not_said_twice(people: Directory) -> None:
    own = replace(RIDE, occurrence=occurrence(title="Campaign review: Grace Okafor"))
    assert one(people, own, Audience("team", "grace")).summary == "Campaign review: Grace Okafor"
    stood_in = replace(own, handed_to="dana")
    assert one(people, stood_in, Audience("team", "grace")).summary == "Campaign review: Grace Okafor (Dana Ruiz)"


def test_an_empty_seat_is_said(people: Directory) -> None:
    vacant = replace(RIDE, occurrence=occurrence(seat="role/sponsor"))
    assert one(people, vacant, Audience("plan", "p")).summary == "Field ride with Ana Lima (seat vacant)"


def test_whoever_takes_part_reads_who_runs_it(people: Directory) -> None:
    assert one(people, DEBRIEF, GRACE).description == "Owed by Dana Ruiz."
    assert one(people, DEBRIEF, DANA).description == ""


# -- what an event says ------------------------------------------------------------------------------------------


def test_a_proposed_day_says_until_when_it_can_be_chosen(people: Directory) -> None:
    item = one(people, RIDE)
    assert item.proposed
    assert item.description == "A proposed day: keep it or choose your own until Fri 22 Jan."


def test_a_kept_day_is_proposed_no_more(people: Directory) -> None:
    item = one(people, replace(RIDE, confirmed=True))
    assert not item.proposed
    assert item.description == ""


def test_a_moved_task_stands_on_its_new_day(people: Directory) -> None:
    day = date(2027, 1, 20)
    starts = datetime.combine(day, time(14), UTC)
    moved = Moved(date=day, due=starts, starts=starts, ends=starts + timedelta(hours=4))
    item = one(people, replace(RIDE, moved=moved, version=2))
    assert (item.day, item.starts, item.proposed, item.sequence) == (day, starts, False, 1)


def test_only_a_meeting_at_a_set_time_blocks_the_calendar(people: Directory) -> None:
    assert one(people, DEBRIEF).busy
    assert not one(people, RIDE).busy
    release = replace(DEBRIEF, occurrence=DEBRIEF.occurrence.but(kind="release"))
    assert not one(people, release).busy


def test_each_event_links_to_the_tasks_page_and_names_its_kind(people: Directory) -> None:
    item = one(people, RIDE)
    assert item.url == "https://cadence.example/t/aaaaaaaaaaaa"
    assert item.categories == ("Field ride",)


# -- as a task goes on -------------------------------------------------------------------------------------------


def test_what_was_done_stays_and_stands_on_the_day_it_happened(people: Directory) -> None:
    done = replace(DEBRIEF, state=State.DONE, happened_on=date(2027, 1, 14), version=3)
    item = one(people, done, now=NOW + timedelta(days=300))
    assert (item.day, item.starts, item.cancelled, item.description) == (date(2027, 1, 14), None, False, "Done.")


def test_what_was_done_on_its_day_keeps_its_time(people: Directory) -> None:
    done = replace(DEBRIEF, state=State.DONE, happened_on=DEBRIEF.date)
    assert one(people, done).starts == DEBRIEF.starts


def test_what_was_missed_stays_as_history(people: Directory) -> None:
    item = one(people, replace(DEBRIEF, state=State.MISSED), now=NOW + timedelta(days=300))
    assert (item.cancelled, item.description) == (False, "It did not happen this time.")


@pytest.mark.parametrize("state", [State.SKIPPED, State.RETIRED])
def test_what_will_not_take_place_is_cancelled_for_thirty_days_then_gone(people: Directory, state: State) -> None:
    gone = replace(RIDE, state=state, version=2)
    assert one(people, gone, now=CHANGED).cancelled
    assert not one(people, gone, now=CHANGED).proposed
    assert one(people, gone, now=CHANGED + timedelta(days=30, seconds=-1)).cancelled
    assert seen(people, GRACE, gone, now=CHANGED + timedelta(days=30)) == []


def test_the_sequence_rises_with_the_version_and_with_nothing_else(people: Directory) -> None:
    versions = [replace(RIDE, version=n) for n in (1, 2, 7)]
    assert [one(people, task).sequence for task in versions] == [0, 1, 6]
    assert one(people, RIDE, now=NOW + timedelta(days=5)) == one(people, RIDE)


def test_the_same_tasks_are_the_same_bytes_a_week_later(people: Directory) -> None:
    now, later = (calendar("x", "y", seen(people, GRACE, now=moment)) for moment in (NOW, NOW + timedelta(days=7)))
    assert now == later


def test_what_is_to_be_talked_about_stands_in_the_description(people: Directory) -> None:
    def described(task: Task) -> str:
        found = items(
            (task,), people, words().say, NOW, GRACE, holder=lambda _: "grace", agenda=lambda _: "One job aid.\n"
        )
        return found[0].description

    assert described(RIDE).splitlines()[-1] == "One job aid."
    done = replace(RIDE, state=State.DONE, happened_on=date(2027, 1, 12))
    assert "One job aid." in described(done)
