"""Drafts: what came by itself and waits for an operator, whichever way it came."""

from alerts.operations.drafts.deciding import DraftPublished, discard_draft, publish_draft
from alerts.operations.drafts.ending import end_draft
from alerts.operations.drafts.keeping import keep_draft
from alerts.operations.drafts.listing import DraftDetails, DraftSummary, list_drafts, show_draft

__all__ = [
    "DraftDetails",
    "DraftPublished",
    "DraftSummary",
    "discard_draft",
    "end_draft",
    "keep_draft",
    "list_drafts",
    "publish_draft",
    "show_draft",
]
