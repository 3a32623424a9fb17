"""Every problem there is with settings, server and templates, found before an update has to suffer it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from operator import methodcaller
from typing import Any, Literal

from alerts import channels
from alerts.errors import AlertsError
from alerts.model import Change, Channel, Digest, Draft, Entry, Revision, RouteDown, Severity
from alerts.rendering import GalleryItem, Pages, gallery, shown_slack
from alerts.services import Services
from alerts.settings import Problem, Settings
from alerts.store import Fault, Index

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
#: One of each kind of digest there is a layout for.
_DIGESTS = tuple(
    Digest(
        channel,
        tuple(Entry(f"sample-{n}", 2, change, 1, folded=n == 1) for n, change in enumerate(changes)),
        _WHEN_MS,
        clock="" if len(changes) == 1 else "daily 17:00 UTC",
        late=len(changes) > 1,
    )
    for channel in Channel
    for changes in ((Change.CORRECTED,), (Change.NEW, Change.UPDATED, Change.CLOSED, Change.TOLD), ())
)
_TEXT = {
    "type": "text",
    "text": "words",
    "style": {"bold": True, "italic": True, "strike": True, "code": True},
}
_SPANS = [
    _TEXT,
    {"type": "text", "text": "words"},
    {"type": "link", "text": "a link", "url": "https://a.example"},
]
#: Every kind of block that Slack is sent.
_BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "A sample"}},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "plain_text", "text": "Why you get this."}]},
    {"type": "section", "text": {"type": "plain_text", "text": "One point"}},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "ordered",
                "indent": 0,
                "offset": 1,
                "elements": [{"elements": _SPANS}],
            },
            {"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": [{"elements": _SPANS}]},
            *(
                {"type": f"rich_text_{kind}", "elements": _SPANS}
                for kind in ("section", "quote", "preformatted")
            ),
        ],
    },
]
#: One message of each channel as the gallery shows it, Slack's with a thread.
_SHOWN = (
    GalleryItem(
        Channel.EMAIL,
        "somebody@example.org",
        _WHEN_MS,
        "A sample",
        "digest",
        (("To", "you"),),
        "<p>One point",
        "One",
    ),
    shown_slack(
        {"text": "A sample", "blocks": _BLOCKS, "reply": {"blocks": _BLOCKS}}, "T1/C1", _WHEN_MS, "digest"
    ),
)
#: Each page behind a link, the second one with and without a way back.
_PAGES = (
    methodcaller("unsubscribe", "somebody@example.org"),
    methodcaller("unsubscribed", "token"),
    methodcaller("unsubscribed", ""),
    methodcaller("resubscribed"),
    methodcaller("not_found"),
    methodcaller("unavailable"),
)
#: What is wrong with the index, and whether somebody is not told for it; `{}` is how often.
_FAULTS: dict[Fault, tuple[Literal["error", "warning"], str]] = {
    Fault.MEMBERS: ("error", "Subscribers missing from the audience of their wishes: {}."),
    Fault.STRAYS: ("error", "Members of an audience who are paused, gone or wish something else: {}."),
    Fault.TERMS: ("error", "Entries that the index or a clock lacks, so that an audience is not found: {}."),
    Fault.STALE: ("warning", "Entries of the index or a clock that lead to an audience in vain: {}."),
    Fault.CLOCKS: ("error", "Clocks that serve somebody and do not run, or run for nobody: {}."),
}


def check_channels(settings: Settings) -> list[Problem]:
    """Ways out that are configured and could not be used; nobody is called."""
    return [problem(f"channels.{channel}", fault) for channel, fault in channels.faults(settings).items()]


def check_logins(settings: Settings) -> list[Problem]:
    """Ways out whose login is refused, as far as that can be asked without sending anything."""
    return [
        Problem(
            f"channels.{channel}.login",
            "error" if isinstance(said, RouteDown) else "warning",
            f"{said.why}.",
            f"Until it is mended nothing goes out by {channel}; then all of it goes."
            if isinstance(said, RouteDown)
            else "Try again in a minute.",
        )
        for channel, said in channels.refusals(settings).items()
    ]


def check_routes(services: Services) -> list[Problem]:
    """Routes that failed last time, as `alerts status` shows them."""
    try:
        down = services.work.breakers()
    except AlertsError:  # the server's fault, which is told by itself
        return []
    return [
        Problem(
            f"routes.{route}",
            "error",
            f"Nothing goes out by {route}: {why}.",
            "It is tried again by itself; what waits is not lost: see `alerts work`.",
        )
        for route, why in down.items()
    ]


def check_server(services: Services) -> list[Problem]:
    """What makes the server unfit; not to answer is a problem like others."""
    try:
        return services.server.check()
    except AlertsError as fault:
        return [problem("server.unreachable", fault)]


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
    revisions = {
        f"{e.update}.r{number}": Revision(e.update, number, _SAMPLE, _WHEN_MS)
        for digest in _DIGESTS
        for e in digest.entries
        for number in (1, 2)
    }
    for digest in _DIGESTS:
        yield digest.channel, partial(_render, services, digest, revisions)
    chosen = services.settings
    for items in (_SHOWN, ()):
        yield "web", partial(gallery, items, chosen.templates_dir)
    for page in _PAGES:
        yield "web", partial(_draw, chosen, page)


def _render(services: Services, digest: Digest, revisions: Mapping[str, Revision]) -> None:
    services.renderer.render(digest, revisions)


def _draw(chosen: Settings, page: Callable[[Pages], object]) -> None:
    page(Pages(chosen.templates_dir, chosen.mail_from))


def check_index(
    services: Services, repair: bool, show: Callable[[int, int], None]
) -> tuple[list[Problem], list[Problem]]:
    """Whether audiences, index and clocks agree with the subscribers: what is wrong, and what was repaired.

    Reads every subscriber. Lost wishes alone are beyond repair: people must be asked.
    """
    index = Index(services.server, repair)
    try:
        index.check(show)
    except AlertsError as fault:
        return [problem("index.unread", fault)], []
    found = [
        Problem(f"index.{fault}", level, text.format(index.found[fault]), "Run `alerts check --repair`.")
        for fault, (level, text) in _FAULTS.items()
        if index.found[fault]
    ]
    open_, repaired = ([], found) if repair else (found, [])
    if n := index.found[Fault.WISHES]:
        open_.append(_lost(index.lost, n - len(index.lost), repair))
    return open_, repaired


def _lost(named: list[str], more: int, repaired: bool) -> Problem:
    people = ", ".join(named) + (f" and {more} more" if more else "")
    ask = "ay anew what they want: `alerts subscriptions add ADDRESS`, or `alerts subscribers import FILE`."
    return Problem(
        "index.wishes",
        "error",
        f"Subscribers who wish for nothing, or whose wishes are lost: {people}.",
        f"S{ask}" if repaired else f"Run `alerts check --repair`, then s{ask}",
    )


def problem(name: str, fault: AlertsError) -> Problem:
    """A fault as a finding of `alerts check`."""
    return Problem(name, "error", fault.sentence, fault.hint)
