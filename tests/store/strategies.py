"""Arbitrary values of the model, for the law that storing and reading back changes nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from hypothesis import strategies as st

from cadence.core.model import (
    Answer,
    Bundle,
    Choice,
    DateState,
    Days,
    Decision,
    DecisionKind,
    Delivery,
    DeliveryState,
    Entry,
    Event,
    EventType,
    MessageKind,
    Mode,
    Moved,
    Occurrence,
    Person,
    Rung,
    Section,
    Source,
    State,
    Task,
    Verb,
    Weight,
    WhenAbsent,
)
from tests.store.examples import ANA, BEN

T = TypeVar("T")


def maybe(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.none() | strategy


def tuples(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


# The compiler cleans control characters out of what people write; neither database takes a lone surrogate.
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
# What is kept as JSON takes whatever a form may bring, NUL and lone surrogates too.
anything = st.text(st.characters(), max_size=8)
forms = st.dictionaries(anything, anything, max_size=3)
dates = st.dates(date(2000, 1, 1), date(2100, 1, 1))
instants = st.timedeltas(timedelta(), timedelta(days=36_500)).map(
    lambda passed: datetime(2000, 1, 1, tzinfo=UTC) + passed
)
spans = st.builds(lambda start, length: Days(start, start + timedelta(days=length)), dates, st.integers(0, 90))
keys = st.sampled_from([ANA.key, BEN.key])
numbers = st.integers(0, 2**31 - 1)

bundles = st.builds(
    Bundle,
    plan=words,
    files=tuples(st.tuples(words, anything)),
    holidays=tuples(st.tuples(words, tuples(dates))),
    moved=tuples(st.tuples(words, dates)),
    hash=words,
)
persons = st.builds(
    Person,
    key=words,
    identity=words,
    name=words,
    email=maybe(words),
    timezone=words,
    country=maybe(words),
    subdivision=maybe(words),
    workdays=st.frozensets(st.integers(0, 6)),
    opens=st.times(),
    closes=st.times(),
    language=words,
    channel=maybe(words),
    brief=st.times(),
    reports_to=maybe(words),
    team=maybe(words),
    region=maybe(words),
    tags=st.frozensets(words, max_size=3),
    started=maybe(dates),
    left=maybe(dates),
    external=st.booleans(),
    away=tuples(spans),
)
occurrences = st.builds(
    Occurrence.of,
    id=st.text("0123456789abcdef", min_size=12, max_size=12),
    plan=words,
    activity=words,
    kind=words,
    weight=st.sampled_from(Weight),
    mode=st.sampled_from(Mode),
    about=words,
    seat=words,
    attendees=tuples(words),
    slot=words,
    wave=maybe(words),
    language=words,
    title=words,
    date=dates,
    window=spans,
    date_state=st.sampled_from(DateState),
    due=instants,
    starts=maybe(instants),
    ends=maybe(instants),
    timezone=words,
    minutes=maybe(numbers),
    when_absent=st.sampled_from(WhenAbsent),
)
tasks = st.builds(
    Task,
    occurrence=occurrences,
    state=st.sampled_from(State),
    version=numbers,
    changed_at=instants,
    moved=maybe(st.builds(Moved, date=dates, due=instants, starts=maybe(instants), ends=maybe(instants))),
    confirmed=st.booleans(),
    handed_to=maybe(keys),
    paused_until=maybe(dates),
    times_on_it=numbers,
    times_moved=numbers,
    happened_on=maybe(dates),
    recorded_at=maybe(instants),
    done_by=maybe(keys),
    reason=maybe(words),
)
entries = st.builds(
    Entry,
    section=st.sampled_from(Section),
    task_id=maybe(words),
    decision_id=maybe(words),
    rung=maybe(st.sampled_from(Rung)),
    code=maybe(words),
    subject=maybe(keys | words),
)
kinds = st.sampled_from([kind for kind in MessageKind if kind is not MessageKind.POST])


def _deliveries(
    kinds: st.SearchStrategy[MessageKind], recipients: st.SearchStrategy[str]
) -> st.SearchStrategy[Delivery]:
    return st.builds(
        Delivery,
        key=words,
        kind=kinds,
        recipient=recipients,
        channel=words,
        occasion=words,
        entries=tuples(entries),
        state=st.sampled_from(DeliveryState),
        not_before=instants,
        created_at=instants,
        lease_until=maybe(instants),
        fence=numbers,
        attempts=numbers,
        edits=maybe(words),
        receipt=st.dictionaries(words, words, max_size=2),
        shows=words,
        subject=maybe(words),
        text=maybe(words),
        payload=maybe(words),
        template_hash=maybe(words),
        bundle_hash=maybe(words),
        error=maybe(words),
        sent_at=maybe(instants),
    )


deliveries = _deliveries(kinds, keys) | _deliveries(st.just(MessageKind.POST), words)
answers = st.builds(
    Answer,
    task_id=st.just("aaaa00000001"),
    verb=st.sampled_from(Verb),
    actor=maybe(keys),
    source=st.sampled_from(Source),
    at=instants,
    version=maybe(numbers),
    happened_on=maybe(dates),
    until=maybe(dates),
    back=st.booleans(),
    to_person=maybe(keys),
    reason=maybe(words),
    text=maybe(anything),
    form=forms,
)
events = st.builds(
    Event,
    at=instants,
    type=st.sampled_from(EventType),
    source=st.sampled_from(Source),
    plan=maybe(words),
    task_id=maybe(words),
    actor=maybe(keys),
    subject=maybe(keys),
    data=forms,
)
decisions = st.builds(
    Decision,
    id=words,
    kind=st.sampled_from(DecisionKind),
    plan=words,
    task_id=maybe(words),
    tasks=tuples(words),
    about_person=maybe(keys),
    asked=keys,
    asked_at=instants,
    round=words,
    choices=tuples(st.sampled_from(Choice)),
    answered_at=maybe(instants),
    choice=maybe(st.sampled_from(Choice)),
    by=maybe(keys),
)
