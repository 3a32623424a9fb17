"""Publishing what was read, and is found good: complete → plan → confirm → tags → hold → publish."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass

from alerts import channels
from alerts.errors import BadInput
from alerts.model import Draft, Instant, Revision, Status, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.expiry import require_time_left
from alerts.operations.instants import future, utc_text
from alerts.operations.places import Place, places
from alerts.operations.plans import require_plan
from alerts.operations.preparing import CHOOSES_NOTHING, Choices, prepare
from alerts.operations.previewing import foresee
from alerts.operations.reach import Reach, reach
from alerts.operations.readings import NamedReading, naming, several
from alerts.operations.tags import admit_tags
from alerts.services import Services
from alerts.store import Published
from alerts.walk import steps


@dataclass(frozen=True, slots=True)
class Conditions:
    """When updates are published, and what must hold for it."""

    at: str | None = None  #: a time to come, without an offset in the zone of the desk: held until then
    plan: str | None = None  #: of a preview: whoever gets it must be those who were seen
    confirm: Collection[str] = ()  #: the words of exercises and tests that may reach real people


UNCONDITIONAL = Conditions()


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of publishing one update."""

    revision: Revision
    created: bool  #: false: this very content was there already, and nothing new is sent
    held_until_ms: Instant | None  #: when it enters the log, if it is held
    replaced_by: int | None  #: the revision that has replaced it since, where it was there already
    places: tuple[Place, ...]
    reach: Reach
    plan: str | None
    work: tuple[Work, ...]  #: to ring for

    def to_dict(self) -> dict[str, object]:
        return {
            "update": self.revision.update,
            "revision": self.revision.number,
            "created": self.created,
            "replaced_by": self.replaced_by,
            "regions": [asdict(place) for place in self.places],
            "urgent": self.revision.urgent,
            "people": self.reach.people,
            "by_unknown_severity": self.reach.unknown,
            "accepted_at": utc_text(self.revision.accepted_ms),
            "held_until": utc_text(self.held_until_ms),
        }


def publish(
    services: Services,
    actor: Actor,
    readings: Sequence[NamedReading],
    choices: Choices = CHOOSES_NOTHING,
    conditions: Conditions = UNCONDITIONAL,
    *,
    ask: Callable[[str, str], str] = lambda _word, _ways: "",
    accepted: Callable[[Publication], object] = lambda _: None,
) -> list[Publication]:
    """Publish what was read: all of it is found good first, then each is on disk before the next is begun.

    `accepted` is given each as soon as it is acknowledged, which stands even if a later one fails. `ask` is
    asked for the word of an exercise or test that is not among the conditions: see `_require_confirmed`.
    Raises Forbidden, BadInput, UnknownRegion, UnknownTag, Conflict where the plan does not hold any more;
    Refused and Unreachable.
    """
    actor.require(Permission.PUBLISH)
    drafts = _drafts(services, readings, choices)
    at_ms = future(conditions.at, services.server.now_ms(), services.settings.zone) if conditions.at else None
    if conditions.plan is not None:
        _require_plan(services, drafts, conditions.plan)
    _require_confirmed(services, drafts, conditions.confirm, ask)
    if choices.new_tags:
        admit_tags(services, actor, {tag for draft in drafts for tag in draft.tags})
    done = []
    held = [held_until(services, draft, at_ms) for draft in drafts]
    for draft, held_until_ms in zip(drafts, held, strict=True):
        done.append(_publish(services, actor, draft, held_until_ms, conditions.plan))
        accepted(done[-1])
    return done


def _drafts(services: Services, readings: Sequence[NamedReading], choices: Choices) -> list[Draft]:
    if choices.id and len(readings) > 1:
        raise BadInput("One id cannot be given to several updates.", "Leave --id out, or give one file.")
    drafts = []
    for named in readings:
        with naming(named.file, several(readings)):
            drafts.append(prepare(services, named.reading, choices))
    return drafts


def _require_plan(services: Services, drafts: Sequence[Draft], plan: str) -> None:
    if len(drafts) != 1:
        raise BadInput("A plan is for one update.", "Publish the others without --plan.")
    require_plan(foresee(services, drafts[0]), plan)


def _publish(
    services: Services, actor: Actor, draft: Draft, held_until_ms: Instant | None, plan: str | None
) -> Publication:
    published, work = steps.publish(services, draft, held_until_ms)
    revision = published.revision
    if published.created:
        short = {
            "kind": revision.kind.value,
            "headline": draft.headline,
            "severity": draft.severity.value,
            "held_until": utc_text(published.held_until_ms),
            "plan": plan,
        }
        after = {name: value for name, value in short.items() if value is not None}
        record(services, actor, "update.publish", revision.ref, after=after)
    return Publication(
        revision,
        published.created,
        published.held_until_ms,
        replaced_by(services, published),
        tuple(places(draft.regions, services.tree)),
        reach(services, revision),
        plan,
        tuple(work),
    )


def _require_confirmed(
    services: Services, drafts: Sequence[Draft], given: Collection[str], ask: Callable[[str, str], str]
) -> None:
    """Let an exercise or a test reach real people only if its word was typed; the outbox needs none.

    Where the word is not `given`, `ask` gets it and by which ways it would leave, and answers what was typed.
    Raises BadInput.
    """
    statuses = dict.fromkeys(draft.status for draft in drafts if draft.status is not Status.ACTUAL)
    real = channels.real(services.settings) if statuses else []
    ways = " and ".join(kind.title for kind in real)
    for status in statuses if real else ():
        if status not in given and ask(status, ways).strip().lower() != status:
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
