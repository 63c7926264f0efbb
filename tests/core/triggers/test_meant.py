"""A remedy, followed to the letter, is read: what people write in everyday words, and what they are told to write."""

from __future__ import annotations

import pytest

from cadence.core.triggers import build_trigger, meant
from cadence.core.triggers.words import BadWord, parse_date, parse_duration, parse_span


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("daily", "workday"),
        ("day", "workday"),
        ("weekly", "week"),
        ("two weeks", "2 weeks"),
        ("2weeks", "2 weeks"),
        ("biweekly", "2 weeks"),
        ("every other week", "2 weeks"),
        ("14 days", "2 weeks"),
        ("10 days", "10 workdays"),
        ("yearly", "12 months"),
    ],
)
def test_a_rhythm_in_everyday_words_gets_a_remedy_that_is_read(said: str, written: str) -> None:
    with pytest.raises(BadWord, match="every:") as refused:
        build_trigger({"every": said})
    assert refused.value.remedy == f"write `{written}`"
    assert build_trigger({"every": written})


def test_a_weekday_under_every_is_told_to_go_under_on() -> None:
    with pytest.raises(BadWord, match="not a rhythm") as refused:
        build_trigger({"every": "Monday"})
    assert refused.value.remedy == "write `every: week` and `on: mon`"


@pytest.mark.parametrize(
    ("said", "written"),
    [("15", "15th"), ("11", "11th"), ("22", "22nd"), ("1st mon", "first mon"), ("fifth fri", "last fri")],
)
def test_a_day_of_a_month_in_everyday_words_gets_a_remedy_that_is_read(said: str, written: str) -> None:
    with pytest.raises(BadWord, match="no day of a period") as refused:
        build_trigger({"every": "month", "on": said})
    assert refused.value.remedy == f"write `{written}`"
    assert build_trigger({"every": "month", "on": written})


def test_the_last_day_of_a_month_is_the_31st() -> None:
    remedies = {}
    for said in ("last day", "last workday"):
        with pytest.raises(BadWord, match="no day of a period") as refused:
            build_trigger({"every": "month", "on": said})
        remedies[said] = refused.value.remedy
    assert remedies == {
        "last day": "write `31st`: a shorter month then has its last day",
        "last workday": "write `31st` with `roll: previous`",
    }


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("11.01.2027", ["2027-01-11"]),
        ("2027/1/11", ["2027-01-11"]),
        ("1/13/2027", ["2027-01-13"]),
        ("01/11/2027", ["2027-11-01", "2027-01-11"]),
        ("January 11, 2027", ["2027-01-11"]),
        ("11. März 2027", []),
        ("3rd of May 2027", ["2027-05-03"]),
        ("90 days", ["day 90"]),
        ("6 weeks before v2", ["v2 - 6 weeks"]),
        ("v2 plus 3 workdays", ["v2 + 3 workdays"]),
    ],
)
def test_a_date_in_everyday_words_gets_a_remedy_that_is_read(said: str, written: list[str]) -> None:
    with pytest.raises(BadWord, match="is not a date") as refused:
        parse_date(said)
    assert all(parse_date(word) for word in written)
    assert not written or refused.value.remedy.endswith(f"`{'` or `'.join(written)}`")


@pytest.mark.parametrize(
    ("said", "written"),
    [("1h30", "90 min"), ("1 h 30 min", "90 min"), ("1:15", "75 min"), ("1,5 h", "90 min"), ("half a day", "4h"),
     ("an hour", "1 hour"), ("two weeks", "2 weeks")],
)  # fmt: skip
def test_a_length_in_everyday_words_gets_a_remedy_that_is_read(said: str, written: str) -> None:
    with pytest.raises(BadWord, match="is not a duration") as refused:
        parse_duration(said)
    assert refused.value.remedy == f"write `{written}`"
    assert parse_duration(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [("week 1 to week 2", "weeks 1-2"), ("week 1-2", "weeks 1-2"),
     ("2027-02-08 bis 2027-02-12", "2027-02-08..2027-02-12")],
)  # fmt: skip
def test_a_span_in_everyday_words_gets_a_remedy_that_is_read(said: str, written: str) -> None:
    with pytest.raises(BadWord, match="is not a span") as refused:
        parse_span(said)
    assert refused.value.remedy == f"write `{written}`"
    assert parse_span(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [("9", "09:00"), ("9.30", "09:30"), ("9 Uhr", "09:00"), ("5pm", "17:00"), ("12 a.m.", "00:00"), ("noon", "12:00"),
     ("25", ""), ("13 pm", ""), ("soon", "")],
)  # fmt: skip
def test_an_hour_in_everyday_words_is_understood_or_nobody_can_tell(said: str, written: str) -> None:
    assert meant.clock(said) == written
