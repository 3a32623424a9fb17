"""Whether everything there is a template for can be drawn: a sample of each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from operator import methodcaller

from alerts.channels import CHANNELS, OneTimeMail, answering
from alerts.errors import AlertsError
from alerts.locales import ENGLISH
from alerts.model import Change, Digest, Draft, Entry, MailAnswer, Ref, Revision, Severity
from alerts.operations.checks.checking_people import mail_answers, one_time_mails, pages_of_people
from alerts.operations.findings import problem
from alerts.operations.people.leaving import OfferedList
from alerts.rendering import (
    ApiReference,
    DescribedAnswer,
    DescribedBody,
    DescribedField,
    DescribedOperation,
    DescribedShape,
    Pages,
    gallery,
    organisation,
)
from alerts.rendering.composing import Place, compose
from alerts.rendering.feeds import FeedAbout, feed_view
from alerts.rendering.stories import public_story, story
from alerts.rendering.times import SeenAt
from alerts.rules.describing import naming
from alerts.services import Services
from alerts.settings import Problem, Settings

_WHEN = datetime(2022, 3, 28, 17, 0, tzinfo=UTC)
_WHEN_MS = int(_WHEN.timestamp() * 1000)
_SAMPLE = Draft(
    "A sample",
    ("UA",),
    key_points=("One point",),
    body="A paragraph.\n\n- and\n- a list",
    tags=("sample",),
    severity=Severity.SEVERE,
    note="What changed.",
    author="Desk",
    source="Source",
    url="https://example.org",
    published_at=_WHEN,
)
#: What one of each kind of digest tells that there is a layout for.
_CHANGES = ((Change.CORRECTED,), (Change.NEW, Change.UPDATED, Change.CLOSED, Change.ENDED, Change.TOLD), ())
#: Characters that the sample of a digest is laid out in.
_ROOM = 10_000
#: A reference with one of everything.
_BODY = DescribedBody("application/json", "Sample", "{}")
_FIELD = DescribedField("sample", "query", "text", "Sample", True, "A sample.")
_SAID = DescribedAnswer("200", "", "A sample.", (_BODY,))
_DONE = DescribedOperation("sample", "GET", "/sample", "A sample.", "read", (_FIELD,), (_BODY,), (_SAID,))
_SHAPE = DescribedShape("Sample", "A sample.", (_FIELD,))
_API = ApiReference("A sample.", "/api/v1", (("samples", (_DONE,)),), (_SAID,), (_SHAPE,))
#: A subscription on the pages that ask about one.
_LIST = OfferedList("0123abcd", "Staff", "Ukraine · immediate", ended=False, only=False)
#: Each page behind a link to unsubscribe, the second one with and without a way back.
READERS_PAGES = (
    methodcaller("home"),
    methodcaller("unsubscribe", "somebody@example.org", "token"),
    methodcaller("unsubscribed", "token"),
    methodcaller("unsubscribed", ""),
    methodcaller("resubscribed"),
    methodcaller("leave", (_LIST, replace(_LIST, ended=True), replace(_LIST, only=True)), "token", ""),
    methodcaller("leave", (), "token", ""),
    methodcaller("list_left", _LIST, "token"),
    methodcaller("list_back", _LIST),
    methodcaller("not_found"),
    methodcaller("taken_down"),
    methodcaller("unavailable"),
)


def check_templates(services: Services) -> list[Problem]:
    """Draw a sample of everything there is a template for."""
    found = []
    for name, draw in _drawings(services):
        try:
            draw()
        except AlertsError as fault:
            found.append(problem(f"templates.{name}", fault))
    return list(dict.fromkeys(found))


def _drawings(services: Services) -> Iterator[tuple[str, Callable[[], object]]]:
    """Whatever a template may be asked for: digests, the gallery, the pages behind links."""
    digests = [
        Digest(
            channel,
            tuple(
                Entry(f"sample-{n}", 3, change, 1, folded=n == 1, peak=2) for n, change in enumerate(changes)
            ),
            _WHEN_MS,
            clock="" if len(changes) == 1 else "daily 17:00 UTC",
            late=len(changes) > 1,
        )
        for channel in CHANNELS
        for changes in _CHANGES
    ]
    revisions: dict[str, Revision] = {
        Ref.of(e.update, number): Revision(e.update, number, _SAMPLE, _WHEN_MS)
        for digest in digests
        for e in digest.entries
        for number in (1, 2, 3)
    }
    for digest in digests:
        yield digest.channel, partial(_render, services, digest, revisions)
    chosen, place = services.settings, naming(services.tree)
    for items in ([kind.sample() for kind in CHANNELS.values()], ()):
        yield "web", partial(gallery, items, chosen.templates_dir)
    one, several, *_ = digests
    first, second, third = (revisions[Ref.of(one.entries[0].update, number)] for number in (1, 2, 3))
    pages: tuple[Callable[[Pages], object], ...] = (
        *READERS_PAGES,
        methodcaller("reference", _API),
        methodcaller(
            "update",
            story(one, one.entries[0], [first, second], third, later=third, place=place, locale=ENGLISH),
        ),
        methodcaller("digest", compose(several, revisions, place, _ROOM, "token", locale=ENGLISH)),
        *_public([first, second, third], place),
        *pages_of_people(),
    )
    for page in pages:
        yield "web", partial(_draw, chosen, page)
    for mail in one_time_mails():
        yield mail.link.channel, partial(_mail, services, mail)
    for answer in mail_answers():
        yield answering(answer.address), partial(_answer, services, answer)


def _public(revisions: Sequence[Revision], place: Place) -> Iterator[Callable[[Pages], object]]:
    """What everybody may read, whether or not they may here."""
    shown = public_story(revisions, SeenAt(_WHEN_MS, "UTC"), place, ENGLISH)
    for listed in (True, False):
        yield methodcaller("public", shown, "https://example.org/s/sample", 3, listed)
    about = FeedAbout("A sample", "Desk", "https://example.org", "/feeds/atom", "sample", _WHEN_MS, "UTC")
    yield methodcaller("feed", feed_view(about, [revisions], place, ENGLISH))


def _render(services: Services, digest: Digest, revisions: Mapping[str, Revision]) -> None:
    services.renderer.render(digest, revisions)


def _mail(services: Services, mail: OneTimeMail) -> None:
    services.renderer.one_time(mail)


def _answer(services: Services, answer: MailAnswer) -> None:
    services.renderer.answer(answer)


def _draw(chosen: Settings, page: Callable[[Pages], object]) -> None:
    page(Pages(chosen.templates_dir, chosen.mail_from, organisation(chosen)))
