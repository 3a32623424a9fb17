"""What waits as a draft, and one of it whole."""

from dataclasses import dataclass

from alerts import ingest
from alerts.errors import BadInput
from alerts.model import WaitingDraft
from alerts.operations.acting import Actor, Permission
from alerts.operations.instants import utc_text
from alerts.operations.publishing.readings import ReadingDetails, details
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """A draft as a list has it."""

    draft: WaitingDraft

    def to_dict(self) -> dict[str, object]:
        draft = self.draft
        return {
            "draft": draft.id,
            "headline": draft.headline,
            "source": draft.source,
            "came_at": utc_text(draft.came_ms),
            "ends_at": utc_text(draft.until_ms),
            "regions": list(draft.regions),
            "tags": list(draft.tags),
            "severity": draft.severity or None,
        }


@dataclass(frozen=True, slots=True)
class DraftDetails:
    """A draft, and what its document says as it is read now; `fault` is why it cannot be read, if so."""

    draft: WaitingDraft
    readings: tuple[ReadingDetails, ...]
    fault: str = ""

    def to_dict(self) -> dict[str, object]:
        return DraftSummary(self.draft).to_dict() | {
            "readings": [reading.to_dict() for reading in self.readings],
            "fault": self.fault or None,
        }


def list_drafts(services: Services, actor: Actor) -> list[DraftSummary]:
    """What waits, the longest first. Raises Forbidden."""
    actor.require(Permission.READ)
    return [DraftSummary(draft) for draft in services.drafts.all()]


def show_draft(services: Services, actor: Actor, id: str) -> DraftDetails:  # noqa: A002 - the interface's word
    """One draft whole. Raises Forbidden, NotFound."""
    actor.require(Permission.READ)
    draft = services.drafts.get(id)
    try:
        found = ingest.read_all(draft.document, draft.file)
    except BadInput as fault:  # it was read when it came, by what may have been another version
        return DraftDetails(draft, (), f"{fault.sentence} {fault.hint}")
    return DraftDetails(draft, tuple(details(reading, services.tree) for reading in found))
