"""Having a document wait as a draft: what comes by itself, and is for an operator to look at first."""

from alerts.model import WaitingDraft
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.publishing.preparing import Choices
from alerts.operations.publishing.readings import NamedReading
from alerts.services import Services
from alerts.store import DraftOrigin
from alerts.texts import head

_DAY_MS = 24 * 3_600_000
HEADLINE_SHOWN = 200


def keep_draft(
    services: Services,
    actor: Actor,
    id: str,  # noqa: A002 - the interface's word
    document: bytes,
    named: NamedReading,
    *,
    choices: Choices,
    origin: DraftOrigin | None = None,
) -> WaitingDraft:
    """Have a document that was read wait under an id, in place of what waits under it. Raises Forbidden.

    It waits for ALERTS_DRAFT_DAYS. What is chosen beside it holds unless who publishes it says otherwise.
    """
    actor.require(Permission.PUBLISH)
    draft = draft_of(services, actor, id, document, named, choices=choices)
    if services.drafts.keep(draft, origin):
        record_kept(services, actor, draft)
    return draft


def draft_of(
    services: Services,
    actor: Actor,
    id: str,  # noqa: A002 - the interface's word
    document: bytes,
    named: NamedReading,
    *,
    choices: Choices,
) -> WaitingDraft:
    """The draft that a document would wait as, for who keeps it together with more."""
    now_ms = services.server.now_ms()
    return WaitingDraft(
        id,
        document,
        named.file,
        actor.name,
        head(named.reading.draft.headline, HEADLINE_SHOWN),
        now_ms,
        now_ms + services.settings.draft_days * _DAY_MS,
        choices.regions,
        choices.tags,
        choices.severity or "",
        choices.id or "",
        choices.accept_suggestions,
    )


def record_kept(services: Services, actor: Actor, draft: WaitingDraft) -> None:
    """Write down that a draft waits."""
    record(services, actor, "draft.keep", draft.id, after={"headline": draft.headline})
