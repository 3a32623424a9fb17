from .acting import Actor, Permission
from .altering import Stale, version_of, work_left
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
from .checking import Findings, check
from .collecting import bounces_mailbox, collect
from .columns import ColumnChoices
from .deliveries import DELIVERY_STATES, Deliveries, PersonDelivery, deliveries
from .dropped_files import DroppedFile, DroppedState, FolderDefaults, publish_dropped
from .ending import Ending, Readers, close, counted, readers, retract
from .explaining import Explanation, explain
from .explaining_many import ExplanationLine, explain_everybody, explain_listed
from .following import Missed, missed
from .foreseeing_returns import foresee_read
from .foreseen import Preview
from .hooks import (
    SetUpWrong,
    take_in_mailgun,
    take_in_postmark,
    take_in_sendgrid,
    take_in_ses,
)
from .imported import BadLine, Imported, Remark, Scope
from .importing import Import
from .instants import future, local_text, utc_text, with_local
from .invitations import ListedInvitation, cancel_invitation, list_invitations
from .inviting import Fate, InvitationPlan, InvitationsMade, Inviting
from .latest_deliveries import PeopleCount
from .leaving import (
    LeavingOffer,
    OfferedList,
    come_back_to,
    leave_list,
    offer_of,
    offered,
    unsubscribe_token,
)
from .merging import doubles, merge
from .overview import MailboxDetails, Totals, list_notices, live_workers, totals
from .pending import Pending, PendingEntry, pending
from .places import Place, listed
from .preparing import Choices, require_sound
from .preview_sending import PreviewSent, send_preview
from .previewing import preview
from .progress import Funnel, of_update, outcome
from .public_updates import (
    PublicFeed,
    PublicUpdate,
    TakenDown,
    feed_page,
    public_cap,
    public_feed,
    public_page,
    public_update,
)
from .publishing import Conditions, Publication, publish
from .reach import loudly
from .readings import NamedReading, ReadingDetails, details, read_files
from .receiving import CameBack, take_in, take_in_read
from .recent_stories import Story, StoryAnswer
from .rejects import Rejects
from .releasing import Released, release
from .replies import list_replies
from .requested import Requested, TooManySubscriptions
from .resending import Resending, Resent, resend
from .retrying import Retried, retry
from .returned import (
    ReturnedMail,
    ReturnedOf,
    count_returned,
    list_returned,
    show_returned,
)
from .sampling import draw, sample
from .searching import SubscriberPage, SubscriberSearch, SubscriberState
from .sending import resume_sending, sending_rates, worst
from .signing_secrets import (
    SigningSecret,
    change_secret,
    require_signed,
    show_secret,
)
from .sns import SnsClient
from .subscriber_details import SubscriberDetails, SubscriberSummary
from .subscriptions import SubscriptionChange
from .suppressing import (
    Lifted,
    SuppressedAddress,
    count_suppressions,
    list_suppressions,
    suppress,
    unsuppress,
)
from .syncing import Sync, Synced, SyncPlan, SyncUndone, undo_sync
from .tags import TagAdded, add_tags, list_tags
from .tracing import Traced, trace
from .undoing import UNDONE, Undone, undo
from .unsubscribing import LinkHolder, come_back, holder_of, language_of, leave
from .update_status import UpdateStatus, status
from .updates import (
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
from .whole_updates import language_of_reader, read_message, read_update
from .withdrawing import WITHDRAWN, Withdrawal, withdraw

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
