"""What YAML 1.1 makes of plain words is none of a plan's business: a text is read as it stands, or refused."""

from __future__ import annotations

import pytest

from tests.core.planfile.reading import HEAD, plan_of, read

TEXTS = [
    *(
        "no",
        "NO",
        "on",
        "off",
        "yes",
        "y",
        "null",
        "~",
        "true",
        "True",
        "12:30",
        "1:30:00",
        "017",
        "0o17",
        "0x1F",
        "0b11",
    ),
    *(
        "1_000",
        "1e3",
        "1.0",
        ".inf",
        ".nan",
        "-0",
        "+12",
        "2027-02-30",
        "2027-01-11T10:00:00Z",
        "=",
        "<<",
        "1,000",
        "x:y",
    ),
    *("0b11", "1,000", "${HOME}", "$(id)", "~/.ssh/id_rsa", "a\\nb"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_what_stands_there(text: str) -> None:
    assert plan_of(f"{HEAD}title: {text}\n").title == text


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("title: !!python/object/apply:os.system [id]", "P111"),
        ("title: !!python/name:os.system", "P111"),
        ("title: !include /etc/passwd", "P111"),
        ("title: !ENV x", "P111"),
        ("title: !!binary aGk=", "P111"),
        ("title: {{ env.HOME }}", "P111"),
        ("title: &a [*a]", "P113"),
        ("extends: /etc/passwd", "P210"),
        ("extends: ../../etc/passwd", "P210"),
        ("people: {file: /etc/passwd}", "P100"),
        ("title: |", "P112"),
        ("brief: 0830", "P203"),
        ("brief: 750", "P203"),
        ("brief: 12.30", "P203"),
        ("brief: 24:00", "P203"),
        ("ends: 2027-02-30", "P203"),
        ("ends: 2027-1-5", "P203"),
        ("ends: 20270305", "P203"),
        ("ends: 05.03.2027", "P203"),
        ("ends: 2027-03-05T00:00:00Z", "P203"),
        ("ends: ２０２７-03-05", "P203"),
        ("calendar: {country: 1}", "P212"),
        ("activities: {a: {kind: audit, urgent: y}}", "P203"),
        ("activities: {a: {kind: audit, urgent: 1}}", "P203"),
        ("activities: {a: {kind: audit, every: week, times: 1_0}}", "P203"),
        ("activities: {a: {kind: audit, every: week, times: 0x5}}", "P203"),
        ("activities: {a: {kind: audit, every: week, times: 1e1}}", "P203"),
        ("activities: {a: {kind: audit, every: week, times: ٥}}", "P203"),
    ],
)
def test_what_is_no_plain_word_is_refused(word: str, code: str) -> None:
    plan, problems = read(f"{HEAD}{word}\n")
    assert plan is None
    assert code in {problem.code for problem in problems}


@pytest.mark.parametrize(("written", "country"), [("NO", "NO"), ("no", "NO"), ("ON", "ON"), ("de", "DE")])
def test_norway_is_a_country(written: str, country: str) -> None:
    assert plan_of(f"{HEAD}calendar: {{country: {written}}}\n").calendar.country == country


@pytest.mark.parametrize(("written", "clock"), [("12:30", "12:30:00"), ("8:05", "08:05:00"), ("'08:30'", "08:30:00")])
def test_a_time_is_no_number_of_minutes(written: str, clock: str) -> None:
    assert str(plan_of(f"{HEAD}brief: {written}\n").brief) == clock
