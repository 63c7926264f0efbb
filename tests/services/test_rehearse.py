"""What a rehearsal can play through: each what-if changes what happens, as it would for real."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from cadence.core.model import Days, DecisionKind, MessageKind, State
from cadence.errors import NothingToActOn
from cadence.services.gather import gather
from cadence.services.rehearse import Breach, Manners, Rehearsal, WhatIf, breaches, rehearse, totals, write
from cadence.services.rehearse.actors import Temper, buttons
from cadence.services.rehearse.picture import pieces
from cadence.templating import words

PLAN = """
plan: team
title: The <b>new</b> way
rollout: 2027-01-11
ends: week 6
timezone: Europe/Berlin
people:
  list:
    mia: {name: Mia Berg, email: mia@example.test, reports_to: vic}
    max: {name: Max Lund, email: max@example.test, reports_to: vic}
    rex: {name: "Rex <!-- inboxes --> <script>x</script> {{7*7}}", email: rex@example.test, manager: mia}
    rob: {name: Rob Dale, email: rob@example.test, manager: max}
    vic: {name: Vic Petrov, email: vic@example.test, reports_to: sue}
    sue: {name: Sue Ward, email: sue@example.test}
roles: {vp: vic, sponsor: sue, enablement: sue}
backups: {mia: max, max: mia}
activities:
  rides: {kind: field_ride, title: Ride & coach, owner: manager, with: each rep, every: week}
  reviews: {kind: campaign_review, owner: manager, with: team, every: week, on: wed}
  wins: {kind: quick_win, owner: manager, every: week, on: thu}
