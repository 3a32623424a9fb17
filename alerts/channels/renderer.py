"""One digest in, one message out, laid out by whichever channel it is for."""

import traceback
from collections.abc import Mapping
from pathlib import Path

from alerts.channels.contract import ChannelType, Layout, OneTimeMail
from alerts.channels.registry import answering
from alerts.errors import BadInput
from alerts.locales import Locale, locale_for
from alerts.model import Channel, Digest, MailAnswer, Message, Revision
from alerts.rendering.composing import Place, PublicPage, no_page
from alerts.rendering.environment import Templates
from alerts.settings import Settings

Layouts = Mapping[Channel, Layout]


class Renderer:
    """Renders digests. The same digest, revisions and templates give the same bytes: it has no clock."""

    def __init__(
        self,
        types: Mapping[Channel, ChannelType],
        settings: Settings,
        place: Place,
        public_page: PublicPage = no_page,
    ) -> None:
        """Make every channel's layout. `place` names a region by its code, `public_page` says where everybody
        reads an update. Raises BadInput for a setting that no message can be laid out with.
        """
        self._layouts, self._shipped = (
            {name: kind.layout(settings, templates, place, public_page) for name, kind in types.items()}
            for templates in (Templates(settings.templates_dir), Templates(None))
        )
        self._language = settings.language
        self._one_time = {
            name: kind.one_time(settings, Templates(settings.templates_dir))
            for name, kind in types.items()
            if kind.one_time is not None
        }
        self._answers = {
            name: kind.answer(settings, Templates(settings.templates_dir))
            for name, kind in types.items()
            if kind.answer is not None
        }

    def answer(self, answer: MailAnswer) -> Message:
        """An answer to who sent an update. Raises BadInput for a template that fails, likewise."""
        try:
            return self._answers[answering(answer.address)].message(answer)
        except BadInput:
            raise
        except Exception as fault:
            raise _unforeseen(fault) from fault

    def _locale(self, language: str) -> Locale:
        """Who reads a language that we do not speak is spoken to in that of the installation."""
        return locale_for(language, self._language)

    def one_time(self, mail: OneTimeMail) -> Message:
        """A mail with a link that works once, in the language of who asked for it.

        Raises BadInput for a template that fails, likewise.
        """
        try:
            return self._one_time[mail.link.channel].message(mail, self._locale(mail.link.language))
        except BadInput:
            raise
        except Exception as fault:
            raise _unforeseen(fault) from fault

    def render(self, digest: Digest, revisions: Mapping[str, Revision], language: str = "") -> Message:
        """Render a digest for its channel, once for everybody who is owed it and reads this language.

        `revisions` holds, by ref, the revision of each entry and the one it was told before (`since`).
        Raises BadInput for a template that fails, naming its file and line, and for a fault nobody foresaw:
        what cannot be rendered here cannot be by the next worker either, and must not be tried for ever.
        """
        return _message(self._layouts, digest, revisions, self._locale(language))

    def render_shipped(
        self, digest: Digest, revisions: Mapping[str, Revision], language: str = ""
    ) -> Message:
        """The same with the shipped templates only: for what may not wait for an operator's to be mended."""
        return _message(self._shipped, digest, revisions, self._locale(language))


def _message(layouts: Layouts, digest: Digest, revisions: Mapping[str, Revision], locale: Locale) -> Message:
    layout = layouts[digest.channel]
    try:
        return layout.message(digest, revisions, locale)
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
