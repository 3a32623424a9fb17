"""A batch of webhooks, several at a time. Posts nothing after it was asked to stop, or twice by itself."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import lru_cache

from alerts.channels.contract import Stop
from alerts.channels.webhook import answers
from alerts.channels.webhook.hosts import Hosts
from alerts.channels.webhook.posting import Posting
from alerts.channels.webhook.signing import secret, signature
from alerts.channels.webhook.turns import Turns
from alerts.model import Deferred, Message, Outcome, Recipient, RouteDown, Unsure
from alerts.outbound import AnswerLost, GuardedClient, HttpAnswer, HttpReply, NotReached

#: Threads, of all batches that are under way in a process together.
THREADS = 32
#: Hosts that cannot be reached, while none answers, before it is taken for our own connection.
UNREACHED_MIN = 3
#: Seconds for which a delivery that testified against our own connection waits: longer than that rests.
WITNESS_S = 35.0
#: Secrets at hand.
_SECRETS = 10_000


class WebhookSender:
    """Posts where the client admits. `key` is read when it is first needed; `clock`: seconds since 1970."""

    def __init__(
        self,
        client: GuardedClient,
        key: Callable[[], bytes],
        clock: Callable[[], float] = time.time,
        hosts: Hosts | None = None,
        parallel: int = 16,
    ) -> None:
        self.in_flight = parallel
        self._client = client
        self._clock = clock
        self._hosts = hosts or Hosts()
        self._key = lru_cache(maxsize=1)(key)
        self._secret = lru_cache(maxsize=_SECRETS)(lambda address, n: secret(self._key(), address, n))
        self._pool = self._new_pool()

    def send(
        self, message: Message, recipients: Sequence[Recipient], stop: Stop
    ) -> Iterator[tuple[int, Outcome]]:
        """Yield each outcome as soon as it is known; see the contract. What was begun is always finished.

        Who could not be reached while nobody else was waits for the end: if that is true of several hosts, it
        is our own connection. A message that cannot be filled raises before anything is posted.
        """
        turns = Turns([Posting.of(message, recipient) for recipient in recipients], self._hosts)
        begun: dict[Future[HttpReply], Posting] = {}
        answered, unreached = False, list[tuple[Posting, str]]()
        try:
            while turns or begun:
                while len(begun) < self.in_flight and (posting := turns.take()):
                    if stop():
                        turns.clear()
                        break
                    begun[self._pool.submit(self._post, posting)] = posting
                for future in wait(begun, return_when=FIRST_COMPLETED).done:
                    posting, reply = begun.pop(future), future.result()
                    turns.give_back(posting)
                    answered = answered or not isinstance(reply, NotReached)
                    if isinstance(reply, NotReached) and not reply.inadmissible:
                        unreached.append((posting, reply.why))
                    else:
                        yield posting.sid, self._outcome(posting, reply)
                if answered:
                    yield from self._theirs(unreached)
                    unreached.clear()
                for posting, pause_s in turns.left_alone():
                    why = f"{posting.host} has not answered of late, and is left alone for now"
                    yield posting.sid, Deferred(why, pause_s, blameless=True)
            yield from self._ours(unreached)
        finally:
            wait(begun)

    def close(self) -> None:
        """Let connections and threads go; the sender may be used again."""
        pool, self._pool = self._pool, self._new_pool()
        pool.shutdown()
        self._client.close()

    def _post(self, posting: Posting) -> HttpReply:
        at_s = int(self._clock())
        secrets = [self._secret(posting.address, n) for n in posting.generations]
        headers = (
            ("Content-Type", "application/json"),
            ("User-Agent", "alerts"),
            ("webhook-id", posting.name),
            ("webhook-timestamp", str(at_s)),
            ("webhook-signature", signature(secrets, posting.name, at_s, posting.body)),
        )
        reply = self._client.post(posting.url, headers, posting.body)
        if isinstance(reply, HttpAnswer):
            self._hosts.answered(posting.host)
        elif isinstance(reply, AnswerLost) or not reply.inadmissible:
            self._hosts.unanswered(posting.host)
        return reply

    def _outcome(self, posting: Posting, reply: HttpReply) -> Outcome:
        match reply:
            case HttpAnswer():
                return answers.outcome(reply.status, reply.headers, self._clock())
            case AnswerLost():
                return Unsure(f"the answer of {posting.host} was lost: {reply.why}")
            case NotReached():
                return Deferred(f"{posting.host} cannot be called: {reply.why}")

    def _theirs(self, unreached: Sequence[tuple[Posting, str]]) -> Iterator[tuple[int, Outcome]]:
        """Others pass: it is the receivers' own fault."""
        for posting, why in unreached:
            yield posting.sid, Deferred(f"{posting.host} cannot be reached: {why}")

    def _ours(self, unreached: Sequence[tuple[Posting, str]]) -> Iterator[tuple[int, Outcome]]:
        """Nobody passes, and they are of several hosts: it is our own network."""
        hosts = {posting.host for posting, _ in unreached}
        if len(hosts) < UNREACHED_MIN:
            yield from self._theirs(unreached)
            return
        for host in hosts:
            self._hosts.answered(host)
        (first, why), *others = unreached
        for posting, _ in others:
            yield posting.sid, Deferred("no receiver can be reached", WITNESS_S, blameless=True)
        yield (
            first.sid,
            RouteDown(f"no receiver can be reached, {first.host} among them: {why}", inferred=True),
        )

    def _new_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
