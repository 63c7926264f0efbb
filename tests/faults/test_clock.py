"""What time and change can do to a running installation, and what has to come of it.

| fault | expected | test |
| --- | --- | --- |
| the clock steps back 1 s .. 3 days | nothing is said twice, and what was due later still comes | here |
| the clock steps forward 1 h, 3 days, 30 days | one brief a person, with the state as it is; nothing stale | here |
| an outage over a weekend | the same | `services/test_dispatch.py` |
| spring and autumn, a brief in the hour in question | one a local day, after the gap or the first time | here |
| an outage over a change of the clocks | one brief, at the hour on the wall | here |
| two hosts 30 s apart | each message once, none before its hour by the clock that sends it | here |
| plan loaded, rollout moved, team dissolved, somebody gone before sending | what is still true goes, no more | here |
| an absence or a hold laid before sending | it is said when that ends | here, `acceptance/test_mended.py` |
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from cadence.core.model import Days, MessageKind, Source
from cadence.services.beat import beat, decide_and_enqueue
from cadence.services.quiet import away
from tests.support.world import World

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def said_twice(world: World) -> list[object]:
    """Every rung of every task or decision that one person was told more than once."""
    with world.store.read() as work:
        sent = work.ledger.sent(kinds=(MessageKind.BRIEF, MessageKind.ALERT))
        assert work.ledger.doubles() == 0
    keys = Counter(post.key for post in world.slack.posts)
    assert max(keys.values(), default=1) == 1
    said = Counter(
        (one.recipient, entry.task_id or entry.decision_id, entry.rung)
        for one in sent
        if one.edits is None
        for entry in one.entries
        if entry.rung
    )
    return [what for what, times in said.items() if times > 1]


def briefs(world: World, person: str) -> list[datetime]:
    """When each brief of a person was sent, in the plan's zone."""
    with world.store.read() as work:
        sent = work.ledger.sent(to=person, kinds=(MessageKind.BRIEF,))
    return [one.sent_at.astimezone(world.zone) for one in sent if one.sent_at and one.edits is None]


@pytest.mark.parametrize("back", [SECOND, 60 * SECOND, HOUR, DAY, 3 * DAY], ids=str)
def test_a_clock_that_steps_back_says_nothing_twice_and_loses_nothing(world: World, back: timedelta) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    activities:
      calls: {kind: training, title: Customer call, owner: ana, on: [2027-03-03, 2027-03-05, 2027-03-08, 2027-03-10]}
    """
    world.load().forward(to="2027-03-05 08:31")
    before = len(world.slack.posts)
    world.clock.now -= back
    world.beat()
    again = world.clock.now
    while world.clock.now < again + back:
        world.clock.now += max(back / 10, SECOND)
        world.beat()
    assert said_twice(world) == []
    assert len(world.slack.posts) == before, "all of it had been said"
    world.forward(to="2027-03-08 08:31")
    assert briefs(world, "ana")[-1] == world.at("2027-03-08 08:30")
    assert said_twice(world) == []
    world.ignore("ana", "vic").ignore_mail()


@pytest.mark.parametrize(("hours", "day"), [(1, "03"), (3 * 24 + 1, "06"), (30 * 24, "02")])
def test_a_clock_that_steps_forward_folds_what_it_skipped_into_one_message(world: World, hours: int, day: str) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 8
    timezone: Europe/London
    calendar: {workdays: [mon, tue, wed, thu, fri, sat, sun]}
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    activities:
      calls: {kind: training, title: Customer call, owner: ana, every: 2 workdays}
    """
    world.load().forward(to="2027-03-03 08:00")
    world.ignore("ana", "vic").ignore_mail()
    before = Counter(post.email for post in world.slack.posts)
    world.clock.now += hours * HOUR
    for _ in range(4):  # the first minutes after
        world.beat()
        world.clock.now += timedelta(minutes=2)
    new = Counter(post.email for post in world.slack.posts) - before
    assert new[world.email("ana")] == 1
    assert all(times == 1 for times in new.values()), "one message a person"
    assert briefs(world, "ana")[-1].strftime("%d") == day
    assert said_twice(world) == []
    world.ignore("ana", "vic").ignore_mail()


@pytest.mark.parametrize(
    ("first", "days", "hours"),
    [
        # the hour that is missing: 01:30 on 28 March 2027 does not exist; its brief goes at 02:30
        ("2027-03-26 22:00", 4, ["27 01:30", "28 02:30", "29 01:30", "30 01:30"]),
        # the hour that comes twice: 01:30 on 31 October 2027 goes the first time
        ("2027-10-29 22:00", 4, ["30 01:30", "31 01:30", "01 01:30", "02 01:30"]),
    ],
    ids=["spring", "autumn"],
)
def test_when_the_clocks_change_there_is_one_brief_a_day_at_its_hour(
    world: World, first: str, days: int, hours: list[str]
) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 40
    timezone: Europe/London
    calendar: {workdays: [mon, tue, wed, thu, fri, sat, sun]}
    people: {list: {ana: {name: Ana Silva, email: ana@x.test, hours: "00:00-12:00", brief: "01:30"}}}
    activities:
      calls: {kind: training, title: Customer call, owner: ana, every: workday}
    """
    world.clock.now = world_start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    world.load()
    while world.clock.now < world_start + days * DAY:
        world.clock.now += timedelta(minutes=15 if world.clock.now.hour < 3 else 60)
        world.beat()
    assert [at.strftime("%d %H:%M") for at in briefs(world, "ana")] == hours
    assert briefs(world, "ana")[1].fold == 0
    assert said_twice(world) == []
    world.ignore("ana").ignore_mail()


def test_after_an_outage_over_a_change_of_the_clocks_the_brief_comes_at_the_hour_on_the_wall(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-22
    ends: week 3
    timezone: Europe/London
    people: {list: {ana: {name: Ana Silva, email: ana@x.test}}}
    activities:
      call: {kind: training, title: Customer call, owner: ana, on: [2027-03-26, 2027-03-29]}
    """
    world.load().forward(to="2027-03-26 12:00")
    world.ignore("ana")
    world.clock.now = datetime(2027, 3, 29, 7, 29, tzinfo=UTC)
    world.beat()
    world.inbox("ana").nothing()
    world.clock.now = datetime(2027, 3, 29, 7, 30, tzinfo=UTC)
    world.beat()
    world.inbox("ana").expect("Today")
    assert briefs(world, "ana")[-1].strftime("%H:%M %z") == "08:30 +0100"


