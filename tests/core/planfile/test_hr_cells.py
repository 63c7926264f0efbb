"""What HR systems write into a cell: dates that have one meaning are read, those that have two are not guessed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.planfile.cells import Order, TwoDates, day_of, order_of, whole, written
from cadence.core.triggers.words import BadWord
from tests.core.planfile.reading import HEAD, plan_of, said

PEOPLE = f"{HEAD}people: {{file: people.csv}}\n"
LAST_OF_JANUARY = date(2027, 1, 31)


@pytest.mark.parametrize(
    "cell",
    [
        "2027-01-31",
        "2027/1/31",
        "2027.01.31",
        "20270131",
        "31.01.2027",
        "31.1.2027",
        "31. 1. 2027",
        "31/01/2027",
        "1/31/2027",
        "31-01-2027",
        "31-Jan-2027",
        "31 January 2027",
        "Jan 31, 2027",
        "January 31 2027",
        "2027-01-31 00:00:00",
        "2027-01-31T00:00:00.000Z",
        "1/31/2027 12:00:00 AM",
        "2027-01-31T08:30:00+01:00",
    ],
)
def test_a_date_of_one_meaning_is_read(cell: str) -> None:
    assert day_of(cell, None) == LAST_OF_JANUARY


@pytest.mark.parametrize(
    "cell", ["soon", "46419", "31/31/2027", "2027-02-30", "30.02.2027", "1.3.27", "1-Mrz-2027", "2027-1.2", "Q1 2027"]
)
def test_what_is_no_date_is_refused_with_what_to_write(cell: str) -> None:
    with pytest.raises(BadWord, match="is not a date; write year-month-day"):
        day_of(cell, None)


@pytest.mark.parametrize("cell", ["3/4/2027", "03/04/2027", "03-04-2027"])
def test_a_date_of_two_meanings_is_read_only_where_the_table_shows_the_order(cell: str) -> None:
    with pytest.raises(TwoDates, match="may be 2027-03-04 or 2027-04-03; write year-month-day"):
        day_of(cell, None)
    assert day_of(cell, "day") == date(2027, 4, 3)
    assert day_of(cell, "month") == date(2027, 3, 4)


def test_a_day_that_is_its_own_month_needs_no_order() -> None:
    assert day_of("4/4/2027", None) == date(2027, 4, 4)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (("3/4/2027", "13/1/2027", ""), "day"),
        (("3/4/2027", "1/13/2027"), "month"),
        (("3/4/2027", "2/2/2027", "2027-01-31", "31.1.2027", "soon"), None),
        (("13/1/2027", "1/13/2027"), None),
        ((), None),
    ],
)
def test_one_plain_date_shows_the_order_of_the_others(cells: tuple[str, ...], order: str | None) -> None:
    assert order_of(cells) == order


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from(["day", "month"]))
def test_a_date_is_never_read_as_another_one(day: date, order: Order) -> None:
    cell = day.strftime("%d/%m/%Y" if order == "day" else "%m/%d/%Y")
    assert day_of(cell, order) == day
    if day.day > 12 or day.day == day.month:
        assert day_of(cell, None) == day
    else:
        with pytest.raises(TwoDates, match=day.isoformat()):
            day_of(cell, None)


def test_the_year_in_which_nothing_ends_is_no_end() -> None:
    assert day_of("9999-12-31", None) is None
    (row,) = plan_of(PEOPLE, people="name,started,left\nAnna Berg,01.05.1998,31.12.9999\n").people.rows
    assert (row.started, row.left) == (date(1998, 5, 1), None)


@pytest.mark.parametrize(("cell", "meant"), [("N/A", ""), ("-", ""), ("NULL", ""), ("NA", "NA"), ("Null Island", None)])
def test_nothing_is_written_in_many_words(cell: str, meant: str | None) -> None:
    assert written(cell) == (cell if meant is None else meant)


def test_a_name_is_never_nothing() -> None:
    (row,) = plan_of(PEOPLE, people="name,manager,region,left\nNull,n/a,NA,-\n").people.rows
    assert (row.name, row.manager, row.region, row.left) == ("Null", None, "NA", None)


def test_numbers_that_a_spreadsheet_took_for_decimals_are_the_same_numbers() -> None:
    assert [whole("1001.0"), whole("1001"), whole("1001.5"), whole("007")] == ["1001", "1001", "1001.5", "007"]
    rows = plan_of(PEOPLE, people="id,name,manager\n1001,Cara Losch,\n1002,Anna Berg,1001.0\n").people.rows
    assert {row.key: row.manager for row in rows} == {"anna-berg": "cara-losch", "cara-losch": None}


def test_dates_of_a_file_are_read_in_the_order_that_one_of_them_shows() -> None:
    people = "name,started,left\nAnna Berg,03/04/2027,\nBob Day,25/12/2026,05/06/2027\n"
    anna, bob = plan_of(PEOPLE, people=people).people.rows
    assert (anna.started, bob.left) == (date(2027, 4, 3), date(2027, 6, 5))


def test_a_date_of_two_meanings_is_a_mistake_at_its_line_with_both() -> None:
    assert said(PEOPLE, people="name,started\nAnna Berg,03/04/2027\nBob Day,2027-01-11\n") == [
        "people.csv:2:1: error[P244] started: '03/04/2027' may be 2027-03-04 or 2027-04-03;"
        " write year-month-day: '2027-03-01'"
    ]


def test_who_left_before_they_started_has_come_back() -> None:
    text, people = PEOPLE, "name,started,left\nAnna Berg,2027-05-03,2027-02-01\n"
    (row,) = plan_of(text, people=people).people.rows
    assert (row.started, row.left) == (date(2027, 5, 3), None)
    assert said(text, people=people) == [
        "people.csv:2:1: note[P245]: Anna Berg left on 2027-02-01 and started on 2027-05-03: taken for somebody who"
        " came back; correct one of the two if that is not meant"
    ]
