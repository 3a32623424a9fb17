"""SendGrid: the Event Webhook, a list of events in no particular order.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from alerts.errors import BadInput
from alerts.model import ReadAs, Verdict
from alerts.returns.hooks.payloads import Fields, fields, octets_of, opened, text
from alerts.returns.hooks.receipts import CARRIED_AS, ORDINARY, UNREADABLE, leaving, receipt
from alerts.returns.verdicts import of_bounce, of_failure

#: Events of one payload; SendGrid posts what came in a second, or 768 KiB.
EVENTS_MAX = 5_000

#: How SendGrid classifies a bounce, where that decides it.
_CLASSIFIED = {
    "content": Verdict.BLOCKED,
    "reputation": Verdict.BLOCKED,
    "frequency or volume": Verdict.BLOCKED,
    "mailbox unavailable": Verdict.SOFT,
}
#: SendGrid's own words, of a domain that it finds no server of; it goes on about its own look-ups.
_NO_SERVER = "unable to get mx info"
#: How its reasons begin to drop a mail for whom it is for, who is on a list of its. Every other reason, and
#: whatever reason it will have, is about us: quotas, the content, our header.
_ON_A_LIST = ("bounce", "unsubscribe", "spam report")
_INVALID = ("invalid", "invalid address")


def read(octets: bytes) -> list[ReadAs]:
    """What each event of a payload says, in order. Raises BadInput."""
    events = opened(octets)
    if not isinstance(events, list):
        raise BadInput("The payload is no list of events.", "It is the Event Webhook that posts here.")
    if len(events) > EVENTS_MAX:
        raise BadInput(
            f"The payload has more than {EVENTS_MAX:,} events.", "SendGrid posts a thousand at most."
        )
    return [_read(fields(event)) for event in events]


def _read(event: Fields) -> ReadAs:
    # Of the first, everything that SendGrid tells of a mail has it; of the second, what it tells of a try.
    places = octets_of(event.get(CARRIED_AS), event.get("smtp-id"))
    status, reason = text(event.get("status")), text(event.get("reason"))
    found: ReadAs
    match text(event.get("event")):
        case "bounce":
            found = receipt(_bounce(event, status, reason), status, reason, places)
        case "dropped":
            found = receipt(_dropped(reason), status, f"not sent by SendGrid: {reason}", places)
        case "delivered":
            found = receipt(Verdict.DELIVERED, status, text(event.get("response")), places)
        case "deferred":
            found = receipt(Verdict.DELAYED, status, text(event.get("response")), places)
        case "spamreport":
            found = receipt(Verdict.COMPLAINED, "", "reported as spam, says SendGrid", places)
        case "unsubscribe" | "group_unsubscribe":
            ids = text(event.get("sg_event_id")), text(event.get("timestamp"))
            found = leaving(places, "sendgrid", *ids)
        case "":
            found = UNREADABLE
        case _:  # processed, open, click, group_resubscribe, account_status_change
            found = ORDINARY
    return found


def _bounce(event: Fields, status: str, reason: str) -> Verdict:
    """A bounce (`type` bounce) is for good; a block may pass, and is mostly about us or their server."""
    if reason.startswith(_NO_SERVER):
        return Verdict.SOFT
    classified = _CLASSIFIED.get(text(event.get("bounce_classification")).lower())
    if text(event.get("type")) != "blocked":
        return classified or of_bounce(status, reason, permanent=True)
    found = of_failure(status, reason)
    return classified if classified and found is Verdict.SOFT else found


def _dropped(reason: str) -> Verdict:
    said = reason.strip().lower()
    return Verdict.HARD if said.startswith(_ON_A_LIST) or said in _INVALID else Verdict.BLOCKED
