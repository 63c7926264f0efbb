"""What `diff` and `load` say about a change: readable for 600 tasks, by name, with reasons, and who will be told."""

from __future__ import annotations

import json
import os
from pathlib import Path
from threading import Barrier, Thread

import pytest

from cadence.errors import Refused
from tests.cli.conftest import NOW, PLAN, Cadence

GOLDEN = Path(__file__).parent / "golden" / "diff.txt"

MANAGERS, REPS = 4, 12
BIG = """\
plan: big
rollout: 2027-01-11
ends: week 20
timezone: Europe/London
milestones: {{v2: {v2}}}
keepers: [kim-lee]
people:
  list:
    vera-pohl: {{name: Vera Pohl, email: vera@example.com}}
    kim-lee: {{name: Kim Lee, email: kim@example.com, reports_to: vera-pohl}}
{people}
roles: {{vp: {vp}, enablement: kim-lee}}
activities:
  rides: {{kind: field_ride, owner: manager, with: each rep, every: 2 weeks}}
  huddles: {{kind: team_meeting, owner: manager, with: team, every: week, on: {on}}}
  v2-words: {{kind: communication, owner: vp, on: [v2 - 6 weeks, v2 - 2 weeks, v2]}}
  reviews: {{kind: metric_review, owner: vp, every: 2 weeks, on: fri}}
{more}
"""


def big(on: str = "tue", v2: str = "2027-05-03", vp: str = "vera-pohl", more: str = "") -> str:
    managers = [
        f"    m{n}: {{name: Manager {n}, email: m{n}@example.com, reports_to: vera-pohl}}" for n in range(MANAGERS)
    ]
    reps = [f"    r{n}: {{name: Rep {n}, email: r{n}@example.com, manager: m{n % MANAGERS}}}" for n in range(REPS)]
    return BIG.format(on=on, v2=v2, vp=vp, more=more, people="\n".join([*managers, *reps]))


