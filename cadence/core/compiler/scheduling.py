"""From series and slots to tasks: what is fixed first, then what has to find its day around it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cadence.core.compiler.company import Company
from cadence.core.compiler.dating import MOST, Dated, Dating
from cadence.core.compiler.findings import Finding
from cadence.core.compiler.holders import ALWAYS, Holders
from cadence.core.compiler.making import Make, make
from cadence.core.compiler.meeting import Choice, Meeting
from cadence.core.compiler.placing import RIDE_MINUTES, Placing, Wish
from cadence.core.compiler.runs import Run, by_first, run_of
from cadence.core.compiler.series import FanOut, Series
from cadence.core.compiler.shortfalls import Shortfalls
from cadence.core.compiler.tenure import Draft, Tenure
from cadence.core.compiler.titles import Titles
from cadence.core.compiler.turns import dealt
from cadence.core.directory import Directory
from cadence.core.messages import Say
from cadence.core.model import DateState, Days, Occurrence, Weight
from cadence.core.planfile.schema import Activity, Plan
from cadence.core.triggers import Awaited, BadWord, PlanDates, resolve

RIDES = frozenset({"field_ride"})
"""Kinds of which one a day is enough, however short."""

WaveDates = Mapping[str | None, PlanDates]
"""The days of the plan by wave; None is the plan's own."""


class TooMany(Exception):
    """The plan has more tasks than the limit allows."""


