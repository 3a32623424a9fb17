"""The nouns and their states: frozen, validated when made, free of I/O."""

from alerts.model.channels import Channel, Folds
from alerts.model.deliveries import Deferred, Failed, Outcome, Post, RouteDown, Sent, State, Unsure
from alerts.model.digests import BatchKey, Change, Digest, DigestId, DigestState, Entry
from alerts.model.drafts import WaitingDraft
from alerts.model.feeds import Feed, FeedProgress, FeedState, ItemState, KnownItem
from alerts.model.invitations import Invitation
from alerts.model.messages import BLANKS, Blank, Fill, Message, Recipient, quoted_printable
from alerts.model.mutes import Mute
from alerts.model.names import SLUG, Instant, name_of
from alerts.model.one_time import Errand, OneTimeLink
from alerts.model.opt_outs import OptOut
from alerts.model.outages import FIRST_CONTACT, OUTAGE_MESSAGE, SENDING, Outage, OutageKey
from alerts.model.receipts import Leaving, NotForUs, ReadAs, Receipt, Unasked, Verdict
from alerts.model.senders import KnownMail, MailAnswer, MailBecame, MailSender, SenderProgress, SenderState
from alerts.model.signing import FIRST_GENERATION, SecretGeneration
from alerts.model.subscriptions import (
    WEEKDAYS,
    Audience,
    Cadence,
    Filter,
    QuietHours,
    Rhythm,
    Standing,
    Subscriber,
    Subscription,
    minute_of,
    subscription_from_dict,
    subscription_to_dict,
)
from alerts.model.updates import (
    HEADLINE_MAX,
    Certainty,
    Draft,
    Kind,
    Ref,
    Revision,
    Severity,
    Status,
    Translation,
    Urgency,
)
from alerts.model.work import PersonKey, Step, Work

__all__ = [
    "BLANKS",
    "FIRST_CONTACT",
    "FIRST_GENERATION",
    "HEADLINE_MAX",
    "OUTAGE_MESSAGE",
    "SENDING",
    "SLUG",
    "WEEKDAYS",
    "Audience",
    "BatchKey",
    "Blank",
    "Cadence",
    "Certainty",
    "Change",
    "Channel",
    "Deferred",
    "Digest",
    "DigestId",
    "DigestState",
    "Draft",
    "Entry",
    "Errand",
    "Failed",
    "Feed",
    "FeedProgress",
    "FeedState",
    "Fill",
    "Filter",
    "Folds",
    "Instant",
    "Invitation",
    "ItemState",
    "Kind",
    "KnownItem",
    "KnownMail",
    "Leaving",
    "MailAnswer",
    "MailBecame",
    "MailSender",
    "Message",
    "Mute",
    "NotForUs",
    "OneTimeLink",
    "OptOut",
    "Outage",
    "OutageKey",
    "Outcome",
    "PersonKey",
    "Post",
    "QuietHours",
    "ReadAs",
    "Receipt",
    "Recipient",
    "Ref",
    "Revision",
    "Rhythm",
    "RouteDown",
    "SecretGeneration",
    "SenderProgress",
    "SenderState",
    "Sent",
    "Severity",
    "Standing",
    "State",
    "Status",
    "Step",
    "Subscriber",
    "Subscription",
    "Translation",
    "Unasked",
    "Unsure",
    "Urgency",
    "Verdict",
    "WaitingDraft",
    "Work",
    "minute_of",
    "name_of",
    "quoted_printable",
    "subscription_from_dict",
    "subscription_to_dict",
]
