"""What a file says and what its publisher adds become a draft: for a preview and for publishing alike."""

from dataclasses import dataclass, replace
from functools import partial

from alerts import ingest
from alerts.errors import BadInput, Faults, NotFound
from alerts.ingest import Allowance, Reading
from alerts.model import SLUG, Draft
from alerts.operations.expiry import require_time_left
from alerts.operations.places import likely, listed, suggestions
from alerts.operations.situations import as_revision
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
    allow: tuple[
        Allowance, ...
    ] = ()  #: messages of CAP that are not meant for everybody, and taken all the same


#: Stands for regions whose lack was told already.
_SAID: tuple[str, ...] = ("001",)

CHOOSES_NOTHING = Choices()


def taken(services: Services, reading: Reading, choices: Choices) -> list[Suggestion]:
    """The regions that are taken from the text, where none is named and that was asked for."""
    if choices.regions or not choices.accept_suggestions:
        return []
    return likely(suggestions(reading, services.tree))


def prepare(services: Services, reading: Reading, choices: Choices) -> Draft:
    """Make the draft to publish. Raises BadInput, UnknownRegion, UnknownTag. Changes nothing.

    What was read from a message is the next revision of its situation, as far as that is known yet. Raises
    NothingMatched for one that ends what is not known here.
    """
    reading = as_revision(services, reading)
    faults = Faults()
    regions = faults.of(lambda: _regions(services, reading, choices), _SAID)
    complete = partial(
        ingest.complete,
        reading,
        find_region=services.tree.find,
        zone=services.settings.zone,
        regions=regions,
        tags=choices.tags,
        severity=choices.severity,
        id=choices.id,
    )
    draft = faults.of(complete, None)
    if not choices.new_tags:
        tags = draft.tags if draft else choices.tags or reading.draft.tags
        faults.of(lambda: services.tags.require([tag for tag in tags if SLUG.fullmatch(tag)]), None)
    if draft:
        ready = draft
        faults.of(lambda: require_time_left(services, ready, services.server.now_ms()), None)
    faults.complain()
    return as_before(services, ready)


def as_before(services: Services, draft: Draft) -> Draft:
    """Whether everybody may read it, where the draft does not say: as the revision before it has it.

    What was kept from everybody once does not come out because a later file has a line less.
    """
    if draft.public is not None:
        return draft
    try:
        return replace(draft, public=services.updates.standing(draft.id).draft.public)
    except NotFound:  # it is the first, or those before it were taken back
        return draft


def _regions(services: Services, reading: Reading, choices: Choices) -> tuple[str, ...]:
    """The regions that the publisher adds. Raises BadInput naming those the text speaks of."""
    suggested = [] if choices.regions else suggestions(reading, services.tree)
    if suggested and choices.accept_suggestions:
        return tuple(s.code for s in taken(services, reading, choices))
    if suggested:
        raise BadInput(
            "It names no region.",
            f"The text speaks of {listed(suggested[:SUGGESTIONS_SHOWN])}: "
            "give --region, or take the likely ones with --accept-suggestions.",
        )
    return choices.regions
