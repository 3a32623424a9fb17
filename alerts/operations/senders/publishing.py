"""What a mail says is published, with nobody to ask: what a person would be asked about is refused."""

from collections.abc import Sequence
from dataclasses import replace

from alerts.model import MailSender, Severity
from alerts.operations.acting import Actor
from alerts.operations.publishing.preparing import Choices, prepare
from alerts.operations.publishing.publishing import Conditions, Publication, publish
from alerts.operations.publishing.readings import NamedReading
from alerts.operations.publishing.recent_stories import Story, StoryAnswer
from alerts.services import Services

#: Nobody reads a warning here: what nobody rated, and reaches people for that alone, waits for a release.
_UNASKED = Conditions(review_unknown=True)


def publish_mailed(
    services: Services, actor: Actor, sender: MailSender, readings: Sequence[NamedReading]
) -> list[Publication]:
    """Publish the updates of a mail. What reads like one of late is not: nobody says whether it is news.

    Raises what `publish` raises.
    """
    choices = Choices(accept_suggestions=not sender.regions)
    filled = [_filled(named, sender) for named in readings]

    def ours(story: Story) -> StoryAnswer:
        """News, where the update of late is of this very mail: whoever took it was killed after that one."""
        ids = {prepare(services, named.reading, choices).id for named in filled}
        return StoryAnswer.NEWS if story.revision.update in ids else StoryAnswer.NOBODY_SAYS

    return publish(services, actor, filled, choices, _UNASKED, ask_story=ours)


def _filled(named: NamedReading, sender: MailSender) -> NamedReading:
    """The reading, with what holds for its sender where it says nothing; their tags hold in any case."""
    said = named.reading.said
    unrated = said.severity is Severity.UNKNOWN and "severity" not in named.reading.unread
    filled = replace(
        said,
        regions=said.regions or sender.regions,
        tags=tuple(sorted({*said.tags, *sender.tags})),
        severity=Severity(sender.severity) if sender.severity and unrated else said.severity,
    )
    return replace(named, reading=replace(named.reading, said=filled))


def said_of(done: Publication) -> str:
    """What became of an update, for who sent it."""
    ref = done.revision.ref
    if done.passed_over:
        return f"Nothing is published of the message about {ref.update}: {done.passed_over}."
    if done.in_review:
        return f"It waits for review as {ref}, for it does not say how severe it is."
    if not done.created:
        return f"It was published before, with this very content, as {ref}: nothing new is sent."
    if done.held_until_ms is not None:
        return f"It is accepted as {ref}, and goes out once the time to undo it is over."
    return f"It is published as {ref}."
