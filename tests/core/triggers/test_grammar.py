"""Triggers: which words go together, how they are spelt back, how a plan's words refine its kind's."""

from __future__ import annotations

import pytest
from hypothesis import given

from cadence.core.kinds import KINDS
from cadence.core.triggers import (
    Awaited,
    BadWord,
    Once,
    OnDates,
    Rhythm,
    Several,
    Trigger,
    build_trigger,
    date_words,
    default_roll,
    parse_every,
    spell,
    trigger_for,
)
from tests.core.triggers.words_given import TRIGGERS


@given(TRIGGERS)
def test_a_trigger_is_read_back_as_it_was_spelt(trigger: Trigger) -> None:
    assert not isinstance(trigger, Several)
    assert build_trigger(spell(trigger)) == trigger


@pytest.mark.parametrize(
    ("words", "spelt"),
    [
        ({"on": "day 28"}, {"on": "day 28"}),
        ({"on": ["v2 - 6 weeks", "v2"]}, {"on": ["v2 - 6 weeks", "v2"]}),
        ({"every": "1 week", "on": "Monday"}, {"every": "week", "on": "mon"}),
        ({"every": "2 weeks", "on": ["tue", "wed"]}, {"every": "2 weeks", "on": ["tue", "wed"]}),
        ({"every": "month", "on": "22nd"}, {"every": "month", "on": "22nd"}),
        ({"every": "quarter", "on": "Last Fri"}, {"every": "quarter", "on": "last fri"}),
        ({"every": "week", "except": "week 3"}, {"every": "week", "except": ["week 3"]}),
        (
            {"rrule": "rrule:freq=monthly; byday=+1mo,-1FR;bysetpos=02"},
            {"rrule": "FREQ=MONTHLY;BYDAY=1MO,-1FR;BYSETPOS=2"},
        ),
        ({"rrule": "FREQ=DAILY;UNTIL=20271231T235959Z"}, {"rrule": "FREQ=DAILY;UNTIL=20271231"}),
        ({"every": "workday", "during": "start", "times": "3"}, {"every": "workday", "during": "start", "times": "3"}),
    ],
)
def test_a_trigger_has_one_spelling(words: dict[str, object], spelt: dict[str, object]) -> None:
    trigger = build_trigger(words)
    assert not isinstance(trigger, Several)
    assert spell(trigger) == spelt


@pytest.mark.parametrize(
    ("words", "at", "says"),
    [
        ({}, "", "it never says when"),
        ({"evry": "week"}, "evry", "did you mean `every`"),
        ({"every": "day"}, "every", "write `workday`"),
        ({"every": "wek"}, "every", "did you mean `week`"),
        ({"every": "0 weeks"}, "every", "between 1 and 52"),
        ({"every": "53 weeks"}, "every", "between 1 and 52"),
        ({"every": "fortnightly"}, "every", "is not a rhythm"),
        ({"every": ["week"]}, "every", "is one word"),
        ({"every": "week", "on": "15th"}, "on", "takes weekdays"),
        ({"every": "workday", "on": "mon"}, "on", "counts days"),
        ({"rrule": "FREQ=DAILY", "every": "week"}, "every", "does not go with `rrule:`"),
        ({"rrule": "FREQ=WEEKLY", "on": "mon"}, "on", "does not go with `rrule:`"),
        ({"rrule": ["FREQ=DAILY"]}, "rrule", "is one word"),
        ({"every": "week", "on": "day 3"}, "on", "write `mon`"),
        ({"every": "week", "on": "tues"}, "on", "did you mean `tue`"),
        ({"every": "week", "except": {}}, "except", "is a list of dates"),
        ({"every": "week", "on": ["tue", "wednes"]}, "on.1", "did you mean `wed`"),
        ({"every": "week", "on": ["tue", "tue"]}, "on", "twice"),
        ({"every": "week", "on": []}, "on", "empty list"),
        ({"every": "week", "on": {"a": "b"}}, "on", "a day or a list of days"),
        ({"every": "month", "on": "32nd"}, "on", "no month"),
        ({"every": "month", "on": "first fry"}, "on", "did you mean `fri`"),
        ({"every": "week", "until": "someday soon"}, "until", "is not a date"),
        ({"every": "week", "during": "weeks 1-2"}, "during", "is not a phase"),
        ({"every": "week", "times": "many"}, "times", "is not a count"),
        ({"every": "week", "except": ["day 3", "dya 4"]}, "except.1", "did you mean `day "),
        ({"on": "mon"}, "on", "add `every: week`"),
        ({"on": "day 3", "until": "day 9"}, "until", "leave `until` out"),
        ({"on": ["day 3", "day 9"], "from": "day 1"}, "from", "single date"),
        ({"on": ["day 3", "Day  3"]}, "on.1", "given twice"),
        ({"when": "later"}, "when", "is a map"),
        ({"when": {}}, "when", "one signal or for one metric"),
        ({"when": {"signl": "x"}}, "when.signl", "did you mean `signal`"),
        ({"when": {"signal": "x", "within": "3 wekdays"}}, "when.within", "not a unit of time"),
        ({"when": {"signal": "x", "within": "4h"}}, "when.within", "shorter than a day"),
        ({"when": {"signal": "deal stage"}}, "when.signal", "words with dots"),
        ({"when": {"signal": "x", "below": "70%"}}, "when.below", "does not go with a signal"),
        ({"when": {"signal": "x", "where": {"stage": []}}}, "when.where.stage", "a list of words"),
        ({"when": {"metric": "x", "below": "3", "where": {"a": "b"}}}, "when.where", "does not go with a metric"),
        ({"when": {"metric": "x"}}, "when", "write `below: 70%`"),
        ({"when": {"metric": "x", "below": "3", "above": "4"}}, "when", "on one side"),
        ({"when": {"metric": "x", "below": "few"}}, "when.below", "is not an amount"),
        ({"when": {"metric": "x", "below": "3", "per": "taem"}}, "when.per", "did you mean `team`"),
        ({"when": {"metric": "x", "below": "3", "check_on": "dya 3"}}, "when.check_on", "did you mean `day "),
        ({"when": {"signal": "x", "at_most": "0 per week"}}, "when.at_most", "2 per week"),
        ({"when": {"signal": "x", "at_most": "lots"}}, "when.at_most", "2 per week"),
        ({"when": {"signal": "x", "where": "stage"}}, "when.where", "is a map"),
        ({"when": {"signal": "x"}, "every": "week"}, "every", "does not go with"),
    ],
)
def test_a_mistake_says_where_it_stands_and_what_to_write(words: dict[str, object], at: str, says: str) -> None:
    with pytest.raises(BadWord) as caught:
        build_trigger(words)
    assert says in f"{caught.value.message}; {caught.value.remedy}"
    assert caught.value.at == at


