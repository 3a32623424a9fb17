"""Publishing what was read, and is found good: complete → plan → confirm → tags → hold → publish."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

from alerts import channels
from alerts.errors import BadInput, Conflict, NotFound
from alerts.ingest import Provenance, Reading
from alerts.model import Draft, Instant, Kind, Revision, Severity, Status, Work
from alerts.operations.acting import Actor, Permission, record
from alerts.operations.instants import future, utc_text
from alerts.operations.places import Place, places
from alerts.operations.publishing.ending import close
from alerts.operations.publishing.expiry import require_time_left
from alerts.operations.publishing.plans import require_plan
from alerts.operations.publishing.preparing import (
    CHOOSES_NOTHING,
    Choices,
    as_before,
    prepare,
    prepare_all,
    taken,
)
from alerts.operations.publishing.previewing import foresee
from alerts.operations.publishing.reach import Reach, reach
from alerts.operations.publishing.readings import NamedReading
from alerts.operations.publishing.recent_stories import Story, StoryAnswer
from alerts.operations.publishing.recent_stories import named as story_id
from alerts.operations.publishing.situations import publish_message
from alerts.operations.tags import admit_tags
from alerts.regions import Suggestion
from alerts.services import Services
from alerts.store import Published
from alerts.walk import steps


@dataclass(frozen=True, slots=True)
class Conditions:
    """When updates are published, and what must hold for it."""

    at: str | None = None  #: a time to come, without an offset in the zone of the desk: held until then
    plan: str | None = None  #: of a preview: whoever gets it must be those who were seen
    confirm: Collection[str] = ()  #: the words of exercises and tests that may reach real people
    new: bool = False  #: it is news, also where it reads like an update of late
    #: Nobody reads a warning: hold what is of unknown severity for review, whatever the settings want.
    review_unknown: bool = False


UNCONDITIONAL = Conditions()

#: Why an update is held for review.
UNKNOWN = "its severity is unknown, and some would get it only for that reason"


class Hold(NamedTuple):
    """How long a revision is held: until a time, until it is released, or not at all."""

    until_ms: Instant | None = None
    for_review: bool = False
    undo_s: float | None = None  #: the undo window, where that is why


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
    #: Held until somebody releases it: its severity is unknown, and some get it only for that reason.
    in_review: bool = False
    undo_s: float | None = None  #: for how long it can be undone, if that is why it is held
    taken: tuple[Suggestion, ...] = ()  #: regions that the text speaks of, taken because none was named
    #: Why a message is not published at all: something newer was there, or it ends what was not. Its number
    #: is 0.
    passed_over: str = ""

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
            "in_review": self.in_review,
            "undo_s": self.undo_s,
            "suggestions_taken": [asdict(suggestion) for suggestion in self.taken],
            "passed_over": self.passed_over,
        }


def publish(
    services: Services,
    actor: Actor,
    readings: Sequence[NamedReading],
    choices: Choices = CHOOSES_NOTHING,
    conditions: Conditions = UNCONDITIONAL,
    *,
    ask: Callable[[str, str], str] = lambda _word, _ways: "",
    ask_story: Callable[[Story], StoryAnswer] = lambda _: StoryAnswer.NOBODY_SAYS,
    accepted: Callable[[Publication], object] = lambda _: None,
) -> list[Publication]:
    """Publish what was read: all of it is found good first, then each is on disk before the next is begun.

    `accepted` is given each as soon as it is acknowledged, which stands even if a later one fails. `ask` is
    asked for the word of an exercise or test that is not among the conditions: see `_require_confirmed`;
    `ask_story`, what a draft is that was given no id and reads like an update of late. What is of unknown
    severity and would pass a floor for that reason waits for its release, where the settings want it.
    Raises Forbidden, BadInput, UnknownRegion, UnknownTag, Conflict where the plan does not hold any more or
    nobody says whether it is news; Refused and Unreachable.
    """
    actor.require(Permission.PUBLISH)
    drafts = _drafts(services, readings, choices)
    at_ms = future(conditions.at, services.server.now_ms(), services.settings.zone) if conditions.at else None
    if conditions.plan is not None:
        _require_plan(services, drafts, conditions.plan)
    if not conditions.new:
        for place, named in enumerate(readings):
            if not _has_id(named.reading, choices):
                draft = drafts[place]
                drafts[place] = as_before(services, replace(draft, id=story_id(services, draft, ask_story)))
    _require_confirmed(services, drafts, conditions.confirm, ask)
    if choices.new_tags:
        admit_tags(services, actor, {tag for draft in drafts for tag in draft.tags})
    done = []
    holds = [hold(services, draft, at_ms, conditions.review_unknown) for draft in drafts]
    for named, draft, held in zip(readings, drafts, holds, strict=True):
        if message := named.reading.provenance:
            publication = _publish_message(
                services, actor, named.reading, message, choices, held=held, plan=conditions.plan
            )
        else:
            publication = _publish(services, actor, draft, held, plan=conditions.plan)
        done.append(replace(publication, taken=tuple(taken(services, named.reading, choices))))
        accepted(done[-1])
    return done


def _has_id(reading: Reading, choices: Choices) -> bool:
    """Whether somebody said which update it is, or its message does: else its id is made from its content."""
    return bool(choices.id or reading.draft.id or reading.provenance)


def _drafts(services: Services, readings: Sequence[NamedReading], choices: Choices) -> list[Draft]:
    if choices.id and len(readings) > 1:
        raise BadInput("One id cannot be given to several updates.", "Leave --id out, or give one file.")
    return prepare_all(services, readings, choices)


def _require_plan(services: Services, drafts: Sequence[Draft], plan: str) -> None:
    if len(drafts) != 1:
        raise BadInput("A plan is for one update.", "Publish the others without --plan.")
    require_plan(foresee(services, drafts[0]), plan)


def _publish_message(
    services: Services,
    actor: Actor,
    reading: Reading,
    message: Provenance,
    choices: Choices,
    *,
    held: Hold,
    plan: str | None,
) -> Publication:
    """Publish what was read from a message, if it is the newest of its situation."""
    done: list[Publication] = []

    def put(draft: Draft, after: int | None) -> Revision:
        done.append(_publish(services, actor, draft, held, plan=plan, after=after))
        return done[-1].revision

    def made(named: Reading) -> Draft:
        return prepare(services, named, replace(choices, id=None))

    passed = publish_message(services, reading, message, begins=choices.id or "", prepare=made, put=put)
    if passed:
        why = {"message": message.identifier, "why": passed.why}
        record(services, actor, "update.pass_over", passed.update, after=why)
        nowhere = Revision(passed.update, 0, reading.draft)
        return Publication(nowhere, False, None, None, (), Reach(0, 0), plan, (), passed_over=passed.why)
    return replace(done[-1], work=(*done[-1].work, *_end_joined(services, actor, done[-1])))


def _end_joined(services: Services, actor: Actor, publication: Publication) -> Iterator[Work]:
    """End what a situation went on from under other ids, too: whoever has that is told that it is over."""
    if publication.created and publication.revision.kind.ends:
        for update in services.situations.joined_to(publication.revision.update):
            with suppress(Conflict, NotFound):  # nobody has seen it
                yield from close(services, actor, update, publication.revision.draft.note).work


def _publish(
    services: Services, actor: Actor, draft: Draft, held: Hold, *, plan: str | None, after: int | None = None
) -> Publication:
    published, work = steps.publish(services, draft, held.until_ms, for_review=held.for_review, after=after)
    revision = published.revision
    whom = reach(services, revision)
    if published.created:
        short = {
            "kind": revision.kind.value,
            "headline": draft.headline,
            "severity": draft.severity.value,
            "held_until": utc_text(published.held_until_ms),
            "in_review": published.in_review or None,
            "public": draft.public,
            "plan": plan,
        }
        said = {name: value for name, value in short.items() if value is not None}
        record(services, actor, "update.publish", revision.ref, after=said)
        _replace_in_review(services, revision)
        if published.in_review:
            services.notices.notify("held for review", ref=revision.ref, why=UNKNOWN, people=whom.unknown)
    return Publication(
        revision,
        published.created,
        published.held_until_ms,
        replaced_by(services, published),
        tuple(places(draft.regions, services.tree)),
        whom,
        plan,
        tuple(work),
        published.in_review,
        held.undo_s if published.created else None,
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


def hold(services: Services, draft: Draft, at_ms: Instant | None, review_unknown: bool = False) -> Hold:
    """How long the draft is held: until it is released, until the time asked for, or for the undo window."""
    settings = services.settings
    if (review_unknown or settings.hold_unknown) and _passes_as_unknown(services, draft):
        if at_ms is not None:
            raise BadInput(
                "Its severity is unknown: it would be held for review, and not until a time.",
                "Say how severe it is with --severity, or leave --at out.",
            )
        return Hold(for_review=True)
    if at_ms is not None:
        require_time_left(services, draft, at_ms)
        return Hold(at_ms)
    undo_s = settings.undo_window_urgent if draft.urgent else settings.undo_window
    return Hold(services.server.now_ms() + int(undo_s * 1000), undo_s=undo_s) if undo_s else Hold()


def _passes_as_unknown(services: Services, draft: Draft) -> bool:
    """Whether somebody gets it only for want of a severity. Who was told wrongly waits for no review."""
    if draft.severity is not Severity.UNKNOWN or (draft.kind or Kind.NEW).corrective:
        return False
    return reach(services, Revision(draft.id, 1, draft)).unknown > 0


def _replace_in_review(services: Services, revision: Revision) -> None:
    """Take back earlier revisions that wait for a release: this one was published in their place."""
    for ref in services.updates.in_review():
        if ref.update == revision.update and ref.number < revision.number:
            services.updates.withdraw(ref, f"revision {revision.number} took its place")


def replaced_by(services: Services, published: Published) -> int | None:
    """The number of the revision that has replaced what was published before, if one has."""
    if published.created:
        return None
    newer = services.updates.newer(published.revision.update, published.revision.number)
    return newer[-1].number if newer else None
