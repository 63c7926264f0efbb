"""Placing: a day for every task that may move inside its window.

Those of one length that one person owes in one window are placed together. First it is settled how many of them each
day and each week can take so that hours are even (`places`); then each in turn chooses the day it likes best among
those with a place left. What it likes comes from a hash of its series, and one task more takes no place away: so the
order of a file decides nothing, and one more rep moves few others.

Nobody has two rides on a day when that can be helped: where a ride finds every day taken, those already placed
make room for one another (augmenting paths), so that two share a day only when there are too few days.
"""

from __future__ import annotations

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


@dataclass(slots=True)
class Diary:
    """What one person has on each day: `minutes` of all but placed rides; `rides` counts all, `movable` names those
    that can still make room."""

    minutes: defaultdict[date, int] = field(default_factory=lambda: defaultdict(int))
    rides: defaultdict[date, int] = field(default_factory=lambda: defaultdict(int))
    movable: defaultdict[date, list[Wish]] = field(default_factory=lambda: defaultdict(list))


def opened(booked: Iterable[tuple[Iterable[date], int]]) -> Diary:
    """A diary with what is fixed: days, and the minutes that each takes."""
    diary = Diary()
    for days, minutes in booked:
        for day in days:
            diary.minutes[day] += minutes
            diary.rides[day] += minutes >= RIDE_MINUTES
    return diary


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
        self._open(given)
        for group in sorted(given, key=_turn):
            place = self._place_rides if group[0].ride else self._place_others
            place(group, self._places(group))

    def _open(self, groups: Iterable[list[Wish]]) -> None:
        """A diary, with all that is booked, for whoever owes something or rides along: all others need none."""
        for group in groups:
            wanted = {person for wish in group for person in wish.people} if group[0].ride else (group[0].people[0],)
            for person in wanted:
                if person not in self._diaries:
                    self._diaries[person] = opened(self._booked.get(person, ()))

    def _places(self, group: list[Wish]) -> Places:
        """The places of a group, by the diary of the one who owes it all."""
        first = group[0]
        days, diary = first.days, self._diaries[first.people[0]]
        if any([wish.days is not days for wish in group]):  # noqa: C419  # a list is faster, of so few
            days = tuple(sorted({day for wish in group for day in wish.days}))
        weeks = in_weeks(days)
        minutes, rides = diary.minutes, diary.rides
        if first.ride:
            load = tuple([tuple([minutes[day] + TAKEN * rides[day] for day in week]) for week in weeks.days])
            return places(len(group), TAKEN + first.minutes, weeks, load)
        load = tuple([tuple([minutes[day] for day in week]) for week in weeks.days])
        return places(len(group), first.minutes or NO_LENGTH, weeks, load)

    def _place_others(self, group: list[Wish], left: Places) -> None:
        """Each on its dearest day with a place left, else on the emptiest. It is written down for the one who owes it,
        and for the other if anything is to be placed for them."""
        diaries, owners = self._diaries, self._owners
        for wish in group:
            day = next(filter(left.take, wish.preferred), None)
            if day is None:
                day = min(wish.preferred, key=diaries[wish.people[0]].minutes.__getitem__)
            wish.day = day
            for person in wish.people:
                if person in owners:
                    diaries[person].minutes[day] += wish.minutes

    # -- rides -----------------------------------------------------------------------------------------------

    def _place_rides(self, group: list[Wish], left: Places) -> None:
        """Each on its dearest day with a place left on which neither of the two has another."""
        diaries = self._diaries
        for wish in group:
            rides = [diaries[person].rides for person in wish.people]
            for day in wish.preferred:
                if not any([taken[day] for taken in rides]) and left.take(day):  # noqa: C419  # as above
                    break
            else:
                day = self._another_day(wish)
            self._put(wish, day)

    def _another_day(self, wish: Wish) -> date:
        """The emptiest of the days without a ride; else one that others can leave to it; else the least bad."""
        minutes = self._diaries[wish.people[0]].minutes
        free = [day for day in wish.preferred if not self._clash(wish, day)]
        if free:
            return min(free, key=minutes.__getitem__)
        return self._room_for(wish) or min(wish.preferred, key=lambda day: (self._clash(wish, day), minutes[day]))

    def _clash(self, wish: Wish, day: date) -> int:
        """How many rides there are already."""
        return sum(self._diaries[person].rides[day] for person in wish.people)

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
        rides = {other for diary in diaries for other in diary.movable[day]}
        fixed = any(diary.rides[day] > len(diary.movable[day]) for diary in diaries)
        if len(rides) == 1 and not fixed:
            yield from rides

    def _put(self, wish: Wish, day: date) -> None:
        wish.day = day
        for person in wish.people:
            diary = self._diaries[person]
            diary.rides[day] += 1
            diary.movable[day].append(wish)

    def _take_back(self, wish: Wish) -> None:
        for person in wish.people:
            diary = self._diaries[person]
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
