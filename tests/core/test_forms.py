"""The form of an activity: what the plan makes of the kind's, what counts as an answer, and what becomes of answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given as law
from hypothesis import settings
from hypothesis import strategies as st

from cadence.core.forms import Question, carried, carries, check, collected, form, given, label, may_see, typed
from cadence.core.forms.checking import NUMBER
from cadence.core.kinds import KINDS
from cadence.core.model import Answer, Person, Source, State, Task, Verb
from cadence.core.planfile.schema import Activity
from tests.core.compiling import compiled, plan_of

PLAN = """
plan: p
rollout: 2027-03-01
ends: week 8
people:
  list:
    ana: {name: Ana Silva, email: ana@x.test, reports_to: vic}
    ben: {name: Ben Ott, email: ben@x.test, reports_to: vic}
    rae: {name: Rae Moss, email: rae@x.test, manager: ana}
    tom: {name: Tom Hale, email: tom@x.test, manager: ben}
    vic: {name: Vic Stone, email: vic@x.test, reports_to: sue}
    sue: {name: Sue Park, email: sue@x.test}
    kim: {name: Kim Lee, email: kim@x.test}
roles: {vp: vic, sponsor: sue, enablement: kim}
keepers: [kim]
activities:
"""
PEOPLE: Mapping[str, Person] = {
    key: Person(key=key, identity=f"mail:{key}@x.test", name=name, email=f"{key}@x.test")
    for key, name in {"ana": "Ana Silva", "ben": "Ben Ott", "bea": "Ben Ott"}.items()
}
RIDES = "rides: {kind: field_ride, owner: manager, with: each rep, every: 2 weeks}"


def activity(line: str) -> Activity:
    return plan_of(f"{PLAN}  {line}\n").activities[0]


def keys(line: str) -> list[str]:
    return [question.key for question in form(activity(line))]


def test_without_a_word_of_the_plan_the_form_is_the_kinds() -> None:
    assert keys(RIDES) == [field.key for field in KINDS["field_ride"].form]


def test_a_plan_changes_a_field_drops_one_and_adds_its_own_at_the_end() -> None:
    asked = form(
        activity(
            "t: {kind: campaign_review, ask: {deals: {required: false}, back: off, risk: {label: The biggest risk}}}"
        )
    )
    assert [one.key for one in asked] == ["deals", "forward", "stuck", "understanding", "lesson", "risk"]
    assert asked[0].type == "number", "what the plan does not say stays"
    assert not asked[0].required
    assert asked[-1].type == "text"


def test_what_a_plan_carries_is_asked_about_first() -> None:
    one = "t: {kind: training, on: day 3, ask: {next: {label: One thing, carry: true}}}"
    assert keys(one) == ["changed", "next"]
    assert form(activity(one))[0].options == ("yes", "partly", "not-yet", "no-occasion")
    assert "changed" not in keys(RIDES.replace("}", ", ask: {changed: off}}")), "unless the plan drops it"


def test_a_label_is_the_plans_else_the_catalogues_else_the_key() -> None:
    said = form(
        activity(
            "t: {kind: quick_win, ask: {tried: {label: {en: The trick, de: Der Kniff}}, where-from: {type: link}}}"
        )
    )
    words = [label(one, "de", lambda key: f"<{key}>") for one in said]
    assert words == ["Der Kniff", "<form.quick_win.customer>", "<form.quick_win.named>", "where from"]


@pytest.mark.parametrize(
    ("line", "field", "seen_by"),
    [
        (RIDES, "next", "pair"),
        (RIDES, "v2", "plan"),
        ("t: {kind: campaign_review}", "stuck", "line"),
        ("t: {kind: campaign_review, ask: {stuck: {seen_by: keepers}}}", "stuck", "keepers"),
    ],
)
def test_coaching_stays_with_the_pair_and_what_is_collected_is_everybodys(line: str, field: str, seen_by: str) -> None:
    assert next(one for one in form(activity(line)) if one.key == field).seen_by == seen_by


CHOICE = Question(key="q", type="choice", options=("Discovery", "Proposal, written", "Close"))


@pytest.mark.parametrize(
    ("question", "words", "kept"),
    [
        (Question(key="q", type="yes/no"), "YES", "yes"),
        (Question(key="q", type="yes/no"), "maybe", "!yes-no"),
        (Question(key="q", type="score"), "5", "5"),
        (Question(key="q", type="score"), "6", "!score"),
        (Question(key="q", type="score"), "٣", "!score"),
        (Question(key="q", type="number"), "3.5", "3.5"),
        (Question(key="q", type="number"), "1,200", "!number"),
        (Question(key="q", type="number"), "nan", "!number"),
        (Question(key="q", type="date"), "2027-02-28", "2027-02-28"),
        (Question(key="q", type="date"), "2027-02-30", "!date"),
        (Question(key="q", type="link"), "https://crm.example/deal?id=1", "https://crm.example/deal?id=1"),
        (Question(key="q", type="link"), "http://crm.example/", "!link"),
        (Question(key="q", type="link"), "javascript:alert(1)", "!link"),
        (Question(key="q", type="link"), "https://me:pw@crm.example/", "!link"),
        (Question(key="q", type="link"), "https://[crm", "!link"),
        (Question(key="q", type="person"), "ana", "ana"),
        (Question(key="q", type="person"), "ANA@x.test", "ana"),
        (Question(key="q", type="person"), "Ana Silva", "ana"),
        (Question(key="q", type="person"), "Ben Ott", "!several"),
        (Question(key="q", type="person"), "Anna Silva", "!person"),
        (CHOICE, "close", "Close"),
        (CHOICE, "Closed", "!choice"),
        (CHOICE, "Discovery, Close", "!choice"),
        (replace(CHOICE, many=True), "close, discovery", "Discovery\nClose"),
        (replace(CHOICE, many=True), "Proposal, written", "Proposal, written"),
        (replace(CHOICE, many=True), "proposal, written\nclose", "Proposal, written\nClose"),
        (Question(key="q"), " as it is ", "as it is"),
        (Question(key="q"), "", "!empty"),
        (Question(key="q"), "x" * 5_001, "!long"),
    ],
)
def test_each_type_takes_its_answers_in_one_spelling_and_no_others(question: Question, words: str, kept: str) -> None:
    checked = check([question], {"q": words}, (), PEOPLE)
    found = checked.answers.get("q") if not checked.mistakes else f"!{checked.mistakes[0].code}"
    assert found == kept


def test_every_mistake_is_said_at_once_and_a_near_miss_with_it() -> None:
    asked = form(activity("t: {kind: campaign_review}"))
    checked = check(asked, {"deal": "3", "understanding": "9", "stuck": "Close", "lesson[ana]": "x"}, (), PEOPLE)
    assert [(one.reference, one.code) for one in checked.mistakes] == [
        ("deal", "unknown"),
        ("understanding", "score"),
        ("lesson[ana]", "not-each"),
    ]
    assert checked.mistakes[0].facts["near"] == "deals"
    assert dict(checked.answers) == {"stuck": "Close"}
    assert checked.missing == ("deals",)


def test_a_field_asked_for_each_attendee_is_answered_for_each() -> None:
    asked = form(activity("t: {kind: manager_debrief}"))
    told = {"engaged[ana]": "4", "engaged[Bea]": "3", "step": "talk", "obstacle[vic]": "time"}
    checked = check(asked, told, ("ana", "bea"), PEOPLE)
    assert dict(checked.answers) == {"engaged[ana]": "4", "engaged[bea]": "3"}
    assert [one.code for one in checked.mistakes] == ["whom", "person"]
    assert checked.missing == ("step[ana]", "step[bea]")
    assert dict(check(asked, {"step": "talk"}, ("ana",), PEOPLE).answers) == {"step[ana]": "talk"}, "there is only one"


def test_what_was_answered_before_is_not_missing() -> None:
    asked = form(activity("t: {kind: quick_win}"))
    assert check(asked, {}, (), PEOPLE).missing == ("tried", "customer")
    assert check(asked, {"customer": "signed"}, (), PEOPLE, {"tried": "a map"}).missing == ()


@law(st.text(max_size=40), st.sampled_from(["number", "score", "date", "link", "yes/no", "text", "choice", "person"]))
@settings(max_examples=600, deadline=None)
def test_whatever_is_taken_is_taken_again_as_it_is_kept(words: str, type_: str) -> None:
    question = Question(key="q", type=type_, options=("a", "b"))  # type: ignore[arg-type]  # one of them
    kept = check([question], {"q": words}, (), PEOPLE).answers
    again = check([question], kept, (), PEOPLE)
    assert (again.answers, again.mistakes) == (kept, ())
    if type_ == "number" and kept:
        assert NUMBER.fullmatch(kept["q"])


# --- answers once given ------------------------------------------------------------------------------------------


def done(task: Task, on: str, form: Mapping[str, str], by: str = "ana") -> tuple[Task, Answer]:
    at = datetime.fromisoformat(f"{on}T12:00:00+00:00")
    answer = Answer(task_id=task.id, verb=Verb.DONE, actor=by, source=Source.CLI, at=at, form=form)
    return replace(task, state=State.DONE, happened_on=at.date(), done_by=by), answer


def tasks_of(line: str, about: str = "") -> list[Task]:
    found = compiled(f"{PLAN}  {line}\n").schedule
    loaded = datetime(2027, 2, 1, tzinfo=UTC)
    return [Task(occurrence=one, changed_at=loaded) for one in found if about in one.about]


def test_answers_leave_as_values_without_the_anonymous_ones() -> None:
    asked = (
        Question(key="ok", type="yes/no"),
        Question(key="deals", type="number"),
        Question(key="share", type="number"),
        replace(CHOICE, many=True),
        Question(key="engaged", type="score", each=True),
        Question(key="mood", type="score", anonymous=True),
    )
    kept = {"ok": "yes", "deals": "12", "share": "0.5", "q": "Discovery\nClose", "engaged[ana]": "4", "mood": "2"}
    assert typed(asked, {**kept, "dropped": "of earlier"}) == {
        "ok": True,
        "deals": 12,
        "share": 0.5,
        "q": ["Discovery", "Close"],
        "engaged": {"ana": 4},
        "dropped": "of earlier",
    }


def test_the_newest_answer_of_the_series_is_carried_and_an_empty_one_hides_nothing() -> None:
    rides = tasks_of(RIDES, "rae")
    first, told = done(rides[0], "2027-03-04", {"next": "ask more"})
    second, bare = done(rides[1], "2027-03-18", {})
    (one,) = carried(carries(activity(RIDES)), [second, first], {first.id: [told], second.id: [bare]})
    assert (one.words, one.by, one.on) == ("ask more", "ana", date(2027, 3, 4))
    later, added = done(rides[1], "2027-03-18", {"next": "listen"})
    (one,) = carried(carries(activity(RIDES)), [first, later], {first.id: [told], later.id: [bare, added]})
    assert one.words == "listen"


def test_what_is_carried_for_each_attendee_is_carried_for_each() -> None:
    line = "t: {kind: manager_debrief, ask: {step: {carry: true}}}"
    first, told = done(tasks_of(line)[0], "2027-03-02", {"step[ana]": "two rides", "step[ben]": "a talk"}, by="vic")
    found = carried(carries(activity(line)), [first], {first.id: [told, replace(told, form={"step[ben]": "a call"})]})
    assert [(one.whom, one.words) for one in found] == [("ana", "two rides"), ("ben", "a call")]


def test_answers_from_before_a_field_was_asked_for_each_attendee_stand_beside_those_since() -> None:
    asked = (Question(key="a", type="score", each=True), Question(key="b", anonymous=True))
    assert typed(asked, {"a": "4", "a[ana]": "3", "b[ana]": "x"}) == {"a": {"": 4, "ana": 3}}


@pytest.mark.parametrize(
    ("seen_by", "readers"),
    [
        ("pair", "ana rae"),
        ("line", "ana rae vic"),
        ("keepers", "ana kim rae vic"),
        ("plan", "ana ben kim rae sue tom vic"),
    ],
)
def test_who_may_read_an_answer_widens_with_seen_by(seen_by: str, readers: str) -> None:
    directory, ride = compiled(f"{PLAN}  {RIDES}\n").directory, tasks_of(RIDES, "rae")[0]
    question = Question(key="next", seen_by=seen_by)  # type: ignore[arg-type]  # one of them
    day = date(2027, 3, 4)
    found = [one for one in directory.persons if may_see(question, one, replace(ride, handed_to="tom"), directory, day)]
    assert " ".join(found) == readers


def test_wins_and_lessons_are_collected_with_who_and_when_unless_that_is_nobodys_to_know() -> None:
    line = "t: {kind: quick_win, ask: {named: {anonymous: true, collect: lessons}}}"
    plan = plan_of(f"{PLAN}  {line}\n")
    first, told = done(tasks_of(line)[0], "2027-03-02", {"tried": "a map", "named": "no", "customer": "signed"})
    open_one = tasks_of(line)[1]
    found = collected(plan, [open_one, first], {first.id: [told]})
    assert [(one.what, one.by, one.on, one.texts) for one in found] == [
        ("lessons", None, date(2027, 3, 2), (("named", "no"),)),
        ("wins", "ana", date(2027, 3, 2), (("tried", "a map"), ("customer", "signed"))),
    ]
    assert given([told, replace(told, form={"tried": "two maps"})])["tried"] == "two maps"
