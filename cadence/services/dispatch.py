"""Sends what is queued: claims, looks once more whether it is still true, writes down what goes, sends, settles.

Many are under way at once, each channel in threads of its own, to one person one after the other; one thread alone
touches the database. Between the claim and the settling nothing is held open: a process that dies leaves a lease
behind, and what was being sent becomes doubtful, never forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial

from cadence.channels import InTime
from cadence.clock import elapsed
from cadence.core.model import Closed, Delivery, Outcome, Permanent, Person, Sent, Temporary, Unknown
from cadence.errors import CadenceError, Unreachable
from cadence.services.circuits import Circuit, circuits
from cadence.services.context import Context
from cadence.services.outcomes import Ready, Tally, owe_rewrite, settle_all
from cadence.services.preparing import View, prepare

__all__ = ["View", "dispatch", "settle_doubts"]

LEASE = timedelta(minutes=3)
BATCH = 100
ROUND = 60.0
"""Seconds after which nothing more is claimed: the next beat goes on with a newer `now`."""
LATE = 60.0
"""Seconds after its mark from which a message is not begun any more. With the longest time that a channel takes for one
and half a minute between two hosts' clocks it is still inside the lease."""
CLUMP = 0.01
"""Seconds for which answers are collected, so that those that come together are settled together."""
DATABASE_RESTS = 1.0
WAITS_FOR_CHANNEL = timedelta(hours=1)
"""How long a message waits for a channel that takes nothing before it goes another way."""
TRIPS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""Pauses of a delivery that cannot even be written; after the last it is parked."""
DOUBT_RESTS = timedelta(seconds=90)
"""How long a doubtful post may still be on its way: an HTTP time-out and a margin."""
REPEATS = 5
"""How often a mail is sent that the server may have taken each time."""

Attempt = tuple[Ready, Outcome]


def dispatch(context: Context, now: datetime, view: View, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """Sends everything due at `now` and says how much went and how much failed for good. Once `stopping` says so
    nothing more is begun, and what was not begun goes back into the queue; the same after a minute."""
    return _Round(context, now, view, stopping).run()


class _Round:
    def __init__(self, context: Context, now: datetime, view: View, stopping: Callable[[], bool]) -> None:
        self._context, self._now, self._view, self._stopping = context, now, view, stopping
        self._start = elapsed()
        self._held: list[Delivery] = []
        """Claimed and not marked, in their order."""
        self._flying: dict[Future[Outcome | None], Ready] = {}
        self._done: list[Attempt] = []
        self._unsaid: list[Delivery] = []
        """Claimed, and perhaps marked, but not to be begun."""
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._circuits: dict[str, Circuit] = {}
        self._empty: set[str] = set()
        """Channels for which nothing more was due when last asked."""
        self._tally = Tally()

    def run(self) -> Tally:
        try:
            while not self._is_over() and (self._claim() or self._flying):
                self._begin()
                self._gather()
                self._settle()
        finally:
            for pool in self._pools.values():  # what is under way is waited for, what is not begun is not
                pool.shutdown(wait=True, cancel_futures=True)
            self._gather()
            self._settle()
            self._hand_back()
        return self._tally

    def _is_over(self) -> bool:
        return self._stopping() or elapsed() - self._start > ROUND

    # --- claiming

    def _claim(self) -> bool:
        """Whether there is anything to begin."""
        held = {delivery.channel for delivery in self._held}
        asked = {name for name in self._context.channels if name not in held and self._room(name) > 0}
        if asked <= self._empty and (self._held or self._flying):
            return bool(self._held)
        with self._context.store.begin() as work:
            self._circuits = circuits(work, self._context.channels)
            claimed = work.ledger.claim(self._now, self._lease(), BATCH, self._but(asked))
        self._held += claimed
        self._empty = self._empty | asked if len(claimed) < BATCH else set()
        return bool(self._held)

    def _lease(self) -> timedelta:
        return LEASE + timedelta(seconds=elapsed() - self._start)

    def _but(self, asked: Set[str]) -> dict[str, datetime | None]:
        """What is not to be claimed: of a shut channel, what has not waited so long that it goes another way."""
        shut = self._shut()
        overdue = self._now - WAITS_FOR_CHANNEL if self._context.channels.keys() - shut else None
        return {name: overdue if name in shut else None for name in self._context.channels if name not in asked - shut}

    def _shut(self) -> frozenset[str]:
        return frozenset(name for name, circuit in self._circuits.items() if circuit.is_shut(self._now))

    def _room(self, name: str) -> int:
        """How many more of a channel may be marked. One more for each that is under way waits behind it, so that no
        sender has to wait for the database; a broken channel is tried with one message. What has no network behind it
        (0) goes as it comes."""
        at_once = self._context.channels[name].at_once
        broken = name in self._circuits and self._circuits[name].broken
        places = 1 if broken else {0: BATCH, 1: 1}.get(at_once, 2 * at_once)
        return places - sum(ready.channel.name == name for ready in self._flying.values())

    # --- marking and handing out

    def _begin(self) -> None:
        """Marks those that have a place and a free address, in one transaction, and hands them to the senders."""
        waits = [delivery for delivery in self._held if self._waits(delivery)]
        self._unsaid += waits
        self._held = [delivery for delivery in self._held if delivery not in waits]
        chosen = list(self._chosen())
        if not chosen:
            return
        keys, began = {delivery.key for delivery in chosen}, elapsed()
        self._held = [delivery for delivery in self._held if delivery.key not in keys]
        try:
            marked = self._marked(chosen)
        except CadenceError:
            self._held += chosen
            raise
        except Exception:  # one of them trips over itself, and all the others must still go
            marked = [ready for delivery in chosen for ready in self._marked_alone(delivery)]
        for ready in marked:
            self._hand_out(ready, began)

    def _waits(self, delivery: Delivery) -> bool:
        """Its channel was shut after the claim, and it has not waited for so long that it goes another way."""
        return delivery.channel in self._shut() and delivery.not_before > self._now - WAITS_FOR_CHANNEL

    def _chosen(self) -> Iterator[Delivery]:
        busy = {self._lane(ready.delivery) for ready in self._flying.values()}
        room = Counter({name: self._room(name) for name in self._context.channels})
        shut = self._shut()
        for delivery in self._held:
            channel = delivery.channel
            free = channel not in room or channel in shut or room[channel] > 0
            if free and self._lane(delivery) not in busy:
                busy.add(self._lane(delivery))
                room[channel] -= 1
                yield delivery

    def _lane(self, delivery: Delivery) -> tuple[str, str]:
        """What goes to one person through one channel goes one after the other."""
        return delivery.channel, self._context.redirect or delivery.recipient

    def _marked(self, chosen: Sequence[Delivery]) -> list[Ready]:
        shut = self._shut()
        with self._context.store.begin() as work:
            self._view.renewed(work, self._now)
            found = (prepare(work, self._context, one, self._now, self._view, shut) for one in chosen)
            ready = [one for one in found if one is not None]
            at = self._now + timedelta(seconds=elapsed() - self._start)
            ours = work.ledger.sending([one.delivery for one in ready], at, LEASE) if ready else frozenset()
            return [one for one in ready if one.delivery.key in ours]

    def _marked_alone(self, delivery: Delivery) -> list[Ready]:
        """A delivery that cannot be written is put off, three times, then parked: it never stops the others."""
        try:
            return self._marked([delivery])
        except CadenceError:
            raise
        except Exception as error:  # as above
            retry_at = self._now + TRIPS[delivery.attempts] if delivery.attempts < len(TRIPS) else None
            with self._context.store.begin() as work:
                said = f"cannot be written: {type(error).__name__}"
                work.ledger.put_off(delivery.key, delivery.fence, said, self._now, retry_at=retry_at)
            return []

    def _hand_out(self, ready: Ready, began: float) -> None:
        send = partial(_sent, ready, lambda: elapsed() - began < LATE)
        name, threads = ready.channel.name, ready.channel.at_once
        if threads == 0:
            self._take(ready, None if self._has_just_closed(name) else send())
            return
        if name not in self._pools:
            self._pools[name] = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._flying[self._pools[name].submit(send)] = ready

    def _has_just_closed(self, name: str) -> bool:
        return any(isinstance(outcome, Closed) and ready.channel.name == name for ready, outcome in self._done)

    # --- settling

    def _gather(self) -> None:
        """Waits until something has come back."""
        if self._flying and not self._done:
            wait(self._flying, timeout=0.2, return_when=FIRST_COMPLETED)
            if len(self._flying) > 1:
                wait(self._flying, timeout=CLUMP)
        if self._is_over():
            for flying in [*self._flying]:
                if flying.cancel():
                    self._unsaid.append(self._flying.pop(flying).delivery)
        for flying in [flying for flying in self._flying if flying.done()]:
            self._take(self._flying.pop(flying), flying.result())

    def _take(self, ready: Ready, outcome: Outcome | None) -> None:
        if outcome is None:
            self._unsaid.append(ready.delivery)
        else:
            self._done.append((ready, outcome))

    def _settle(self) -> None:
        """A database that does not answer is waited for: what was sent is known here and nowhere else."""
        began = elapsed()
        while self._done:
            try:
                with self._context.store.begin() as work:
                    assert self._view.situation is not None
                    tally = settle_all(work, self._context, self._done, self._view.situation, self._now)
                    self._circuits = circuits(work, self._context.channels)
            except Unreachable:
                if self._stopping() or elapsed() - began > LATE:
                    raise
                wait([Future()], timeout=DATABASE_RESTS)
                continue
            self._tally.sent += tally.sent
            self._tally.failed += tally.failed
            self._done = []

    def _hand_back(self) -> None:
        """What was claimed or marked and not begun need not wait for its lease to run out."""
        if not (self._held or self._unsaid):
            return
        with self._context.store.begin() as work:
            for delivery in (*self._held, *self._unsaid):
                work.ledger.hand_back(delivery, self._now)


def _sent(ready: Ready, in_time: InTime) -> Outcome | None:
    """The channel's outcome; a channel that raises against its promise may or may not have sent. None: not begun."""
    if not in_time():
        return None
    try:
        return ready.channel.send(ready.delivery, ready.to, in_time)
    except Exception as error:  # whatever it is, the others must still go
        return Unknown(f"{ready.channel.name}: {type(error).__name__}")


