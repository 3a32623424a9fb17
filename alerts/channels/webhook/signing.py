"""Signatures as Standard Webhooks have them, symmetric: https://www.standardwebhooks.com (spec, 1.0.0).

No secret is kept: each is derived from the key of this installation, the URL, and how often it was changed.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

from alerts.channels.webhook.address import target
from alerts.model import Instant, SecretGeneration

PREFIX = "whsec_"
#: How long what is sent is signed with the secret of before as well, once there is a new one (ms).
BOTH_MS = 7 * 24 * 3600 * 1000


def secret(key: bytes, address: str, generation: int) -> str:
    """The secret of an address in its nth generation: 256 bits, as receivers are given it."""
    url = target(address).url
    return (
        PREFIX + b64encode(hmac.digest(key, f"webhook.secret.{generation}.{url}".encode(), "sha256")).decode()
    )


def signing(generation: SecretGeneration, now_ms: Instant) -> tuple[int, ...]:
    """The generations that sign now: the present one, and for a while the one before it."""
    both = generation.number > 1 and now_ms - generation.since_ms < BOTH_MS
    return (generation.number, generation.number - 1) if both else (generation.number,)


def signature(secrets: Sequence[str], name: str, at_s: int, body: bytes) -> str:
    """The header `webhook-signature`: one of each secret, a space between them."""
    signed = f"{name}.{at_s}.".encode() + body
    return " ".join(f"v1,{b64encode(hmac.digest(_raw(one), signed, 'sha256')).decode()}" for one in secrets)


def _raw(shown: str) -> bytes:
    return b64decode(shown.removeprefix(PREFIX))
