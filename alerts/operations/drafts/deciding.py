"""What an operator does with a draft: it is published as any file is, or discarded."""

from dataclasses import dataclass

from alerts import ingest
from alerts.model import WaitingDraft
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.publishing.preparing import CHOOSES_NOTHING, Choices
from alerts.operations.publishing.publishing import UNCONDITIONAL, Conditions, Publication, publish
from alerts.operations.publishing.readings import NamedReading
from alerts.services import Services


@dataclass(frozen=True, slots=True)
class DraftPublished:
    """What came of publishing a draft: one update, or each that its document holds."""

    draft: WaitingDraft
    publications: tuple[Publication, ...]

    def to_dict(self) -> dict[str, object]:
        return {"draft": self.draft.id, "updates": [one.to_dict() for one in self.publications]}


def publish_draft(
    services: Services,
    actor: Actor,
    id: str,  # noqa: A002 - the interface's word
    choices: Choices = CHOOSES_NOTHING,
    conditions: Conditions = UNCONDITIONAL,
) -> DraftPublished:
    """Publish a draft; what is chosen now stands in place of what its source chose for it.

    Twice is once, and whoever dies in between has published it: it is the same revision when it is published
    again. Raises what `publish` raises, and NotFound.
    """
    actor.require(Permission.PUBLISH)
    draft = services.drafts.get(id)
    readings = [NamedReading(draft.file, one) for one in ingest.read_all(draft.document, draft.file)]
    merged = Choices(
        choices.regions or draft.regions,
        choices.tags or draft.tags,
        choices.severity or draft.severity or None,
        choices.id or draft.update or None,
        choices.accept_suggestions or draft.suggestions,
        choices.new_tags,
    )
    done = publish(services, actor, readings, merged, conditions)
    if services.drafts.end(draft):
        record(services, actor, "draft.publish", id, after={"updates": [one.revision.ref for one in done]})
    return DraftPublished(draft, tuple(done))


def discard_draft(services: Services, actor: Actor, id: str) -> WaitingDraft:  # noqa: A002 - the interface's word
    """Take a draft away unpublished. Raises Forbidden, NotFound, also where another took its place."""
    actor.require(Permission.PUBLISH)
    draft = services.drafts.get(id)
    if not services.drafts.end(draft):
        return discard_draft(services, actor, id)  # another came in its place, or it was decided on
    record(services, actor, "draft.discard", id, before={"headline": draft.headline, "source": draft.source})
    return draft
