"""Mailgun: one event a payload, beside the signature that came with it.

https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure
"""

from alerts.errors import BadInput
from alerts.model import ReadAs, Verdict
from alerts.returns.hooks.payloads import Fields, fields, octets_of, opened, text
from alerts.returns.hooks.receipts import CARRIED_AS, ORDINARY, UNREADABLE, leaving, receipt
from alerts.returns.verdicts import of_bounce


def read(octets: bytes) -> list[ReadAs]:
    """What the event of a payload says. Raises BadInput."""
    payload = opened(octets)
    if not isinstance(payload, dict) or not isinstance(payload.get("event-data"), dict):
        raise BadInput(
            "The payload has no `event-data`.",
            "Mailgun's webhooks post here; its routes, and those of old, do not.",
        )
    return [_read(fields(payload["event-data"]))]


def _read(event: Fields) -> ReadAs:
    message = fields(fields(event.get("message")).get("headers"))
    places = octets_of(
        fields(event.get("user-variables")).get(CARRIED_AS),
        message.get("message-id"),
        fields(event.get("envelope")).get("sender"),
    )
    tried = fields(event.get("delivery-status"))
    status = text(tried.get("enhanced-code")) or text(tried.get("bounce-code"))
    words = text(tried.get("message")) or text(tried.get("description"))
    found: ReadAs
    match text(event.get("event")):
        case "delivered":
            found = receipt(Verdict.DELIVERED, status, words, places)
        case "failed":
            found = receipt(_failed(event, tried, status, words), status, words or _why(event), places)
        case "rejected":
            reason = text(fields(event.get("reject")).get("reason"))
            found = receipt(Verdict.BLOCKED, "", f"rejected by Mailgun: {reason}", places)
        case "complained":
            found = receipt(Verdict.COMPLAINED, "", "reported as spam, says Mailgun", places)
        case "unsubscribed":
            # An id is unique within a day only.
            found = leaving(places, "mailgun", text(event.get("id")), text(event.get("timestamp")))
        case "":
            found = UNREADABLE
        case _:  # accepted, opened, clicked, list_member_uploaded
            found = ORDINARY
    return found


def _failed(event: Fields, tried: Fields, status: str, words: str) -> Verdict:
    """A temporary failure is tried again by Mailgun; a permanent one is what was said last."""
    reason = text(event.get("reason"))
    if text(event.get("severity")) == "temporary":
        return Verdict.DELAYED
    if reason.startswith("suppress-"):  # it did not try: the address is on a list of Mailgun's
        return Verdict.HARD
    if reason == "espblock":
        return Verdict.BLOCKED
    # What was tried for hours in vain (`old`) is gone for now; a `generic` one Mailgun itself does not list.
    permanent = text(tried.get("bounce-type")) == "hard" or reason == "bounce"
    return of_bounce(status, words, permanent=permanent and text(tried.get("bounce-type")) != "soft")


def _why(event: Fields) -> str:
    return f"not sent by Mailgun: {text(event.get('reason'))}"
