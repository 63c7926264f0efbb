"""From series and slots to occurrences: what is fixed first, then what has to find its day around it."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from cadence.core.compiler.dating import MOST, Dated, Dating
from cadence.core.compiler.findings import Finding, dates_in_words
from cadence.core.compiler.identity import ids_of
from cadence.core.compiler.placing import RIDE_MINUTES, Placing, Wish, series_hash
from cadence.core.compiler.series import FanOut, Series
from cadence.core.directory import Directory
from cadence.core.messages import Say
from cadence.core.model import DateState, Days, Occurrence
from cadence.core.planfile.schema import Activity, Plan
from cadence.core.triggers import Awaited, BadWord, PlanDates
from cadence.core.worktime import Worktime

RIDES = frozenset({"field_ride"})
"""Kinds of which one a day is enough, however short."""
WORKDAY_MINUTES = 600


class TooMany(Exception):
    """The plan has more tasks than the limit allows."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed task on its way to a day."""

    make: Make
    dating: Dating
    dated: Dated
    window: Days
    due: datetime
    worktime: Worktime
    holder: str | None


@dataclass(frozen=True, slots=True)
class Make:
    """Makes the occurrences of one series: what they share is settled once."""

    series: Series
    seat: str
    plan: str
    language: str
    title: str
    id_of: Callable[[str], str]
    hash: bytes

    def __call__(
        self,
        slot: str,
        day: date,
        window: Days,
        due: datetime,
        times: tuple[datetime | None, datetime | None],
        zone: str,
        attendees: tuple[str, ...],
        seat: str | None = None,
    ) -> Occurrence:
        activity = self.series.activity
        return Occurrence.of(
            id=self.id_of(slot),
            plan=self.plan,
            activity=activity.key,
            kind=activity.kind,
            weight=activity.weight,
            mode=activity.mode,
            about=self.series.about,
            seat=seat or self.seat,
            attendees=attendees,
            slot=slot,
            wave=None,
            language=self.language,
            title=self.title,
            date=day,
            window=window,
            date_state=activity.date,
            due=due,
            starts=times[0],
            ends=times[1],
            timezone=zone,
            minutes=activity.minutes,
            when_absent=activity.when_absent,
        )