class Scheduling:
    """One compile under way: `run` makes the tasks, `findings` then tells what could not be done."""

    def __init__(
        self, plan: Plan, directory: Directory, dates: WaveDates, holders: Holders, say: Say, limit: int | None
    ) -> None:
        self._plan = plan
        self._directory = directory
        self._dates = dates
        self._holders = holders
        self._titles = Titles(plan, directory, say)
        self._limit = limit
        self._fan_out = FanOut(plan, directory)
        self._companies: dict[tuple[str, ...], Company] = {}
        self._meeting = Meeting(directory)
        self._placing = Placing()
        self._fixed: list[Run] = []
        self._drafts: list[tuple[Tenure, list[Draft]]] = []
        self._many = 0
        self._wishes: defaultdict[tuple[Dated, str], list[Wish]] = defaultdict(list)
        self._shortfalls = Shortfalls(directory)

    def run(self) -> list[Run]:
        """All tasks, in the order of the first of each run; none when there are too many."""
        try:
            self.expand()
        except TooMany:
            self._shortfalls.say("P307", "activities", f"the plan comes to more than {self._limit} tasks")
            return []
        self.place()
        return self.runs()

    def expand(self) -> None:
        """What is fixed is made, what is proposed becomes a draft with a wish. Raises `TooMany`."""
        for activity in sorted(self._plan.activities, key=lambda activity: activity.key):
            self._expand(activity)

    def place(self) -> None:
        """Each wish gets its day, when all are known."""
        self._placing.place(self._wishes.values())

    def runs(self) -> list[Run]:
        """All of them, when each task has its day."""
        return by_first([*self._fixed, *(tenure.placed(drafts) for tenure, drafts in self._drafts)])

    def findings(self) -> Iterator[Finding]:
        """What could not be done as the plan has it, in no order."""
        return self._shortfalls.findings(self._placing.crowded_days())

    # -- expanding -------------------------------------------------------------------------------------------

    def _expand(self, activity: Activity) -> None:
        path = f"activities.{activity.key}"
        found = self._fan_out.series(activity)
        if not found:
            self._shortfalls.say("P305", path, "there is nobody it is for")
        before = self._many
        try:
            datings = {wave: self._dating(activity, wave) for wave in dict.fromkeys(one.wave for one in found)}
            for series in found:
                self._of_series(series, datings[series.wave])
                if self._limit is not None and self._many > self._limit:
                    raise TooMany
        except BadWord as bad:
            where = f"{path}.{bad.at}" if bad.at else path
            self._shortfalls.say("P307", where, bad.message, bad.remedy)
            return
        waiting = isinstance(activity.trigger, Awaited)
        if found and not waiting and before == self._many and not self._shortfalls.is_silent(activity.key):
            self._shortfalls.say("P306", path, "it never happens within the plan")

    def _dating(self, activity: Activity, wave: str | None) -> Dating:
        dates = self._dates[wave]
        most = MOST if self._limit is None else self._limit
        return Dating(activity, dates, quiet_spans(self._plan, activity.weight, dates), most)

    def _of_series(self, series: Series, dating: Dating) -> None:
        made = make(series, self._plan, self._titles.of(series))
        if series.activity.rotate:
            self._take_turns(made, dating)
            return
        add = self._propose if series.activity.date is DateState.PROPOSED else self._fix
        company = self._company(series)
        for span, holder in self._holders.within(series.seat, series.days):
            worktime = self._directory.regular[holder] if holder else self._directory.calendar
            table = dating.by(worktime)
            if table.silenced:
                self._shortfalls.silenced(series.activity.key, (day for day in table.silenced if day in span))
            terms = made.terms(self._plan, series.seat, worktime.zone)
            together = company.always(holder)
            add(Tenure(made, dating, span, holder, worktime, table, terms, company, together))

    def _company(self, series: Series) -> Company:
        if series.attends not in self._companies:
            self._companies[series.attends] = Company(series.attends, self._holders, self._fan_out.serving)
        return self._companies[series.attends]

    # -- fixed to a day --------------------------------------------------------------------------------------

    def _fix(self, tenure: Tenure) -> None:
        series, span = tenure.make.series, tenure.span
        rows: Sequence[Dated] = tenure.table.rows
        if span is not ALWAYS:
            rows = [row for row in rows if row.counted in span and row.day in series.days]
        if not rows:
            return
        run = tenure.fixed(rows)
        self._add(run)
        self._book(run, tenure.holder or series.seat, series.activity.minutes or 0)

    def _add(self, run: Run) -> None:
        self._fixed.append(run)
        self._many += len(run.tasks)

    def _book(self, run: Run, owner: str, minutes: int) -> None:
        """What is fixed takes its minutes from the one who owes it, and half a day or more from all who take part."""
        if minutes:
            self._placing.book(owner, run.days, minutes)
        if minutes >= RIDE_MINUTES:
            for task in run.tasks:
                for person in task.attendees:
                    self._placing.book(person, (task.date,), minutes)

    def _take_turns(self, make: Make, dating: Dating) -> None:
        """Each slot is the next one's turn. The days come from the plan's calendar, the hours are the holder's."""
        series, directory = make.series, self._directory
        table = dating.by(directory.calendar)
        self._shortfalls.silenced(series.activity.key, table.silenced)
        days = [row.choices[0] if row.choices else row.day for row in table.rows]
        turns = dealt(directory, series.seat.removeprefix("turn/"), days)
        for row, day, turn in zip(table.rows, days, turns, strict=True):
            seat = f"{series.seat}/{turn}"
            holder = directory.holder(seat, day)
            worktime = directory.regular[holder] if holder else directory.calendar
            due = worktime.closing(row.window.last if row.choices else day)
            starts, ends = dating.times(day, worktime)
            terms = make.terms(self._plan, seat, worktime.zone)
            mine = terms[row.number % len(terms)]
            attendees = self._company(series).on(day, holder)
            made = Occurrence(make.id_of(row.slot), mine, row.slot, day, row.window, due, starts, ends, attendees)
            self._add(run_of([made], [day]))

    # -- proposed within a window ----------------------------------------------------------------------------

    def _propose(self, tenure: Tenure) -> None:
        """Owed within the part of the window in which the series exists, by whoever holds the seat at its end."""
        make, series, orders = tenure.make, tenure.make.series, tenure.make.orders
        minutes = series.activity.minutes or 0
        ride = minutes >= RIDE_MINUTES or series.activity.kind in RIDES
        drafts: list[Draft] = []
        for dated, window, choice, people in self._to_place(tenure):
            order = orders.get(choice.shape) or make.order(choice.shape)
            wish = Wish(make.rank, dated.window, choice.days, order, people, minutes, ride)
            self._wishes[dated, people[0]].append(wish)
            due = dated.due if window is dated.window else tenure.worktime.closing(window.last)
            drafts.append((dated, window, due, wish))
        if drafts:
            self._drafts.append((tenure, drafts))
            self._many += len(drafts)

    def _to_place(self, tenure: Tenure) -> Iterable[tuple[Dated, Days, Choice, tuple[str, ...]]]:
        """Each slot with its part of the window, the days that will do, and those whose days it takes."""
        series, span = tenure.make.series, tenure.span
        always = self._holders.always(series.partner) if series.partner else None
        if (series.partner and not always) or series.days is not ALWAYS or span is not ALWAYS:
            return self._one_by_one(tenure)
        pair = self._meeting.pair(tenure.holder, always)
        people = pair.people if tenure.holder else (series.seat, *pair.people)
        choices = self._meeting.choices(tenure.table, pair)
        for choice in choices:
            if choice.code:
                self._shortfalls.apart(series.activity.key, choice, pair)
        rows = zip(tenure.table.rows, choices, strict=True)
        return [(dated, dated.window, choice, people) for dated, choice in rows]

    def _one_by_one(self, tenure: Tenure) -> Iterator[tuple[Dated, Days, Choice, tuple[str, ...]]]:
        """The same where somebody comes or goes. While it can be, the day is one on which the holder holds the seat."""
        series = tenure.make.series
        for dated in tenure.table.rows:
            window = _cut(dated, series.days)
            if window is None or window.last not in tenure.span:
                continue
            partner = self._holders.on(series.partner, window.last) if series.partner else None
            pair = self._meeting.pair(tenure.holder, partner)
            theirs = self._meeting.choice(dated, pair, window.meet(tenure.span))
            choice = theirs if theirs.days else self._meeting.choice(dated, pair, window)
            if choice.code:
                self._shortfalls.apart(series.activity.key, choice, pair)
            yield dated, window, choice, pair.people if tenure.holder else (series.seat, *pair.people)


def quiet_spans(plan: Plan, weight: Weight, dates: PlanDates) -> tuple[Days, ...]:
    """The plan's quiet days for tasks of `weight`. Raises `BadWord` where a span names a day the plan lacks."""
    spans = (quiet for quiet in plan.quiet if weight in quiet.only)
    return tuple(Days.inclusive(resolve(quiet.from_, dates), resolve(quiet.until, dates, end=True)) for quiet in spans)


def _cut(dated: Dated, days: Days) -> Days | None:
    """The part of the window that lies in `days`, up to its last working day: the window itself when nothing is cut
    off, None when no day is left."""
    window = dated.window.meet(days)
    if window == dated.window:
        return dated.window
    working = [day for day in (*dated.choices, *dated.others) if day in window]
    return Days.inclusive(window.start, max(working)) if working else None
