"""Webhook addresses: an https URL, and before it the format its receiver takes where the URL does not tell.

A URL is often all that it takes to post there. So no sentence of ours repeats one.
"""

import re
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from alerts.channels.contract import AddressForm
from alerts.channels.webhook.formats import FORMATS, usual_format
from alerts.errors import BadInput
from alerts.model import Channel

NAME = Channel("webhook")

#: Longer than any URL that a service gives out; with a format before it, what every door takes.
_CHARACTERS_MAX = 480
_CLAIMED = re.compile(r"(?:([a-z]{1,20})\+)?https?://", re.IGNORECASE)
#: Printable ASCII, without what RFC 3986 never lets stand in a URL as it is.
_URL = re.compile(r"https://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")
#: The host of whatever was typed, and what comes before it: a format, a login.
_SHOWN = re.compile(r".*?https?://(?:[^/?#]*@)?([^/?#@]*)", re.IGNORECASE | re.DOTALL)
_HINT = "Write it as its receiver shows it: https://hooks.example.org/…"


class Target(NamedTuple):
    """Where a message goes, and in which format."""

    format: str
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def target(address: str) -> Target:
    """Take an address apart that `parse` has spelt."""
    given, plus, url = address.partition("+https://")
    if plus and given in FORMATS:
        return Target(given, f"https://{url}")
    return Target(usual_format(urlsplit(address)), address)


def parse(typed: str) -> str:
    """The one spelling of an address: scheme and host in small letters, no usual port, no fragment.

    The format stands before it only where another one would be taken. Whether anybody may be called there is
    seen at each sending: a name can lead elsewhere every time.
    """
    found = _CLAIMED.match(typed)
    if found is None:
        raise BadInput("This is no address of a webhook.", _HINT)
    name = (found[1] or "").lower()
    if name and name not in FORMATS:
        raise BadInput(f"There is no format “{name}”.", f"Write one of {', '.join(FORMATS)}, or none.")
    parts = _split(typed[found.end(1) + 1 if found[1] else 0 :])
    usual = usual_format(parts)
    return parts.geturl() if name in ("", usual) else f"{name}+{parts.geturl()}"


def _split(text: str) -> SplitResult:
    if len(text) > _CHARACTERS_MAX:
        raise BadInput(f"The URL is longer than {_CHARACTERS_MAX:,} characters.", _HINT)
    if not text.lower().startswith("https://"):
        raise BadInput("A webhook is sent by https only.", _HINT)
    if not _URL.fullmatch(text):
        raise BadInput(
            "The URL has signs that no URL can hold.", "Write its host as xn--…, and percent-encode the rest."
        )
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").lower()
    except ValueError:
        raise BadInput("The URL cannot be read.", _HINT) from None
    shown = f"[{host}]" if ":" in host else host
    if not _HOST.fullmatch(shown) or port == 0:
        raise BadInput("The URL names no host that could be called.", _HINT)
    if parts.username is not None or parts.password is not None:
        raise BadInput("The URL has a login in it.", "Leave it out: what is sent is signed instead.")
    if host == "slack.com" or host.endswith(".slack.com"):
        raise BadInput(
            "This leads to Slack, which is no webhook here.",
            "Write the ids of team and channel, such as T024BE7LD/C061EG9SL; the channel's link has both.",
        )
    netloc = shown if port in (None, 443) else f"{shown}:{port}"
    return SplitResult("https", netloc, parts.path or "/", parts.query, "")


def identity(address: str) -> str:
    """The URL alone: a receiver is one, whichever format it takes."""
    return target(address).url


def masked(typed: str) -> str:
    """Whose it is, and which of theirs, without what it takes to post there; of any text that is claimed."""
    host = _SHOWN.match(typed)
    url = typed[typed.lower().find("http") :]
    return f"https://{host[1] if host else ''}/… ({sha256(url.encode()).hexdigest()[:8]})"


FORM = AddressForm(
    shape="https:// and what else a webhook's URL has",
    claims=lambda typed: _CLAIMED.match(typed) is not None,
    parse=parse,
    identity=identity,
    masked=masked,
    columns=("webhook", "webhookurl"),
    domain=lambda address: target(address).host,
)
