"""The worker: a metronome that beats every few seconds until it is told to stop. What is due, only the database knows.

On a database that one process can have to itself a second worker stands by, and takes over when the first is gone.
"""

from __future__ import annotations

import os
import secrets
import signal
import threading
import urllib.request
from datetime import datetime, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from cadence.bootstrap import check_redirect
from cadence.clock import Clock, system
from cadence.errors import CadenceError
from cadence.services.audit import audit
from cadence.services.beat import Beat, beat
from cadence.services.context import Context

EVERY = timedelta(seconds=5)
ACTING = timedelta(seconds=30)
"""How long a worker that has fallen silent keeps another from acting."""
SECONDS_TO_FINISH = 6.0
"""With the three seconds that the web takes to finish, a process ends within ten."""
HEARTBEAT_SECONDS = 5
AUDIT_EVERY = timedelta(minutes=1)

log = structlog.get_logger("cadence.worker")


class Worker:
    """Beats in a thread of its own between `start` and `stop`. An error ends one beat, never the next.

    `heartbeat_url` is fetched after each good beat of an installation in which all is well. The lease goes by the real
    clock, whatever `clock` says: it is about processes that live, not about days in a plan.
    """

    def __init__(
        self,
        context: Context,
        clock: Clock,
        *,
        heartbeat_url: str | None = None,
        every: timedelta = EVERY,
        alive: Clock = system,
    ) -> None:
        self._context, self._clock, self._alive = context, clock, alive
        self._heartbeat_url = heartbeat_url
        self._owner = secrets.token_hex(8)
        self._stopping, self._idle = threading.Event(), threading.Event()
        self._idle.set()
        self._stands_by = False
        self._audited: datetime | None = None
        self._well = True
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.tick,
            "interval",
            seconds=every.total_seconds(),
            next_run_time=system(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """The first beat follows at once."""
        log.info("started", owner=self._owner, channels=sorted(self._context.channels))
        self._scheduler.start()

    def stop(self, seconds: float = SECONDS_TO_FINISH) -> bool:
        """Begins nothing new and waits for what is under way; False when that took longer than `seconds`."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        finished = self._idle.wait(seconds)
        self._give_way()
        log.info("stopped", owner=self._owner, finished=finished)
        return finished

    def tick(self) -> Beat | None:
        """One beat, if it is this worker's turn; None when it is not, or when it failed."""
        self._idle.clear()
        try:
            return self._beat() if not self._stopping.is_set() and self._acts() else None
        except CadenceError as error:  # its text says what to do; a traceback would say less
            log.error("beat failed", error=str(error))
        except Exception:
            log.exception("beat failed")
        finally:
            self._idle.set()
        return None

    def _beat(self) -> Beat:
        check_redirect(self._context.store, self._context.redirect)
        done = beat(self._context, self._clock(), self._stopping.is_set)
        if done.sent or done.failed:
            log.info("beat", sent=done.sent, failed=done.failed, waiting=done.waiting)
        if self._is_well():
            self._report()
        return done

    def _is_well(self) -> bool:
        """What the audit says; looked at once a minute, and written down when it is not well."""
        now = self._alive()
        if self._audited is None or not now - AUDIT_EVERY < self._audited <= now:
            with self._context.store.read() as work:
                found = audit(work, self._clock())
            self._audited, self._well = now, found.is_well
            if not found.is_well:
                log.error("not well", twice=found.twice, stuck=found.stuck, late=found.is_late)
        return self._well

    def _acts(self) -> bool:
        """Whether it is this worker's turn; says once when that changes."""
        store = self._context.store
        if store.bears_several:
            return True
        with store.begin() as work:
            mine = work.lease("acting", self._owner, self._alive(), ACTING)
        if mine is self._stands_by:
            log.info("acting" if mine else "standing by", owner=self._owner)
        self._stands_by = not mine
        return mine

    def _give_way(self) -> None:
        """Ends the lease, so that the next worker need not wait for it to run out."""
        if self._stands_by or self._context.store.bears_several or not self._idle.is_set():
            return
        try:
            with self._context.store.begin() as work:
                work.lease("acting", self._owner, self._alive(), timedelta())
        except CadenceError as error:
            log.warning("lease not given back", error=str(error))

    def _report(self) -> None:
        """Tells an outside watchdog that all is well. When that fails, the watchdog will say so."""
        if not self._heartbeat_url:
            return
        try:
            request = urllib.request.Request(self._heartbeat_url)  # noqa: S310 - its scheme is checked below
            if request.type not in ("http", "https"):
                raise ValueError("CADENCE_HEARTBEAT_URL is neither http nor https")
            with urllib.request.urlopen(request, timeout=HEARTBEAT_SECONDS):  # noqa: S310 - the scheme is checked
                pass
        except (OSError, ValueError) as error:
            log.warning("heartbeat not delivered", error=type(error).__name__)


def work(worker: Worker) -> None:
    """Runs the worker alone in its process until SIGTERM or SIGINT; for `cadence worker`."""
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        worker.start()
        told.wait()
        end(worker)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end(worker: Worker) -> None:
    """Stops the worker and, if a provider keeps it waiting, the process: the ledger knows what is still on its way."""
    if not worker.stop():
        os._exit(0)  # the interpreter would wait for the thread, for as long as the provider likes