"""
DAYS = 19


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rehearse") / "plan.yaml"
    path.write_text(PLAN)
    return path


def lived(plan: Path, *, days: int = DAYS, seed: int = 7, **played: object) -> Rehearsal:
    bundle, problems = gather(plan)
    assert bundle is not None, problems
    what_if = replace(WhatIf(), **played)  # type: ignore[arg-type]  # each has the type of its field
    found, problems = rehearse(bundle, words, days=days, seed=seed, what_if=what_if)
    assert found is not None, problems
    return found


@pytest.fixture(scope="module")
def usual(plan: Path) -> Rehearsal:
    return lived(plan)


@pytest.fixture(scope="module")
def perfect(plan: Path) -> Rehearsal:
    return lived(plan, manners=Manners.PERFECT)


def day_of(found: Rehearsal, to: str, at: datetime) -> date:
    return found.situation.worktimes[to].today(at)


# -- people -----------------------------------------------------------------------------------------------------------


def test_perfect_people_do_everything_in_time(perfect: Rehearsal) -> None:
    due = [task for task in perfect.tasks if task.occurrence.window.stop < perfect.stop.date()]
    assert due
    assert {task.state for task in due} == {State.DONE}
    assert all(task.on_time for task in due)
    assert perfect.decisions == ()


def test_realistic_people_are_of_several_tempers(usual: Rehearsal) -> None:
    tempers = {key: usual.cast.temper(key) for key in ("mia", "max")}
    assert sorted(tempers.values()) == [Temper.BUSY, Temper.SILENT]
    (silent,) = (key for key, temper in tempers.items() if temper is Temper.SILENT)
    assert silent not in {task.done_by for task in usual.tasks}
    figures = totals(usual)
    assert int(figures["done"]) > 0
    assert int(figures["escalations"]) > 0


def test_a_busy_manager_puts_off_hands_over_and_cannot(plan: Path) -> None:
    found = lived(plan, days=12, seed=6, late=0.0)
    assert any(task.paused_until for task in found.tasks)
    assert any(task.handed_to for task in found.tasks)
    assert any(decision.kind is DecisionKind.CANT for decision in found.decisions)


def test_whoever_is_late_counts_as_late(plan: Path) -> None:
    found = lived(plan, late=1.0)
    done = [task for task in found.tasks if task.state is State.DONE]
    assert done
    assert [task.id for task in done if task.on_time] == []
    told_later = [
        task for task in done if task.recorded_at and task.recorded_at.date() > (task.happened_on or date.max)
    ]
    assert told_later, "some say it a day later, and name the day"
    assert totals(found)["on_time_share"] == 0.0


def test_the_share_of_the_late_is_as_asked(usual: Rehearsal) -> None:
    keys = [f"person-{n}" for n in range(400)]
    for share in (0.0, 0.25, 1.0):
        cast = replace(usual.cast, late=share)
        late = sum(cast.temper(key) is Temper.LATE for key in keys)
        assert late == pytest.approx(400 * share, abs=30)


def test_what_people_write_comes_up_again(perfect: Rehearsal) -> None:
    carried = [message for message in perfect.first if "Last time" in message.text]
    assert {message.to for message in carried} <= {"mia", "max"}
    assert carried


def test_another_seed_is_another_rehearsal(plan: Path, usual: Rehearsal) -> None:
    assert [one.at for one in lived(plan, seed=8).messages] != [one.at for one in usual.messages]


def test_more_days_are_the_same_days_and_more(plan: Path, usual: Rehearsal) -> None:
    short = lived(plan, days=10)
    assert [one.payload for one in short.messages] == [one.payload for one in usual.messages if one.at < short.stop]


# -- what-ifs ---------------------------------------------------------------------------------------------------------


def test_whoever_is_away_hears_nothing_and_somebody_else_acts(plan: Path) -> None:
    gone = Days.inclusive(date(2027, 1, 18), date(2027, 1, 22))
    found = lived(plan, manners=Manners.PERFECT, away=(("mia", gone),))
    assert [one for one in found.first if one.to == "mia" and day_of(found, "mia", one.at) in gone] == []
    review = next(task for task in found.tasks if task.date == date(2027, 1, 20) and "mia" in task.occurrence.seat)
    assert review.done_by == "max"


def test_a_seat_without_its_holder_is_a_vacancy_that_somebody_decides(plan: Path) -> None:
    found = lived(plan, manners=Manners.PERFECT, without=("mia",))
    assert "mia" not in {one.to for one in found.messages}
    vacancies = [decision for decision in found.decisions if decision.kind is DecisionKind.VACANCY]
    assert {(one.asked, one.round) for one in vacancies} == {("vic", "manager/mia")}
    assert all(one.answered_at for one in vacancies)
    assert any("P310" in str(problem) for problem in found.compiled.problems)


def test_a_person_of_a_what_if_has_to_be_in_the_plan(plan: Path) -> None:
    for what_if in ({"without": ("nobody",)}, {"away": (("nobody", Days(date.min, date.max)),)}):
        with pytest.raises(NothingToActOn, match="no person 'nobody'"):
            lived(plan, **what_if)


def test_while_slack_is_down_nothing_comes_by_slack_and_nothing_is_lost(plan: Path, perfect: Rehearsal) -> None:
    down = Days.inclusive(date(2027, 1, 19), date(2027, 1, 20))
    found = lived(plan, manners=Manners.PERFECT, slack_down=(down,))
    by_slack = [one for one in found.messages if one.channel == "slack"]
    assert [one for one in by_slack if found.compiled.directory.calendar.today(one.at) in down] == []
    assert found.refused
    assert {found.compiled.directory.calendar.today(at) for at in found.refused} <= set(down)
    assert breaches(found) == (), "what had to wait is folded into one brief"
    told, usual = ({task for one in life.first for task in one.tasks} for life in (found, perfect))
    assert usual <= told


# -- sums -------------------------------------------------------------------------------------------------------------


def test_the_promise_is_counted_from_what_really_came(usual: Rehearsal) -> None:
    assert breaches(usual) == ()
    assert totals(usual)["promise_kept"] is True
    brief = next(one for one in usual.first if one.kind is MessageKind.BRIEF)
    night = replace(brief, key="another", at=brief.at.replace(hour=2))
    broken = replace(usual, messages=(*usual.messages, night))
    day = day_of(usual, brief.to, brief.at)
    assert breaches(broken) == (Breach(day, brief.to, "briefs_a_day", 2), Breach(day, brief.to, "outside", 1))
    figures = totals(broken)
    assert (figures["promise_kept"], figures["most_briefs_a_day"], figures["outside_working_time"]) == (False, 2, 1)


def test_three_messages_beside_the_briefs_of_a_week_are_one_too_many(usual: Rehearsal) -> None:
    brief = next(one for one in usual.first if one.kind is MessageKind.BRIEF and one.at.weekday() == 0)
    alerts = [
        replace(brief, key=f"beside-{n}", kind=MessageKind.ALERT, at=brief.at + timedelta(days=n)) for n in range(3)
    ]
    broken = breaches(replace(usual, messages=(*usual.messages, *alerts)))
    monday = day_of(usual, brief.to, brief.at)
    week = [one for one in broken if one.sort == "beside_a_week"]
    assert [(one.day, one.person) for one in week] == [(monday, brief.to)]
    assert week[0].many >= 3


def test_the_figures_add_up(usual: Rehearsal) -> None:
    figures = totals(usual)
    assert figures["messages"] == sum(int(figures.get(kind.value, 0)) for kind in MessageKind) == len(usual.first)
    assert sum(int(figures[state.value]) for state in State) == len(usual.tasks)
    assert 0 < float(figures["per_person_workday"]) < 2


# -- the folder -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(usual: Rehearsal, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    write(usual, words("en"), out)
    return out


def test_messages_are_numbered_as_they_came_with_all_that_slack_is_told(usual: Rehearsal, folder: Path) -> None:
    names = sorted(path.name for path in (folder / "messages").iterdir())
    ending = {"slack": "slack.json", "email": "eml"}
    assert names == [f"{n:04d}-{one.to}.{ending[one.channel]}" for n, one in enumerate(usual.first, 1)]
    for path in folder.glob("messages/*.slack.json"):
        arguments = json.loads(path.read_text())
        assert {"channel", "text", "blocks", "metadata"} <= set(arguments)
        assert "ts" not in arguments
    for path in folder.glob("rewrites/*.slack.json"):
        assert {"channel", "ts"} <= set(json.loads(path.read_text()))
    assert len(list((folder / "rewrites").iterdir())) == len(usual.messages) - len(usual.first)


class Page(HTMLParser):
    """Checks that every tag is closed in its order, and keeps what the page refers to and says."""

    VOID = frozenset({"meta", "br", "path", "line", "i"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src", "action") and value]
        if tag not in self.VOID - {"i"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID - {"i"}:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.said.append(data)


def test_the_page_needs_nothing_but_itself_and_leads_to_every_file(usual: Rehearsal, folder: Path) -> None:
    text = (folder / "index.html").read_text()
    page = Page(text)
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert re.findall(r"https?://", text) == []
    assert page.links
    assert [link for link in page.links if not (folder / unquote(link)).exists()] == []
    said = " ".join(page.said)
    assert "The <b>new</b> way" in said
    assert "Rex <!-- inboxes --> <script>x</script> {{7*7}}" in said
    for person in ("Mia Berg", "Max Lund", "Vic Petrov"):
        assert person in said
    (silent,) = usual.cast.silent
    assert f"{usual.situation.name_of(silent)} never answers." in said
    assert "Ride & coach" in said


def test_a_page_speaks_the_language_it_is_written_in(usual: Rehearsal, tmp_path: Path) -> None:
    own = tmp_path / "templates" / "de"
    own.mkdir(parents=True)
    (own / "own.toml").write_text('[rehearsal]\nfindings = "Was auffiel"\n')
    write(usual, words("de", tmp_path / "templates"), tmp_path / "out")
    assert "Was auffiel" in (tmp_path / "out" / "index.html").read_text()


def test_every_what_if_stands_on_the_page(plan: Path, tmp_path: Path) -> None:
    day = Days.inclusive(date(2027, 1, 12), date(2027, 1, 12))
    found = lived(plan, days=3, away=(("max", day),), without=("mia",), slack_down=(day,))
    write(found, words("en"), tmp_path / "out")
    text = (tmp_path / "out" / "index.html").read_text()
    for sentence in (
        "Mia Berg is not there from day one",
        "Max Lund is away on Tue 12 Jan",
        "Slack is down on Tue",
    ):
        assert sentence in text


def test_whoever_has_no_button_to_press_is_named_on_the_page(plan: Path, tmp_path: Path) -> None:
    changed = tmp_path / "mail.yaml"
    changed.write_text(plan.read_text().replace("email: max@example.test,", "email: max@example.test, channel: email,"))
    found = lived(changed, days=5, manners=Manners.PERFECT)
    write(found, words("en"), tmp_path / "out")
    assert "Max Lund is reached by mail only" in (tmp_path / "out" / "index.html").read_text()
    assert "max" not in {task.done_by for task in found.tasks}


def test_a_broken_promise_stands_on_the_page(usual: Rehearsal, tmp_path: Path) -> None:
    brief = next(one for one in usual.first if one.kind is MessageKind.BRIEF)
    write(replace(usual, messages=(*usual.messages, replace(brief, key="x"))), words("en"), tmp_path / "out")
    assert "2 briefs on one day" in (tmp_path / "out" / "index.html").read_text()


# -- as Slack shows it ------------------------------------------------------------------------------------------------


def drawn(payload: str) -> Iterator[str]:
    for piece in pieces(payload):
        yield from (line.text for line in piece.lines)
        for control in piece.controls:
            yield from (control.label, *control.options)


def test_a_picture_holds_all_that_the_message_says_and_offers(usual: Rehearsal) -> None:
    for message in usual.first:
        if message.channel == "slack":
            payload = json.loads(message.payload)
            shown = "\n".join(drawn(message.payload))
            for block in payload["blocks"]:
                text = block.get("text", {}).get("text", "")
                for line in text.splitlines():
                    plain = line.strip("*").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
                    assert plain in shown
            controls = sum(len(piece.controls) for piece in pieces(message.payload))
            assert (controls > 0) == (next(buttons(payload), None) is not None)
