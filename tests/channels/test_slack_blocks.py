"""A message as Block Kit: what stands where, what can be pressed, and that no text can break out or over a limit."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.channels.slack.blocks import arguments, fit
from cadence.core.messages import Line
from cadence.core.model import Choice, Section, Verb
from cadence.templating import words
from tests.channels.samples import ALL_VERBS, CANARIES, DUSTIN, decision, line, message, same_as_golden, whole_brief
from tests.support.slack_limits import faults, texts

say = words().say


def built(*lines: Line, key: str = "k", **more: object) -> dict[str, Any]:
    return arguments(message(*lines, key=key, **more), say)


def elements(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [element for block in payload["blocks"] if block["type"] == "actions" for element in block["elements"]]


def test_a_whole_brief_is_written_as_in_the_golden_file() -> None:
    payload = arguments(whole_brief(), say)
    assert faults(payload) == []
    assert same_as_golden("brief.slack.json", json.dumps(payload, indent=1, ensure_ascii=False) + "\n")


def test_sections_stand_in_their_order_and_lines_within_one_as_given() -> None:
    payload = built(line("C", Section.COMING), line("B"), line("A"), line("D", Section.DECIDE))
    shown = [text for block in payload["blocks"] if block["type"] in ("header", "section") for text in texts(block)]
    firsts = [text.splitlines()[0] for text in shown]
    assert firsts == ["Your call", "*D*", "Today", "*B*", "*A*", "Coming up", "*C*"]


def test_done_has_a_button_and_the_other_answers_are_in_the_menu() -> None:
    done, menu = elements(built(line(verbs=(Verb.DONE, Verb.ON_IT, Verb.SNOOZE))))
    assert (done["action_id"], done["value"], done["text"]["text"]) == ("answer:done", "3f2a91c0b7de:2", "Done")
    assert menu["type"] == "overflow"
    assert [option["value"] for option in menu["options"]] == ["on_it:3f2a91c0b7de:2", "snooze:3f2a91c0b7de:2"]


def test_a_single_further_answer_is_a_button_because_a_menu_needs_two() -> None:
    assert [e["action_id"] for e in elements(built(line(verbs=(Verb.PLACE, Verb.MOVE))))] == [
        "answer:place",
        "answer:move",
    ]


def test_every_verb_can_be_given_at_once_without_breaking_a_limit() -> None:
    payload = built(line(verbs=tuple(Verb)))
    assert faults(payload) == []
    offered = {e["action_id"].partition(":")[2] for e in elements(payload) if e["type"] != "overflow"}
    menus = [e for e in elements(payload) if e["type"] == "overflow"]
    offered |= {option["value"].split(":")[0] for menu in menus for option in menu["options"]}
    assert offered == {*Verb}


@pytest.mark.parametrize("bare", [{"verbs": ()}, {"task_id": None}, {"status": "status.missed"}])
def test_a_line_without_an_answer_to_give_has_no_buttons(bare: dict[str, Any]) -> None:
    assert elements(built(line(**bare))) == []


def test_a_line_with_a_status_says_what_has_become_of_it_instead_of_its_note() -> None:
    settled = line(status="status.done", facts={"by": "Dustin Brinkmann", "on": message().day})
    (section,) = [block for block in built(settled)["blocks"] if block["type"] == "section"]
    assert "Done by Dustin Brinkmann, on Mon 11 Jan." in section["text"]["text"]


def test_saying_that_one_can_not_asks_why_and_types_nothing() -> None:
    (why,) = elements(built(line(verbs=(Verb.CANT,))))
    assert (why["type"], why["action_id"]) == ("static_select", "answer:cant")
    assert why["options"][0]["value"].endswith(":customer-first")


def test_a_decision_offers_its_ways_out_and_asks_why_something_is_waived() -> None:
    hand_over, extend, waive, _ = elements(built(decision()))
    assert hand_over["text"]["text"] == "Hand over to Anna Snelling"
    assert (extend["action_id"], extend["value"]) == ("decide:extend", "9a0c1d2e3f40:extend")
    assert waive["type"] == "static_select"
    assert waive["options"][0]["value"] == "9a0c1d2e3f40:waive:customer-first"


def test_nobody_is_offered_a_hand_over_without_a_candidate() -> None:
    assert "decide:hand-over" not in [e["action_id"] for e in elements(built(decision(candidate=None)))]


def test_a_settled_decision_has_no_ways_out_left() -> None:
    settled = decision(status="status.decided", facts={"by": "Cara Losch", "choice": "extend"})
    payload = built(settled)
    assert elements(payload) == []
    assert any("Cara Losch decided: it gets more time." in text for text in texts(payload["blocks"]))


def test_one_task_in_two_sections_keeps_block_ids_unique() -> None:
    assert faults(built(line(), line(section=Section.OVERDUE))) == []


def test_a_stand_in_reads_for_whom_and_until_when() -> None:
    payload = arguments(whole_brief(), say)
    assert any("For Cara Losch, away until Fri 12 Feb." in text for text in texts(payload["blocks"]))


def test_a_redirected_message_is_headed_with_whom_it_was_meant_for() -> None:
    payload = built(line(), instead_of="Cara Losch")
    assert payload["blocks"][0]["elements"][0]["text"] == "This one is meant for Cara Losch."


def test_the_key_travels_in_the_metadata() -> None:
    metadata = built(line(), key="brief:a:2027")["metadata"]
    assert metadata == {"event_type": "cadence_delivery", "event_payload": {"key": "brief:a:2027"}}


def test_the_notification_names_what_is_there_to_do() -> None:
    assert built(line("A"), decision(title="B"))["text"] == "B · A"


@pytest.mark.parametrize("count", [0, 1, 23, 24, 25, 60, 500])
def test_a_long_brief_is_cut_at_fifty_blocks_and_says_how_many_more_there_are(count: int) -> None:
    payload = built(*(line(f"Task {n}", task_id=f"t{n}", verbs=ALL_VERBS) for n in range(count)))
    shown = sum(block["type"] == "section" and "Task" in block["text"]["text"] for block in payload["blocks"])
    assert faults(payload) == []
    assert shown == min(count, 23)
    more = [text for text in texts(payload["blocks"]) if text.endswith(" more.")]
    assert more == ([f"… and {count - 23} more."] if count > 23 else [])


def test_all_text_together_stays_under_what_slack_takes() -> None:
    payload = built(*(line("&" * 150, task_id=f"t{n}", verbs=(), section=Section.TOLD) for n in range(48)))
    assert sum(len(text) for text in texts(payload["blocks"])) < 13_000
    assert any(text.endswith(" more.") for text in texts(payload["blocks"]))


@pytest.mark.parametrize("canary", CANARIES, ids=lambda text: ascii(text)[:30])
def test_no_text_becomes_a_mention_a_link_a_second_line_or_goes_over_a_limit(canary: str) -> None:
    told = {"at": canary, "for_person": canary, "until": None}
    payload = built(
        line(canary, facts=told, verbs=tuple(Verb)),
        decision(title=canary, candidate=canary or "x", choices=tuple(Choice)),
        to=replace(DUSTIN, name=canary),
        instead_of=canary,
    )
    assert faults(payload) == []
    json.dumps(payload, ensure_ascii=False).encode("utf-8")
    labels = [element["accessibility_label"] for element in elements(payload) if element["type"] == "button"]
    for text in [payload["text"], *labels, *texts(payload["blocks"])]:
        assert not set("<>\x00\x07\x1b\r\u202e\u2066") & set(text)
        assert re.search(r"&(?!amp;|lt;|gt;)", text) is None
        assert text.count("\n") <= 1
    assert "link_names" not in payload
    assert "parse" not in payload
    assert all(b["text"]["verbatim"] for b in payload["blocks"] if b["type"] == "section")


def test_text_is_escaped_exactly_once() -> None:
    payload = built(line("R&D <ride> &amp;"))
    assert payload["text"] == "R&amp;D &lt;ride&gt; &amp;amp;"
    assert html.unescape(payload["text"]) == "R&D <ride> &amp;"


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("a&<>é👩;"), max_size=200), st.integers(1, 60))
def test_fit_keeps_its_limit_and_never_cuts_an_escape_in_two(text: str, limit: int) -> None:
    fitted = fit(text, limit)
    assert len(fitted) <= limit
    assert re.search(r"&(?!amp;|lt;|gt;)", fitted) is None
    assert html.unescape(fitted.removesuffix("…")) == text[: len(html.unescape(fitted.removesuffix("…")))]
    assert fitted == html.escape(text, quote=False) or fitted.endswith("…")
