"""What an operator can do, apart from the walk: use cases, shared by every door. Prints and enqueues nothing.

A use case takes the services and the actor, requires a permission before anything else, and leaves an entry
in the audit for whatever it changes. Its result is a value, with the work to ring for where there is any.
"""

from alerts.operations.acting import Actor, Permission
from alerts.operations.altering import work_left
from alerts.operations.auditing import AuditLine, audit
from alerts.operations.checking import Findings, check
from alerts.operations.columns import ColumnChoices
from alerts.operations.explaining import Explanation, explain
from alerts.operations.imported import BadLine, Imported, Remark, Scope
from alerts.operations.importing import Import
from alerts.operations.instants import future, utc_text
from alerts.operations.overview import Totals, live_workers, totals
from alerts.operations.pending import Pending, pending
from alerts.operations.places import Place, listed
from alerts.operations.preparing import Choices
from alerts.operations.preview_sending import PreviewSent, send_preview
from alerts.operations.previewing import Preview, preview
from alerts.operations.progress import Funnel, of_update, outcome
from alerts.operations.publishing import Conditions, Publication, publish
from alerts.operations.reach import loudly
from alerts.operations.readings import NamedReading, ReadingDetails, details, read_files
from alerts.operations.rejects import Rejects
from alerts.operations.requested import Requested
from alerts.operations.retrying import Retried, retry
from alerts.operations.sampling import draw, sample
from alerts.operations.searching import SubscriberPage, SubscriberSearch, SubscriberState
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
from alerts.operations.syncing import Sync, Synced, SyncPlan, undo_sync
from alerts.operations.tags import TagAdded, add_tags, list_tags
from alerts.operations.tracing import Traced, trace
from alerts.operations.unsubscribing import LinkHolder, come_back, holder_of, leave
from alerts.operations.update_status import UpdateStatus, status
from alerts.operations.withdrawing import WITHDRAWN, Withdrawal, withdraw

__all__ = [
    "WITHDRAWN",
    "Actor",
    "AuditLine",
    "BadLine",
    "Choices",
    "ColumnChoices",
    "Conditions",
    "Explanation",
    "Findings",
    "Funnel",
    "Import",
    "Imported",
    "Lifted",
    "LinkHolder",
    "NamedReading",
    "Pending",
    "Permission",
    "Place",
    "Preview",
    "PreviewSent",
    "Publication",
    "ReadingDetails",
    "Rejects",
    "Remark",
    "Requested",
    "Retried",
    "Scope",
    "SubscriberDetails",
    "SubscriberPage",
    "SubscriberSearch",
    "SubscriberState",
    "SubscriberSummary",
    "SubscriptionChange",
    "SuppressedAddress",
    "Sync",
    "SyncPlan",
    "Synced",
    "TagAdded",
    "Totals",
    "Traced",
    "UpdateStatus",
    "Withdrawal",
    "add_tags",
    "audit",
    "check",
    "come_back",
    "count_suppressions",
    "details",
    "draw",
    "explain",
    "future",
    "holder_of",
    "leave",
    "list_suppressions",
    "list_tags",
    "listed",
    "live_workers",
    "loudly",
    "of_update",
    "outcome",
    "pending",
    "preview",
    "publish",
    "read_files",
    "retry",
    "sample",
    "send_preview",
    "status",
    "suppress",
    "totals",
    "trace",
    "undo_sync",
    "unsuppress",
    "utc_text",
    "withdraw",
    "work_left",
]
