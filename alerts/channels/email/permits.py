"""Leave to transmit: neither stopped nor faster than the route's pace. Asked for a window at a time."""

import time

from alerts.channels.contract import Pace, Stop

#: Seconds that are waited for the pace on the spot; longer ones are the caller's to wait.
PATIENCE_S = 1.0

_NAP_S = 0.1


class Leave:
    """What one `send` may still transmit, until an instant (monotonic). `wait_s` > 0: the pace said no."""

    def __init__(self, pace: Pace, stop: Stop, at_once: int, until: float) -> None:
        self._until = until
        self._pace = pace
        self._stop = stop
        self._at_once = at_once
        self._granted = 0
        self._stopped = False
        self.wait_s = 0.0

    def ended(self) -> bool:
        """Whether nothing more may be begun, ever."""
        self._stopped = self._stopped or self._stop()
        return self._stopped or self.late()

    def late(self) -> bool:
        """Whether the time for one `send` is over."""
        return time.monotonic() >= self._until

    def take(self, wanted: int) -> bool:
        """Take leave for one message, of `wanted` that may follow."""
        self._stopped = self._stopped or self._stop()
        if self._stopped or self.wait_s > 0:
            return False
        if self._granted == 0:
            if self.late():
                return False
            asked = min(wanted, self._at_once)
            self.wait_s = self._pace("smtp", asked)
            if self.wait_s > 0:
                return False
            self._granted = asked
        self._granted -= 1
        return True

    def wait(self) -> bool:
        """Sleep until the pace can be asked again. False, at once, where that is beyond our patience."""
        if self.wait_s > PATIENCE_S:
            return False
        until = time.monotonic() + self.wait_s
        self.wait_s = 0.0
        while (left := until - time.monotonic()) > 0 and not self.ended():
            time.sleep(min(left, _NAP_S))
        return True
