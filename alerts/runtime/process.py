"""What a worker process has one of: its batch sender, and the services beneath."""

import threading
from functools import cache

from alerts.runtime.whole import load_whole
from alerts.services import connect
from alerts.settings import load
from alerts.walk.batch_sender import BatchSender

#: `cache` alone lets threads that ask at the same time each make one. A signal may ask within the asking.
_putting_together = threading.RLock()


@cache
def _batch_sender() -> BatchSender:
    load_whole()
    return BatchSender(connect(load()))


def batch_sender() -> BatchSender:
    """The batch sender of this process: put together when a thread first asks for it, the same for all.

    Two of them would stop only in part: the worker is asked once to put nothing more on the wire.
    """
    with _putting_together:
        return _batch_sender()