def settle_doubts(context: Context, now: datetime) -> None:
    """Asks the provider about each doubtful delivery, once it can know; where nobody can be asked, sends again under
    the same name, so that the receiver can tell a repeat."""
    with context.store.begin() as work:
        doubtful = work.ledger.unknown(now, DOUBT_RESTS)
        persons = work.people.all() if doubtful else {}
    if not doubtful:
        return
    most = max(1, *(channel.at_once for channel in context.channels.values()))
    with ThreadPoolExecutor(min(most, len(doubtful)), thread_name_prefix="doubt") as pool:
        found = pool.map(partial(_looked_up, context, persons), doubtful)
        for delivery, outcome in zip(doubtful, found, strict=True):
            with context.store.begin() as work:
                settled = work.ledger.resolve(delivery.key, outcome, now)
                if settled and isinstance(outcome, Sent) and context.channels[delivery.channel].can_edit:
                    owe_rewrite(work, delivery.key, now)  # it may be hours old by now


def _looked_up(context: Context, persons: Mapping[str, Person], delivery: Delivery) -> Outcome:
    """What has become of it. As long as Slack itself cannot be asked it stays in doubt, and is asked for later."""
    channel, person = context.channels.get(delivery.channel), persons.get(delivery.recipient)
    if channel is None or person is None:
        return Permanent("nobody can be asked whether it arrived")
    if not channel.can_ask:
        repeats = delivery.attempts >= REPEATS
        return Permanent("never confirmed") if repeats else Temporary("it had not arrived")
    return channel.find(delivery, persons.get(context.redirect or "", person)) or Temporary("it had not arrived")
