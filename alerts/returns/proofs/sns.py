"""Amazon SNS signs some fields of what it posts with a key whose certificate it names.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
What is called follows from the topic, which the operator named, and never from what was posted: its fields
must agree with that.
"""

import re
from base64 import b64decode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256

from alerts.errors import BadInput
from alerts.model import Instant
from alerts.returns.hooks.payloads import opened
from alerts.returns.proofs.not_proved import NotProved

NOTIFICATION, CONFIRMATION, REMOVAL = "Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"

_TOPIC = re.compile(
    r"arn:(aws|aws-cn|aws-us-gov|aws-eusc):sns:([a-z]{2,4}(?:-[a-z]+){1,3}-[0-9]{1,2}):[0-9]{12}:[\w-]{1,256}",
    re.ASCII,
)
_DOMAINS = {"aws-cn": "amazonaws.com.cn", "aws-eusc": "amazonaws.eu"}
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-f]{16,64}\.pem", re.ASCII)
_CONFIRMATION_TOKEN = re.compile(r"[0-9A-Za-z]{16,1000}", re.ASCII)

#: What is signed of each kind of message, in this order; of `Subject` only where there is one.
_SIGNED: Mapping[str, tuple[str, ...]] = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    REMOVAL: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}


@dataclass(frozen=True, slots=True)
class SnsMessage:
    """What was posted for a topic that is expected. It proves nothing until `require` has been asked."""

    kind: str
    topic: str
    fields: Mapping[str, str]

    @property
    def text(self) -> str:
        return self.fields["Message"]

    @property
    def certificate_url(self) -> str:
        """Where the certificate is kept that it claims to be signed by, at SNS in the region of the topic."""
        return self.fields["SigningCertURL"]

    @property
    def confirming_url(self) -> str:
        """What is to be called so that SNS posts what comes from the topic; of the token alone it gave."""
        asked = {
            "Action": "ConfirmSubscription",
            "TopicArn": self.topic,
            "Token": self.fields["Token"],
            "AuthenticateOnUnsubscribe": "true",  # nobody ends it who is not the owner
        }
        return f"https://{_host(self.topic)}/?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class SnsCertificate:
    """A key of SNS, and the time in which it holds."""

    key: RSAPublicKey
    begins_ms: Instant
    ends_ms: Instant


def topics(written: str) -> frozenset[str]:
    """ARNs of topics with commas between them. Raises ValueError."""
    found = frozenset(part.strip() for part in written.split(",") if part.strip())
    if not found or not all(map(_TOPIC.fullmatch, found)):
        raise ValueError("an ARN of a topic is needed")
    return found


def read(octets: bytes, expected: Collection[str]) -> SnsMessage:
    """What was posted. Raises BadInput, and NotProved for a topic or certificate that is not expected."""
    posted = opened(octets)
    if not isinstance(posted, dict) or not all(isinstance(value, str) for value in posted.values()):
        raise BadInput(
            "It is no message of Amazon SNS.", "Leave “raw message delivery” off: it is not signed."
        )
    kind, topic = posted.get("Type", ""), posted.get("TopicArn", "")
    needed = {*_SIGNED.get(kind, ("Type",)), "SigningCertURL", "Signature", "SignatureVersion"} - {"Subject"}
    if kind not in _SIGNED or not needed <= posted.keys():
        raise BadInput(
            "It is no message of Amazon SNS.", "Leave “raw message delivery” off: it is not signed."
        )
    if topic not in expected:
        raise NotProved("It is of a topic that is not expected.", "ALERTS_SES_TOPICS has those that are.")
    host = f"https://{_host(topic)}"
    at = posted["SigningCertURL"]
    if not at.startswith(f"{host}/") or not _CERTIFICATE.fullmatch(at.removeprefix(host)):
        raise NotProved("Its certificate is not kept by Amazon SNS in the region of the topic.")
    if kind == CONFIRMATION and not _CONFIRMATION_TOKEN.fullmatch(posted["Token"]):
        raise NotProved("Its token is none of Amazon SNS.")
    return SnsMessage(kind, topic, posted)


def certificate(pem: bytes) -> SnsCertificate:
    """A certificate as SNS keeps it. Raises BadInput for anything else that is found there."""
    try:
        found = x509.load_pem_x509_certificate(pem)
        key = found.public_key()
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey):
        raise BadInput("What Amazon SNS keeps there is no certificate of its own.")
    begin, end = (at.timestamp() for at in (found.not_valid_before_utc, found.not_valid_after_utc))
    return SnsCertificate(key, int(begin * 1000), int(end * 1000))


def require(message: SnsMessage, by: SnsCertificate, now_ms: Instant) -> None:
    """Raise NotProved unless the certificate holds now, and the message is signed with its key."""
    if not by.begins_ms <= now_ms <= by.ends_ms:
        raise NotProved("Its certificate is not valid now.", "Is the clock of this server right?")
    # Version 1 is what topics have that nobody has changed; it is signed by SHA-1, which nobody can forge
    # a second text for yet.
    digest = {"1": SHA1(), "2": SHA256()}.get(message.fields["SignatureVersion"])  # noqa: S303
    if digest is None:
        raise NotProved("It is signed in a way that is not known.")
    try:
        signature = b64decode(message.fields["Signature"], validate=True)
        by.key.verify(signature, _signed(message), PKCS1v15(), digest)
    except (InvalidSignature, ValueError):
        raise NotProved("The signature is not that of Amazon SNS.") from None


def _signed(message: SnsMessage) -> bytes:
    names = [name for name in _SIGNED[message.kind] if name in message.fields]
    return "".join(f"{name}\n{message.fields[name]}\n" for name in names).encode("utf-8", "surrogatepass")


def _host(topic: str) -> str:
    """Where SNS is for a topic, whose form has been checked."""
    _, partition, _, region, *_ = topic.split(":")
    return f"sns.{region}.{_DOMAINS.get(partition, 'amazonaws.com')}"