class Scheduling:
    """One compile under way: `run` makes the schedule, `findings` then tells what could not be done."""

    def __init__(self, plan: Plan, directory: Directory, dates: PlanDates, say: Say, limit: int | None) -> None:
        self._plan = plan
        self._directory = directory
        self._dates = dates
        self._say = say
        self._limit = limit
        self._fan_out = FanOut(plan, directory)
        self._placing = Placing()
        self._made: list[Occurrence] = []
        self._drafts: dict[Wish, Draft] = {}
        self._found: list[Finding] = []
        self._apart: defaultdict[tuple[str, str, str], list[tuple[date, str]]] = defaultdict(list)

    def run(self) -> tuple[Occurrence, ...]:
        """The schedule, ordered by date, due, id; empty when there are too many tasks."""
        try:
            for activity in sorted(self._plan.activities, key=lambda activity: activity.key):
                self._expand(activity)
        except TooMany:
            message = f"the plan comes to more than {self._limit} tasks"
            self._found.append(Finding("P307", "activities", message))
            return ()
        for wish, day in self._placing.place(tuple(self._drafts)).items():
            self._made.append(self._placed(self._drafts[wish], day))
        return tuple(sorted(self._made, key=lambda made: (made.date, made.due, made.id)))

    # -- expanding -------------------------------------------------------------------------------------------

    def _expand(self, activity: Activity) -> None:
        path = f"activities.{activity.key}"
        found = self._fan_out.series(activity)
        if not found:
            self._found.append(Finding("P305", path, "there is nobody it is for"))
        dating = Dating(activity, self._dates, MOST if self._limit is None else self._limit)
        before = len(self._made) + len(self._drafts)
        try:
            for series in found:
                self._of_series(series, dating)
        except BadWord as bad:
            where = f"{path}.{bad.at}" if bad.at else path
            self._found.append(Finding("P307", where, bad.message, bad.remedy))
            return
        waiting = isinstance(activity.trigger, Awaited)
        if found and not waiting and before == len(self._made) + len(self._drafts):
            self._found.append(Finding("P306", path, "it never happens within the plan"))

    def _of_series(self, series: Series, dating: Dating) -> None:
        make = self._maker(series)
        if series.activity.rotate:
            self._turns(make, dating)
            return
        proposed = series.activity.date is DateState.PROPOSED
        add = self._propose if proposed else self._fix
        for span, holder in self._directory.holders(series.seat, series.days):
            worktime = self._directory.regular[holder] if holder else self._directory.calendar
            for dated in dating.by(worktime):
                add(make, dating, dated, span, worktime, holder)
            if self._limit is not None and len(self._made) + len(self._drafts) > self._limit:
                raise TooMany

    def _maker(self, series: Series) -> Make:
        activity, plan = series.activity, self._plan
        own = clean(activity.title.in_language(plan.language)) if activity.title else ""
        # A manager's own team needs no name: whoever reads the title sees whose task it is.
        named_after = series.about.startswith("rep/") or series.about != series.seat.replace("manager/", "team/")
        is_pair = series.about.startswith(("rep/", "team/")) and named_after
        name = clean(self._directory.title_of(series.about)) if is_pair else ""
        title = self._say(f"kind.{activity.kind}.title", about=name, title=own)
        named = (plan.id, activity.identity, series.about)
        return Make(series, series.seat, plan.id, plan.language, title, ids_of(*named), series_hash(*named))

    def _turns(self, make: Make, dating: Dating) -> None:
        """Each slot is the next one's turn. The days come from the plan's calendar, the hours are the holder's."""
        series = make.series
        for number, dated in enumerate(dating.by(self._directory.calendar)):
            day = dated.choices[0] if dated.choices else dated.day
            seat = f"{series.seat}/{number}"
            holder = self._directory.holder(seat, day)
            worktime = self._directory.regular[holder] if holder else self._directory.calendar
            if dated.counted in series.days:
                attendees = self._fan_out.attendees(series, day, holder)
                due = worktime.closing(dated.window.last if dated.choices else day)
                times = dating.times(day, worktime)
                self._made.append(make(dated.slot, day, dated.window, due, times, worktime.zone, attendees, seat))

    def _fix(
        self, make: Make, dating: Dating, dated: Dated, span: Days, worktime: Worktime, holder: str | None
    ) -> None:
        series = make.series
        if dated.counted not in span or dated.day not in series.days:
            return
        attendees = self._fan_out.attendees(series, dated.day, holder)
        times = (dated.starts, dated.ends)
        self._made.append(make(dated.slot, dated.day, dated.window, dated.due, times, worktime.zone, attendees))
        minutes = series.activity.minutes
        if minutes:
            busy = (*attendees, holder or series.seat) if minutes >= RIDE_MINUTES else (holder or series.seat,)
            self._placing.book(busy, dated.day, minutes)

    def _propose(
        self, make: Make, dating: Dating, dated: Dated, span: Days, worktime: Worktime, holder: str | None
    ) -> None:
        """Owed within the part of the window in which the series exists, by whoever holds the seat at its end."""
        series = make.series
        window = dated.window.meet(series.days)
        if window != dated.window:
            working = [day for day in (*dated.choices, *dated.others) if day in window]
            window = Days.inclusive(window.start, max(working)) if working else Days(window.start, window.start)
        if window.start == window.stop or window.last not in span:
            return
        partner = self._directory.holder(series.partner, window.last) if series.partner else None
        days = self._days(series, dated, window, holder, partner)
        activity = series.activity
        minutes = activity.minutes or 0
        ride = minutes >= RIDE_MINUTES or activity.kind in RIDES
        people = (holder or series.seat, *((partner,) if partner and partner != holder else ()))
        wish = Wish(make.hash, dated.window, days, people, minutes, ride, WORKDAY_MINUTES)
        due = dated.due if window == dated.window else worktime.closing(window.last)
        self._drafts[wish] = Draft(make, dating, dated, window, due, worktime, holder)

    def _days(
        self, series: Series, dated: Dated, window: Days, holder: str | None, partner: str | None
    ) -> tuple[date, ...]:
        """The best days there are: its own on which both work, else others on which both do, else the holder's
        alone, else those of the calendar."""
        people = [person for person in (holder, partner) if person]
        if window == dated.window and self._alike(people):
            return dated.choices or dated.others
        worktimes = [self._directory.worktimes[person] for person in people]
        own = tuple(day for day in dated.choices if day in window)
        others = tuple(day for day in dated.others if day in window)
        for count, days, code in (
            (2, own, None),
            (2, others, "P308" if own else None),
            (1, own, "P303"),
            (1, others, "P303"),
        ):
            met = tuple(day for day in days if all(worktime.works(day) for worktime in worktimes[:count]))
            if met:
                return self._noted(code, series, met, people)
        return self._noted("P303" if people else None, series, own or others, people)

    def _alike(self, people: list[str]) -> bool:
        """Whether all work by the very same calendar and nobody is ever away."""
        worktimes = {id(self._directory.regular[person]) for person in people}
        return len(worktimes) <= 1 and not any(self._directory.worktimes[person].away for person in people)

    def _noted(self, code: str | None, series: Series, days: tuple[date, ...], people: list[str]) -> tuple[date, ...]:
        if code:
            names = " and ".join(self._directory.name(person) for person in people)
            self._apart[code, series.activity.key, people[0]].append((days[0], names))
        return days

    def _placed(self, draft: Draft, day: date) -> Occurrence:
        make, worktime = draft.make, draft.worktime
        attendees = self._fan_out.attendees(make.series, day, draft.holder)
        times = draft.dating.times(day, worktime)
        return make(draft.dated.slot, day, draft.window, draft.due, times, worktime.zone, attendees)

    # -- what came up ----------------------------------------------------------------------------------------

    def findings(self) -> Iterator[Finding]:
        """What could not be done as the plan has it, in no order."""
        yield from self._found
        for (code, activity, _), cases in sorted(self._apart.items()):
            yield Finding(code, f"activities.{activity}", _cannot_meet(code, cases))
        for person, days in self._placing.crowded_days().items():
            most = max(many for _, many in days)
            when = dates_in_words(day for day, _ in days)
            name = self._directory.name(person)
            message = f"{name} has more than one ride on {len(days)} day{'s' * (len(days) > 1)}, up to {most}: {when}"
            yield Finding("P302", f"people.list.{person}", message)


def _cannot_meet(code: str, cases: list[tuple[date, str]]) -> str:
    who = sorted({names for _, names in cases})
    named = ", ".join(who[:3]) + (f" and {len(who) - 3} more" if len(who) > 3 else "")
    when = dates_in_words(day for day, _ in cases)
    if code == "P308":
        return f"{named} can meet on none of the days named, and {len(cases)} of these lie on another: near {when}"
    return f"{named} cannot meet in {len(cases)} window{'s' * (len(cases) > 1)}: near {when}"


def clean(text: str) -> str:
    """`text` in one line, without control characters: nothing in it can break a header, a calendar or a page."""
    plain = "".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text)
    return " ".join(plain.split())
