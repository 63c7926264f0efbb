"""The weekly digest as people read it: one golden text for each audience, and a mail that every client shows whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cadence.channels import Page
from cadence.core.model import Answer, Source, Verb
from cadence.core.planfile.schema import Digest as DigestHour
from cadence.core.reports import SMALL, TOGETHER
from cadence.services import report
from cadence.services.installation import look
from cadence.services.report import audiences, digest_of, digests_due, page_of
from cadence.services.respond import respond
from cadence.store import open_store
from tests.core.agenda.scenes import scene
from tests.support.slack import LoopbackSlack
from tests.support.smtp import LoopbackSmtp
from tests.support.sqlite import fresh_sqlite
from tests.support.world import Clock, World, start_of

GOLDEN = Path(__file__).parent / "golden"
CLIPPED = 90_000
"""Gmail cuts a mail at somewhat more."""
WEEK = "2027-W03"
AUDIENCES = {"mia": "manager", "vera": "leader", "kim": "keeper"}

PLAN = """\
plan: rides
title: Rides
rollout: 2027-01-11
ends: week 8
timezone: UTC
keepers: [enablement]
roles: {vp: vera, enablement: kim}
people:
  list:
    vera: {name: Vera Pohl, email: vera@example.test}
    kim: {name: Kim Lee, email: kim@example.test}
    mia: {name: Mia Lang, email: mia@example.test, reports_to: vera}
    ola: {name: Ola Berg, email: ola@example.test, reports_to: vera}
    tom: {name: Tom Reed, email: tom@example.test, manager: mia}
    ann: {name: Ann <b>Roy</b>, email: ann@example.test, manager: mia}
    lee: {name: Lee Wood, email: lee@example.test, manager: ola}
activities:
  ride: {kind: field_ride, owner: manager, with: each rep, every: week, on: wed}
  huddle: {kind: team_meeting, owner: manager, every: workday, at: "08:45"}
  letter: {kind: expectation_setting, owner: vp, on: [day 2, day 9]}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Monday after the third week of the year. Ola did everything, Mia her rides with Tom only. All only read here."""
    folder = tmp_path_factory.mktemp("digest")
    store = open_store(fresh_sqlite(folder))
    with LoopbackSlack() as slack, LoopbackSmtp() as smtp:
        world = World(store, slack, smtp, folder, PLAN, Clock(start_of(PLAN))).load()
        world.clock.now = world.at("2027-01-25 08:00")
        past = [task for task in world.tasks() if task.date < date(2027, 1, 23)]
        for task in past:
            if world.holder(task) in ("ola", "vera"):
                tell(world, task.id, Verb.DONE, happened_on=task.date)
        rides = [task for task in past if world.holder(task) == "mia" and task.occurrence.kind == "field_ride"]
        for ride in rides[::2]:
            tell(world, ride.id, Verb.DONE, happened_on=ride.date)
        tell(world, rides[-1].id, Verb.CANT, reason="customer-first", actor="mia")
        yield world
    store.close()


def tell(world: World, task_id: str, verb: Verb, *, actor: str | None = None, **more: object) -> None:
    answer = Answer(task_id=task_id, verb=verb, actor=actor, source=Source.CLI, at=world.clock.now, **more)  # type: ignore[arg-type]  # fields of Answer
    assert respond(world.context, answer).refusal is None


def page(world: World, person: str, week: str = WEEK) -> Page:
    with world.store.read() as work:
        situation = look(work, world.clock.now)
    return page_of(world.context, digest_of(situation, person, week), situation, f"digest-{person}", world.clock.now)


def test_who_leads_a_team_who_leads_the_rollout_and_who_keeps_it_read_different_digests(world: World) -> None:
    with world.store.read() as work:
        found = audiences(look(work, world.clock.now))
    assert {key: audience.value for key, audience in found.items()} == {**AUDIENCES, "ola": "manager"}


@pytest.mark.parametrize("person", AUDIENCES)
def test_the_text_reads_as_its_golden_file(world: World, person: str) -> None:
    told = page(world, person)
    text = f"Subject: {told.subject}\n\n{told.text}\n"
    path = GOLDEN / f"digest-{AUDIENCES[person]}.txt"
    if os.environ.get("CADENCE_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


class Outline(HTMLParser):
    """The tags that stand open, and what a reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.seen: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "title"):
            self.seen.append(data)

    @property
    def words(self) -> list[str]:
        return " ".join(self.seen).split()


