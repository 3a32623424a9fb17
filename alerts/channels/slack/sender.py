"""A batch of deliveries to Slack, several channels at a time. Posts nothing after it was asked to stop."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from alerts.channels.contract import Pace, Stop
from alerts.channels.slack import history
from alerts.channels.slack.answers import No, Refusal
from alerts.channels.slack.api import Api
from alerts.channels.slack.delivery import Attempt, Courier
from alerts.model import Instant, Message, Outcome, Post, Recipient, RouteDown


class SlackSender:
    """Sends as one bot of one workspace. Raises BadInput for a token or an address nobody can call.

    `timeout` in seconds holds for each call, to the end of its answer. `pace` is asked from threads of the
    sender's own.
    """

    def __init__(self, token: str, api_url: str, pace: Pace, timeout: float = 15, parallel: int = 16) -> None:
        self.in_flight = parallel
        self._api = Api(token, api_url, timeout)
        self._courier = Courier(self._api, pace)
        self._pool = self._new_pool()

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Yield each outcome as soon as it is known; see the contract. What was begun is always finished.

        A channel stands in a batch once, so no two calls concern the same channel. A message that
        cannot be filled raises before anything is posted.
        """
        owed = deque((recipient.sid, Attempt.of(message, recipient)) for recipient in recipients)
        begun: dict[Future[Outcome], int] = {}
        down: tuple[int, RouteDown] | None = None
        try:
            while owed or begun:
                while owed and len(begun) < self.in_flight:
                    if stop():
                        owed.clear()
                        break
                    sid, delivery = owed.popleft()
                    begun[self._pool.submit(self._courier.deliver, delivery)] = sid
                for future in wait(begun, return_when=FIRST_COMPLETED).done:
                    sid, outcome = begun.pop(future), future.result()
                    if isinstance(outcome, RouteDown):
                        owed.clear()
                        down = down or (sid, outcome)
                    else:
                        yield sid, outcome
            if down:
                yield down
        finally:
            wait(begun)

    def find(self, address: str, name: str, since_ms: Instant) -> Post | history.Doubt | None:
        """Where the post of this name stands in a channel; None: it is not there.

        Asked back to `since_ms`: see `history.in_channel`.
        """
        return history.in_channel(self._api, address.partition("/")[2], name, since_ms)

    def refusal(self) -> No | None:
        """What Slack says against the token; None if it takes it. Asks, and posts nothing."""
        answer = self._api.read("auth.test", {})
        return answer.outcome if isinstance(answer, Refusal) else None

    def close(self) -> None:
        """Let the threads go; the sender may be used again."""
        pool, self._pool = self._pool, self._new_pool()
        pool.shutdown()

    def _new_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.in_flight, thread_name_prefix="slack")
