from .answers import Answers, Earlier
from .api_keys import ApiKey, ApiKeys, KeyUse
from .audiences import Audiences
from .audit import Audit, AuditEntry
from .breakers import Breakers
from .clocks import Clocks, SlotRun
from .contacts import Contact, Contacts
from .deliveries import Delivery, LedgerLine
from .digests import BATCH, ClockAdvance, Digests
from .directory import Directory
from .doubts import Doubts
from .drafts import DraftOrigin, Drafts
from .due import DueEntry, DueSet
from .erased import ErasedAddresses
from .erasure import Erasure
from .events import Event, Events
from .feeds import Feeds, poll_token, poll_work
from .histories import History
from .hook_memory import HookMemory
from .index import Fault, Index
from .installation import Installation
from .invitations import Invitations
from .leases import Leases
from .ledger import Claim, Ledger
from .limits import RateLimits
from .mailbox_reading import MailboxReading, MailboxState
from .merged import MergedNumbers
from .messages import Messages
from .mutes import Mutes
from .notices import Notices
from .one_time_links import OneTimeLinks
from .outages import TOLD_AGAIN_MS, Known, OutageMessage, Outages
from .outlines import Outlined, Outlines
from .posts import SlackPosts
from .progress import Progress
from .rates import DayRates, Rates, Returns
from .receipts import Follows, ListedReceipt, ProvenReceipt, Receipts, ReturnedDelivery, Taken
from .recipients import Recipients
from .replies import KeptReply, Replies
from .roll import Roll, RollCall, RollLine, roll_line
from .secret_generations import SecretGenerations
from .senders import MailSenders, NotedMail
from .sending_pauses import SendingPause, SendingPauses
from .server import Server
from .sessions import BeforeChange, PersonSession, Sessions
from .situations import END, MessageName, PlacedMessage, Situations
from .subscriber_rows import looked_for
from .subscribers import Destination, Past, Subscribers
from .suppressions import OPERATOR, SUBSCRIBER, Suppression, Suppressions
from .syncs import LastSync, SyncChange, Syncs, state_of
from .tags import Tags
from .updates import Published, Updates
from .workers import BrokerFault, LiveWorkers

__all__ = [
    "BATCH",
    "END",
    "OPERATOR",
    "SUBSCRIBER",
    "TOLD_AGAIN_MS",
    "Answers",
    "ApiKey",
    "ApiKeys",
    "Audiences",
    "Audit",
    "AuditEntry",
    "BeforeChange",
    "Breakers",
    "BrokerFault",
    "Claim",
    "ClockAdvance",
    "Clocks",
    "Contact",
    "Contacts",
    "DayRates",
    "Delivery",
    "Destination",
    "Digests",
    "Directory",
    "Doubts",
    "DraftOrigin",
    "Drafts",
    "DueEntry",
    "DueSet",
    "Earlier",
    "ErasedAddresses",
    "Erasure",
    "Event",
    "Events",
    "Fault",
    "Feeds",
    "Follows",
    "History",
    "HookMemory",
    "Index",
    "Installation",
    "Invitations",
    "KeptReply",
    "KeyUse",
    "Known",
    "LastSync",
    "Leases",
    "Ledger",
    "LedgerLine",
    "ListedReceipt",
    "LiveWorkers",
    "MailSenders",
    "MailboxReading",
    "MailboxState",
    "MergedNumbers",
    "MessageName",
    "Messages",
    "Mutes",
    "NotedMail",
    "Notices",
    "OneTimeLinks",
    "OutageMessage",
    "Outages",
    "Outlined",
    "Outlines",
    "Past",
    "PersonSession",
    "PlacedMessage",
    "Progress",
    "ProvenReceipt",
    "Published",
    "RateLimits",
    "Rates",
    "Receipts",
    "Recipients",
    "Replies",
    "ReturnedDelivery",
    "Returns",
    "Roll",
    "RollCall",
    "RollLine",
    "SecretGenerations",
    "SendingPause",
    "SendingPauses",
    "Server",
    "Sessions",
    "Situations",
    "SlackPosts",
    "SlotRun",
    "Subscribers",
    "Suppression",
    "Suppressions",
    "SyncChange",
    "Syncs",
    "Tags",
    "Taken",
    "Updates",
    "looked_for",
    "poll_token",
    "poll_work",
    "roll_line",
    "state_of",
]
