"""What mail providers post about the mails they were given: proved, read, taken in.

All of a payload is taken in before it is acknowledged. Where that is cut short the provider posts it again,
and what was taken in changes nothing then.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from alerts.errors import AlertsError, BadInput
from alerts.model import ReadAs
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.findings import problem
from alerts.operations.returned.receiving import take_in_read
from alerts.operations.returned.sns import SnsClient
from alerts.returns import hooks
from alerts.returns.proofs import NotProved, mailgun, postmark, sendgrid, sns
from alerts.services import Services
from alerts.settings import Problem, Settings

T = TypeVar("T")


class SetUpWrong(AlertsError):
    """A setting cannot be used."""

    code = "set-up-wrong"


def _provider(name: str) -> Actor:
    """A provider may do no more than a mail server that hands reports over."""
    return Actor(name, f"{name} webhook", frozenset({Permission.MANAGE}))


SES, SENDGRID, MAILGUN, POSTMARK = map(_provider, ("Amazon SES", "SendGrid", "Mailgun", "Postmark"))

#: The settings of which each has a provider post to its hook.
EXPECTED = ("ses_topics", "sendgrid_verification_key", "mailgun_signing_key", "postmark_secret")
#: What is counted of posts that do not prove whose they are.
NOT_PROVED = "not-proved"
#: How long operators are not notified again of the same provider.
NOTIFIED_MS = 3_600_000


def take_in_ses(services: Services, client: SnsClient, octets: bytes, topics: str) -> None:
    """Take in what SNS posts for one of the expected topics, and confirm a subscription to one.

    Raises BadInput, NotProved; Unreachable, Refused and TooSoon where it must be posted again.
    """
    expected = _as_set_up(_topics, topics)
    with _noting(services, SES):
        message = client.read(services, octets, expected)
    if message.kind == sns.CONFIRMATION:
        client.confirm(services, message)
        record(services, SES, "hook.confirm", message.topic)
    elif message.kind == sns.REMOVAL:
        services.notices.notify(
            "a provider posts no more", topic=message.topic, why="the subscription is removed"
        )
    else:
        _take_in(services, SES, hooks.ses.read(message.text))


def take_in_sendgrid(services: Services, octets: bytes, key: str, signature: str, timestamp: str) -> None:
    """Take in what SendGrid posts. Raises BadInput, NotProved; Unreachable, Refused."""
    verifying = _as_set_up(sendgrid.verification_key, key)
    with _noting(services, SENDGRID):
        sendgrid.require(verifying, signature, timestamp, octets, services.server.now_ms())
    _take_in(services, SENDGRID, hooks.sendgrid.read(octets))


def take_in_mailgun(services: Services, octets: bytes, key: str) -> None:
    """Take in what Mailgun posts; another event with a token that was used is refused.

    Raises BadInput, NotProved; Unreachable, Refused.
    """
    with _noting(services, MAILGUN):
        proof = mailgun.require(key, octets, services.server.now_ms())
        if not services.hook_memory.claim(f"mailgun {proof.token}", proof.event, mailgun.AGE_MAX_MS):
            raise NotProved("Its token came with another event before.")
    _take_in(services, MAILGUN, hooks.mailgun.read(octets))


def take_in_postmark(services: Services, octets: bytes, secret: str, *given: str) -> None:
    """Take in what Postmark posts. Raises BadInput, NotProved; Unreachable, Refused."""
    with _noting(services, POSTMARK):
        postmark.require(secret, *given)
    _take_in(services, POSTMARK, hooks.postmark.read(octets))


@contextmanager
def _noting(services: Services, provider: Actor) -> Iterator[None]:
    """Count what proves nothing, and notify operators: it may be that a key was not copied as it is."""
    try:
        yield
    except NotProved as fault:
        services.receipts.count({NOT_PROVED: 1})
        name = f"notified {provider.name}"
        if not services.hook_memory.knows(name):
            services.hook_memory.claim(name, "1", NOTIFIED_MS)
            services.notices.notify("a post proves nothing", provider=provider.name, why=fault.sentence)
        raise


def _take_in(services: Services, provider: Actor, reports: Sequence[ReadAs]) -> None:
    for _ in take_in_read(services, provider, reports):
        """Each is taken in as it is asked for."""


def check_hooks(settings: Settings) -> list[Problem]:
    """What is wrong with what the settings say about providers; until it is put right they post in vain."""
    found: list[Problem] = []
    for name, read, written in (
        ("ses-topics", _topics, settings.ses_topics),
        ("sendgrid-verification-key", sendgrid.verification_key, settings.sendgrid_verification_key),
    ):
        if written is None:
            continue
        try:
            read(written)
        except BadInput as fault:
            found.append(problem(f"settings.{name}", fault))
    expected = any(getattr(settings, name) is not None for name in EXPECTED)
    if expected and not settings.public_url.startswith("https://"):
        found.append(
            Problem(
                "settings.hooks-public-url",
                "warning",
                "A mail provider posts to this installation, and ALERTS_PUBLIC_URL is not https.",
                "Have it post to the TLS proxy by which `alerts web` is reached (docs/bounces.md).",
            )
        )
    return found


def _as_set_up(read: Callable[[str], T], written: str) -> T:
    """What a setting says. Raises SetUpWrong: it is our fault, and what is posted is worth posting again."""
    try:
        return read(written)
    except BadInput as fault:
        raise SetUpWrong(fault.sentence, fault.hint) from None


def _topics(written: str) -> frozenset[str]:
    try:
        return sns.topics(written)
    except ValueError:
        raise BadInput(
            "ALERTS_SES_TOPICS has something that is no topic.",
            "Write ARNs with commas between them, such as arn:aws:sns:eu-west-1:123456789012:alerts.",
        ) from None
