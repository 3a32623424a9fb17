"""One digest in, one message out, whatever the channel."""

import traceback
from collections.abc import Mapping
from pathlib import Path

from alerts.errors import BadInput
from alerts.model import Channel, Digest, Message, Revision
from alerts.rendering.composing import Place
from alerts.channels.email.layout import Emails
from alerts.rendering.environment import Templates
from alerts.channels.slack.layout import Posts


class Renderer:
    """Renders digests. The same digest, revisions and templates give the same bytes: it has no clock."""

    def __init__(self, templates_dir: Path | None, public_url: str, mail_from: str, place: Place) -> None:
        """Take the settings. `place` names a region by its code. Raises BadInput where one is unfit."""
        self._rooms, self._shipped = (
            (Emails(templates, public_url, mail_from, place), Posts(templates, place))
            for templates in (Templates(templates_dir), Templates(None))
        )

    @property
    def domain(self) -> str:
        """The domain of the sender, for the message ids."""
        return self._rooms[0].sender.domain

    def render(self, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
        """Render a digest for its channel, once for everybody who is owed it.

        `revisions` holds, by ref, the revision of each entry and the one it was told before (`since`).
        Raises BadInput for a template that fails, naming its file and line, and for a fault nobody foresaw:
        what cannot be rendered here cannot be by the next worker either, and must not be tried for ever.
        """
        return _message(self._rooms, digest, revisions)

    def render_shipped(self, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
        """The same with the shipped templates only: for what may not wait for an operator's to be mended."""
        return _message(self._shipped, digest, revisions)


def _message(rooms: tuple[Emails, Posts], digest: Digest, revisions: Mapping[str, Revision]) -> Message:
    emails, posts = rooms
    room = emails if digest.channel is Channel.EMAIL else posts
    try:
        return room.message(digest, revisions)
    except BadInput:
        raise
    except Exception as fault:
        raise _unforeseen(fault) from fault


def _unforeseen(fault: Exception) -> BadInput:
    """Where it happened, not what it says: that may hold what somebody wrote."""
    innermost = traceback.extract_tb(fault.__traceback__)[-1]
    return BadInput(
        f"Rendering met a fault nobody foresaw: {type(fault).__name__}"
        f" in {Path(innermost.filename).name}, line {innermost.lineno}.",
        "Report it, with the update. Publish it in simpler words meanwhile.",
    )
