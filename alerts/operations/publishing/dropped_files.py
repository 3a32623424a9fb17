"""A file of a hot folder: read, published with nobody to ask, and put away with what came of it.

Begin → read → publish → keep → put away → forget. What is kept (`store.Answers`) says what became of a file
that is published and still in the folder; the same content published again is the same revision (ADR 53).
"""

import json
import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from alerts import ingest
from alerts.errors import AlertsError, BadInput, Conflict, NotFound
from alerts.ingest.hot_folder import DONE, REFUSED, Dropped, HotFolder, shown
from alerts.model import Severity, Work
from alerts.operations.acting import Actor, Permission
from alerts.operations.publishing.preparing import Choices, prepare
from alerts.operations.publishing.publishing import Conditions, Publication, publish
from alerts.operations.publishing.readings import NamedReading
from alerts.operations.publishing.recent_stories import Story, StoryAnswer
from alerts.services import Services

#: Longer than any file takes. Then whoever began is taken for dead, and another begins anew.
WITHIN_MS = 60_000
#: Nobody reads a warning here: what nobody rated, and reaches people for that alone, waits for a release.
_UNASKED = Conditions(review_unknown=True)


class DroppedState(StrEnum):
    """What came of a file."""

    PUBLISHED = "published"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FolderDefaults:
    """What the updates of a folder are about, where a file does not say."""

    regions: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    severity: Severity = Severity.UNKNOWN
    accept_suggestions: bool = False


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """What came of one file, and where it is now."""

    file: str
    state: DroppedState
    said: tuple[str, ...]  #: a sentence for each update, or what is wrong and what to do
    path: str
    updates: tuple[str, ...] = ()  #: the revisions it is published as
    work: tuple[Work, ...] = ()  #: to ring for

    def to_dict(self) -> dict[str, object]:
        return {
            "file": self.file,
            "state": self.state,
            "updates": list(self.updates),
            "said": list(self.said),
            "path": self.path,
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a file that is published, as it is kept until the file is put away."""

    updates: tuple[str, ...]
    said: tuple[str, ...]
    remarkable: bool  #: whether somebody should read what is said

    def to_json(self) -> bytes:
        return json.dumps([self.updates, self.said, self.remarkable]).encode()

    @classmethod
    def from_json(cls, kept: bytes) -> "_Outcome":
        updates, said, remarkable = json.loads(kept)
        return cls(tuple(updates), tuple(said), remarkable)


def publish_dropped(
    services: Services, actor: Actor, folder: HotFolder, name: str, *, defaults: FolderDefaults, token: str
) -> DroppedFile | None:
    """Publish a file of the folder and put it away; None where another has it, or it is not whole yet.

    `token` is the watcher's own: what it began itself it may go on with. Refused is what a person at a
    terminal would be asked about: an exercise or a test that would reach real people, and what reads like an
    update of late. Raises Refused and Unreachable where the server takes nothing in, BadInput where the file
    cannot be put away: then it is still there, and the next attempt does not publish it again.
    """
    actor.require(Permission.PUBLISH)
    try:
        dropped = folder.read(name)
    except BadInput as fault:
        return _refuse(services, folder, name, fault, None)
    if dropped is None:
        return None
    attempt = _attempt(dropped)
    earlier = services.answers.begin(attempt, attempt, token, WITHIN_MS)
    if earlier is not None and earlier.answer is None:
        return None
    work: tuple[Work, ...] = ()
    if earlier is not None and earlier.answer is not None:
        outcome = _Outcome.from_json(earlier.answer)
    elif not folder.holds(dropped):
        services.answers.forget(attempt, token)
        return None
    else:
        try:
            done = _published(services, actor, dropped, defaults)
        except (BadInput, Conflict, NotFound) as fault:
            refused = _refuse(services, folder, name, fault, dropped)
            services.answers.forget(attempt, token)  # not before: another would take it while it is put away
            return refused
        outcome = _Outcome(
            tuple(str(one.revision.ref) for one in done if not one.passed_over),
            tuple(map(_said, done)),
            any(one.in_review or not one.created for one in done),
        )
        work = tuple(owed for one in done for owed in one.work)
        services.answers.keep(attempt, token, outcome.to_json())
    path = _done(folder, dropped, outcome)
    services.answers.forget(attempt, token)
    where = _relative(folder, path) if path else ""
    return DroppedFile(shown(name), DroppedState.PUBLISHED, outcome.said, where, outcome.updates, work)


def _done(folder: HotFolder, dropped: Dropped, outcome: _Outcome) -> Path | None:
    """Put away what is published. Raises BadInput, which says that it is."""
    reason = (lambda _: _note(dropped.name, outcome)) if outcome.remarkable else None
    try:
        return folder.put_away(dropped.name, DONE, reason, dropped.stamp)
    except BadInput as fault:
        raise BadInput(
            f"It is published as {', '.join(outcome.updates)}. {fault.sentence}", fault.hint
        ) from None


def _published(
    services: Services, actor: Actor, dropped: Dropped, defaults: FolderDefaults
) -> list[Publication]:
    choices = Choices(accept_suggestions=defaults.accept_suggestions)
    name = shown(dropped.name)
    readings = [
        NamedReading(name, _with(reading, defaults)) for reading in ingest.attempt_all(dropped.content, name)
    ]
    return publish(
        services,
        actor,
        readings,
        choices,
        _UNASKED,
        ask_story=lambda story: _ours(services, readings, choices, story),
    )


def _ours(
    services: Services, readings: Sequence[NamedReading], choices: Choices, story: Story
) -> StoryAnswer:
    """News, where the update of late is one of this very file: it was killed after that one."""
    ids = {prepare(services, named.reading, choices).id for named in readings}
    return StoryAnswer.NEWS if story.revision.update in ids else StoryAnswer.NOBODY_SAYS


def _with(reading: ingest.Reading, defaults: FolderDefaults) -> ingest.Reading:
    """The reading, with what holds in its folder where it says nothing; what it says wrongly, it says."""
    said, unread = reading.said, reading.unread
    rated = said.severity is not Severity.UNKNOWN or "severity" in unread
    filled = replace(
        said,
        regions=said.regions if said.regions or "regions" in unread else defaults.regions,
        tags=said.tags if said.tags or "tags" in unread else defaults.tags,
        severity=said.severity if rated else defaults.severity,
    )
    return replace(reading, said=filled)


def _attempt(dropped: Dropped) -> str:
    """The name of this content under this name, saved at this time: for all who watch, wherever they do."""
    found = sha256(b"hot folder\0")
    found.update(os.fsencode(dropped.name) + b"\0" + str(dropped.stamp.changed_ns).encode() + b"\0")
    found.update(dropped.content)
    return found.hexdigest()[:40]


def _said(done: Publication) -> str:
    ref = done.revision.ref
    if done.passed_over:
        return f"nothing is published of a message about {ref.update}: {done.passed_over}."
    if done.in_review:
        return (
            f"{ref} waits for review: its severity is unknown, and some would get it only for that reason. "
            f"Let it go out with `alerts release {ref.update}`, or take it back with "
            f"`alerts undo {ref.update}`."
        )
    if not done.created:
        return f"{ref} was published before, with this very content: nothing new is sent."
    if done.held_until_ms is not None:
        return f"{ref} is accepted, and held for the undo window."
    nobody = "" if done.reach.people or done.revision.kind.corrective else ", and nobody is subscribed to it"
    return f"{ref} is accepted{nobody}."


def _refuse(
    services: Services, folder: HotFolder, name: str, fault: AlertsError, dropped: Dropped | None
) -> DroppedFile | None:
    said = (fault.sentence, fault.hint) if fault.hint else (fault.sentence,)
    path = folder.put_away(
        name, REFUSED, lambda at: _reason(at, name, fault), dropped.stamp if dropped else None
    )
    if path is None:
        return None
    services.notices.notify("file refused", file=shown(name), why=fault.sentence)
    return DroppedFile(shown(name), DroppedState.REFUSED, said, _relative(folder, path))


def _reason(path: Path, name: str, fault: AlertsError) -> str:
    return (
        f"Nothing of {shown(name)} was published.\n\n{fault.sentence}\n{fault.hint}\n\n"
        "Mend the file and put it into the folder again; or give what the hint names by hand:\n"
        f"  alerts publish {shlex.quote(shown(str(path.absolute())))} …\n"
    )


def _note(name: str, outcome: _Outcome) -> str:
    return f"What came of {shown(name)}:\n\n" + "\n".join(outcome.said) + "\n"


def _relative(folder: HotFolder, path: Path) -> str:
    return shown(str(path.relative_to(folder.path)))