@pytest.fixture
def tty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody looks at a terminal."""
    monkeypatch.setattr("cadence.cli.loading.on_terminal", lambda: True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    plan = tmp_path / "big.yaml"
    plan.write_text(big())
    return plan


@pytest.mark.usefixtures("tty")
def test_a_diff_of_600_changes_is_the_golden_text(cadence: Cadence, file: Path) -> None:
    cadence("load", str(file), "--yes")
    tasks = cadence("tasks", "--json").tasks
    (moved,) = [one["id"] for one in tasks if one["activity"] == "huddles" and one["slot"] == "1w-05"][:1]
    cadence("move", str(moved), "--to", "2027-02-12")
    one_on_ones = "  one-on-ones: {kind: one_on_one, owner: manager, with: each rep, every: week}\n"
    signals = "  daily: {kind: team_meeting, owner: manager, with: team, every: workday}\n"
    file.write_text(big("thu", "2027-05-10", "kim-lee", one_on_ones + signals))
    shown = cadence("diff", str(file))
    text = f"{shown.out}--- talk ---\n" + "".join(
        f"{line}\n" for line in shown.err.splitlines() if not line.startswith("big.yaml:")
    )
    if os.environ.get("CADENCE_UPDATE_GOLDEN"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text()


@pytest.mark.usefixtures("tty")
def test_all_names_every_single_task(cadence: Cadence, file: Path) -> None:
    short, whole = cadence("diff", str(file)).out, cadence("diff", str(file), "--all").out
    assert "more (--all names them)" in short
    assert whole.count("Field ride with Rep 3") == 10
    assert "--all" not in whole


def test_a_pipe_gets_a_plain_row_for_every_change(loaded: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("2027-01-11", "2027-01-18"))
    rows = [line.split("\t") for line in loaded("diff", str(plan)).out.splitlines()]
    assert {len(row) for row in rows} == {8}
    assert ["~", "Sam Osei", "kick-off", "2027-01-11", "2027-01-18", "Message to the field", "", "the rollout"] in rows


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("rollout: 2027-01-11", "rollout: 2027-01-18", "rollout", id="the rollout"),
        pytest.param("milestones: {go: day 3}", "milestones: {go: day 4}", "milestone go", id="a milestone"),
        pytest.param("on: fri", "on: thu", "plan text", id="the plan's own words"),
        pytest.param("sponsor: sam-osei", "sponsor: kim-lee", "holder", id="other hands"),
        pytest.param("on: day 0", 'on: day 0, title: "Off we go"', "plan text", id="another title"),
        pytest.param(
            "keepers:", "away: {dana-ruiz: [2027-01-11..2027-01-15]}\nkeepers:", "absence of dana-ruiz", id="away"
        ),
    ],
)
def test_an_amendment_says_why(cadence: Cadence, plan: Path, old: str, new: str, why: str) -> None:
    text = PLAN.replace("keepers:", "milestones: {go: day 3}\nkeepers:") + "  go: {kind: release, owner: vp, on: go}\n"
    plan.write_text(text)
    cadence("load", str(plan), "--yes")
    plan.write_text(text.replace(old, new))
    amended = json.loads(cadence("diff", str(plan), "--json").out)["amend"]
    assert {one["why"] for one in amended} == {why}


def test_everybody_concerned_is_named_with_what_they_will_be_told(loaded: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("sponsor: sam-osei", "sponsor: kim-lee"))
    told = loaded("diff", str(plan)).err
    assert "Kim Lee (console): 1 handed to them, next brief 2027-01-11 08:30 CET" in told
    assert "Sam Osei (console): 1 handed to others" in told
    assert "Dana Ruiz" not in told


def test_what_a_person_moved_by_hand_stays_and_is_shown(loaded: Cadence, plan: Path) -> None:
    (ride, *_) = [one for one in loaded("tasks", "--json").tasks if one["activity"] == "rides"]
    loaded("move", str(ride["id"]), "--to", "2027-01-14")
    plan.write_text(PLAN.replace("sponsor: sam-osei", "sponsor: kim-lee"))
    shown = loaded("load", str(plan), "--yes")
    assert f"=\tDana Ruiz\trides\t{ride['date']}\t2027-01-14\t{ride['title']}" in shown.out
    assert "1 stay as people left them" in shown.err
    assert [one["date"] for one in loaded("tasks", "--json").tasks if one["id"] == ride["id"]] == ["2027-01-14"]


def test_the_document_says_who_will_be_told_what(loaded: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("sponsor: sam-osei", "sponsor: kim-lee"))
    told = {one["person"]: one for one in json.loads(loaded("diff", str(plan), "--json").out)["told"]}
    nothing = {"new": 0, "moved": 0, "reworded": 0, "retired": 0, "rewrites": 0}
    brief = {"channel": "console", "brief": "2027-01-11T07:30:00Z"}
    assert told == {
        "kim-lee": {"person": "kim-lee", **brief, **nothing, "handed_to": 1, "handed_from": 0},
        "sam-osei": {"person": "sam-osei", **brief, **nothing, "handed_to": 0, "handed_from": 1},
    }


def test_whom_hr_renamed_may_be_named_as_before(cadence: Cadence, tmp_path: Path) -> None:
    """The file knows E7 as Ann Berg by now; the plan's own text still says `ann-lee`."""
    plan, people = tmp_path / "org.yaml", tmp_path / "people.csv"
    plan.write_text(
        "plan: org\nrollout: 2027-01-11\nends: week 2\npeople: {file: people.csv}\nroles: {vp: ann-lee}\n"
        "activities:\n  notes: {kind: communication, owner: ann-lee, on: day 1}\n"
        "  ones: {kind: one_on_one, owner: manager, with: each rep, every: week}\n"
    )
    people.write_text("id,name,email,manager\nE7,Ann Lee,ann@x.test,\nE8,Bob Day,bob@x.test,Ann Lee\n")
    assert cadence("load", str(plan), "--yes").code == 0
    people.write_text("id,name,email,manager\nE7,Ann Berg,ann@x.test,\nE8,Bob Day,bob@x.test,Ann Berg\n")
    renamed = cadence("load", str(plan), "--yes")
    assert renamed.code == 0, renamed.err
    assert "0 retire" in renamed.err
    assert {task["holder"] for task in cadence("tasks", "--json").tasks} == {"ann-lee"}


def test_who_else_takes_part_is_no_change_of_words(loaded: Cadence, plan: Path) -> None:
    """Kim Lee joins the debriefs: their text is as it was, and nobody but them is to be there as well."""
    plan.write_text(PLAN.replace("with: managers", "with: [managers, enablement]"))
    shown = loaded("diff", str(plan))
    assert shown.out == "&\tVera Pohl\tdebriefs\t2027-01-15\t\tManager debrief\t\t\n"
    assert "0 say something else, 0 retire, 3 unchanged; 1 get other people to take part" in shown.err


def test_a_rep_who_changes_teams_is_handed_over_and_both_managers_are_told(cadence: Cadence, plan: Path) -> None:
    two = (
        PLAN.replace("zoe-hart@", "zoe@")
        .replace("ends: week 2", "ends: week 8")
        .replace("roles:", "    noor-amin: {name: Noor Amin, email: noor@example.com, manager: kim-lee}\nroles:")
    )
    plan.write_text(two)
    cadence("load", str(plan), "--yes")
    plan.write_text(two.replace("zoe@example.com, manager: dana-ruiz", "zoe@example.com, manager: kim-lee"))
    change = json.loads(cadence("diff", str(plan), "--json").out)
    handed = [one["changes"]["holder"] for one in change["amend"] if one["title"] == "Field ride with Zoe Hart"]
    assert handed == [["dana-ruiz", "kim-lee"]] * 4
    told = {one["person"]: (one["handed_from"], one["handed_to"]) for one in change["told"]}
    assert (told["dana-ruiz"], told["kim-lee"]) == ((4, 0), (0, 4))


