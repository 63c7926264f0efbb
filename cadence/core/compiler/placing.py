"""Placing: a day for every task that may move inside its window.

Nobody has two rides on a day when that can be helped: where a ride finds every day taken, those already placed
make room for one another (augmenting paths), so that two share a day only when there are too few days. Beyond
that hours are spread over days and weeks. What a series prefers comes from a hash of the series, so the order
of a file decides nothing and one more rep moves few others.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from cadence.core.model import Days

RIDE_MINUTES = 120
"""A proposed task from this length on is a ride: one a day is enough for anybody."""


@dataclass(frozen=True, slots=True, eq=False)
class Wish:
    """A task to be placed. `days` are all that will do, `people` those whose days it takes (the one who owes it
    first), `limits` the minutes that one working day of each has. `hash` orders days and wishes."""

    hash: bytes
    window: Days
    days: tuple[date, ...]
    people: tuple[str, ...]
    minutes: int
    ride: bool
    limit: int

    @property
    def group(self) -> tuple[str, Days, bool]:
        """Wishes that share their owner and their window compete for the same days."""
        return (self.people[0], self.window, self.ride)

    @property
    def preferred(self) -> tuple[date, ...]:
        """Its days, the dearest first: by hash and place in the window, so that a series keeps its rhythm."""
        return ordered(self.hash, self.window.start, self.days)


@lru_cache(maxsize=8192)
def ordered(digest: bytes, start: date, days: tuple[date, ...]) -> tuple[date, ...]:
    first = start.toordinal()
    return tuple(sorted(days, key=lambda day: (digest[(day.toordinal() - first) % len(digest)], day)))


def series_hash(plan: str, activity: str, about: str) -> bytes:
    return hashlib.sha256(f"{plan}\n{activity}\n{about}".encode()).digest()


def week(day: date) -> int:
    """Numbers calendar weeks, Monday to Sunday."""
    return (day.toordinal() - 1) // 7


@dataclass(slots=True)
class Diary:
    """What one person has on each day. `rides` counts all, `movable` names those that can still make room."""

    minutes: Counter[date] = field(default_factory=Counter)
    rides: Counter[date] = field(default_factory=Counter)
    movable: dict[date, list[Wish]] = field(default_factory=lambda: defaultdict(list))


class Placing:
    """Diaries under way from what is fixed to where everything has its day."""

    def __init__(self) -> None:
        self._diaries: defaultdict[str, Diary] = defaultdict(Diary)
        self._day: dict[Wish, date] = {}
        self._size: Counter[tuple[str, Days, bool]] = Counter()
        self._in_week: Counter[tuple[tuple[str, Days, bool], int]] = Counter()
        self._on_day: Counter[tuple[tuple[str, Days, bool], date]] = Counter()
        self._full: defaultdict[str, set[date]] = defaultdict(set)

    def book(self, people: Iterable[str], day: date, minutes: int) -> None:
        """Something fixed. Half a day of it leaves no room for a ride."""
        for person in people:
            diary = self._diaries[person]
            diary.minutes[day] += minutes
            diary.rides[day] += minutes >= RIDE_MINUTES

    def place(self, wishes: Sequence[Wish]) -> dict[Wish, date]:
        """A day of its own choice for each of `wishes`; the order in which they are given changes nothing."""
        self._size.update(wish.group for wish in wishes)
        for wish in sorted(wishes, key=lambda wish: (wish.window, wish.hash, wish.people)):
            day = self._least_bad(wish)
            if wish.ride and self._clash(wish, day):
                day = self._room_for(wish) or day
            self._put(wish, day)
        return self._day

    def _least_bad(self, wish: Wish) -> date:
        """The first preferred day with nothing against it, else the one with least."""
        week_share = -(-self._size[wish.group] // weeks_in(wish.days))
        day_share = -(-self._size[wish.group] // len(wish.days))
        best, least = wish.days[0], (1 << 30, 0)
        for day in wish.preferred:
            bad = self._badness(wish, day, week_share, day_share)
            if bad == (0, 0):
                return day
            if bad < least:
                best, least = day, bad
        return best

    def _badness(self, wish: Wish, day: date, week_share: int, day_share: int) -> tuple[int, int]:
        clash = self._clash(wish, day)
        uneven = int(self._in_week[wish.group, week(day)] >= week_share)
        uneven += not wish.ride and self._on_day[wish.group, day] >= day_share
        for person in wish.people:
            if self._diaries[person].minutes[day] + wish.minutes > wish.limit:
                return clash, uneven + 2
        return clash, uneven

    def _clash(self, wish: Wish, day: date) -> int:
        """How many rides there are already; 0 for what is no ride."""
        if not wish.ride:
            return 0
        many = 0
        for person in wish.people:
            many += self._diaries[person].rides.get(day, 0)
        return many

    def _room_for(self, wish: Wish) -> date | None:
        """A day that others can leave to `wish`. Days searched in vain, all taken by the owner, stay taken: no
        later search needs to look at them again."""
        owner = wish.people[0]
        full = self._full[owner]
        if full.issuperset(wish.days):
            return None
        tried = set(full)
        found = self._make_room(wish, tried)
        if found is None and all(self._diaries[owner].rides[day] for day in tried - full):
            full |= tried
        return found

    def _make_room(self, wish: Wish, tried: set[date]) -> date | None:
        """A day that is free for `wish` once others of the same owner have moved; they are moved when found."""
        for day in wish.preferred:
            if day in tried:
                continue
            tried.add(day)
            if not self._clash(wish, day):
                return day
            for other in self._in_the_way(wish, day):
                elsewhere = self._make_room(other, tried)
                if elsewhere is not None:
                    self._take_back(other)
                    self._put(other, elsewhere)
                    return day
        return None

    def _in_the_way(self, wish: Wish, day: date) -> Iterator[Wish]:
        """The one movable ride that alone keeps `wish` from `day`."""
        diaries = [self._diaries[person] for person in wish.people]
        rides = {other for diary in diaries for other in diary.movable[day] if other.ride}
        fixed = any(diary.rides[day] > sum(other.ride for other in diary.movable[day]) for diary in diaries)
        if len(rides) == 1 and not fixed:
            yield from rides

    def _put(self, wish: Wish, day: date) -> None:
        self._day[wish] = day
        self._count(wish, day, 1)
        for person in wish.people:
            self._diaries[person].movable[day].append(wish)

    def _take_back(self, wish: Wish) -> None:
        day = self._day.pop(wish)
        self._count(wish, day, -1)
        for person in wish.people:
            self._diaries[person].movable[day].remove(wish)

    def _count(self, wish: Wish, day: date, by: int) -> None:
        self._in_week[wish.group, week(day)] += by
        self._on_day[wish.group, day] += by
        for person in wish.people:
            diary = self._diaries[person]
            diary.minutes[day] += by * wish.minutes
            diary.rides[day] += by * wish.ride

    def crowded_days(self) -> dict[str, tuple[tuple[date, int], ...]]:
        """Per person, the days that hold more than one ride and how many, where at least one could move."""
        return {
            person: tuple(found)
            for person, diary in sorted(self._diaries.items())
            if (
                found := sorted((day, many) for day, many in diary.rides.items() if many > 1 and diary.movable.get(day))
            )
        }


@lru_cache(maxsize=4096)
def weeks_in(days: tuple[date, ...]) -> int:
    """How many calendar weeks the days lie in."""
    return len({week(day) for day in days})
