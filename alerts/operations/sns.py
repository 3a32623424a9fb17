"""What Amazon SNS posts: proved by certificates that are asked for, kept, and trusted in their time."""

from collections.abc import Collection

from alerts.errors import Unreachable
from alerts.operations.api_keys import TooSoon
from alerts.outbound import GuardedClient, HttpAnswer
from alerts.returns.proofs import NotProved, sns
from alerts.services import Services

#: Seconds of a call to SNS; it waits for our answer for 15.
CALL_S = 8.0
#: Certificates that are kept: SNS has one a region, for years.
CERTIFICATES_MAX = 16
#: Calls to SNS a second, and at once: whoever knows a topic could have us make one for each post.
CALLS_PER_S, CALLS_AT_ONCE = 1.0, 10.0


class SnsClient:
    """Proves messages of SNS and confirms subscriptions, by a client of its own.

    Safe to share between threads.
    """

    def __init__(self, client: GuardedClient) -> None:
        self._client = client
        self._certificates: dict[str, bytes] = {}

    def read(self, services: Services, octets: bytes, expected: Collection[str]) -> sns.SnsMessage:
        """What SNS has posted for one of these topics.

        Raises BadInput, NotProved; Unreachable and TooSoon where it must be posted again.
        """
        message = sns.read(octets, expected)
        sns.require(message, self._certificate(services, message.certificate_url), services.server.now_ms())
        return message

    def confirm(self, services: Services, message: sns.SnsMessage) -> None:
        """Have SNS post what comes from the topic of a message that asks whether it shall. Twice is once."""
        self._get(services, message.confirming_url)

    def close(self) -> None:
        """Let go of every connection."""
        self._client.close()

    def _certificate(self, services: Services, url: str) -> bytes:
        kept = self._certificates.get(url)
        if kept is not None:
            return kept
        found = self._get(services, url)
        if len(self._certificates) >= CERTIFICATES_MAX:
            self._certificates.clear()
        self._certificates[url] = found
        return found

    def _get(self, services: Services, url: str) -> bytes:
        if wait_s := services.limits.permit("sns", 1, CALLS_PER_S, CALLS_AT_ONCE):
            raise TooSoon(wait_s)
        reply = self._client.get(url)
        if isinstance(reply, HttpAnswer) and reply.status == 200:
            return reply.body
        if isinstance(reply, HttpAnswer) and 400 <= reply.status < 500:
            raise NotProved(f"Amazon SNS knows nothing of it ({reply.status}).")
        why = f"it answers {reply.status}" if isinstance(reply, HttpAnswer) else reply.why
        raise Unreachable(f"Amazon SNS is not reached: {why}.", "It posts again what was not taken in.")
