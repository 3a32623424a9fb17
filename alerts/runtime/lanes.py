"""Threads beside Celery's, in every worker: what the sweep finds is done here, even if no bell is ever heard.

Each lane is a bulkhead. What is slow, or hangs, holds up the threads of its own lane only: matching never
waits behind rendering, nor that behind sending, nor one channel behind another, nor urgent behind routine.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from alerts.errors import AlertsError, Refused, Unreachable
from alerts.logs import log
from alerts.model import Channel, Step, Work
from alerts.operations.owed_work import do_owed
from alerts.walk.batch_sender import BatchSender

#: Threads of a lane; they are started when they are first needed. A second one sends what is urgent, so that
#: one slow peer of an urgent batch does not hold up the next urgent batch.
THREADS, URGENT_SENDING_THREADS = 1, 2
#: Feeds that one worker polls at once: one that hangs holds up none but itself.
POLLING_THREADS = 4
#: Entries that wait in one lane; the sweep finds again what finds no room.
WAITING_MOST = 1_000

#: Rings for work; returns what the broker did not take.
Ring = Callable[[Iterable[Work]], Sequence[Work]]


class Lanes:
    """Does steps of the walk. Safe to share between threads; an entry is in its lane once."""

    def __init__(self, batch_sender: BatchSender, ring: Ring) -> None:
        self._batch_sender = batch_sender
        self._ring = ring
        self._guard = threading.Lock()
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._taken: dict[str, set[Work]] = {}
        self._put_off: set[Work] = set()  #: steps that the server did not let us do
        self._stopped = False

    def offer(self, entries: Sequence[Work]) -> list[Work]:
        """Have each of these done in its lane, and what the server was in the way of. Raises Unreachable.

        Returns those for which there is no room.
        """
        with self._guard:
            entries = [*entries, *(self._put_off - set(entries))]
        channels = self._channels(entries)
        with self._guard:
            self._put_off.difference_update(entries)
        return [work for work in entries if not self._take(work, channels.get(work))]

    def stop(self) -> None:
        """Begin nothing more, and return once what is being done is over."""
        with self._guard:
            self._stopped = True
        for lane in self._lanes.values():
            lane.shutdown(cancel_futures=True)

    def _channels(self, entries: Iterable[Work]) -> dict[Work, Channel]:
        """The channel of each entry that renders or sends, as far as its digest is still kept."""
        about = {w: w.digest for w in entries if w.step in (Step.RENDER, Step.SEND)}
        digests = self._batch_sender.services.digests.get_all(sorted(set(about.values()))) if about else {}
        return {work: digests[name].channel for work, name in about.items() if name in digests}

    def _take(self, work: Work, channel: Channel | None) -> bool:
        """False where there is no room."""
        alone = channel or work.step is Step.POLL  # a server may take its time, and no step waits for that
        name = f"{work.step} {channel or ''}".rstrip() if alone else "steps"
        name += " urgent" if work.urgent else ""
        with self._guard:
            taken = self._taken.setdefault(name, set())
            if self._stopped or work in taken:
                return True
            if len(taken) >= WAITING_MOST:
                return False
            if name not in self._lanes:
                sends = work.step is Step.SEND and work.urgent
                threads = URGENT_SENDING_THREADS if sends else THREADS
                threads = POLLING_THREADS if work.step is Step.POLL else threads
                self._lanes[name] = ThreadPoolExecutor(threads, thread_name_prefix=name)
            taken.add(work)
            self._lanes[name].submit(self._do, work, taken)
            return True

    def _do(self, work: Work, taken: set[Work]) -> None:
        try:
            try:
                following = do_owed(self._batch_sender, work)
            finally:  # before what follows: a step may leave itself
                with self._guard:
                    taken.discard(work)
            self._pass_on(following)
        except (Refused, Unreachable):  # the sweep says so, and comes again
            with self._guard:
                self._put_off.add(work)
        except AlertsError as fault:
            log.warning("step put off", entry=str(work), why=fault.sentence)
        except Exception:  # noqa: BLE001 - the lane lives on, and the log says where it happened
            log.exception("step raised unexpectedly", entry=str(work))

    def _pass_on(self, following: Sequence[Work]) -> None:
        """Ring for what others can help with; go on here with what is urgent, with all if nobody hears."""
        unrung = self._ring([work for work in following if not work.urgent or work.step is Step.SEND])
        self.offer([work for work in following if work.urgent or work in unrung])
