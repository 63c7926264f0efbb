"""What a load looks into: of each series an imprint is kept, and only what differs from it is read.

`survey` tells the quiet series, which a load finds as the last one left them, from the others. Of the others the
standings are read, and whole only the tasks that differ (`Survey.to_read`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from itertools import accumulate, chain
from operator import attrgetter
from types import MappingProxyType

from cadence.core.changes.contents import contents
from cadence.core.model import Occurrence, State, Terms

Series = tuple[str, str]
"""Activity and about, within one plan."""
BYTES = 16
"""Of a series' digest."""

IN_ORDER = attrgetter("date", "due", "id")
"""The order of a schedule."""

LIVE = (State.PLANNED, State.OPEN)

Standing = str | State
"""What a load needs to know of a stored task before it reads the whole: the word for what it says (`contents`) where
it is live and as the plan left it, else its state."""


def standing(state: State, word: str | None, by_hand: bool) -> Standing:
    """`word` None is not known; `by_hand` means that a person moved it or handed it over."""
    return state if word is None or by_hand or state not in LIVE else word


@dataclass(frozen=True, slots=True)
class Imprint:
    """A series as a load left it: the `digest` of all that it asks, how many of its occurrences were `absent`, which is
    over and not there, and when that was; `today` is the plan's own."""

    digest: str
    absent: int
    at: datetime
    today: date

    def holds(self, digest: str, now: datetime, today: date, *, backfill: bool) -> bool:
        """A load of the same finds nothing to do: what is there is asked alike, and what is not is over still."""
        still_over = not backfill and self.at <= now and self.today <= today
        return self.digest == digest and (still_over or not self.absent)


NEVER: Mapping[Series, Imprint] = MappingProxyType({})
"""The imprints of a plan that was not loaded before."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The series that are not looked into: how many tasks stay as they are, how many occurrences are over."""

    unchanged: int = 0
    past: int = 0


NONE_QUIET = Quiet()


@dataclass(frozen=True, slots=True)
class Wording:
    """A schedule put into words: the occurrences of each series, their `contents` by id, a digest of each series."""

    schedule: Sequence[Occurrence]
    series: Mapping[Series, Sequence[Occurrence]]
    words: Mapping[str, str]
    digests: Mapping[Series, str]

    @property
    def seats(self) -> frozenset[str]:
        return frozenset(one.seat for one in self.terms())

    def terms(self) -> Iterable[Terms]:
        """Each once, or nearly."""
        return {id(one.terms): one.terms for one in self.schedule}.values()


def wording(schedule: Sequence[Occurrence]) -> Wording:
    series: defaultdict[Series, list[Occurrence]] = defaultdict(list)
    for one in schedule:
        terms = one.terms
        series[terms.activity, terms.about].append(one)
    ids = [one.id for own in series.values() for one in own]
    words = contents(chain.from_iterable(series.values()))
    ends = list(accumulate(map(len, series.values())))
    digests = {
        key: _digest(ids[start:end], words[start:end])
        for key, start, end in zip(series, [0, *ends], ends, strict=False)
    }
    return Wording(schedule, series, dict(zip(ids, words, strict=True)), digests)


def _digest(ids: Iterable[str], words: Iterable[str]) -> str:
    return blake2b("\n".join(chain(ids, words)).encode(), digest_size=BYTES).hexdigest()


@dataclass(frozen=True, slots=True)
class Survey:
    """A schedule beside what the last loads left (`known`). `seats` are those whose tasks may change hands, `quiet` the
    series that need no look."""

    said: Wording
    known: Mapping[Series, Imprint]
    seats: frozenset[str]
    quiet: frozenset[Series]

    def to_read(self, stored: Mapping[str, Standing], by_hand: Iterable[str]) -> tuple[str, ...]:
        """The ids of the stored tasks that a load must read whole, because it may change them or has to show them:
        what differs or is not known to be the same, what may change hands, what came back, what is no longer asked
        for, and `by_hand`, what stays as a person's hand left it. `stored` are those of the series looked into."""
        asked = self.said.words
        wanted = [key for key, one in stored.items() if asked.get(key) != one and _may_change(one, key in asked)]
        if self.seats:
            seated = (one.id for one in self.said.schedule if one.terms.seat in self.seats)
            wanted += [key for key in seated if key in stored and _is_live(stored[key])]
        return tuple(dict.fromkeys((*wanted, *by_hand)))

    def looked_into(self, by_hand: Collection[str]) -> tuple[Sequence[Occurrence], Quiet]:
        """What the plan asks of the series that are not quiet and of the tasks `by_hand`, in order; and what is known
        of the rest."""
        if not self.quiet:
            return self.said.schedule, NONE_QUIET
        series, quiet = self.said.series, self.quiet
        loud = chain.from_iterable(own for key, own in series.items() if key not in quiet)
        kept = [one for one in self.said.schedule if one.id in by_hand and series_of(one) in quiet] if by_hand else []
        past = sum(self.known[key].absent for key in quiet)
        there = sum(len(series[key]) for key in quiet) - past - len(kept)
        return sorted(chain(loud, kept), key=IN_ORDER), Quiet(there, past)

    def imprints(self, absent: Mapping[Series, int], now: datetime, today: date) -> dict[Series, Imprint]:
        """What a load leaves of the series that it looked into; `absent` counts what is over and not there."""
        return {
            series: Imprint(digest, absent.get(series, 0), now, today)
            for series, digest in self.said.digests.items()
            if series not in self.quiet
        }


def survey(
    said: Wording,
    known: Mapping[Series, Imprint],
    seats: frozenset[str],
    now: datetime,
    today: date,
    *,
    backfill: bool = False,
) -> Survey:
    """`known` are the imprints of the last loads, `seats` those whose tasks may change hands (`changed_seats`)."""
    restless = {(one.activity, one.about) for one in said.terms() if one.seat in seats} if seats else ()
    quiet = (
        series
        for series, one in known.items()
        if (digest := said.digests.get(series)) and one.holds(digest, now, today, backfill=backfill)
    )
    return Survey(said, known, seats, frozenset(quiet).difference(restless))


def series_of(occurrence: Occurrence) -> Series:
    terms = occurrence.terms
    return (terms.activity, terms.about)


def _is_live(one: Standing) -> bool:
    return not isinstance(one, State) or one in LIVE


def _may_change(one: Standing, is_asked: bool) -> bool:
    return _is_live(one) or (is_asked and one is State.RETIRED)
