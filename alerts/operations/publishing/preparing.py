"""What a file says and what its publisher adds become a draft: for a preview and for publishing alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from alerts import ingest
from alerts.errors import BadInput, Faults, NotFound, NothingMatched
from alerts.ingest import Allowance, Reading
from alerts.model import SLUG, Draft
from alerts.operations.acting import Actor, Permission
from alerts.operations.places import likely, listed, suggestions
from alerts.operations.publishing.expiry import require_time_left
from alerts.operations.publishing.readings import NamedReading, naming, said, several
from alerts.operations.publishing.situations import as_revision
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
    #: Messages of CAP that are not meant for everybody, and taken all the same.
    allow: tuple[Allowance, ...] = ()


#: Stands for regions whose lack was told already.
_SAID: tuple[str, ...] = ("001",)

CHOOSES_NOTHING = Choices()


def taken(services: Services, reading: Reading, choices: Choices) -> list[Suggestion]:
    """The regions that are taken from the text, where none is named and that was asked for."""
    if choices.regions or not choices.accept_suggestions:
        return []
    return likely(suggestions(reading, services.tree))


def prepare(services: Services, reading: Reading, choices: Choices) -> Draft:
    """Make the draft to publish. Raises BadInput, UnknownRegion, UnknownTag for all that is wrong with it at
    once, be it a field that cannot be read, a region or a tag that there is not. Changes nothing.

    What was read from a message is the next revision of its situation, as far as that is known yet. Raises
    NothingMatched for one that ends what is not known here.
    """
    reading = as_revision(services, reading)
    faults = Faults()
    draft = ingest.gather(
        reading,
        faults,
        find_region=services.tree.find,
        zone=services.settings.zone,
        regions=faults.of(lambda: _regions(services, reading, choices), _SAID),
        tags=choices.tags,
        severity=choices.severity,
        id=choices.id,
    )
    if not choices.new_tags:
        faults.of(lambda: services.tags.require([tag for tag in draft.tags if SLUG.fullmatch(tag)]), None)
    faults.of(lambda: require_time_left(services, draft, services.server.now_ms()), None)
    try:
        faults.complain_of_one()
    except BadInput as fault:
        raise reading.named(fault) from None
    return as_before(services, draft)


def prepare_all(services: Services, readings: Sequence[NamedReading], choices: Choices) -> list[Draft]:
    """Make the draft of each. Raises BadInput for all that is wrong with any of them."""
    faults = Faults()
    found = [
        faults.of(partial(_prepared, services, named, choices, several(readings)), None) for named in readings
    ]
    faults.complain()
    return [draft for draft in found if draft]


def require_sound(
    services: Services, actor: Actor, readings: Sequence[NamedReading], choices: Choices = CHOOSES_NOTHING
) -> None:
    """Raise BadInput for all that is wrong with what was read, before any of it is shown.

    Which tags there are is only for who may read that: others are told what the files themselves tell.
    """
    if Permission.READ in actor.permissions:
        prepare_all(services, readings, choices)
        return
    faults = Faults()
    for named in readings:
        faults.of(partial(said, named, several(readings)), None)
    faults.complain()


def _prepared(services: Services, named: NamedReading, choices: Choices, among_several: bool) -> Draft:
    with naming(named.file, among_several):
        try:
            return prepare(services, named.reading, choices)
        except NothingMatched:  # a message that ends what is not known: who publishes it has it noted
            return named.reading.draft


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
    if "regions" in reading.unread:
        return choices.regions
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