def test_two_hosts_whose_clocks_are_half_a_minute_apart_send_each_message_once(world: World) -> None:
    """
    plan: p
    rollout: 2027-03-01
    ends: week 2
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        vic: {name: Vic Petrov, email: vic@x.test}
    activities:
      calls: {kind: training, title: Customer call, owner: ana, on: [2027-03-03, 2027-03-04, 2027-03-05]}
    """
    world.load().forward(to="2027-03-02 18:00")
    now = world.at("2027-03-03 08:29")
    while now < world.at("2027-03-05 10:00"):
        for clock in (now, now - 30 * SECOND):
            world.clock.now = clock
            world.beat()
        near = "08:29" <= now.strftime("%H:%M") <= "08:31"  # London is at UTC in March
        now += 15 * SECOND if near else timedelta(minutes=29 if now.hour == 8 else 30)
    assert said_twice(world) == []
    assert {at.strftime("%H:%M") for at in briefs(world, "ana")[-3:]} == {"08:30"}
    world.ignore("ana", "vic").ignore_mail()


PLAN = """
    plan: p
    rollout: 2027-03-01
    ends: week 3
    timezone: Europe/London
    people:
      list:
        ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
        ben: {name: Ben Okoye, email: ben@x.test, manager: ana}
        cem: {name: Cem Acar, email: cem@x.test, reports_to: vic}
        dee: {name: Dee Marsh, email: dee@x.test, manager: cem}
        vic: {name: Vic Petrov, email: vic@x.test}
    roles: {vp: vic}
    activities:
      huddles: {kind: team_meeting, title: Huddle, every: week, on: wed}
      note: {kind: training, title: The note, owner: ben, on: week 1 + 2 days}
    """


def decided_and_not_sent(world: World) -> None:
    """A beat that was stopped after it had decided: the messages wait in the queue."""
    with world.store.begin() as work:
        decide_and_enqueue(work, world.context, world.clock.now)
    with world.store.read() as work:
        assert {one.recipient for one in work.ledger.unsent((MessageKind.BRIEF,))} >= {"ana", "cem"}


CHANGES: list[tuple[str, Callable[[str], str], set[str]]] = [
    ("nothing", lambda text: text, {"ana", "ben", "cem"}),
    ("an activity is gone", lambda text: text.replace("  huddles:", "  other:").replace("on: wed", "on: fri"), {"ben"}),
    ("the rollout moved", lambda text: text.replace("2027-03-01", "2027-03-08"), set()),
    (
        "a team is dissolved",
        lambda text: text.replace("manager: cem", "manager: ana").replace("cem@x.test, reports_to: vic", "cem@x.test"),
        {"ana", "ben"},
    ),
    (
        "somebody is gone",
        lambda text: text.replace("email: ben@x.test", "email: ben@x.test, left: 2027-03-02"),
        {"cem"},
    ),
]


@pytest.mark.parametrize(("change", "still"), [one[1:] for one in CHANGES], ids=[one[0] for one in CHANGES])
def test_what_changes_between_deciding_and_sending_is_heeded(
    world: World, change: Callable[[str], str], still: set[str]
) -> None:
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana", "ben", "cem", "dee", "vic").ignore_mail()
    world.clock.now = world.at("2027-03-03 08:30")
    decided_and_not_sent(world)
    world.load(change, force=True)
    beat(world.context, world.clock.now)
    about = {one.recipient: one.text or "" for one in sent_since(world, world.clock.now)}
    assert {who for who, text in about.items() if "Huddle" in text or "The note" in text} & {
        "ana",
        "ben",
        "cem",
    } == still
    assert said_twice(world) == []
    world.ignore("ana", "ben", "cem", "dee", "vic").ignore_mail()


test_what_changes_between_deciding_and_sending_is_heeded.__doc__ = PLAN


def sent_since(world: World, since: datetime) -> list:  # type: ignore[type-arg]  # deliveries
    with world.store.read() as work:
        return [one for one in work.ledger.sent(since=since) if one.edits is None and one.kind is MessageKind.BRIEF]


def test_an_absence_stated_between_deciding_and_sending_keeps_the_message_until_the_return(world: World) -> None:
    world.load().forward(to="2027-03-03 08:29")
    world.ignore("ana", "ben", "cem", "dee", "vic").ignore_mail()
    world.clock.now = world.at("2027-03-03 08:30")
    decided_and_not_sent(world)
    with world.store.begin() as work:
        away(work, "ben", Days.inclusive(world.today, world.today + DAY), Source.CLI, world.clock.now)
    world.forward(to="2027-03-04 18:00")
    world.inbox("ben").nothing()
    world.forward(to="2027-03-05 08:31")
    assert "The note" in world.inbox("ben").all()[-1].text
    assert said_twice(world) == []
    world.ignore("ana", "ben", "cem", "dee", "vic").ignore_mail()


test_an_absence_stated_between_deciding_and_sending_keeps_the_message_until_the_return.__doc__ = PLAN