@pytest.mark.parametrize("person", AUDIENCES)
def test_the_html_is_whole_small_and_loads_nothing(world: World, person: str) -> None:
    html = page(world, person).html
    outline = Outline(html)
    assert not outline.open
    assert not outline.tags & {"img", "script", "link", "svg", "iframe", "b"}
    assert "http" not in html
    assert len(html) < CLIPPED
    assert "prefers-color-scheme: dark" in html


@pytest.mark.parametrize("person", AUDIENCES)
def test_text_and_html_tell_the_same_tasks_and_names(world: World, person: str) -> None:
    told = page(world, person)
    html = " ".join(Outline(told.html).words)
    titles = {line[2:].partition(":")[0] for line in told.text.splitlines() if line.startswith("* ")}
    days = {"Mon", "Tue", "Wed", "Thu", "Fri"}
    assert titles
    assert [title for title in titles if title.split()[0] not in days and title not in html] == []


def test_the_bars_are_as_wide_as_the_share(world: World) -> None:
    with world.store.read() as work:
        figures = digest_of(look(work, world.clock.now), "vera", WEEK)
    share = figures.total.kept_share
    assert share is not None
    assert 0 < share < 100
    assert f'<td width="{share}%" height="14" class="full">' in page(world, "vera").html


def test_a_name_in_a_persons_own_markup_stays_text(world: World) -> None:
    told = page(world, "mia")
    assert "Ann <b>Roy</b>" in told.text
    assert "Ann &lt;b&gt;Roy&lt;/b&gt;" in told.html


def test_what_single_reps_did_is_not_shown_above_their_manager(world: World) -> None:
    """What she is asked to decide she has to be told; no figure of a rep's stands beside it."""
    text = page(world, "vera").text
    assert "Mia Lang: 1 of 7" in text
    assert not [name for name in ("Tom Reed", "Lee Wood") if name in text]


def test_a_week_without_anything_is_a_quiet_one(world: World) -> None:
    told = page(world, "mia", "2026-W40")
    assert told.subject == "Week 40: a quiet one"
    assert "Nothing fell due." in told.text


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2027-03-08 09:00", []),
        ("2027-03-09 13:59", []),
        ("2027-03-09 14:00", ["sue"]),
        ("2027-03-10 09:00", ["kim", "sue"]),
    ],
)
def test_a_digest_goes_at_the_earliest_hour_that_one_of_a_persons_plans_names(moment: str, due: list[str]) -> None:
    situation = scene("t: {kind: training, owner: ana, on: 2027-03-04}", moment)
    plan, people = situation.plans["p"], situation.directories["p"]
    first = plan.model_copy(update={"digest": DigestHour(weekday=1, at=time(14))})
    second = plan.model_copy(update={"digest": DigestHour(weekday=2, at=time(9))})
    only_sue = replace(people, persons={"sue": people.persons["sue"]}, keepers=(), roles={"sponsor": "sue"}, teams={})
    both = replace(situation, plans={"a": second, "q": first}, directories={"a": people, "q": only_sue})
    assert [person.key for _, person, _ in digests_due(both) if person.key in ("kim", "sue")] == due


def test_fewer_than_five_are_shown_together_to_whoever_is_not_their_line(world: World) -> None:
    with world.store.read() as work:
        situation = look(work, world.clock.now)
    assert [row.name for row in digest_of(situation, "vera", WEEK).rows] == ["mia", "ola", "vera"]
    keeper = digest_of(situation, "kim", WEEK)
    assert [row.name for row in keeper.rows] == [TOGETHER]
    assert (keeper.rows[0].planned, keeper.rows[0].kept) == (keeper.total.planned, keeper.total.kept)
    assert (keeper.needy, keeper.steady) == ((), ())
    said = page_of(world.context, keeper, situation, "key", world.clock.now).text
    assert "All together" in said
    assert not [name for name in ("Mia Lang", "Ola Berg") if f"{name}:" in said]


def test_as_many_as_are_no_small_group_are_shown_one_by_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert SMALL == 5
    with world.store.read() as work:
        situation = look(work, world.clock.now)
    monkeypatch.setattr(report, "SMALL", 4)
    assert [row.name for row in digest_of(situation, "kim", WEEK).rows] == [TOGETHER]
    monkeypatch.setattr(report, "SMALL", 3)
    assert [row.name for row in digest_of(situation, "kim", WEEK).rows] == ["mia", "ola", "vera"]
