from .deciding import DraftPublished, discard_draft, publish_draft
from .ending import end_draft
from .keeping import keep_draft
from .listing import DraftDetails, DraftSummary, list_drafts, show_draft

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
