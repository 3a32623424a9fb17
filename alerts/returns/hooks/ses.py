"""Amazon SES: notifications of an identity and events of a configuration set, as SNS delivers them.

https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from alerts.model import ReadAs, Verdict
from alerts.returns.hooks.payloads import Fields, fields, items, octets_of, opened, text
from alerts.returns.hooks.receipts import AUTO_REPLY, ORDINARY, UNREADABLE, leaving, receipt
from alerts.returns.verdicts import mildest, of_bounce

#: Recipients of one mail, and its fields, that are looked at. A mail of ours has one recipient.
RECIPIENTS_MAX, FIELDS_MAX = 20, 100

#: SES did not try: the address is on a list of its own, or of the account.
_SUPPRESSED = {"Suppressed", "OnAccountSuppressionList", "OnTenantSuppressionList", "UnsubscribedRecipient"}
_ABOUT_US = {"MessageTooLarge", "ContentRejected", "AttachmentRejected"}


def read(message: str) -> list[ReadAs]:
    """What the `Message` of a notification says. Raises BadInput.

    SES tries a new topic with a plain sentence, which says nothing.
    """
    if not message.lstrip().startswith("{"):
        return [ORDINARY]
    event = fields(opened(message.encode("utf-8", "replace")))
    return [_read(text(event.get("eventType") or event.get("notificationType")), event)]


def _read(kind: str, event: Fields) -> ReadAs:
    mail = fields(event.get("mail"))
    places = _places(mail)
    found: ReadAs
    match kind:
        case "Bounce":
            found = _bounce(fields(event.get("bounce")), places)
        case "Complaint":
            found = _complaint(fields(event.get("complaint")), places)
        case "Delivery":
            words = text(fields(event.get("delivery")).get("smtpResponse"))
            found = receipt(Verdict.DELIVERED, "", words, places)
        case "DeliveryDelay":
            delay = fields(event.get("deliveryDelay"))
            found = receipt(Verdict.DELAYED, "", text(delay.get("delayType")), places)
        case "Reject":
            words = text(fields(event.get("reject")).get("reason"))
            found = receipt(Verdict.BLOCKED, "", f"rejected by Amazon SES: {words}", places)
        case "Subscription":
            found = _subscription(fields(event.get("subscription")), mail, places)
        case "":
            found = UNREADABLE
        case _:  # Send, Open, Click, Rendering Failure, AmazonSnsSubscriptionSucceeded
            found = ORDINARY
    return found


def _places(mail: Fields) -> list[bytes]:
    """Where our token is: the sender of the envelope, and the Message-ID we gave, which SES replaced."""
    ours = [
        fields(field).get("value")
        for field in items(mail.get("headers"), FIELDS_MAX)
        if text(fields(field).get("name")).lower() == "message-id"
    ]
    return octets_of(mail.get("source"), fields(mail.get("commonHeaders")).get("messageId"), *ours)


def _bounce(bounce: Fields, places: list[bytes]) -> ReadAs:
    kind, subtype = text(bounce.get("bounceType")), text(bounce.get("bounceSubType"))
    called = f"{kind}, {subtype}, says Amazon SES"
    if subtype in _SUPPRESSED:
        return receipt(Verdict.HARD, "", called, places)
    if subtype in _ABOUT_US:
        return receipt(Verdict.BLOCKED, *_said(bounce, called), places)
    found = [
        (text(one.get("status")), text(one.get("diagnosticCode")))
        for one in map(fields, items(bounce.get("bouncedRecipients"), RECIPIENTS_MAX))
    ]
    if (kind, subtype) == ("Transient", "General") and not any(status or words for status, words in found):
        return AUTO_REPLY  # what came back was no report; SES calls those of people who are away so
    verdicts = [of_bounce(status, words, permanent=kind == "Permanent") for status, words in found]
    verdict = mildest(verdicts or [of_bounce("", "", permanent=kind == "Permanent")])
    status, words = found[verdicts.index(verdict)] if found else ("", "")
    return receipt(verdict, status, words or called, places)


def _said(bounce: Fields, called: str) -> tuple[str, str]:
    """The status and words of the first recipient; else what SES calls it."""
    for one in map(fields, items(bounce.get("bouncedRecipients"), 1)):
        return text(one.get("status")), text(one.get("diagnosticCode")) or called
    return "", called


def _complaint(complaint: Fields, places: list[bytes]) -> ReadAs:
    """A complaint; or praise, which is none, or a signature that failed, which no reader complains of."""
    kind = text(complaint.get("complaintFeedbackType"))
    if kind == "not-spam":
        return ORDINARY
    by = text(complaint.get("userAgent"))
    words = f"{kind or 'complaint'}, by {by}" if by else kind or "complaint"
    verdict = Verdict.BLOCKED if kind.startswith("auth-failure") else Verdict.COMPLAINED
    return receipt(verdict, "", words, places)


def _subscription(change: Fields, mail: Fields, places: list[bytes]) -> ReadAs:
    """Whoever left by the link of SES, if that was put into the mails."""
    if fields(change.get("newTopicPreferences")).get("unsubscribeAll") is not True:
        return ORDINARY
    return leaving(places, "ses", text(mail.get("messageId")), text(change.get("timestamp")))
