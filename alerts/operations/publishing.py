"""What becomes of a reading before it is published, and of an update that is to be withdrawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from alerts import ingest
from alerts.errors import BadInput, Conflict, UnknownRegion
from alerts.ingest import Reading
from alerts.model import Change, Draft, Instant, Kind, Revision, State, Status
from alerts.operations.expiry import require_time_left
from alerts.regions import Suggestion, Tree, suggest
from alerts.services import Services
from alerts.store import Published

#: Suggested regions are accepted if a text speaks of them this often, at most so many of them: what is
#: mentioned once is rarely what a text is about.
MENTIONS_LEAST, ACCEPTED_MOST = 2, 5
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


def suggestions(reading: Reading, tree: Tree) -> list[Suggestion]:
    """The regions a text speaks of, the likeliest first; none if it names its regions itself."""
    draft = reading.draft
    if draft.regions:
        return []
    return suggest("\n".join((draft.headline, *draft.key_points, draft.body)), tree)


def likely(suggested: Sequence[Suggestion]) -> list[Suggestion]:
    """The suggestions that `accept_suggestions` takes: up to five named twice or more, else the first."""
    often = [s for s in suggested if s.count >= MENTIONS_LEAST]
    return often[:ACCEPTED_MOST] or list(suggested[:1])


def listed(suggested: Sequence[Suggestion]) -> str:
    """`UA ×9, RU ×8, TR ×2`."""
    return ", ".join(f"{s.code} ×{s.count}" for s in suggested)


@dataclass(frozen=True, slots=True)
class Place:
    """What a word for a region was taken for; where it was for none, `code` is empty and `label` says why."""

    text: str
    code: str
    label: str


def places(regions: Sequence[str], tree: Tree) -> list[Place]:
    """Look regions up to be shown: a name that was taken for another place is seen before anybody is told."""
    return [_place(text, tree) for text in regions]


def _place(text: str, tree: Tree) -> Place:
    try:
        code = tree.find(text)
    except UnknownRegion as fault:
        return Place(text, "", f"{fault.sentence} {fault.hint}")
    return Place(text, code, tree.label(code))


def prepare(services: Services, reading: Reading, choices: Choices) -> Draft:
    """Make the draft to publish. Raises BadInput, UnknownRegion, UnknownTag. Changes nothing."""
    regions = choices.regions
    suggested = [] if regions else suggestions(reading, services.tree)
    if suggested and choices.accept_suggestions:
        regions = tuple(s.code for s in likely(suggested))
    elif suggested:
        raise BadInput(
            "It names no region.",
            f"The text speaks of {listed(suggested[:SUGGESTIONS_SHOWN])}: "
            "give --region, or take the likely ones with --accept-suggestions.",
        )
    draft = ingest.complete(
        reading,
        find_region=services.tree.find,
        zone=services.settings.zone,
        regions=regions,
        tags=choices.tags,
        severity=choices.severity,
        id=choices.id,
    )
    if not choices.new_tags:
        services.tags.require(list(draft.tags))
    require_time_left(services, draft, services.server.now_ms())
    return draft


def require_confirmed(services: Services, drafts: Sequence[Draft], ask: Callable[[str, str], str]) -> None:
    """Let an exercise or a test reach real people only if its word was typed; the outbox needs none.

    `ask` is given the word, and by which ways it would leave; it answers what was typed. Raises BadInput.
    """
    real = {"email": services.settings.smtp_url, "Slack": services.settings.slack_bot_token}
    ways = " and ".join(way for way, configured in real.items() if configured)
    statuses = dict.fromkeys(draft.status for draft in drafts if draft.status is not Status.ACTUAL)
    for status in statuses if ways else ():
        if ask(status, ways).strip().lower() != status:
            raise BadInput(
                f"It has the status {status} and would reach real people by {ways}.",
                f"If it should, publish it with --confirm {status}.",
            )


def held_until(services: Services, draft: Draft, at_ms: Instant | None) -> Instant | None:
    """When the draft enters the log: at the time asked for, or after the undo window unless it is urgent."""
    if at_ms is not None:
        require_time_left(services, draft, at_ms)
        return at_ms
    undo_ms = int(services.settings.undo_window * 1000)
    return services.server.now_ms() + undo_ms if undo_ms and not draft.severity.urgent else None


def replaced_by(services: Services, published: Published) -> int | None:
    """The number of the revision that has replaced what was published before, if one has."""
    if published.created:
        return None
    newer = services.updates.newer(published.revision.update, published.revision.number)
    return newer[-1].number if newer else None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What a withdrawal did, and the cancel that is to be published to those who were told already."""

    revision: Revision
    taken_back: bool  #: it was held: nobody has seen it, nobody is told
    cancel: Draft | None = None
    #: Opened digests that tell others as well, and are not all out: they are not stopped.
    going_out: int = 0


def withdraw(services: Services, update: str, reason: str) -> Withdrawal:
    """Stop what was not sent. A held revision is taken back alone: what was told before it still stands.

    A digest of several updates is not stopped: its readers are told that this one is closed.
    Raises NotFound, and Conflict for an update that is closed already.
    """
    latest = services.updates.standing(update)
    if latest.accepted_ms is None and services.updates.withdraw(latest.ref, reason):
        return Withdrawal(latest, taken_back=True)
    latest = services.updates.revision(latest.ref)  # it may have been accepted a moment ago
    if latest.kind is Kind.CANCEL:
        raise Conflict(f"{update} is closed already.", f"See `alerts status {update}`.")
    progress = services.digests.progress(services.updates.digests(update))
    going_out = 0
    for name, digest in services.digests.get_all(list(progress)).items():
        told = {entry.update for entry in digest.entries if entry.change is not Change.TOLD}
        if told == {update}:
            services.digests.stop(name, State.WITHDRAWN, reason)
        elif update in told and progress[name].state != "done":
            going_out += 1
    cancel = replace(
        latest.draft, id=update, kind=Kind.CANCEL, note=reason, published_at=None, expires_at=None
    )
    return Withdrawal(latest, taken_back=False, cancel=cancel, going_out=going_out)
