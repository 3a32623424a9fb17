"""A file of what a provider posted, whichever it was: each has a shape of its own."""

from alerts.errors import BadInput
from alerts.model import ReadAs
from alerts.returns.hooks import mailgun, postmark, sendgrid, ses
from alerts.returns.hooks.payloads import opened


def read_any(octets: bytes) -> list[ReadAs]:
    """What each event in the payload of a provider says, in order. Raises BadInput."""
    payload = opened(octets)
    match payload:
        case list():
            return sendgrid.read(octets)
        case {"event-data": _}:
            return mailgun.read(octets)
        case {"RecordType": _}:
            return postmark.read(octets)
        case {"Type": "Notification", "Message": str(message)}:
            return ses.read(message)
        case {"notificationType": _} | {"eventType": _}:
            return ses.read(octets.decode("utf-8"))
    raise BadInput(
        "It is JSON, and nothing that a mail provider posts.",
        "SES (SNS), SendGrid, Mailgun and Postmark are known; a mail that came back is a file of its own.",
    )
