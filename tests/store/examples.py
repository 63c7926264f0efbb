"""Small values to store: two persons, and a task, a delivery and a decision with what a test does not care about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from cadence.core.model import (
    Choice,
    DateState,
    Days,
    Decision,
    DecisionKind,
    Delivery,
    MessageKind,
    Mode,
    Occurrence,
    Person,
    State,
    Task,
    Weight,
    WhenAbsent,
)

NOW = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ANA = Person(key="ana-ruiz", identity="mail:ana@example.com", name="Ana Ruiz", email="ana@example.com")
BEN = Person(key="ben-ode", identity="id:77", name="Ben Ode", reports_to="ana-ruiz", tags=frozenset({"emea"}))


def occurrence(identifier: str = "aaaa00000001") -> Occurrence:
    day = date(2027, 2, 3)
    return Occurrence.of(
        id=identifier,
        plan="emea",
        activity="rides",
        kind="field_ride",
        weight=Weight.STANDARD,
        mode=Mode.ACTIVE,
        about="rep/ben-ode",
        seat="manager/ana-ruiz",
        attendees=("ben-ode",),
        slot="2w-03",
        wave=None,
        language="en",
        title="Field ride with Ben Ode",
        date=day,
        window=Days(day, day + DAY),
        date_state=DateState.PROPOSED,
        due=datetime(2027, 2, 3, 17, tzinfo=UTC),
        starts=None,
        ends=None,
        timezone="Europe/Berlin",
        minutes=None,
        when_absent=WhenAbsent.MOVE,
    )


def task(identifier: str = "aaaa00000001", state: State = State.PLANNED) -> Task:
    return Task(occurrence=occurrence(identifier), state=state, changed_at=NOW)


def delivery(key: str = "brief:ana:2027-02-01") -> Delivery:
    return Delivery(
        key=key,
        kind=MessageKind.BRIEF,
        recipient=ANA.key,
        channel="slack",
        occasion="2027-02-01",
        not_before=NOW,
        created_at=NOW,
    )


def decision(identifier: str = "d0001") -> Decision:
    return Decision(
        id=identifier,
        kind=DecisionKind.KEY_LATE,
        plan="emea",
        task_id="aaaa00000001",
        tasks=("aaaa00000001",),
        about_person=BEN.key,
        asked=ANA.key,
        asked_at=NOW,
        round="2027-02-03",
        choices=(Choice.EXTEND, Choice.WAIVE),
    )
