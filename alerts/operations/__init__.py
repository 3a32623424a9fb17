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
from alerts.operations.deliveries import STATES as DELIVERY_STATES
from alerts.operations.deliveries import Deliveries, PersonDelivery, deliveries
from alerts.operations.explaining import Explanation, explain
from alerts.operations.explaining_many import ExplanationLine, explain_everybody, explain_listed
from alerts.operations.following import Missed, missed
from alerts.operations.importing import BadLine, Import, Imported, Remark
from alerts.operations.instants import future, utc_text
from alerts.operations.latest_deliveries import PeopleCount
from alerts.operations.overview import Totals, list_notices, live_workers, totals
from alerts.operations.pending import Pending, PendingEntry, pending
from alerts.operations.places import Place, listed
from alerts.operations.preparing import Choices
from alerts.operations.previewing import Preview, preview
from alerts.operations.progress import Funnel, of_update, outcome
from alerts.operations.publishing import Conditions, Publication, publish
from alerts.operations.reach import loudly
from alerts.operations.readings import NamedReading, ReadingDetails, details, read_files
from alerts.operations.requested import Requested
from alerts.operations.resending import Resending, Resent, resend
from alerts.operations.retrying import Retried, retry
from alerts.operations.sampling import sample
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
from alerts.operations.tags import TagAdded, add_tags, list_tags
from alerts.operations.tracing import Traced, trace
from alerts.operations.unsubscribing import LinkHolder, come_back, holder_of, leave
from alerts.operations.update_status import UpdateStatus, status
from alerts.operations.whole_updates import read_message, read_update
from alerts.operations.withdrawing import WITHDRAWN, Withdrawal, withdraw

__all__ = [
    "DELIVERY_STATES",
    "WITHDRAWN",
    "Actor",
    "Admission",
    "AuditLine",
    "BadLine",
    "Choices",
    "Conditions",
    "Deliveries",
    "Explanation",
    "ExplanationLine",
    "Findings",
    "Funnel",
    "Import",
    "Imported",
    "Lifted",
    "LinkHolder",
    "ListedKey",
    "Missed",
    "NamedReading",
    "NewKey",
    "NotAdmitted",
    "Pending",
    "PendingEntry",
    "PeopleCount",
    "Permission",
    "PersonDelivery",
    "Place",
    "Preview",
    "Publication",
    "ReadingDetails",
    "Remark",
    "Requested",
    "Resending",
    "Resent",
    "Retried",
    "Stale",
    "SubscriberDetails",
    "SubscriberPage",
    "SubscriberSearch",
    "SubscriberState",
    "SubscriberSummary",
    "SubscriptionChange",
    "SuppressedAddress",
    "TagAdded",
    "TooSoon",
    "Totals",
    "Traced",
    "UpdateStatus",
    "Withdrawal",
    "add_key",
    "add_tags",
    "admit",
    "audit",
    "check",
    "come_back",
    "count_suppressions",
    "deliveries",
    "details",
    "explain",
    "explain_everybody",
    "explain_listed",
    "future",
    "holder_of",
    "leave",
    "list_keys",
    "list_notices",
    "list_suppressions",
    "list_tags",
    "listed",
    "live_workers",
    "loudly",
    "missed",
    "of_update",
    "outcome",
    "pending",
    "preview",
    "publish",
    "read_files",
    "read_message",
    "read_update",
    "resend",
    "retry",
    "revoke_key",
    "sample",
    "status",
    "suppress",
    "totals",
    "trace",
    "unsuppress",
    "utc_text",
    "version_of",
    "withdraw",
    "work_left",
]
