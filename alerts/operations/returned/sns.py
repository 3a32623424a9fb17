"""What Amazon SNS posts: proved by certificates that are asked for, kept, and trusted in their time."""

from collections.abc import Collection

from alerts.errors import BadInput, Unreachable
from alerts.operations.api_keys import TooSoon
from alerts.outbound import AnswerLost, Fetcher, NotReached, TooMuch
from alerts.returns.proofs import NotProved, sns
from alerts.services import Services

#: Seconds of a call to SNS; it waits for our answer for 15.
CALL_S = 8.0
#: Octets of an answer: a certificate has some thousand.
ANSWER_MAX = 64 * 1024
#: Certificates that are kept: SNS has one a region, for years.
CERTIFICATES_MAX = 16
#: Calls to SNS a second, and at once: whoever knows a topic could have us make one for each post.
CALLS_PER_S, CALLS_AT_ONCE = 1.0, 10.0
AGAIN = "It posts again what was not taken in."


class SnsClient:
    """Proves messages of SNS and confirms subscriptions. Safe to share between threads."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._certificates: dict[str, sns.SnsCertificate] = {}

    def read(self, services: Services, octets: bytes, expected: Collection[str]) -> sns.SnsMessage:
        """What SNS has posted for one of these topics.

        Raises BadInput, NotProved; Unreachable and TooSoon where it must be posted again.
        """
        message = sns.read(octets, expected)
        sns.require(message, self._certificate(services, message.certificate_url), services.server.now_ms())
        return message

    def confirm(self, services: Services, message: sns.SnsMessage) -> None:
        """Have SNS post what comes from the topic of a message that asks whether it shall. Twice is once.

        Raises NotProved where SNS does not know what it asks for; Unreachable and TooSoon.
        """
        self._called(services, message.confirming_url, unknown=(400, 403, 404))

    def _certificate(self, services: Services, url: str) -> sns.SnsCertificate:
        if (kept := self._certificates.get(url)) is not None:
            return kept
        try:
            found = sns.certificate(self._called(services, url))
        except BadInput as unfit:
            raise Unreachable(unfit.sentence, AGAIN) from None
        if len(self._certificates) >= CERTIFICATES_MAX:
            self._certificates = {}  # another thread may be reading the one before
        self._certificates[url] = found
        return found

    def _called(self, services: Services, url: str, unknown: Collection[int] = ()) -> bytes:
        """What SNS answers; whatever it says by mistake it may say otherwise when it posts again."""
        if wait_s := services.limits.permit("sns", 1, CALLS_PER_S, CALLS_AT_ONCE):
            raise TooSoon(wait_s)
        reply = self._fetcher.get(url, (), ANSWER_MAX)
        if isinstance(reply, NotReached | AnswerLost):
            raise Unreachable(f"Amazon SNS is not reached: {reply.why}.", AGAIN)
        if isinstance(reply, TooMuch):
            raise Unreachable("Amazon SNS answers more than a certificate.", AGAIN)
        if reply.status in unknown:
            raise NotProved("Amazon SNS does not know of this subscription.")
        if reply.status != 200:
            raise Unreachable(f"Amazon SNS answers {reply.status}.", AGAIN)
        return reply.body
