"""Every problem there is with settings, server and templates, found before an update has to suffer it."""

from datetime import UTC, datetime

from alerts.errors import AlertsError
from alerts.model import Change, Channel, Digest, Draft, Entry, Revision, Severity
from alerts.rendering import Shown, gallery
from alerts.services import Services
from alerts.settings import Problem

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
        tuple(Entry(f"sample-{n}", 2, change, 1) for n, change in enumerate(changes)),
        _WHEN_MS,
        clock="daily 17:00 UTC" if len(changes) > 1 else "",
        late=len(changes) > 1,
    )
    for channel in Channel
    for changes in ((Change.CORRECTED,), (Change.NEW, Change.UPDATED, Change.CLOSED, Change.TOLD))
)


def check_server(services: Services) -> list[Problem]:
    """What makes the server unfit; not to answer is a problem like others."""
    try:
        return services.server.check()
    except AlertsError as fault:
        return [problem("server.unreachable", fault)]


def check_templates(services: Services) -> list[Problem]:
    """Draw a sample of everything there is a template for."""
    revisions = {
        f"{e.update}.r{number}": Revision(e.update, number, _SAMPLE, _WHEN_MS)
        for digest in _DIGESTS
        for e in digest.entries
        for number in (1, 2)
    }
    found = []
    for digest in _DIGESTS:
        try:
            services.renderer.render(digest, revisions)
        except AlertsError as fault:
            found.append(problem(f"templates.{digest.channel}", fault))
    try:
        gallery([Shown(Channel.EMAIL, "", _WHEN_MS, "")], services.settings.templates_dir)
    except AlertsError as fault:
        found.append(problem("templates.web", fault))
    return list(dict.fromkeys(found))


def problem(name: str, fault: AlertsError) -> Problem:
    """A fault as a finding of `alerts check`."""
    return Problem(name, "error", fault.sentence, fault.hint)
