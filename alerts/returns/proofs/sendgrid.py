"""SendGrid signs the time and the octets of a payload (ECDSA, P-256, SHA-256).

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

from base64 import b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from alerts.errors import BadInput
from alerts.model import Instant
from alerts.returns.proofs.ages import HOUR_MS, require_age
from alerts.returns.proofs.not_proved import NotProved

#: It repeats what was not taken in for 24 hours.
AGE_MAX_MS = 25 * HOUR_MS


def verification_key(written: str) -> EllipticCurvePublicKey:
    """The key as SendGrid shows it: DER in base 64. Raises BadInput for anything else."""
    try:
        key = load_der_public_key(b64decode(written, validate=True))
    except (ValueError, TypeError):  # neither base 64 nor DER, or of a kind that nobody knows
        key = None
    if not isinstance(key, EllipticCurvePublicKey):
        raise BadInput(
            "ALERTS_SENDGRID_VERIFICATION_KEY is no verification key of SendGrid.",
            "Copy it from Settings, Mail Settings, Event Webhooks, Signature Verification.",
        )
    return key


def require(
    key: EllipticCurvePublicKey, signature: str, timestamp: str, octets: bytes, now_ms: Instant
) -> None:
    """Raise NotProved unless SendGrid has signed these octets, and not too long ago."""
    try:
        key.verify(
            b64decode(signature, validate=True),
            timestamp.encode("utf-8", "replace") + octets,
            ECDSA(SHA256()),
        )
    except (InvalidSignature, ValueError):
        raise NotProved(
            "The signature is not SendGrid's.", "Is ALERTS_SENDGRID_VERIFICATION_KEY that of this webhook?"
        ) from None
    require_age(timestamp, now_ms, AGE_MAX_MS)
