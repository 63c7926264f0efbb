"""Finding tasks and answering for them: filters, prefixes, refusals in words, documents after the change."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence

MONDAY = "2027-01-11T09:00:00Z"
FIELDS = [
    "id",
    "activity",
    "kind",
    "weight",
    "mode",
    "about",
    "seat",
    "holder",
    "with",
    "slot",
    "wave",
    "title",
    "date",
    "window",
    "date_state",
    "due",
    "starts",
    "ends",
    "timezone",
    "minutes",
    "plan",
    "state",
    "version",
    "happened_on",
    "recorded_at",
    "done_by",
    "on_time",
    "escalation",
    "answers",
]


def the(cadence: Cadence, activity: str) -> dict[str, object]:
    return cadence("tasks", "--json", "--activity", activity).tasks[0]


def answered(cadence: Cadence, *arguments: str, now: str = MONDAY) -> dict[str, object]:
    ended = cadence(*arguments, "--json", now=now)
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert isinstance(found, dict)
    return found


def test_a_task_has_exactly_the_fields_of_the_interface(loaded: Cadence) -> None:
    assert list(the(loaded, "kick-off")) == FIELDS


def test_the_filters_each_leave_what_they_say(loaded: Cadence) -> None:
    everything = loaded("tasks", "--json").tasks

    def having(*options: str) -> list[dict[str, object]]:
        return loaded("tasks", "--json", *options).tasks

    assert having("--plan", "emea") == everything
    assert having("--holder", "dana-ruiz") == [task for task in everything if task["holder"] == "dana-ruiz"]
    assert having("--activity", "rides") == [task for task in everything if task["activity"] == "rides"]
    assert having("--from", "2027-01-12") == [task for task in everything if str(task["date"]) >= "2027-01-12"]
    assert having("--until", "2027-01-12") == [task for task in everything if str(task["date"]) <= "2027-01-12"]
    assert having("--state", "planned") == everything
    assert having("--state", "done") == []


def test_in_a_pipe_a_row_is_a_line_of_cells_apart_by_tabs(loaded: Cadence) -> None:
    lines = loaded("tasks").out.splitlines()
    assert len(lines) == len(loaded("tasks", "--json").tasks)
    assert all(line.count("\t") == 4 for line in lines)


def test_a_unique_prefix_of_an_id_is_enough(loaded: Cadence) -> None:
    ids = [str(task["id"]) for task in loaded("tasks", "--json").tasks]
    first = ids[0]
    short = next(first[:n] for n in range(1, 13) if sum(one.startswith(first[:n]) for one in ids) == 1)
    assert answered(loaded, "show", short)["id"] == first


@pytest.mark.parametrize("prefix", ["", "zzzz", "%"])
def test_no_task_and_several_tasks_are_nothing_to_act_on(loaded: Cadence, prefix: str) -> None:
    assert loaded("show", prefix).code == 4
    assert loaded("done", prefix).code == 4


def test_done_keeps_who_when_and_the_form(loaded: Cadence) -> None:
    task = the(loaded, "rides")
    done = answered(
        loaded, "done", str(task["id"]), "--by", "dana-ruiz", "--set", "next=ask = listen", "--on", "2027-01-11"
    )
    assert (done["state"], done["done_by"], done["happened_on"]) == ("done", "dana-ruiz", "2027-01-11")
    assert (done["recorded_at"], done["on_time"], done["version"]) == (MONDAY, True, 2)
    (answer,) = done["answers"] if isinstance(done["answers"], list) else []
    assert answer["form"] == {"next": "ask = listen"}


def test_done_may_be_recorded_for_an_earlier_instant_but_for_no_later_one(loaded: Cadence) -> None:
    task = str(the(loaded, "kick-off")["id"])
    late = loaded("done", task, "--at", "2027-01-11T09:00:01Z", now=MONDAY)
    assert late.code == 1
    assert answered(loaded, "done", task, "--at", "2027-01-11T08:00:00Z")["recorded_at"] == "2027-01-11T08:00:00Z"


def test_what_is_done_is_refused_a_second_time_in_words(loaded: Cadence) -> None:
    task = str(the(loaded, "kick-off")["id"])
    answered(loaded, "done", task, "--by", "sam-osei")
    again = loaded("done", task, now=MONDAY)
    assert again.code == 1
    assert "Sam Osei did it on Mon 11 Jan" in again.err
    assert again.out == ""


def test_who_has_nothing_to_do_with_it_is_refused(loaded: Cadence) -> None:
    ended = loaded("done", str(the(loaded, "kick-off")["id"]), "--by", "zoe-hart", now=MONDAY)
    assert ended.code == 1
    assert "Sam Osei" in ended.err


def test_a_move_stays_and_can_be_taken_back(loaded: Cadence) -> None:
    task = the(loaded, "kick-off")
    moved = answered(loaded, "move", str(task["id"]), "--to", "2027-01-13")
    assert moved["date"] == "2027-01-13"
    assert moved["window"] == task["window"]
    assert answered(loaded, "move", str(task["id"]), "--back")["date"] == task["date"]
    assert loaded("move", str(task["id"]), "--back", now=MONDAY).code == 1
    assert loaded("move", str(task["id"]), "--to", "2027-01-08", now=MONDAY).code == 1
    assert loaded("move", str(task["id"]), now=MONDAY).code == 2


def test_hand_over_makes_another_the_holder_and_load_shows_it_as_kept(loaded: Cadence) -> None:
    task = str(the(loaded, "kick-off")["id"])
    assert answered(loaded, "hand-over", task, "--to", "kim-lee")["holder"] == "kim-lee"
    assert loaded("hand-over", task, "--to", "kim-le").code == 4
    (kept,) = json.loads(loaded("diff", "emea.yaml", "--json").out)["kept"]
    assert (kept["id"], kept["handed_to"]) == (task, "kim-lee")


def test_cant_takes_a_reason_of_the_list_and_asks_the_line_above(loaded: Cadence) -> None:
    task = str(the(loaded, "rides")["id"])
    wrong = loaded("cant", task, "--reason", "custmer-first", now=MONDAY)
    assert wrong.code == 2
    assert "did you mean customer-first?" in wrong.err
    kept = answered(loaded, "cant", task, "--reason", "customer-first", "--by", "dana-ruiz")
    assert kept["state"] in ("planned", "open")
    (decision,) = loaded("decisions", "--json", now=MONDAY).tasks
    assert decision["task"] == task
    escalated = answered(loaded, "show", task)["escalation"]
    assert escalated == {
        "rung": "cant",
        "since": "2027-01-11",
        "to": decision["asked"],
        "decision": decision["id"],
    }


def test_a_decision_changes_the_task_and_is_taken_once(loaded: Cadence) -> None:
    task = str(the(loaded, "rides")["id"])
    answered(loaded, "cant", task, "--reason", "other", "--by", "dana-ruiz")
    assert loaded("decide", task, "extend", "--to", "2027-01-08", now=MONDAY).code == 1
    waived = answered(loaded, "decide", task, "waive", "--reason", "the customer left")
    assert isinstance(waived["changed"], list)
    assert [one["state"] for one in waived["changed"]] == ["skipped"]
    said = waived["changed"][0]["answers"][-1]
    assert (said["reason"], said["text"]) == ("other", "the customer left")
    assert loaded("decide", str(waived["id"]), "waive", "--reason", "x", now=MONDAY).code == 1
    assert loaded("decisions", "--json").tasks == []


@pytest.mark.parametrize(
    "arguments", [["waive"], ["extend", "--until", "2027-01-20"], ["talk", "--to", "kim-lee"], ["dance"]]
)
def test_a_way_out_with_the_wrong_options_is_wrong_usage(loaded: Cadence, arguments: list[str]) -> None:
    assert loaded("decide", "abc", *arguments).code == 2


def test_words_of_ones_own_stay_out_of_the_events(loaded: Cadence) -> None:
    task = str(the(loaded, "kick-off")["id"])
    skipped = answered(loaded, "skip", task, "--reason", "my own words")
    assert skipped["state"] == "skipped"
    events = answered(loaded, "show", task)["events"]
    assert "my own words" not in json.dumps(events)


def test_snooze_wants_a_day_ahead(loaded: Cadence) -> None:
    task = str(the(loaded, "rides")["id"])
    assert answered(loaded, "snooze", task, "--until", "2027-01-14")["version"] == 2
    far = loaded("snooze", str(the(loaded, "kick-off")["id"]), "--until", "2027-01-14")
    assert (far.code, "the last possible day is Mon 11 Jan" in far.err) == (1, True)
    assert loaded("snooze", task, "--until", "2027-01-11", now=MONDAY).code == 1
    assert loaded("snooze", task, "--until", "soon", now=MONDAY).code == 2


def test_who_took_part_confirms_and_the_document_keeps_it(loaded: Cadence) -> None:
    ride = the(loaded, "rides")
    rep = str(ride["about"]).removeprefix("rep/")
    when = "2027-01-25T12:00:00Z"
    assert answered(loaded, "done", str(ride["id"]), "--on", "2027-01-13", "--set", "next=listen", now=when)
    said = answered(loaded, "confirm", str(ride["id"]), "--by", rep, "--text", "one thing agreed", now=when)
    answers = said["answers"]
    assert isinstance(answers, list)
    assert (answers[-1]["verb"], answers[-1]["by"], said["state"]) == ("confirm", rep, "done")
    stranger = loaded("confirm", str(ride["id"]), "--by", "dana-ruiz", now=when)
    assert (stranger.code, "Only who takes part can confirm this" in stranger.err) == (1, True)


def test_show_tells_who_may_answer_why_it_is_theirs_and_what_is_asked(loaded: Cadence) -> None:
    shown = answered(loaded, "show", str(the(loaded, "rides")["id"]))
    assert shown["may_act"] == ["dana-ruiz", "kim-lee", "sam-osei", "vera-pohl"]
    assert shown["why"] == {"seat": "manager/dana-ruiz", "why": "holder", "instead_of": None, "until": None}
    assert isinstance(shown["form"], list)
    asked = {one["field"]: one for one in shown["form"]}
    assert "changed" not in asked, "there is nothing yet that could have changed"
    assert asked["next"]["required"]
    assert asked["next"]["label"] == "One thing to change until next time"


def test_last_times_one_thing_stands_on_top_of_the_next_ride(loaded: Cadence, plan: Path) -> None:
    plan.write_text(plan.read_text().replace("ends: week 2", "ends: week 4"))
    assert loaded("load", str(plan), "--yes", "--force").code == 0
    rides = loaded("tasks", "--json", "--activity", "rides").tasks
    first, second = (one for one in rides if one["about"] == "rep/moses-frase")
    answered(loaded, "done", str(first["id"]), "--by", "dana-ruiz", "--set", "next=ask = listen", "--on", "2027-01-11")
    shown = answered(loaded, "show", str(second["id"]))
    assert shown["last_time"] == [{"field": "next", "answer": "ask = listen", "by": "dana-ruiz", "on": "2027-01-11"}]
    assert isinstance(shown["form"], list)
    assert shown["form"][0]["field"] == "changed"
    printed = loaded("show", str(second["id"])).out
    assert "last time, 2027-01-11: next: ask = listen" in printed
    assert "asks: next* (text): One thing to change until next time" in printed


def test_every_mistake_of_a_form_is_said_at_once_and_nothing_is_written(loaded: Cadence) -> None:
    task = str(the(loaded, "debriefs")["id"])
    wrong = ("--set", "engagd=4", "--set", "engaged[dana-ruiz]=9", "--set", "step[dan-ruiz]=talk")
    ended = loaded("done", task, *wrong, now="2027-01-18T09:00:00Z")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "engagd: there is no such field; did you mean engaged?",
        "engaged[dana-ruiz]: write a whole number from 1 to 5.",
        "step[dan-ruiz]: nobody here has this key, address or name; did you mean dana-ruiz?",
        "cadence: The form is not right yet. Nothing was changed.",
    ]
    shown = the(loaded, "debriefs")
    assert (shown["state"], shown["answers"]) == ("planned", [])


def test_done_without_a_form_is_taken_and_says_what_can_be_added_later(loaded: Cadence) -> None:
    now = "2027-01-18T09:00:00Z"
    task = str(the(loaded, "debriefs")["id"])
    ended = loaded("done", task, now=now)
    assert ended.code == 0
    assert "Still to answer: engaged[dana-ruiz], step[dana-ruiz]" in ended.err
    added = ("--set", "engaged=4", "--set", "step[Dana Ruiz]=two rides")
    ended = loaded("done", task, "--by", "vera-pohl", *added, "--json", now=now)
    assert (ended.code, ended.err) == (0, "")
    document = json.loads(ended.out)
    assert [answer["form"] for answer in document["answers"]] == [
        {},
        {"engaged": {"dana-ruiz": 4}, "step": {"dana-ruiz": "two rides"}},
    ]
    assert (document["version"], document["done_by"]) == (2, None), "who did it is not touched by adding to it"
    assert "answered by vera-pohl: engaged: " in loaded("show", task, now=now).out
    assert loaded("done", task, now=now).code == 1, "a bare done adds nothing"


def test_every_refusal_of_the_state_machine_has_its_words() -> None:
    from cadence.templating import words

    codes = (
        "already-done already-skipped already-missed retired stale future reason-missing snooze-past on-it-again"
        " day-missing move-past not-moved person-missing not-yours already-decided no-such-way form"
    )
    facts = {"by": None, "on": None, "until": date(2027, 1, 11), "holder": None, "choice": "talk"}
    for code in codes.split():
        assert words().say(f"refused.{code}", **(facts | ({"on": date(2027, 1, 11)} if code == "future" else {})))
