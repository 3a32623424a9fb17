"""What a file says and what its publisher adds become a draft: for a preview and for publishing alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts import ingest
from alerts.errors import BadInput, UnknownTag
from alerts.ingest import Reading
from alerts.model import Draft
from alerts.operations.expiry import require_time_left
from alerts.operations.places import likely, listed, suggestions
from alerts.regions import Suggestion
from alerts.services import Services

SUGGESTIONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """What a publisher says beside the file; it stands in place of what the file says."""

    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: str | None = None
    id: str | None = None
    accept_suggestions: bool = False
    new_tags: bool = False


CHOOSES_NOTHING = Choices()


def taken(services: Services, reading: Reading, choices: Choices) -> list[Suggestion]:
    """The regions that are taken from the text, where none is named and that was asked for."""
    if choices.regions or not choices.accept_suggestions:
        return []
    return likely(suggestions(reading, services.tree))


def prepare(services: Services, reading: Reading, choices: Choices) -> Draft:
    """Make the draft to publish. Raises BadInput, UnknownRegion, UnknownTag. Changes nothing."""
    try:
        draft = _complete(services, reading, choices)
    except BadInput as fault:
        try:
            _require_tags(services, choices.tags or reading.draft.tags, choices)
        except UnknownTag as unknown:
            fault.add(unknown)
        raise
    _require_tags(services, draft.tags, choices)
    require_time_left(services, draft, services.server.now_ms())
    return draft


def _require_tags(services: Services, tags: Sequence[str], choices: Choices) -> None:
    if not choices.new_tags:
        services.tags.require(list(tags))


def _complete(services: Services, reading: Reading, choices: Choices) -> Draft:
    regions = choices.regions
    suggested = [] if regions else suggestions(reading, services.tree)
    if suggested and choices.accept_suggestions:
        regions = tuple(s.code for s in taken(services, reading, choices))
    elif suggested:
        raise BadInput(
            "It names no region.",
            f"The text speaks of {listed(suggested[:SUGGESTIONS_SHOWN])}: "
            "give --region, or take the likely ones with --accept-suggestions.",
        )
    return ingest.complete(
        reading,
        find_region=services.tree.find,
        zone=services.settings.zone,
        regions=regions,
        tags=choices.tags,
        severity=choices.severity,
        id=choices.id,
    )
