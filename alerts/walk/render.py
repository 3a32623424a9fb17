"""Render a digest once for all who get it, and freeze who that is."""

from collections.abc import Mapping

from alerts.errors import BadInput
from alerts.model import Digest, Message, Revision, Work
from alerts.services import Services
from alerts.walk import overtaking


def render(services: Services, work: Work) -> list[Work]:
    """Render once, in the language of the installation, then freeze who gets it.

    Twice: the same bytes, and only an open digest is frozen. Who reads another language has it rendered when
    the first of them is sent it (`comparing`).

    A template that fails is one fault, and everybody it was for is `failed` with it: nobody is without a
    state, nothing is tried N times, and a retry sends all of it.
    """
    digest = services.digests.get(work.key)
    overtaking.give_way_to_newer(services, digest)
    refs = {ref for entry in digest.entries for ref in entry.refs}
    try:
        message = _rendered(services, digest, services.updates.revisions(refs))
    except BadInput as fault:
        services.digests.note_fault(digest.id, fault.sentence)
        services.notices.notify("render failed", digest=digest.id, why=fault.sentence)
    else:
        services.messages.keep(message)
    count, following = services.digests.freeze(digest, work)
    return [following] if count >= 0 else []


def _rendered(services: Services, digest: Digest, revisions: Mapping[str, Revision]) -> Message:
    """Render; what is urgent with the shipped templates, where an operator's own ones fail."""
    try:
        return services.renderer.render(digest, revisions, services.settings.language)
    except BadInput as fault:
        if not digest.urgent or services.settings.templates_dir is None:
            raise
        message = services.renderer.render_shipped(digest, revisions, services.settings.language)
        services.notices.notify("rendered with the shipped templates", digest=digest.id, why=fault.sentence)
        return message
