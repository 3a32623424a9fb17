"""Postmark: bounce, spam complaint, delivery and subscription change webhooks, one event a payload.

https://postmarkapp.com/developer/webhooks/bounce-webhook
"""

from alerts.errors import BadInput
from alerts.model import Leaving, ReadAs, Verdict
from alerts.returns.hooks.payloads import Fields, fields, octets_of, opened, text
from alerts.returns.hooks.receipts import AUTO_REPLY, ORDINARY, UNREADABLE, leaving, receipt
from alerts.returns.verdicts import of_bounce, of_failure

#: Postmark carries ten at most.
_METADATA_MAX = 10

#: Types of bounces that are decided by their name; of the others the server's words are asked.
_DECIDED = {
    "BadEmailAddress": Verdict.HARD,
    "ManuallyDeactivated": Verdict.HARD,
    "SpamNotification": Verdict.BLOCKED,
    "VirusNotification": Verdict.BLOCKED,
    "Blocked": Verdict.BLOCKED,
    "DMARCPolicy": Verdict.BLOCKED,
    "SMTPApiError": Verdict.BLOCKED,
    "SpamComplaint": Verdict.COMPLAINED,
}
#: Machines answered: for somebody who is away or has moved, or to ask whether we are people.
_REPLIES = {"AutoResponder", "AddressChange", "ChallengeVerification"}
#: No bounces of ours: mails that came in, tests of Postmark's own servers, people who subscribe there.
_OTHERS = {"InboundError", "OpenRelayTest", "Subscribe", "Unconfirmed", "TemplateRenderingFailed"}


def read(octets: bytes) -> list[ReadAs]:
    """What the event of a payload says. Raises BadInput."""
    event = opened(octets)
    if not isinstance(event, dict):
        raise BadInput("The payload is no event.", "Postmark's webhooks post one object each.")
    return [_read(fields(event))]


def _read(event: Fields) -> ReadAs:
    places = octets_of(*list(fields(event.get("Metadata")).values())[:_METADATA_MAX])
    words = text(event.get("Details")) or text(event.get("Description"))
    found: ReadAs
    match text(event.get("RecordType")):
        case "Bounce":
            found = _bounce(event, words, places)
        case "SpamComplaint":
            found = receipt(Verdict.COMPLAINED, "", words, places)
        case "Delivery":
            found = receipt(Verdict.DELIVERED, "", text(event.get("Details")), places)
        case "SubscriptionChange":
            found = _change(event, places)
        case "":
            found = UNREADABLE
        case _:  # Open, Click, Inbound
            found = ORDINARY
    return found


def _bounce(event: Fields, words: str, places: list[bytes]) -> ReadAs:
    kind = text(event.get("Type"))
    if kind in _REPLIES:
        return AUTO_REPLY
    if kind in _OTHERS:
        return ORDINARY
    if kind == "Unsubscribe":
        return _leaving(event, places)
    if kind == "HardBounce":
        verdict = of_bounce("", words, permanent=True)
    else:  # SoftBounce, Transient, DnsError, Unknown
        verdict = _DECIDED.get(kind) or of_failure("", words)
    return receipt(verdict, "", words or f"{kind}, says Postmark", places)


def _change(event: Fields, places: list[bytes]) -> ReadAs:
    """Postmark sends an address nothing more, or does again; only the former is anything to us."""
    if event.get("SuppressSending") is not True:
        return ORDINARY
    match text(event.get("SuppressionReason")):
        case "HardBounce":
            return receipt(Verdict.HARD, "", "suppressed by Postmark: HardBounce", places)
        case "SpamComplaint":
            return receipt(Verdict.COMPLAINED, "", "suppressed by Postmark: SpamComplaint", places)
        case _ if text(event.get("Origin")) == "Recipient":
            return _leaving(event, places)
        case _:  # somebody of the desk did it there
            return ORDINARY


def _leaving(event: Fields, places: list[bytes]) -> Leaving:
    at = text(event.get("ChangedAt")) or text(event.get("BouncedAt"))
    return leaving(places, "postmark", text(event.get("MessageID")), at)
