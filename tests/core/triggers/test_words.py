"""Durations, date words and spans: what can be written, how it is spelt, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.triggers import (
    BadWord,
    DateWord,
    Duration,
    parse_date,
    parse_duration,
    parse_quantity,
    parse_span,
)
from tests.core.triggers.words_given import DATES, DURATIONS


@given(DURATIONS)
def test_a_duration_is_read_back_as_it_was_spelt(duration: Duration) -> None:
    assert parse_duration(str(duration)) == duration


@given(DATES)
def test_a_date_word_is_read_back_as_it_was_spelt(word: DateWord) -> None:
    assert parse_date(str(word)) == word


@given(st.text(max_size=30) | st.from_regex(r"[a-z0-9 +-]{0,16}", fullmatch=True))
def test_any_text_is_a_word_with_one_spelling_or_refused_with_a_remedy(text: str) -> None:
    for read in (parse_date, parse_duration):
        assert _spelling(read, text) or _remedy(read, text)


def _spelling(read: Callable[[str], object], text: str) -> bool:
    with suppress(BadWord):
        return str(read(str(read(text)))) == str(read(text))
    return False


def _remedy(read: Callable[[str], object], text: str) -> str:
    with pytest.raises(BadWord) as caught:
        read(text)
    return caught.value.message and caught.value.remedy


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("Day 90", "day 90"),
        ("day +5", "day 5"),
        ("day -14", "day -14"),
        ("day \u221214", "day -14"),
        ("week\u00a03", "week 3"),
        ("v2-6 weeks", "v2 - 6 weeks"),
        ("qbr  +  1 workdays", "qbr + 1 workday"),
        ("2027-03-01 + 1 month", "2027-03-01 + 1 month"),
        ("Rollout", "rollout"),
        ("go-live", "go-live"),
    ],
)
def test_a_date_has_one_spelling(written: str, spelt: str) -> None:
    assert str(parse_date(written)) == spelt


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "is not a date"),
        ("dya 90", "did you mean `day 90`?"),
        ("3/1/2027", "write year-month-day"),
        ("1.3.2027", "write year-month-day"),
        ("2027-02-30", "there is no 2027-02-30"),
        ("1027-02-03", "out of reach"),
        ("week 0", "weeks count from 1"),
        ("mon", "`every: week` with `on: mon`"),
        ("day", "alone is not a date"),
        ("v2 - 6 wekes", "did you mean `weeks`"),
        ("v2 - 2 hours", "cannot move a date"),
        ("v2 - 0 days", "moves by nothing"),
        ("day 99999", "is not a date"),
        ("day ٣", "is not a date"),
        ("$(rm)", "is not a date"),
    ],
)
def test_a_bad_date_says_what_is_wrong_and_what_to_write(written: str, says: str) -> None:
    with pytest.raises(BadWord) as caught:
        parse_date(written)
    assert says in f"{caught.value.message}; {caught.value.remedy}"


@pytest.mark.parametrize(
    ("written", "spelt", "minutes"),
    [
        ("15 min", "15 min", 15),
        ("15 minutes", "15 min", 15),
        ("4h", "4h", 240),
        ("1 hour", "1h", 60),
        ("2 workdays", "2 workdays", None),
        ("1 weeks", "1 week", None),
        ("1 month", "1 month", None),
    ],
)
def test_a_duration_has_one_spelling_and_minutes_when_a_clock_can_show_it(
    written: str, spelt: str, minutes: int | None
) -> None:
    assert (str(parse_duration(written)), parse_duration(written).minutes) == (spelt, minutes)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("soon", "is not a duration"),
        ("0 min", "lasts nothing"),
        ("3 wekes", "did you mean `3 weeks`"),
        ("1.5h", "write `90 min`"),
    ],
)
def test_a_bad_duration_says_what_to_write(written: str, says: str) -> None:
    with pytest.raises(BadWord) as caught:
        parse_duration(written)
    assert says in f"{caught.value.message}; {caught.value.remedy}"


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("weeks 1-2", "week 1", "week 2"),
        ("weeks 5–30", "week 5", "week 30"),
        ("days 0 - 13", "day 0", "day 13"),
        ("week 3", "week 3", "week 3"),
        ("2027-12-24..2027-12-31", "2027-12-24", "2027-12-31"),
        ("day -14 .. rollout - 1 day", "day -14", "rollout - 1 day"),
    ],
)
def test_a_span_names_its_first_and_last_day(written: str, first: str, last: str) -> None:
    assert tuple(map(str, parse_span(written))) == (first, last)


def test_a_span_backwards_is_refused() -> None:
    with pytest.raises(BadWord, match="write `weeks 2-5`"):
        parse_span("weeks 5-2")


@pytest.mark.parametrize(
    ("written", "spelt"),
    [
        ("70%", "70%"),
        ("70 percent", "70%"),
        ("12.5 %", "12.5%"),
        ("1200", "1200"),
        ("-3.25", "-3.25"),
        ("14 days", "14 days"),
        ("8h", "8 hours"),
        ("EUR 12000", "12000 EUR"),
        ("12000 USD", "12000 USD"),
        ("0.125 ratio", "0.125 ratio"),
    ],
)
def test_an_amount_has_one_spelling(written: str, spelt: str) -> None:
    assert str(parse_quantity(written)) == spelt
    assert parse_quantity(spelt) == parse_quantity(written)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("many", "is not an amount"),
        ("1,200", "without a separator"),
        ("1'200", "without a separator"),
        ("1.200", "may be thousands or a fraction"),
        ("-12.345 EUR", "write `-12345`"),
        ("30k", "`k` is not a unit"),
        ("12 dayz", "did you mean `days`"),
        ("12 eur", "did you mean `EUR`"),
        ("12 euros", "a currency such as `EUR`"),
        ("EUR 12 %", "is not an amount"),
        ("1e9", "is not"),
        ("٣", "is not an amount"),
    ],
)
def test_an_amount_that_two_countries_read_apart_is_refused(written: str, says: str) -> None:
    with pytest.raises(BadWord) as caught:
        parse_quantity(written)
    assert says in f"{caught.value.message}; {caught.value.remedy}"
