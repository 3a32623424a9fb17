"""What an operator can do, apart from the walk: use cases, shared by every door. Prints and enqueues nothing.

A use case takes the services and the actor, requires a permission before anything else, and leaves an entry
in the audit for whatever it changes. Its result is a value, with the work to ring for where there is any.
"""

from alerts.operations.acting import Actor, Permission
from alerts.operations.altering import Stale, version_of, work_left
from alerts.operations.api_keys import (
    Admission,
    ListedKey,
    NewKey,
    NotAdmitted,
    TooSoon,
    add_key,
    admit,
    list_keys,
    revoke_key,
)
from alerts.operations.auditing import AuditLine, audit
from alerts.operations.checking import Findings, check
from alerts.operations.collecting import bounces_mailbox, collect
from alerts.operations.columns import ColumnChoices
from alerts.operations.deliveries import STATES as DELIVERY_STATES
from alerts.operations.deliveries import Deliveries, PersonDelivery, deliveries
from alerts.operations.ending import Ending, Readers, close, counted, readers, retract
from alerts.operations.explaining import Explanation, explain
from alerts.operations.explaining_many import ExplanationLine, explain_everybody, explain_listed
from alerts.operations.following import Missed, missed
from alerts.operations.foreseen import Preview
from alerts.operations.imported import BadLine, Imported, Remark, Scope
from alerts.operations.importing import Import
from alerts.operations.instants import future, local_text, utc_text, with_local
from alerts.operations.latest_deliveries import PeopleCount
from alerts.operations.leaving import (
    LeavingOffer,
    OfferedList,
    come_back_to,
    leave_list,
    offer_of,
    offered,
    unsubscribe_token,
)
from alerts.operations.merging import doubles, merge
from alerts.operations.overview import MailboxDetails, Totals, list_notices, live_workers, totals
from alerts.operations.pending import Pending, PendingEntry, pending
from alerts.operations.places import Place, listed
from alerts.operations.preparing import Choices
from alerts.operations.preview_sending import PreviewSent, send_preview
from alerts.operations.previewing import preview
from alerts.operations.progress import Funnel, of_update, outcome
from alerts.operations.public_updates import (
    PublicFeed,
    PublicUpdate,
    TakenDown,
    feed_page,
    public_cap,
    public_feed,
    public_page,
    public_update,
)
from alerts.operations.publishing import Conditions, Publication, publish
from alerts.operations.reach import loudly
from alerts.operations.readings import NamedReading, ReadingDetails, details, read_files
from alerts.operations.receiving import CameBack, take_in
from alerts.operations.recent_stories import Story, StoryAnswer
from alerts.operations.rejects import Rejects
from alerts.operations.releasing import Released, release
from alerts.operations.requested import Requested
from alerts.operations.resending import Resending, Resent, resend
from alerts.operations.retrying import Retried, retry
from alerts.operations.returned import (
    ReturnedMail,
    ReturnedOf,
    count_returned,
    list_returned,
    show_returned,
)
from alerts.operations.sampling import draw, sample
from alerts.operations.searching import SubscriberPage, SubscriberSearch, SubscriberState
from alerts.operations.signing_secrets import (
    SigningSecret,
    change_secret,
    require_signed,
    show_secret,
)
from alerts.operations.subscriber_details import SubscriberDetails, SubscriberSummary
from alerts.operations.subscriptions import SubscriptionChange
from alerts.operations.suppressing import (
    Lifted,
    SuppressedAddress,
    count_suppressions,
    list_suppressions,
    suppress,
    unsuppress,
)
from alerts.operations.syncing import Sync, Synced, SyncPlan, SyncUndone, undo_sync
from alerts.operations.tags import TagAdded, add_tags, list_tags
from alerts.operations.tracing import Traced, trace
from alerts.operations.undoing import UNDONE, Undone, undo
from alerts.operations.unsubscribing import LinkHolder, come_back, holder_of, leave
from alerts.operations.update_status import UpdateStatus, status
from alerts.operations.updates import (
    ANY_UPDATE,
    UpdateDetails,
    UpdatePage,
    UpdateRevision,
    UpdateSearch,
    UpdateState,
    UpdateSummary,
    list_updates,
    show_revision,
    show_update,
)
from alerts.operations.whole_updates import read_message, read_update
from alerts.operations.withdrawing import WITHDRAWN, Withdrawal, withdraw

__all__ = [
    "ANY_UPDATE",
    "DELIVERY_STATES",
    "UNDONE",
    "WITHDRAWN",
    "Actor",
    "Admission",
    "AuditLine",
    "BadLine",
    "CameBack",
    "Choices",
    "ColumnChoices",
    "Conditions",
    "Deliveries",
    "Ending",
    "Explanation",
    "ExplanationLine",
    "Findings",
    "Funnel",
    "Import",
    "Imported",
    "LeavingOffer",
    "Lifted",
    "LinkHolder",
    "ListedKey",
    "MailboxDetails",
    "Missed",
    "NamedReading",
    "NewKey",
    "NotAdmitted",
    "OfferedList",
    "Pending",
    "PendingEntry",
    "PeopleCount",
    "Permission",
    "PersonDelivery",
    "Place",
    "Preview",
    "PreviewSent",
    "PublicFeed",
    "PublicUpdate",
    "Publication",
    "Readers",
    "ReadingDetails",
    "Rejects",
    "Released",
    "Remark",
    "Requested",
    "Resending",
    "Resent",
    "Retried",
    "ReturnedMail",
    "ReturnedOf",
    "Scope",
    "SigningSecret",
    "Stale",
    "Story",
    "StoryAnswer",
    "SubscriberDetails",
    "SubscriberPage",
    "SubscriberSearch",
    "SubscriberState",
    "SubscriberSummary",
    "SubscriptionChange",
    "SuppressedAddress",
    "Sync",
    "SyncPlan",
    "SyncUndone",
    "Synced",
    "TagAdded",
    "TakenDown",
    "TooSoon",
    "Totals",
    "Traced",
    "Undone",
    "UpdateDetails",
    "UpdatePage",
    "UpdateRevision",
    "UpdateSearch",
    "UpdateState",
    "UpdateStatus",
    "UpdateSummary",
    "Withdrawal",
    "add_key",
    "add_tags",
    "admit",
    "audit",
    "bounces_mailbox",
    "change_secret",
    "check",
    "close",
    "collect",
    "come_back",
    "come_back_to",
    "count_returned",
    "count_suppressions",
    "counted",
    "deliveries",
    "details",
    "doubles",
    "draw",
    "explain",
    "explain_everybody",
    "explain_listed",
    "feed_page",
    "future",
    "holder_of",
    "leave",
    "leave_list",
    "list_keys",
    "list_notices",
    "list_returned",
    "list_suppressions",
    "list_tags",
    "list_updates",
    "listed",
    "live_workers",
    "local_text",
    "loudly",
    "merge",
    "missed",
    "of_update",
    "offer_of",
    "offered",
    "outcome",
    "pending",
    "preview",
    "public_cap",
    "public_feed",
    "public_page",
    "public_update",
    "publish",
    "read_files",
    "read_message",
    "read_update",
    "readers",
    "release",
    "require_signed",
    "resend",
    "retract",
    "retry",
    "revoke_key",
    "sample",
    "send_preview",
    "show_returned",
    "show_revision",
    "show_secret",
    "show_update",
    "status",
    "suppress",
    "take_in",
    "totals",
    "trace",
    "undo",
    "undo_sync",
    "unsubscribe_token",
    "unsuppress",
    "utc_text",
    "version_of",
    "with_local",
    "withdraw",
    "work_left",
]