def test_who_is_gone_from_the_plan_keeps_the_name_and_hears_of_what_is_retired(cadence: Cadence, file: Path) -> None:
    cadence("load", str(file), "--yes")
    gone = big().replace("    m1: {name: Manager 1, email: m1@example.com, reports_to: vera-pohl}\n", "")
    file.write_text(gone.replace("manager: m1}", "manager: m2}"))
    shown = cadence("diff", str(file))
    retired = [row.split("\t")[1] for row in shown.out.splitlines() if row.startswith("-") and "huddles" in row]
    assert set(retired) == {"Manager 1"}
    told = "Manager 1 (nothing reaches them): 30 handed to others, 20 no longer asked, no brief"
    assert told in shown.err


# --- dangers


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        pytest.param(("  rides: {", "  other: {"), "many-retires", "retires 2 of", id="many retire"),
        pytest.param(("2027-01-11", "2027-02-01"), "many-moves", "moves ", id="many move"),
        pytest.param(
            ("    zoe-hart: {name: Zoe Hart, email: zoe@example.com, manager: dana-ruiz}\n", ""),
            "vanished",
            "Zoe Hart (zoe-hart) is gone from the people without a `left` date",
            id="a person vanished",
        ),
        pytest.param(
            ("manager: dana-ruiz", "manager: kim-lee"),
            "succession",
            "Kim Lee now leads most of Dana Ruiz's reps",
            id="a new manager over the same reps",
        ),
    ],
)
def test_a_danger_is_shown_refused_and_forced(
    loaded: Cadence, plan: Path, change: tuple[str, str], code: str, says: str
) -> None:
    plan.write_text(PLAN.replace(*change))
    assert f"danger: {says}" in loaded("diff", str(plan)).err
    assert code in [danger["code"] for danger in json.loads(loaded("diff", str(plan), "--json").out)["dangers"]]
    refused = loaded("load", str(plan), "--yes")
    assert refused.code == 1
    assert says in refused.err.splitlines()[-1]
    assert loaded("diff", str(plan), "--exit-code").code == 3, "nothing was loaded"
    assert loaded("load", str(plan), "--yes", "--force").code == 0
    assert loaded("diff", str(plan), "--exit-code").code == 0


def test_what_is_over_is_recorded_only_when_asked(cadence: Cadence, plan: Path) -> None:
    late = "2027-01-20T12:00:00Z"
    assert "are over and left out (--backfill records them)" in cadence("load", str(plan), "--yes", now=late).err
    before = len(cadence("tasks", "--json", now=late).tasks)
    assert cadence("load", str(plan), "--yes", "--backfill", now=late).code == 0
    assert len(cadence("tasks", "--json", now=late).tasks) > before
    assert cadence("diff", str(plan), "--backfill", "--exit-code", now=late).code == 0


def test_quietly_says_that_sent_messages_stay(loaded: Cadence, plan: Path) -> None:
    plan.write_text(PLAN.replace("sponsor: sam-osei", "sponsor: kim-lee"))
    assert "Messages that were sent stay as they are." in loaded("load", str(plan), "--yes", "--quietly").err


def test_of_two_loads_at_once_one_wins_and_the_other_says_that_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cadence import templating
    from cadence.clock import instant
    from cadence.services.context import Context
    from cadence.services.gather import gather
    from cadence.services.reconcile import load, prepare
    from cadence.store import open_store

    (tmp_path / "emea.yaml").write_text(PLAN)
    bundle, _ = gather(tmp_path / "emea.yaml")
    assert bundle is not None
    store, now = open_store(f"sqlite:///{tmp_path / 'c.db'}"), instant(NOW)
    context = Context(store=store, channels={}, words=templating.words)
    with store.read() as work:
        seen, _ = prepare(work, context, bundle, now)
    assert seen is not None
    ends, together = [], Barrier(2)

    def loads() -> None:
        together.wait()
        try:
            load(context, bundle, now, expect=seen.change_set.hash)
            ends.append("loaded")
        except Refused as refusal:
            ends.append(str(refusal))

    threads = [Thread(target=loads) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    loaded, refused = sorted(ends, key=lambda end: end != "loaded")
    assert loaded == "loaded"
    assert "look at `diff` again" in refused


def test_more_tasks_than_the_setting_allows_are_refused(
    cadence: Cadence, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_MOST_TASKS", "2")
    for command in ("check", "load"):
        refused = cadence(command, str(plan))
        assert refused.code == 1
        assert "error[P307]" in refused.err
    monkeypatch.setenv("CADENCE_MOST_TASKS", "100")
    assert cadence("check", str(plan)).code == 0
