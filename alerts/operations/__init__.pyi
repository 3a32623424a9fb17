from .acting import Actor, Permission
from .api_keys import (
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
from .auditing import AuditLine, audit
from .checks.checking import Findings, check
from .following.deliveries import DELIVERY_STATES, Deliveries, PersonDelivery, deliveries
from .following.explaining import Explanation, explain
from .following.explaining_many import ExplanationLine, explain_everybody, explain_listed
from .following.following import Missed, missed
from .following.latest_deliveries import PeopleCount
from .following.pending import Pending, PendingEntry, pending
from .following.progress import Funnel, of_update, outcome
from .following.resending import Resending, Resent, resend
from .following.retrying import Retried, retry
from .following.tracing import Traced, trace
from .following.update_status import UpdateStatus, status
from .instants import future, local_text, utc_text, with_local
from .lists.columns import ColumnChoices
from .lists.imported import BadLine, Imported, Remark, Scope
from .lists.importing import Import
from .lists.rejects import Rejects
from .lists.syncing import Sync, Synced, SyncPlan, SyncUndone, undo_sync
from .overview import MailboxDetails, Totals, list_notices, live_workers, totals
from .people.invitations import ListedInvitation, cancel_invitation, list_invitations
from .people.inviting import Fate, InvitationPlan, InvitationsMade, Inviting
from .people.leaving import (
    LeavingOffer,
    OfferedList,
    come_back_to,
    leave_list,
    offer_of,
    offered,
    unsubscribe_token,
)
from .places import Place, listed
from .publishing.dropped_files import DroppedFile, DroppedState, FolderDefaults, publish_dropped
from .publishing.ending import Ending, Readers, close, counted, readers, retract
from .publishing.foreseen import Preview
from .publishing.preparing import Choices, require_sound
from .publishing.preview_sending import PreviewSent, send_preview
from .publishing.previewing import preview
from .publishing.publishing import Conditions, Publication, publish
from .publishing.reach import loudly
from .publishing.readings import NamedReading, ReadingDetails, details, read_files
from .publishing.recent_stories import Story, StoryAnswer
from .publishing.releasing import Released, release
from .publishing.sampling import draw, sample
from .publishing.undoing import UNDONE, Undone, undo
from .publishing.withdrawing import WITHDRAWN, Withdrawal, withdraw
from .reading.public_updates import (
    PublicFeed,
    PublicUpdate,
    TakenDown,
    feed_page,
    public_cap,
    public_feed,
    public_page,
    public_update,
)
from .reading.updates import (
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
from .reading.whole_updates import language_of_reader, read_message, read_update
from .returned.collecting import bounces_mailbox, collect
from .returned.foreseeing_returns import foresee_read
from .returned.hooks import (
    SetUpWrong,
    take_in_mailgun,
    take_in_postmark,
    take_in_sendgrid,
    take_in_ses,
)
from .returned.receiving import CameBack, take_in, take_in_read
from .returned.replies import list_replies
from .returned.returned import (
    ReturnedMail,
    ReturnedOf,
    count_returned,
    list_returned,
    show_returned,
)
from .returned.sns import SnsClient
from .sending import resume_sending, sending_rates, worst
from .signing_secrets import (
    SigningSecret,
    change_secret,
    require_signed,
    show_secret,
)
from .subscribing.altering import Stale, version_of, work_left
from .subscribing.merging import doubles, merge
from .subscribing.requested import Requested, TooManySubscriptions
from .subscribing.searching import SubscriberPage, SubscriberSearch, SubscriberState
from .subscribing.subscriber_details import SubscriberDetails, SubscriberSummary
from .subscribing.subscriptions import SubscriptionChange
from .subscribing.suppressing import (
    Lifted,
    SuppressedAddress,
    count_suppressions,
    list_suppressions,
    suppress,
    unsuppress,
)
from .subscribing.unsubscribing import LinkHolder, come_back, holder_of, language_of, leave
from .tags import TagAdded, add_tags, list_tags

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
    "DroppedFile",
    "DroppedState",
    "Ending",
    "Explanation",
    "ExplanationLine",
    "Fate",
    "Findings",
    "FolderDefaults",
    "Funnel",
    "Import",
    "Imported",
    "InvitationPlan",
    "InvitationsMade",
    "Inviting",
    "LeavingOffer",
    "Lifted",
    "LinkHolder",
    "ListedInvitation",
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
    "SetUpWrong",
    "SigningSecret",
    "SnsClient",
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
    "TooManySubscriptions",
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
    "cancel_invitation",
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
    "foresee_read",
    "future",
    "holder_of",
    "language_of",
    "language_of_reader",
    "leave",
    "leave_list",
    "list_invitations",
    "list_keys",
    "list_notices",
    "list_replies",
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
    "publish_dropped",
    "read_files",
    "read_message",
    "read_update",
    "readers",
    "release",
    "require_signed",
    "require_sound",
    "resend",
    "resume_sending",
    "retract",
    "retry",
    "revoke_key",
    "sample",
    "send_preview",
    "sending_rates",
    "show_returned",
    "show_revision",
    "show_secret",
    "show_update",
    "status",
    "suppress",
    "take_in",
    "take_in_mailgun",
    "take_in_postmark",
    "take_in_read",
    "take_in_sendgrid",
    "take_in_ses",
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
    "worst",
]
