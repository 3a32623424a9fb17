"""What mail providers post about a delivery, as a test hands it to a door: path, body, headers."""

import json
import ssl
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from provider_keys import (
    CERTIFICATE_PATH,
    MAILGUN_KEY,
    POSTMARK_SECRET,
    SNS,
    TOPIC,
    mailgun_posted,
    pem_of,
    sendgrid_signature,
    shown_key,
    sns_fields,
    sns_key,
    sns_signed,
)
from webhook_receiver import LOOPBACK, Asked, WebhookReceiver, here

from alerts.outbound import Fetcher, FetchReply, Guard

SAMPLES = Path(__file__).parent / "data" / "hooks"
TOKEN = "r0123456789abcdef0123.3.17.abcdef0123456789"
PROVIDERS = ("ses", "sendgrid", "mailgun", "postmark")
JSON = "application/json"
#: What has all four providers post here.
SETTINGS = {
    "ses_topics": TOPIC,
    "sendgrid_verification_key": shown_key(),
    "mailgun_signing_key": MAILGUN_KEY,
    "postmark_secret": POSTMARK_SECRET,
}


@dataclass(frozen=True)
class Posting:
    """One post of a provider."""

    path: str
    body: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": JSON})


def sample(provider: str, name: str, token: str) -> str:
    """The sample of an event, about one delivery."""
    return (SAMPLES / provider / f"{name}.json").read_text("utf-8").replace(TOKEN, token)


def post(provider: str, name: str, token: str, number: int = 0) -> Posting:
    """A sample as its provider posts it, signed; `number` tells several posts of Mailgun apart."""
    event = sample(provider, name, token)
    match provider:
        case "ses":
            return from_ses(event)
        case "sendgrid":
            return from_sendgrid(event.encode())
        case "mailgun":
            return from_mailgun(json.loads(event)["event-data"], number)
    return from_postmark(event.encode())


def from_ses(message: str, kind: str = "Notification", **fields: str) -> Posting:
    headers = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": kind}
    return Posting("/hooks/ses", sns_signed(sns_fields(message, kind, **fields)), headers)


def from_sendgrid(events: bytes) -> Posting:
    at = str(int(time.time()))
    signature = sendgrid_signature(events, at)
    signed = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": at,
    }
    return Posting("/hooks/sendgrid", events, {"Content-Type": JSON} | signed)


def from_mailgun(event: object, number: int = 0) -> Posting:
    return Posting("/hooks/mailgun", mailgun_posted(event, int(time.time()), f"{number:050x}"))


def from_postmark(event: bytes, secret: str = POSTMARK_SECRET) -> Posting:
    login = b64encode(f"alerts:{secret}".encode()).decode()
    return Posting("/hooks/postmark", event, {"Content-Type": JSON, "Authorization": f"Basic {login}"})


class SnsHere(Fetcher):
    """One that finds Amazon SNS on this machine, at `place`: by real HTTP over real TLS."""

    def __init__(self, place: str, secure: ssl.SSLContext) -> None:
        super().__init__(Guard(LOOPBACK), 20, here, secure, redirects=0)
        self._place = place

    def get(self, url: str, headers: Sequence[tuple[str, str]], most: int) -> FetchReply:
        assert url.startswith(f"{SNS}/"), "nothing but SNS in the region of the topic is ever called"
        return super().get(url.replace(SNS, self._place, 1), headers, most)


def sns_at(receiver: WebhookReceiver) -> str:
    """Let a receiver be Amazon SNS: it has a certificate, and confirms whatever it is asked to. Where."""

    def answer(asked: Asked) -> None:
        certificate = asked.path == CERTIFICATE_PATH
        asked.answer(200, pem_of(sns_key()) if certificate else b"<ConfirmSubscriptionResponse/>")

    receiver.usual = answer
    return receiver.url("sns", "")
