"""Placing: a day for every task that may move inside its window.

Those of one length that one person owes in one window are placed together. First it is settled how many of them each
day and each week can take so that hours are even (`places`); then each in turn chooses the day it likes best among
those with a place left. What it likes comes from a hash of its series, and one task more takes no place away: so the
order of a file decides nothing, and one more rep moves few others.

Nobody has two rides on a day when that can be helped: where a ride finds every day taken, those already placed
make room for one another (augmenting paths), so that two share a day only when there are too few days.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter

from cadence.core.compiler.places import Places, in_weeks, places
from cadence.core.model import Days

RIDE_MINUTES = 120
"""A proposed task from this length on is a ride: one a day is enough for anybody."""
NO_LENGTH = 30
"""Minutes that something of no stated length is taken for."""
TAKEN = 10_000
"""Minutes that a ride on a day counts for when another looks for a place: no hours of meetings weigh as much."""


@dataclass(slots=True, eq=False)
class Wish:
    """A task to be placed, on `day` in the end. `days` are all that will do, `order` their indexes, the dearest first;
    `people` those whose days it takes, the one who owes it first. `rank` (a hash) says whose turn it is to choose."""

    rank: bytes
    window: Days
    days: tuple[date, ...]
    order: tuple[int, ...]
    people: tuple[str, ...]
    minutes: int
    ride: bool
    day: date = date.min

    @property
    def preferred(self) -> Iterator[date]:
        return map(self.days.__getitem__, self.order)


def by_liking(rank: bytes, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The indexes of days that lie in a window as `shape` says, the dearest first: by the place in the window, so that
    a series keeps its rhythm."""
    likes = [rank[day % len(rank)] for day in shape]
    return tuple(sorted(range(len(shape)), key=likes.__getitem__))


def _turn(group: Sequence[Wish]) -> tuple[object, ...]:
    first = group[0]
    window = first.window
    return (first.ride, -first.minutes, window.start, window.stop, first.people[0], first.rank)


def series_hash(plan: str, activity: str, about: str) -> bytes:
    return hashlib.sha256(f"{plan}\n{activity}\n{about}".encode()).digest()


@dataclass(slots=True)
class Diary:
    """What one person has on each day: `minutes` of all but placed rides; `rides` counts all, `movable` names those
    that can still make room. `begin` is where the person's days begin to be counted when several are as good: not
    everybody's is a Monday."""

    begin: int
    minutes: defaultdict[date, int] = field(default_factory=lambda: defaultdict(int))
    rides: defaultdict[date, int] = field(default_factory=lambda: defaultdict(int))
    movable: defaultdict[date, list[Wish]] = field(default_factory=lambda: defaultdict(list))


class Placing:
    """Diaries under way from what is fixed to where everything has its day."""

    def __init__(self) -> None:
        self._booked: defaultdict[str, list[tuple[Iterable[date], int]]] = defaultdict(list)
        self._diaries: dict[str, Diary] = {}
        self._owners: frozenset[str] = frozenset()
        self._full: defaultdict[str, set[date]] = defaultdict(set)

    def book(self, person: str, days: Iterable[date], minutes: int) -> None:
        """Something fixed, before anything is placed. Half a day of it leaves no room for a ride."""
        self._booked[person].append((days, minutes))

    def place(self, groups: Iterable[list[Wish]]) -> None:
        """Give each wish its day. A group is what one person owes in one window and of one length; the order in which
        groups and wishes come changes nothing. The longer ones are placed first, and rides in the end: they go where
        there are the fewest other hours. Other hours do not give way to rides, or every ride would move them."""
        given = [sorted(group, key=attrgetter("rank")) for group in groups if group]
        self._owners = frozenset({group[0].people[0] for group in given})
        for group in sorted(given, key=_turn):
            left = self._places(group)
            place = self._place_ride if group[0].ride else self._place_other
            for wish in group:
                place(wish, left)

    def _places(self, group: list[Wish]) -> Places:
        """The places of a group, by the diary of the one who owes it all."""
        first = group[0]
        different = {wish.days for wish in group}
        days = first.days if len(different) == 1 else tuple(sorted(set().union(*different)))
        diary = self._diary(first.people[0])
        weeks = in_weeks(days, diary.begin)
        minutes, rides = diary.minutes, diary.rides
        if first.ride:
            load = [[minutes.get(day, 0) + TAKEN * rides.get(day, 0) for day in week] for week in weeks]
            return places(len(group), TAKEN + first.minutes, weeks, load)
        load = [[minutes.get(day, 0) for day in week] for week in weeks]
        return places(len(group), first.minutes or NO_LENGTH, weeks, load)

    def _place_other(self, wish: Wish, left: Places) -> None:
        """On its dearest day with a place left, else on the emptiest. It is written down for the one who owes it, and
        for the other if anything is to be placed for them."""
        day = next(filter(left.take, wish.preferred), None)
        if day is None:
            day = min(wish.preferred, key=self._diary(wish.people[0]).minutes.__getitem__)
        wish.day = day
        for person in wish.people:
            if person in self._owners:
                self._diary(person).minutes[day] += wish.minutes

    # -- rides -----------------------------------------------------------------------------------------------

    def _place_ride(self, wish: Wish, left: Places) -> None:
        """On its dearest day with a place left on which neither of the two has another; else on a free one, or one
        that others can leave to it; else on the least bad."""
        day = next((day for day in wish.preferred if not self._clash(wish, day) and left.take(day)), None)
        if day is None:
            free = [day for day in wish.preferred if not self._clash(wish, day)]
            day = min(free, key=self._diary(wish.people[0]).minutes.__getitem__) if free else self._room_for(wish)
        self._put(wish, day or self._least_bad(wish))

    def _least_bad(self, wish: Wish) -> date:
        minutes = self._diary(wish.people[0]).minutes
        return min(wish.preferred, key=lambda day: (self._clash(wish, day), minutes[day]))

    def _clash(self, wish: Wish, day: date) -> int:
        """How many rides there are already."""
        many = 0
        for person in wish.people:
            many += self._diary(person).rides.get(day, 0)
        return many

    def _diary(self, person: str) -> Diary:
        """With all that is booked, filled when it is opened: most people have nothing to be placed."""
        diary = self._diaries.get(person)
        if diary is None:
            diary = self._diaries[person] = Diary(hashlib.sha256(person.encode()).digest()[0])
            for days, minutes in self._booked.get(person, ()):
                for day in days:
                    diary.minutes[day] += minutes
                    diary.rides[day] += minutes >= RIDE_MINUTES
        return diary

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
        diaries = [self._diary(person) for person in wish.people]
        rides = {other for diary in diaries for other in diary.movable[day]}
        fixed = any(diary.rides[day] > len(diary.movable[day]) for diary in diaries)
        if len(rides) == 1 and not fixed:
            yield from rides

    def _put(self, wish: Wish, day: date) -> None:
        wish.day = day
        for person in wish.people:
            diary = self._diary(person)
            diary.rides[day] += 1
            diary.movable[day].append(wish)

    def _take_back(self, wish: Wish) -> None:
        for person in wish.people:
            diary = self._diary(person)
            diary.rides[wish.day] -= 1
            diary.movable[wish.day].remove(wish)

    def crowded_days(self) -> dict[str, tuple[tuple[date, int], ...]]:
        """Per person, the days that hold more than one ride and how many, where at least one could move."""
        return {
            person: tuple(found)
            for person, diary in sorted(self._diaries.items())
            if (
                found := sorted((day, many) for day, many in diary.rides.items() if many > 1 and diary.movable.get(day))
            )
        }
