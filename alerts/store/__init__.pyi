from .answers import Answers, Earlier
from .api_keys import ApiKey, ApiKeys, KeyUse
from .audiences import Audiences
from .audit import Audit, AuditEntry
from .breakers import Breakers
from .clocks import Clocks, SlotRun
from .deliveries import Delivery, LedgerLine
from .digests import BATCH, ClockAdvance, Digests
from .directory import Directory
from .doubts import Doubts
from .drafts import DraftOrigin, Drafts
from .due import DueEntry, DueSet
from .events import Event, Events
from .feeds import Feeds, poll_token, poll_work
from .hook_memory import HookMemory
from .index import Fault, Index
from .installation import Installation
from .leases import Leases
from .ledger import Claim, Ledger
from .limits import RateLimits
from .merged import MergedNumbers
from .messages import Messages
from .notices import Notices
from .one_time_links import OneTimeLinks
from .posts import SlackPosts
from .progress import Progress
from .receipts import Follows, ListedReceipt, ProvenReceipt, Receipts, ReturnedDelivery, Taken
from .recipients import Recipients
from .roll import Roll, RollCall, RollLine, roll_line
from .secret_generations import SecretGenerations
from .server import Server
from .sessions import PersonSession, Sessions
from .subscriber_rows import looked_for
from .subscribers import Destination, Past, Subscribers
from .suppressions import OPERATOR, SUBSCRIBER, Suppression, Suppressions
from .syncs import LastSync, SyncChange, Syncs, state_of
from .tags import Tags
from .updates import History, Published, Updates
from .workers import BrokerFault, LiveWorkers

__all__ = [
    "BATCH",
    "OPERATOR",
    "SUBSCRIBER",
    "Answers",
    "ApiKey",
    "ApiKeys",
    "Audiences",
    "Audit",
    "AuditEntry",
    "Breakers",
    "BrokerFault",
    "Claim",
    "ClockAdvance",
    "Clocks",
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
    "Event",
    "Events",
    "Fault",
    "Feeds",
    "Follows",
    "History",
    "HookMemory",
    "Index",
    "Installation",
    "KeyUse",
    "LastSync",
    "Leases",
    "Ledger",
    "LedgerLine",
    "ListedReceipt",
    "LiveWorkers",
    "MergedNumbers",
    "Messages",
    "Notices",
    "OneTimeLinks",
    "Past",
    "PersonSession",
    "Progress",
    "ProvenReceipt",
    "Published",
    "RateLimits",
    "Receipts",
    "Recipients",
    "ReturnedDelivery",
    "Roll",
    "RollCall",
    "RollLine",
    "SecretGenerations",
    "Server",
    "Sessions",
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
