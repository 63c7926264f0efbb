"""The judge of the soak sees what is wrong: each broken promise, made up by hand, is caught."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.soak.company import Company
from tests.soak.judge import Judge
from tests.soak.office import Office, Taken

MANAGER = "manager-aaa"  # in Boston
CAIRO = "manager-aad"
MORNING = datetime(2027, 1, 12, 14, tzinfo=UTC)


def taken(key: str, *, to: str = MANAGER, at: datetime = MORNING, kind: str = "brief", channel: str = "slack") -> Taken:
    return Taken(at.isoformat(), to, channel, kind, key, None, (), ())


def judged(*messages: Taken, away: tuple[date, date] | None = None) -> Judge:
    company = Company(7, teams=5)
    if away:
        company.people[MANAGER].away.append(away)
    office = Office(Path("nowhere"), 7, MORNING)
    judge = Judge(company, office)
    for one in messages:
        office.keys[one.key] += 1
        judge.of_beat([one])
    return judge


def test_a_day_as_it_should_be_passes() -> None:
    week = [taken(f"b{day}", at=MORNING.replace(day=day)) for day in (11, 12, 13, 14, 15)]
    beside = [taken(f"a{day}", at=MORNING.replace(day=day, hour=16), kind="alert") for day in (12, 14)]
    assert judged(*week, *beside, taken("c", to=CAIRO, at=datetime(2027, 1, 17, 8, tzinfo=UTC))).checks == 8


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([taken("b"), taken("b")], "twice in Slack"),
        ([taken("m", channel="email"), taken("m", channel="email")], "a mail 2 times"),
        ([taken("b"), taken("c")], "a second brief"),
        ([taken("a", kind="alert"), taken("b", kind="alert")], "over the day's budget"),
        (
            [taken(f"a{day}", at=MORNING.replace(day=day), kind="alert") for day in (11, 13, 15)],
            "over the week's budget",
        ),
        ([taken("b", at=MORNING.replace(hour=12))], "outside working time"),
        ([taken("b", at=MORNING.replace(hour=23, minute=1))], "outside working time"),
        ([taken("b", at=MORNING.replace(day=16))], "outside working time"),
        ([taken("b", to=CAIRO, at=datetime(2027, 1, 15, 8, tzinfo=UTC))], "outside working time"),
        ([taken("b", at=datetime(2027, 12, 27, 15, tzinfo=UTC))], "outside working time"),
    ],
)
def test_what_breaks_a_promise_is_caught(messages: list[Taken], wrong: str) -> None:
    with pytest.raises(AssertionError, match=wrong):
        judged(*messages)


def test_a_message_to_somebody_who_is_away_is_caught() -> None:
    with pytest.raises(AssertionError, match="outside working time"):
        judged(taken("b"), away=(date(2027, 1, 12), date(2027, 1, 14)))


def test_a_mail_may_come_again_after_a_process_that_died() -> None:
    judge = judged(taken("m", channel="email"))
    judge.interrupted(MORNING)
    judge.office.keys["m"] += 1
    judge.of_beat([taken("m", channel="email")])
    assert judge.repeated == 1
