"""Holds what happened against what was promised, by the company's own book and not by the program's arithmetic."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cadence.core.model import Delivery, DeliveryState, MessageKind, Rung, State, Task, Weight
from cadence.services.installation import look
from cadence.store import Work
from tests.soak.company import Company
from tests.soak.office import Office, Taken

if TYPE_CHECKING:
    from tests.soak.year import Year

CALM = timedelta(minutes=10)
"""After so long without an interruption no delivery may be under way between two beats."""
FAR_TOO_LATE = timedelta(days=21)
A_DAY, A_WEEK = 1, 2


@dataclass(slots=True)
class Judge:
    """Fails by an assertion. `held` are persons of whom nobody may hear anything: since when, and the last day."""

    company: Company
    office: Office
    held: dict[str, tuple[datetime, date]] = field(default_factory=dict)
    briefs: Counter[tuple[str, date]] = field(default_factory=Counter)
    alerts: Counter[tuple[str, date]] = field(default_factory=Counter)
    weeks: Counter[tuple[str, date]] = field(default_factory=Counter)
    repeated: int = 0
    vacancies: int = 0
    checks: int = 0
    shown: set[str] = field(default_factory=set)
    interruptions: list[datetime] = field(default_factory=list)
    _first: dict[str, datetime] = field(default_factory=dict)
    _day: date | None = None

    def interrupted(self, now: datetime) -> None:
        self.interruptions.append(now)

    def is_new_day(self, now: datetime) -> bool:
        """No beat of this day was judged yet."""
        return self._day != now.date()

    # --- after every beat

    def of_beat(self, new: Sequence[Taken]) -> None:
        self.checks += 1
        for one in new:
            self.shown.update(one.shown)
            if one.edits is None:
                self._twice(one)
                self._in_working_time(one)

    def _twice(self, one: Taken) -> None:
        now = datetime.fromisoformat(one.at)
        times = self.office.keys[one.key]
        first = self._first.setdefault(one.key, now)
        if times > 1:
            doubts = self.office.doubted[one.key] + sum(first <= at <= now for at in self.interruptions)
            assert one.channel == "email", f"twice in Slack: {one}"
            assert times <= 1 + doubts, f"a mail {times} times, with {doubts} doubts: {one}"
            self.repeated += 1
            return
        self._counted(one, now)

    def _counted(self, one: Taken, now: datetime) -> None:
        """Only messages that came for the first time count; a repeat of a mail is known by its Message-ID."""
        person = self.company.people[one.to]
        day = now.astimezone(person.zone).date()
        match one.kind:
            case MessageKind.BRIEF:
                self.briefs[one.to, day] += 1
                assert self.briefs[one.to, day] == 1, f"a second brief on {day}: {one}"
            case MessageKind.ALERT:
                self.alerts[one.to, day] += 1
                self.weeks[one.to, person.week(day)] += 1
                assert self.alerts[one.to, day] <= A_DAY, f"over the day's budget: {one}"
                assert self.weeks[one.to, person.week(day)] <= A_WEEK, f"over the week's budget: {one}"

    def _in_working_time(self, one: Taken) -> None:
        now, person = datetime.fromisoformat(one.at), self.company.people[one.to]
        assert person.working(now), f"outside working time: {one}"
        if one.to in self.held:
            since, until = self.held[one.to]
            assert not (since < now and now.astimezone(person.zone).date() <= until), f"held: {one}"

    # --- once a day

    def of_day(self, work: Work, now: datetime) -> None:
        self._day = now.date()
        assert work.ledger.doubles() == 0
        waiting = work.ledger.waiting()
        if not any(now - at < CALM for at in self.interruptions):
            under_way = waiting[DeliveryState.CLAIMED] + waiting[DeliveryState.SENDING]
            assert under_way == 0, f"{now}: {waiting}"
        situation = look(work, now)
        for task in situation.tasks:
            if task.state is State.OPEN and situation.directory(task) is not None:
                self._accountable(task, situation.seat(task).holder, max(task.date, now.date()))

    def _accountable(self, task: Task, holder: str | None, day: date) -> None:
        """Exactly one person who is there, or a seat that nobody holds."""
        if holder is None:
            self.vacancies += 1
            return
        person = self.company.people.get(holder)
        assert person is not None, f"{holder} is nobody: {task}"
        assert person.is_here(day), f"{holder} is not there on {day}: {task}"

    # --- at the end

    def at_the_end(self, work: Work, now: datetime) -> None:
        assert work.ledger.doubles() == 0
        waiting = work.ledger.waiting()
        assert not any(waiting[state] for state in (DeliveryState.CLAIMED, DeliveryState.SENDING)), waiting
        sent = work.ledger.sent()
        taken = {one.key for one in self.office.taken}
        assert {one.key for one in sent} <= taken, "held for sent, and no provider has it"
        unknown = taken - {one.key for one in sent}
        assert not unknown, f"a provider has it, and it is not held for sent: {sorted(unknown)[:3]}"
        kinds = (MessageKind.BRIEF, MessageKind.ALERT)
        self._nothing_is_forgotten(work, (*sent, *work.ledger.unsent(kinds)))
        late = list(self._never_said(work.tasks.find(), now))
        assert not late, f"{len(late)} tasks went by and nobody ever heard of them: {late[:3]}"

    def _nothing_is_forgotten(self, work: Work, known: Iterable[Delivery]) -> None:
        """What counts as said stands in a message that arrived or still waits."""
        said: dict[str, set[tuple[str, Rung]]] = defaultdict(set)
        for delivery in known:
            for entry in delivery.entries:
                if entry.rung is not None and (subject := entry.task_id or entry.decision_id):
                    said[delivery.recipient].add((subject, entry.rung))
        subjects = [task.id for task in work.tasks.find()] + [one.id for one in work.records.decisions()]
        lost = [
            notice
            for notice in work.ledger.notices(subjects)
            if notice.rung is not Rung.PING and (notice.subject, notice.rung) not in said[notice.recipient]
        ]
        assert not lost, f"{len(lost)} count as said and stand in no message: {sorted(lost)[:3]}"

    def _never_said(self, tasks: Iterable[Task], now: datetime) -> Iterator[str]:
        """What was owed, went by without anybody's doing and stood in no message, though somebody was there."""
        for task in tasks:
            heard = task.id in self.shown or task.occurrence.weight is Weight.LIGHT
            over = task.due + FAR_TOO_LATE < now and task.state in (State.OPEN, State.MISSED)
            if over and not heard and self._somebody_was_there(task):
                yield f"{task.id} {task.occurrence.title} {task.state} {task.date} {task.occurrence.seat}"

    def _somebody_was_there(self, task: Task) -> bool:
        person = self.company.people.get(task.occurrence.seat.partition("/")[2])
        window = task.occurrence.window
        return person is not None and any(person.works(day) and person.is_here(day) for day in window)

    def figures(self, year: Year) -> Iterator[str]:
        first = [one for one in self.office.taken if one.edits is None]
        kinds = Counter(one.kind for one in first)
        yield f"{len(self.company.people)} people, {year.days} days, {year.counts['beats']} beats, all of them judged"
        yield f"messages: {len(first)} ({', '.join(f'{many} {kind}' for kind, many in sorted(kinds.items()))})"
        yield f"rewrites: {len(self.office.taken) - len(first)}; answers and changes: {year.counts['said']}"
        calls, transactions = self.office.calls, year.trouble.transactions
        yield f"faults: {self.office.faults} of {calls} calls, {year.trouble.faults} of {transactions} transactions"
        yield f"kills: {year.counts['abandoned']} at a statement, {year.counts['killed for real']} by SIGKILL"
        yield f"lost 0, twice in Slack 0, mails again under their Message-ID {self.repeated}"
        yield "seconds: " + ", ".join(f"{what} {spent:.0f}" for what, spent in sorted(year.seconds.items()))