def test_a_signal_and_a_metric_keep_their_words() -> None:
    signal = {
        "signal": "deal.stage",
        "where": {"stage": "Proposal", "region": ["East", "West"]},
        "within": "3 workdays",
        "at_most": "2 per week",
    }
    metric = {"metric": "adoption", "below": "70%", "check_on": "day 35", "per": "team"}
    above = {"metric": "ramp", "above": "90 days", "within": "1 week"}
    for when in (signal, metric, above):
        trigger = build_trigger({"when": when})
        assert isinstance(trigger, Awaited)
        assert spell(trigger) == {"when": when}


RIDES = KINDS["field_ride"].rhythms


def test_a_kind_without_words_from_the_plan_keeps_its_rhythms() -> None:
    trigger = trigger_for(RIDES, {})
    assert isinstance(trigger, Several)
    assert [str(part.every) for part in trigger.parts] == ["2 weeks", "4 weeks"]


def test_a_weekday_or_a_limit_of_the_plan_refines_every_rhythm_of_the_kind() -> None:
    trigger = trigger_for(RIDES, {"on": ["tue", "wed"], "until": "day 84", "except": ["week 3"]})
    assert isinstance(trigger, Several)
    assert trigger.until == trigger_limit("day 84")
    assert [spell(part)["on"] for part in trigger.parts] == [["tue", "wed"]] * 2
    assert date_words(trigger) == (("until", trigger_limit("day 84")), ("except.0", trigger_limit("week 3")))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"on": "day 4", "from": "day 0"}, {"on": "day 4", "from": "day 0"}),
        ({"on": ["day 4", "v2"]}, {"on.0": "day 4", "on.1": "v2"}),
        ({"when": {"metric": "adoption", "below": "7", "check_on": "day 35"}}, {"when.check_on": "day 35"}),
        ({"when": {"signal": "deal.stage"}}, {}),
    ],
)
def test_every_date_word_is_named_with_the_key_it_stands_under(words: dict[str, object], found: dict[str, str]) -> None:
    assert {key: str(word) for key, word in date_words(build_trigger(words))} == found


def trigger_limit(word: str) -> object:
    once = build_trigger({"on": word})
    assert isinstance(once, Once)
    return once.date


@pytest.mark.parametrize("given", [{"every": "2 weeks", "until": "day 84"}, {"on": "day 60"}, {"on": ["day 0", "v2"]}])
def test_a_rhythm_or_a_date_of_the_plan_replaces_the_kinds(given: dict[str, object]) -> None:
    assert trigger_for(RIDES, given) == build_trigger(given)


def test_a_plan_may_limit_a_kind_of_one_rhythm() -> None:
    trigger = trigger_for(KINDS["team_meeting"].rhythms, {"on": "fri", "until": "week 6"})
    assert isinstance(trigger, Rhythm)
    assert spell(trigger) == {"every": "week", "on": "fri", "until": "week 6"}


def test_two_rhythms_of_one_series_may_not_share_their_keys() -> None:
    weekly = Rhythm(every=parse_every("week"))
    with pytest.raises(ValueError, match="of their own"):
        Several(parts=(weekly, weekly))


@pytest.mark.parametrize(
    ("on", "way"),
    [("v2 - 6 weeks", "previous"), (["v2 - 2 weeks", "v2"], "previous"), ("v2", "next"), ("v2 + 3 days", "next"),
     ("day 28", "next"), ("2027-03-01 - 2 days", "next")],
)  # fmt: skip
def test_a_deadline_before_a_milestone_rolls_back_and_all_else_on(on: object, way: str) -> None:
    trigger = build_trigger({"on": on})
    assert isinstance(trigger, Once | OnDates)
    assert default_roll(trigger) == way
