"""Mail providers with keys of their own: what they post, signed as they sign it."""

import datetime as dt
import hmac
import json
from base64 import b64encode
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
SNS = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE_PATH = "/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem"
MAILGUN_KEY = "key-of-mailgun-for-tests"
POSTMARK_SECRET = "secret-of-postmark-for-tests"
MAILGUN_TOKEN = "3f1c2e4d5b6a79880102030405060708090a0b0c0d0e0f1011"

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


@cache
def sns_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def strangers_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def sendgrid_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def shown_key() -> str:
    """The verification key as SendGrid shows it."""
    return b64encode(
        sendgrid_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()


@cache
def pem_of(key: rsa.RSAPrivateKey, day: dt.datetime | None = None) -> bytes:
    """A certificate of a key that holds for a year around a day, by default today."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    day, half = day or dt.datetime.now(dt.UTC), dt.timedelta(days=180)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, day - half, day + half)
    return made.sign(key, SHA256()).public_bytes(Encoding.PEM)


def sns_fields(message: str, kind: str = "Notification", topic: str = TOPIC, **fields: str) -> dict[str, Any]:
    """What SNS posts, but for the signature."""
    posted = {
        "Type": kind,
        "MessageId": "165545c9-2a5c-472c-8df2-7ff2be2b3b1b",
        "TopicArn": topic,
        "Message": message,
        "Timestamp": "2026-06-10T12:00:03.000Z",
        "SignatureVersion": "1",
        "SigningCertURL": SNS + CERTIFICATE_PATH,
    }
    if kind != "Notification":
        posted |= {
            "Token": "2336412f37fb687f5d51e6e2425e",
            "SubscribeURL": f"{SNS}/?Action=ConfirmSubscription",
        }
    return posted | fields


def sns_signed(posted: dict[str, Any], key: rsa.RSAPrivateKey | None = None) -> bytes:
    """What SNS posts, signed."""
    names = [name for name in _SIGNED[posted["Type"]] if name in posted]
    text = "".join(f"{name}\n{posted[name]}\n" for name in names).encode()
    digest = SHA1() if posted["SignatureVersion"] == "1" else SHA256()
    signature = (key or sns_key()).sign(text, PKCS1v15(), digest)
    return json.dumps(posted | {"Signature": b64encode(signature).decode()}).encode()


def sendgrid_signature(octets: bytes, timestamp: str) -> str:
    return b64encode(sendgrid_key().sign(timestamp.encode() + octets, ec.ECDSA(SHA256()))).decode()


def mailgun_posted(event: object, at_s: int, token: str = MAILGUN_TOKEN, key: str = MAILGUN_KEY) -> bytes:
    """What Mailgun posts, signed."""
    signature = hmac.digest(key.encode(), f"{at_s}{token}".encode(), "sha256").hex()
    signed = {"timestamp": str(at_s), "token": token, "signature": signature}
    return json.dumps({"signature": signed, "event-data": event}).encode()
